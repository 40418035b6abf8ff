// From passages to postings in memory: what add() gathers until a flush. One Collector a thread.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "search/index.h"
#include "text/analyse.h"

namespace sekisho::search {

struct Occurrence {
  std::uint64_t term = 0;
  std::uint32_t document = 0;  // place in the batch
  std::uint32_t tf = 0;
};

struct Analysed {
  std::uint32_t chunk = 0;
  std::uint16_t length = 0;
  std::uint16_t title_words = 0;
  std::uint32_t forward_bytes = 0;
};

struct Batch {
  std::vector<Occurrence> occurrences;
  std::vector<Analysed> documents;
  std::string forward;
  std::size_t bytes() const { return occurrences.size() * sizeof(Occurrence) + documents.size() * sizeof(Analysed) + forward.size(); }
  void append(Batch&& other);
};

class Collector {
 public:
  explicit Collector(const text::Analyzer& analyzer) : session_(analyzer) {}
  void add(const Passage& passage, Batch& out);

 private:
  void put_forward(std::uint64_t term, Batch& out);
  text::Analyzer::Session session_;
  std::string title_;                  // the last title and heading, and their tokens: they repeat from chunk to chunk
  std::vector<text::Token> title_tokens_;
  std::vector<std::uint64_t> terms_;   // of one passage; a title's stand twice
};

}  // namespace sekisho::search
