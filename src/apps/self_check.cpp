#include "apps/self_check.h"

#include <array>
#include <cmath>
#include <cstdio>
#include <filesystem>

#include "apps/migrations.h"
#include "core/log.h"
#include "gate/log_read_table.h"
#include "tlog/leaf.h"

namespace sekisho::apps {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kNamed = 5;

std::string seconds_text(double seconds) {
  std::array<char, 32> out{};
  std::snprintf(out.data(), out.size(), "%+.3f s", seconds);
  return out.data();
}

// The time of the newest record; none in an empty log.
Result<std::optional<Timestamp>> newest_time(gate::Body& body) {
  const std::uint64_t size = body.writer->status().size;
  SK_TRY(auto tx, body.db->begin_read());
  SK_TRY(const auto rows, gate::leaves_from(*tx, size == 0 ? 0 : size - 1, 1));
  if (rows.empty()) return std::optional<Timestamp>();
  SK_TRY(const tlog::Leaf leaf, tlog::decode_leaf(rows[0].leaf));
  return std::optional(leaf.ts);
}

}  // namespace

integrity::Places places_of(const Config& config) {
  integrity::Places out;
  // After an upgrade the running program's own file is another: what lies at its place is what will run next.
  std::error_code error;
  std::string program = fs::read_symlink("/proc/self/exe", error).string();
  if (const std::string gone = " (deleted)"; program.ends_with(gone)) program.resize(program.size() - gone.size());
  const fs::path bin = fs::path(program).parent_path();
  out.files = {{"bin/sekisho", program}, {"bin/sekisho-worker", config.worker_path}, {"bin/sekisho-verify", (bin / "sekisho-verify").string()}};
  out.folders = {{"packs", config.packs_dir}, {"web", config.web_dir}};
  for (const sql::Migration& m : migrations()) out.texts["migrations/" + std::string(m.name)] = m.text;
  return out;
}

Result<std::vector<tlog::VerifierKey>> manifest_keys(const Config& config) {
  std::vector<tlog::VerifierKey> out;
  if (config.integrity_key_file.empty()) return out;
  SK_TRY(const std::string text, read_file(config.integrity_key_file, 64 * 1024).context("integrity.key_file"));
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string line = text.substr(at, end - at);
    at = end + 1;
    if (line.empty() || line[0] == '#') continue;
    SK_TRY(auto key, tlog::VerifierKey::parse(line).context(config.integrity_key_file));
    out.push_back(std::move(key));
  }
  if (out.empty()) return fail(Code::invalid_argument, "config.value", config.integrity_key_file + " names no key");
  return out;
}

Result<FileCheck> check_files(const Config& config, integrity::KeptHashes* kept) {
  SK_TRY(const auto keys, manifest_keys(config));
  SK_TRY(const std::string file, read_file(config.integrity_manifest, tlog::kMaxNoteBytes));
  FileCheck out;
  SK_TRY(out.list, integrity::open(file, keys).context(config.integrity_manifest));
  SK_TRY(const auto found, integrity::find(places_of(config), kept));
  out.changes = integrity::compare(out.list.manifest.entries, found);
  return out;
}

std::string summary_of(const std::vector<integrity::Change>& changes) {
  std::string out;
  for (std::size_t i = 0; i < changes.size() && i < kNamed; ++i) {
    const auto d = changes[i].deviation;
    out += (i == 0 ? "" : ", ") + changes[i].name + (d == integrity::Deviation::changed ? " changed" : d == integrity::Deviation::missing ? " missing" : " added");
  }
  if (changes.size() > kNamed) out += " and " + std::to_string(changes.size() - kNamed) + " more";
  return out;
}

void SelfCheck::compare_at_start() {
  SystemClock clock;
  for (const auto& [code, body] : engine_.bodies()) {
    const auto newest = newest_time(*body);
    if (!newest || !*newest) continue;
    const std::int64_t ahead = (*newest)->micros - clock.now().micros;
    if (ahead >= engine_.config().clock_step_ms * 1000) engine_.alarms().raise(code, "clock_stepped", seconds_text(-static_cast<double>(ahead) / 1e6) + " before the newest record");
  }
}

// Told when it changes. Without a list there is nothing to compare with, unless the settings name a key: then its absence is a change.
void SelfCheck::look_files() {
  const auto checked = check_files(engine_.config());
  std::string now;
  if (!checked) now = checked.error().code == Code::not_found && engine_.config().integrity_key_file.empty() ? "" : checked.error().key;
  else now = summary_of(checked->changes);
  if (now == told_files_) return;
  told_files_ = now;
  if (now.empty()) log::info("integrity.as_listed");
  else engine_.alarms().raise("", "program_changed", now);
}

void SelfCheck::look_clock() {
  if (const auto step = steps_.look(integrity::read_clocks())) engine_.alarms().raise("", "clock_stepped", seconds_text(static_cast<double>(*step) / 1e6));
  const auto tracking = integrity::ask_tracking();
  const bool away = tracking && tracking->source == "chrony" && (!tracking->synchronised || std::abs(tracking->offset_seconds) * 1000 >= static_cast<double>(engine_.config().clock_step_ms));
  if (away && !told_distance_)
    engine_.alarms().raise("", "clock_unsynchronised", tracking->synchronised ? seconds_text(tracking->offset_seconds) : "chrony is not synchronised");
  told_distance_ = away;
}

}  // namespace sekisho::apps
