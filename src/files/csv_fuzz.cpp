#include <cstdint>

#include "files/extract.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  (void)sekisho::files::extract_bytes("a.csv", bytes, {}).has_value();
  (void)sekisho::files::extract_bytes("a.tsv", bytes, {"CP932"}).has_value();
  return 0;
}
