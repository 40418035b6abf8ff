#include "clauses/refs.h"

#include <algorithm>
#include <map>
#include <set>

#include "clauses/label.h"
#include "clauses/prose.h"
#include "clauses/regions.h"

namespace sekisho::clauses {
namespace {

const Clause* parent_of(const Document& document, const Clause& clause) {
  return clause.parent == kNoParent ? nullptr : &document.clauses[static_cast<std::size_t>(clause.parent)];
}

bool is_article(std::string_view label) { return label.starts_with("第") && label.find("条") != std::string_view::npos; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Under an article a number is 第2項, and what stands below 第1号.
std::string piece(const Document& document, const Clause& clause) {
  const auto labels = read_labels(decode(clause.label));
  if (labels.empty()) return clause.label;
  const Family family = labels.front().family;
  const Clause* parent = parent_of(document, clause);
  const bool under_article = parent != nullptr && parent->kind == Kind::clause && is_article(parent->label);
  const bool under_paragraph = parent != nullptr && parent->ref.ends_with("項");
  if (family == Family::number && under_article) return "第" + clause.label + "項";
  const bool numbered = family == Family::paren_number || family == Family::kanji || family == Family::paren_kanji;
  if (numbered && (under_article || under_paragraph)) return "第" + std::to_string(labels.front().ordinal) + "号";
  return clause.label;
}

std::string joined(const Document& document, const Clause& clause, bool with_structure) {
  const Clause* parent = parent_of(document, clause);
  if (clause.kind == Kind::structure) return (parent != nullptr ? parent->ref : std::string()) + clause.label;
  const std::string last = piece(document, clause);
  while (!with_structure && parent != nullptr && parent->kind == Kind::structure) parent = parent_of(document, *parent);
  if (parent == nullptr) return last;
  if (clause.kind == Kind::row || clause.kind == Kind::item || parent->kind != Kind::clause) return parent->ref + "/" + last;
  // 1.2 under 1 already says where it stands.
  if (last.starts_with(parent->label + ".")) return parent->ref.substr(0, parent->ref.size() - std::min(parent->ref.size(), parent->label.size())) + last;
  // 第2の1(3), so that nobody reads 第21.
  return parent->ref + (is_digit(parent->ref.back()) && is_digit(last.front()) ? "の" : "") + last;
}

// Documents of questions and answers cite Q4.
std::set<std::uint32_t> question_parts(const Document& document) {
  std::map<std::uint32_t, std::size_t> marks;
  for (const Clause& clause : document.clauses) {
    std::size_t at = 0;
    while (at <= clause.text.size()) {
      const std::size_t end = std::min(clause.text.find('\n', at), clause.text.size());
      if (end - at <= 48 && is_answer_mark(decode(std::string_view(clause.text).substr(at, end - at)))) ++marks[clause.part];
      at = end + 1;
    }
  }
  std::set<std::uint32_t> out;
  for (const auto& [part, count] : marks)
    if (count >= 2) out.insert(part);
  return out;
}

}  // namespace

void give_refs(Document& document) {
  const auto questions = question_parts(document);
  const auto give = [&](const std::set<std::uint32_t>& with_structure) {
    for (Clause& clause : document.clauses) {
      clause.ref = joined(document, clause, with_structure.contains(clause.part));
      if (clause.parent == kNoParent && clause.kind == Kind::clause && questions.contains(clause.part)) clause.ref = "Q" + clause.ref;
    }
  };
  give({});
  std::set<std::pair<std::uint32_t, std::string>> seen;
  std::set<std::uint32_t> ambiguous;
  for (const Clause& clause : document.clauses) {
    bool structured = false;
    for (const Clause* up = parent_of(document, clause); up != nullptr; up = parent_of(document, *up)) structured = structured || up->kind == Kind::structure;
    if (!seen.insert({clause.part, clause.ref}).second && structured) ambiguous.insert(clause.part);
  }
  if (!ambiguous.empty()) give(ambiguous);
  std::map<std::pair<std::uint32_t, std::string>, std::size_t> count;
  for (Clause& clause : document.clauses) {
    const std::size_t n = ++count[{clause.part, clause.ref}];
    if (n > 1) clause.ref += "[" + std::to_string(n) + "]";
  }
}

}  // namespace sekisho::clauses
