#include "core/bytes.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "core/descriptor.h"

namespace sekisho {
namespace {

constexpr char kHex[] = "0123456789abcdef";
constexpr char kStandard[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr char kUrl[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::string encode64(std::string_view in, const char* alphabet, bool pad) {
  std::string out;
  out.reserve((in.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < in.size(); i += 3) {
    const std::size_t n = std::min<std::size_t>(3, in.size() - i);
    std::uint32_t v = 0;
    for (std::size_t k = 0; k < 3; ++k) v = v << 8 | (k < n ? static_cast<std::uint8_t>(in[i + k]) : 0u);
    for (std::size_t k = 0; k < 4; ++k) {
      if (k <= n) out += alphabet[v >> (18 - 6 * k) & 63];
      else if (pad) out += '=';
    }
  }
  return out;
}

Unexpected io_error(const std::string& what, const std::string& path) {
  const int e = errno;
  const Code code = e == ENOENT ? Code::not_found : e == ENOSPC || e == EDQUOT ? Code::unavailable : Code::internal;
  const char* key = e == ENOENT ? "file.not_found" : e == ENOSPC || e == EDQUOT ? "storage.full" : "file.io";
  return fail(code, key, what + " " + path + ": " + std::strerror(e));
}

}  // namespace

std::string to_hex(std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size() * 2);
  for (const char c : bytes) {
    const auto b = static_cast<std::uint8_t>(c);
    out += kHex[b >> 4];
    out += kHex[b & 15];
  }
  return out;
}

std::string_view as_view(const Hash& hash) { return {reinterpret_cast<const char*>(hash.data()), hash.size()}; }
std::string to_hex(const Hash& hash) { return to_hex(as_view(hash)); }

Result<std::string> from_hex(std::string_view hex) {
  if (hex.size() % 2 != 0) return fail(Code::invalid_argument, "encoding.hex", "odd number of digits");
  std::string out;
  out.reserve(hex.size() / 2);
  for (std::size_t i = 0; i < hex.size(); i += 2) {
    const int high = hex_value(hex[i]);
    const int low = hex_value(hex[i + 1]);
    if (high < 0 || low < 0) return fail(Code::invalid_argument, "encoding.hex", "not a hexadecimal digit");
    out += static_cast<char>(high * 16 + low);
  }
  return out;
}

std::string to_base64(std::string_view bytes) { return encode64(bytes, kStandard, true); }
std::string to_base64url(std::string_view bytes) { return encode64(bytes, kUrl, false); }

Result<std::string> from_base64(std::string_view text) {
  if (text.size() % 4 != 0) return fail(Code::invalid_argument, "encoding.base64", "length is not a multiple of four");
  std::string out;
  out.reserve(text.size() / 4 * 3);
  for (std::size_t i = 0; i < text.size(); i += 4) {
    std::uint32_t v = 0;
    int pad = 0;
    for (std::size_t k = 0; k < 4; ++k) {
      const char c = text[i + k];
      if (c == '=' && i + 4 == text.size() && k >= 2) {
        ++pad;
        v <<= 6;
        continue;
      }
      const char* p = pad > 0 || c == '\0' ? nullptr : std::strchr(kStandard, c);
      if (p == nullptr) return fail(Code::invalid_argument, "encoding.base64", "not a base64 character");
      v = v << 6 | static_cast<std::uint32_t>(p - kStandard);
    }
    if ((pad == 1 && (v & 0xff) != 0) || (pad == 2 && (v & 0xffff) != 0))
      return fail(Code::invalid_argument, "encoding.base64", "unused bits are set");
    out += static_cast<char>(v >> 16 & 255);
    if (pad < 2) out += static_cast<char>(v >> 8 & 255);
    if (pad < 1) out += static_cast<char>(v & 255);
  }
  return out;
}

Result<std::string> read_file(const std::string& path, std::size_t max_bytes) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) return io_error("open", path);
  std::string out;
  // What the file says of its length is a hint: it may grow, and those under /proc say 0.
  struct stat about {};
  if (::fstat(file.get(), &about) == 0) out.reserve(std::min(static_cast<std::size_t>(about.st_size), max_bytes));
  std::array<char, 65536> buffer;
  for (;;) {
    const ssize_t n = ::read(file.get(), buffer.data(), buffer.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return io_error("read", path);
    if (n == 0) return out;
    if (out.size() + static_cast<std::size_t>(n) > max_bytes) return fail(Code::too_large, "file.too_large", path);
    out.append(buffer.data(), static_cast<std::size_t>(n));
  }
}

Status write_file(const std::string& path, std::string_view bytes) {
  const std::string temporary = path + ".tmp";
  {
    const Descriptor file(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
    if (file.get() < 0) return io_error("create", temporary);
    while (!bytes.empty()) {
      const ssize_t n = ::write(file.get(), bytes.data(), bytes.size());
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) return io_error("write", temporary);
      bytes.remove_prefix(static_cast<std::size_t>(n));
    }
    if (::fsync(file.get()) != 0) return io_error("fsync", temporary);
  }
  if (::rename(temporary.c_str(), path.c_str()) != 0) return io_error("rename", temporary);
  std::string folder = std::filesystem::path(path).parent_path().string();
  if (folder.empty()) folder = ".";
  const Descriptor parent(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (parent.get() < 0 || ::fsync(parent.get()) != 0) return io_error("fsync", folder);
  return ok();
}

}  // namespace sekisho
