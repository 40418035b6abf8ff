// The read rule turned into filters, for lists and retrieval alike: the one generator. Nobody writes a filter by hand.
//
// The labels of a body are few. A LabelBook numbers them; a Readable is the set of numbers that one reader may read, decided label by label
// with decide_read. Retrieval marks the chunks whose label's number is in the set; SQL lists bind it as text (as_list()) and match it
// with the fragment in label_table.h. What is not in the book is readable for nobody.
//
// LabelBook: append-only, thread-safe. Readable: a value.
#pragma once
#include <cstdint>
#include <memory>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "policy/decide.h"

namespace sekisho::policy {

class Readable {
 public:
  bool has(std::uint32_t number) const { return number < bits_.size() && bits_[number]; }
  // "|1|5|": every number between bars.
  std::string as_list() const;

 private:
  friend class LabelBook;
  std::vector<bool> bits_;
};

class LabelBook {
 public:
  // The numbers are the caller's (row ids of the label table). A text that does not decode is kept as unreadable.
  void learn(std::uint32_t number, std::string_view encoded);
  std::uint32_t last() const;
  // Decided with the rules at this moment; nothing is remembered of readers.
  Readable readable(const Matrix& matrix, const Reader& reader) const;

 private:
  mutable std::shared_mutex mutex_;
  std::vector<std::unique_ptr<const Label>> labels_;  // by number; null: unknown or not decodable
};

}  // namespace sekisho::policy
