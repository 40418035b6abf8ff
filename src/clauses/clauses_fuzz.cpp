// Any bytes as a policy document: the tree's invariants hold whatever comes in, and a meaning is read off it.
#include <cstdint>
#include <cstdlib>
#include <set>
#include <string>
#include <vector>

#include "clauses/meaning.h"
#include "clauses/parse.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sekisho::clauses;
  const std::string source(reinterpret_cast<const char*>(data), size);
  const auto document = parse(source);
  if (!document) return 0;
  std::set<std::pair<std::uint32_t, std::string>> refs;
  std::vector<bool> taken(source.size(), false);
  int index = 0;
  for (const Clause& clause : document->clauses) {
    if (clause.parent >= index++) std::abort();
    if (!refs.insert({clause.part, clause.ref}).second) std::abort();
    for (const Span& span : clause.spans) {
      if (span.begin > span.end || span.end > source.size()) std::abort();
      for (std::uint32_t i = span.begin; i < span.end; ++i) {
        if (taken[i]) std::abort();
        taken[i] = true;
      }
    }
  }
  if (document->attributed != 1.0) std::abort();
  static const MeaningRules kRules{"1", {{"must", {"する", "こと"}, {}}}, {"次の"}, {{"staff", {"職員"}}}, {{"document", {"定"}, std::vector<std::string>{"る"}, {"1"}}}, {{"training", {"研修"}, std::nullopt, {"一"}}}};
  static const Structure kStructure{"1", {{{"一|1", "甲"}, {{"研修", "must", "document", "training", {"staff"}}}}}};
  const auto meanings = suggest(*document, kRules, kStructure, {{"職員", "@staff"}}, {{"staff", "@staff"}});
  if (meanings.size() != document->clauses.size()) std::abort();
  return 0;
}
