// What a live look at one control of the running system found. Values; no I/O.
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "features/bodies/table.h"
#include "gate/operation.h"

namespace sekisho::coverage {

// In the order of what is worse. not_applicable: the body has nothing that the control could act on, or asks for nothing.
enum class State { not_applicable, green, amber, red };
BOOST_DESCRIBE_ENUM(State, not_applicable, green, amber, red)

struct Fact {
  static constexpr const char* kSchemaName = "CoverageFact";
  std::string name;   // Japanese
  std::string value;
};
BOOST_DESCRIBE_STRUCT(Fact, (), (name, value))

struct Finding {
  State state = State::red;
  std::string reason;  // Japanese, one line
  std::vector<Fact> facts;
  std::optional<std::int64_t> log_seq;  // the record of the log that the finding rests on, where there is one
};

// What the program itself, or a person, shows for a control that is not enforced.
struct Shown {
  std::string what;          // Japanese, one line
  std::optional<Timestamp> at;  // of the evidence; none: what stands all the time (a way that is open to people)
};

// One line of a table in apps/ makes a probe (its name stands in packs/standard/controls.json) or a source of evidence.
struct Probe {
  std::string name;
  bool of_machine = false;  // the same for every body: looked at once within kKeepMicros
  std::function<Finding(gate::Body& body, sql::Tx& tx, Timestamp now)> look;
};
// Evidence of the time [from, to): newest first, at most a few. `argument`: what stands after the colon of "approvals:carry_out".
struct Source {
  std::string name;
  std::function<Result<std::vector<Shown>>(gate::Body& body, sql::Tx& tx, const std::string& argument, Timestamp from, Timestamp to)> look;
};

}  // namespace sekisho::coverage
