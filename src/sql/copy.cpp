// Copying a database file that is in use, extent by extent.
//
// First rounds without holding anybody: extents are read while the file is written, and whatever changes meanwhile is read again in the next
// round. When little is left, writers are held while the last of the write-ahead log is copied into the file and a reader fixes that moment; no more
// is copied while the checkpoint lock is held. So the file is exactly that moment, and the rest is read from it, while writers go on.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <thread>

#include "sql/state.h"

namespace sekisho::sql {
namespace {

constexpr std::size_t kFew = 256;  // extents that are read while the file stands still: 16 MiB
constexpr int kMostRounds = 10;
constexpr auto kPatience = std::chrono::seconds(30);
constexpr auto kPause = std::chrono::milliseconds(10);

constexpr const char* kLook = "SELECT COUNT(*) FROM sqlite_master";
constexpr const char* kPageCount = "PRAGMA page_count";

Result<std::string> read_extent(int file, std::uint64_t extent, std::uint64_t end) {
  const std::uint64_t from = extent * Db::kExtentBytes;
  std::string out(std::min<std::uint64_t>(Db::kExtentBytes, end > from ? end - from : 0), '\0');
  std::size_t done = 0;
  while (done < out.size()) {
    const ssize_t n = ::pread(file, out.data() + done, out.size() - done, static_cast<off_t>(from + done));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return fail(Code::unavailable, "storage.io", std::string("read the database: ") + std::strerror(errno));
    if (n == 0) break;
    done += static_cast<std::size_t>(n);
  }
  out.resize(done);
  return out;
}

std::vector<std::uint64_t> list_of(const Changes::Taken& taken, std::uint64_t bytes) {
  if (!taken.all) return {taken.extents.begin(), taken.extents.end()};
  std::vector<std::uint64_t> out((bytes + Db::kExtentBytes - 1) / Db::kExtentBytes);
  for (std::uint64_t i = 0; i < out.size(); ++i) out[i] = i;
  return out;
}

}  // namespace

// Until everything up to the mark is in the database file, but for pages that were written again since: a checkpoint leaves those out. A log that was
// begun anew was copied before.
Status Db::State::copied_up_to(const Changes::Mark& mark) {
  for (const auto until = std::chrono::steady_clock::now() + kPatience;;) {
    {
      const std::lock_guard lock(checkpoint_mutex);
      SK_TRY(const auto log, copy_log(false));
      if (changes.header() != mark.header || log.pages < mark.frames || log.copied >= mark.frames) return ok();
    }
    if (std::chrono::steady_clock::now() > until) return fail(Code::unavailable, "sql.busy", "a reader keeps the write-ahead log");
    std::this_thread::sleep_for(kPause);
  }
}

// While the file is written: what changed so far, from a file that holds it.
Status Db::State::copy_round(const Copying& copying) {
  Changes::Taken taken;
  {
    const std::lock_guard writers(write_mutex);
    taken = changes.take();
  }
  SK_CHECK(copied_up_to(taken.mark));
  struct stat about = {};
  if (::fstat(file->get(), &about) != 0) return fail(Code::unavailable, "storage.io", "cannot look at the database file");
  const auto end = static_cast<std::uint64_t>(about.st_size);
  for (const std::uint64_t extent : list_of(taken, end)) {
    SK_TRY(const std::string bytes, read_extent(file->get(), extent, end));
    if (!bytes.empty()) SK_CHECK(copying.extent(extent, bytes));
  }
  return ok();
}

// Returns with the checkpoint lock held (in `still`), the reader at one moment, and the database file at the same: with writers held nothing follows the
// moment in the log, so every page of it is copied.
Result<Changes::Taken> Db::State::fix_moment(Tx& reader, std::unique_lock<std::mutex>& still) {
  for (const auto until = std::chrono::steady_clock::now() + kPatience;;) {
    still = std::unique_lock(checkpoint_mutex);
    SK_TRY(auto log, copy_log(false));
    {
      const std::lock_guard writers(write_mutex);
      SK_TRY(log, copy_log(true));
      if (log.copied >= log.pages) {
        SK_TRY(const auto looked, reader.query(kLook).one<std::int64_t>());  // from here on the reader sees this moment
        static_cast<void>(looked);
        return changes.take();
      }
    }
    still.unlock();
    if (std::chrono::steady_clock::now() > until) return fail(Code::unavailable, "sql.busy", "a reader keeps the write-ahead log");
    std::this_thread::sleep_for(kPause);
  }
}

// One moment, fixed by the reader.
Result<std::uint64_t> Db::State::copy_moment(Tx& reader, const Copying& copying) {
  std::uint64_t end = 0;
  std::vector<std::pair<std::uint64_t, std::string>> read;
  {
    std::unique_lock<std::mutex> still;
    SK_TRY(const Changes::Taken taken, fix_moment(reader, still));
    SK_TRY(const auto pages, reader.query(kPageCount).one<std::int64_t>());
    end = static_cast<std::uint64_t>(std::get<0>(pages) * page_bytes);
    std::vector<std::uint64_t> extents = list_of(taken, end);
    // The last extent grows and shrinks with the file: always as it is now.
    if (const std::uint64_t tail = (end - 1) / kExtentBytes; extents.empty() || extents.back() != tail) extents.push_back(tail);
    for (const std::uint64_t extent : extents) {
      SK_TRY(std::string bytes, read_extent(file->get(), extent, end));
      if (bytes.empty()) continue;  // beyond the end by now
      if (extents.size() <= 2 * kFew) {
        read.emplace_back(extent, std::move(bytes));
        continue;
      }
      SK_CHECK(copying.extent(extent, bytes));
    }
  }
  for (const auto& [extent, bytes] : read) SK_CHECK(copying.extent(extent, bytes));
  return end;
}

Result<std::uint64_t> Db::copy(const Copying& copying) {
  State& s = *state_;
  if (!s.writer) return fail(Code::internal, "sql.reading", "the database is open for reading alone");
  const std::lock_guard one(s.copy_mutex);
  SK_CHECK(s.begin_changes());
  const auto whole = [&]() -> Result<std::uint64_t> {
    for (int round = 0; round < kMostRounds && s.changes.waiting() > kFew; ++round) SK_CHECK(s.copy_round(copying));
    if (copying.before) SK_CHECK(copying.before());
    SK_TRY(const auto reader, begin_read());
    SK_TRY(const std::uint64_t bytes, s.copy_moment(*reader, copying));
    if (copying.after) SK_CHECK(copying.after(*reader));
    return bytes;
  };
  auto done = whole();
  if (!done) s.changes.everything();
  return done;
}

Status Db::State::begin_changes() {
  if (changes.begun()) return ok();
  // Most of the log without writers waiting, then what is left with them.
  const std::lock_guard still(checkpoint_mutex);
  SK_TRY(const auto most, copy_log(false));
  static_cast<void>(most);
  const std::lock_guard writers(write_mutex);
  SK_TRY(const auto log, copy_log(true));
  changes.begin(wal->get(), page_bytes, log.pages);
  return ok();
}

void Db::forget_copy() { state_->changes.everything(); }
bool Db::changed_since_copy() const { return !state_->changes.begun() || state_->changes.waiting() > 0; }
std::uint64_t Db::State::log_bytes() const { return static_cast<std::uint64_t>(frames * (kFrameHeader + page_bytes)); }
std::uint64_t Db::log_bytes() const { return state_->log_bytes(); }

}  // namespace sekisho::sql
