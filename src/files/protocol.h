// What goes over the worker's pipe, each in one frame (sandbox/frame.h):
//
//   worker -> server   hello     "sekisho-worker 1" (once, at start: the cage stands and the libraries are loaded)
//   server -> worker   request   name text | encoding text | cells u8 | file bytes to the end of the frame
//   worker -> server   answer    0 u8 | Extracted     or    1 u8 | code u8 | key text | detail text
//
// Pure. Both sides are of the same build; the server still trusts nothing it reads.
#pragma once
#include <string>
#include <string_view>

#include "core/result.h"
#include "files/extract.h"
#include "files/model.h"

namespace sekisho::files {

inline constexpr std::string_view kHello = "sekisho-worker 1";
inline constexpr std::size_t kMaxNameBytes = 4096;
// Room for the name and the options beside the largest file.
inline constexpr std::size_t kMaxRequestBytes = kMaxInputBytes + 2 * kMaxNameBytes;
// A block's fixed part can outweigh its text; this holds the largest Extracted that finish() lets pass.
inline constexpr std::size_t kMaxAnswerBytes = 1ULL << 30;

struct Request {
  std::string_view name;
  Options options;
  std::string_view bytes;
};

// The request without the file's bytes, which follow as they are.
std::string encode_request_head(std::string_view name, const Options& options);
Result<Request> decode_request(std::string_view frame);  // views into the frame

std::string encode_answer(const Result<Extracted>& result);
// The worker's own failure comes back as the Error it sent; a malformed answer as corrupt "files.crashed".
Result<Extracted> decode_answer(std::string_view frame);

// What the worker does with one request frame: never throws, never fails to answer.
std::string answer_request(std::string_view frame);

}  // namespace sekisho::files
