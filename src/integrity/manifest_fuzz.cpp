// Any bytes as a manifest: what is read is written again as it was.
#include <cstdlib>

#include "integrity/manifest.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  if (const auto text = sekisho::integrity::parse_text(bytes)) {
    const auto again = sekisho::integrity::encode_text(*text);
    if (!again || *again != bytes) std::abort();
  }
  static_cast<void>(sekisho::integrity::open(bytes, {}));
  return 0;
}
