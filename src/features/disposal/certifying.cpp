// The certificate: what is signed, its file, its page in Japanese.
#include "crypto/hash.h"
#include "crypto/sign.h"
#include "features/accounts/table.h"
#include "features/bodies/dates.h"
#include "features/disposal/erasing.h"
#include "gate/log_read_table.h"
#include "outside/certificate.h"
#include "tlog/checkpoint.h"
#include "tlog/disposal.h"

namespace sekisho::disposal {
namespace {

// How a person reads the certificate's keys.
const std::map<std::string, std::string, std::less<>> kWords = {
    {"documents", "資料"}, {"collection", "資料の置き場"}, {"chat", "会話"}, {"person", "利用者"}, {"contract", "契約（団体のすべて）"},
    {"document", "資料"}, {"document_bytes", "資料の大きさ（バイト）"}, {"chunk", "検索用の断片"}, {"message", "質問・回答"}, {"message_source", "回答と資料のつながり"},
    {"answer_text", "資料から作られた回答（本文を消去）"}, {"blob", "保存した原本"}, {"blob_bytes", "保存した原本（バイト）"}, {"index_chunk", "索引の断片"}, {"log_payload", "記録の内容"},
    {"session", "ログイン"}, {"api_key", "APIキー"}, {"factor", "2つ目の要素"}, {"factor_recovery", "回復コード"}, {"factor_account", "2つ目の要素の状態"},
    {"factor_proof", "2つ目の要素の提示"}, {"factor_challenge", "2つ目の要素の問い"}, {"directory_account", "ディレクトリとのつながり"}, {"staff", "職員名簿"},
    {"login_failure", "ログインの失敗"}, {"account_review", "利用者の点検"}, {"usage_budget", "個人の予算"}, {"account", "利用者（氏名・利用者IDを消去）"},
    {"appointment", "発令（根拠を消去）"}, {"approval", "申請（氏名を消去）"}, {"approval_event", "申請の経過（氏名を消去）"}, {"approval_seen", "申請の閲覧（氏名を消去）"},
    {"elevation", "特権の利用（氏名・理由を消去）"}, {"decision", "決裁などの記録にある氏名"},
    {"hold", "証拠として保全されているため"}, {"retention", "記録の保存期間が過ぎていないため"}, {"decision_record", "決定の記録であるため"}, {"changed", "許可のあとに加わったため"},
};

// At the end of a contract whole tables go; those without a word here are named as they are.
const std::map<std::string, std::string, std::less<>> kTables = {
    {"account", "利用者"}, {"appointment", "発令"}, {"approval", "申請"}, {"approval_event", "申請の経過"}, {"approval_exception", "申請の例外"}, {"approval_ruling", "申請の許可"},
    {"approval_notice", "申請の知らせ"}, {"approval_party", "申請の当事者"}, {"approval_seen", "申請の閲覧"}, {"body_profile", "団体の設定"}, {"profile_version", "団体の設定の版"},
    {"document_text", "資料の本文"}, {"section", "資料の節"}, {"elevation", "特権の利用"}, {"endpoint", "接続先"}, {"service", "外部サービス"}, {"flow", "許可された通信"},
    {"label", "分類"}, {"log_leaf", "記録"}, {"log_checkpoint", "記録の署名"}, {"log_tile", "記録のハッシュ"}, {"log_key", "記録の鍵"}, {"retention_hold", "証拠保全"},
    {"retention_rule", "保存の期間"}, {"role", "役割"}, {"unit", "部署"}, {"upload", "取込み"}, {"usage_event", "利用量の帳簿"}, {"stop_record", "緊急停止"}, {"disposal", "廃棄"},
    {"disposal_certificate", "廃棄の証明書"}, {"ng_word", "NGワード"}, {"guard_rule", "検知の規則"}};

std::string word(std::string_view key) {
  const auto it = kWords.find(key);
  return it == kWords.end() ? std::string(key) : it->second;
}

constexpr const char* kContractMethods[] = {"master_key_destroyed", "database_overwritten", "originals_removed", "index_removed", "log_key_destroyed", "raw_search"};
constexpr const char* kMethods[] = {"rows_deleted_and_overwritten", "database_rewritten", "originals_removed", "index_rewritten", "log_payloads_deleted", "raw_search"};
constexpr const char* kContractMethodText =
    "団体の鍵の上書きと消去（原本と記録の内容は、だれにも開けなくなります）、データベースの上書きと消去、原本・索引・控えた先頭の消去、保存場所の全ファイルの検索による確認、記録の鍵の消去（署名のあと）";
constexpr const char* kMethodText =
    "データベースの行の消去（上書き）、データベースと書き込み待ちの記録の作り直し、暗号化された原本の削除、索引の作り直し、記録の内容と塩の削除（葉は残ります）、保存場所の全ファイルの検索による確認";

std::string text_at(const json::Value& value, std::string_view name) {
  const json::Value* const found = value.is_object() ? value.get_object().if_contains(name) : nullptr;
  if (found == nullptr || found->is_null()) return "";
  return found->is_string() ? std::string(std::string_view(found->get_string())) : json::serialise(*found);
}
const json::Value& at(const json::Value& value, std::string_view name) {
  static const json::Value nothing = json::Object{};
  const json::Value* const found = value.is_object() ? value.get_object().if_contains(name) : nullptr;
  return found == nullptr ? nothing : *found;
}
std::string day_of(const std::string& rfc3339) {
  const auto time = json::parse_rfc3339(rfc3339);
  return time ? to_wareki(jst_date(*time)) + " " + to_jst_minutes(*time) : rfc3339;
}

outside::CertificatePage::Section erased_section(const json::Value& c) {
  outside::CertificatePage::Section out{"消去したもの", {}};
  const bool whole = text_at(c, "scope") == "contract";
  const auto named = [&](std::string_view key) {
    const auto it = kTables.find(key);
    return whole && it != kTables.end() ? it->second : word(key);
  };
  for (const auto& member : at(c, "erased").as_object()) out.rows.emplace_back(named(member.key()), json::serialise(member.value()) + (member.key().ends_with("bytes") ? "" : " 件"));
  if (out.rows.empty()) out.rows.emplace_back("", "なし");
  return out;
}

outside::CertificatePage::Section remaining_section(const json::Value& c) {
  outside::CertificatePage::Section out{"残るもの", {}};
  for (const json::Value& r : at(c, "remaining").as_array()) {
    const std::string until = text_at(r, "until");
    out.rows.emplace_back(word(text_at(r, "store")), text_at(r, "count") + " 件（" + word(text_at(r, "ground")) + (until.empty() ? "" : "、" + day_of(until) + " まで") + "）");
  }
  if (out.rows.empty()) out.rows.emplace_back("", "なし");
  return out;
}

outside::CertificatePage::Section backup_section(const json::Value& c) {
  outside::CertificatePage::Section out{"控え（バックアップ）", {}};
  for (const json::Value& b : at(c, "backups").as_array())
    out.rows.emplace_back(text_at(b, "place"), text_at(b, "until").empty() ? "申請した人が、消去するものと申告" : text_at(b, "until") + " までに消えると申告");
  for (const json::Value& b : at(c, "own_backups").is_array() ? at(c, "own_backups").as_array() : json::Array())
    out.rows.emplace_back(text_at(b, "place"), text_at(b, "until").empty() ? "関所の控え: 鍵を上書きして消去" : "関所の控え: " + text_at(b, "until") + " までに期限で消えます");
  if (out.rows.empty()) out.rows.emplace_back("", "申告なし");
  return out;
}

outside::CertificatePage::Section item_section(const json::Value& c) {
  constexpr std::size_t kShown = 200;
  outside::CertificatePage::Section out{"対象の一覧", {}};
  const json::Array& items = at(c, "items").as_array();
  for (std::size_t i = 0; i < items.size() && i < kShown; ++i)
    out.rows.emplace_back(word(text_at(items[i], "kind")), text_at(items[i], "id") + (text_at(items[i], "sha256").empty() ? "" : "\nSHA-256 " + text_at(items[i], "sha256")));
  if (items.size() > kShown) out.rows.emplace_back("", "ほか " + std::to_string(items.size() - kShown) + " 件（証明書のファイルにすべてあります）");
  return out;
}

}  // namespace

std::string requester_of(sql::Tx& tx, const Disposal& d) {
  if (!is_ulid(d.requested_by)) return "";
  const auto account = accounts::Table::find(tx, accounts::AccountId::trusted(d.requested_by));
  return account && *account ? (*account)->name : "";
}

json::Value certificate_of(const std::string& body_code, const std::string& body_name, const Disposal& d, const std::string& requester, std::int64_t number, Timestamp now,
                           const json::Object& head, json::Array own_backups) {
  json::Array methods;
  for (const char* m : d.scope == "contract" ? kContractMethods : kMethods) methods.emplace_back(m);
  return json::Object{{"v", 1},
                      {"id", d.id.str()},
                      {"number", number},
                      {"issued_at", to_rfc3339(now)},
                      {"body", json::Object{{"code", body_code}, {"name", body_name}}},
                      {"scope", d.scope},
                      {"what", d.what},
                      {"items", json::to_value(d.items)},
                      {"items_hash", d.items_hash},
                      {"asked", json::Object{{"id", d.requested_by}, {"name", requester}, {"at", to_rfc3339(d.requested_at)}, {"approval", d.approval_id}}},
                      {"permitted", json::Object{{"by", json::to_value(d.permitted)}, {"at", d.permitted_at ? json::Value(to_rfc3339(*d.permitted_at)) : json::Value()}}},
                      {"begun_at", d.begun_at ? json::Value(to_rfc3339(*d.begun_at)) : json::Value()},
                      {"done_at", d.done_at ? json::Value(to_rfc3339(*d.done_at)) : json::Value()},
                      {"methods", std::move(methods)},
                      {"erased", json::to_value(d.counts)},
                      {"remaining", json::to_value(d.remaining)},
                      {"backups", json::to_value(d.backups)},
                      {"own_backups", std::move(own_backups)},
                      {"verification", json::to_value(d.verification)},
                      {"log", head}};
}

std::string signed_certificate(const json::Value& certificate, const crypto::SigningKey& key) {
  return to_base64(key.sign(std::string(tlog::kCertificateContext) + json::canonical(certificate)).view());
}

std::string certificate_file(const Certificate& c) { return "{\"certificate\":" + c.certificate + ",\"signature\":\"" + c.signature + "\"}\n"; }

Result<std::string> certificate_page(const Certificate& certificate) {
  SK_TRY(const json::Value c, json::parse(certificate.certificate));
  outside::CertificatePage page;
  page.title = "情報の廃棄の証明書";
  page.lead = {"下の情報を、この情報システムから消去したことを証明します。", "方法: " + std::string(text_at(c, "scope") == "contract" ? kContractMethodText : kMethodText)};
  std::string permitted;
  const json::Value& by = at(at(c, "permitted"), "by");
  if (by.is_array())
    for (const json::Value& p : by.get_array()) permitted += (permitted.empty() ? "" : "、") + text_at(p, "name");
  const json::Value& v = at(c, "verification");
  page.sections.push_back({"廃棄",
                           {{"証明書の番号", text_at(c, "id") + " 第" + text_at(c, "number") + "号"}, {"発行", day_of(text_at(c, "issued_at"))}, {"団体", text_at(at(c, "body"), "name")},
                            {"範囲", word(text_at(c, "scope"))}, {"廃棄したもの", text_at(c, "what")}, {"申請", text_at(at(c, "asked"), "name") + " " + day_of(text_at(at(c, "asked"), "at"))},
                            {"許可", permitted + " " + day_of(text_at(at(c, "permitted"), "at"))}, {"実施", day_of(text_at(c, "begun_at")) + " から " + day_of(text_at(c, "done_at")) + "（プログラム）"}}});
  page.sections.push_back(erased_section(c));
  page.sections.push_back({"確認",
                           {{"確認した日時", day_of(text_at(v, "at"))}, {"調べたファイル", text_at(v, "files") + " 個、" + text_at(v, "bytes") + " バイト"},
                            {"探した箇所", text_at(v, "samples") + " か所（UTF-8、UTF-16）、索引の語 " + text_at(v, "terms") + " 個"}, {"除いた箇所", text_at(v, "shared") + " か所（残る情報にも同じ文がある）"},
                            {"見つかった箇所", text_at(v, "found")}}});
  page.sections.push_back(remaining_section(c));
  page.sections.push_back(backup_section(c));
  page.sections.push_back(item_section(c));
  page.signature = certificate.signature;
  page.checkpoint = text_at(at(c, "log"), "checkpoint");
  return outside::certificate_pdf(page);
}

Result<json::Object> signed_head(gate::Body& body, Timestamp now) {
  SK_CHECK(body.writer->run([&](sql::Tx& tx, gate::LogTable& log) { return log.checkpoint(tx, now, true); }));
  SK_TRY(auto tx, body.db->begin_read());
  SK_TRY(const auto head, gate::newest_head(*tx));
  if (!head) return fail(Code::conflict, "log.unsigned", "no head is signed yet");
  SK_TRY(const tlog::VerifierKey key, gate::log_verifier(*body.log_keys));
  SK_TRY(const auto opened, tlog::open_checkpoint(head->note, key));
  return json::Object{{"origin", opened.checkpoint.origin}, {"size", static_cast<std::int64_t>(opened.checkpoint.size)}, {"root", to_hex(opened.checkpoint.root)},
                      {"checkpoint", head->note}, {"key", key.text()}};
}

// A set that was made just before the last row went is kept as long as any, and one more day until it is looked at.
json::Array own_backups(const Site& site, Timestamp now) {
  if (site.parts.backup_folder.empty()) return {};
  const Timestamp gone{now.micros + (site.parts.backup_days + 1) * 86'400'000'000};
  return {json::Object{{"place", site.parts.backup_folder}, {"until", bodies::first_day(gone)}}};
}

// The head that the certificate names is signed after everything that it tells of was recorded.
Result<Went> certify(const Site& site, const Disposal& d) {
  const Timestamp now = site.now();
  SK_TRY(const json::Object head, signed_head(site.body, now));
  Certificate made;
  made.at = now;
  {
    SK_TRY(auto tx, site.body.db->begin_read());
    SK_TRY(const auto earlier, Table::certificates(*tx, d.id));
    made.number = earlier.empty() ? 1 : earlier.front().number + 1;
    const json::Value c = certificate_of(site.body.code, site.body.name, d, requester_of(*tx, d), made.number, now, head, own_backups(site, now));
    made.certificate = json::canonical(c);
    made.signature = signed_certificate(c, site.body.log_keys->signing);
  }
  SK_CHECK(act(site, "disposal.certify", d.id, [&](gate::Context& context, Disposal& changed) -> Status {
    SK_CHECK(Table::add_certificate(context.tx, changed.id, made));
    changed.state = "certified";
    changed.rest_at = look_again(changed.remaining, context.now);
    context.note("certificate", json::Value(to_hex(crypto::sha256(made.certificate))));
    return changed.rest_at ? ok() : Table::drop_work(context.tx, changed.id);
  }));
  return Went::on;
}

}  // namespace sekisho::disposal
