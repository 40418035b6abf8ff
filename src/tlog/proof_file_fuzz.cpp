// What parses as a proof must print to the same bytes; what parses as a policy asks for no more than it names.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "tlog/policy.h"
#include "tlog/proof_file.h"

using namespace sekisho::tlog;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  if (const auto proof = parse_inclusion(bytes); proof.has_value() && encode_inclusion(*proof) != bytes) std::abort();
  if (const auto proof = parse_consistency(bytes); proof.has_value() && encode_consistency(*proof) != bytes) std::abort();
  if (const auto policy = TrustPolicy::parse(bytes); policy.has_value()) {
    std::vector<VerifiedSignature> all;
    for (const auto& witness : policy->witnesses()) all.push_back({witness.key.name(), KeyType::cosignature, 0});
    if (!policy->satisfied_by(all)) std::abort();
  }
  return 0;
}
