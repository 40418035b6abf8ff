#include "crypto/key_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include "core/bytes.h"
#include "core/descriptor.h"
#include "crypto/random.h"
#include "crypto/seal.h"

namespace sekisho::crypto {
namespace {

Unexpected io_error(const char* what, const std::string& path) {
  const int e = errno;
  if (e == ENOENT) return fail(Code::not_found, "key_file.not_found", path);
  if (e == ELOOP) return fail(Code::denied, "key_file.unsafe", path + " is a symbolic link");
  return fail(Code::unavailable, "key_file.io", std::string(what) + " " + path + ": " + std::strerror(e));
}

Status check_safe(const Descriptor& file, const std::string& path) {
  struct stat info {};
  if (::fstat(file.get(), &info) != 0) return io_error("stat", path);
  if (!S_ISREG(info.st_mode)) return fail(Code::denied, "key_file.unsafe", path + " is not a regular file");
  if ((info.st_mode & (S_IRWXG | S_IRWXO)) != 0)
    return fail(Code::denied, "key_file.unsafe", path + " is open to its group or others; it must be 0600");
  if (info.st_uid != ::geteuid() && info.st_uid != 0)
    return fail(Code::denied, "key_file.unsafe", path + " belongs to another user");
  return ok();
}

Status write_new(const std::string& path, std::string_view bytes) {
  const Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (file.get() < 0) return io_error("create", path);
  if (::write(file.get(), bytes.data(), bytes.size()) != static_cast<ssize_t>(bytes.size())) return io_error("write", path);
  if (::fsync(file.get()) != 0) return io_error("fsync", path);
  return ok();
}

// link() rather than rename(): it fails when another program was first, whose key then counts.
Status publish(const std::string& temporary, const std::string& path) {
  if (::link(temporary.c_str(), path.c_str()) != 0 && errno != EEXIST) return io_error("link", path);
  std::string folder = std::filesystem::path(path).parent_path().string();
  if (folder.empty()) folder = ".";
  const Descriptor parent(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (parent.get() < 0 || ::fsync(parent.get()) != 0) return io_error("fsync", folder);
  return ok();
}

}  // namespace

Result<Secret> load_key(const std::string& path) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC));
  if (file.get() < 0) return io_error("open", path);
  SK_CHECK(check_safe(file, path));
  std::string bytes(kKeyBytes + 1, '\0');
  const ssize_t n = ::read(file.get(), bytes.data(), bytes.size());
  if (n < 0) return io_error("read", path);
  bytes.resize(static_cast<std::size_t>(n));
  if (bytes.size() != kKeyBytes) return fail(Code::corrupt, "key_file.corrupt", path + " does not hold exactly 32 bytes");
  return Secret(std::move(bytes));
}

Result<Secret> load_or_create_key(const std::string& path) {
  auto existing = load_key(path);
  if (existing.has_value() || existing.error().code != Code::not_found) return existing;
  const std::string temporary = path + "." + to_hex(random_bytes(8)) + ".tmp";
  const Secret fresh = random_key();
  Status done = write_new(temporary, fresh.reveal());
  if (done.has_value()) done = publish(temporary, path);
  ::unlink(temporary.c_str());
  SK_CHECK(std::move(done));
  return load_key(path);
}

}  // namespace sekisho::crypto
