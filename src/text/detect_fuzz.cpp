// Detection over arbitrary bytes: findings lie within the text, in order, and masking them leaves valid UTF-8 valid.
#include <cstdint>
#include <cstdlib>

#include "text/detect.h"
#include "text/masking.h"
#include "text/utf8.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sekisho::text;
  static const auto analyzer = Analyzer::create({});
  if (!analyzer) std::abort();
  static const Detector detector(**analyzer, {"極秘", "abc", "部外秘", "外秘"});
  const std::string text = repair_utf8({reinterpret_cast<const char*>(data), size});
  const auto findings = detector.find(text);
  const std::size_t points = count_code_points(text);
  std::uint32_t begin = 0;
  for (const Finding& f : findings) {
    if (f.begin < begin || f.end <= f.begin || f.end > points || f.confidence < 1 || f.confidence > 100) std::abort();
    begin = f.begin;
  }
  Masker masker;
  masker.reserve(text);
  const std::string masked = masker.mask(text, findings);
  if (!is_valid_utf8(masked)) std::abort();
  Restorer restorer = masker.restorer();
  std::string restored = restorer.take(masked);
  restored += restorer.end();
  if (restored != text) std::abort();
  return 0;
}
