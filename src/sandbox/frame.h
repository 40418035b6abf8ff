// Length-prefixed frames over a pipe: the one format that the server and a sandboxed child speak.
//
//   frame = length (4 bytes, unsigned, big-endian, of the payload) | payload
//
// These are the blocking halves that a child uses on its own stdin and stdout; the server's side is Child, with deadlines.
// Stateless; one thread per descriptor. A frame longer than the reader's limit is an error, never an allocation.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/result.h"

namespace sekisho::sandbox {

inline constexpr std::size_t kFrameHeader = 4;
inline constexpr std::size_t kMaxFrame = 0xffff'ffff;

std::string frame_header(std::size_t payload_bytes);
// `header` has at least kFrameHeader bytes.
std::size_t frame_length(std::string_view header);

// nullopt: the other side closed between two frames. Closed inside a frame: corrupt "sandbox.truncated".
Result<std::optional<std::string>> read_frame(int fd, std::size_t max_bytes);
Status write_frame(int fd, std::string_view payload);

}  // namespace sekisho::sandbox
