// backup: keys, sets, what they are worth. restore: a data folder out of them. All but key, create and prune work without the data.
#include <fcntl.h>
#include <sys/file.h>

#include <filesystem>

#include "apps/backup_tasks.h"
#include "apps/command.h"
#include "apps/control.h"
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

constexpr auto kWaitForService = std::chrono::hours(6);  // a drill restores everything

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

// The service does it while it runs.
Result<BackupTold> done_by_whom(Invocation& in, const BackupTask& task) {
  auto engine = Engine::open(in.config, Engine::Reading::no);
  if (!engine && engine.error().key == "data.locked") {
    SK_TRY(const json::Value told, ask_server(in.config, {"backup", "", std::nullopt, json::to_value(task), false}, kWaitForService));
    SK_TRY(BackupTold out, json::read<BackupTold>(told));
    out.value.as_object()["by"] = "service";
    return out;
  }
  if (!engine) return Unexpected(engine.error());
  if (!task.body.empty()) SK_CHECK(in.body(**engine));
  SK_TRY(BackupTold out, carry_out(*(*engine)->backups(), task, 0));
  out.value.as_object()["by"] = "command";
  return out;
}

Status tell(Invocation& in, const BackupTold& told) {
  in.print(told.value, told.text);
  return told.good ? ok() : Status(fail(Code::corrupt, "backup.drill_failed", "a restored copy differs from its manifest"));
}

Status create(Invocation& in) {
  SK_CHECK(backup::check_settings(backup_settings(in.config)));
  SK_TRY(const BackupTold told, done_by_whom(in, {"make", in.arguments.value("body"), in.arguments.flag("afresh"), std::nullopt}));
  return tell(in, told);
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

// With the data at hand the result is recorded there; a copy of the folder elsewhere is tried without.
Status drill(Invocation& in) {
  SK_TRY(const auto at, moment(in, "at"));
  BackupTold told;
  if (in.arguments.has("from") || in.arguments.has("scratch")) {
    SK_CHECK(crypto::init());
    SK_TRY(const std::string scratch, in.arguments.need("scratch"));
    std::error_code error;
    if (fs::exists(scratch, error)) return fail(Code::conflict, "backup.target", scratch + " is there already");
    SK_TRY(const auto folder, open_folder(in, Folder::Purpose::read));
    SystemClock clock;
    SK_TRY(const backup::Drill done, backup::drill(*folder, at, scratch, clock.now()));
    told = {done.good, view_of(done), report_of(done)};
  } else {
    SK_TRY(told, done_by_whom(in, {"drill", "", false, at}));
  }
  if (in.arguments.has("report")) SK_CHECK(write_file(in.arguments.value("report"), told.text));
  return tell(in, told);
}

Status prune(Invocation& in) {
  SK_TRY(const auto before, moment(in, "before"));
  SK_TRY(const BackupTold told, done_by_whom(in, {"prune", "", false, before}));
  return tell(in, told);
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
  text += target + " に " + std::to_string(restored.files) + " 個のファイル（" + megabytes(restored.bytes) + "）、" + seconds_of(restored.took_ms) + "。";
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
      text += one.body + ": 写しで " + std::to_string(one.steps.size()) + " 段階を試しました（写し " + seconds_of(one.copy_ms) + "、移行 " + seconds_of(one.steps_ms) + "）。行 " + std::to_string(one.rows_before) + " → " +
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
