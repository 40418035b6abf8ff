// Any bytes as a policy document: the tree's invariants hold whatever comes in.
#include <cstdint>
#include <cstdlib>
#include <set>
#include <string>
#include <vector>

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
  return 0;
}
