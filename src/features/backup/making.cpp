#include "features/backup/making.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <thread>
#include <utility>

#include "features/backup/contents_table.h"
#include "gate/log_read_table.h"

namespace sekisho::backup {
namespace {

namespace fs = std::filesystem;

// While tables are counted the write-ahead log cannot be shortened: a service that writes a lot goes before the counting.
constexpr std::uint64_t kLongLog = sql::Db::kLongLog + (16u << 20);
constexpr std::int64_t kCounted = 1 << 30;  // of a larger database the rows are not counted: its bytes are compared anyway

bool left_out(const std::string& name) { return name.ends_with(".tmp") || name == "lock" || name.starts_with("body.db"); }

// Relative paths of the regular files below, in order; those that go away meanwhile are not missed.
Result<std::vector<std::string>> files_below(const fs::path& folder, const std::set<std::string>& not_these) {
  std::vector<std::string> out;
  std::error_code error;
  for (fs::recursive_directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    std::error_code ignored;
    const std::string path = fs::relative(it->path(), folder, ignored).generic_string();
    if (it.depth() == 0 && not_these.contains(path)) {
      if (it->is_directory(ignored)) it.disable_recursion_pending();
      continue;
    }
    if (it->is_symlink(ignored) || !it->is_regular_file(ignored) || left_out(it->path().filename().string())) continue;
    out.push_back(path);
  }
  if (error) return fail(Code::unavailable, "file.io", folder.string() + ": " + error.message());
  std::sort(out.begin(), out.end());
  return out;
}

std::string text_of(Kind kind) { return kind == Kind::full ? "full" : "tick"; }

}  // namespace

// Reads at the pace that was set.
class BodyMaker::Reading {
 public:
  explicit Reading(const Pace& pace) : pace_(pace), written_(pace.written ? pace.written() : 0) {}
  bool stopped() const { return pace_.stop != nullptr && pace_.stop->load(); }
  Status count(std::size_t bytes) {
    if (stopped()) return fail(Code::cancelled, "backup.stopped", "the program ends");
    if (pace_.bytes_per_second <= 0) return ok();
    const auto now = Steady::now();
    const std::int64_t rate = pace_.bytes_per_second * (alone(now) ? Pace::kAlone : 1);
    due_ = std::max(due_, now - kArrears) + std::chrono::microseconds(static_cast<std::int64_t>(bytes) * 1'000'000 / rate);
    if (due_ > now + kWorthSleeping) std::this_thread::sleep_until(due_);
    return ok();
  }

 private:
  using Steady = std::chrono::steady_clock;
  static constexpr auto kQuiet = std::chrono::seconds(1);
  static constexpr auto kArrears = std::chrono::milliseconds(50);  // what a slow disk held up is read sooner, but no more than this
  static constexpr auto kWorthSleeping = std::chrono::milliseconds(2);

  bool alone(Steady::time_point now) {
    if (!pace_.written) return false;
    if (const std::uint64_t written = pace_.written(); written != std::exchange(written_, written)) last_work_ = now;
    return now - last_work_ >= kQuiet;
  }

