// The numbers of a clause tree as numbers: which run a clause belongs to, and what stands behind it there. Pure; private to src/clauses.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "clauses/label.h"
#include "clauses/model.h"

namespace sekisho::clauses {

struct Mark {
  Family family = Family::number;
  std::uint32_t ordinal = 0;
  std::uint32_t branch = 0;
  std::string prefix;
  friend bool operator==(const Mark&, const Mark&) = default;
};

// nullopt: the clause bears no number. Where letters are shared (イ of アイウ and of イロハ), the first sibling decides.
std::optional<Mark> mark_of(const Document& document, std::size_t clause);
// Empty: the family has no such number.
std::string text_of(const Mark& mark);
// Behind the last clause below it; 1.2.1 lies below 1.2 also where the tree has both under 1.
std::size_t end_of(const Document& document, std::size_t clause);
// The nearest clause above that is no 編, 章, 節 or 款; kNoParent: none. Of those themselves: their parent.
int holder_of(const Document& document, std::size_t clause);
// Clauses of the same run of numbers, in order: same part, holder, family (and prefix).
std::vector<std::size_t> peers_of(const Document& document, std::size_t clause);

}  // namespace sekisho::clauses
