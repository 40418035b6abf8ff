// The measurements behind `sekisho bench`. Each works in a temporary folder of its own and removes it.
#pragma once
#include "core/config.h"
#include "json/json.h"

namespace sekisho::apps {

// Plain text through the whole product: received, stored, read in the sandboxed worker, chunked, indexed, durable. Documents of about `bytes`
// bytes are put together from the corpus' texts (id, title, text a line) or, without one, from the demo city's documents.
Result<json::Value> bench_ingest(Config config, const std::string& corpus, int documents, int bytes);

}  // namespace sekisho::apps
