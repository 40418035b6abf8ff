// Which clause of the municipal standard a clause is like: by the headings above it, its place below them, and shared words. Pure.
#pragma once
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "clauses/meaning.h"

namespace sekisho::clauses {

struct Likeness {
  const StandardItem* item = nullptr;        // null: none is like it
  const StandardSection* section = nullptr;  // null: no heading of the standard stands above
  std::map<std::string, double> shares;      // of the section's capabilities
};

class StandardFinder {
 public:
  // Both outlive the finder.
  StandardFinder(const Structure& structure, const Document& document);
  Likeness find(std::size_t clause) const;

 private:
  struct Heading {
    std::string_view title;
    std::size_t clause;
  };
  std::vector<Heading> headings_of(std::size_t clause) const;  // from the root down, the clause's own last
  const StandardSection* section_of(const std::vector<Heading>& headings, std::size_t& under) const;

  const Structure& structure_;
  const Document& document_;
  std::vector<std::vector<std::string>> last_words_;       // of each section's nearest heading
  std::vector<std::size_t> place_;                         // of each clause among those below its heading
  std::unordered_map<std::size_t, std::size_t> below_;     // clauses that a heading has below it
};

}  // namespace sekisho::clauses
