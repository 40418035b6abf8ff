// The permission-exact lexical index of one body: a folder of immutable segments and a manifest. Derived data: everything in it can be
// built again from the database's chunks.
//
//   MANIFEST                 what is valid: version, analyser fingerprint, segments, checksum (manifest.h)
//   0000000000000007.seg     one segment: a range of chunks (segment.h has the format, with an example)
//
// Writing: add() analyses and buffers; flush() writes a segment (temporary name, fsync, rename) and then the manifest the same way.
// A passage is found from the flush on. Files that no manifest names are left-overs of a crash and are removed by open().
//
// Permissions: search() takes the caller's bitmap and consults it inside the posting scan. Document frequencies and the number
// of documents come from permitted chunks only, the average length is a constant: two indexes that differ only in chunks a caller may not
// read give that caller the same hits and the same scores, bit for bit. Deleting a chunk = leaving it out of the bitmap; merge_some drops it.
//
// Threads: search(), covered() and stats() may run at any time on any thread. add(), flush() and merge_some() lock among themselves
// (a merge does not block add). Memory: the write buffer is bounded by twice Options.buffer_bytes; segments are mapped files.
// Failures: Code::corrupt, key "search.rebuild": the folder does not verify or was made with another analyser: erase() it, open it again
// and feed it all chunks. Code::unavailable: the disk failed or is full; nothing half-written becomes visible.
// Chunk ids: positive, dense per body, given by the database, increasing from call to call.
#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "search/bitmap.h"
#include "text/analyse.h"

namespace sekisho::search {

struct Passage {
  std::uint32_t chunk = 0;
  std::string_view title, heading, text;  // UTF-8; title and heading weigh twice
};

struct Hit {
  std::uint32_t chunk = 0;
  double score = 0;
  bool operator==(const Hit&) const = default;
};

struct IndexStats {
  std::uint64_t segments = 0;
  std::uint64_t chunks = 0;          // durable, those deleted but not yet dropped by a merge included
  std::uint64_t disk_bytes = 0;
  std::uint64_t buffered_bytes = 0;  // analysed, not yet flushed
};

class Index {
 public:
  struct Options {
    unsigned threads = 2;                          // of one add()
    std::size_t buffer_bytes = 48u << 20;          // add() flushes by itself above this
  };

  // Creates the folder when missing. The analyser must outlive the index.
  static Result<std::unique_ptr<Index>> open(std::string folder, const text::Analyzer& analyzer, Options options);
  static Result<std::unique_ptr<Index>> open(std::string folder, const text::Analyzer& analyzer) { return open(std::move(folder), analyzer, Options{}); }
  // Removes the index's own files from the folder.
  static Status erase(const std::string& folder);

  ~Index();

  // What it took before a failure stays taken, and waits for a flush that succeeds: go on after taken().
  Status add(std::span<const Passage> passages);
  Status flush();
  // Gives back the memory that adding keeps for the next passages: for when none are expected.
  void rest();
  // All chunk ids up to this one are in the index or wait for the next flush. Waits while another thread adds.
  std::uint32_t taken() const;
  // All chunk ids up to this one are durable in the index; 0 when it is empty.
  std::uint32_t covered() const;

  // Best first, ties by chunk id. Only chunks of `permitted`. An empty question or one of stop words alone gives no hits.
  Result<std::vector<Hit>> search(std::string_view question, const Bitmap& permitted, std::size_t limit) const;
  Result<std::vector<Hit>> search(std::span<const text::QueryTerm> terms, const Bitmap& permitted, std::size_t limit) const;
  std::vector<text::QueryTerm> analyse_query(std::string_view question) const;

  // Joins one run of neighbouring segments of like size, dropping chunks that are not in `alive` (null: keeps all). False when there is nothing to do.
  // `alive` knows of chunks up to `known`: segments with later ones, flushed since it was made, are left alone.
  Result<bool> merge_some(const Bitmap* alive = nullptr, std::uint32_t known = 0xFFFFFFFFu);
  // Joins everything into one segment, dropping chunks that are not in `alive`: the content of deleted chunks leaves the disk.
  Status merge_all(const Bitmap* alive = nullptr);

  // For showing that what was deleted is gone, once it has been merged away. How many of these chunks the segments hold; terms that no other
  // chunk has, at most `limit`; whether any of these terms stands at a chunk up to `last`. Each reads what it needs of all segments.
  std::uint64_t count(const Bitmap& chunks) const;
  std::vector<std::uint64_t> terms_only_of(const Bitmap& chunks, std::size_t limit) const;
  bool has_any(std::span<const std::uint64_t> terms, std::uint32_t last) const;

  IndexStats stats() const;

 private:
  struct State;
  explicit Index(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace sekisho::search
