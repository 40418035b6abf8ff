#include "features/office/history_table.h"

namespace sekisho::office {
namespace {

#define SK_EVENT_COLUMNS "n, event, transition, region, from_state, to_state, person, name, note, content_hash, exception_id, at, hash"
constexpr const char* kLast = "SELECT n, hash FROM office_event WHERE case_id = :id ORDER BY n DESC LIMIT 1";
constexpr const char* kAppend =
    "INSERT INTO office_event (case_id, definition_id, " SK_EVENT_COLUMNS ") VALUES (:id, :version, :n, :event, :transition, :region, :from, :to, :person, :name, :note, :content, "
    ":exception, :at, :hash)";
constexpr const char* kEvents = "SELECT " SK_EVENT_COLUMNS " FROM office_event WHERE case_id = :id ORDER BY n LIMIT 5000";
constexpr const char* kSteps =
    "SELECT " SK_EVENT_COLUMNS " FROM office_event WHERE case_id = :id AND event IN ('open', 'move', 'sign', 'participant') ORDER BY n LIMIT 5000";
constexpr const char* kAddException =
    "INSERT INTO office_exception (id, case_id, transition, person, name, reason, at) VALUES (:id, :about, :transition, :person, :name, :reason, :at)";
constexpr const char* kExceptions = "SELECT transition, name, reason, at FROM office_exception WHERE case_id = :id ORDER BY id";
constexpr const char* kSign =
    "INSERT INTO office_signature (case_id, revision, transition, slot, person, name, several, content_hash, exception_id, note, at) VALUES (:id, :revision, :transition, :slot, :person, "
    ":name, :several, :hash, :exception, :note, :at)";
constexpr const char* kSignatures =
    "SELECT slot, person, name, note, at FROM office_signature WHERE case_id = :id AND revision = :revision AND transition = :transition ORDER BY slot";
#define SK_NOTICE_COLUMNS "n.id, n.case_id, n.n, n.words, n.clause, n.due_at, n.at, n.seen_at"
constexpr const char* kAddNotice = "INSERT INTO office_notice (id, case_id, n, words, clause, due_at, at) VALUES (:id, :about, :n, :words, :clause, :due, :at)";
constexpr const char* kAddNoticeTo = "INSERT INTO office_notice_to (address, notice_id) VALUES (:address, :id)";
constexpr const char* kNotices = "SELECT " SK_NOTICE_COLUMNS " FROM office_notice n WHERE n.case_id = :id ORDER BY n.id LIMIT 2000";
constexpr const char* kNoticesTo =
    "SELECT " SK_NOTICE_COLUMNS " FROM office_notice_to t JOIN office_notice n ON n.id = t.notice_id WHERE t.address = :address AND t.notice_id < :before ORDER BY t.notice_id DESC LIMIT :limit";
constexpr const char* kNotice = "SELECT " SK_NOTICE_COLUMNS " FROM office_notice n WHERE n.id = :id";
constexpr const char* kTold = "SELECT address FROM office_notice_to WHERE notice_id = :id";
constexpr const char* kSeen =
    "SELECT s.notice_id, s.account, s.name, s.at FROM office_notice n JOIN office_seen s ON s.notice_id = n.id WHERE n.case_id = :id ORDER BY s.at, s.account LIMIT 2000";
constexpr const char* kSeenBy = "SELECT at FROM office_seen WHERE notice_id = :id AND account = :account";
constexpr const char* kSee = "INSERT INTO office_seen (notice_id, account, name, at) VALUES (:id, :account, :name, :at) ON CONFLICT (notice_id, account) DO NOTHING";
constexpr const char* kSaw = "UPDATE office_notice SET seen_at = :at WHERE id = :id AND seen_at IS NULL";
constexpr const char* kUnseen = "SELECT id FROM office_notice WHERE case_id = :id AND seen_at IS NULL LIMIT 1";
#define SK_ATTACHMENT_COLUMNS "id, case_id, field, blob, name, bytes, sha256, dated, added_by, at"
constexpr const char* kAddAttachment =
    "INSERT INTO office_attachment (" SK_ATTACHMENT_COLUMNS ") VALUES (:id, :about, :field, :blob, :name, :bytes, :sha, :dated, :by, :at)";
constexpr const char* kAttachments = "SELECT " SK_ATTACHMENT_COLUMNS " FROM office_attachment WHERE case_id = :id ORDER BY id LIMIT 500";
constexpr const char* kAttachment = "SELECT " SK_ATTACHMENT_COLUMNS " FROM office_attachment WHERE id = :id";
constexpr const char* kBlobs = "SELECT blob FROM office_attachment ORDER BY blob";
constexpr const char* kDropTimers = "DELETE FROM office_timer WHERE case_id = :id AND region = :region";
constexpr const char* kPutTimer = "INSERT INTO office_timer (id, case_id, region, state, what, at) VALUES (:id, :about, :region, :state, :what, :at)";
constexpr const char* kDropTimer = "DELETE FROM office_timer WHERE id = :id";
constexpr const char* kDue = "SELECT id, case_id, region, state, what, at FROM office_timer WHERE at <= :now ORDER BY at LIMIT :limit";

Result<std::vector<Event>> events_from(sql::Query query) {
  SK_TRY(auto rows, query.all<int, std::string, std::string, std::string, std::string, std::string, std::string, std::string, std::string, std::string, std::optional<std::string>, Timestamp,
                              std::string>());
  std::vector<Event> out;
  for (auto& [n, event, transition, region, from, to, person, name, note, content, exception, at, hash] : rows)
    out.push_back({n, event, transition, region, from, to, person, name, note, content, exception, at, hash});
  return out;
}

Result<std::vector<Notice>> notices_from(sql::Query query) {
  SK_TRY(auto rows, query.all<NoticeId, CaseId, int, std::string, std::string, std::optional<Timestamp>, Timestamp, std::optional<Timestamp>>());
  std::vector<Notice> out;
  for (auto& [id, about, n, words, clause, due, at, seen] : rows) out.push_back({id, about, n, words, clause, due, at, seen});
  return out;
}

Result<std::vector<Attachment>> attachments_from(sql::Query query) {
  SK_TRY(auto rows, query.all<AttachmentId, CaseId, std::string, std::string, std::string, std::int64_t, std::string, std::string, std::string, Timestamp>());
  std::vector<Attachment> out;
  for (auto& [id, about, field, blob, name, bytes, sha, dated, by, at] : rows) out.push_back({id, about, field, blob, name, bytes, sha, dated, by, at});
  return out;
}

}  // namespace

Status HistoryTable::append(sql::Tx& tx, const CaseId& id, const DefinitionId& version, Event& e) {
  SK_TRY(const auto last, tx.query(kLast).bind("id", id).maybe_one<int, std::string>());
  e.n = last ? std::get<0>(*last) + 1 : 1;
  e.hash = chained(last ? std::get<1>(*last) : "", id, e);
  SK_CHECK(tx.query(kAppend).bind("id", id).bind("version", version).bind("n", e.n).bind("event", e.event).bind("transition", e.transition).bind("region", e.region).bind("from", e.from)
               .bind("to", e.to).bind("person", e.person).bind("name", e.name).bind("note", e.note).bind("content", e.content_hash).bind("exception", e.exception).bind("at", e.at)
               .bind("hash", e.hash).run());
  return ok();
}

Result<std::vector<Event>> HistoryTable::events(sql::Tx& tx, const CaseId& id) {
  sql::Query query = tx.query(kEvents);
  query.bind("id", id);
  return events_from(std::move(query));
}
Result<std::vector<Event>> HistoryTable::steps(sql::Tx& tx, const CaseId& id) {
  sql::Query query = tx.query(kSteps);
  query.bind("id", id);
  return events_from(std::move(query));
}

Status HistoryTable::add_exception(sql::Tx& tx, const std::string& id, const CaseId& about, const std::string& transition, const Actor& by, const std::string& reason, Timestamp now) {
  SK_CHECK(tx.query(kAddException).bind("id", id).bind("about", about).bind("transition", transition).bind("person", by.account).bind("name", by.name).bind("reason", reason).bind("at", now).run());
  return ok();
}
Result<std::vector<HistoryTable::Exception>> HistoryTable::exceptions(sql::Tx& tx, const CaseId& id) {
  SK_TRY(auto rows, tx.query(kExceptions).bind("id", id).all<std::string, std::string, std::string, Timestamp>());
  std::vector<Exception> out;
  for (auto& [transition, name, reason, at] : rows) out.push_back({transition, name, reason, at});
  return out;
}

Status HistoryTable::sign(sql::Tx& tx, const Case& c, const std::string& transition, const Signature& s, bool several, const std::optional<std::string>& exception) {
  SK_CHECK(tx.query(kSign).bind("id", c.id).bind("revision", c.revision).bind("transition", transition).bind("slot", s.slot).bind("person", s.person).bind("name", s.name)
               .bind("several", several).bind("hash", c.hash).bind("exception", exception).bind("note", s.note).bind("at", s.at).run());
  return ok();
}
Result<std::vector<Signature>> HistoryTable::signatures(sql::Tx& tx, const Case& c, const std::string& transition) {
  SK_TRY(auto rows, tx.query(kSignatures).bind("id", c.id).bind("revision", c.revision).bind("transition", transition).all<int, std::string, std::string, std::string, Timestamp>());
  std::vector<Signature> out;
  for (auto& [slot, person, name, note, at] : rows) out.push_back({slot, person, name, note, at});
  return out;
}

Status HistoryTable::add_notice(sql::Tx& tx, const Notice& n, const Addresses& to) {
  SK_CHECK(tx.query(kAddNotice).bind("id", n.id).bind("about", n.about).bind("n", n.n).bind("words", n.words).bind("clause", n.clause).bind("due", n.due_at).bind("at", n.at).run());
  for (const std::string& address : to) SK_CHECK(tx.query(kAddNoticeTo).bind("address", address).bind("id", n.id).run());
  return ok();
}
Result<std::vector<Notice>> HistoryTable::notices(sql::Tx& tx, const CaseId& id) {
  sql::Query query = tx.query(kNotices);
  query.bind("id", id);
  return notices_from(std::move(query));
}
Result<std::vector<Notice>> HistoryTable::notices_to(sql::Tx& tx, const std::string& address, const std::string& before, int limit) {
  sql::Query query = tx.query(kNoticesTo);
  query.bind("address", address).bind("before", before.empty() ? std::string_view("~") : std::string_view(before)).bind("limit", limit);
  return notices_from(std::move(query));
}
Result<Addresses> HistoryTable::told(sql::Tx& tx, const NoticeId& id) {
  SK_TRY(const auto rows, tx.query(kTold).bind("id", id).all<std::string>());
  Addresses out;
  for (const auto& [address] : rows) out.insert(address);
  return out;
}
Result<std::optional<Notice>> HistoryTable::notice(sql::Tx& tx, const NoticeId& id) {
  sql::Query query = tx.query(kNotice);
  query.bind("id", id);
  SK_TRY(auto found, notices_from(std::move(query)));
  return found.empty() ? std::nullopt : std::optional(std::move(found.front()));
}
Result<std::vector<SeenBy>> HistoryTable::seen(sql::Tx& tx, const CaseId& id) {
  SK_TRY(auto rows, tx.query(kSeen).bind("id", id).all<NoticeId, std::string, std::string, Timestamp>());
  std::vector<SeenBy> out;
  for (auto& [notice, account, name, at] : rows) out.push_back({notice, account, name, at});
  return out;
}
Result<bool> HistoryTable::seen_by(sql::Tx& tx, const NoticeId& id, const std::string& account) {
  SK_TRY(const auto row, tx.query(kSeenBy).bind("id", id).bind("account", account).maybe_one<Timestamp>());
  return row.has_value();
}
Status HistoryTable::see(sql::Tx& tx, const NoticeId& id, const std::string& account, const std::string& name, Timestamp now) {
  SK_CHECK(tx.query(kSee).bind("id", id).bind("account", account).bind("name", name).bind("at", now).run());
  SK_CHECK(tx.query(kSaw).bind("at", now).bind("id", id).run());
  return ok();
}
Result<bool> HistoryTable::all_seen(sql::Tx& tx, const CaseId& id) {
  SK_TRY(const auto row, tx.query(kUnseen).bind("id", id).maybe_one<NoticeId>());
  return !row.has_value();
}

Status HistoryTable::add_attachment(sql::Tx& tx, const Attachment& a) {
  SK_CHECK(tx.query(kAddAttachment).bind("id", a.id).bind("about", a.about).bind("field", a.field).bind("blob", a.blob).bind("name", a.name).bind("bytes", a.bytes).bind("sha", a.sha256)
               .bind("dated", a.dated).bind("by", a.by).bind("at", a.at).run());
  return ok();
}
Result<std::vector<Attachment>> HistoryTable::attachments(sql::Tx& tx, const CaseId& id) {
  sql::Query query = tx.query(kAttachments);
  query.bind("id", id);
  return attachments_from(std::move(query));
}
Result<std::optional<Attachment>> HistoryTable::attachment(sql::Tx& tx, const AttachmentId& id) {
  sql::Query query = tx.query(kAttachment);
  query.bind("id", id);
  SK_TRY(auto found, attachments_from(std::move(query)));
  return found.empty() ? std::nullopt : std::optional(std::move(found.front()));
}
Result<std::vector<std::string>> HistoryTable::blobs(sql::Tx& tx) {
  SK_TRY(const auto rows, tx.query(kBlobs).all<std::string>());
  std::vector<std::string> out;
  for (const auto& [blob] : rows) out.push_back(blob);
  return out;
}

Status HistoryTable::set_timers(sql::Tx& tx, const CaseId& id, const std::string& region, const std::vector<Timer>& timers) {
  SK_CHECK(tx.query(kDropTimers).bind("id", id).bind("region", region).run());
  for (const Timer& t : timers) SK_CHECK(put_timer(tx, t));
  return ok();
}
Status HistoryTable::put_timer(sql::Tx& tx, const Timer& t) {
  SK_CHECK(tx.query(kPutTimer).bind("id", t.id).bind("about", t.about).bind("region", t.region).bind("state", t.state).bind("what", t.what).bind("at", t.at).run());
  return ok();
}
Status HistoryTable::drop_timer(sql::Tx& tx, const std::string& id) {
  SK_CHECK(tx.query(kDropTimer).bind("id", id).run());
  return ok();
}
Result<std::vector<Timer>> HistoryTable::due(sql::Tx& tx, Timestamp now, int limit) {
  SK_TRY(auto rows, tx.query(kDue).bind("now", now).bind("limit", limit).all<std::string, CaseId, std::string, std::string, std::string, Timestamp>());
  std::vector<Timer> out;
  for (auto& [id, about, region, state, what, at] : rows) out.push_back({id, about, region, state, what, at});
  return out;
}

}  // namespace sekisho::office
