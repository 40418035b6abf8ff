// A leaf that decodes must encode to the same bytes.
#include <cstdint>
#include <cstdlib>

#include "tlog/leaf.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto leaf = sekisho::tlog::decode_leaf(bytes);
  if (!leaf.has_value()) return 0;
  const auto again = sekisho::tlog::encode_leaf(*leaf);
  if (!again.has_value() || *again != bytes) std::abort();
  return 0;
}
