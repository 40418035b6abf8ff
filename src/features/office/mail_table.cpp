#include "features/office/mail_table.h"

namespace sekisho::office {
namespace {

#define SK_BOX_COLUMNS "account, address, receives, own, set_by, set_at"
#define SK_LETTER_COLUMNS "id, account, address, notices, state, tries, error, made_at, next_at, sent_at"

constexpr const char* kPutBox =
    "INSERT INTO mail_box (" SK_BOX_COLUMNS ") VALUES (:account, :address, :receives, :own, :by, :at) "
    "ON CONFLICT (account) DO UPDATE SET address = excluded.address, receives = excluded.receives, own = excluded.own, set_by = excluded.set_by, set_at = excluded.set_at";
constexpr const char* kDropBox = "DELETE FROM mail_box WHERE account = :account";
constexpr const char* kBox = "SELECT " SK_BOX_COLUMNS " FROM mail_box WHERE account = :account";
constexpr const char* kBoxes = "SELECT " SK_BOX_COLUMNS " FROM mail_box WHERE account > :after ORDER BY account LIMIT :limit";
constexpr const char* kOptOut = "SELECT opt_out FROM mail_rule WHERE id = 1";
constexpr const char* kSetOptOut = "INSERT INTO mail_rule (id, opt_out) VALUES (1, :may) ON CONFLICT (id) DO UPDATE SET opt_out = excluded.opt_out";
constexpr const char* kQueue = "INSERT INTO mail_queue (notice) SELECT :id WHERE EXISTS (SELECT 1 FROM mail_box WHERE receives = 1)";
constexpr const char* kQueued = "SELECT notice FROM mail_queue ORDER BY notice LIMIT :limit";
constexpr const char* kUnqueue = "DELETE FROM mail_queue WHERE notice = :id";
constexpr const char* kTrouble = "SELECT " SK_LETTER_COLUMNS " FROM mail_letter WHERE (state = 'waiting' AND tries > 0) OR (state = 'failed' AND made_at >= :since) ORDER BY id DESC LIMIT 1000";
constexpr const char* kInsert =
    "INSERT INTO mail_letter (" SK_LETTER_COLUMNS ") VALUES (:id, :account, :address, :notices, :state, :tries, :error, :made, :next, :sent)";
constexpr const char* kWaitingOf = "SELECT " SK_LETTER_COLUMNS " FROM mail_letter WHERE account = :account AND state = 'waiting' ORDER BY id LIMIT 1";
constexpr const char* kAdd = "UPDATE mail_letter SET notices = notices + :notices WHERE id = :id AND state = 'waiting'";
constexpr const char* kDue = "SELECT " SK_LETTER_COLUMNS " FROM mail_letter WHERE state = 'waiting' AND next_at <= :now ORDER BY next_at, id LIMIT :limit";
constexpr const char* kFind = "SELECT " SK_LETTER_COLUMNS " FROM mail_letter WHERE id = :id";
constexpr const char* kSettle = "UPDATE mail_letter SET state = :state, tries = :tries, error = :error, next_at = :next, sent_at = :sent WHERE id = :id";
constexpr const char* kDropBefore = "DELETE FROM mail_letter WHERE state <> 'waiting' AND made_at < :at";
constexpr const char* kLatest = "SELECT " SK_LETTER_COLUMNS " FROM mail_letter ORDER BY id DESC LIMIT :limit";

Result<std::vector<MailBox>> boxes_of(sql::Query query) {
  SK_TRY(auto rows, query.all<std::string, std::string, bool, bool, std::string, Timestamp>());
  std::vector<MailBox> out;
  for (auto& [account, address, receives, own, by, at] : rows) out.push_back({account, address, receives, own, by, at});
  return out;
}
Result<std::vector<Letter>> letters_of(sql::Query query) {
  SK_TRY(auto rows, query.all<LetterId, std::string, std::string, int, std::string, int, std::string, Timestamp, Timestamp, std::optional<Timestamp>>());
  std::vector<Letter> out;
  for (auto& [id, account, address, notices, state, tries, error, made, next, sent] : rows) out.push_back({id, account, address, notices, state, tries, error, made, next, sent});
  return out;
}
template <class T>
std::optional<T> first_of(std::vector<T>& all) {
  return all.empty() ? std::nullopt : std::optional<T>(std::move(all.front()));
}

}  // namespace

Status MailTable::put_box(sql::Tx& tx, const MailBox& b) {
  SK_CHECK(tx.query(kPutBox).bind("account", b.account).bind("address", b.address).bind("receives", b.receives).bind("own", b.own).bind("by", b.set_by).bind("at", b.set_at).run());
  return ok();
}

Result<bool> MailTable::drop_box(sql::Tx& tx, const std::string& account) {
  SK_TRY(const auto n, tx.query(kDropBox).bind("account", account).run());
  return n > 0;
}

Result<std::optional<MailBox>> MailTable::box(sql::Tx& tx, const std::string& account) {
  SK_TRY(auto all, boxes_of(std::move(tx.query(kBox).bind("account", account))));
  return first_of(all);
}

Result<std::vector<MailBox>> MailTable::boxes(sql::Tx& tx, const std::string& after, int limit) { return boxes_of(std::move(tx.query(kBoxes).bind("after", after).bind("limit", limit))); }

Result<bool> MailTable::opt_out(sql::Tx& tx) {
  SK_TRY(const auto row, tx.query(kOptOut).maybe_one<bool>());
  return row ? std::get<0>(*row) : true;
}

Status MailTable::set_opt_out(sql::Tx& tx, bool may) {
  SK_CHECK(tx.query(kSetOptOut).bind("may", may).run());
  return ok();
}

Status MailTable::queue(sql::Tx& tx, const NoticeId& id) {
  SK_CHECK(tx.query(kQueue).bind("id", id).run());
  return ok();
}

Result<std::vector<NoticeId>> MailTable::queued(sql::Tx& tx, int limit) {
  SK_TRY(const auto rows, tx.query(kQueued).bind("limit", limit).all<NoticeId>());
  std::vector<NoticeId> out;
  for (const auto& [id] : rows) out.push_back(id);
  return out;
}

Status MailTable::unqueue(sql::Tx& tx, const NoticeId& id) {
  SK_CHECK(tx.query(kUnqueue).bind("id", id).run());
  return ok();
}

Result<MailTable::Trouble> MailTable::trouble(sql::Tx& tx, Timestamp since) {
  SK_TRY(const auto letters, letters_of(std::move(tx.query(kTrouble).bind("since", since))));
  Trouble out;
  for (const Letter& l : letters) ++(l.state == "waiting" ? out.late : out.failed);
  if (!letters.empty()) out.error = letters.front().error;
  return out;
}

Status MailTable::insert(sql::Tx& tx, const Letter& l) {
  SK_CHECK(tx.query(kInsert).bind("id", l.id).bind("account", l.account).bind("address", l.address).bind("notices", l.notices).bind("state", l.state).bind("tries", l.tries)
               .bind("error", l.error).bind("made", l.made_at).bind("next", l.next_at).bind("sent", l.sent_at).run());
  return ok();
}

Result<std::optional<Letter>> MailTable::waiting_of(sql::Tx& tx, const std::string& account) {
  SK_TRY(auto all, letters_of(std::move(tx.query(kWaitingOf).bind("account", account))));
  return first_of(all);
}

Status MailTable::add(sql::Tx& tx, const LetterId& id, int notices) {
  SK_CHECK(tx.query(kAdd).bind("notices", notices).bind("id", id).run());
  return ok();
}

Result<std::vector<Letter>> MailTable::due(sql::Tx& tx, Timestamp now, int limit) { return letters_of(std::move(tx.query(kDue).bind("now", now).bind("limit", limit))); }

Result<std::optional<Letter>> MailTable::find(sql::Tx& tx, const LetterId& id) {
  SK_TRY(auto all, letters_of(std::move(tx.query(kFind).bind("id", id))));
  return first_of(all);
}

Status MailTable::settle(sql::Tx& tx, const Letter& l) {
  SK_CHECK(tx.query(kSettle).bind("state", l.state).bind("tries", l.tries).bind("error", l.error).bind("next", l.next_at).bind("sent", l.sent_at).bind("id", l.id).run());
  return ok();
}

Status MailTable::drop_before(sql::Tx& tx, Timestamp at) {
  SK_CHECK(tx.query(kDropBefore).bind("at", at).run());
  return ok();
}

Result<std::vector<Letter>> MailTable::latest(sql::Tx& tx, int limit) { return letters_of(std::move(tx.query(kLatest).bind("limit", limit))); }

}  // namespace sekisho::office
