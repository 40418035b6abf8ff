// Requests, signatures, exceptions, notices of one body. The schema itself refuses a ruling by whoever asked (migration 0016).
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "features/approvals/state.h"
#include "features/bodies/table.h"
#include "json/json.h"
#include "policy/label.h"
#include "sql/db.h"

namespace sekisho::approvals {

struct RequestTag;
using RequestId = Id<RequestTag>;
struct NoticeTag;
using NoticeId = Id<NoticeTag>;
struct RulingTag;
struct ExceptionTag;
using ExceptionId = Id<ExceptionTag>;

// A place to be signed: by a holder of `power` (in `unit` or above it; empty: anywhere in the body), or of `instead`.
struct Slot {
  std::string power;
  std::string unit;
  std::string instead;
};
BOOST_DESCRIBE_STRUCT(Slot, (), (power, unit, instead))

// What is asked, exactly. Signatures bind to the SHA-256 of its canonical JSON.
struct Content {
  std::string kind;
  std::string subject;       // what it is about: an id, or empty
  std::string subject_hash;  // of the exact content, where the kind binds to it
  std::map<std::string, std::string> fields;
  std::string reason;
  std::optional<Timestamp> starts_at;
  std::optional<Timestamp> ends_at;
  std::optional<Timestamp> review_at;
  std::optional<Timestamp> done_at;  // done first, reported after
  std::vector<Slot> slots;
};
BOOST_DESCRIBE_STRUCT(Content, (), (kind, subject, subject_hash, fields, reason, starts_at, ends_at, review_at, done_at, slots))

struct Request {
  RequestId id;
  State state = State::draft;
  int revision = 1;
  std::string account;  // the requester's; never changes
  std::string person;
  std::string name;
  std::string unit;
  Content content;
  std::string hash;
  bool applied = false;  // its effect is on
  std::optional<Timestamp> due_at;  // when the clock next has something to do
  std::optional<Timestamp> submitted_at;
  std::optional<Timestamp> decided_at;
  Timestamp created_at;
  policy::SegmentSet segments = 0;  // that its text was typed in; only grows
};

struct Party {
  std::string person;
  std::string side;
};
struct Ruling {
  int revision = 0;
  std::string hash;
  int slot = 0;
  std::string ruling;
  std::string person;
  std::string account;
  std::string name;
  std::string on_behalf;  // the person whose deputy signed; empty: in the own right
  bool several = false;
  std::optional<ExceptionId> exception;
  bool excepted = false;  // the requester himself, by exception
  std::string note;       // conditions of a grant, reason of the rest
  Timestamp at;
};
struct Exception {
  ExceptionId id;
  int revision = 0;
  std::string person;
  std::string name;
  std::string reason;
  Timestamp at;
};
struct Event {
  std::string event;
  std::string name;
  std::string note;
  int revision = 0;
  Timestamp at;
};
struct Notice {
  NoticeId id;
  RequestId request;
  std::string event;
  std::string account;  // one account, or
  std::string power;    // whoever holds this
  std::string unit;
  Timestamp at;
};
struct Seen {
  NoticeId notice;
  std::string account;
  std::string name;
  Timestamp at;
};

// Pages run backwards from `before` (exclusive; empty: from the newest).
class Table {
 public:
  static Status insert(sql::Tx& tx, const Request& request);
  static Status update(sql::Tx& tx, const Request& request);
  static Result<std::optional<Request>> find(sql::Tx& tx, const RequestId& id);
  static Result<std::vector<Request>> page_of(sql::Tx& tx, const std::string& person, const std::string& before, int limit);
  static Result<std::vector<Request>> page_in(sql::Tx& tx, State state, const std::string& before, int limit);
  static Result<std::vector<Request>> page(sql::Tx& tx, const std::string& before, int limit);
  // Granted or in force, newest first.
  static Result<std::vector<Request>> granted(sql::Tx& tx, const std::string& kind, const std::string& subject);
  static Result<std::vector<Request>> granted_of_kind(sql::Tx& tx, const std::string& kind);
  static Result<std::vector<RequestId>> due(sql::Tx& tx, Timestamp now, int limit);

  static Status add_asking(sql::Tx& tx, const RequestId& id, const std::string& person);
  // Nothing where the person is a party already: the ruling's own foreign key then decides.
  static Status add_ruling_party(sql::Tx& tx, const RequestId& id, const std::string& person);
  // Lets one who asks stand on the other side too; whoever already does stays so.
  static Status except_party(sql::Tx& tx, const RequestId& id, const std::string& person, const ExceptionId& exception);
  static Result<std::vector<Party>> parties(sql::Tx& tx, const RequestId& id);
  static Status add_exception(sql::Tx& tx, const RequestId& id, const Exception& exception);
  static Result<std::vector<Exception>> exceptions(sql::Tx& tx, const RequestId& id);
  static Status add_ruling(sql::Tx& tx, const std::string& ruling_id, const Request& request, const Ruling& ruling);
  // Requests that whoever asked ruled over himself without a recorded exception: the schema lets none come about.
  static Result<std::vector<RequestId>> ruled_by_requester(sql::Tx& tx, int limit);
  static Result<std::vector<Ruling>> rulings(sql::Tx& tx, const RequestId& id);

  static Status add_event(sql::Tx& tx, const RequestId& id, const Event& event);
  static Result<std::vector<Event>> events(sql::Tx& tx, const RequestId& id);
  static Status add_notice(sql::Tx& tx, const Notice& notice);
  static Result<std::vector<Notice>> notices_of(sql::Tx& tx, const RequestId& id);
  static Result<std::vector<Notice>> notices(sql::Tx& tx, const std::string& before, int limit);
  static Status see(sql::Tx& tx, const Seen& seen);
  static Result<std::vector<Seen>> seen_of(sql::Tx& tx, const RequestId& id);
};

}  // namespace sekisho::approvals
