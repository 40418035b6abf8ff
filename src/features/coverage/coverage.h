// Coverage of a body's policy: the matrix computed anew at each request, evidence that people record, gaps as tasks, and the auditors' dossier.
//
// Nothing is kept of a computation but what probes of the machine (hashing the program's files, starting a sandbox) found within kKeepMicros, so
// that a change of the system is seen at the next request. Enforced controls are looked at live; of a fiscal year that is over, the states that
// the program noted then (coverage_state) stand in their place. Recording evidence, withdrawing it and closing a gap are acts of persons, in the log.
// A gap opens when a control leaves green and closes by itself when it is green again; a person with the power closes it with a reason.
// Threads: every public function may be called from any thread.
#pragma once
#include <mutex>

#include "features/bodies/operations.h"
#include "features/coverage/matrix.h"
#include "features/standard/operations.h"
#include "gate/run.h"

namespace sekisho::standard {
struct Pack;
}

namespace sekisho::coverage {

struct ReadIn {
  std::optional<int> year;                       // fiscal year; none: the one that runs
  std::optional<standard::VersionId> version;    // of this version's clauses alone; none: of every document the one in force, else the newest
};
BOOST_DESCRIBE_STRUCT(ReadIn, (), (year, version))

struct DutyView {
  static constexpr const char* kSchemaName = "CoverageDuty";
  std::string control;
  std::string title;
  std::string role;
  State state = State::red;
  std::string reason;
  std::optional<Timestamp> due_at;
  std::string mend;
  std::vector<std::string> clauses;  // of the policy that name the role, or that the control answers for
};
BOOST_DESCRIBE_STRUCT(DutyView, (), (control, title, role, state, reason, due_at, mend, clauses))
struct Duties {
  static constexpr const char* kSchemaName = "CoverageDuties";
  std::string month;               // 2026-11
  std::vector<std::string> roles;  // that the person holds, in the body's words
  std::vector<DutyView> items;     // what is due by the end of the month or not in order, most urgent first
  std::vector<ClauseView> clauses;  // that name one of the roles
};
BOOST_DESCRIBE_STRUCT(Duties, (), (month, roles, items, clauses))

struct EvidenceIn {
  std::string control;
  std::string what;
  std::string date;                    // of what it shows: 2026-04-01
  std::optional<std::string> expires;  // last day on which it counts
  std::optional<std::string> sha256;
  std::optional<std::string> link;
};
BOOST_DESCRIBE_STRUCT(EvidenceIn, (), (control, what, date, expires, sha256, link))
struct WithdrawIn {
  EvidenceId id;
  std::string reason;
};
BOOST_DESCRIBE_STRUCT(WithdrawIn, (), (id, reason))
struct CloseIn {
  GapId id;
  std::string reason;
};
BOOST_DESCRIBE_STRUCT(CloseIn, (), (id, reason))
struct SettledView {
  static constexpr const char* kSchemaName = "CoverageSettled";
  int opened = 0;
  int closed = 0;
};
BOOST_DESCRIBE_STRUCT(SettledView, (), (opened, closed))
struct DossierIn {
  std::optional<int> year;
  std::optional<std::string> format;  // html (default), pdf
};
BOOST_DESCRIBE_STRUCT(DossierIn, (), (year, format))

// A control's state that is not the one noted last.
struct Turn {
  std::string control;
  std::string state;
  std::string reason;
};
BOOST_DESCRIBE_STRUCT(Turn, (), (control, state, reason))

class Coverages {
 public:
  static constexpr std::int64_t kKeepMicros = 2'000'000;

  // permitters: keys that profiles give a role for.
  static Result<std::unique_ptr<Coverages>> create(const std::string& packs_dir, std::vector<Probe> probes, std::vector<Source> sources, const std::set<std::string>& permitters,
                                                   std::shared_ptr<const standard::Pack> pack);
  void register_operations(gate::Registry& registry);
  // Notes new states, opens and closes gaps. Nothing is written where nothing changed. Blocks; called on a thread of its own.
  Result<SettledView> run(gate::Gate& gate, gate::Body& body);

  // Of the transaction's snapshot. Public for exports that other features make of it.
  Result<Coverage> compute(gate::Body& body, sql::Tx& tx, Timestamp now, const ReadIn& in);
  const Controls& controls() const { return controls_; }

 private:
  struct Year {
    int number = 0;
    Timestamp begin;
    Timestamp end;  // exclusive
    Timestamp at;   // what the state is of: now, or the last moment of a year that is over
    bool live = true;
  };
  struct Organisation;
  Coverages(Controls controls, std::vector<Probe> probes, std::vector<Source> sources, std::shared_ptr<const standard::Pack> pack);
  Finding look(const Probe& probe, gate::Body& body, sql::Tx& tx, Timestamp now);
  Status add_controls(gate::Body& body, sql::Tx& tx, const Year& year, Timestamp now, const std::map<std::string, std::string>& roles, Coverage& out);
  Result<std::vector<EvidenceView>> evidence_for(const Control& control, gate::Body& body, sql::Tx& tx, const Year& year, const std::vector<Evidence>& recorded);
  Status add_documents(sql::Tx& tx, const ReadIn& in, Coverage& out);
  Status add_clauses(sql::Tx& tx, const standard::Version& version, Coverage& out);
  Status add_gaps(sql::Tx& tx, const Year& year, const std::map<std::string, std::string>& roles, Coverage& out);

  Result<Duties> own(gate::Context& context);
  Result<EvidenceView> record_evidence(gate::Context& context, const EvidenceIn& in);
  Result<bodies::Nothing> withdraw(gate::Context& context, const WithdrawIn& in);
  Result<bodies::Nothing> close_gap(gate::Context& context, const CloseIn& in);
  Result<std::vector<Turn>> turns(gate::Body& body, Timestamp now);
  Result<standard::FileOut> dossier(gate::Context& context, const DossierIn& in);

  const Controls controls_;
  const std::vector<Probe> probes_;
  const std::map<std::string, Source> sources_;
  const std::shared_ptr<const standard::Pack> pack_;
  std::mutex mutex_;
  std::map<std::string, std::pair<Timestamp, Finding>> kept_;  // by probe: of the machine
};

EvidenceView view_of(const Evidence& evidence);

}  // namespace sekisho::coverage
