// backup: keys, sets, what they are worth. restore: a data folder out of them. All but key, create and prune work without the data.
#include <fcntl.h>
#include <sys/file.h>

#include <filesystem>
#include <thread>

#include "apps/command.h"
#include "apps/migrations.h"
#include "core/bytes.h"
#include "core/descriptor.h"
#include "crypto/key_file.h"
#include "crypto/random.h"
#include "features/backup/rehearsing.h"

namespace sekisho::apps {
namespace {

namespace fs = std::filesystem;
using backup::Folder;

constexpr auto kWaitForService = std::chrono::minutes(30);

std::string megabytes(std::int64_t bytes) { return bytes < 10'000'000 ? std::to_string(bytes / 1000) + " KB" : std::to_string(bytes / 1'000'000) + " MB"; }
std::string seconds(std::int64_t ms) { return std::to_string(ms / 1000) + "." + std::to_string(ms % 1000 / 100) + " 秒"; }

std::string folder_of(const Invocation& in) { return in.arguments.value("from", in.config.backup_folder); }

Result<std::unique_ptr<Folder>> open_folder(const Invocation& in, Folder::Purpose purpose) {
  const std::string folder = folder_of(in);
  if (folder.empty()) return fail(Code::invalid_argument, "backup.folder", "--from, or backup.folder in the settings");
  const std::string key_file = in.arguments.value("key-file", backup_settings(in.config).key_file);
  SK_TRY(Secret key, backup::read_key(key_file));
  return Folder::open(folder, std::move(key), purpose);
}

Result<std::optional<Timestamp>> moment(const Invocation& in, const char* name) {
  if (!in.arguments.has(name)) return std::optional<Timestamp>();
  SK_TRY(const Timestamp at, backup::parse_moment(in.arguments.value(name)));
  return std::optional(at);
}

// Written down on paper, the key opens the backups when this machine is gone.
Status make_key(Invocation& in) {
  SK_CHECK(crypto::init());
  const std::string path = in.arguments.value("out", backup_settings(in.config).key_file);
  if (in.arguments.flag("show")) {
    SK_TRY(const Secret key, backup::read_key(path));
    const std::string text = backup::key_text(key.reveal());
    in.print(json::Object{{"file", path}, {"text", text}}, text);
    return ok();
  }
  std::error_code error;
  if (fs::exists(path, error)) return fail(Code::conflict, "backup.key_exists", path);
  fs::create_directories(fs::path(path).parent_path(), error);
  SK_TRY(const Secret key, crypto::load_or_create_key(path));
  const std::string text = backup::key_text(key.reveal());
  in.print(json::Object{{"file", path}, {"text", text}},
           path + " に鍵を作りました。\n\n" + text + "\n\nこの鍵がないと、控えはだれにも開けません。上の文字を紙に書くか印刷して、この機械とも控えとも別の、施錠した場所に保管してください。\n"
                  "（戻すときは、書いた文字をファイルに打ち込み、--key-file に渡します）");
  return ok();
}

json::Object view_of(const backup::Runner::MadeAt& made) {
  const backup::Manifest& m = made.made.manifest;
  return {{"place", made.place}, {"file", made.made.file}, {"at", to_rfc3339(m.at)}, {"label", m.label}, {"database_bytes", m.database ? m.database->bytes : 0},
          {"tables", m.database ? m.database->tables.size() : 0}, {"originals", m.originals.count}, {"new_bytes", m.new_bytes}, {"ms", m.took_ms}};
}

// The service makes it, and the folder tells when it has.
Status ask_service(Invocation& in) {
  SystemClock clock;
  const Timestamp begun = clock.now();
  SK_CHECK(write_file(backup::asking_file(in.config.data_dir), ""));
  const auto until = std::chrono::steady_clock::now() + kWaitForService;
  while (std::chrono::steady_clock::now() < until) {
    std::this_thread::sleep_for(std::chrono::milliseconds(500));
    const auto folder = open_folder(in, Folder::Purpose::read);
    if (!folder) {
      if (folder.error().key == "backup.busy" || folder.error().key == "backup.not_found") continue;
      return Unexpected(folder.error());
    }
    json::Array made;
    bool all = true;
    SK_TRY(const auto places, (*folder)->places());
    for (const std::string& place : places) {
      if (place == "shared") continue;
      SK_TRY(const auto store, (*folder)->store(place));
      SK_TRY(const auto sets, store->sets());
      const auto found = std::find_if(sets.rbegin(), sets.rend(), [&](const backup::SetInfo& set) { return set.kind == "full" && set.at > begun; });
      if (found == sets.rend()) all = false;
      else made.push_back(json::Object{{"place", place}, {"file", found->file}, {"at", to_rfc3339(found->at)}});
    }
    if (!all || made.empty()) continue;
    const std::string text = "動いているサービスが控えを取りました（" + std::to_string(made.size()) + " 団体）。";
    in.print(json::Object{{"by", "service"}, {"sets", std::move(made)}}, text);
    return ok();
  }
  return fail(Code::timeout, "backup.no_answer", "the service made no backup");
}

Status create(Invocation& in) {
  SK_CHECK(backup::check_settings(backup_settings(in.config)));
  auto engine = Engine::open(in.config, Engine::Reading::no);
  if (!engine && engine.error().key == "data.locked" && !in.config.backup_folder.empty()) return ask_service(in);
  if (!engine) return Unexpected(engine.error());
  if (in.arguments.has("body")) SK_CHECK(in.body(**engine));
  const auto runner = (*engine)->backups();
  SK_TRY(const auto made, runner->make_all(in.arguments.value("body"), in.arguments.flag("afresh")));
  json::Array items;
  std::string text;
  for (const auto& one : made) {
    items.push_back(view_of(one));
    text += one.place + "\t" + to_jst_minutes(one.made.manifest.at) + "\t新しく書いた量 " + megabytes(one.made.manifest.new_bytes) + "\t" + seconds(one.made.manifest.took_ms) + "\n";
  }
  in.print(json::Object{{"by", "command"}, {"folder", in.config.backup_folder}, {"sets", std::move(items)}}, text + in.config.backup_folder + " に控えを取りました。");
  return ok();
}

Status list(Invocation& in) {
  SK_CHECK(crypto::init());
  SK_TRY(const auto folder, open_folder(in, Folder::Purpose::read));
  json::Array items;
  std::string text;
  SK_TRY(const auto places, folder->places());
  for (const std::string& place : places) {
    SK_TRY(const auto store, folder->store(place));
    SK_TRY(const auto sets, store->sets());
    int ticks = 0;
    for (const backup::SetInfo& set : sets) {
      if (set.kind == "tick" && !in.arguments.flag("all") && &set != &sets.back()) {
        ++ticks;
        continue;
      }
      const auto manifest = store->manifest(set.file);
      json::Object item{{"place", place}, {"file", set.file}, {"at", to_rfc3339(set.at)}, {"kind", set.kind}, {"good", manifest.has_value()}};
      text += place + "\t" + to_jst_minutes(set.at) + "\t" + (set.kind == "full" ? "定期" : "追加");
      if (manifest) {
        item["label"] = manifest->label;
        item["database_bytes"] = manifest->database ? manifest->database->bytes : 0;
        item["originals"] = manifest->originals.count;
        item["new_bytes"] = manifest->new_bytes;
        item["program"] = manifest->program;
        text += "\t" + megabytes((manifest->database ? manifest->database->bytes : 0) + manifest->originals.bytes) + "（新しく " + megabytes(manifest->new_bytes) + "）";
      } else {
        text += "\t読めません";
      }
      items.push_back(std::move(item));
      text += "\n";
    }
    if (ticks > 0) text += place + "\tほかに、間の追加 " + std::to_string(ticks) + " 個（--all で一覧）\n";
  }
  in.print(json::Object{{"folder", folder->path()}, {"items", std::move(items)}}, text.empty() ? "控えはありません。" : text);
  return ok();
}

Status verify(Invocation& in) {
  SK_CHECK(crypto::init());
  SK_TRY(const auto folder, open_folder(in, Folder::Purpose::read));
  SK_TRY(const auto done, backup::verify(*folder, in.arguments.flag("all") ? backup::Which::all : backup::Which::newest));
  std::string text;
  for (const std::string& fault : done.faults) text += fault + "\n";
  if (done.faults.empty()) text = "控え " + std::to_string(done.sets) + " 個の " + std::to_string(done.chunks) + " 片（" + megabytes(done.bytes) + "）をすべて開いて確かめました。欠けも誤りもありません。";
  in.print(json::Object{{"good", done.faults.empty()}, {"sets", done.sets}, {"chunks", done.chunks}, {"bytes", done.bytes}, {"faults", json::to_value(done.faults)}}, text);
  return done.faults.empty() ? ok() : Status(fail(Code::corrupt, "backup.corrupt", std::to_string(done.faults.size()) + " faults; the first: " + done.faults.front()));
}

json::Object view_of(const backup::Drill& done) {
  return {{"good", done.good}, {"at", to_rfc3339(done.at)}, {"files", done.restored.files}, {"bytes", done.restored.bytes}, {"restore_ms", done.restored.took_ms},
          {"compare_ms", done.compare_ms}, {"bodies", json::to_value(done.bodies)}};
}

std::string report_of(const backup::Drill& done) {
  std::string out = "復元の訓練の報告\n\n行った日時: " + to_wareki(jst_date(done.at)) + " " + to_jst_minutes(done.at) + "\n結果: " + (done.good ? "控えから戻せました。" : "戻したものに誤りがあります。") +
                    "\n戻すのにかかった時間: " + seconds(done.restored.took_ms) + "（" + megabytes(done.restored.bytes) + "、" + std::to_string(done.restored.files) + " 個のファイル）\n照らし合わせにかかった時間: " +
                    seconds(done.compare_ms) + "\n";
  for (const backup::Comparison& body : done.bodies) {
    out += "\n団体 " + body.body + "\n  控え: " + to_jst_minutes(body.at) + " の状態（" + body.set + "）\n  表: " +
           (body.tables > 0 ? std::to_string(body.tables) + " 個、" + std::to_string(body.rows) + " 行の内容が一致" : "行の数えのない控えのため、断片のハッシュだけで照合") + "\n  原本: " +
           std::to_string(body.originals) + " 個\n  記録: " + std::to_string(body.leaves) + " 件の木と署名を検証\n  先頭: " + body.root + "\n";
    for (const std::string& fault : body.faults) out += "  誤り: " + fault + "\n";
  }
  return out;
}

// With the data at hand the result is recorded there; a copy of the folder elsewhere is tried without.
Status drill(Invocation& in) {
  SK_TRY(const auto at, moment(in, "at"));
  Result<backup::Drill> done;
  if (in.arguments.has("from") || in.arguments.has("scratch")) {
    SK_CHECK(crypto::init());
    SK_TRY(const std::string scratch, in.arguments.need("scratch"));
    std::error_code error;
    if (fs::exists(scratch, error)) return fail(Code::conflict, "backup.target", scratch + " is there already");
    SK_TRY(const auto folder, open_folder(in, Folder::Purpose::read));
    SystemClock clock;
    done = backup::drill(*folder, at, scratch, clock.now());
  } else {
    SK_TRY(auto engine, Engine::open(in.config, Engine::Reading::no));
    done = engine->backups()->drill_now(at);
  }
  if (!done) return Unexpected(done.error());
  const std::string text = report_of(*done);
  if (in.arguments.has("report")) SK_CHECK(write_file(in.arguments.value("report"), text));
  in.print(view_of(*done), text);
  return done->good ? ok() : Status(fail(Code::corrupt, "backup.drill_failed", "a restored copy differs from its manifest"));
}

Status prune(Invocation& in) {
  SK_TRY(const auto before, moment(in, "before"));
  SK_TRY(auto engine, Engine::open(in.config, Engine::Reading::no));
  SK_TRY(const auto done, engine->backups()->prune_now(before));
  in.print(json::Object{{"sets", done.sets}, {"chunks", done.chunks}, {"bytes", done.bytes}},
           "控え " + std::to_string(done.sets) + " 個を消しました（" + std::to_string(done.chunks) + " 片、" + megabytes(done.bytes) + "）。");
  return ok();
}

Status restore(Invocation& in) {
  SK_CHECK(crypto::init());
  SK_TRY(const std::string target, in.arguments.need("to"));
  SK_TRY(const auto at, moment(in, "at"));
  SK_TRY(const auto folder, open_folder(in, Folder::Purpose::read));
  const std::string body = in.arguments.value("body");
  SK_TRY(const auto chosen, backup::choose(*folder, at, body.empty() ? "" : "bodies/" + body));
  SK_TRY(const auto restored, backup::restore(*folder, chosen, target));
  SK_TRY(const auto bodies, backup::compare(chosen, target));
  std::string text;
  bool good = true;
  for (const auto& one : bodies) {
    good = good && one.faults.empty();
    text += one.body + ": " + to_jst_minutes(one.at) + " の状態に戻しました。記録 " + std::to_string(one.leaves) + " 件、原本 " + std::to_string(one.originals) + " 個。先頭 " + one.root + "\n";
    for (const std::string& fault : one.faults) text += "  誤り: " + fault + "\n";
  }
  text += target + " に " + std::to_string(restored.files) + " 個のファイル（" + megabytes(restored.bytes) + "）、" + seconds(restored.took_ms) + "。";
  in.print(json::Object{{"good", good}, {"to", target}, {"files", restored.files}, {"bytes", restored.bytes}, {"ms", restored.took_ms}, {"bodies", json::to_value(bodies)}}, text);
  return good ? ok() : Status(fail(Code::corrupt, "backup.drill_failed", "the restored data differs from its manifest"));
}

// As the engine will name them when it opens the data.
Result<std::vector<std::string>> body_codes(const std::string& data) {
  std::vector<std::string> out;
  std::error_code error;
  if (!fs::is_directory(data + "/bodies", error)) return out;
  for (const auto& entry : fs::directory_iterator(data + "/bodies", error))
    if (fs::exists(entry.path() / "body.db")) out.push_back(entry.path().filename().string());
  if (error) return fail(Code::unavailable, "file.io", data + ": " + error.message());
  std::sort(out.begin(), out.end());
  return out;
}

Result<std::vector<backup::Rehearsal>> rehearse_all(const std::string& data) {
  const Descriptor lock(::open((data + "/lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (lock.get() < 0 || ::flock(lock.get(), LOCK_EX | LOCK_NB) != 0) return fail(Code::unavailable, "data.locked", data + " is in use by another program");
  SK_TRY(const auto codes, body_codes(data));
  std::vector<backup::Rehearsal> out;
  for (const std::string& code : codes) {
    SK_TRY(auto one, backup::rehearse(data + "/bodies/" + code, code, data + "/rehearsal", migrations()).context(code));
    out.push_back(std::move(one));
  }
  return out;
}

Status migrate(Invocation& in) {
  SK_CHECK(crypto::init());
  const bool only = in.arguments.flag("rehearse-only");
  std::string text;
  std::vector<backup::Rehearsal> tried;
  if (only || in.arguments.flag("rehearse")) {
    SK_TRY(tried, rehearse_all(in.config.data_dir));
    std::string faults;
    for (const auto& one : tried) {
      text += one.body + ": 写しで " + std::to_string(one.steps.size()) + " 段階を試しました（写し " + seconds(one.copy_ms) + "、移行 " + seconds(one.steps_ms) + "）。行 " + std::to_string(one.rows_before) + " → " +
              std::to_string(one.rows_after) + "、記録 " + std::to_string(one.leaves) + " 件を検証。\n";
      for (const std::string& fault : one.faults) faults += one.body + ": " + fault + "; ";
    }
    if (!faults.empty()) return fail(Code::unavailable, "backup.rehearsal_failed", faults);
  }
  std::size_t bodies = tried.size();
  if (!only) {
    SK_TRY(auto engine, Engine::open(in.config, Engine::Reading::no));  // opening a body applies what is missing
    bodies = engine->bodies().size();
    text += std::to_string(bodies) + " 団体のデータは、この版の形です。";
  }
  in.print(json::Object{{"bodies", bodies}, {"rehearsals", json::to_value(tried)}, {"migrated", !only}}, text);
  return ok();
}

}  // namespace

void add_backup_commands(std::vector<Command>& commands) {
  commands.push_back({"backup key", "[--out FILE] [--show]", "控えを閉じる鍵を作り、紙に控える文字を出す（--show: 今ある鍵の文字）", {"out"}, {"show"}, make_key});
  commands.push_back({"backup create", "[--body B] [--afresh]", "控えを今取る（動いているサービスには頼む）", {"body", "from", "key-file"}, {"afresh"}, create});
  commands.push_back({"backup list", "[--from DIR] [--key-file FILE] [--all]", "控えの一覧", {"from", "key-file"}, {"all"}, list});
  commands.push_back({"backup verify", "[--from DIR] [--key-file FILE] [--all]", "最新の（--all: すべての）控えの断片をすべて開いて確かめる", {"from", "key-file"}, {"all"}, verify});
  commands.push_back({"backup drill", "[--at TIME] [--report FILE] [--from DIR --scratch EMPTY [--key-file FILE]]", "控えから別の場所に戻し、照らし合わせて、報告を出す（戻したものは消す）",
                      {"at", "report", "from", "scratch", "key-file"}, {}, drill});
  commands.push_back({"backup prune", "[--before TIME]", "期限の過ぎた（--before: それより前の）控えを消す。最新のものは残す", {"before"}, {}, prune});
  commands.push_back({"restore", "--from DIR --to EMPTYDIR [--at 2026-11-26T12:34] [--body B] [--key-file FILE]", "控えから、空のフォルダにデータを戻す", {"from", "to", "at", "body", "key-file"}, {}, restore});
  commands.push_back({"migrate", "[--rehearse] [--rehearse-only]", "データをこの版の形にする（--rehearse: 先に写しで試し、うまくいったときだけ）", {}, {"rehearse", "rehearse-only"}, migrate});
}

}  // namespace sekisho::apps
