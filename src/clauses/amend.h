// Edits of a clause tree: a clause added, removed or moved, and the ones behind it renumbered in the style of their siblings. Pure.
//
// Numbers follow the document: 条 run through the chapters, 節 begin anew in each chapter, 第4条の2 stands behind 第4条. A run of numbers is moved as far
// as it goes on without a gap; a list that begins anew is another run. References (`ref`) are computed anew; words that cite a number are not touched.
// Failures (invalid_argument): clauses.place (no such place, or a place inside what is moved), clauses.no_branch (only 条 have branch numbers),
// clauses.no_label (the style has no further number). too_large: clauses.too_many.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "clauses/model.h"
#include "core/result.h"

namespace sekisho::clauses {

inline constexpr int kNewClause = -1;

// Behind `after`, as its sibling, or as the first numbered child of `under`: one of both.
struct Place {
  std::optional<std::size_t> after;
  std::optional<std::size_t> under;
};

// shift: the numbers behind move up or close the gap; branch: 第4条の2, and nothing else moves; keep: nothing else moves.
enum class Numbering { shift, branch, keep };

struct Edit {
  Document document;
  std::vector<int> from;  // of each clause: where it stood before, or kNewClause
  std::size_t clause = 0; // the one that was added or moved; of a removal without meaning
};

Result<Edit> insert(const Document& document, const Place& place, std::string title, std::string text, Numbering numbering);
// With everything below it.
Result<Edit> remove(const Document& document, std::size_t clause, Numbering numbering);
Result<Edit> move(const Document& document, std::size_t clause, const Place& place, Numbering numbering);

}  // namespace sekisho::clauses
