// parse_bench FILE…: how long reading a document takes, and what it says of itself. One JSON object a file.
#include <chrono>
#include <cstdio>
#include <cstring>

#include "clauses/parse.h"
#include "core/bytes.h"

int main(int argc, char** argv) {
  using namespace sekisho;
  for (int i = 1; i < argc; ++i) {
    const auto source = read_file(argv[i], clauses::kMaxSourceBytes);
    if (!source) return 1;
    const auto begin = std::chrono::steady_clock::now();
    const auto document = clauses::parse(*source);
    const double ms = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count();
    if (!document) return 1;
    std::printf("{\"file\":\"%s\",\"clauses\":%zu,\"repairs\":%zu,\"attributed\":%.6f,\"ms\":%.2f}\n", argv[i], document->clauses.size(), document->repairs.size(), document->attributed, ms);
    if (std::getenv("SK_TREE") != nullptr)
      for (const auto& c : document->clauses) std::printf("%u|%u|%s|%s|%s|%s|%s\n", c.part, c.line, c.ref.c_str(), c.printed.c_str(), c.label.c_str(), c.title.c_str(), c.text.c_str());
    if (std::getenv("SK_REPAIRS") != nullptr)
      for (const auto& r : document->repairs) std::printf("%u %s [%s] [%s]\n", r.line, r.kind.c_str(), r.from.c_str(), r.to.c_str());
  }
  return 0;
}
