// Counting what models are used for: reserve before a model is called, settle after it, each inside the transaction of its act.
//
// A call reserves what was typed plus `answer_reserve` for the answer; where a budget (body, department, person) has not that much left it
// is refused with who could permit more, before anything is sent. An answer is never cut for a budget: one that is longer than what was
// reserved is counted whole. The built-in engine is no model: its answers are recorded and count against nothing, so that it goes on
// answering when the budget is used up. A failure that brought no character counts nothing. A use that nobody settled (the program died)
// is settled once at the next start as "unknown": what was typed counts, since it may have been sent.
// Threads: free functions on the transaction that they are given.
#pragma once
#include "features/bodies/operations.h"
#include "features/metering/rules.h"
#include "features/metering/table.h"
#include "gate/run.h"

namespace sekisho::metering {

struct Settings {
  std::int64_t monthly_characters = 5'000'000;       // of a body without a budget of its own
  std::int64_t answer_reserve = 2'000;               // characters
  std::int64_t storage_bytes = 20LL * 1'073'741'824;  // what the body's uploaded originals may take, for the gauge
};

// What a model is used for. A new use is a new name here and its Japanese name in usage's messages.
namespace purpose {
inline constexpr const char* kChat = "chat";
inline constexpr const char* kApi = "api";
inline constexpr const char* kTest = "test";
inline constexpr const char* kDraft = "draft";
}  // namespace purpose

struct Use {
  std::string id;
  std::string purpose;
  std::string endpoint_id;  // empty: the built-in engine
  std::string endpoint;     // its name
  std::int64_t characters_in = 0;
};

// For the permit's person. denied "usage.over_budget", "usage.over_department_budget" or "usage.over_person_budget".
Status reserve(gate::Context& context, const Settings& settings, const Use& use);

struct Used {
  std::string id;
  std::string outcome;  // "complete", "stopped", "failed", "unknown"
  bool built_in = false;
  std::int64_t characters_in = 0;
  std::int64_t characters_out = 0;
  std::int64_t characters_context = 0;
};
std::int64_t counted_of(const Used& used);
// An id that was never reserved, or is settled, is left alone.
Status settle(gate::Context& context, const Used& used);
// What the program left open when it died. Returns how many.
Result<int> settle_open(gate::Gate& gate, gate::Body& body);

void register_operations(gate::Registry& registry, const Settings& settings);

}  // namespace sekisho::metering
