// Stored labels over arbitrary bytes: whatever decodes is exactly what would be encoded.
#include <cstdint>
#include <cstdlib>

#include "policy/label.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto label = sekisho::policy::decode(text);
  if (!label) return 0;
  const auto again = sekisho::policy::decode(sekisho::policy::encode(*label));
  if (!again || !(*again == *label)) std::abort();
  return 0;
}
