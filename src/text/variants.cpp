#include "text/variants.h"

#include <algorithm>

#include "core/bytes.h"
#include "text/characters.h"
#include "text/katakana.h"
#include "text/normalise.h"
#include "text/utf8.h"

namespace sekisho::text {
namespace {

constexpr std::size_t kMaxSpellings = 64;
constexpr std::size_t kMaxTableBytes = 16u << 20;

std::string fold(std::string_view spelling) {
  Normalised normal;
  normalise(spelling, normal);
  fold_old_forms(normal.text);
  std::string out;
  append_utf8(out, normal.text);
  return out;
}

// Adds every reading of the notation with optional parts; false when it is malformed or too many.
bool expand(std::string_view notation, std::vector<std::string>& out) {
  std::vector<std::string> partial{""};
  while (!notation.empty()) {
    const std::size_t open = notation.find('(');
    const std::string_view fixed = notation.substr(0, open);
    if (fixed.find(')') != fixed.npos) return false;
    for (std::string& text : partial) text.append(fixed);
    if (open == notation.npos) break;
    const std::size_t close = notation.find(')', open);
    if (close == notation.npos || partial.size() * 2 > kMaxSpellings) return false;
    const std::size_t before = partial.size();
    for (std::size_t i = 0; i < before; ++i) partial.push_back(partial[i] + std::string(notation.substr(open + 1, close - open - 1)));
    notation.remove_prefix(close + 1);
  }
  for (std::string& text : partial) out.push_back(fold(text));
  return out.size() <= kMaxSpellings;
}

}  // namespace

Result<VariantTable> VariantTable::parse(std::string_view tsv) {
  VariantTable table;
  std::size_t line_number = 0;
  while (!tsv.empty()) {
    const std::size_t newline = tsv.find('\n');
    std::string_view line = tsv.substr(0, newline);
    tsv.remove_prefix(newline == tsv.npos ? tsv.size() : newline + 1);
    ++line_number;
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty() || line.front() == '#') continue;
    std::vector<std::string> spellings;
    while (!line.empty()) {
      const std::size_t tab = line.find('\t');
      if (!expand(line.substr(0, tab), spellings)) return fail(Code::invalid_argument, "text.variants", "line " + std::to_string(line_number));
      line.remove_prefix(tab == line.npos ? line.size() : tab + 1);
    }
    const auto group = static_cast<std::uint32_t>(table.groups_.size());
    std::vector<std::string> kept;
    for (std::string& spelling : spellings) {
      if (spelling.empty() || !table.group_of_.emplace(spelling, group).second) continue;
      table.longest_ = std::max(table.longest_, spelling.size());
      table.group_of_.emplace(canonical_katakana(spelling), group);  // words come from the analysis in this form
      kept.push_back(std::move(spelling));
    }
    table.groups_.push_back(std::move(kept));
  }
  return table;
}

Result<VariantTable> VariantTable::load(const std::string& path) {
  SK_TRY(const std::string tsv, read_file(path, kMaxTableBytes).context("while reading the spelling variants"));
  return parse(tsv).context(path);
}

std::vector<std::string_view> VariantTable::others(std::string_view word) const {
  std::vector<std::string_view> out;
  const auto found = group_of_.find(std::string(word));
  if (found == group_of_.end()) return out;
  for (const std::string& spelling : groups_[found->second]) {
    if (spelling != word) out.push_back(spelling);
  }
  return out;
}

std::size_t VariantTable::longest_prefix(std::string_view text) const {
  for (std::size_t size = std::min(text.size(), longest_); size > 0; --size) {
    if (size < text.size() && static_cast<signed char>(text[size]) < -64) continue;
    if (group_of_.contains(std::string(text.substr(0, size)))) return size;
  }
  return 0;
}

}  // namespace sekisho::text
