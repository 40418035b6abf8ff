#include "apps/policy_clock.h"

#include "core/log.h"
#include "features/standard/publishing.h"

namespace sekisho::apps {
namespace {

Status come_into_force(Engine& engine, gate::Body& body, const gate::Caller& program) {
  std::vector<standard::VersionId> due;
  {
    SK_TRY(auto tx, body.db->begin_read());
    SK_TRY(due, standard::Versions::due(*tx, SystemClock().now()));
  }
  // Asked before any operation: what is stopped would be tried again and again, and fill the log.
  if (due.empty() || !engine.gate().not_stopped("policies.settle", program, "program")) return ok();
  const auto operation = standard::come_into_force();
  for (const standard::VersionId& version : due)
    if (const auto done = engine.gate().run(operation, program, standard::VersionIn{version}); !done) log::error("policies.come_into_force", done.error());
  return ok();
}

}  // namespace

void settle_policies(Engine& engine) {
  for (const auto& [code, body] : engine.bodies()) {
    const gate::Caller program = engine.caller(*body, gate::Program{});
    if (const Status done = come_into_force(engine, *body, program); !done) log::error("policies.due", done.error());
    if (const Status placed = standard::place_publications(engine.gate(), *body, program); !placed) log::error("policies.place", placed.error());
  }
}

}  // namespace sekisho::apps
