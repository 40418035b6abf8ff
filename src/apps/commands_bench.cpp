// Measurements. Each prints one JSON object. bench.h has what each of them does.
#include <algorithm>
#include <cstdio>
#include <thread>

#include "apps/bench.h"
#include "apps/command.h"
#include "crypto/random.h"
#include "search/retrieval_bench.h"

namespace sekisho::apps {
namespace {

Status backups(Invocation& in) {
  BackupBench bench;
  bench.gigabytes = std::atof(in.arguments.value("gb", "5").c_str());
  bench.streams = std::atoi(in.arguments.value("streams", "30").c_str());
  bench.seconds = std::atof(in.arguments.value("seconds", "40").c_str());
  bench.turns = std::atoi(in.arguments.value("turns", "1").c_str());
  bench.within = std::atof(in.arguments.value("within", "0").c_str());
  if (bench.gigabytes < 0.01 || bench.gigabytes > 100 || bench.streams < 1 || bench.streams > 300 || bench.seconds < 1 || bench.seconds > 600 || bench.turns < 1 ||
      bench.turns > 100 || bench.within < 0 || bench.within > 600)
    return fail(Code::invalid_argument, "usage", "--gb 0.01..100, --streams 1..300, --seconds 1..600, --turns 1..100, --within 0..600");
  SK_TRY(const json::Value out, bench_backup(in.config, bench));
  in.print(out, json::serialise(out));
  return ok();
}

Status ingest(Invocation& in) {
  const int documents = std::atoi(in.arguments.value("documents", "1000").c_str());
  const int bytes = std::atoi(in.arguments.value("bytes", "20000").c_str());
  if (documents < 1 || documents > 1'000'000 || bytes < 100 || bytes > 50'000'000) return fail(Code::invalid_argument, "usage", "--documents 1..1000000, --bytes 100..50000000");
  SK_TRY(const json::Value out, bench_ingest(in.config, in.arguments.value("corpus"), documents, bytes));
  in.print(out, json::serialise(out));
  return ok();
}

Status retrieval(Invocation& in) {
  SK_TRY(const std::string corpus, in.arguments.need("corpus"));
  SK_TRY(const std::string queries, in.arguments.need("queries"));
  text::Analyzer::Options options;
  options.dictionary = in.config.dictionary_dir;
  options.variants = in.config.packs_dir + "/analysis/variants.tsv";
  SK_TRY(const auto analyzer, text::Analyzer::create(options));
  SK_TRY(const std::string out, search::retrieval_bench(corpus, queries, *analyzer, std::thread::hardware_concurrency()));
  std::printf("%s\n", out.c_str());
  return ok();
}

Status login(Invocation& in) {
  const int logins = std::atoi(in.arguments.value("logins", "30").c_str());
  const int streams = std::atoi(in.arguments.value("streams", "20").c_str());
  const int rounds = std::atoi(in.arguments.value("rounds", "1").c_str());
  if (logins < 1 || logins > 1000 || streams < 1 || streams > 200 || rounds < 1 || rounds > 20)
    return fail(Code::invalid_argument, "usage", "--logins 1..1000, --streams 1..200, --rounds 1..20");
  SK_TRY(const json::Value out, bench_login(in.config, logins, streams, rounds));
  in.print(out, json::serialise(out));
  return ok();
}

Status office_lists(Invocation& in) {
  const int cases = std::atoi(in.arguments.value("cases", "201000").c_str());
  const int rows = std::atoi(in.arguments.value("rows", "10000").c_str());
  if (cases < 1000 || cases > 1'000'000 || rows < 1 || rows > 20'000) return fail(Code::invalid_argument, "usage", "--cases 1000..1000000, --rows 1..20000");
  SK_TRY(const json::Value out, bench_office(in.config, cases, rows));
  in.print(out, json::serialise(out));
  return ok();
}

Status ledger(Invocation& in) {
  SK_CHECK(crypto::init());
  std::vector<int> callers;
  const std::string list = in.arguments.value("callers", "1,16,100,300");
  for (std::size_t at = 0; at < list.size();) {
    const std::size_t end = std::min(list.find(',', at), list.size());
    callers.push_back(std::atoi(list.substr(at, end - at).c_str()));
    at = end + 1;
  }
  const int seconds = std::atoi(in.arguments.value("seconds", "2").c_str());
  const int rounds = std::atoi(in.arguments.value("rounds", "3").c_str());
  const int stall = std::atoi(in.arguments.value("stall-seconds", "60").c_str());
  if (callers.empty() || *std::min_element(callers.begin(), callers.end()) < 1 || *std::max_element(callers.begin(), callers.end()) > 2000 || seconds < 1 || seconds > 600 || rounds < 1 ||
      rounds > 100 || stall < 0 || stall > 3600)
    return fail(Code::invalid_argument, "usage", "--callers 1..2000,…  --seconds 1..600  --rounds 1..100  --stall-seconds 0..3600");
  SK_TRY(const json::Value out, bench_ledger(in.arguments.value("dir", ""), callers, seconds, rounds, stall));
  in.print(out, json::serialise(out));
  return ok();
}

}  // namespace

void add_bench_commands(std::vector<Command>& commands) {
  commands.push_back({"bench retrieval", "--corpus TSV --queries TSV", "検索の質と速さを測る", {"corpus", "queries"}, {}, retrieval});
  commands.push_back({"bench backup", "[--gb N] [--streams N] [--seconds N] [--turns N] [--within N]", "控えを取っている間の、回答の始まりの遅れを測る", {"gb", "streams", "seconds", "turns", "within"}, {}, backups});
  commands.push_back({"bench login", "[--logins N] [--streams N] [--rounds N]", "同時のログインの速さと、その間の回答の流れを測る", {"logins", "streams", "rounds"}, {}, login});
  commands.push_back({"bench office", "[--cases N] [--rows N]", "管理室の一覧と検索と台帳の読込みの速さを、行そのものを読む速さと並べて測る", {"cases", "rows"}, {}, office_lists});
  commands.push_back({"bench ledger", "[--dir DIR] [--callers 1,16,100,300] [--seconds N] [--rounds N] [--stall-seconds N]", "記録の書込みと検証の速さを、ディスクそのものの速さと並べて測る",
                      {"dir", "callers", "seconds", "rounds", "stall-seconds"}, {}, ledger});
  commands.push_back({"bench ingest", "[--documents N] [--bytes N] [--corpus TSV]", "取り込みの速さを測る", {"documents", "bytes", "corpus"}, {}, ingest});
}

}  // namespace sekisho::apps
