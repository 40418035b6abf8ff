#include "features/disposal/table.h"

#include "crypto/hash.h"

namespace sekisho::disposal {
namespace {

#define SK_DISPOSAL_COLUMNS                                                                                                                 \
  "id, scope, target, what, items, items_hash, backups, approval_id, state, step, requested_by, requested_at, permitted, permitted_at, begun_at, " \
  "done_at, counts, remaining, rest_at, verification, trouble"

constexpr const char* kInsert =
    "INSERT INTO disposal (" SK_DISPOSAL_COLUMNS ") VALUES (:id, :scope, :target, :what, :items, :hash, :backups, :approval, :state, :step, :by, :at, "
    ":permitted, :permitted_at, :begun, :done, :counts, :remaining, :rest, :verification, :trouble)";
constexpr const char* kUpdate =
    "UPDATE disposal SET approval_id = :approval, state = :state, step = :step, permitted = :permitted, permitted_at = :permitted_at, begun_at = :begun, "
    "done_at = :done, counts = :counts, remaining = :remaining, rest_at = :rest, verification = :verification, trouble = :trouble WHERE id = :id";
constexpr const char* kFind = "SELECT " SK_DISPOSAL_COLUMNS " FROM disposal WHERE id = :id";
constexpr const char* kPage =
    "SELECT " SK_DISPOSAL_COLUMNS " FROM disposal WHERE (:by = '' OR requested_by = :by2) AND (:before = '' OR id < :before2) ORDER BY id DESC LIMIT 200";
constexpr const char* kOpen =
    "SELECT " SK_DISPOSAL_COLUMNS " FROM disposal WHERE scope <> 'contract' AND ((state IN ('permitted', 'running', 'done', 'verified') AND (rest_at IS NULL OR rest_at <= :now)) "
    "OR (state = 'certified' AND rest_at <= :now2)) ORDER BY id LIMIT 100";
constexpr const char* kUnderWay =
    "SELECT id FROM disposal WHERE scope = :scope AND target = :target AND state IN ('permitted', 'running', 'done', 'verified') ORDER BY id LIMIT 1";
constexpr const char* kPutWork =
    "INSERT INTO disposal_work (disposal_id, marks, objects, numbers) VALUES (:id, :marks, :objects, :numbers) "
    "ON CONFLICT (disposal_id) DO UPDATE SET marks = excluded.marks, objects = excluded.objects, numbers = excluded.numbers";
constexpr const char* kWork = "SELECT marks, objects, numbers FROM disposal_work WHERE disposal_id = :id";
constexpr const char* kDropWork = "DELETE FROM disposal_work WHERE disposal_id = :id";
constexpr const char* kPutBlob = "INSERT INTO disposal_blob (disposal_id, blob_id) VALUES (:id, :blob) ON CONFLICT (disposal_id, blob_id) DO NOTHING";
constexpr const char* kBlobs = "SELECT blob_id FROM disposal_blob WHERE disposal_id = :id ORDER BY blob_id";
constexpr const char* kDropBlobs = "DELETE FROM disposal_blob WHERE disposal_id = :id";
constexpr const char* kAddCertificate =
    "INSERT INTO disposal_certificate (disposal_id, number, at, certificate, signature) VALUES (:id, :number, :at, :certificate, :signature)";
constexpr const char* kCertificates =
    "SELECT number, at, certificate, signature FROM disposal_certificate WHERE disposal_id = :id ORDER BY number DESC LIMIT 1000";

Result<std::vector<Disposal>> disposals_of(sql::Query query) {
  SK_TRY(auto rows, query.all<DisposalId, std::string, std::string, std::string, std::string, std::string, std::string, std::string, std::string, int, std::string, Timestamp,
                              std::string, std::optional<Timestamp>, std::optional<Timestamp>, std::optional<Timestamp>, std::string, std::string, std::optional<Timestamp>,
                              std::string, std::string>());
  std::vector<Disposal> out;
  for (auto& [id, scope, target, what, items, hash, backups, approval, state, step, by, at, permitted, permitted_at, begun, done, counts, remaining, rest, verification, trouble] : rows) {
    Disposal d;
    d.id = id;
    d.scope = std::move(scope);
    d.target = std::move(target);
    d.what = std::move(what);
    SK_TRY(d.items, json::read_text<std::vector<Item>>(items));
    d.items_hash = std::move(hash);
    SK_TRY(d.backups, json::read_text<std::vector<BackupPlace>>(backups));
    d.approval_id = std::move(approval);
    d.state = std::move(state);
    d.step = step;
    d.requested_by = std::move(by);
    d.requested_at = at;
    SK_TRY(d.permitted, json::read_text<std::vector<Permission>>(permitted));
    d.permitted_at = permitted_at;
    d.begun_at = begun;
    d.done_at = done;
    SK_TRY(d.counts, json::read_text<Counts>(counts));
    SK_TRY(d.remaining, json::read_text<std::vector<Remaining>>(remaining));
    d.rest_at = rest;
    SK_TRY(d.verification, json::read_text<Verification>(verification));
    d.trouble = std::move(trouble);
    out.push_back(std::move(d));
  }
  return out;
}

}  // namespace

std::string hash_of(const std::vector<Item>& items) { return to_hex(crypto::sha256(json::canonical(json::to_value(items)))); }

Status Table::insert(sql::Tx& tx, const Disposal& d) {
  SK_CHECK(tx.query(kInsert).bind("id", d.id).bind("scope", d.scope).bind("target", d.target).bind("what", d.what).bind("items", json::write(d.items)).bind("hash", d.items_hash)
               .bind("backups", json::write(d.backups)).bind("approval", d.approval_id).bind("state", d.state).bind("step", d.step).bind("by", d.requested_by)
               .bind("at", d.requested_at).bind("permitted", json::write(d.permitted)).bind("permitted_at", d.permitted_at).bind("begun", d.begun_at).bind("done", d.done_at)
               .bind("counts", json::write(d.counts)).bind("remaining", json::write(d.remaining)).bind("rest", d.rest_at).bind("verification", json::write(d.verification))
               .bind("trouble", d.trouble).run());
  return ok();
}

Status Table::update(sql::Tx& tx, const Disposal& d) {
  SK_CHECK(tx.query(kUpdate).bind("approval", d.approval_id).bind("state", d.state).bind("step", d.step).bind("permitted", json::write(d.permitted))
               .bind("permitted_at", d.permitted_at).bind("begun", d.begun_at).bind("done", d.done_at).bind("counts", json::write(d.counts))
               .bind("remaining", json::write(d.remaining)).bind("rest", d.rest_at).bind("verification", json::write(d.verification)).bind("trouble", d.trouble)
               .bind("id", d.id).run());
  return ok();
}

Result<std::optional<Disposal>> Table::find(sql::Tx& tx, const DisposalId& id) {
  SK_TRY(auto rows, disposals_of(std::move(tx.query(kFind).bind("id", id))));
  return rows.empty() ? std::optional<Disposal>() : std::optional(std::move(rows.front()));
}

Result<std::vector<Disposal>> Table::page(sql::Tx& tx, const std::string& requester, const std::string& before) {
  return disposals_of(std::move(tx.query(kPage).bind("by", requester).bind("by2", requester).bind("before", before).bind("before2", before)));
}

Result<std::vector<Disposal>> Table::open(sql::Tx& tx, Timestamp now) {
  return disposals_of(std::move(tx.query(kOpen).bind("now", now).bind("now2", now)));
}

Result<bool> Table::under_way(sql::Tx& tx, const std::string& scope, const std::string& target) {
  SK_TRY(const auto row, tx.query(kUnderWay).bind("scope", scope).bind("target", target).maybe_one<std::string>());
  return row.has_value();
}

Status Table::put_work(sql::Tx& tx, const DisposalId& id, const Work& work) {
  SK_CHECK(tx.query(kPutWork).bind("id", id).bind("marks", sql::Blob{work.marks}).bind("objects", json::write(work.objects)).bind("numbers", work.numbers).run());
  return ok();
}

Result<std::optional<Work>> Table::work(sql::Tx& tx, const DisposalId& id) {
  SK_TRY(auto row, tx.query(kWork).bind("id", id).maybe_one<sql::Blob, std::string, std::string>());
  if (!row) return std::optional<Work>();
  SK_TRY(Objects objects, json::read_text<Objects>(std::get<1>(*row)));
  return std::optional(Work{std::move(std::get<0>(*row).bytes), std::move(objects), std::move(std::get<2>(*row))});
}

Status Table::drop_work(sql::Tx& tx, const DisposalId& id) {
  SK_CHECK(tx.query(kDropWork).bind("id", id).run());
  return ok();
}

Status Table::put_blob(sql::Tx& tx, const DisposalId& id, const std::string& blob) {
  SK_CHECK(tx.query(kPutBlob).bind("id", id).bind("blob", blob).run());
  return ok();
}

Result<std::vector<std::string>> Table::blobs(sql::Tx& tx, const DisposalId& id) {
  SK_TRY(const auto rows, tx.query(kBlobs).bind("id", id).all<std::string>());
  std::vector<std::string> out;
  for (const auto& [blob] : rows) out.push_back(blob);
  return out;
}

Status Table::drop_blobs(sql::Tx& tx, const DisposalId& id) {
  SK_CHECK(tx.query(kDropBlobs).bind("id", id).run());
  return ok();
}

Status Table::add_certificate(sql::Tx& tx, const DisposalId& id, const Certificate& c) {
  SK_CHECK(tx.query(kAddCertificate).bind("id", id).bind("number", c.number).bind("at", c.at).bind("certificate", c.certificate).bind("signature", c.signature).run());
  return ok();
}

Result<std::vector<Certificate>> Table::certificates(sql::Tx& tx, const DisposalId& id) {
  SK_TRY(auto rows, tx.query(kCertificates).bind("id", id).all<std::int64_t, Timestamp, std::string, std::string>());
  std::vector<Certificate> out;
  for (auto& [number, at, certificate, signature] : rows) out.push_back({number, at, std::move(certificate), std::move(signature)});
  return out;
}

}  // namespace sekisho::disposal
