// Notices that the program opens about itself: its log cannot be written, a witness saw another log, its own files were changed, the clock
// jumped. Each persists until a person with the power has looked at it and written down what she found.
//
// Raising works when nothing else does: the notice stands in memory at once, lies in a file as far as the disk allows, and is recorded in the
// tamper-evident log, and kept as a row, as soon as that can be written again.
//
//   <data>/bodies/<code>/alarms/<id>.<kind>     a notice that is not recorded yet; its name alone suffices, its content (JSON) says more
//
// The register of incidents takes notices over at one place: Alarms::on_recorded.
// Threads: every public function may be called from any thread. raise() never waits for the log.
#pragma once
#include <array>
#include <functional>
#include <map>
#include <memory>
#include <mutex>

#include "features/alarms/table.h"
#include "features/bodies/operations.h"
#include "gate/run.h"

namespace sekisho::alarms {

// Who opens notices: one line each, with the clause that asks for it.
struct Kind {
  std::string_view name;
  std::string_view clause;
};
inline constexpr std::array kKinds = {
    Kind{"log_unwritable", "11(1)カ(イ)"},      // an act could not be recorded, and was refused
    Kind{"log_rolled_back", "11(5)イ"},         // the log is not the one that a witness, a receiver or a kept head has seen
    Kind{"backup_missed", "11(1)イ"},           // no backup could be made when one was due
    Kind{"program_changed", "11(5)ア(ウ)"},     // the program's own files are not those of the signed list
    Kind{"clock_stepped", "12(1)イ"},           // the clock jumped
    Kind{"clock_unsynchronised", "12(1)イ"},    // the clock is away from its source
    Kind{"mail_given_up", "10(3)ア(ア)"},       // a mail that says that notices wait could not be sent
};
const Kind* find_kind(std::string_view name);

struct AlarmView {
  static constexpr const char* kSchemaName = "Alarm";
  std::string id;
  std::string kind;
  std::string detail;
  std::string clause;
  Timestamp opened_at;
  std::int64_t times = 1;
  std::optional<Timestamp> recorded_at;  // none: the log does not know it yet
  std::optional<std::string> confirmed_by;
  std::optional<Timestamp> confirmed_at;
  std::optional<std::string> finding;
};
BOOST_DESCRIBE_STRUCT(AlarmView, (), (id, kind, detail, clause, opened_at, times, recorded_at, confirmed_by, confirmed_at, finding))
struct AlarmList {
  std::vector<AlarmView> items;      // nobody has confirmed them
  std::vector<AlarmView> confirmed;  // the latest
};
BOOST_DESCRIBE_STRUCT(AlarmList, (), (items, confirmed))
struct ConfirmIn {
  AlarmId id;
  std::string finding;
};
BOOST_DESCRIBE_STRUCT(ConfirmIn, (), (id, finding))

// The notices that wait in a body's folder, for whoever looks from outside (the doctor). A folder that is not there holds none.
Result<std::vector<Alarm>> waiting_in(const std::string& body_folder);

class Alarms {
 public:
  explicit Alarms(const Clock& clock) : clock_(clock) {}
  Alarms(const Alarms&) = delete;
  Alarms& operator=(const Alarms&) = delete;

  // The notices of this body that stand or wait are known when it returns.
  Status attach(gate::Body& body);
  void register_operations(gate::Registry& registry);

  // body: its code; empty: every body. While the same kind and detail stands unconfirmed, only its count grows.
  void raise(const std::string& body, std::string_view kind, const std::string& detail);
  // Records what waits. Blocks; called on a thread of its own or a command's.
  void settle(gate::Gate& gate);
  bool waits() const;
  // Called within the transaction that records a notice.
  void on_recorded(std::function<Status(gate::Context&, const Alarm&)> act) { on_recorded_ = std::move(act); }

 private:
  struct Place {
    gate::Body* body = nullptr;
    std::vector<Alarm> waiting;
    std::set<std::pair<std::string, std::string>> standing;  // kind and detail of what is recorded and not confirmed
  };
  void raise_in(Place& place, std::string_view kind, const std::string& detail);
  gate::Operation<Alarm, bodies::Nothing> open_operation();
  Result<AlarmList> list(gate::Context& context);
  Result<AlarmView> confirm(gate::Context& context, const ConfirmIn& in);

  const Clock& clock_;
  mutable std::mutex mutex_;
  std::map<std::string, Place> places_;
  std::function<Status(gate::Context&, const Alarm&)> on_recorded_;
};

}  // namespace sekisho::alarms
