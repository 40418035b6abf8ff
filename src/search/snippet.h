// The part of a passage that best shows why it was found, with the places of the question's words. Pure; offsets are code points.
#pragma once
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "text/analyse.h"

namespace sekisho::search {

struct Snippet {
  std::string text;
  std::vector<std::pair<std::size_t, std::size_t>> marks;  // [begin, end) in text, in order, not overlapping
  std::size_t offset = 0;                                  // where text begins in the passage
};

// At most max_code_points of the passage, from a place where the most different question words stand close together.
Snippet make_snippet(std::string_view passage, std::span<const text::QueryTerm> terms, text::Analyzer::Session& session, std::size_t max_code_points);

}  // namespace sekisho::search
