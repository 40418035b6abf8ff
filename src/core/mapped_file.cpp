#include "core/mapped_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>

#include "core/descriptor.h"

namespace sekisho {

Result<MappedFile> MappedFile::open(const std::string& path) {
  const auto failed = [&path](const char* what) {
    const int e = errno;
    const std::string detail = std::string(what) + " " + path + ": " + std::strerror(e);
    return e == ENOENT ? fail(Code::not_found, "file.not_found", detail) : fail(Code::internal, "file.io", detail);
  };
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) return failed("open");
  struct stat about {};
  if (::fstat(file.get(), &about) != 0) return failed("stat");
  const auto size = static_cast<std::size_t>(about.st_size);
  if (size == 0) return MappedFile();
  void* const at = ::mmap(nullptr, size, PROT_READ, MAP_SHARED, file.get(), 0);
  if (at == MAP_FAILED) return failed("map");
  return MappedFile({static_cast<const char*>(at), size});
}

MappedFile::~MappedFile() {
  if (!bytes_.empty()) ::munmap(const_cast<char*>(bytes_.data()), bytes_.size());
}

void MappedFile::release_pages() const {
  if (!bytes_.empty()) ::madvise(const_cast<char*>(bytes_.data()), bytes_.size(), MADV_DONTNEED);
}

}  // namespace sekisho
