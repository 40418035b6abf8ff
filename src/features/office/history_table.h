// The history of cases: events, signatures, exceptions; and the notices, timers and attachments that come with it.
#pragma once
#include "features/office/address.h"
#include "sql/db.h"

namespace sekisho::office {

struct Notice {
  NoticeId id;
  CaseId about;
  int n = 0;  // of the event it is about
  std::string words;
  std::string clause;
  std::optional<Timestamp> due_at;
  Timestamp at;
  std::optional<Timestamp> seen_at;  // by the first that it was for
};
struct SeenBy {
  NoticeId notice;
  std::string account;
  std::string name;
  Timestamp at;
};
struct Attachment {
  AttachmentId id;
  CaseId about;
  std::string field;
  std::string blob;
  std::string name;
  std::int64_t bytes = 0;
  std::string sha256;
  std::string dated;  // the day of the evidence itself, or empty
  std::string by;
  Timestamp at;
};
struct Timer {
  std::string id;
  CaseId about;
  std::string region;
  std::string state;
  std::string what;  // "overdue", "remind:<n>"
  Timestamp at;
};

class HistoryTable {
 public:
  // Numbers and chains the entry.
  static Status append(sql::Tx& tx, const CaseId& id, const DefinitionId& version, Event& event);
  static Result<std::vector<Event>> events(sql::Tx& tx, const CaseId& id);  // in order; at most 5000
  static Result<std::vector<Event>> steps(sql::Tx& tx, const CaseId& id);   // opening, steps, signatures and participants alone
  static Status add_exception(sql::Tx& tx, const std::string& id, const CaseId& about, const std::string& transition, const Actor& by, const std::string& reason, Timestamp now);
  struct Exception {
    std::string transition;
    std::string name;
    std::string reason;
    Timestamp at;
  };
  static Result<std::vector<Exception>> exceptions(sql::Tx& tx, const CaseId& id);

  static Status sign(sql::Tx& tx, const Case& c, const std::string& transition, const Signature& signature, bool several, const std::optional<std::string>& exception);
  static Result<std::vector<Signature>> signatures(sql::Tx& tx, const Case& c, const std::string& transition);  // of the revision

  static Status add_notice(sql::Tx& tx, const Notice& notice, const Addresses& to);
  static Result<std::vector<Notice>> notices(sql::Tx& tx, const CaseId& id);
  static Result<std::vector<Notice>> notices_to(sql::Tx& tx, const std::string& address, const std::string& before, int limit);
  static Result<Addresses> told(sql::Tx& tx, const NoticeId& id);
  static Result<std::optional<Notice>> notice(sql::Tx& tx, const NoticeId& id);
  static Result<std::vector<SeenBy>> seen(sql::Tx& tx, const CaseId& id);
  static Result<bool> seen_by(sql::Tx& tx, const NoticeId& id, const std::string& account);
  static Status see(sql::Tx& tx, const NoticeId& id, const std::string& account, const std::string& name, Timestamp now);
  static Result<bool> all_seen(sql::Tx& tx, const CaseId& id);

  static Status add_attachment(sql::Tx& tx, const Attachment& a);
  static Result<std::vector<Attachment>> attachments(sql::Tx& tx, const CaseId& id);
  static Result<std::optional<Attachment>> attachment(sql::Tx& tx, const AttachmentId& id);
  static Result<std::vector<std::string>> blobs(sql::Tx& tx);  // in order

  static Status set_timers(sql::Tx& tx, const CaseId& id, const std::string& region, const std::vector<Timer>& timers);
  static Status put_timer(sql::Tx& tx, const Timer& timer);
  static Status drop_timer(sql::Tx& tx, const std::string& id);
  static Result<std::vector<Timer>> due(sql::Tx& tx, Timestamp now, int limit);
};

}  // namespace sekisho::office
