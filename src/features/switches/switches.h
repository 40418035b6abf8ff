// Switches: what a case of the security office turns on in the product while it stands in a state, and what else reads it.
//
// A definition names a switch in a state (`switches: [{turn: entry.outside, with: {person: "@opener", until: until}}]`); while a case is in that
// state the switch is on, and off when the case leaves it, is edited so that it means something else, or its last day is over. The office keeps the
// rows (features/office/turning.cpp); whoever is ruled by a switch asks here, in the transaction that acts, so that an end holds at once.
//
// Invariants: 1. Rights are stopped while any one measure stands, whatever else is done to the account or to other cases. 2. A row whose last day is
// over counts for nothing, whether the clock's turn has come or not. 3. Nothing here is on by default: without a wish of the body no network needs a
// permit and no training is asked for.
// Threads: any.
#pragma once
#include <array>
#include <span>

#include "features/bodies/operations.h"
#include "features/switches/table.h"
#include "gate/operation.h"

namespace sekisho::switches {

inline constexpr std::string_view kRightsStopped = "rights.stopped";
inline constexpr std::string_view kOutside = "entry.outside";
inline constexpr std::string_view kPrivateDevice = "entry.private_device";
inline constexpr std::string_view kRuleLifted = "rule.lifted";
inline constexpr std::string_view kTrainingDone = "training.done";
inline constexpr std::string_view kRetentionHeld = "retention.held";
inline constexpr std::string_view kServiceApproved = "service.approved";

// What an argument may be: the types of field it may come from, separated by spaces. A choice's keys must be among `among`, if that is said.
struct Argument {
  std::string_view name;
  std::string_view types;
  bool required = false;
  std::string_view among = "";
};
struct Kind {
  std::string_view name;
  std::string_view clause;
  std::string_view title;
  std::span<const Argument> arguments;
};

// The rules that an approved exception may lift (12(4)ア).
inline constexpr std::string_view kLiftable = "entry_outside entry_private_device training usage_budget";

std::span<const Kind> kinds();
const Kind* find_kind(std::string_view name);

// What the body wants. Networks are CIDR lists separated by commas.
struct Wish {
  static constexpr const char* kSchemaName = "SwitchWish";
  std::string outside_networks;         // who comes from these needs a permit for connecting from outside
  std::string private_networks;         // what comes from these is a private device
  std::vector<std::string> training;    // kinds of training that one must have had before asking a model; empty: none is asked for
  std::optional<int> training_months;   // how long it counts; none: for ever
  std::optional<std::string> training_from;  // the first day on which it is asked for
};
BOOST_DESCRIBE_STRUCT(Wish, (), (outside_networks, private_networks, training, training_months, training_from))
Result<Wish> wish_of(sql::Tx& tx);
Status check(const Wish& wish);

// The measure that stops this person's rights; none: they are not stopped.
Result<std::optional<Standing>> stopped(sql::Tx& tx, const std::string& person, Timestamp now);
// May this person's session or key be used from this address? denied "switches.outside", "switches.private_device".
Status may_come(sql::Tx& tx, const std::string& person, const std::string& address, Timestamp now);
// denied "switches.training" with the clause, while the body wants training that this person has not had.
Status trained(gate::Context& context);
// Is one of kLiftable lifted for this person, by name or by a unit?
Result<bool> lifted(sql::Tx& tx, std::string_view rule, const std::string& person, Timestamp now);

// switches.list, switches.configure.
void register_operations(gate::Registry& registry);

}  // namespace sekisho::switches
