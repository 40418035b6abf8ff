// The extractive engine: answers a question with sentences that stand in the retrieved passages, each followed by its citation [n].
// It says nothing of its own; where nothing fits, the answer is empty and the caller says so.
//
// Pure and deterministic: the same input gives the same answer. Text is UTF-8; spans are byte offsets.
// Invariants: 1. every sentence is a piece of one passage (line breaks and runs of spaces become one space; "[1]" in a source becomes
// "［1］" so that it cannot pass for a citation; an over-long sentence is cut and ends with …). 2. Every sentence has a citation.
#pragma once
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace sekisho::llm {

struct Span {
  std::size_t begin = 0;
  std::size_t end = 0;
};

struct Passage {
  int citation = 0;  // the n of [n]
  std::string_view text;
  double score = 0;  // of retrieval; only the order of size matters
};

struct ExtractiveTools {
  std::function<std::vector<Span>(std::string_view text)> split_sentences;
  // How much of the question's terms the sentence holds: 0 none, 1 all.
  std::function<double(std::string_view question, std::string_view sentence)> overlap;
};

struct ExtractiveLimits {
  std::size_t max_sentences = 7;
  // The first passages of the retrieval each give their best sentence: which of them holds the answer is for the reader to see.
  std::size_t cover_passages = 5;
  std::size_t max_sentence_bytes = 1200;
  double least_overlap = 0.15;
};

struct ExtractiveSentence {
  Span span;  // in the answer's text, without the marker
  int citation = 0;
};
struct ExtractiveAnswer {
  std::string text;
  std::vector<ExtractiveSentence> sentences;
};

// Passages in the order of retrieval, best first.
ExtractiveAnswer extract_answer(std::string_view question, const std::vector<Passage>& passages, const ExtractiveTools& tools,
                                const ExtractiveLimits& limits = {});

}  // namespace sekisho::llm
