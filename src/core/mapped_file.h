// A whole file as read-only memory (mmap(2), shared): for files of many megabytes of which parts are read, or that are read once. The bytes are
// those of the file as it is; who truncates it while it is mapped ends the program (SIGBUS), so only files that are replaced by rename, or that
// nobody writes, are mapped. Movable; the view lives as long as the object. Immutable, so any thread may read.
#pragma once
#include <string>
#include <string_view>
#include <utility>

#include "core/result.h"

namespace sekisho {

class MappedFile {
 public:
  // An empty file gives an empty view. Errors: not_found "file.not_found", internal "file.io".
  static Result<MappedFile> open(const std::string& path);
  MappedFile() = default;
  MappedFile(MappedFile&& other) noexcept : bytes_(std::exchange(other.bytes_, {})) {}
  MappedFile& operator=(MappedFile&& other) noexcept {
    std::swap(bytes_, other.bytes_);
    return *this;
  }
  ~MappedFile();

  std::string_view bytes() const { return bytes_; }
  // The pages are given back to the system until they are read again (madvise(2), MADV_DONTNEED).
  void release_pages() const;

 private:
  explicit MappedFile(std::string_view bytes) : bytes_(bytes) {}
  std::string_view bytes_;
};

}  // namespace sekisho