  const Pace pace_;
  std::uint64_t written_;
  Steady::time_point last_work_;  // of people, as far as was seen
  Steady::time_point due_;
};

namespace {

// nullopt: the file is not there (any more).
template <class Counted>
Result<std::optional<FileEntry>> put_file(Store& store, const std::string& full, const std::string& path, const Counted& counted) {
  const Descriptor file(::open(full.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC));
  if (file.get() < 0 && errno == ENOENT) return std::optional<FileEntry>();
  if (file.get() < 0) return fail(Code::unavailable, "file.io", full + ": " + std::strerror(errno));
  FileEntry out{path, 0, {}};
  std::string piece(kFileChunk, '\0');
  for (;;) {
    std::size_t held = 0;
    while (held < piece.size()) {
      const ssize_t n = ::read(file.get(), piece.data() + held, piece.size() - held);
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) return fail(Code::unavailable, "file.io", full + ": " + std::strerror(errno));
      if (n == 0) break;
      held += static_cast<std::size_t>(n);
    }
    if (held == 0) return std::optional(std::move(out));
    SK_TRY(std::string name, store.put_named(std::string_view(piece).substr(0, held)));
    out.chunks.push_back(std::move(name));
    out.bytes += static_cast<std::int64_t>(held);
    SK_CHECK(counted(held));
  }
}

Result<std::vector<FileEntry>> put_files(Store& store, const std::string& folder, const std::set<std::string>& not_these) {
  std::vector<FileEntry> out;
  SK_TRY(const auto paths, files_below(folder, not_these));
  for (const std::string& path : paths) {
    SK_TRY(auto entry, put_file(store, folder + "/" + path, path, [](std::size_t) { return ok(); }));
    if (entry) out.push_back(std::move(*entry));
  }
  return out;
}

}  // namespace

Status BodyMaker::read_originals(Store& store, Reading& reading) {
  SK_TRY(auto ids, body_.blobs->list());
  const std::set<std::string> there(ids.begin(), ids.end());
  std::erase_if(originals_, [&](const auto& known) { return !there.contains(known.first); });
  for (const std::string& id : there) {
    if (originals_.contains(id)) continue;
    SK_TRY(auto entry, put_file(store, body_.blobs->file_of(id), id, [&](std::size_t n) { return reading.count(n); }));
    if (entry) originals_.emplace(id, std::move(*entry));
  }
  return ok();
}

// What the moment itself says about its contents.
Status BodyMaker::look(sql::Tx& tx, Kind kind, const Clock& clock, Reading& reading, Manifest& out) {
  out.at = clock.now();
  SK_TRY(out.label, highest_label(tx));
  SK_TRY(out.database->schema, schema_number(tx));
  SK_TRY(const auto head, gate::newest_head(tx));
  out.log = LogEntry{head ? static_cast<std::int64_t>(head->size) : 0, head ? head->note : ""};
  SK_TRY(const std::int64_t bytes, database_bytes(tx));
  if (kind == Kind::tick || bytes > kCounted) return ok();
  // Without the pace: what the reader holds up costs more than the reading of what was just read.
  SK_TRY(out.database->tables, digest_tables(tx, [&] { return !reading.stopped() && body_.db->log_bytes() < kLongLog; }));
  return ok();
}

Result<std::vector<std::string>> BodyMaker::lists(Store& store, std::uint64_t bytes) {
  extents_.resize((bytes + sql::Db::kExtentBytes - 1) / sql::Db::kExtentBytes);
  std::vector<std::string> out;
  for (std::size_t at = 0; at < extents_.size(); at += kListed) {
    const auto from = extents_.begin() + static_cast<std::ptrdiff_t>(at);
    const auto to = extents_.begin() + static_cast<std::ptrdiff_t>(std::min(at + kListed, extents_.size()));
    SK_TRY(std::string name, store.put_named(encode_ids({from, to})));
    out.push_back(std::move(name));
  }
  return out;
}

