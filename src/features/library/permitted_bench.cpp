// What a permitted set costs: `permitted_bench [documents] [chunks a document]`, 30,000 and 10 unless told. Prints one JSON object.
//   load_ms     the first set after a start: the documents are read from the database
//   cold_ms     a person for whom nothing is kept (median)
//   changed_ms  the same person after one document changed (median)
//   cached_us   the same person again (median); with the look at the revision in the database
#include <chrono>
#include <cstdio>
#include <random>

#include "features/library/permitted.h"
#include "features/library/test_shelf.h"

namespace {

using namespace sekisho;
using namespace sekisho::library;

double ms_since(std::chrono::steady_clock::time_point begin) { return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count(); }
double median(std::vector<double> times) {
  std::sort(times.begin(), times.end());
  return times[times.size() / 2];
}
std::string unit(int n) { return "unit:01JDHV8Z00000000000000" + std::to_string(1000 + n); }

}  // namespace

int main(int argc, char** argv) {
  const int documents = argc > 1 ? std::atoi(argv[1]) : 30'000;
  const int chunks = argc > 2 ? std::atoi(argv[2]) : 10;
  TestShelf shelf;
  std::mt19937 random(7);
  std::vector<policy::Label> labels;  // 30 units, 5 classes, 3 segments
  for (int u = 0; u < 30; ++u)
    for (int c = 1; c <= 5; ++c) labels.push_back(known_label(c, u % 3 == 0 ? std::vector<policy::Clause>{} : std::vector<policy::Clause>{{unit(u)}}, 1u << u % 3));
  std::vector<Document> made;
  {
    auto tx = shelf.db->begin_write().value();
    std::vector<CollectionId> collections;
    for (int n = 0; n < 60; ++n) collections.push_back(shelf.add_collection(*tx, labels[static_cast<std::size_t>(n)]));
    for (int n = 0; n < documents; ++n) made.push_back(shelf.add_document(*tx, collections[random() % 60], labels[random() % labels.size()], chunks));
    TestShelf::must(tx->commit());
  }
  policy::LabelBook book;
  PermittedSets sets(book);
  const auto person = [&](int n) {
    policy::Reader out;
    out.principals = {"user:" + std::to_string(n), unit(n % 30), unit((n + 7) % 30), unit((n + 11) % 30)};
    out.clearance = 3 + n % 3;
    out.accepted_origins = 7;
    return shelf.permit(out);
  };
  const auto take = [&](const policy::Permit& permit) {
    auto tx = shelf.db->begin_read().value();
    const auto begin = std::chrono::steady_clock::now();
    const auto set = sets.of(*tx, permit, {}).value();
    const double ms = ms_since(begin);
    if (set->empty()) std::abort();
    return std::pair(ms, set->count());
  };
  const auto [load, readable] = take(person(0));
  std::vector<double> cold, changed, cached;
  for (int n = 1; n <= 41; ++n) cold.push_back(take(person(n)).first);
  for (int n = 0; n < 2001; ++n) cached.push_back(take(person(41)).first * 1000);
  for (int n = 0; n < 21; ++n) {
    auto tx = shelf.db->begin_write().value();
    TestShelf::must(Table::changed(*tx, made[random() % made.size()].first_chunk));
    TestShelf::must(tx->commit());
    changed.push_back(take(person(41)).first);
  }
  std::printf("{\"chunks\":%d,\"documents\":%d,\"readable_chunks\":%llu,\"load_ms\":%.2f,\"cold_ms\":%.3f,\"changed_ms\":%.3f,\"cached_us\":%.2f}\n", documents * chunks,
              documents, static_cast<unsigned long long>(readable), load, median(cold), median(changed), median(cached));
  return 0;
}
