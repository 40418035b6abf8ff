// Measures retrieval on a gold set; the body of `sekisho bench retrieval`. Builds an index in a temporary folder, asks every question once
// on one thread with the index warm, and removes the folder.
//
// corpus: id, title, text. queries: id, question, gold ids separated by commas (further columns are ignored). Tabs, UTF-8, one record a line.
// Implemented in retrieval_bench_run.cpp; search_bench.cpp is a program round it.
#pragma once
#include <string>

#include "core/result.h"
#include "text/analyse.h"

namespace sekisho::search {

// One JSON object: {"queries","recall@1","recall@5","recall@10","mrr@10","p50_ms","p95_ms","index_s","index_bytes","text_bytes","rss_mb"}.
// index_s: from text in memory to searchable and durable; rss_mb: the process's peak. Code::invalid_argument for files of another form.
Result<std::string> retrieval_bench(const std::string& corpus, const std::string& queries, const text::Analyzer& analyzer, unsigned threads);

}  // namespace sekisho::search
