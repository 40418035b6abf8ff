#include "sql/db.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <thread>

#include "core/log.h"
#include "sql/state.h"

namespace sekisho::sql {
namespace {

// What the write-ahead log may hold. From kLongLog on, writers are held while its last pages are copied; from kBrakeFrom on, each commit waits a little
// while they are, so that the copy catches up; at kLongestLog, they wait for the whole copy.
constexpr std::uint64_t kBrakeFrom = 96 << 20;
constexpr std::uint64_t kBrakePerMilli = 4 << 20;
constexpr std::chrono::milliseconds kHardestBrake{8};  // who comes while another waits waits for both
constexpr std::uint64_t kLongestLog = 144 << 20;
constexpr std::uint64_t kLongestFile = 192 << 20;  // what one transaction made longer is given back

// SQLite takes what follows the last valid frame, zeros too, for the end of the log.
void write_ahead(int fd, std::uintmax_t size, std::uintmax_t wanted) {
  const std::string zeros(1 << 20, '\0');
  for (std::uintmax_t at = size; at < wanted;) {
    const std::size_t part = std::min<std::uintmax_t>(zeros.size(), wanted - at);
    const ssize_t n = ::pwrite(fd, zeros.data(), part, static_cast<off_t>(at));
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) {
      const bool given_back = ::ftruncate(fd, static_cast<off_t>(size)) == 0;
      return log::warn("sql.no_log_ahead", {{"bytes", static_cast<std::int64_t>(wanted)}, {"given_back", given_back}});
    }
    at += static_cast<std::uintmax_t>(n);
  }
}

Unexpected reading_only() { return fail(Code::internal, "sql.reading", "the database is open for reading alone"); }

}  // namespace

Status Db::State::sync() {
  // The kernel reports a failed write-back once and then forgets it: a second try would succeed and mean nothing.
  if (lost.load()) return fail(Code::unavailable, "storage.io", "an earlier sync failed");
  const std::uint64_t upto = commits.sync_begins();
  const int code = sync_file(wal->get()) == 0 ? 0 : errno;
  if (code != 0) lost.store(true);
  commits.sync_ends(upto, code == 0);
  if (code == 0) return ok();
  return fail(Code::unavailable, code == ENOSPC ? "storage.full" : "storage.io", std::string("sync: ") + std::strerror(code));
}

// A checkpoint begins with a sync of the log. Under load another sync, for those who wait to be told, is running already or about to: a second one
// beside it would make both slower. So this waits for that one; where none comes, nobody waits for the disk either.
bool Db::State::sync_for_checkpoint() {
  constexpr std::chrono::milliseconds kPatience{20};
  return !lost.load() && (commits.wait_synced(commits.begun(), kPatience) || sync());
}

// SQLite before 3.51.3 loses pages when a checkpoint begins on a log that was copied whole, in the moment in which a writer begins that log anew:
// it takes the new log for the old one (the "WAL-reset bug", sqlite.org/wal.html). So none is begun on such a log. After the next commit the log
// holds pages that were not copied, and no writer begins it anew until the checkpoint has copied them.
Result<Connection::LogPages> Db::State::copy_log(bool writers_held) {
  const auto hold = [&] { return writers_held ? std::unique_lock<std::mutex>() : std::unique_lock(write_mutex); };
  std::string header;
  std::uint64_t before = 0;
  {
    const auto writers = hold();
    if (whole && whole->last_commit == commits.last()) return whole->log;
    whole.reset();
    header = Changes::header_of(wal->get());
    before = commits.last();
  }
  SK_TRY(const Connection::LogPages log, checkpointer->checkpoint());
  const auto writers = hold();
  const std::int64_t held = commits.last() == before ? log.pages : frames.load();
  if (Changes::header_of(wal->get()) == header && log.copied == held) whole = Whole{commits.last(), {held, held}};
  return log;
}

// Again and again, each time what came during the time before, until little is left to hold writers for or they write as fast as this copies.
Status Db::State::copy_most(Connection::LogPages log) {
  const std::int64_t little = (1 << 20) / page_bytes;  // pages
  constexpr int kRounds = 8;
  const auto left = [&] {
    const std::lock_guard writers(write_mutex);
    return frames - log.copied;
  };
  auto last = left();
  for (int round = 0; round < kRounds && last > little; ++round) {
    SK_TRY(log, copy_log(false));
    const auto now = left();
    if (now > last / 4 * 3) break;
    last = now;
  }
  return ok();
}

