#include "search/collect.h"

#include <algorithm>

#include "search/segment.h"

namespace sekisho::search {
namespace {

constexpr std::size_t kMaxLength = 0xFFFF;

void put_number(std::string& out, std::uint16_t value) {
  out.push_back(static_cast<char>(value & 0xFF));
  out.push_back(static_cast<char>(value >> 8));
}

}  // namespace

void Batch::append(Batch&& other) {
  const auto base = static_cast<std::uint32_t>(documents.size());
  occurrences.reserve(occurrences.size() + other.occurrences.size());
  for (Occurrence o : other.occurrences) {
    o.document += base;
    occurrences.push_back(o);
  }
  documents.insert(documents.end(), other.documents.begin(), other.documents.end());
  forward += other.forward;
}

void Collector::put_forward(std::uint64_t term, Batch& out) { put_number(out.forward, fingerprint_of(term)); }

void Collector::add(const Passage& passage, Batch& out) {
  const std::size_t forward_begin = out.forward.size();
  Analysed document;
  document.chunk = passage.chunk;
  terms_.clear();
  std::string title(passage.title);
  title += "\n";
  title += passage.heading;
  if (title != title_) {
    title_tokens_ = session_.analyse(title);
    title_ = std::move(title);
  }
  std::size_t words = 0;
  for (const text::Token& t : title_tokens_) {
    if (t.kind == text::TokenKind::sentence_end) continue;
    terms_.insert(terms_.end(), 2, t.term);  // title and heading weigh twice
    if (t.kind == text::TokenKind::bigram) continue;
    put_forward(t.term, out);
    ++words;
  }
  document.title_words = static_cast<std::uint16_t>(std::min(words, kMaxLength));
  for (const text::Token& t : session_.analyse(passage.text)) {
    if (t.kind == text::TokenKind::sentence_end) {
      put_number(out.forward, 0);
      continue;
    }
    terms_.push_back(t.term);
    if (t.kind == text::TokenKind::bigram) continue;
    put_forward(t.term, out);
    ++words;
  }
  document.length = static_cast<std::uint16_t>(std::min(words, kMaxLength));
  document.forward_bytes = static_cast<std::uint32_t>(out.forward.size() - forward_begin);
  std::sort(terms_.begin(), terms_.end());
  const auto index = static_cast<std::uint32_t>(out.documents.size());
  for (std::size_t i = 0; i < terms_.size();) {
    std::size_t end = i;
    while (end < terms_.size() && terms_[end] == terms_[i]) ++end;
    out.occurrences.push_back({terms_[i], index, static_cast<std::uint32_t>(std::min<std::size_t>(end - i, kMaxTf))});
    i = end;
  }
  out.documents.push_back(document);
}

}  // namespace sekisho::search
