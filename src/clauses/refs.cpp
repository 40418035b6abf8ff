#include "clauses/refs.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "clauses/label.h"
#include "clauses/prose.h"
#include "clauses/regions.h"
#include "text/lines.h"

namespace sekisho::clauses {
namespace {

constexpr std::size_t kMaxAnswerMark = 48;  // bytes

const Clause* parent_of(const Document& document, const Clause& clause) {
  return clause.parent == kNoParent ? nullptr : &document.clauses[static_cast<std::size_t>(clause.parent)];
}

bool is_article(std::string_view label) { return label.starts_with("第") && label.find("条") != std::string_view::npos; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Under an article a number is 第2項, and what stands below 第1号. Where the article's own sentence speaks of what follows, its 1, 2, 3 are that
// list: 第1項 bears no number.
bool lists_items(const Clause& article) {
  static constexpr std::array<std::string_view, 6> kAhead = {"次の", "次に", "以下の", "以下に", "下記", "左の"};
  return std::any_of(kAhead.begin(), kAhead.end(), [&](std::string_view word) { return article.text.find(word) != std::string::npos; });
}

// Articles whose numbers are such a list.
std::vector<bool> listing(const Document& document) {
  std::vector<bool> out(document.clauses.size(), false), seen(document.clauses.size(), false);
  for (const Clause& clause : document.clauses) {
    const Clause* parent = parent_of(document, clause);
    if (parent == nullptr || parent->kind != Kind::clause || !is_article(parent->label) || seen[static_cast<std::size_t>(clause.parent)]) continue;
    const auto labels = read_labels(decode(clause.label));
    if (labels.empty() || labels.front().family != Family::number) continue;
    seen[static_cast<std::size_t>(clause.parent)] = true;
    out[static_cast<std::size_t>(clause.parent)] = labels.front().ordinal == 1 && lists_items(*parent);
  }
  return out;
}

std::string piece(const Document& document, const Clause& clause, const std::vector<bool>& lists) {
  const auto labels = read_labels(decode(clause.label));
  if (labels.empty()) return clause.label;
  const Family family = labels.front().family;
  const Clause* parent = parent_of(document, clause);
  const bool under_article = parent != nullptr && parent->kind == Kind::clause && is_article(parent->label);
  const bool under_paragraph = parent != nullptr && parent->ref.ends_with("項");
  if (family == Family::number && under_article && lists[static_cast<std::size_t>(clause.parent)]) return "第" + std::to_string(labels.front().ordinal) + "号";
  if (family == Family::number && under_article) return "第" + clause.label + "項";
  const bool numbered = family == Family::paren_number || family == Family::kanji || family == Family::paren_kanji;
  if (numbered && (under_article || under_paragraph)) return "第" + std::to_string(labels.front().ordinal) + "号";
  return clause.label;
}

std::string joined(const Document& document, const Clause& clause, const std::vector<bool>& lists, bool with_structure) {
  const Clause* parent = parent_of(document, clause);
  if (clause.kind == Kind::structure) return (parent != nullptr ? parent->ref : std::string()) + clause.label;
  const std::string last = piece(document, clause, lists);
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
  for (const Clause& clause : document.clauses)
    for (const std::string_view line : text::lines_of(clause.text))
      if (line.size() <= kMaxAnswerMark && is_answer_mark(decode(line))) ++marks[clause.part];
  std::set<std::uint32_t> out;
  for (const auto& [part, count] : marks)
    if (count >= 2) out.insert(part);
  return out;
}

}  // namespace

void give_refs(Document& document) {
  const auto questions = question_parts(document);
  const auto lists = listing(document);
  const auto give = [&](const std::set<std::uint32_t>& with_structure) {
    std::map<std::pair<std::uint32_t, std::string>, std::size_t> ends;
    for (Clause& clause : document.clauses) {
      clause.ref = joined(document, clause, lists, with_structure.contains(clause.part));
      // What stands below the second 附則 is cited by it: 附則[2]/1.
      const bool end = clause.kind == Kind::supplement || clause.kind == Kind::annex;
      if (const std::size_t n = end ? ++ends[{clause.part, clause.ref}] : 1; n > 1) clause.ref += "[" + std::to_string(n) + "]";
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
