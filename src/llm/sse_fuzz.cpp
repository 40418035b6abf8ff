// An endpoint's stream as hostile bytes: the parser must give the same events however the bytes are cut, and stay within its limit.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "llm/sse_parser.h"

namespace {

std::string read(std::string_view bytes, std::size_t step) {
  sekisho::llm::SseParser parser(4096);
  std::string out;
  const auto keep = [&](const sekisho::llm::SseEvent& event) {
    if (event.name.size() + event.data.size() > 3 * 4096) std::abort();
    out.append(event.name).append("|").append(event.data).append("\n");
    return sekisho::ok();
  };
  for (std::size_t at = 0; at < bytes.size(); at += step)
    if (!parser.feed(bytes.substr(at, step), keep)) return out + "refused";
  return out + (parser.in_event() ? "open" : "");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const std::string whole = read(bytes, size + 1);
  if (size < 2000 && (read(bytes, 1) != whole || read(bytes, 7) != whole)) std::abort();
  return 0;
}
