#include <cstddef>
#include <cstdint>

#include "features/accounts/staff_rows.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sekisho::accounts;
  const StaffWords words{{{"a", "a"}}, {{"r", "r"}}, {{"c", "c"}}, {}, {}, 3};
  const auto file = read_staff({reinterpret_cast<const char*>(data), size}, "", words);
  if (file) static_cast<void>(plan_staff(*file, {}, {{2026, 4, 1}, true, "", {0}}));
  return 0;
}
