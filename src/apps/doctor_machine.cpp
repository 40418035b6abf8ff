// The doctor's checks of the machine and of the program itself.
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

#include "apps/doctor.h"
#include "apps/self_check.h"
#include "files/pool.h"
#include "text/analyse.h"

namespace sekisho::apps::checks {
namespace {

constexpr std::uint64_t kAlmostFull = 512u << 20;  // bytes
constexpr std::int64_t kLongIdleMs = 3'600'000;

Finding green(std::string reason) { return {Health::green, std::move(reason)}; }
Finding amber(std::string reason) { return {Health::amber, std::move(reason)}; }
Finding red(std::string reason) { return {Health::red, std::move(reason)}; }

std::string gigabytes(std::uint64_t bytes) {
  std::array<char, 32> out{};
  std::snprintf(out.data(), out.size(), "%.1f GB", static_cast<double>(bytes) / (1u << 30));
  return out.data();
}

}  // namespace

Finding data_folder(const Patient& p) {
  struct stat about = {};
  if (::stat(p.config.data_dir.c_str(), &about) != 0 || !S_ISDIR(about.st_mode)) return red(p.config.data_dir + " がありません");
  if (about.st_uid != ::geteuid()) return red(p.config.data_dir + " の持ち主が、この利用者ではありません");
  if ((about.st_mode & 0077) != 0) return red(p.config.data_dir + " を、ほかの利用者が読めます（0700 にしてください）");
  if (::access(p.config.data_dir.c_str(), R_OK | W_OK | X_OK) != 0) return red(p.config.data_dir + " に書けません");
  return green("持ち主だけが読み書きできます");
}

Finding disk(const Patient& p) {
  struct statvfs about = {};
  if (::statvfs(p.config.data_dir.c_str(), &about) != 0) return red("空きを確かめられませんでした");
  const std::uint64_t free = static_cast<std::uint64_t>(about.f_bavail) * about.f_frsize;
  const std::string text = "空きは " + gigabytes(free) + " です";
  if (free < kAlmostFull || (about.f_files > 0 && about.f_favail < 1000)) return red(text + "。まもなく書けなくなります");
  return free < static_cast<std::uint64_t>(p.config.disk_low_bytes) ? amber(text) : green(text);
}

Finding files(const Patient& p) { return told(p.config, check_files(p.config)); }

Finding told(const Config& config, const Result<FileCheck>& checked) {
  if (!checked) {
    const Error& e = checked.error();
    if (e.code == Code::not_found && config.integrity_key_file.empty()) return amber("署名された一覧がありません（sekisho manifest make、sign で作ります）");
    return red("署名された一覧を確かめられませんでした（" + e.key + (e.detail.empty() ? "" : ": " + e.detail) + "）");
  }
  if (!checked->changes.empty()) return red("一覧と違います: " + summary_of(checked->changes));
  const std::string count = std::to_string(checked->list.manifest.entries.size()) + " 個のファイルが、一覧（版 " + checked->list.manifest.version + "）と同じです";
  return checked->list.verified ? green(count) : amber(count + "。署名は確かめていません（integrity.key_file）");
}

Finding clock(const Patient& p) {
  const auto tracking = integrity::ask_tracking();
  if (!tracking) return amber("時刻のもとを確かめられませんでした");
  if (!tracking->synchronised) return amber(tracking->source == "chrony" ? "chrony が、時刻のもとに合わせていません" : "時刻を合わせる仕組みが動いていません");
  if (tracking->source != "chrony") return green("時刻を合わせる仕組みが動いています");
  std::array<char, 32> offset{};
  std::snprintf(offset.data(), offset.size(), "%+.6f", tracking->offset_seconds);
  const std::string text = std::string("時刻のもととの差は ") + offset.data() + " 秒です";
  return std::abs(tracking->offset_seconds) * 1000 >= static_cast<double>(p.config.clock_step_ms) ? red(text) : green(text);
}

Finding sandbox(const Patient& p) {
  files::ExtractorSettings settings;
  settings.worker_path = p.config.worker_path;
  settings.workers = 1;
  const auto made = files::Extractor::create(std::move(settings));
  if (!made) return red("作れません。サービスは起動できません（" + made.error().detail + "）");
  return green("作れます");
}

Finding dictionary(const Patient& p) {
  text::Analyzer::Options options;
  options.dictionary = p.config.dictionary_dir;
  options.variants = p.config.packs_dir + "/analysis/variants.tsv";
  const auto made = text::Analyzer::create(options);
  if (!made) return red("開けません（" + made.error().detail + "）");
  return green(p.config.dictionary_dir + " を使っています");
}

// This version reads no pictures itself; a document that is one is refused with the advice to have its text recognised first.
Finding recognition(const Patient&) {
  for (const char* path : {"/usr/bin/tesseract", "/usr/bin/ocrmypdf"})
    if (::access(path, X_OK) == 0) return green(std::string(path) + " があります（資料は、認識を済ませてから取り込みます）");
  return amber("この機械に文字認識の道具がありません。画像だけの資料は、認識を済ませてから取り込みます");
}

Finding sessions(const Patient& p) {
  const Config& c = p.config;
  const auto minutes = [](std::int64_t ms) { return std::to_string(ms / 60'000) + " 分"; };
  const std::string text = "操作がないと " + minutes(c.session_idle_ms) + "、特権のある人は " + minutes(c.session_privileged_idle_ms) + " で終わります";
  return c.session_idle_ms > kLongIdleMs ? amber(text + "。1時間より長い設定です") : green(text);
}

}  // namespace sekisho::apps::checks
