// Scores passages for one question: BM25 over what the caller may read, then a second look at the best.
//
//   first pass   sum over the question's terms of  weight (words, numbers 1, bigrams 0.6) x idf x 1.7 tf / (tf + 0.7 (0.25 + 0.75 length / kMeanLength))
//                idf = ln(1 + (N - df + 0.5) / (df + 0.5)); N and df count permitted chunks only; a group of spellings is one term
//   second pass  the best kHead x (1 + 0.5 coverage + 1.0 sentence + 0.5 proximity): the idf share of the question's words in the passage, in its best
//                sentence (words of the title count 0.7), and of neighbouring question words that stand within 3 words of each other
//
// Nothing that depends on a chunk outside the permitted set enters a score: not N, not df, not the mean length (a constant), not the order
// of additions (that of the question's terms). Threads: one Scratch a call; segments are shared.
#pragma once
#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "search/bitmap.h"
#include "search/index.h"
#include "search/merge.h"

namespace sekisho::search {

inline constexpr std::size_t kHead = 100;

// Buffers kept between questions.
struct Scratch {
  struct Match {
    std::uint32_t document;
    std::uint32_t tf;
  };
  std::vector<float> scores;              // by document, all segments in order
  std::vector<Match> matches;             // of one term
  std::vector<std::size_t> starts;        // where each segment's part of `matches` starts
  std::vector<std::uint8_t> term_of;      // by fingerprint: the question's term + 1
};

// Segments in order of their chunks. Best first, ties by chunk id; at most `limit`.
std::vector<Hit> rank(std::span<const SegmentPtr> segments, std::span<const text::QueryTerm> terms, const Bitmap& permitted, std::size_t limit, Scratch& scratch);

}  // namespace sekisho::search
