// The measurements behind `sekisho bench`. Each works in a temporary folder of its own and removes it.
#pragma once
#include <string>
#include <vector>

#include "core/config.h"
#include "json/json.h"

namespace sekisho::apps {

struct BackupBench {
  double gigabytes = 5;  // of the body
  int streams = 30;
  double seconds = 40;  // of a turn without a backup
  int turns = 1;
  double within = 0;  // seconds after which a backup is stopped; 0: it is made to its end
};
// `streams` people ask and read again and again over HTTP, in turns without and with a backup (`backup.folder`, else a temporary folder;
// `backup.rate_bytes`): the time to the first piece of an answer. The model answers at once, so it is the product's own time.
Result<json::Value> bench_backup(Config config, const BackupBench& bench);

// Plain text through the whole product: received, stored, read in the sandboxed worker, chunked, indexed, durable. Documents of about `bytes`
// bytes are put together from the corpus' texts (id, title, text a line) or, without one, from the demo city's documents.
Result<json::Value> bench_ingest(Config config, const std::string& corpus, int documents, int bytes);

// `logins` people log in at once over HTTP while `streams` answers are being read; against the same number of hashes on the same number of
// threads, with the delay of the streams' pieces before and during, and the memory of the process.
Result<json::Value> bench_login(Config config, int logins, int streams, int rounds);

// Appends of `callers` waiting threads, `seconds` for each of `rounds`, beside the bare disk under `folder` (empty: as BenchFolder); then the longest waits in
// `stall_seconds`, second about with the bare disk; then the verification of what was written, on one core.
Result<json::Value> bench_ledger(const std::string& folder, const std::vector<int>& callers, double seconds, int rounds, int stall_seconds);

// A register of `cases` cases, one in 200 open, each with 600 bytes of text: what writing them costs, and the lists, filters and searches of three people
// (one reads all of them, one those of a department, one a few), beside the reading of a page of rows by their keys. And a ledger of `rows` assets
// as CSV, one in a hundred wrong: looked at, imported, imported again.
Result<json::Value> bench_office(Config config, int cases, int rows);

}  // namespace sekisho::apps
