#include <cstddef>
#include <cstdint>

#include "workflow/definition.h"

// Whatever is put in: findings or a definition, never both, and nothing worse. A body with little, so that much is left out.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sekisho::workflow;
  Organisation organisation;
  organisation.terms = {{"staff", "職員"}};
  organisation.posts = {{"manager", "k"}};
  organisation.roles = {{"k", "管理者", {"approvals.use"}}};
  const Loaded loaded = load({reinterpret_cast<const char*>(data), size}, organisation, {{"approvals.use"}, {"retention.hold"}, {}, {}, {}});
  if (loaded.definition && !loaded.findings.empty()) __builtin_trap();
  return 0;
}
