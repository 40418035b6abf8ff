#include "text/graphemes.h"

#include <unicode/brkiter.h>
#include <unicode/uchar.h>
#include <unicode/utext.h>

#include <array>
#include <memory>

#include "text/utf8.h"

namespace sekisho::text {
namespace {

// A code point that is a cluster by itself unless a neighbour joins it; between two of these there is always a boundary
// (GB999; the rules that join two of them, GB11, need a joiner between, which is not one of these). LF is one unless CR stands before.
bool compute_plain(UChar32 c) { return c == '\n' || u_getIntPropertyValue(c, UCHAR_GRAPHEME_CLUSTER_BREAK) == U_GCB_OTHER; }

bool is_plain(char32_t c) {
  static const std::unique_ptr<const std::array<bool, 0x10000>> table = [] {
    auto t = std::make_unique<std::array<bool, 0x10000>>();
    for (std::size_t i = 0; i < t->size(); ++i) (*t)[i] = compute_plain(static_cast<UChar32>(i));
    return t;
  }();
  return c < 0x10000 ? (*table)[c] : compute_plain(static_cast<UChar32>(c));
}

std::size_t count_with_icu(icu::BreakIterator& iterator, std::string_view piece) {
  UErrorCode status = U_ZERO_ERROR;
  UText text = UTEXT_INITIALIZER;
  utext_openUTF8(&text, piece.data(), static_cast<int64_t>(piece.size()), &status);
  iterator.setText(&text, status);
  std::size_t count = 0;
  if (U_SUCCESS(status)) {
    while (iterator.next() != icu::BreakIterator::DONE) ++count;
  }
  utext_close(&text);
  return count;
}

}  // namespace

std::size_t count_graphemes(std::string_view utf8) {
  std::unique_ptr<icu::BreakIterator> iterator;
  std::size_t count = 0;
  std::size_t plain_start = 0;  // start of the code point just counted, which the next one may join
  bool have_plain = false;
  for (std::size_t at = 0; at < utf8.size();) {
    const std::size_t start = at;
    if (is_plain(decode_utf8(utf8, at))) {
      ++count;
      plain_start = start;
      have_plain = true;
      continue;
    }
    // A piece for ICU: from the plain code point before, up to the first two plain ones in a row (the boundary between them is certain).
    const std::size_t piece = have_plain ? plain_start : start;
    if (have_plain) --count;
    bool last_plain = false;
    std::size_t end = utf8.size();
    while (at < utf8.size()) {
      const std::size_t next = at;
      const bool plain = is_plain(decode_utf8(utf8, at));
      if (plain && last_plain) {
        end = next;
        break;
      }
      last_plain = plain;
    }
    if (!iterator) {
      UErrorCode status = U_ZERO_ERROR;
      iterator.reset(icu::BreakIterator::createCharacterInstance(icu::Locale::getRoot(), status));
      if (U_FAILURE(status)) return count + count_code_points(utf8.substr(piece));
    }
    count += count_with_icu(*iterator, utf8.substr(piece, end - piece));
    at = end;
    have_plain = false;
  }
  return count;
}

}  // namespace sekisho::text
