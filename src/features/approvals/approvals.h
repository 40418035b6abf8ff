// The one engine behind every "not without the permission of …": requests, signatures, exceptions, notices, and grants that switch the product.
//
// Separation of duties (6(8)ア): whoever asks never signs. Compared are people, not accounts: two accounts of one person, a deputy of the
// requester, and a signature with a power borrowed from the requester all count as the requester. The signer comes from the session alone;
// no input names one. The same is checked again when a grant is used, and the schema refuses the row of a ruling by whoever asked.
//
// Threads: one object per program, built before the first operation; handle() only while building. Everything else is thread-safe.
// Failures: `approvals.*` keys, each with the clause of the kind.
#pragma once
#include <functional>
#include <map>

#include "features/approvals/kinds.h"
#include "features/approvals/table.h"
#include "gate/operation.h"

namespace sekisho::approvals {

// Who somebody is when duties are separated, now.
struct Standing {
  std::string account;
  std::string login;
  std::string person;  // the human behind the account
  std::string name;
  std::set<std::string> powers;
  std::map<std::string, std::set<std::string>> borrowed;  // powers held as a deputy only -> the persons they are borrowed from
  std::set<std::string> stands_for;                       // persons whose deputy this one is
  std::vector<std::string> units;                         // own units, the main one first
};

// How the engine learns about people; supplied by the accounts feature through apps.
struct Directory {
  // nullopt: no such account, or it is stopped.
  std::function<Result<std::optional<Standing>>(sql::Tx&, const std::string& account, Timestamp now)> standing;
  // Accounts that hold the power now, bounded.
  std::function<Result<std::vector<std::string>>(sql::Tx&, const std::string& power, Timestamp now)> holders;
  // The account with this login.
  std::function<Result<std::optional<std::string>>(sql::Tx&, const std::string& login)> find;
};

struct NewRequest {
  std::string kind;
  std::string subject;
  std::string subject_hash;
  std::map<std::string, std::string> fields;
  std::string reason;
  std::optional<Timestamp> starts_at;
  std::optional<Timestamp> ends_at;
  std::optional<Timestamp> review_at;
  std::optional<Timestamp> done_at;
  std::vector<Slot> slots;  // by a feature only; empty: as the kind says
  std::vector<std::string> asks_too;  // by a feature only: accounts that stand on the asking side as well and do not sign
};

struct Signature {
  int slot = 0;
  std::string person;
};

struct Grant {
  RequestId id;
  Content content;
  std::string account;  // the requester's
  std::string person;
  std::vector<std::string> conditions;
  std::vector<Signature> signatures;
};

// What a kind does in the product. Each runs in the transaction of the step; an error there undoes the step.
struct Handler {
  std::function<Status(gate::Context&, const Content&)> check;  // at submission; may be null
  std::function<Status(gate::Context&, const Grant&)> apply;    // when it comes into force; of a single-use kind, this is the use
  std::function<Status(gate::Context&, const Grant&)> undo;     // when it ends, however
};

enum class Verdict { grant, refuse, give_back };

class Approvals {
 public:
  Approvals(Kinds kinds, Directory directory) : kinds_(std::move(kinds)), directory_(std::move(directory)) {}
  Approvals(const Approvals&) = delete;
  Approvals& operator=(const Approvals&) = delete;

  void handle(const std::string& kind, Handler handler);
  const Kinds& kinds() const { return kinds_; }
  const Directory& directory() const { return directory_; }
  void register_operations(gate::Registry& registry);

  // For features: file and submit in one step, as the person of the context.
  Result<Request> open(gate::Context& context, NewRequest in);
  // The grant that covers this now, or nullopt: signatures, dates and separation are all checked again. Empty hash: not asked for.
  Result<std::optional<Grant>> in_force(sql::Tx& tx, const std::string& kind, const std::string& subject, const std::string& subject_hash, Timestamp now) const;
  // All grants of the kind in force now.
  Result<std::vector<Grant>> all_in_force(sql::Tx& tx, const std::string& kind, Timestamp now) const;
  // Records the use; a single-use grant ends with it, and a second use is refused.
  Status use(gate::Context& context, const Grant& grant);

