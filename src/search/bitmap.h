// The set of chunks a caller may read, or that are still alive: one bit a chunk id. A value; not thread-safe while written.
#pragma once
#include <bit>
#include <cstdint>
#include <vector>

namespace sekisho::search {

class Bitmap {
 public:
  void set(std::uint32_t id) {
    grow(id);
    words_[id >> 6] |= 1ull << (id & 63);
  }
  // Both ends belong to the range.
  void set_range(std::uint32_t first, std::uint32_t last) { each_word(first, last, [](std::uint64_t& word, std::uint64_t mask) { word |= mask; }); }
  void clear_range(std::uint32_t first, std::uint32_t last) { each_word(first, last, [](std::uint64_t& word, std::uint64_t mask) { word &= ~mask; }); }

  bool empty() const { return words_.empty(); }
  bool test(std::uint32_t id) const { return (id >> 6) < words_.size() && (words_[id >> 6] >> (id & 63) & 1) != 0; }

  std::uint64_t count() const {
    std::uint64_t total = 0;
    for (const std::uint64_t word : words_) total += static_cast<std::uint64_t>(std::popcount(word));
    return total;
  }
  std::uint64_t count_common(const Bitmap& other) const {
    std::uint64_t total = 0;
    for (std::size_t i = 0; i < words_.size() && i < other.words_.size(); ++i) total += static_cast<std::uint64_t>(std::popcount(words_[i] & other.words_[i]));
    return total;
  }
  // How many of first..last are in the set.
  std::uint64_t count_range(std::uint32_t first, std::uint32_t last) const {
    std::uint64_t total = 0;
    for (std::size_t i = first >> 6; i <= last >> 6 && i < words_.size(); ++i) total += static_cast<std::uint64_t>(std::popcount(words_[i] & mask(i, first, last)));
    return total;
  }

 private:
  static std::uint64_t mask(std::size_t word, std::uint32_t first, std::uint32_t last) {
    std::uint64_t bits = ~0ull;
    if (word == first >> 6) bits &= ~0ull << (first & 63);
    if (word == last >> 6) bits &= ~0ull >> (63 - (last & 63));
    return bits;
  }
  void grow(std::uint32_t id) {
    if ((id >> 6) >= words_.size()) words_.resize((id >> 6) + 1);
  }
  template <class F>
  void each_word(std::uint32_t first, std::uint32_t last, F apply) {
    if (first > last) return;
    grow(last);
    for (std::size_t i = first >> 6; i <= last >> 6; ++i) apply(words_[i], mask(i, first, last));
  }

  std::vector<std::uint64_t> words_;
};

}  // namespace sekisho::search
