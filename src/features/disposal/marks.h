// What a verification looks for: short windows of the text that is to be erased, kept as keyed hashes, and the search for them in raw files.
//
// A window is 24 bytes of a text in UTF-8, UTF-16LE or UTF-16BE. Its hash is a polynomial over the bytes modulo 2^61 - 1 at a random key, so that
// a file is searched in one pass whatever the number of windows; a chance hit in a thousand gigabytes is less likely than one in 10,000. The text
// itself is kept nowhere. Marks survive a crash in the database and go when they have been looked for.
// Pure but for scan_folder(), which reads files. Values; thread-safe to read.
#pragma once
#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "json/json.h"

namespace sekisho::disposal {

inline constexpr std::size_t kWindow = 24;

struct ChunkRange {
  std::int64_t first = 0;
  std::int64_t last = 0;
};
BOOST_DESCRIBE_STRUCT(ChunkRange, (), (first, last))

struct Marks {
  std::int64_t key = 0;
  std::vector<std::int64_t> windows;  // three in a row are one place of a text: UTF-8, UTF-16LE, UTF-16BE; 0: too short there
  std::vector<std::int64_t> terms;    // of the index, that no other document had
  std::vector<ChunkRange> chunks;     // of the index
  std::int64_t last_chunk = 0;        // the highest ever given when the marks were taken
  std::int64_t shared = 0;            // places that were left out because they stand in what stays as well

  static Marks with_key(std::uint64_t random);
  // At most `limit` places, spread over the text. Places of few different bytes (rules, blanks) are passed over, and what is marked already.
  void add_text(std::string_view utf8, std::size_t limit);
  std::size_t places() const { return windows.size() / 3; }
  // Takes the places out whose index is in the set.
  void drop(const std::set<std::size_t>& places);
};
BOOST_DESCRIBE_STRUCT(Marks, (), (key, windows, terms, chunks, last_chunk, shared))

// Finds windows in a stream of bytes.
class Scanner {
 public:
  explicit Scanner(const Marks& marks);
  void begin();  // of another stream
  void feed(std::string_view bytes, const std::function<void(std::size_t place)>& found);

 private:
  std::vector<std::uint64_t> leaving_;  // what a byte that leaves the window takes with it
  std::vector<bool> likely_;            // by the low bits of a hash
  std::unordered_multimap<std::uint64_t, std::size_t> places_;
  std::uint64_t key_ = 0;
  std::uint64_t hash_ = 0;
  std::string window_;
  std::size_t at_ = 0;
  std::size_t filled_ = 0;
};

struct Scanned {
  std::int64_t files = 0;
  std::int64_t bytes = 0;
  std::set<std::size_t> places;       // found
  std::vector<std::string> paths;     // where, relative, at most 20
};
// Every regular file below the folder. A file that goes while it is read counts as read; one that cannot be read is unavailable "disposal.unreadable".
Result<Scanned> scan_folder(const std::string& folder, const Marks& marks);

}  // namespace sekisho::disposal