Result<Manifest> BodyMaker::read(Store& store, Kind kind, const Clock& clock, Reading& reading) {
  Manifest out;
  out.format = kFormat;
  out.program = version_;
  out.body = body_.code;
  out.name = body_.name;
  out.kind = text_of(kind);
  out.database.emplace();
  SK_CHECK(read_originals(store, reading));  // most of them, before anything waits
  std::unique_lock<std::shared_mutex> held;
  sql::Db::Copying copying;
  copying.extent = [&](std::uint64_t extent, std::string_view bytes) -> Status {
    if (extents_.size() <= extent) extents_.resize(extent + 1);
    SK_TRY(extents_[extent], store.put(bytes));
    return reading.count(bytes.size());
  };
  copying.before = [&]() -> Status {
    held = body_.blobs->hold_removals();
    return read_originals(store, reading);
  };
  copying.after = [&](sql::Tx& tx) -> Status {
    SK_CHECK(read_originals(store, reading));
    held.unlock();
    return look(tx, kind, clock, reading, out);
  };
  SK_TRY(const std::uint64_t bytes, body_.db->copy(copying));
  out.database->bytes = static_cast<std::int64_t>(bytes);
  SK_TRY(out.database->lists, lists(store, bytes));
  std::map<std::string, std::vector<FileEntry>> groups;
  for (const auto& [id, entry] : originals_) {
    groups[id.substr(0, 2)].push_back(entry);
    ++out.originals.count;
    out.originals.bytes += entry.bytes;
  }
  for (const auto& [group, entries] : groups) {
    SK_TRY(out.originals.groups[group], store.put_named(encode_group(entries)));
  }
  SK_TRY(out.files, put_files(store, body_.folder, {"blobs", "index"}));
  return out;
}

Result<std::optional<Made>> BodyMaker::make(Store& store, Kind kind, const Clock& clock, const Pace& pace, bool afresh) {
  const auto begun = std::chrono::steady_clock::now();
  const std::int64_t written = store.written();
  SK_TRY(const auto sets, store.sets());
  const bool continues = !last_file_.empty() && !sets.empty() && sets.back().file == last_file_ && !store.swept_elsewhere();
  if (continues && !afresh && kind == Kind::tick && !body_.db->changed_since_copy()) return std::optional<Made>();
  if (!continues || afresh) {
    // What another program wrote, or this one before it was started, is found again by the newest set.
    extents_.clear();
    originals_.clear();
    store.forget();
    body_.db->forget_copy();
    if (!afresh && !sets.empty()) {
      // A set that cannot be read is no reason to have none: everything is written again.
      const auto newest = store.manifest(sets.back().file);
      if (!newest || !store.know(*newest)) store.forget();
    }
  }
  Reading reading(pace);
  auto read_whole = [&]() -> Result<Made> {
    SK_TRY(Manifest manifest, read(store, kind, clock, reading));
    manifest.new_bytes = store.written() - written;
    manifest.took_ms = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begun).count();
    SK_TRY(std::string file, store.finish(manifest));
    return Made{std::move(file), std::move(manifest)};
  };
  auto made = read_whole();
  if (!made) {
    last_file_.clear();
    return Unexpected(made.error());
  }
  last_file_ = made->file;
  return std::optional(std::move(*made));
}

Result<std::optional<Made>> make_shared_set(Store& store, const std::string& data_folder, const std::string& version, Kind kind, const Clock& clock) {
  SK_TRY(const auto sets, store.sets());
  std::optional<Manifest> newest;
  if (!sets.empty()) {
    auto read = store.manifest(sets.back().file);
    if (read && store.know(*read)) newest = std::move(*read);
  }
  Manifest manifest;
  manifest.format = kFormat;
  manifest.program = version;
  manifest.kind = text_of(kind);
  // heads: kept to notice a rollback, which a restored older state would be; ending: a body that is going; drill: a restored copy; backup.key opens this.
  SK_TRY(manifest.files, put_files(store, data_folder, {"bodies", "heads", "ending", "drill", "drill.restoring", "rehearsal", "backup.key", "backup.ask"}));
  const auto same = [&] {
    return newest && newest->files.size() == manifest.files.size() &&
           std::equal(newest->files.begin(), newest->files.end(), manifest.files.begin(),
                      [](const FileEntry& a, const FileEntry& b) { return a.path == b.path && a.bytes == b.bytes && a.chunks == b.chunks; });
  };
  if (kind == Kind::tick && same()) return std::optional<Made>();
  manifest.at = clock.now();
  manifest.new_bytes = store.written();
  SK_TRY(std::string file, store.finish(manifest));
  return std::optional(Made{std::move(file), std::move(manifest)});
}

}  // namespace sekisho::backup
