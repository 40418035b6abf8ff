// The one door. Every act passes here, in this order:
//
//   stopped? -> authenticate -> decide -> (prepare) -> begin Tx -> authenticate and decide again in it -> operation -> log record -> commit
//
// A denial rolls back and is recorded by itself. If the record cannot be appended, nothing commits. Reads run in a snapshot of their own
// and are recorded before their result is handed out. What an emergency stop of the service, the body or the segment refuses is not recorded
// one by one: the stop itself is, and refusing must work with a full disk.
// run() blocks the calling thread (pool threads only); submit() does not.
#pragma once
#include <functional>
#include <string>

#include "gate/operation.h"

namespace sekisho::gate {

// Finds the person behind a credential, inside the transaction that will act, so that suspension holds at once. nullopt: nobody.
// Supplied by the accounts feature; gate knows no user table.
using Authenticate = std::function<Result<std::optional<policy::Person>>(sql::Tx&, const Caller&, Timestamp)>;

// Makes permits; nothing else can.
class PermitMaker {
 public:
  static policy::Permit make(const policy::Matrix& matrix, policy::Person person, std::string action, std::string clause) {
    return policy::Permit(matrix, std::move(person), std::move(action), std::move(clause));
  }
};

class Gate {
 public:
  Gate(policy::Matrix matrix, Authenticate authenticate, const StopBoard& stops, const Clock& clock);

  template <class In, class Out>
  Result<Out> run(const Operation<In, Out>& operation, const Caller& caller, In in) {
    auto result = std::make_shared<Out>();
    SK_CHECK(execute(Registry::make_step(operation, std::make_shared<In>(std::move(in)), result), caller));
    return std::move(*result);
  }
  Result<json::Value> run(const Entry& entry, const Caller& caller, const json::Value& in);
  Status execute(const Step& step, const Caller& caller);

  // For write steps without preparation; `done` is called on the body's writer thread.
  void submit(std::shared_ptr<const Step> step, std::shared_ptr<const Caller> caller, std::function<void(Status)> done);

  // For what goes on outside an operation (following a stream): is this action closed for this caller and, when known, this person?
  Status not_stopped(std::string_view action, const Caller& caller, const std::string& person) const;

  const StopBoard& stops() const { return stops_; }

  const policy::Matrix& matrix() const { return matrix_; }
  const Clock& clock() const { return clock_; }

 private:
  struct Asked {
    std::optional<policy::Permit> permit;
    policy::Decision decision;
    std::string actor;
    std::string elevation;             // under which the person acts
    std::set<std::string> stands_for;  // as whose deputy
    std::optional<Error> refusal;
  };
  Result<Asked> ask(sql::Tx& tx, const Step& step, const Caller& caller, Timestamp now) const;
  Status act(sql::Tx& tx, LogTable& log, const Step& step, const Caller& caller, std::vector<std::function<void()>>& effects) const;
  Status read(const Step& step, const Caller& caller) const;
  Record record_of(const Step& step, const Asked& asked, const Context* context, const Status& outcome) const;
  Status append(sql::Tx& tx, LogTable& log, const Result<Prepared>& prepared) const;

  policy::Matrix matrix_;
  Authenticate authenticate_;
  const StopBoard& stops_;
  const Clock& clock_;
};

struct BodyOptions {
  Writer::Options writer;
  std::uint64_t log_ahead_bytes = 0;  // as sql::Db::Options
  std::function<int(int fd)> sync_file = {};
};
// Opens a body's folder: keys, database (migrated), blobs, log, writer. A log that does not load refuses to open.
Result<std::unique_ptr<Body>> open_body(const std::string& folder, const std::string& code, const std::vector<sql::Migration>& migrations,
                                        const Clock& clock, const BodyOptions& options);
// The same folder for looking alone, also while a program serves it: no writer, nothing is made that is not there. The keys' files must be
// in order and the schema this program's.
Result<std::unique_ptr<Body>> open_body_reading(const std::string& folder, const std::string& code, const std::vector<sql::Migration>& migrations);
// The keys of the log in a body's folder that is not opened: for verifying a copy of it.
Result<std::shared_ptr<const LogKeys>> read_log_keys(const std::string& folder, const std::string& code);

}  // namespace sekisho::gate
