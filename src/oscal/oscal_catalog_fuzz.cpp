// Any bytes as a catalog: what is read is written as a catalog that reads the same.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "oscal/catalog.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sekisho::oscal;
  auto read = read_catalog(std::string_view(reinterpret_cast<const char*>(data), size));
  if (!read) return 0;
  const std::string source = lay_out(*read);
  int index = 0;
  for (const auto& clause : read->policy.document.clauses) {
    if (clause.parent >= index++) std::abort();
    for (const auto& span : clause.spans)
      if (span.begin > span.end || span.end > source.size()) std::abort();
  }
  // Ids as the importer gives them.
  for (std::size_t i = 0; i < read->policy.ids.size(); ++i) read->policy.ids[i] = std::to_string(i);
  read->policy.version = "1";
  const std::string written = write_catalog(read->policy);
  auto again = read_catalog(written);
  if (!again) {
    // Escapes make text longer.
    if (again.error().key == "oscal.too_large") return 0;
    std::abort();
  }
  again->policy.version = "1";
  if (write_catalog(again->policy) != written) std::abort();
  return 0;
}
