// A table under construction whose cells may span columns and rows: a spanning cell's text is repeated into every place it covers. Pure.
#pragma once
#include <algorithm>
#include <string>
#include <vector>

#include "files/limits.h"
#include "files/table.h"

namespace sekisho::files {

class Grid {
 public:
  void begin_row() {
    rows_.emplace_back();
    column_ = 0;
    fill_from_above();
  }
  // Spans below 1 count as 1; beyond the limits they are cut.
  void add_cell(const std::string& text, int columns, int height) {
    if (rows_.empty()) begin_row();
    const std::size_t wide = static_cast<std::size_t>(std::clamp(columns, 1, static_cast<int>(kMaxColumns)));
    const std::size_t tall = static_cast<std::size_t>(std::clamp(height, 1, 65'536));
    fill_from_above();
    for (std::size_t i = 0; i < wide && rows_.back().size() < kMaxColumns; ++i) {
      if (pending_.size() <= column_) pending_.resize(column_ + 1);
      pending_[column_] = {text, tall - 1};
      put(text);
    }
    fill_from_above();
  }
  std::size_t row_count() const { return rows_.size(); }
  bool full() const { return cells_ >= kMaxTableCells || bytes_ >= kMaxUnpackedBytes; }
  std::vector<Row> take() { return std::move(rows_); }

 private:
  struct Pending {
    std::string text;
    std::size_t rows = 0;  // rows below that it still covers
  };
  void fill_from_above() {
    while (column_ < pending_.size() && pending_[column_].rows > 0 && rows_.size() > 1 && !full()) {
      --pending_[column_].rows;
      put(pending_[column_].text);
    }
  }
  void put(const std::string& text) {
    if (full()) return;
    rows_.back().push_back(text);
    ++column_;
    ++cells_;
    bytes_ += text.size();
  }

  std::vector<Row> rows_;
  std::vector<Pending> pending_;
  std::size_t column_ = 0;
  std::size_t cells_ = 0;
  std::uint64_t bytes_ = 0;
};

}  // namespace sekisho::files
