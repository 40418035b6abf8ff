#include "sandbox/frame.h"

#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace sekisho::sandbox {
namespace {

// Returns how much was read before the end; fewer than asked means the other side closed.
Result<std::size_t> read_fully(int fd, char* out, std::size_t count) {
  std::size_t done = 0;
  while (done < count) {
    const ssize_t n = ::read(fd, out + done, count - done);
    if (n == 0) break;
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return fail(Code::internal, "sandbox.pipe", std::strerror(errno));
    done += static_cast<std::size_t>(n);
  }
  return done;
}

Status write_fully(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(fd, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return fail(Code::internal, "sandbox.pipe", std::strerror(errno));
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return ok();
}

}  // namespace

std::string frame_header(std::size_t payload_bytes) {
  const auto n = static_cast<std::uint32_t>(payload_bytes);
  return {static_cast<char>(n >> 24), static_cast<char>(n >> 16), static_cast<char>(n >> 8), static_cast<char>(n)};
}

std::size_t frame_length(std::string_view header) {
  std::size_t n = 0;
  for (std::size_t i = 0; i < kFrameHeader; ++i) n = n << 8 | static_cast<unsigned char>(header[i]);
  return n;
}

Result<std::optional<std::string>> read_frame(int fd, std::size_t max_bytes) {
  char header[kFrameHeader];
  SK_TRY(const std::size_t got, read_fully(fd, header, kFrameHeader));
  if (got == 0) return std::optional<std::string>{};
  if (got < kFrameHeader) return fail(Code::corrupt, "sandbox.truncated", "end of input inside a frame header");
  const std::size_t length = frame_length({header, kFrameHeader});
  if (length > max_bytes) return fail(Code::too_large, "sandbox.too_large", "frame of " + std::to_string(length) + " bytes");
  std::string payload(length, '\0');
  SK_TRY(const std::size_t body, read_fully(fd, payload.data(), length));
  if (body < length) return fail(Code::corrupt, "sandbox.truncated", "end of input inside a frame");
  return std::optional<std::string>{std::move(payload)};
}

Status write_frame(int fd, std::string_view payload) {
  if (payload.size() > kMaxFrame) return fail(Code::too_large, "sandbox.too_large", "frame does not fit its length field");
  SK_CHECK(write_fully(fd, frame_header(payload.size())));
  return write_fully(fd, payload);
}

}  // namespace sekisho::sandbox
