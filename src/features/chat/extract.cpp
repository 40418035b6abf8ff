#include "features/chat/extract.h"

#include <set>

#include "llm/extractive.h"
#include "text/sentences.h"
#include "text/utf8.h"

namespace sekisho::chat {
namespace {

std::set<std::uint64_t> terms_of(std::string_view text, text::Analyzer::Session& session) {
  std::set<std::uint64_t> out;
  for (const text::Token& t : session.analyse(text))
    if (t.kind == text::TokenKind::word || t.kind == text::TokenKind::number) out.insert(t.term);
  return out;
}

}  // namespace

std::string extract_answer(const std::string& question, const std::vector<Citation>& sources, const text::Analyzer& analyzer) {
  text::Analyzer::Session session(analyzer);
  const std::set<std::uint64_t> wanted = terms_of(question, session);
  llm::ExtractiveTools tools;
  tools.split_sentences = [](std::string_view text) {
    std::vector<llm::Span> out;
    for (const text::Sentence& s : text::split_sentences(text)) {
      const auto begin = static_cast<std::size_t>(s.text.data() - text.data());
      out.push_back({begin, begin + s.text.size()});
    }
    return out;
  };
  tools.overlap = [&](std::string_view, std::string_view sentence) {
    if (wanted.empty()) return 0.0;
    std::size_t found = 0;
    for (const std::uint64_t term : terms_of(sentence, session)) found += wanted.count(term);
    return static_cast<double>(found) / static_cast<double>(wanted.size());
  };
  std::vector<llm::Passage> passages;
  for (std::size_t k = 0; k < sources.size(); ++k) passages.push_back({sources[k].n, sources[k].text, static_cast<double>(sources.size() - k)});
  return llm::extract_answer(question, passages, tools).text;
}

}  // namespace sekisho::chat
