// How the words of one clause became others, as 改め文 says it: 「係長」を「課長」に改め、「写し」を削る. Pure; private to src/clauses.
#pragma once
#include <optional>
#include <string>
#include <vector>

namespace sekisho::clauses {

// from empty: `to` comes in behind `anchor`; to empty: `from` goes; else `from` becomes `to`. Each stands in the old words as often as it is meant.
struct Rewording {
  std::string from;
  std::string to;
  std::string anchor;
  friend bool operator==(const Rewording&, const Rewording&) = default;
};

// nullopt: so much is different that the whole is better written anew.
std::optional<std::vector<Rewording>> rewordings(const std::string& before, const std::string& after);
// 「a」を「b」に、「c」を「d」に改め、「e」を削る — without the full stop.
std::string phrase_of(const std::vector<Rewording>& list);

}  // namespace sekisho::clauses
