// Request targets and cookie headers as a hostile client may write them; re-encoding what was decoded must give it back.
#include <cstdint>
#include <cstdlib>

#include "net/cookies.h"
#include "net/uri.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace net = sekisho::net;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto target = net::parse_target(text);
  if (target && target->path != "*") {
    if (!net::is_utf8(target->path) || !target->path.starts_with('/')) std::abort();
    for (const auto& [name, value] : target->query) {
      const auto again = net::percent_decode(net::percent_encode(value), net::Plus::space);
      if (!again || *again != value) std::abort();
    }
  }
  const auto cookie = net::find_cookie(text, "__Host-sekisho");
  if (cookie && !net::make_set_cookie("__Host-sekisho", *cookie, {})) std::abort();
  return 0;
}
