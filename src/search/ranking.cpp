#include "search/ranking.h"

#include <algorithm>
#include <cmath>

namespace sekisho::search {
namespace {

constexpr float kK1 = 0.7f;
constexpr float kB = 0.75f;
constexpr float kMeanLength = 80;
constexpr float kBigramWeight = 0.6f;

struct Candidate {
  float score;
  std::size_t segment;
  std::uint32_t document;
};

float idf_of(std::uint64_t permitted, std::uint64_t df) {
  const double n = static_cast<double>(permitted), d = static_cast<double>(df);
  return static_cast<float>(std::log(1 + (n - d + 0.5) / (d + 0.5)));
}

// Appends the permitted documents of one segment that hold any spelling, in order, each once with the sum of its occurrences.
void collect(const Segment& segment, std::span<const std::uint64_t> spellings, const Bitmap& permitted, std::vector<Scratch::Match>& out) {
  const auto start = static_cast<std::ptrdiff_t>(out.size());
  std::size_t found = 0;
  for (const std::uint64_t spelling : spellings) {
    TermEntry entry;
    if (!segment.find(spelling, entry)) continue;
    ++found;
    std::uint32_t document, tf;
    while (entry.postings.next(document, tf)) {
      if (permitted.test(segment.chunk(document))) out.push_back({document, tf});
    }
  }
  if (found < 2) return;
  std::sort(out.begin() + start, out.end(), [](const auto& a, const auto& b) { return a.document < b.document; });
  auto kept = out.begin() + start;
  for (auto next = kept; next != out.end(); ++next) {
    if (kept != out.begin() + start && (kept - 1)->document == next->document) {
      (kept - 1)->tf += next->tf;
    } else {
      *kept++ = *next;
    }
  }
  out.erase(kept, out.end());
}

class FirstPass {
 public:
  FirstPass(std::span<const SegmentPtr> segments, const Bitmap& permitted, Scratch& scratch) : segments_(segments), permitted_(permitted), scratch_(scratch) {
    std::size_t documents = 0;
    for (const SegmentPtr& segment : segments) {
      readable_ += segment->count_permitted(permitted);
      documents += segment->documents();
    }
    scratch_.scores.assign(documents, 0);
  }

  // Adds one term's part to the scores; gives its idf, 0 when no readable passage has it.
  float add(const text::QueryTerm& term) {
    scratch_.matches.clear();
    scratch_.starts.clear();
    for (const SegmentPtr& segment : segments_) {
      scratch_.starts.push_back(scratch_.matches.size());
      collect(*segment, term.terms, permitted_, scratch_.matches);
    }
    if (scratch_.matches.empty()) return 0;
    const float idf = idf_of(readable_, scratch_.matches.size());
    const float weight = (term.kind == text::TokenKind::bigram ? kBigramWeight : 1.0f) * idf * (kK1 + 1);
    std::size_t base = 0;
    for (std::size_t s = 0; s < segments_.size(); ++s) {
      const std::size_t end = s + 1 < segments_.size() ? scratch_.starts[s + 1] : scratch_.matches.size();
      for (std::size_t i = scratch_.starts[s]; i < end; ++i) {
        const Scratch::Match& match = scratch_.matches[i];
        const auto tf = static_cast<float>(match.tf);
        const auto length = static_cast<float>(segments_[s]->document(match.document).length);
        scratch_.scores[base + match.document] += weight * tf / (tf + kK1 * (1 - kB + kB * length / kMeanLength));
      }
      base += segments_[s]->documents();
    }
    return idf;
  }

  // The best `count`, best first; ties in order of the chunks.
  std::vector<Candidate> best(std::size_t count) const {
    std::vector<Candidate> heap;  // the worst of those kept on top
    const auto better = [](const Candidate& a, const Candidate& b) {
      return a.score != b.score ? a.score > b.score : std::pair(a.segment, a.document) < std::pair(b.segment, b.document);
    };
    std::size_t at = 0;
    for (std::size_t s = 0; s < segments_.size(); ++s) {
      for (std::uint32_t d = 0; d < segments_[s]->documents(); ++d, ++at) {
        const float score = scratch_.scores[at];
        if (score <= 0 || (heap.size() == count && score <= heap.front().score)) continue;
        if (heap.size() == count) {
          std::pop_heap(heap.begin(), heap.end(), better);
          heap.pop_back();
        }
        heap.push_back({score, s, d});
        std::push_heap(heap.begin(), heap.end(), better);
      }
    }
    std::sort_heap(heap.begin(), heap.end(), better);
    return heap;
  }

