// doctor: every check of this installation. manifest: the signed list of the program's own files.
#include "apps/command.h"
#include "apps/doctor.h"
#include "apps/self_check.h"
#include "core/bytes.h"
#include "crypto/key_file.h"
#include "crypto/random.h"

namespace sekisho::apps {
namespace {

std::string name_of(Health health) { return health == Health::green ? "green" : health == Health::amber ? "amber" : "red"; }
std::string mark_of(Health health) { return health == Health::green ? "○" : health == Health::amber ? "△" : "×"; }

Status doctor(Invocation& in) {
  SK_TRY(const auto examined, examine(in.config));
  json::Array items;
  std::string text;
  Health worst = Health::green;
  for (const Examined& e : examined) {
    worst = std::max(worst, e.finding.health);
    items.push_back(json::Object{{"check", e.check}, {"title", e.title}, {"body", e.body}, {"state", name_of(e.finding.health)}, {"reason", e.finding.reason}, {"clause", e.clause}});
    text += mark_of(e.finding.health) + " " + e.title + (e.body.empty() ? "" : "（" + e.body + "）") + ": " + e.finding.reason + "  [" + e.clause + "]\n";
  }
  in.print(json::Object{{"state", name_of(worst)}, {"checks", std::move(items)}}, text + (worst == Health::green ? "すべて正常です。" : "○ 正常  △ 注意  × 異常"));
  if (worst == Health::red) return fail(Code::unavailable, "doctor.red", "");
  return ok();
}

Status manifest_make(Invocation& in) {
  SK_TRY(const auto found, integrity::find(places_of(in.config)));
  SK_TRY(const std::string text, integrity::encode_text({SK_VERSION, found}));
  const std::string path = in.arguments.value("out", in.config.integrity_manifest);
  SK_CHECK(write_file(path, text));
  in.print(json::Object{{"file", path}, {"files", static_cast<std::int64_t>(found.size())}}, std::to_string(found.size()) + " 個のファイルの一覧を " + path + " に作りました。");
  return ok();
}

Status manifest_sign(Invocation& in) {
  SK_CHECK(crypto::init());
  SK_TRY(const std::string key_path, in.arguments.need("key"));
  SK_TRY(const std::string name, in.arguments.need("name"));
  SK_TRY(const Secret seed, crypto::load_or_create_key(key_path));
  SK_TRY(const auto key, crypto::SigningKey::from_seed(seed.reveal()));
  SK_TRY(const auto verifier, tlog::VerifierKey::create(name, tlog::KeyType::ed25519, key.public_key()));
  const std::string path = in.arguments.value("file", in.config.integrity_manifest);
  SK_TRY(const std::string before, read_file(path, tlog::kMaxNoteBytes).context("manifest"));
  SK_TRY(const std::string after, integrity::sign(before, verifier, key));
  SK_CHECK(write_file(path, after));
  in.print(json::Object{{"file", path}, {"key", verifier.text()}}, path + " に署名しました。確かめる人に、別の道で次の行を渡してください（integrity.key_file）。\n" + verifier.text());
  return ok();
}

Status manifest_check(Invocation& in) {
  if (in.arguments.has("file")) in.config.integrity_manifest = in.arguments.value("file");
  if (in.arguments.has("trust")) in.config.integrity_key_file = in.arguments.value("trust");
  SK_TRY(const FileCheck checked, check_files(in.config));
  json::Array changes;
  std::string text;
  for (const integrity::Change& c : checked.changes) {
    const std::string how = c.deviation == integrity::Deviation::changed ? "changed" : c.deviation == integrity::Deviation::missing ? "missing" : "added";
    changes.push_back(json::Object{{"file", c.name}, {"change", how}});
    text += (how == "changed" ? "違う: " : how == "missing" ? "ない: " : "一覧にない: ") + c.name + "\n";
  }
  if (changes.empty()) text = std::to_string(checked.list.manifest.entries.size()) + " 個のファイルが、すべて一覧と同じです。" + (checked.list.verified ? "署名も確かめました。" : "署名は確かめていません（--trust）。");
  const bool changed = !changes.empty();
  in.print(json::Object{{"version", checked.list.manifest.version}, {"files", static_cast<std::int64_t>(checked.list.manifest.entries.size())}, {"verified", checked.list.verified},
                        {"signers", json::to_value(checked.list.signers)}, {"changes", std::move(changes)}},
           text);
  if (changed) return fail(Code::corrupt, "manifest.changed", "");
  return ok();
}

}  // namespace

void add_doctor_commands(std::vector<Command>& commands) {
  commands.push_back({"doctor", "", "この設置を点検し、項目ごとに状態・理由・条項を示す（サービスの動作中も使えます）", {}, {}, doctor});
  commands.push_back({"manifest make", "[--out FILE]", "プログラムのファイルの一覧を作る", {"out"}, {}, manifest_make});
  commands.push_back({"manifest sign", "--key FILE --name 名前 [--file FILE]", "その一覧に署名する（鍵がなければ作る）", {"key", "name", "file"}, {}, manifest_sign});
  commands.push_back({"manifest check", "[--file FILE] [--trust 鍵のファイル]", "プログラムのファイルが一覧と同じことを確かめる", {"file", "trust"}, {}, manifest_check});
}

}  // namespace sekisho::apps
