// Restoring over arbitrary answers, cut anywhere: always the text of the uncut answer.
#include <cstdint>
#include <cstdlib>

#include "text/masking.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sekisho::text;
  if (size < 1) return 0;
  Masker masker;
  masker.mask("山田佐藤", {{FindingKind::person_name, 0, 2, 90, ""}, {FindingKind::person_name, 2, 4, 90, ""}});
  const std::size_t step = data[0] % 16 + 1;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  Restorer whole = masker.restorer();
  std::string expected = whole.take(text);
  expected += whole.end();
  Restorer cut = masker.restorer();
  std::string got;
  for (std::size_t at = 0; at < text.size(); at += step) got += cut.take(text.substr(at, step));
  got += cut.end();
  if (got != expected) std::abort();
  return 0;
}
