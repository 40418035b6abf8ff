// A damaged segment or manifest may give wrong answers when it is not verified, but never reads outside its bytes and always ends.
#include <cstdint>

#include "search/manifest.h"
#include "search/ranking.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sekisho;
  using namespace sekisho::search;
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  if (const auto manifest = parse_manifest(bytes); manifest && !(parse_manifest(print_manifest(*manifest)).value() == *manifest)) __builtin_trap();

  const auto opened = Segment::from_bytes(bytes, Segment::Verify::layout_only);
  if (!opened) return 0;
  const Segment& segment = **opened;
  Bitmap permitted;
  permitted.set_range(0, 4095);
  std::vector<text::QueryTerm> terms;
  Segment::Cursor cursor(segment);
  for (TermEntry entry; cursor.next(entry);) {
    std::uint32_t document, tf;
    while (entry.postings.next(document, tf)) {
      if (document >= segment.documents()) __builtin_trap();
    }
    if (terms.size() < 8) terms.push_back({text::TokenKind::word, "", {entry.term, entry.term + 1}, 0, 1});
  }
  const std::vector<SegmentPtr> segments{*opened};
  Scratch scratch;
  for (const Hit& hit : rank(segments, terms, permitted, 20, scratch)) {
    if (!permitted.test(hit.chunk)) __builtin_trap();
  }
  for (const std::uint8_t slot : scratch.term_of) {
    if (slot != 0) __builtin_trap();
  }
  return 0;
}
