// Any bytes as a table of clauses: what is read is written as a file that reads the same.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "features/interchange/sheet.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sekisho::interchange;
  auto sheet = read_csv({reinterpret_cast<const char*>(data), size});
  if (!sheet) return 0;
  for (Line& line : *sheet)
    for (std::string& cell : line) cell = cell_text(cell);
  std::erase_if(*sheet, [](const Line& line) {
    for (const std::string& cell : line)
      if (!cell.empty()) return false;
    return true;
  });
  const auto again = read_csv(csv_of(*sheet));
  if (!sheet->empty() && (!again || *again != *sheet)) std::abort();
  return 0;
}
