// What a careful reader would ask about a clause tree: numbers that are missing or stand twice, references to nothing, headings without text,
// a table of contents that says something else. Pure; nothing here changes the tree.
#pragma once
#include <string>
#include <vector>

#include "clauses/model.h"

namespace sekisho::clauses {

struct Finding {
  std::string kind;    // missing, duplicate, dangling, empty, contents
  int clause = kNoParent;
  std::string detail;  // the missing label, the reference as written, the entry of the table of contents
};

// In order of the clauses.
std::vector<Finding> check(const Document& document);

}  // namespace sekisho::clauses
