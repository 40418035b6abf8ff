// Writes that follow one another are kept and made at once. A commit becomes visible when SQLite writes its index after the last frame, which carries
// the database's size (fileformat2, "WAL frame format"): from that frame's header on every write goes through at once, with its error. So what
// another connection can see is in the file, and a full disk fails the commit as before. What a rolled back transaction leaves lies behind the
// log's end, as it does without this. Everything else that SQLite does with the file comes after what was kept.
#include "sql/log_vfs.h"

#include <sqlite3.h>

#include <algorithm>
#include <cstring>
#include <functional>
#include <mutex>
#include <new>

#include "sql/changes.h"
#include "sql/data_file.h"
#include "sql/vfs_file.h"

namespace sekisho::sql {
namespace {

constexpr int kMostKept = 120 * 1024;  // bytes; the system's VFS of SQLite takes less than 128 KiB at a time
constexpr int kSizeInHeader = 4;       // offset of the database's size in pages, big-endian; 0: no commit

struct LogFile : VfsFile {
  char* kept;  // kMostKept bytes, with the first write
  int count;   // of the bytes kept
  sqlite3_int64 start;
  bool commits;  // the last frame header was a commit's
  const std::function<bool()>* syncs;  // null: the system does
};

sqlite3_vfs* system_vfs = nullptr;

LogFile* log_of(sqlite3_file* file) { return file_of<LogFile>(file); }

int write_kept(LogFile* log) {
  if (log->count == 0) return SQLITE_OK;
  const int count = log->count;
  log->count = 0;  // a failure rolls the transaction back
  return log->real->pMethods->xWrite(log->real, log->kept, count, log->start);
}

bool is_commit(const unsigned char* header) {
  return (header[kSizeInHeader] | header[kSizeInHeader + 1] | header[kSizeInHeader + 2] | header[kSizeInHeader + 3]) != 0;
}

int keep(LogFile* log, const void* bytes, int count, sqlite3_int64 offset) {
  if (log->kept == nullptr) log->kept = new (std::nothrow) char[kMostKept];
  if (log->kept == nullptr) return SQLITE_IOERR_NOMEM;
  if (log->count > 0 && (offset != log->start + log->count || log->count + count > kMostKept))
    if (const int failed = write_kept(log)) return failed;
  if (count > kMostKept) return log->real->pMethods->xWrite(log->real, bytes, count, offset);
  if (log->count == 0) log->start = offset;
  std::memcpy(log->kept + log->count, bytes, static_cast<std::size_t>(count));
  log->count += count;
  return SQLITE_OK;
}

int write(sqlite3_file* file, const void* bytes, int count, sqlite3_int64 offset) {
  LogFile* const log = log_of(file);
  // Headers alone come again, too, where a page was written twice and the checksums after it are made anew.
  if (count == kFrameHeader) log->commits = is_commit(static_cast<const unsigned char*>(bytes));
  if (const int failed = keep(log, bytes, count, offset)) return failed;
  return log->commits ? write_kept(log) : SQLITE_OK;
}

int close(sqlite3_file* file) {
  LogFile* const log = log_of(file);
  delete[] log->kept;
  return log->real->pMethods->xClose(log->real);
}

// Calls the system's method after what was kept.
template <auto method, class... Arguments>
int after_kept(sqlite3_file* file, Arguments... arguments) {
  LogFile* const log = log_of(file);
  if (const int failed = write_kept(log)) return failed;
  return (log->real->pMethods->*method)(log->real, arguments...);
}

int sync(sqlite3_file* file, int flags) {
  LogFile* const log = log_of(file);
  if (log->syncs == nullptr) return after_kept<&sqlite3_io_methods::xSync, int>(file, flags);
  if (const int failed = write_kept(log)) return failed;
  return (*log->syncs)() ? SQLITE_OK : SQLITE_IOERR_FSYNC;
}

int control(sqlite3_file* file, int operation, void* argument) {
  LogFile* const log = log_of(file);
  if (operation != kSyncWith) return log->real->pMethods->xFileControl(log->real, operation, argument);
  log->syncs = static_cast<const std::function<bool()>*>(argument);
  return SQLITE_OK;
}

using Methods = sqlite3_io_methods;
constexpr Methods kMethods = {
    1,
    close,
    after_kept<&Methods::xRead, void*, int, sqlite3_int64>,
    write,
    after_kept<&Methods::xTruncate, sqlite3_int64>,
    sync,
    after_kept<&Methods::xFileSize, sqlite3_int64*>,
    straight<&Methods::xLock, int>,
    straight<&Methods::xUnlock, int>,
    straight<&Methods::xCheckReservedLock, int*>,
    control,
    straight<&Methods::xSectorSize>,
    straight<&Methods::xDeviceCharacteristics>,
    // version 1: memory shared and mapped is the database file's
    nullptr, nullptr, nullptr, nullptr, nullptr, nullptr,
};

int open(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* out_flags) {
  if ((flags & SQLITE_OPEN_MAIN_DB) != 0) return open_data_file(system_vfs, name, file, flags, out_flags);
  if ((flags & SQLITE_OPEN_WAL) == 0) return system_vfs->xOpen(system_vfs, name, file, flags, out_flags);
  return open_behind<LogFile>(file, kMethods, system_vfs, name, flags, out_flags);
}

}  // namespace

Status use_log_vfs() {
  static const int registered = [] {
    // One thread at a time uses a connection, and nobody asks SQLite for the memory it uses: neither needs a lock. Refused, harmlessly, where SQLite runs already.
    static_cast<void>(sqlite3_config(SQLITE_CONFIG_MULTITHREAD));
    static_cast<void>(sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0));
    static sqlite3_vfs ours;
    system_vfs = sqlite3_vfs_find(nullptr);
    if (system_vfs == nullptr) return SQLITE_ERROR;
    ours = *system_vfs;
    ours.zName = "sekisho";
    ours.szOsFile += std::max(offset_of_real<LogFile>(), data_file_offset());
    ours.xOpen = open;
    ours.pNext = nullptr;
    return sqlite3_vfs_register(&ours, 1);
  }();
  if (registered != SQLITE_OK) return fail(Code::internal, "sql.failed", "cannot register the file system of the write-ahead log");
  return ok();
}

}  // namespace sekisho::sql