// With nothing left to copy, nothing has to reach the disk while they wait. Who writes without a pause is held with a little left.
Result<std::unique_lock<std::mutex>> Db::State::hold_writers() {
  constexpr int kTries = 8;
  for (int tried = 0;; ++tried) {
    std::unique_lock writers(write_mutex);
    if (tried == kTries || (whole && whole->last_commit == commits.last())) return writers;
    writers.unlock();
    SK_TRY(const auto log, copy_log(false));
    static_cast<void>(log);
  }
}

Result<bool> Db::State::begin_log_anew(bool cut) {
  SK_TRY(const bool anew, cut ? checkpointer->truncate_log() : checkpointer->restart_log());
  if (anew) frames = 0;
  whole.reset();
  SK_TRY(const auto left, copy_log(true));  // a reader may have kept it from being begun anew
  static_cast<void>(left);
  return anew;
}

// For who writes faster than the running copy copies.
void Db::State::slow_down() {
  const auto bytes = log_bytes();
  if (bytes <= kBrakeFrom) return;
  std::unique_lock copied(checkpoint_mutex, std::try_to_lock);
  if (copied) return;  // none is running
  if (bytes > kLongestLog) return copied.lock();
  const std::chrono::microseconds brake((bytes - kBrakeFrom) * 1000 / kBrakePerMilli);
  std::this_thread::sleep_for(std::min<std::chrono::microseconds>(brake, kHardestBrake));
}

Db::Db(std::unique_ptr<State> state) : state_(std::move(state)) {}
Db::~Db() = default;

