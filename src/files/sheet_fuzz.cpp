// Any bytes as a table: what is read is written as a file that reads the same.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "files/sheet.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sekisho::files;
  auto read = read_csv({reinterpret_cast<const char*>(data), size}, "", 64);
  if (!read) return 0;
  Sheet* const sheet = &read->sheet;
  for (Row& line : *sheet)
    for (std::string& cell : line) cell = cell_text(cell);
  std::erase_if(*sheet, [](const Row& line) {
    for (const std::string& cell : line)
      if (!cell.empty()) return false;
    return true;
  });
  const auto again = read_csv(csv_of(*sheet), "", 64);
  if (!sheet->empty() && (!again || again->sheet != *sheet)) std::abort();
  return 0;
}
