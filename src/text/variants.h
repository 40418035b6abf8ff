// Spelling variants of one word, used on questions: 取組 / 取り組み, 子供 / 子ども. Immutable after load; thread-safe.
//
// Table: UTF-8, one group a line, spellings separated by tabs, `#` starts a comment line. Kana in parentheses may be left out:
//   取(り)組(み)          stands for 取り組み 取り組 取組み 取組
//   子供 <tab> 子ども <tab> こども
// A spelling belongs to one group; the first line that names it wins. A line may expand to 64 spellings at most.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/result.h"

namespace sekisho::text {

class VariantTable {
 public:
  VariantTable() = default;
  static Result<VariantTable> parse(std::string_view tsv);
  static Result<VariantTable> load(const std::string& path);

  // The other spellings of a normalised word; empty when there are none.
  std::vector<std::string_view> others(std::string_view word) const;
  // Bytes of the longest spelling that starts the text; 0 when none does.
  std::size_t longest_prefix(std::string_view text) const;
  std::size_t groups() const { return groups_.size(); }

 private:
  std::vector<std::vector<std::string>> groups_;
  std::unordered_map<std::string, std::uint32_t> group_of_;
  std::size_t longest_ = 0;
};

}  // namespace sekisho::text