 private:
  std::span<const SegmentPtr> segments_;
  const Bitmap& permitted_;
  Scratch& scratch_;
  std::uint64_t readable_ = 0;
};

// Looks at the words of a passage in their order.
class SecondPass {
 public:
  SecondPass(std::span<const text::QueryTerm> terms, std::span<const float> idf, std::vector<std::uint8_t>& term_of) : term_of_(term_of) {
    term_of_.resize(0x10000);
    for (std::size_t i = 0; i < terms.size() && words_ < kMost; ++i) {
      if (terms[i].kind == text::TokenKind::bigram || idf[i] <= 0) continue;
      for (const std::uint64_t spelling : terms[i].terms) {
        std::uint8_t& slot = term_of_[fingerprint_of(spelling)];
        if (slot != 0) continue;
        slot = static_cast<std::uint8_t>(words_ + 1);
        used_.push_back(fingerprint_of(spelling));
      }
      idf_[words_++] = idf[i];
      total_ += idf[i];
    }
    for (std::size_t i = 1; i < words_; ++i) pairs_total_ += idf_[i - 1] + idf_[i];
  }
  ~SecondPass() {
    for (const std::uint16_t fingerprint : used_) term_of_[fingerprint] = 0;
  }
  SecondPass(const SecondPass&) = delete;
  SecondPass& operator=(const SecondPass&) = delete;

  float factor(const Segment& segment, std::uint32_t document) {
    if (total_ <= 0) return 1;
    seen_.fill(0);
    in_sentence_.fill(0);
    near_.fill(false);
    last_.fill(kNever);
    const std::string_view forward = segment.forward(document);
    const std::size_t title_words = segment.document(document).title_words;
    float covered = 0, titled = 0, sentence = 0, best = 0;
    std::int32_t sentence_number = 1;
    const std::size_t count = forward.size() / 2;
    for (std::size_t at = 0; at < count; ++at) {
      const auto fingerprint = static_cast<std::uint16_t>(static_cast<unsigned char>(forward[at * 2]) | static_cast<unsigned char>(forward[at * 2 + 1]) << 8);
      const bool in_title = at < title_words;
      if (fingerprint == 0) {
        best = std::max(best, sentence);
        sentence = titled;
        ++sentence_number;
        continue;
      }
      const std::size_t term = term_of_[fingerprint];
      if (term == 0) continue;
      const std::size_t t = term - 1;
      note_neighbours(t, static_cast<std::int32_t>(at));
      if (in_title) {
        if (seen_[t] == 0) {
          covered += idf_[t];
          titled += kTitleShare * idf_[t];
          seen_[t] = 2;
        }
        sentence = titled;
        continue;
      }
      if (in_sentence_[t] != sentence_number) {
        sentence += seen_[t] == 2 ? (1 - kTitleShare) * idf_[t] : idf_[t];
        in_sentence_[t] = sentence_number;
      }
      if (seen_[t] == 0) {
        covered += idf_[t];
        seen_[t] = 1;
      }
    }
    best = std::max(best, sentence);
    float close = 0;
    for (std::size_t i = 1; i < words_; ++i) close += near_[i] ? idf_[i - 1] + idf_[i] : 0;
    return 1 + kCoverage * covered / total_ + best / total_ + (pairs_total_ > 0 ? kProximity * close / pairs_total_ : 0);
  }

 private:
  static constexpr std::size_t kMost = text::Analyzer::kMaxQueryTerms;
  static constexpr std::int32_t kNever = -1000;
  static constexpr std::int32_t kClose = 3;
  static constexpr float kTitleShare = 0.7f;
  static constexpr float kCoverage = 0.5f;
  static constexpr float kProximity = 0.5f;

  void note_neighbours(std::size_t t, std::int32_t at) {
    last_[t] = at;
    if (t > 0 && at - last_[t - 1] <= kClose) near_[t] = true;
    if (t + 1 < words_ && at - last_[t + 1] <= kClose) near_[t + 1] = true;
  }

  std::vector<std::uint8_t>& term_of_;
  std::vector<std::uint16_t> used_;
  std::size_t words_ = 0;
  float total_ = 0, pairs_total_ = 0;
  std::array<float, kMost> idf_{};
  std::array<std::uint8_t, kMost> seen_{};          // 1 in the body, 2 in the title first
  std::array<std::int32_t, kMost> in_sentence_{};   // the sentence it was last counted in
  std::array<bool, kMost> near_{};                  // near_[i]: words i - 1 and i stand close
  std::array<std::int32_t, kMost> last_{};
};

}  // namespace

std::vector<Hit> rank(std::span<const SegmentPtr> segments, std::span<const text::QueryTerm> terms, const Bitmap& permitted, std::size_t limit, Scratch& scratch) {
  if (limit == 0) return {};
  FirstPass first(segments, permitted, scratch);
  std::vector<float> idf;
  for (const text::QueryTerm& term : terms) idf.push_back(first.add(term));
  std::vector<Candidate> candidates = first.best(std::max(limit, kHead));

  SecondPass second(terms, idf, scratch.term_of);
  const std::size_t head = std::min(candidates.size(), kHead);
  std::vector<Hit> hits;
  hits.reserve(candidates.size());
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    const Segment& segment = *segments[candidates[i].segment];
    const float factor = i < head ? second.factor(segment, candidates[i].document) : 1.0f;
    hits.push_back({segment.chunk(candidates[i].document), static_cast<double>(candidates[i].score * factor)});
  }
  // Factors are at least 1, so what was not looked at again stays behind the head.
  std::sort(hits.begin(), hits.begin() + static_cast<std::ptrdiff_t>(head), [](const Hit& a, const Hit& b) { return a.score != b.score ? a.score > b.score : a.chunk < b.chunk; });
  if (hits.size() > limit) hits.resize(limit);
  return hits;
}

}  // namespace sekisho::search
