#include "sql/data_file.h"

#include <fcntl.h>

#include <algorithm>

#include "sql/log_vfs.h"
#include "sql/vfs_file.h"

namespace sekisho::sql {
namespace {

constexpr sqlite3_int64 kStretch = 256 * 1024;  // bytes written

struct Span {
  sqlite3_int64 begin = 0;
  sqlite3_int64 end = 0;  // exclusive; begin == end: nothing
};

struct DataFile : VfsFile {
  int descriptor = -1;        // -1: none
  sqlite3_int64 written = 0;  // bytes of the stretch
  Span stretch;
  Span handed;  // the one before, which may still be on its way
};

DataFile* data_of(sqlite3_file* file) { return file_of<DataFile>(file); }

// A disk that cannot take pages early takes them with the sync, which reports what failed.
void hand_over(DataFile* data) {
  if (data->handed.end > data->handed.begin)
    static_cast<void>(::sync_file_range(data->descriptor, data->handed.begin, data->handed.end - data->handed.begin, SYNC_FILE_RANGE_WAIT_BEFORE));
  static_cast<void>(::sync_file_range(data->descriptor, data->stretch.begin, data->stretch.end - data->stretch.begin, SYNC_FILE_RANGE_WRITE));
  data->handed = data->stretch;
  data->stretch = {};
  data->written = 0;
}

int write(sqlite3_file* file, const void* bytes, int count, sqlite3_int64 offset) {
  DataFile* const data = data_of(file);
  if (const int failed = data->real->pMethods->xWrite(data->real, bytes, count, offset)) return failed;
  if (data->descriptor < 0) return SQLITE_OK;
  if (data->stretch.end == data->stretch.begin) data->stretch = {offset, offset};
  data->stretch.begin = std::min(data->stretch.begin, offset);
  data->stretch.end = std::max(data->stretch.end, offset + count);
  data->written += count;
  if (data->written >= kStretch) hand_over(data);
  return SQLITE_OK;
}

int control(sqlite3_file* file, int operation, void* argument) {
  DataFile* const data = data_of(file);
  if (operation != kUseDescriptor) return data->real->pMethods->xFileControl(data->real, operation, argument);
  data->descriptor = *static_cast<int*>(argument);
  return SQLITE_OK;
}

using Methods = sqlite3_io_methods;
constexpr Methods kMethods = {
    3,
    straight<&Methods::xClose>,
    straight<&Methods::xRead, void*, int, sqlite3_int64>,
    write,
    straight<&Methods::xTruncate, sqlite3_int64>,
    straight<&Methods::xSync, int>,
    straight<&Methods::xFileSize, sqlite3_int64*>,
    straight<&Methods::xLock, int>,
    straight<&Methods::xUnlock, int>,
    straight<&Methods::xCheckReservedLock, int*>,
    control,
    straight<&Methods::xSectorSize>,
    straight<&Methods::xDeviceCharacteristics>,
    straight<&Methods::xShmMap, int, int, int, void volatile**>,
    straight<&Methods::xShmLock, int, int, int>,
    straight<&Methods::xShmBarrier>,
    straight<&Methods::xShmUnmap, int>,
    straight<&Methods::xFetch, sqlite3_int64, int, void**>,
    straight<&Methods::xUnfetch, sqlite3_int64, void*>,
};

}  // namespace

int data_file_offset() { return offset_of_real<DataFile>(); }

int open_data_file(sqlite3_vfs* system, const char* name, sqlite3_file* file, int flags, int* out_flags) {
  return open_behind<DataFile>(file, kMethods, system, name, flags, out_flags);
}

}  // namespace sekisho::sql
