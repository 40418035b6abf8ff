// Which parts of a database file change: every commit writes pages to the write-ahead log, whose frames name them. Private to the module.
//
// Counted in extents of kExtentBytes. `committed` is called on the committing thread for each commit, in order; the rest from any thread.
// Source: SQLite's file format, section 4 (the WAL file): a header of 32 bytes, then frames of 24 bytes and one page; the first four bytes
// of a frame are the page's number, big-endian. A log that is begun anew has another header.
#pragma once
#include <cstdint>
#include <mutex>
#include <set>
#include <string>

#include "core/result.h"

namespace sekisho::sql {

inline constexpr std::int64_t kFrameHeader = 24;

class Changes {
 public:
  // A moment of the write-ahead log: every commit up to it is in the first `frames` frames under this header.
  struct Mark {
    std::string header;
    std::int64_t frames = 0;
  };
  struct Taken {
    bool all = false;
    std::set<std::uint64_t> extents;
    Mark mark;
  };

  // From now on. `frames`: what the log holds; the caller keeps writers away.
  void begin(int wal, std::int64_t page_bytes, std::int64_t frames);
  bool begun() const;
  void committed(std::int64_t frames);
  void everything();  // after what does not go through committed(), and after a copy that failed
  // What changed since the last take; everything at first. The caller keeps writers away.
  Taken take();
  std::size_t waiting() const;  // extents; a large number when it is everything
  std::string header() const;  // of the write-ahead log now
  static std::string header_of(int wal);  // empty when there is none

 private:
  mutable std::mutex mutex_;
  int wal_ = -1;
  std::int64_t page_bytes_ = 0;
  bool all_ = true;
  std::set<std::uint64_t> extents_;
  Mark mark_;
};

}  // namespace sekisho::sql
