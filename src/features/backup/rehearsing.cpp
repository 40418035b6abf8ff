#include "features/backup/rehearsing.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>

#include "core/descriptor.h"
#include "features/backup/contents_table.h"
#include "gate/run.h"

namespace sekisho::backup {
namespace {

namespace fs = std::filesystem;

std::int64_t since(std::chrono::steady_clock::time_point begun) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begun).count();
}

Unexpected io(const std::string& path, int code) { return fail(Code::unavailable, code == ENOSPC || code == EDQUOT ? "storage.full" : "file.io", path + ": " + std::strerror(code)); }

Status copy_database(sql::Db& db, const std::string& to) {
  const Descriptor file(::open(to.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
  if (file.get() < 0) return io(to, errno);
  sql::Db::Copying copying;
  copying.extent = [&](std::uint64_t extent, std::string_view bytes) -> Status {
    auto at = static_cast<off_t>(extent * sql::Db::kExtentBytes);
    while (!bytes.empty()) {
      const ssize_t n = ::pwrite(file.get(), bytes.data(), bytes.size(), at);
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) return io(to, errno);
      bytes.remove_prefix(static_cast<std::size_t>(n));
      at += n;
    }
    return ok();
  };
  SK_TRY(const std::uint64_t length, db.copy(copying));
  return ::ftruncate(file.get(), static_cast<off_t>(length)) == 0 ? ok() : Status(io(to, errno));
}

Result<std::int64_t> rows_of(sql::Tx& tx) {
  SK_TRY(const auto tables, digest_tables(tx, [] { return true; }));
  std::int64_t out = 0;
  for (const TableDigest& table : tables) out += table.rows;
  return out;
}

Status after_steps(sql::Db& db, const std::string& folder, const std::string& code, Rehearsal& out) {
  SK_TRY(const auto tx, db.begin_read());
  SK_TRY(const auto faults, integrity_faults(*tx));
  out.faults.insert(out.faults.end(), faults.begin(), faults.end());
  SK_TRY(out.rows_after, rows_of(*tx));
  SK_TRY(const auto keys, gate::read_log_keys(folder, code));
  const auto verified = gate::verify_log(*tx, *keys);
  if (verified) out.leaves = static_cast<std::int64_t>(verified->leaves);
  else out.faults.push_back(verified.error().key + ": " + verified.error().detail);
  return ok();
}

Status on_copy(const std::string& scratch, const std::string& code, const std::vector<sql::Migration>& migrations, Rehearsal& out) {
  SK_TRY(const auto db, sql::Db::open_sqlite(scratch + "/body.db", {1}));
  {
    SK_TRY(const auto tx, db->begin_read());
    SK_TRY(const auto taken, steps_taken(*tx));
    for (const sql::Migration& m : migrations)
      if (!taken.contains(m.number)) out.steps.emplace_back(m.name);
    SK_TRY(out.rows_before, rows_of(*tx));
  }
  const auto begun = std::chrono::steady_clock::now();
  const Status migrated = db->migrate(migrations);
  out.steps_ms = since(begun);
  if (!migrated) {
    if (migrated.error().key == "storage.full") return migrated;
    std::string why = migrated.error().key + ": " + migrated.error().detail;  // quotes the step: one line of it is enough
    out.faults.push_back(why.substr(0, why.find('\n')));
    return ok();
  }
  return after_steps(*db, scratch, code, out);
}

}  // namespace

Result<Rehearsal> rehearse(const std::string& body_folder, const std::string& code, const std::string& scratch, const std::vector<sql::Migration>& migrations) {
  Rehearsal out;
  out.body = code;
  std::error_code error;
  fs::remove_all(scratch, error);
  fs::create_directories(scratch, error);
  if (error) return io(scratch, error.value());
  const auto attempt = [&]() -> Status {
    const auto begun = std::chrono::steady_clock::now();
    for (const char* key : {"body.key", "log.key"}) {
      SK_TRY(const std::string bytes, read_file(body_folder + "/" + key, 4096));
      SK_CHECK(write_file(scratch + "/" + key, bytes));
    }
    {
      SK_TRY(const auto db, sql::Db::open_sqlite(body_folder + "/body.db", {1}));
      SK_CHECK(copy_database(*db, scratch + "/body.db"));
    }
    out.copy_ms = since(begun);
    return on_copy(scratch, code, migrations, out);
  };
  const Status done = attempt();
  fs::remove_all(scratch, error);
  if (!done) return Unexpected(done.error());
  return out;
}

}  // namespace sekisho::backup
