// Any bytes as chronyc's answer.
#include "integrity/clock.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static_cast<void>(sekisho::integrity::parse_tracking({reinterpret_cast<const char*>(data), size}));
  return 0;
}