  // The steps behind the operations.
  Result<Request> request(gate::Context& context, NewRequest in);
  Result<Request> edit(gate::Context& context, const RequestId& id, NewRequest in);
  Result<Request> submit(gate::Context& context, const RequestId& id);
  // `hash`: of the content that the signer has seen. `note`: conditions of a grant, reason of the rest.
  Result<Request> rule(gate::Context& context, const RequestId& id, Verdict verdict, const std::string& hash, const std::string& note);
  Result<Request> except(gate::Context& context, const RequestId& id, const std::string& hash, const std::string& reason, const std::string& note);
  Result<Request> revoke(gate::Context& context, const RequestId& id, const std::string& reason);
  Result<Request> finish(gate::Context& context, const RequestId& id);
  // What the clock has made due.
  Result<Request> settle(gate::Context& context, const RequestId& id);

  // A request with what decides about it, as one caller sees it.
  struct File {
    Request request;
    const Kind* kind = nullptr;
    std::vector<Ruling> rulings;
    std::set<std::string> asks;  // persons, with those excepted
  };
  // not_found where the caller has no part in it.
  Result<File> read(sql::Tx& tx, const Standing& caller, const RequestId& id, Timestamp now) const;
  // The place that the caller could sign, if any. `conflict`: a place he could sign but for the separation of duties.
  struct Place {
    int slot = -1;
    std::string on_behalf;
    bool requester = false;  // the conflict is with asking, not with an earlier signature
    bool conflict = false;
  };
  Result<std::optional<Place>> place_of(sql::Tx& tx, const File& file, const Standing& caller) const;
  // Others who could sign the place without conflict: name, at most 20.
  Result<std::vector<std::string>> candidates(sql::Tx& tx, const File& file, int slot, Timestamp now) const;
  Result<Standing> caller(gate::Context& context) const;
  // May this person be told of what goes to a power (in a unit)?
  Result<bool> holds(sql::Tx& tx, const Standing& who, const std::string& power, const std::string& unit) const;
  // The roles of the body's profile that hold the power, in its words.
  static Result<std::string> roles_with(sql::Tx& tx, const std::vector<std::string>& powers);

 private:
  Result<File> load(sql::Tx& tx, const RequestId& id) const;
  Result<File> require(gate::Context& context, const RequestId& id);
  Result<Content> content_of(gate::Context& context, const Kind& kind, const Standing& who, NewRequest in) const;
  Status check_content(gate::Context& context, const Kind& kind, const Content& content) const;
  Status add_asking(gate::Context& context, const Request& request, const Standing& who);
  Status add_asking_accounts(gate::Context& context, const Request& request, const std::vector<std::string>& accounts);
  Status sign(gate::Context& context, File& file, const Standing& who, const Place& place, const std::string& note, const std::optional<ExceptionId>& exception);
  Status close_if_complete(gate::Context& context, File& file);
  Status move(gate::Context& context, File& file, Move what, const std::string& by, const std::string& note);
  Status clock(gate::Context& context, File& file);
  Status apply(gate::Context& context, File& file);
  Status undo(gate::Context& context, File& file);
  Status tell(gate::Context& context, const File& file, Move what, const std::string& actor);
  Status tell_one(gate::Context& context, const Request& request, const std::string& event, const std::string& account);
  Status tell_power(gate::Context& context, const Request& request, const std::string& event, const std::string& power, const std::string& unit);
  Result<bool> still_separate(sql::Tx& tx, const File& file, Timestamp now) const;
  Result<std::optional<Grant>> valid_grant(sql::Tx& tx, const Request& request, Timestamp now) const;

  const Kinds kinds_;
  const Directory directory_;
  std::map<std::string, Handler> handlers_;
};

std::string hash_of(const Content& content);
// The state by the clock, also where nothing was written yet.
State state_at(const Request& request, Timestamp now);
// The places that bear no signature on this revision.
std::vector<int> open_slots(const Request& request, const std::vector<Ruling>& rulings);
// May the text of the request be read where this person is? Elsewhere only that it waits is told, and nothing is done with it.
bool open_here(const gate::Context& context, const Request& request);
Unexpected refused(const Kind& kind, Code code, const char* key, std::string detail, std::string who = {});

}  // namespace sekisho::approvals
