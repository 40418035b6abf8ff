// Verifies an exported log from its files and a trust policy alone: no server, no database, no network.
//
// Everything is computed anew from the entries: hashes, tiles, the root at every signed head, each payload's commitment. What the folder
// says of itself counts only where a trusted signature or a head from elsewhere agrees with it.
//
// Memory: what one bundle and one payload need, plus 32 bytes per signed head. Reads files; thread-safe.
#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "core/bytes.h"
#include "core/time.h"
#include "tlog/policy.h"

namespace sekisho::verify {

// A head known from elsewhere: an older checkpoint, a printed page, a witness.
struct Head {
  std::uint64_t size = 0;
  Hash root{};
  std::string from;  // where it comes from, for messages
};

struct Options {
  const tlog::TrustPolicy* trust = nullptr;
  std::vector<Head> earlier;
  std::map<std::uint64_t, Hash> received;  // leaf hashes that another host received, by sequence number
  std::size_t max_findings = 20;  // of one kind; the rest is counted
};

// What does not agree. `key` is stable, its sentences are in apps/verify_main.cpp; `place` says where, in the folder's own terms.
struct Finding {
  std::string key;
  std::string place;
  friend bool operator==(const Finding&, const Finding&) = default;
};

// Payloads that are absent because their period (tlog/period.h) was erased, or because of a disposal (tlog/disposal.h).
struct Erased {
  std::string period;    // empty: by a disposal
  std::string disposal;  // its id
  std::uint64_t payloads = 0;
  std::uint64_t by = 0;  // sequence number of the act that erased it
};

struct Report {
  std::string origin;
  std::uint64_t leaves = 0;
  Hash root{};
  std::uint64_t checkpoints = 0;  // of the history, verified
  bool with_payloads = false;
  std::uint64_t payloads = 0;
  std::uint64_t erased = 0;
  std::vector<Erased> erasures;   // why payloads are absent
  std::vector<tlog::VerifiedSignature> witnesses;
  std::uint64_t earlier = 0;      // heads from elsewhere that agree
  std::uint64_t received = 0;     // received leaves that agree
  std::vector<Finding> findings;
  std::uint64_t more = 0;  // findings that are not listed
  bool good() const { return findings.empty(); }
};

// Never fails: whatever cannot be read is a finding.
Report verify_folder(const std::string& folder, const Options& options);

// A signed head from a file, or from a folder that holds one. Verified under the policy's keys; cosignatures are not asked for.
Result<Head> read_head(const std::string& path, const tlog::TrustPolicy& trust);
// "SIZE:64 hex digits", as printed pages give it.
Result<Head> parse_head(const std::string& text);
// Lines of syslog (or any lines) that end in a leaf, as the log's forwarding sends them. Lines without one are passed over; two that
// differ for one number are corrupt "received.conflict".
Result<std::map<std::uint64_t, Hash>> read_received(const std::string& path);

// Checks a .tlog-proof under the policy; gives the leaf's bytes, its number and the head.
struct Proven {
  std::uint64_t index = 0;
  std::string leaf;
  Head head;
};
Result<Proven> verify_proof(const std::string& text, const tlog::TrustPolicy& trust);

}  // namespace sekisho::verify
