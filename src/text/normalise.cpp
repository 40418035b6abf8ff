#include "text/normalise.h"

#include <unicode/unorm2.h>
#include <unicode/utf16.h>

#include <array>
#include <memory>

#include "text/utf8.h"

namespace sekisho::text {
namespace {

// What the quick path needs to know of each code point of the basic plane.
struct Tables {
  const UNormalizer2* form = nullptr;
  std::array<char16_t, 0x10000> single{};   // the one code point it becomes; 0 = ask ICU
  std::array<bool, 0x10000> boundary{};     // nothing before it can change it
};

Tables* build_tables() {
  auto tables = std::make_unique<Tables>();
  UErrorCode status = U_ZERO_ERROR;
  tables->form = unorm2_getNFKCCasefoldInstance(&status);
  if (U_FAILURE(status)) return nullptr;
  for (std::uint32_t c = 1; c < 0x10000; ++c) {
    if (U16_IS_SURROGATE(c)) continue;
    tables->boundary[c] = unorm2_hasBoundaryBefore(tables->form, static_cast<UChar32>(c)) != 0;
    const auto in = static_cast<UChar>(c);
    UChar out[32];
    status = U_ZERO_ERROR;
    const int32_t length = unorm2_normalize(tables->form, &in, 1, out, 32, &status);
    if (U_SUCCESS(status) && length == 1 && !U16_IS_SURROGATE(out[0])) tables->single[c] = static_cast<char16_t>(out[0]);
  }
  return tables.release();
}

// ICU's data is linked in, so a missing instance means a broken installation; text then passes unchanged.
const Tables* tables() {
  static const std::unique_ptr<Tables> built(build_tables());
  return built.get();
}

bool has_boundary(const Tables& t, char32_t c) {
  return c < 0x10000 ? t.boundary[c] : unorm2_hasBoundaryBefore(t.form, static_cast<UChar32>(c)) != 0;
}

void append_slow(const Tables& t, const std::u32string& segment, std::uint32_t first, Normalised& out) {
  std::u16string in;
  for (const char32_t c : segment) {
    if (c >= 0x10000) {
      in.push_back(static_cast<char16_t>(U16_LEAD(c)));
      in.push_back(static_cast<char16_t>(U16_TRAIL(c)));
    } else {
      in.push_back(static_cast<char16_t>(c));
    }
  }
  // The longest expansion of one code point is 18 units (U+FDFA).
  std::u16string result(in.size() * 18 + 8, u'\0');
  UErrorCode status = U_ZERO_ERROR;
  const int32_t length = unorm2_normalize(t.form, in.data(), static_cast<int32_t>(in.size()), result.data(), static_cast<int32_t>(result.size()), &status);
  if (U_FAILURE(status)) return;
  for (int32_t i = 0; i < length;) {
    UChar32 c;
    U16_NEXT(result.data(), i, length, c);
    out.text.push_back(static_cast<char32_t>(c));
    out.source.push_back(first);
  }
}

}  // namespace

void normalise(std::string_view utf8, Normalised& out) {
  const Tables* t = tables();
  out.text.clear();
  out.source.clear();
  std::u32string segment;           // used only where a code point meets a combining one
  constexpr std::size_t kLongest = 64;  // a longer pile of combining marks is cut: bounded work for hostile text
  char32_t held = 0;                // the code point waiting for its successor
  std::uint32_t held_at = 0;
  bool holding = false;
  const auto release = [&] {
    if (!holding) return;
    if (segment.empty() && held < 0x10000 && t && t->single[held]) {
      out.text.push_back(t->single[held]);
      out.source.push_back(held_at);
    } else if (!t) {
      out.text.push_back(held);
      out.source.push_back(held_at);
    } else {
      if (segment.empty()) segment.push_back(held);
      append_slow(*t, segment, held_at, out);
      segment.clear();
    }
  };
  std::uint32_t index = 0;
  for (std::size_t at = 0; at < utf8.size(); ++index) {
    char32_t c = decode_utf8(utf8, at);
    if (c == 0) c = U' ';
    if (!holding || !t || has_boundary(*t, c) || segment.size() >= kLongest) {
      release();
      held = c;
      held_at = index;
      holding = true;
    } else {
      if (segment.empty()) segment.push_back(held);
      segment.push_back(c);
    }
  }
  release();
  out.source.push_back(index);
}

std::string normalise(std::string_view utf8) {
  Normalised result;
  normalise(utf8, result);
  std::string out;
  append_utf8(out, result.text);
  return out;
}

}  // namespace sekisho::text
