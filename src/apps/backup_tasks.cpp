#include "apps/backup_tasks.h"

namespace sekisho::apps {
namespace {

json::Object set_view(const backup::Runner::MadeAt& made) {
  const backup::Manifest& m = made.made.manifest;
  return {{"place", made.place}, {"file", made.made.file}, {"at", to_rfc3339(m.at)}, {"label", m.label}, {"database_bytes", m.database ? m.database->bytes : 0},
          {"tables", m.database ? m.database->tables.size() : 0}, {"originals", m.originals.count}, {"new_bytes", m.new_bytes}, {"ms", m.took_ms}};
}

Result<BackupTold> make(backup::Runner& runner, const BackupTask& task, std::int64_t rate_bytes) {
  SK_TRY(const auto made, runner.make_all(task.body, task.afresh, rate_bytes));
  json::Array items;
  std::string text;
  for (const auto& one : made) {
    items.push_back(set_view(one));
    text += one.place + "\t" + to_jst_minutes(one.made.manifest.at) + "\t新しく書いた量 " + megabytes(one.made.manifest.new_bytes) + "\t" + seconds_of(one.made.manifest.took_ms) + "\n";
  }
  return BackupTold{true, json::Object{{"sets", std::move(items)}}, text + "控えを取りました。"};
}

Result<BackupTold> drill(backup::Runner& runner, const BackupTask& task) {
  SK_TRY(const backup::Drill done, runner.drill_now(task.moment));
  return BackupTold{done.good, view_of(done), report_of(done)};
}

Result<BackupTold> prune(backup::Runner& runner, const BackupTask& task) {
  SK_TRY(const backup::Pruned done, runner.prune_now(task.moment));
  return BackupTold{true, json::Object{{"sets", done.sets}, {"chunks", done.chunks}, {"bytes", done.bytes}},
                    "控え " + std::to_string(done.sets) + " 個を消しました（" + std::to_string(done.chunks) + " 片、" + megabytes(done.bytes) + "）。"};
}

}  // namespace

std::string megabytes(std::int64_t bytes) { return bytes < 10'000'000 ? std::to_string(bytes / 1000) + " KB" : std::to_string(bytes / 1'000'000) + " MB"; }
std::string seconds_of(std::int64_t ms) { return std::to_string(ms / 1000) + "." + std::to_string(ms % 1000 / 100) + " 秒"; }

json::Object view_of(const backup::Drill& done) {
  return {{"good", done.good}, {"at", to_rfc3339(done.at)}, {"files", done.restored.files}, {"bytes", done.restored.bytes}, {"restore_ms", done.restored.took_ms},
          {"compare_ms", done.compare_ms}, {"bodies", json::to_value(done.bodies)}};
}

std::string report_of(const backup::Drill& done) {
  std::string out = "復元の訓練の報告\n\n行った日時: " + to_wareki(jst_date(done.at)) + " " + to_jst_minutes(done.at) + "\n結果: " + (done.good ? "控えから戻せました。" : "戻したものに誤りがあります。") +
                    "\n戻すのにかかった時間: " + seconds_of(done.restored.took_ms) + "（" + megabytes(done.restored.bytes) + "、" + std::to_string(done.restored.files) + " 個のファイル）\n照らし合わせにかかった時間: " +
                    seconds_of(done.compare_ms) + "\n";
  for (const backup::Comparison& body : done.bodies) {
    out += "\n団体 " + body.body + "\n  控え: " + to_jst_minutes(body.at) + " の状態（" + body.set + "）\n  表: " +
           (body.tables > 0 ? std::to_string(body.tables) + " 個、" + std::to_string(body.rows) + " 行の内容が一致" : "行の数えのない控えのため、断片のハッシュだけで照合") + "\n  原本: " +
           std::to_string(body.originals) + " 個\n  記録: " + std::to_string(body.leaves) + " 件の木と署名を検証\n  先頭: " + body.root + "\n";
    for (const std::string& fault : body.faults) out += "  誤り: " + fault + "\n";
  }
  return out;
}

Result<BackupTold> carry_out(backup::Runner& runner, const BackupTask& task, std::int64_t rate_bytes) {
  if (task.what == "make") return make(runner, task, rate_bytes);
  if (task.what == "drill") return drill(runner, task);
  if (task.what == "prune") return prune(runner, task);
  return fail(Code::invalid_argument, "usage", "unknown task " + task.what);
}

}  // namespace sekisho::apps
