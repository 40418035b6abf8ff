// Scoring: BM25 over the permitted chunks, then a second look at the best of them. Pure over immutable segments.
//
//   s = sum over words and numbers of idf x 1.7 tf' / (tf' + 0.7 (0.25 + 0.75 dl / L)) + 0.45 x the same over bigrams
//   idf = ln(1 + (N - df + 0.5) / (df + 0.5)), N and df counted in the permitted set alone; a word and its spellings are one term
//   the first kHead chunks: s x (1 + coverage + best sentence + 0.3 proximity)
#pragma once
#include <memory>
#include <span>
#include <vector>

#include "search/bitmap.h"
#include "search/index.h"
#include "search/segment.h"

namespace sekisho::search {

using Segments = std::vector<std::shared_ptr<const Segment>>;

std::vector<Hit> rank(const Segments& segments, std::span<const text::QueryTerm> terms, const Bitmap& permitted, std::size_t limit);

}  // namespace sekisho::search
