// Whose signatures count: C2SP tlog-policy (https://c2sp.org/tlog-policy). This is the trust file that goes to whoever verifies an export, and
// the list of witnesses that a server asks. Pure; thread-safe.
//
//   log sekisho/shiomino+990c8d98+AQ…               a log's key; its name is the log's origin
//   witness kansa kansa.example.lg.jp+5a0e…+BA… https://kansa.example.lg.jp/witness
//   group outside 1 kansa kumiai                     all, any or a number of names defined above
//   quorum outside                                   which cosignatures a head needs; none asks for none
//
// Limits: 64 KiB, 64 logs, witnesses and groups each. Failures: invalid_argument "policy.malformed" with the line's number.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "tlog/note.h"

namespace sekisho::tlog {

struct WitnessLine {
  std::string name;  // in this file only
  VerifierKey key;
  std::string url;   // submission prefix, or empty
};

class TrustPolicy {
 public:
  static Result<TrustPolicy> parse(std::string_view text);

  const std::vector<VerifierKey>& logs() const { return logs_; }
  const std::vector<WitnessLine>& witnesses() const { return witnesses_; }
  std::vector<VerifierKey> witness_keys() const;
  const VerifierKey* log(std::string_view origin) const;  // null: not listed
  bool asks_for_witnesses() const { return quorum_ >= 0; }
  // Whether these verified cosignatures are enough.
  bool satisfied_by(const std::vector<VerifiedSignature>& cosignatures) const;

 private:
  struct Node {  // a witness or a group
    std::string name;
    int witness = -1;
    std::size_t threshold = 0;
    std::vector<std::size_t> members;
    bool used = false;  // each name is a member of one group at most
  };
  struct Parser;
  bool holds(std::size_t node, const std::vector<VerifiedSignature>& cosignatures) const;
  std::vector<VerifierKey> logs_;
  std::vector<WitnessLine> witnesses_;
  std::vector<Node> nodes_;
  int quorum_ = -1;  // -1: none
};

}  // namespace sekisho::tlog
