// Privileged rights are open for minutes, with a reason and a fresh proof of who it is, in one session alone (11(2)オ); deputies for them are
// nominated and recognised by an approval (11(2)ア(ウ)b,c).
//
// The rules of privileged powers in the action matrix ask for an open elevation; authentication (accounts) looks here whether one is. An API
// key has none. The command line acts on the machine itself and needs none. A body may do without (its profile's `elevation`).
// Invariants: 1. one elevation per session: a second one replaces the first, its minutes are never added; 2. the clock ends it, whatever the
// session does; 3. each is opened by a proof of its own. Threads: thread-safe after building.
#pragma once
#include "features/approvals/approvals.h"
#include "features/factors/operations.h"
#include "features/privileges/table.h"
#include "gate/operation.h"

namespace sekisho::privileges {

// How the body uses elevations, the program's limit taken in.
struct Rule {
  bool asked = true;
  int most_minutes = 0;
};
Result<Rule> rule_of(sql::Tx& tx, int program_minutes);

// What a session shows of it.
struct ElevationView {
  static constexpr const char* kSchemaName = "Elevation";
  bool asked = false;  // privileged rights of this person are to be opened before use
  std::optional<ElevationId> id;  // of the open one
  std::string reason;
  std::optional<Timestamp> from_at;
  std::optional<Timestamp> to_at;
  int seconds_left = 0;
  int most_minutes = 0;
  bool by_factor = false;              // opened by a fresh second factor; else by the password
  std::vector<std::string> powers;     // that need it
  std::vector<std::string> deputy_for; // names of absent holders whose rights are used
};
BOOST_DESCRIBE_STRUCT(ElevationView, (), (asked, id, reason, from_at, to_at, seconds_left, most_minutes, by_factor, powers, deputy_for))

// `held`: the privileged powers among the person's own and borrowed ones.
Result<ElevationView> view_of(sql::Tx& tx, const Rule& rule, const std::vector<std::string>& held, const std::string& account, const std::string& session, Timestamp now);

struct BeginIn {
  int minutes = 0;
  std::string reason;
  std::optional<Secret> password;
  bool verified = false;  // by the preparation; not described
};
BOOST_DESCRIBE_STRUCT(BeginIn, (), (minutes, reason, password))

struct ElevationItem {
  static constexpr const char* kSchemaName = "ElevationRecord";
  ElevationId id;
  std::string name;
  std::string reason;
  int minutes = 0;
  Timestamp from_at;
  Timestamp to_at;
  bool open = false;
};
BOOST_DESCRIBE_STRUCT(ElevationItem, (), (id, name, reason, minutes, from_at, to_at, open))
struct DeputyItem {
  static constexpr const char* kSchemaName = "PrivilegeDeputy";
  std::string approval_id;
  std::string deputy;
  std::string principal;
  Timestamp from_at;
  Timestamp to_at;
  bool in_force = false;
};
BOOST_DESCRIBE_STRUCT(DeputyItem, (), (approval_id, deputy, principal, from_at, to_at, in_force))
struct Holder {
  static constexpr const char* kSchemaName = "PrivilegeHolder";
  std::string login;
  std::string name;
  std::vector<std::string> powers;
};
BOOST_DESCRIBE_STRUCT(Holder, (), (login, name, powers))
struct ListIn {
  std::optional<std::string> before;
  std::optional<int> limit;
};
BOOST_DESCRIBE_STRUCT(ListIn, (), (before, limit))
struct PrivilegeList {
  std::vector<ElevationItem> items;  // newest first
  std::optional<std::string> next;   // "before" of the page after
  std::vector<Holder> holders;
  std::vector<DeputyItem> deputies;
};
BOOST_DESCRIBE_STRUCT(PrivilegeList, (), (items, next, holders, deputies))

struct Settings {
  int most_minutes = 30;
  std::set<std::string> powers;  // privileged ones
};

// What this feature needs of the one above it.
struct People {
  std::function<Result<bool>(gate::Preparation&, const Secret&)> password_right;  // slow
  std::function<Result<ElevationView>(gate::Context&)> view;                      // of the caller's session
  std::function<Result<bool>(sql::Tx&, const std::string& account)> contractor;
};

class Privileges {
 public:
  explicit Privileges(Settings settings) : settings_(std::move(settings)) {}
  Privileges(const Privileges&) = delete;
  Privileges& operator=(const Privileges&) = delete;

  bool privileged(const std::set<std::string>& powers) const;
  // The approvals' kind privilege_deputy and the operations. Once, while building.
  void register_operations(gate::Registry& registry, approvals::Approvals& approvals, People people);

 private:
  Result<ElevationView> begin(gate::Context& context, BeginIn& in) const;
  Result<ElevationView> end(gate::Context& context) const;
  Result<PrivilegeList> list(gate::Context& context, const ListIn& in, const approvals::Directory& directory) const;
  Status check_deputy(gate::Context& context, const approvals::Content& content, const approvals::Directory& directory) const;
  const Settings settings_;
  People people_;
};

}  // namespace sekisho::privileges
