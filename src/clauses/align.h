// Which clause of a new version is which clause of the old one. Pure; time grows with the pairs of clauses that share words.
//
// Two clauses belong together when their words do: similarity is the share of common pairs of letters, rare ones weighing more. Where that leaves
// a choice, clauses under parents that belong together, and those beside neighbours that do, come first. Below a threshold nothing is paired: a
// pair that is wrong is worse than a clause dropped and another added. Numbers play the smallest part, so that renumbering changes nothing.
#pragma once
#include <string>
#include <vector>

#include "clauses/model.h"

namespace sekisho::clauses {

inline constexpr int kNoPartner = -1;

struct Alignment {
  std::vector<int> to_new;  // for each old clause its new one, or kNoPartner
  std::vector<int> to_old;
};

// What is compared of a clause; `parent` points into the same list and stands before it.
struct Comparable {
  int parent = kNoParent;
  Kind kind = Kind::clause;
  std::string label;
  std::string title;
  std::string text;
};

std::vector<Comparable> comparables(const Document& document);
Alignment align(const std::vector<Comparable>& before, const std::vector<Comparable>& after);

}  // namespace sekisho::clauses
