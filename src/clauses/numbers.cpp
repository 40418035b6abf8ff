#include "clauses/numbers.h"

#include <algorithm>

#include "clauses/prose.h"

namespace sekisho::clauses {
namespace {

std::vector<Label> whole_labels(const Clause& clause) {
  if (clause.kind != Kind::clause && clause.kind != Kind::structure) return {};
  const std::u32string text = decode(clause.label);
  std::vector<Label> out = read_labels(text);
  std::erase_if(out, [&](const Label& l) { return l.rest != text.size(); });
  return out;
}

}  // namespace

std::optional<Mark> mark_of(const Document& document, std::size_t i) {
  const Clause& clause = document.clauses[i];
  const auto candidates = whole_labels(clause);
  if (candidates.empty()) return std::nullopt;
  const Label* chosen = &candidates.front();
  if (candidates.size() > 1) {
    for (std::size_t j = static_cast<std::size_t>(clause.parent + 1); j <= i; ++j) {  // children stand behind their parent
      if (document.clauses[j].parent != clause.parent || document.clauses[j].kind != clause.kind) continue;
      const auto first = whole_labels(document.clauses[j]);
      if (first.empty()) continue;
      for (const Label& candidate : candidates)
        if (std::any_of(first.begin(), first.end(), [&](const Label& l) { return l.family == candidate.family && l.ordinal == 1; })) chosen = &candidate;
      break;
    }
  }
  return Mark{chosen->family, chosen->ordinal, chosen->branch, chosen->prefix};
}

std::string text_of(const Mark& mark) {
  std::string out = label_text(mark.family, mark.ordinal);
  if (out.empty()) return out;
  if (mark.family == Family::dotted) out = mark.prefix + "." + out;
  if (mark.branch > 0) out += "の" + std::to_string(mark.branch);
  return out;
}

std::size_t end_of(const Document& document, std::size_t clause) {
  std::vector<bool> inside(document.clauses.size(), false);
  inside[clause] = true;
  const std::string& label = document.clauses[clause].label;
  const bool dotted = !label.empty() && label.find_first_not_of("0123456789.") == std::string::npos;
  std::size_t at = clause + 1;
  for (; at < document.clauses.size(); ++at) {
    const Clause& c = document.clauses[at];
    const bool below = c.parent != kNoParent && inside[static_cast<std::size_t>(c.parent)];
    if (!below && !(dotted && c.part == document.clauses[clause].part && c.label.starts_with(label + "."))) break;
    inside[at] = true;
  }
  return at;
}

int holder_of(const Document& document, std::size_t clause) {
  int at = document.clauses[clause].parent;
  if (document.clauses[clause].kind == Kind::structure) return at;
  while (at != kNoParent && document.clauses[static_cast<std::size_t>(at)].kind == Kind::structure) at = document.clauses[static_cast<std::size_t>(at)].parent;
  return at;
}

std::vector<std::size_t> peers_of(const Document& document, std::size_t clause) {
  std::vector<std::size_t> out;
  const auto mark = mark_of(document, clause);
  if (!mark) return out;
  const int holder = holder_of(document, clause);
  for (std::size_t i = 0; i < document.clauses.size(); ++i) {
    const Clause& c = document.clauses[i];
    if (c.part != document.clauses[clause].part || c.kind != document.clauses[clause].kind || holder_of(document, i) != holder) continue;
    const auto other = mark_of(document, i);
    if (other && other->family == mark->family && other->prefix == mark->prefix) out.push_back(i);
  }
  return out;
}

}  // namespace sekisho::clauses
