// Emergency stop: switches that close the service, a body, a segment's route, an endpoint, a collection, uploads, exports or an account.
//
// What is closed is what lies in the stop folders (files.h). This feature keeps the gate's board equal to them: at once for its own
// operations, and within kTick for files that the command line or a person puts there. A stop acts first and is recorded next: when the log
// or the disk cannot take the record, the stop stands all the same, says so (recorded: false), and is recorded as soon as that works. A
// release is the other way round: it acts only after its record is durable. Nothing ends by itself.
//
// Threads: every public function is thread-safe; one thread of its own watches the folders.
#pragma once
#include <condition_variable>
#include <map>
#include <thread>

#include "features/bodies/operations.h"
#include "features/stops/table.h"
#include "gate/run.h"

namespace sekisho::stops {

struct StopView {
  static constexpr const char* kSchemaName = "EmergencyStop";
  std::string id;
  std::string kind;
  std::string target;
  bool whole_service = false;
  std::string basis;
  std::string basis_by;
  std::string reason;
  std::vector<std::string> told;
  std::string incident;
  std::string set_by;
  std::optional<Timestamp> set_at;
  bool recorded = false;  // in the tamper-evident log
  bool stored = false;    // on disk: survives a restart
  std::optional<std::string> released_by;
  std::optional<Timestamp> released_at;
  std::optional<std::string> release_reason;
};
BOOST_DESCRIBE_STRUCT(StopView, (), (id, kind, target, whole_service, basis, basis_by, reason, told, incident, set_by, set_at, recorded, stored, released_by,
                                     released_at, release_reason))
struct StopList {
  std::vector<StopView> items;     // closed now
  std::vector<StopView> released;  // the latest that are over
};
BOOST_DESCRIBE_STRUCT(StopList, (), (items, released))

struct SetIn {
  std::string kind;
  std::optional<std::string> target;
  std::string basis;
  std::string basis_by;
  std::string reason;
  std::optional<std::vector<std::string>> told;
  std::optional<std::string> incident;
  std::string applied;  // not described: the stop that the preparation put in force
};
BOOST_DESCRIBE_STRUCT(SetIn, (), (kind, target, basis, basis_by, reason, told, incident))
struct ReleaseIn {
  std::string id;
  std::string reason;
};
BOOST_DESCRIBE_STRUCT(ReleaseIn, (), (id, reason))

// A stop from a SetIn, checked; the body's code empty for the whole service. For the command line, which needs no running program.
Result<StopFile> stop_of(const SetIn& in, const std::string& body, const std::string& set_by, Timestamp now);

class Stops {
 public:
  // The service's stops are in force when this returns; a folder that cannot be read stops the start.
  static Result<std::unique_ptr<Stops>> open(gate::StopBoard& board, gate::Gate& gate, std::string data_folder);
  ~Stops();
  Stops(const Stops&) = delete;
  Stops& operator=(const Stops&) = delete;

  Status attach(gate::Body& body);  // and its stops are in force
  void register_operations(gate::Registry& registry);
  // Stops. An unavailable log or disk does not undo it: the view says what could not be done.
  Result<StopView> set(const gate::Caller& caller, SetIn in);
  // Stops in force that a person of this body may release (if he has the power): of the whole service only where it serves no other body.
  std::vector<StopView> releasable(const std::string& body) const;
  // Records what is not recorded and carries out what the operator asked for in files. Blocks.
  void settle();
  // Called on the watcher's thread after every look while anything is closed; empty: nobody.
  void on_look(std::function<void()> act);
  // Folder of the service's stops, or of one body's.
  std::string folder(const std::string& body) const;

  static constexpr std::chrono::milliseconds kTick{200};

 private:
  Stops(gate::StopBoard& board, gate::Gate& gate, std::string data_folder);
  gate::Operation<SetIn, StopView> set_operation();
  // A stop of several bodies is released in each one's record; only the last release opens it.
  enum class Opens { no, yes };
  gate::Operation<ReleaseIn, bodies::Nothing> release_operation(Opens opens);
  Status apply(const gate::Body& body, SetIn& in, const std::string& set_by, Timestamp now);
  Result<StopList> list(gate::Context& context);
  Result<bodies::Nothing> release(gate::Context& context, const ReleaseIn& in, Opens opens);
  Status release_by_operator(const StopFile& file, const std::map<std::string, gate::Body*>& bodies);
  std::optional<StopFile> find(const std::string& id, const std::string& body) const;
  Status look();  // folders -> picture -> board
  void publish();
  bool record(const StopFile& file);
  void mark_recorded(const std::string& id);
  void watch();

  gate::StopBoard& board_;
  gate::Gate& gate_;
  const std::string data_folder_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::map<std::string, gate::Body*> bodies_;
  std::vector<StopFile> files_;   // as the folders say, and what stands in memory alone
  std::function<void()> on_look_;
  bool stopping_ = false;
  std::mutex settling_;
  std::thread watcher_;
};

}  // namespace sekisho::stops
