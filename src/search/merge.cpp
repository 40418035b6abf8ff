#include "search/merge.h"

#include <algorithm>
#include <queue>

namespace sekisho::search {
namespace {

constexpr std::uint64_t kSmallestTier = 1u << 20;
constexpr std::size_t kWidest = 4 * kMergeWidth;
constexpr std::uint32_t kGone = 0xFFFFFFFFu;
constexpr std::uint64_t kReleaseBytes = 8u << 20;

unsigned tier_of(std::uint64_t bytes) {
  unsigned tier = 0;
  for (std::uint64_t top = kSmallestTier; bytes > top && tier < 20; top *= kMergeWidth) ++tier;
  return tier;
}

std::uint64_t alive_of(const Segment& segment, const Bitmap* alive) { return alive ? segment.count_permitted(*alive) : segment.documents(); }

struct Input {
  SegmentPtr segment;
  Segment::Cursor cursor;
  TermEntry entry;
  std::vector<std::uint32_t> renumbered;  // document of the output
  std::uint64_t terms_read = 0;

  explicit Input(SegmentPtr s) : segment(std::move(s)), cursor(*segment) {}
  bool next() {
    if (!cursor.next(entry)) return false;
    ++terms_read;
    return true;
  }
};

// Pages of the inputs that have been read are given back as the merge goes on: it should not show in the memory of the process how large the
// index is.
class Releaser {
 public:
  explicit Releaser(std::span<const SegmentPtr> segments) : segments_(segments) {}
  ~Releaser() { release(); }
  Releaser(const Releaser&) = delete;
  Releaser& operator=(const Releaser&) = delete;
  void passed(std::uint64_t bytes) {
    passed_ += bytes;
    if (passed_ >= kReleaseBytes) release();
  }

 private:
  void release() {
    for (const SegmentPtr& segment : segments_) segment->release_pages();
    passed_ = 0;
  }
  std::span<const SegmentPtr> segments_;
  std::uint64_t passed_ = 0;
};

Status copy_documents(std::vector<std::unique_ptr<Input>>& inputs, const Bitmap* alive, SegmentWriter& writer, Releaser& releaser) {
  for (auto& input : inputs) {
    const Segment& segment = *input->segment;
    input->renumbered.assign(segment.documents(), kGone);
    for (std::uint32_t i = 0; i < segment.documents(); ++i) {
      const Document d = segment.document(i);
      if (alive && !alive->test(d.chunk)) continue;
      input->renumbered[i] = writer.documents();
      SK_CHECK(writer.add_document(d.chunk, d.length, d.title_words, segment.forward(i)));
      releaser.passed(segment.forward(i).size());
    }
  }
  return ok();
}

// The place of a segment that is larger than all others of the run together, or the run's length.
// Not to write a large one anew for the sake of a few small ones, which will be joined among themselves: with each merge a document's segment
// at least doubles, so no document is written more than log2(index / flush) times.
std::size_t too_large_in(std::span<const SegmentPtr> run) {
  std::uint64_t total = 0;
  for (const SegmentPtr& s : run) total += s->bytes();
  const auto found = std::find_if(run.begin(), run.end(), [&](const SegmentPtr& s) { return s->bytes() > total / 2; });
  return static_cast<std::size_t>(found - run.begin());
}

Status copy_postings(Input& input, PostingsEncoder& out) {
  std::uint32_t document, tf;
  std::uint64_t read = 0;
  for (; input.entry.postings.next(document, tf); ++read) {
    if (input.renumbered[document] != kGone) out.add(input.renumbered[document], tf);
  }
  if (read != input.entry.df) return fail(Code::corrupt, "search.rebuild", "postings end early");
  return ok();
}

}  // namespace

std::pair<std::size_t, std::size_t> choose_merge(std::span<const SegmentPtr> segments, const Bitmap* alive) {
  for (std::size_t i = 0; alive && i < segments.size(); ++i) {
    if (alive_of(*segments[i], alive) * 2 < segments[i]->documents()) return {i, i + 1};
  }
  unsigned top = 0;
  for (const SegmentPtr& s : segments) top = std::max(top, tier_of(s->bytes()));
  for (unsigned tier = 0; tier <= top; ++tier) {
    for (std::size_t first = 0; first < segments.size();) {
      std::size_t last = first;
      while (last < segments.size() && last - first < kWidest && tier_of(segments[last]->bytes()) <= tier) ++last;
      if (last - first < kMergeWidth) {
        first = last + 1;
        continue;
      }
      const std::size_t larger = too_large_in(segments.subspan(first, last - first));
      if (larger == last - first) return {first, last};
      first += larger + 1;
    }
  }
  return {0, 0};
}

Status merge_segments(std::span<const SegmentPtr> segments, const Bitmap* alive, SegmentWriter& writer) {
  std::vector<std::unique_ptr<Input>> inputs;
  for (const SegmentPtr& segment : segments) inputs.push_back(std::make_unique<Input>(segment));
  Releaser releaser(segments);
  SK_CHECK(copy_documents(inputs, alive, writer, releaser));
  if (writer.documents() == 0) return ok();

  using Next = std::pair<std::uint64_t, std::size_t>;  // term, input: the same term comes in order of the inputs
  std::priority_queue<Next, std::vector<Next>, std::greater<>> queue;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    if (inputs[i]->next()) queue.push({inputs[i]->entry.term, i});
  }
  PostingsEncoder postings;
  while (!queue.empty()) {
    const std::uint64_t term = queue.top().first;
    postings.clear();
    while (!queue.empty() && queue.top().first == term) {
      const std::size_t i = queue.top().second;
      queue.pop();
      SK_CHECK(copy_postings(*inputs[i], postings));
      if (inputs[i]->next()) {
        if (inputs[i]->entry.term <= term) return fail(Code::corrupt, "search.rebuild", "terms are not in order");
        queue.push({inputs[i]->entry.term, i});
      }
    }
    SK_CHECK(writer.add_term(term, postings));
    releaser.passed(postings.bytes().size());
  }
  for (const auto& input : inputs) {
    if (input->terms_read != input->segment->terms()) return fail(Code::corrupt, "search.rebuild", "terms end early");
  }
  return ok();
}

}  // namespace sekisho::search
