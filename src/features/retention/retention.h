// Retention: rules for each kind, holds, what will go and when, and the scheduled erasure.
//
// Erasing a month of the log is two things: its key is deleted in one act ("retention.erase", whose leaf names the period and makes the absence
// lawful), from when on nobody can read it; the rows that it sealed are swept in steps afterwards, so that chats do not wait. A program that
// dies between them goes on at the next run. Leaves and proofs stay.
// Conversations go by themselves when nobody touched them for as long as their rule says; the log's copy keeps its own time.
// Threads: free functions; run() may be called from any thread, one at a time for a body.
#pragma once
#include <functional>

#include "features/bodies/operations.h"
#include "features/retention/table.h"
#include "gate/run.h"

namespace sekisho::retention {

// People's conversations, as the chat feature keeps them.
struct Chats {
  std::function<Result<std::vector<std::string>>(sql::Tx&, Timestamp idle_before, int limit)> idle;
  std::function<Status(sql::Tx&, const std::string& id)> remove;
};

struct RuleView {
  static constexpr const char* kSchemaName = "RetentionRule";
  std::string kind;
  std::optional<int> months;  // none: kept until a rule is set
  std::string set_by;
  std::optional<Timestamp> set_at;
  std::string earliest;       // the first month that can be read now; empty: nothing there
};
BOOST_DESCRIBE_STRUCT(RuleView, (), (kind, months, set_by, set_at, earliest))
struct PlanView {
  static constexpr const char* kSchemaName = "PlannedErasure";
  std::string kind;
  std::string month;  // of conversations: empty
  Timestamp due_at;
  std::string state;  // "waits", "due", "held"
  std::string held_by;  // incident or reason of the hold
  std::optional<std::int64_t> count;  // payloads or conversations, of what goes within a month
  std::optional<std::int64_t> bytes;
};
BOOST_DESCRIBE_STRUCT(PlanView, (), (kind, month, due_at, state, held_by, count, bytes))
struct ErasedView {
  static constexpr const char* kSchemaName = "Erased";
  std::string kind;
  std::string month;
  Timestamp erased_at;
  std::int64_t payloads = 0;
  bool swept = false;
};
BOOST_DESCRIBE_STRUCT(ErasedView, (), (kind, month, erased_at, payloads, swept))
struct HoldView {
  static constexpr const char* kSchemaName = "RetentionHold";
  std::string id;
  std::string kind;
  std::string from_month;
  std::string to_month;
  std::string incident;
  std::string reason;
  std::string set_by;
  Timestamp set_at;
  std::optional<std::string> released_by;
  std::optional<Timestamp> released_at;
  std::optional<std::string> release_reason;
};
BOOST_DESCRIBE_STRUCT(HoldView, (), (id, kind, from_month, to_month, incident, reason, set_by, set_at, released_by, released_at, release_reason))
struct RetentionOut {
  static constexpr const char* kSchemaName = "Retention";
  int least_months = kLeastMonths;
  std::vector<RuleView> rules;
  std::vector<PlanView> plan;  // soonest first
  std::vector<ErasedView> erased;
  std::vector<HoldView> holds;
};
BOOST_DESCRIBE_STRUCT(RetentionOut, (), (least_months, rules, plan, erased, holds))

struct RuleIn {
  std::string kind;
  std::optional<int> months;  // left out: keep
};
BOOST_DESCRIBE_STRUCT(RuleIn, (), (kind, months))
struct HoldIn {
  std::optional<std::string> kind;
  std::optional<std::string> from_month;
  std::optional<std::string> to_month;
  std::string incident;
  std::string reason;
};
BOOST_DESCRIBE_STRUCT(HoldIn, (), (kind, from_month, to_month, incident, reason))
struct ReleaseIn {
  struct HoldTag;
  Id<HoldTag> id;
  std::string reason;
};
BOOST_DESCRIBE_STRUCT(ReleaseIn, (), (id, reason))

void register_operations(gate::Registry& registry, const Chats& chats);

struct Done {
  int periods = 0;  // erased
  int chats = 0;
};
// Everything that is due now, and what an earlier run left. Stops at the first failure, which the next run meets again.
Result<Done> run(gate::Gate& gate, gate::Body& body, const Chats& chats);

}  // namespace sekisho::retention
