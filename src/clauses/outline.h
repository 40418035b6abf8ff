// Where in the tree a printed label belongs: families nest as the document nests them, ordinals tell siblings from children, and what
// follows tells a misprint from a new list. Pure; one Outline per part of a document.
#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "clauses/label.h"

namespace sekisho::clauses {

struct Placement {
  std::size_t level = 0;  // how many open clauses stay open above it
  Label label;            // as it should read
  bool corrected = false; // what is printed reads otherwise
  int quality = 0;        // 100: the expected next one; 90: opens a list; below: out of order
};

class Outline {
 public:
  struct Open {
    Family family;
    std::uint32_t last;
    std::uint32_t branch;
    std::string text;
    std::string prefix;
    int clause;
  };
  // The labels of the lines that follow, in order; called with 0, 1, ... until it returns null.
  using Ahead = std::function<const std::vector<Label>*(std::size_t)>;

  // The best reading of `candidates` (not empty). `interrupted`: text without a number stands behind the last label, so that a 1 may open a list anew.
  Placement place(const std::vector<Label>& candidates, const Ahead& ahead, bool interrupted) const;
  void open(const Placement& placement, int clause);
  void clear() { stack_.clear(); }
  const std::vector<Open>& stack() const { return stack_; }

 private:
  Placement place_one(const Label& label, const Ahead& ahead, bool interrupted) const;
  Placement place_structure(const Label& label) const;
  Placement place_article(const Label& label) const;
  Placement place_dotted(const Label& label) const;
  Placement out_of_order(const Label& label, std::size_t level, const Ahead& ahead, bool interrupted) const;
  bool resumes_behind(Family family, std::size_t level, const Ahead& ahead) const;
  std::optional<std::uint32_t> next_of(Family family, std::size_t level, const Ahead& ahead) const;

  std::vector<Open> stack_;
  std::uint32_t last_article_ = 0;
  std::uint32_t last_article_branch_ = 0;
  std::uint32_t last_number_ = 0;  // numbers that run through the chapters
};

}  // namespace sekisho::clauses
