// What parses as the numbers of a disposal must print to the same bytes.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "tlog/disposal.h"

using namespace sekisho::tlog;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto ranges = parse_numbers(text); ranges.has_value() && print_numbers(*ranges) != text) std::abort();
  static_cast<void>(disposal_id(text));
  return 0;
}
