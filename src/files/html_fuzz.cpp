#include <cstdint>

#include "files/extract.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  (void)sekisho::files::extract_bytes("a.html", {reinterpret_cast<const char*>(data), size}, {}).has_value();
  return 0;
}
