#include "clauses/standard.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "clauses/prose.h"

namespace sekisho::clauses {
namespace {

constexpr double kWords = 0.65;      // of the likeness, that words share; the rest is the place
constexpr double kEnough = 0.38;     // below this an item is not what the clause says
constexpr double kEnoughFar = 0.55;  // the same where the heading of the standard is not the nearest
constexpr std::size_t kFar = 2;      // headings between
constexpr std::size_t kLongestHeading = 120;  // bytes: a clause without a title, of a few words, is one

std::vector<std::string> split(std::string_view text) {
  std::vector<std::string> out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    if (end > 0) out.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

// "文書サーバ|ファイルサーバ": either.
bool holds_either(std::string_view title, std::string_view words) {
  for (;;) {
    const std::size_t bar = words.find('|');
    if (title.find(words.substr(0, bar)) != std::string_view::npos) return true;
    if (bar == std::string_view::npos) return false;
    words.remove_prefix(bar + 1);
  }
}

bool holds_all(std::string_view title, const std::vector<std::string>& words) {
  return std::all_of(words.begin(), words.end(), [&](const std::string& word) { return holds_either(title, word); });
}

// Letters that carry meaning, alone and in pairs.
std::set<std::u32string> grams_of(std::string_view utf8) {
  const std::u32string text = squeezed(decode(utf8));
  const auto bears = [](char32_t c) { return (c >= 0x4E00 && c <= 0x9FFF) || (c >= 0x30A1 && c <= 0x30FC) || (c >= U'A' && c <= U'Z') || (c >= U'0' && c <= U'9'); };
  std::set<std::u32string> out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!bears(text[i])) continue;
    out.insert(text.substr(i, 1));
    if (i + 1 < text.size() && bears(text[i + 1])) out.insert(text.substr(i, 2));
  }
  return out;
}

double shared(const std::set<std::u32string>& gist, const std::set<std::u32string>& text) {
  double sum = 0, all = 0;
  for (const std::u32string& gram : gist) {
    const double weight = gram.size() == 1 ? 1.0 : 2.0;
    all += weight;
    if (text.contains(gram)) sum += weight;
  }
  return all == 0 ? 0 : sum / all;
}

}  // namespace

StandardFinder::StandardFinder(const Structure& structure, const Document& document) : structure_(structure), document_(document), place_(document.clauses.size()) {
  for (const StandardSection& section : structure.sections) last_words_.push_back(split(section.path.back()));
  for (std::size_t i = 0; i < document.clauses.size(); ++i) {
    const std::vector<Heading> headings = headings_of(i);
    const std::size_t under = headings.empty() ? document.clauses.size() : headings.back().clause;
    place_[i] = document.clauses[i].text.empty() ? 0 : below_[under]++;
  }
}

std::vector<StandardFinder::Heading> StandardFinder::headings_of(std::size_t clause) const {
  std::vector<Heading> out;
  for (int at = static_cast<int>(clause); at != kNoParent; at = document_.clauses[static_cast<std::size_t>(at)].parent) {
    const Clause& c = document_.clauses[static_cast<std::size_t>(at)];
    const bool own = at == static_cast<int>(clause);
    if (!c.title.empty()) out.push_back({c.title, static_cast<std::size_t>(at)});
    else if (!own && !c.text.empty() && c.text.size() <= kLongestHeading && c.text.find("。") == std::string::npos) out.push_back({c.text, static_cast<std::size_t>(at)});
  }
  std::reverse(out.begin(), out.end());
  return out;
}

const StandardSection* StandardFinder::section_of(const std::vector<Heading>& headings, std::size_t& under) const {
  for (std::size_t n = headings.size(); n > 0; --n) {
    const StandardSection* found = nullptr;
    for (std::size_t s = 0; s < structure_.sections.size(); ++s) {
      const StandardSection& section = structure_.sections[s];
      if (!holds_all(headings[n - 1].title, last_words_[s])) continue;
      std::size_t at = n - 1;
      std::size_t left = section.path.size() - 1;
      while (left > 0 && at > 0)
        if (holds_all(headings[--at].title, split(section.path[left - 1]))) --left;
      if (left == 0 && (found == nullptr || section.path.size() > found->path.size())) found = &section;
    }
    if (found != nullptr) {
      under = n - 1;
      return found;
    }
  }
  return nullptr;
}

Likeness StandardFinder::find(std::size_t clause) const {
  Likeness out;
  const std::vector<Heading> headings = headings_of(clause);
  std::size_t under = 0;
  out.section = section_of(headings, under);
  if (out.section == nullptr) return out;
  for (const StandardItem& item : out.section->items) out.shares[item.capability] += 1.0 / static_cast<double>(out.section->items.size());
  const Clause& c = document_.clauses[clause];
  const std::set<std::u32string> text = grams_of(c.title + " " + c.text);
  const bool near = headings.size() - under <= kFar;
  const auto it = below_.find(headings[under].clause);
  const double all = it == below_.end() ? 1.0 : static_cast<double>(it->second);
  double most = near ? kEnough : kEnoughFar;
  for (std::size_t k = 0; k < out.section->items.size(); ++k) {
    const double here = (static_cast<double>(place_[clause]) + 0.5) / all;
    const double there = (static_cast<double>(k) + 0.5) / static_cast<double>(out.section->items.size());
    const double words = shared(grams_of(out.section->items[k].gist), text);
    const double likeness = near ? kWords * words + (1 - kWords) * (1 - std::abs(here - there)) : words;
    if (likeness <= most) continue;
    most = likeness;
    out.item = &out.section->items[k];
  }
  return out;
}

}  // namespace sekisho::clauses
