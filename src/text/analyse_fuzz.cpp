// Any bytes are analysed: ranges lie in the text, the same bytes give the same tokens, a question stays within its limit.
#include <cstdint>
#include <cstdlib>

#include "text/analyse.h"
#include "text/graphemes.h"
#include "text/normalise.h"
#include "text/sentences.h"
#include "text/utf8.h"
#include "text/variants.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sekisho::text;
  static const std::unique_ptr<const Analyzer> analyzer = Analyzer::create({}).value();
  static Analyzer::Session session(*analyzer), other(*analyzer);
  const std::string_view raw(reinterpret_cast<const char*>(data), size);
  const std::string repaired = repair_utf8(raw);
  if (!is_valid_utf8(repaired)) std::abort();
  const std::size_t length = count_code_points(repaired);
  if (count_graphemes(repaired) > length) std::abort();
  for (const Sentence& s : split_sentences(repaired)) {
    if (s.begin >= s.end || s.end > length) std::abort();
  }
  const auto& tokens = session.analyse(raw);
  const auto& again = other.analyse(repaired);
  if (tokens.size() != again.size()) std::abort();
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (tokens[i].term != again[i].term || tokens[i].begin != again[i].begin || tokens[i].begin >= tokens[i].end || tokens[i].end > length) std::abort();
  }
  if (session.analyse_query(raw).size() > Analyzer::kMaxQueryTerms) std::abort();
  if (!is_valid_utf8(normalise(raw))) std::abort();
  if (const auto table = VariantTable::parse(raw)) (void)table->longest_prefix(repaired);
  return 0;
}
