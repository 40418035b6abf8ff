// What add() has analysed and flush() has not yet written: passages as terms. One thread at a time, except that each PassageAnalyser may work
// on a thread of its own. Memory: bytes() counts what is held; write() needs about as much again while it sorts.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "search/index.h"
#include "search/segment_writer.h"
#include "text/analyse.h"

namespace sekisho::search {

struct TermCount {
  std::uint64_t term = 0;
  std::uint32_t tf = 0;  // occurrences in the body + 2 x those in title and heading, at most kMaxTf
};

struct AnalysedPassage {
  std::uint32_t chunk = 0;
  std::uint16_t length = 0;
  std::uint16_t title_words = 0;
  std::vector<std::uint16_t> forward;
  std::vector<TermCount> terms;
};

// Turns passages into terms. Neighbouring chunks of one document share title and heading, so those are analysed once.
class PassageAnalyser {
 public:
  explicit PassageAnalyser(const text::Analyzer& analyzer) : session_(analyzer), slots_(1024) {}
  void analyse(const Passage& passage, AnalysedPassage& out);

 private:
  struct Slot {
    std::uint64_t term = 0;
    std::uint32_t passage = 0;  // the slot is free unless this is the current one
    std::uint32_t at = 0;       // in AnalysedPassage::terms
  };
  void analyse_title(const Passage& passage);
  void count(std::uint64_t term, std::uint32_t weight, std::vector<TermCount>& terms);
  void grow(const std::vector<TermCount>& terms);

  text::Analyzer::Session session_;
  std::vector<Slot> slots_;  // open addressing; a power of two
  std::uint32_t passage_ = 0;
  std::string title_key_;
  std::vector<text::Token> title_;
};

class WriteBuffer {
 public:
  void reserve(std::size_t bytes);  // room for so much, so that nothing is moved while it fills
  void add(const AnalysedPassage& passage);
  bool empty() const { return documents_.empty(); }
  std::uint64_t bytes() const { return entries_.size() * sizeof(Entry) + forward_.size() * 2 + documents_.size() * sizeof(Document); }
  std::uint32_t last_chunk() const { return documents_.empty() ? 0 : documents_.back().chunk; }
  // Writes everything as one segment; the buffer is unchanged.
  Status write(SegmentWriter& writer);
  void clear();      // its memory is kept for what comes next
  void give_back();  // the memory of a cleared buffer

 private:
  struct Entry {
    std::uint64_t term_tf;  // term << 8 | tf
    std::uint32_t document;
  };
  void sort();

  std::vector<Entry> entries_;
  std::vector<Entry> sorted_;  // where sort() lays them, as large as entries_ once it was needed
  std::vector<std::uint16_t> forward_;
  std::vector<Document> documents_;
};

}  // namespace sekisho::search
