#include "search/merge.h"

#include <algorithm>
#include <limits>

#include "search/segment_writer.h"

namespace sekisho::search {
namespace {

constexpr std::size_t kMergeRun = 4;
constexpr std::uint64_t kSmallest = 256u << 10;  // up to here all sizes are one class
constexpr std::uint64_t kStep = 6;
constexpr std::uint32_t kDead = std::numeric_limits<std::uint32_t>::max();

int size_class(std::uint64_t bytes) {
  int out = 0;
  for (std::uint64_t limit = kSmallest; bytes > limit; limit *= kStep) ++out;
  return out;
}

struct Source {
  Segment::Cursor cursor;
  TermEntry entry;
  bool open = false;
  std::vector<std::uint32_t> place;  // old document -> new, or kDead
};

}  // namespace

std::pair<std::size_t, std::size_t> next_merge(const Segments& segments) {
  std::pair<std::size_t, std::size_t> best{0, 0};
  int best_class = std::numeric_limits<int>::max();
  for (std::size_t i = 0; i < segments.size();) {
    const int wanted = size_class(segments[i]->bytes());
    std::size_t end = i + 1;
    while (end < segments.size() && size_class(segments[end]->bytes()) == wanted) ++end;
    if (end - i >= kMergeRun && wanted < best_class) {
      best = {i, end - i};
      best_class = wanted;
    }
    i = end;
  }
  return best;
}

Result<bool> merge_segments(const Segments& run, const Bitmap* alive, const std::string& path) {
  SK_TRY(auto writer, SegmentWriter::create(path));
  std::vector<Source> sources;
  for (const auto& segment : run) {
    Source source{Segment::Cursor(*segment), {}, false, {}};
    source.place.reserve(segment->documents());
    for (std::uint32_t d = 0; d < segment->documents(); ++d) {
      const Document document = segment->document(d);
      const bool kept = alive == nullptr || alive->test(document.chunk);
      source.place.push_back(kept ? writer->documents() : kDead);
      if (kept) SK_CHECK(writer->add_document(document.chunk, document.length, document.title_words, segment->forward(d)));
    }
    sources.push_back(std::move(source));
  }
  if (writer->documents() == 0) return false;
  for (Source& s : sources) s.open = s.cursor.next(s.entry);
  PostingsEncoder encoder;
  for (;;) {
    std::uint64_t term = std::numeric_limits<std::uint64_t>::max();
    bool any = false;
    for (const Source& s : sources)
      if (s.open) {
        term = std::min(term, s.entry.term);
        any = true;
      }
    if (!any) break;
    encoder.clear();
    for (Source& s : sources) {  // chunks of earlier segments are smaller: the order holds
      if (!s.open || s.entry.term != term) continue;
      std::uint32_t document = 0;
      std::uint32_t tf = 0;
      while (s.entry.postings.next(document, tf))
        if (s.place[document] != kDead) encoder.add(s.place[document], tf);
      s.open = s.cursor.next(s.entry);
    }
    SK_CHECK(writer->add_term(term, encoder));
  }
  SK_CHECK(writer->finish());
  for (const auto& segment : run) segment->release_pages();
  return true;
}

}  // namespace sekisho::search
