// The signed list of the program's own files: programs, packs, pages, migrations, each with its size and SHA-256.
//
// Made when the program is built or packed, signed with an Ed25519 key that stays with whoever ships it, and checked against the files where it
// runs. The list is the text of a C2SP signed note (tlog/note.h), so that its signature and its keys have one format with the log's:
//
//   sekisho-manifest/1 0.1.0
//   <64 hex digits> <bytes> bin/sekisho
//   <64 hex digits> <bytes> packs/policy/actions.json
//
//   — example.jp/sekisho <base64>
//
// Names are sorted by their bytes, each once, "/" between parts, printable ASCII without spaces, no part "." or "..".
// parse, encode and compare are pure; find() reads files. Thread-safe.
// Failures: malformed bytes invalid_argument "manifest.malformed"; a signature that does not hold corrupt "manifest.unverified";
// a file that cannot be read unavailable "storage.io".
#pragma once
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/bytes.h"
#include "tlog/note.h"

namespace sekisho::integrity {

struct Entry {
  std::uint64_t bytes = 0;
  Hash hash{};
  friend bool operator==(const Entry&, const Entry&) = default;
};
using Entries = std::map<std::string, Entry>;

struct Manifest {
  std::string version;
  Entries entries;
};

Result<Manifest> parse_text(std::string_view text);
Result<std::string> encode_text(const Manifest& manifest);

// The text of a manifest file, signed or not yet. With `known` keys: at least one of them must have signed it.
struct Opened {
  Manifest manifest;
  bool verified = false;            // by a known key
  std::vector<std::string> signers;  // as the file claims
};
Result<Opened> open(std::string_view file, const std::vector<tlog::VerifierKey>& known);
// The file with one more signature.
Result<std::string> sign(std::string_view file, const tlog::VerifierKey& verifier, const crypto::SigningKey& key);

enum class Deviation { changed, missing, added };
struct Change {
  std::string name;
  Deviation deviation;
  friend bool operator==(const Change&, const Change&) = default;
};
std::vector<Change> compare(const Entries& listed, const Entries& found);

// Where the parts of an installation lie.
struct Places {
  std::map<std::string, std::string> files;    // "bin/sekisho" -> path; one that is not there is left out
  std::map<std::string, std::string> folders;  // "packs" -> path; everything in it. One that is not there is empty.
  std::map<std::string, std::string_view> texts;  // "migrations/0001_log" -> what the program carries in itself
};

// What was read of a file, for as long as its device, inode, size and times (stat(2): st_mtim, st_ctim) stay as they were. A file that changed less
// than kSettleNanos before it was read is read again the next time: its times may be too coarse to show a second change. Who writes to the disk
// beneath the file system is not seen; looks that must see that read everything (find() without it). Thread-safe.
class KeptHashes {
 public:
  static constexpr std::int64_t kSettleNanos = 2'000'000'000;
  Result<Entry> of(const std::string& path);
  std::size_t reads() const;  // files read so far

 private:
  struct Stamp;
  struct Kept;
  mutable std::mutex mutex_;
  std::map<std::string, std::shared_ptr<const Kept>> kept_;  // by path
  std::size_t reads_ = 0;
};

// Anything but a plain file in a folder is listed as one of no bytes: it can never be what was signed.
Result<Entries> find(const Places& places, KeptHashes* kept = nullptr);

}  // namespace sekisho::integrity
