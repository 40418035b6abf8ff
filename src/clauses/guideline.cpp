#include "clauses/guideline.h"

#include <algorithm>
#include <set>

#include "clauses/words.h"

namespace sekisho::clauses {
namespace {

constexpr int kCapability = 3;
constexpr int kWord = 3;
constexpr int kNear = 3;    // the clause's own title or the heading next above
constexpr int kAbove = 1;   // a heading further up
constexpr int kEnough = 6;  // of these: two that agree
constexpr std::size_t kMost = 3;

Unexpected wrong(const std::string& list, std::size_t i, const std::string& what) {
  return fail(Code::invalid_argument, "standard.rules", "$." + list + "[" + std::to_string(i) + "]" + what);
}

std::vector<std::string_view> headings_of(const Document& document, std::size_t clause) {
  std::vector<std::string_view> out;
  for (int at = static_cast<int>(clause); at != kNoParent; at = document.clauses[static_cast<std::size_t>(at)].parent) {
    const Clause& c = document.clauses[static_cast<std::size_t>(at)];
    if (!c.title.empty()) out.push_back(c.title);
  }
  return out;
}

int points(const GuidelineItem& item, const Clause& clause, const std::vector<std::string_view>& headings, const std::string& capability) {
  int out = std::find(item.capabilities.begin(), item.capabilities.end(), capability) != item.capabilities.end() ? kCapability : 0;
  if (holds_one(clause.text, item.words) || holds_one(clause.title, item.words)) out += kWord;
  for (std::size_t k = 0; k < headings.size(); ++k)
    if (holds_one(headings[k], item.headings)) return out + (k < 2 ? kNear : kAbove);
  return out;
}

}  // namespace

Status check(const Guideline& guideline, const MeaningRules& rules) {
  std::set<std::string> sections, codes, capabilities;
  for (const PointRule& rule : rules.capabilities) capabilities.insert(rule.value);
  for (std::size_t i = 0; i < guideline.sections.size(); ++i)
    if (guideline.sections[i].title.empty() || !sections.insert(guideline.sections[i].number).second) return wrong("sections", i, ".number: a number of its own and a title");
  for (std::size_t i = 0; i < guideline.items.size(); ++i) {
    const GuidelineItem& item = guideline.items[i];
    if (item.topic.empty() || item.code.empty() || !codes.insert(item.code).second) return wrong("items", i, ".code: a code of its own and a topic");
    if (!sections.contains(item.section)) return wrong("items", i, ".section: no section '" + item.section + "'");
    if (item.capabilities.empty()) return wrong("items", i, ".capabilities: at least one");
    for (const std::string& capability : item.capabilities)
      if (!capabilities.contains(capability)) return wrong("items", i, ".capabilities: no capability '" + capability + "'");
    for (const auto* words : {&item.headings, &item.words})
      if (std::find(words->begin(), words->end(), "") != words->end()) return wrong("items", i, ".words: no empty word");
  }
  for (std::size_t i = 0; i < guideline.crosswalk.size(); ++i)
    if (guideline.crosswalk[i].three.empty() || guideline.crosswalk[i].five.empty()) return wrong("crosswalk", i, ": a level and at least one that it becomes");
  return ok();
}

std::vector<std::vector<std::size_t>> match(const Document& document, const std::vector<std::string>& capability, const Guideline& guideline) {
  std::vector<std::vector<std::size_t>> out(document.clauses.size());
  for (std::size_t i = 0; i < document.clauses.size(); ++i) {
    if (capability[i].empty()) continue;
    const auto headings = headings_of(document, i);
    std::vector<std::pair<int, std::size_t>> found;
    for (std::size_t k = 0; k < guideline.items.size(); ++k) {
      const int p = points(guideline.items[k], document.clauses[i], headings, capability[i]);
      if (p >= kEnough) found.emplace_back(-p, k);
    }
    std::sort(found.begin(), found.end());
    // What is as likely as the likeliest: a clause with one clear topic has one.
    for (const auto& [p, k] : found)
      if (p == found.front().first && out[i].size() < kMost) out[i].push_back(k);
  }
  return out;
}

}  // namespace sekisho::clauses
