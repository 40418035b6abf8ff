#include "features/approvals/table.h"

namespace sekisho::approvals {
namespace {

#define SK_APPROVAL_COLUMNS \
  "id, state, revision, requester_account, requester_person, requester_name, unit_id, content, content_hash, applied, due_at, submitted_at, decided_at, created_at, segments"

constexpr const char* kInsert =
    "INSERT INTO approval (" SK_APPROVAL_COLUMNS ", kind, subject) VALUES (:id, :state, :revision, :account, :person, :name, :unit, :content, :hash, :applied, "
    ":due, :submitted, :decided, :created, :segments, :kind, :subject)";
constexpr const char* kUpdate =
    "UPDATE approval SET state = :state, revision = :revision, subject = :subject, content = :content, content_hash = :hash, applied = :applied, due_at = :due, "
    "submitted_at = :submitted, decided_at = :decided, segments = :segments WHERE id = :id";
constexpr const char* kFind = "SELECT " SK_APPROVAL_COLUMNS " FROM approval WHERE id = :id";
constexpr const char* kPageOf = "SELECT " SK_APPROVAL_COLUMNS " FROM approval WHERE requester_person = :person AND id < :before ORDER BY id DESC LIMIT :limit";
constexpr const char* kPageIn = "SELECT " SK_APPROVAL_COLUMNS " FROM approval WHERE state = :state AND id < :before ORDER BY id DESC LIMIT :limit";
constexpr const char* kPage = "SELECT " SK_APPROVAL_COLUMNS " FROM approval WHERE id < :before ORDER BY id DESC LIMIT :limit";
constexpr const char* kGranted =
    "SELECT " SK_APPROVAL_COLUMNS " FROM approval WHERE kind = :kind AND subject = :subject AND state IN ('granted', 'in_force') ORDER BY id DESC LIMIT 100";
constexpr const char* kGrantedOfKind =
    "SELECT " SK_APPROVAL_COLUMNS " FROM approval WHERE kind = :kind AND state IN ('granted', 'in_force') ORDER BY id DESC LIMIT 1000";
constexpr const char* kDue = "SELECT id FROM approval WHERE due_at <= :now ORDER BY due_at LIMIT :limit";
constexpr const char* kAddAsking =
    "INSERT INTO approval_party (approval_id, person, side, exception_id) VALUES (:id, :person, 'asks', NULL) ON CONFLICT (approval_id, person) DO NOTHING";
constexpr const char* kAddRuling = "INSERT INTO approval_party (approval_id, person, side, exception_id) VALUES (:id, :person, 'rules', NULL) ON CONFLICT (approval_id, person) DO NOTHING";
constexpr const char* kExcept = "UPDATE approval_party SET side = 'excepted', exception_id = :exception WHERE approval_id = :id AND person = :person AND side = 'asks'";
constexpr const char* kParties = "SELECT person, side FROM approval_party WHERE approval_id = :id ORDER BY person";
constexpr const char* kAddException =
    "INSERT INTO approval_exception (id, approval_id, revision, person, name, reason, at) VALUES (:id, :request, :revision, :person, :name, :reason, :at)";
constexpr const char* kExceptions = "SELECT id, revision, person, name, reason, at FROM approval_exception WHERE approval_id = :id ORDER BY id";
constexpr const char* kSign =
    "INSERT INTO approval_ruling (id, approval_id, revision, content_hash, slot, ruling, person, account_id, name, on_behalf, side, requester_person, several, "
    "exception_id, note, at) VALUES (:id, :request, :revision, :hash, :slot, :ruling, :person, :account, :name, :behalf, :side, :requester, :several, :exception, "
    ":note, :at)";
constexpr const char* kRulings =
    "SELECT revision, content_hash, slot, ruling, person, account_id, name, on_behalf, several, exception_id, side, note, at FROM approval_ruling WHERE approval_id = :id ORDER BY at, revision, slot, id";
constexpr const char* kRuledByRequester =
    "SELECT DISTINCT r.approval_id FROM approval_ruling r JOIN approval a ON a.id = r.approval_id WHERE r.exception_id IS NULL "
    "AND (r.person = r.requester_person OR r.person = a.requester_person) ORDER BY r.approval_id LIMIT :limit";
constexpr const char* kAddEvent =
    "INSERT INTO approval_event (approval_id, n, revision, event, name, note, at) "
    "SELECT :request, COALESCE(MAX(n), 0) + 1, :revision, :event, :name, :note, :at FROM approval_event WHERE approval_id = :request2";
constexpr const char* kEvents = "SELECT event, name, note, revision, at FROM approval_event WHERE approval_id = :id ORDER BY n";
#define SK_NOTICE_COLUMNS "id, approval_id, event, account_id, power, unit_id, at"
constexpr const char* kAddNotice = "INSERT INTO approval_notice (" SK_NOTICE_COLUMNS ") VALUES (:id, :request, :event, :account, :power, :unit, :at)";
constexpr const char* kNoticesOf = "SELECT " SK_NOTICE_COLUMNS " FROM approval_notice WHERE approval_id = :id ORDER BY id";
constexpr const char* kNotices = "SELECT " SK_NOTICE_COLUMNS " FROM approval_notice WHERE id < :before ORDER BY id DESC LIMIT :limit";
constexpr const char* kSee =
    "INSERT INTO approval_seen (notice_id, account_id, name, at) VALUES (:notice, :account, :name, :at) ON CONFLICT (notice_id, account_id) DO NOTHING";
constexpr const char* kSeenOf =
    "SELECT s.notice_id, s.account_id, s.name, s.at FROM approval_seen s JOIN approval_notice n ON n.id = s.notice_id WHERE n.approval_id = :id "
    "ORDER BY s.at, s.notice_id, s.account_id";

constexpr const char* kAfterAll = "~";  // sorts after every id

std::string_view from(const std::string& before) { return before.empty() ? std::string_view(kAfterAll) : std::string_view(before); }

Result<std::vector<Request>> requests(sql::Query query) {
  SK_TRY(auto rows, query.all<RequestId, std::string, int, std::string, std::string, std::string, std::string, std::string, std::string, bool, std::optional<Timestamp>,
                              std::optional<Timestamp>, std::optional<Timestamp>, Timestamp, std::int64_t>());
  std::vector<Request> out;
  for (auto& [id, state, revision, account, person, name, unit, content, hash, applied, due, submitted, decided, created, segments] : rows) {
    const auto known = state_of(state);
    if (!known) return fail(Code::corrupt, "approvals.state", "unknown state");
    SK_TRY(Content read, json::read_text<Content>(content));
    out.push_back({id, *known, revision, account, person, name, unit, std::move(read), hash, applied, due, submitted, decided, created, static_cast<policy::SegmentSet>(segments)});
  }
  return out;
}

Result<std::vector<Notice>> notices_from(sql::Query query) {
  SK_TRY(auto rows, query.all<NoticeId, RequestId, std::string, std::string, std::string, std::string, Timestamp>());
  std::vector<Notice> out;
  for (auto& [id, request, event, account, power, unit, at] : rows) out.push_back({id, request, event, account, power, unit, at});
  return out;
}

}  // namespace

Status Table::insert(sql::Tx& tx, const Request& r) {
  SK_CHECK(tx.query(kInsert).bind("id", r.id).bind("state", name_of(r.state)).bind("revision", r.revision).bind("account", r.account).bind("person", r.person)
               .bind("name", r.name).bind("unit", r.unit).bind("content", json::canonical(json::to_value(r.content))).bind("hash", r.hash).bind("applied", r.applied)
               .bind("due", r.due_at).bind("submitted", r.submitted_at).bind("decided", r.decided_at).bind("created", r.created_at).bind("segments", r.segments).bind("kind", r.content.kind)
               .bind("subject", r.content.subject).run());
  return ok();
}

Status Table::update(sql::Tx& tx, const Request& r) {
  SK_CHECK(tx.query(kUpdate).bind("state", name_of(r.state)).bind("revision", r.revision).bind("subject", r.content.subject)
               .bind("content", json::canonical(json::to_value(r.content))).bind("hash", r.hash).bind("applied", r.applied).bind("due", r.due_at)
               .bind("submitted", r.submitted_at).bind("decided", r.decided_at).bind("segments", r.segments).bind("id", r.id).run());
  return ok();
}

Result<std::optional<Request>> Table::find(sql::Tx& tx, const RequestId& id) {
  SK_TRY(auto rows, requests(std::move(tx.query(kFind).bind("id", id))));
  if (rows.empty()) return std::optional<Request>();
  return std::optional<Request>(std::move(rows.front()));
}

Result<std::vector<Request>> Table::page_of(sql::Tx& tx, const std::string& person, const std::string& before, int limit) {
  return requests(std::move(tx.query(kPageOf).bind("person", person).bind("before", from(before)).bind("limit", limit)));
}
Result<std::vector<Request>> Table::page_in(sql::Tx& tx, State state, const std::string& before, int limit) {
  return requests(std::move(tx.query(kPageIn).bind("state", name_of(state)).bind("before", from(before)).bind("limit", limit)));
}
Result<std::vector<Request>> Table::page(sql::Tx& tx, const std::string& before, int limit) {
  return requests(std::move(tx.query(kPage).bind("before", from(before)).bind("limit", limit)));
}
Result<std::vector<Request>> Table::granted(sql::Tx& tx, const std::string& kind, const std::string& subject) {
  return requests(std::move(tx.query(kGranted).bind("kind", kind).bind("subject", subject)));
}
Result<std::vector<Request>> Table::granted_of_kind(sql::Tx& tx, const std::string& kind) {
  return requests(std::move(tx.query(kGrantedOfKind).bind("kind", kind)));
}

Result<std::vector<RequestId>> Table::due(sql::Tx& tx, Timestamp now, int limit) {
  SK_TRY(const auto rows, tx.query(kDue).bind("now", now).bind("limit", limit).all<RequestId>());
  std::vector<RequestId> out;
  for (const auto& [id] : rows) out.push_back(id);
  return out;
}

Status Table::add_asking(sql::Tx& tx, const RequestId& id, const std::string& person) {
  SK_CHECK(tx.query(kAddAsking).bind("id", id).bind("person", person).run());
  return ok();
}
Status Table::add_ruling_party(sql::Tx& tx, const RequestId& id, const std::string& person) {
  SK_CHECK(tx.query(kAddRuling).bind("id", id).bind("person", person).run());
  return ok();
}
Status Table::except_party(sql::Tx& tx, const RequestId& id, const std::string& person, const ExceptionId& exception) {
  SK_CHECK(tx.query(kExcept).bind("exception", exception).bind("id", id).bind("person", person).run());
  return ok();
}

Result<std::vector<Party>> Table::parties(sql::Tx& tx, const RequestId& id) {
  SK_TRY(const auto rows, tx.query(kParties).bind("id", id).all<std::string, std::string>());
  std::vector<Party> out;
  for (const auto& [person, side] : rows) out.push_back({person, side});
  return out;
}

Status Table::add_exception(sql::Tx& tx, const RequestId& id, const Exception& e) {
  SK_CHECK(tx.query(kAddException).bind("id", e.id).bind("request", id).bind("revision", e.revision).bind("person", e.person).bind("name", e.name)
               .bind("reason", e.reason).bind("at", e.at).run());
  return ok();
}

Result<std::vector<Exception>> Table::exceptions(sql::Tx& tx, const RequestId& id) {
  SK_TRY(const auto rows, tx.query(kExceptions).bind("id", id).all<ExceptionId, int, std::string, std::string, std::string, Timestamp>());
  std::vector<Exception> out;
  for (const auto& [exception, revision, person, name, reason, at] : rows) out.push_back({exception, revision, person, name, reason, at});
  return out;
}

Status Table::add_ruling(sql::Tx& tx, const std::string& ruling_id, const Request& request, const Ruling& r) {
  SK_CHECK(tx.query(kSign).bind("id", ruling_id).bind("request", request.id).bind("revision", r.revision).bind("hash", r.hash).bind("slot", r.slot)
               .bind("ruling", r.ruling).bind("person", r.person).bind("account", r.account).bind("name", r.name).bind("behalf", r.on_behalf)
               .bind("side", r.excepted ? "excepted" : "rules").bind("requester", request.person).bind("several", r.several).bind("exception", r.exception)
               .bind("note", r.note).bind("at", r.at).run());
  return ok();
}

Result<std::vector<RequestId>> Table::ruled_by_requester(sql::Tx& tx, int limit) {
  SK_TRY(const auto rows, tx.query(kRuledByRequester).bind("limit", limit).all<RequestId>());
  std::vector<RequestId> out;
  for (const auto& [id] : rows) out.push_back(id);
  return out;
}
Result<std::vector<Ruling>> Table::rulings(sql::Tx& tx, const RequestId& id) {
  SK_TRY(const auto rows, tx.query(kRulings).bind("id", id).all<int, std::string, int, std::string, std::string, std::string, std::string, std::string, bool,
                                                                std::optional<ExceptionId>, std::string, std::string, Timestamp>());
  std::vector<Ruling> out;
  for (const auto& [revision, hash, slot, ruling, person, account, name, behalf, several, exception, side, note, at] : rows)
    out.push_back({revision, hash, slot, ruling, person, account, name, behalf, several, exception, side == "excepted", note, at});
  return out;
}

Status Table::add_event(sql::Tx& tx, const RequestId& id, const Event& e) {
  SK_CHECK(tx.query(kAddEvent).bind("request", id).bind("request2", id).bind("revision", e.revision).bind("event", e.event).bind("name", e.name)
               .bind("note", e.note).bind("at", e.at).run());
  return ok();
}

Result<std::vector<Event>> Table::events(sql::Tx& tx, const RequestId& id) {
  SK_TRY(const auto rows, tx.query(kEvents).bind("id", id).all<std::string, std::string, std::string, int, Timestamp>());
  std::vector<Event> out;
  for (const auto& [event, name, note, revision, at] : rows) out.push_back({event, name, note, revision, at});
  return out;
}

Status Table::add_notice(sql::Tx& tx, const Notice& n) {
  SK_CHECK(tx.query(kAddNotice).bind("id", n.id).bind("request", n.request).bind("event", n.event).bind("account", n.account).bind("power", n.power)
               .bind("unit", n.unit).bind("at", n.at).run());
  return ok();
}

Result<std::vector<Notice>> Table::notices_of(sql::Tx& tx, const RequestId& id) { return notices_from(std::move(tx.query(kNoticesOf).bind("id", id))); }
Result<std::vector<Notice>> Table::notices(sql::Tx& tx, const std::string& before, int limit) {
  return notices_from(std::move(tx.query(kNotices).bind("before", from(before)).bind("limit", limit)));
}

Status Table::see(sql::Tx& tx, const Seen& s) {
  SK_CHECK(tx.query(kSee).bind("notice", s.notice).bind("account", s.account).bind("name", s.name).bind("at", s.at).run());
  return ok();
}

Result<std::vector<Seen>> Table::seen_of(sql::Tx& tx, const RequestId& id) {
  SK_TRY(const auto rows, tx.query(kSeenOf).bind("id", id).all<NoticeId, std::string, std::string, Timestamp>());
  std::vector<Seen> out;
  for (const auto& [notice, account, name, at] : rows) out.push_back({notice, account, name, at});
  return out;
}

}  // namespace sekisho::approvals