Result<std::unique_ptr<Db>> Db::open_sqlite(const std::string& path, Options options) {
  auto state = std::make_unique<State>();
  state->folder = std::filesystem::path(path).parent_path().string();
  state->path = path;
  state->longest_file = std::max<std::uintmax_t>(kLongestFile, options.log_ahead_bytes);
  state->sync_file = options.sync_file ? std::move(options.sync_file) : [](int fd) { return ::fdatasync(fd); };
  SK_TRY(state->writer, Connection::open_sqlite(path, Use::write));
  SK_TRY(state->checkpointer, Connection::open_sqlite(path, Use::checkpoint));
  for (std::size_t i = 0; i < std::max<std::size_t>(1, options.readers); ++i) {
    SK_TRY(auto reader, Connection::open_sqlite(path, Use::read));
    state->idle.push_back(std::move(reader));
  }
  // WAL mode makes the file with the first read; while a connection is open it is neither removed nor replaced.
  SK_CHECK(state->writer->execute("SELECT COUNT(*) FROM sqlite_master"));
  SK_TRY(state->page_bytes, state->writer->page_bytes());
  state->wal.emplace(::open((path + "-wal").c_str(), O_RDWR | O_CLOEXEC));
  if (state->wal->get() < 0) return fail(Code::unavailable, "storage.io", "cannot open the write-ahead log of " + path);
  state->file.emplace(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (state->file->get() < 0) return fail(Code::unavailable, "storage.io", "cannot open " + path);
  SK_CHECK(state->checkpointer->write_gently(state->file->get()));
  state->checkpoint_sync = [raw = state.get()] { return raw->sync_for_checkpoint(); };
  SK_CHECK(state->checkpointer->sync_log_with(state->checkpoint_sync));
  state->writer->on_commit([raw = state.get()] { raw->commits.begins(); }, [raw = state.get()](std::int64_t pages) {
    raw->commits.over();
    raw->frames = pages;
    raw->changes.committed(pages);
  });
  if (const auto size = state->log_file_bytes(); size < options.log_ahead_bytes) {
    write_ahead(state->wal->get(), size, options.log_ahead_bytes);
    SK_CHECK(state->sync());
  }
  return std::unique_ptr<Db>(new Db(std::move(state)));
}

Result<std::unique_ptr<Db>> Db::open_sqlite_reading(const std::string& path) {
  if (::access(path.c_str(), R_OK) != 0) return fail(Code::not_found, "storage.io", "cannot read " + path);
  auto state = std::make_unique<State>();
  state->folder = std::filesystem::path(path).parent_path().string();
  for (int i = 0; i < 2; ++i) {
    SK_TRY(auto reader, Connection::open_sqlite(path, Use::look));
    state->idle.push_back(std::move(reader));
  }
  return std::unique_ptr<Db>(new Db(std::move(state)));
}

Result<std::unique_ptr<Tx>> Db::begin_write() {
  if (!state_->writer) return reading_only();
  state_->slow_down();
  state_->write_mutex.lock();
  State* state = state_.get();
  if (auto begun = state->writer->step("BEGIN IMMEDIATE"); !begun) {
    state->write_mutex.unlock();
    return Unexpected(std::move(begun.error()));
  }
  return std::unique_ptr<Tx>(new Tx(state->writer.get(), true, [state] { state->write_mutex.unlock(); }, [state] { return state->sync(); }));
}

Result<std::unique_ptr<Tx>> Db::begin_read() {
  State* state = state_.get();
  std::unique_ptr<Connection> connection;
  {
    std::unique_lock lock(state->mutex);
    state->freed.wait(lock, [&] { return !state->idle.empty(); });
    connection = std::move(state->idle.back());
    state->idle.pop_back();
  }
  Connection* raw = connection.release();
  const auto give_back = [state, raw] {
    {
      const std::lock_guard lock(state->mutex);
      state->idle.emplace_back(raw);
    }
    state->freed.notify_one();
  };
  if (auto begun = raw->step("BEGIN"); !begun) {
    give_back();
    return Unexpected(std::move(begun.error()));
  }
  return std::unique_ptr<Tx>(new Tx(raw, false, give_back, nullptr));
}

Status Db::sync() { return state_->writer ? state_->sync() : Status(reading_only()); }

Result<std::vector<std::string>> Db::faults() {
  SK_TRY(auto tx, begin_read());
  SK_TRY(const auto rows, tx->query("PRAGMA quick_check(20)").all<std::string>());
  std::vector<std::string> out;
  for (const auto& [line] : rows)
    if (line != "ok") out.push_back(line);
  return out;
}

// While writers never pause, there is never a moment when the whole log has been copied, and it would grow until they do. So when it is long,
// they are held for the moment that the last pages take; the log's own blocks are then written again, which also syncs faster than growing it.
Status Db::checkpoint() {
  if (!state_->writer) return reading_only();
  const std::lock_guard lock(state_->checkpoint_mutex);
  SK_TRY(const auto log, state_->copy_log(false));
  if (log_bytes() < kLongLog) return ok();
  SK_CHECK(state_->copy_most(log));
  SK_TRY(const auto writers, state_->hold_writers());
  SK_TRY(const bool anew, state_->begin_log_anew(state_->log_file_bytes() > state_->longest_file));
  static_cast<void>(anew);
  return ok();
}

Status Db::rewrite() {
  if (!state_->writer) return reading_only();
  constexpr auto kPatience = std::chrono::seconds(30);
  const std::lock_guard lock(state_->checkpoint_mutex);
  const std::lock_guard writers(state_->write_mutex);
  state_->commits.begins();
  const Status written = state_->checkpointer->vacuum(state_->folder);
  state_->commits.over();
  state_->changes.everything();
  SK_CHECK(written);
  for (const auto until = std::chrono::steady_clock::now() + kPatience;;) {
    SK_TRY(const bool empty, state_->begin_log_anew(true));
    if (empty) return sync();
    if (std::chrono::steady_clock::now() > until) return fail(Code::unavailable, "sql.busy", "a reader keeps the write-ahead log");
  }
}

Tx::~Tx() {
  if (open_) {
    if (auto undone = connection_->step("ROLLBACK"); !undone) log::error("sql.rollback_failed", undone.error());
  }
  done_();
}

Status Tx::commit_unsynced() {
  SK_CHECK(connection_->step("COMMIT"));
  open_ = false;
  return ok();
}

Status Tx::commit() {
  SK_CHECK(commit_unsynced());
  return writes_ ? sync_() : ok();
}

Status Tx::savepoint() { return connection_->step("SAVEPOINT step"); }
Status Tx::release() { return connection_->step("RELEASE step"); }
Status Tx::undo() {
  SK_CHECK(connection_->step("ROLLBACK TO step"));
  return connection_->step("RELEASE step");
}

}  // namespace sekisho::sql
