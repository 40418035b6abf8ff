#include "search/write_buffer.h"

#include <sys/mman.h>

#include <algorithm>
#include <array>

namespace sekisho::search {
namespace {

constexpr std::uint32_t kTitleWeight = 2;
constexpr std::size_t kMaxWords = 0xFFFF;

// Room whose pages are touched one after the other and all used: a fault for each 4 KiB would cost more than filling them. Where the system has no
// large pages it is room like any other.
template <class T>
void reserve_large(std::vector<T>& room, std::size_t count) {
  if (room.capacity() >= count) return;
  room.reserve(count);
  constexpr std::uintptr_t kLarge = 2u << 20;
  const auto begin = (reinterpret_cast<std::uintptr_t>(room.data()) + kLarge - 1) / kLarge * kLarge;
  const auto end = reinterpret_cast<std::uintptr_t>(room.data() + room.capacity()) / kLarge * kLarge;
  if (begin < end) static_cast<void>(::madvise(reinterpret_cast<void*>(begin), end - begin, MADV_HUGEPAGE));
}

bool is_indexed_in_order(text::TokenKind kind) { return kind == text::TokenKind::word || kind == text::TokenKind::number; }

}  // namespace

void PassageAnalyser::grow(const std::vector<TermCount>& terms) {
  std::vector<Slot> larger(slots_.size() * 2);
  const std::size_t mask = larger.size() - 1;
  for (std::uint32_t i = 0; i < terms.size(); ++i) {
    std::size_t at = terms[i].term & mask;
    while (larger[at].passage == passage_) at = (at + 1) & mask;
    larger[at] = {terms[i].term, passage_, i};
  }
  slots_.swap(larger);
}

void PassageAnalyser::count(std::uint64_t term, std::uint32_t weight, std::vector<TermCount>& terms) {
  if (terms.size() * 2 >= slots_.size()) grow(terms);
  const std::size_t mask = slots_.size() - 1;
  std::size_t at = term & mask;
  for (; slots_[at].passage == passage_; at = (at + 1) & mask) {
    if (slots_[at].term != term) continue;
    std::uint32_t& tf = terms[slots_[at].at].tf;
    tf = std::min(tf + weight, kMaxTf);
    return;
  }
  slots_[at] = {term, passage_, static_cast<std::uint32_t>(terms.size())};
  terms.push_back({term, weight});
}

void PassageAnalyser::analyse_title(const Passage& passage) {
  std::string key(passage.title);
  key.append("\n").append(passage.heading);
  if (key == title_key_) return;
  title_ = session_.analyse(key);
  title_key_ = std::move(key);
}

void PassageAnalyser::analyse(const Passage& passage, AnalysedPassage& out) {
  if (++passage_ == 0) {
    std::fill(slots_.begin(), slots_.end(), Slot{});
    passage_ = 1;
  }
  out.chunk = passage.chunk;
  out.forward.clear();
  out.terms.clear();
  analyse_title(passage);
  for (const text::Token& token : title_) {
    if (token.kind == text::TokenKind::sentence_end) continue;
    count(token.term, kTitleWeight, out.terms);
    if (is_indexed_in_order(token.kind) && out.forward.size() < kMaxWords) out.forward.push_back(fingerprint_of(token.term));
  }
  out.title_words = static_cast<std::uint16_t>(out.forward.size());
  std::size_t words = 0;
  for (const text::Token& token : session_.analyse(passage.text)) {
    if (token.kind == text::TokenKind::sentence_end) {
      if (out.forward.size() > out.title_words && out.forward.back() != 0) out.forward.push_back(0);
      continue;
    }
    count(token.term, 1, out.terms);
    if (!is_indexed_in_order(token.kind)) continue;
    ++words;
    out.forward.push_back(fingerprint_of(token.term));
  }
  out.length = static_cast<std::uint16_t>(std::min(words, kMaxWords));
}

// Nearly all of it is entries.
void WriteBuffer::reserve(std::size_t bytes) { reserve_large(entries_, bytes / sizeof(Entry)); }

void WriteBuffer::add(const AnalysedPassage& passage) {
  const auto document = static_cast<std::uint32_t>(documents_.size());
  documents_.push_back({passage.chunk, static_cast<std::uint32_t>(forward_.size()), passage.length, passage.title_words});
  forward_.insert(forward_.end(), passage.forward.begin(), passage.forward.end());
  for (const TermCount& term : passage.terms) entries_.push_back({term.term << 8 | term.tf, document});
}

// By term, then by document: of one term the entries lie in order of the document, and sorting keeps the order it found. So a write that failed
// can be tried again after more passages came.
void WriteBuffer::sort() {
  constexpr std::size_t kSmall = 1u << 15;
  if (entries_.size() < kSmall) {
    std::stable_sort(entries_.begin(), entries_.end(), [](const Entry& a, const Entry& b) { return a.term_tf >> 8 < b.term_tf >> 8; });
    return;
  }
  reserve_large(sorted_, entries_.capacity());
  sorted_.resize(entries_.size());
  std::vector<std::uint32_t> starts(0x10000);
  for (const unsigned shift : {8u, 24u, 40u}) {
    std::fill(starts.begin(), starts.end(), 0);
    for (const Entry& entry : entries_) ++starts[entry.term_tf >> shift & 0xFFFF];
    std::uint32_t sum = 0;
    for (std::uint32_t& start : starts) {
      const std::uint32_t count = start;
      start = sum;
      sum += count;
    }
    for (const Entry& entry : entries_) sorted_[starts[entry.term_tf >> shift & 0xFFFF]++] = entry;
    entries_.swap(sorted_);
  }
}

Status WriteBuffer::write(SegmentWriter& writer) {
  const std::string_view forward(reinterpret_cast<const char*>(forward_.data()), forward_.size() * 2);
  for (std::size_t i = 0; i < documents_.size(); ++i) {
    const Document& d = documents_[i];
    const std::size_t begin = std::size_t{d.forward_at} * 2;
    const std::size_t end = i + 1 < documents_.size() ? std::size_t{documents_[i + 1].forward_at} * 2 : forward.size();
    SK_CHECK(writer.add_document(d.chunk, d.length, d.title_words, forward.substr(begin, end - begin)));
  }
  sort();
  PostingsEncoder postings;
  for (std::size_t i = 0; i < entries_.size();) {
    const std::uint64_t term = entries_[i].term_tf >> 8;
    postings.clear();
    for (; i < entries_.size() && entries_[i].term_tf >> 8 == term; ++i) postings.add(entries_[i].document, static_cast<std::uint32_t>(entries_[i].term_tf & 0xFF));
    SK_CHECK(writer.add_term(term, postings));
  }
  return ok();
}

void WriteBuffer::clear() {
  entries_.clear();
  forward_.clear();
  documents_.clear();
}

void WriteBuffer::give_back() {
  if (empty()) *this = {};
}

}  // namespace sekisho::search
