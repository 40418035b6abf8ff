// parse_bench FILE…: how long reading a document takes, and what it says of itself. One JSON object a file; two files are also compared.
#include <chrono>
#include <cstdio>
#include <vector>

#include "clauses/compare.h"
#include "clauses/parse.h"
#include "core/bytes.h"

int main(int argc, char** argv) {
  using namespace sekisho;
  std::vector<clauses::Document> documents;
  for (int i = 1; i < argc; ++i) {
    const auto source = read_file(argv[i], clauses::kMaxSourceBytes);
    if (!source) return 1;
    const auto begin = std::chrono::steady_clock::now();
    const auto document = clauses::parse(*source);
    const double ms = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count();
    if (!document) return 1;
    std::printf("{\"file\":\"%s\",\"clauses\":%zu,\"repairs\":%zu,\"attributed\":%.6f,\"ms\":%.2f}\n", argv[i], document->clauses.size(), document->repairs.size(), document->attributed, ms);
    documents.push_back(*document);
  }
  if (documents.size() != 2) return 0;
  const auto begin = std::chrono::steady_clock::now();
  const auto before = clauses::comparables(documents[0]);
  const auto after = clauses::comparables(documents[1]);
  const auto rows = clauses::compare(before, after, clauses::align(before, after));
  const double ms = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count();
  std::size_t same = 0, changed = 0, dropped = 0, added = 0, renumbered = 0, moved = 0;
  for (const auto& row : rows) {
    same += row.same() ? 1 : 0;
    changed += row.changed ? 1 : 0;
    dropped += row.dropped() ? 1 : 0;
    added += row.added() ? 1 : 0;
    renumbered += row.renumbered ? 1 : 0;
    moved += row.moved ? 1 : 0;
  }
  std::printf("{\"rows\":%zu,\"same\":%zu,\"changed\":%zu,\"dropped\":%zu,\"added\":%zu,\"renumbered\":%zu,\"moved\":%zu,\"ms\":%.2f}\n", rows.size(), same, changed,
              dropped, added, renumbered, moved, ms);
  return 0;
}
