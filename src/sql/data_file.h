// The database file under SQLite's VFS: what a checkpoint writes there is handed to the disk as it is written. Private to the module.
//
// A checkpoint writes its pages, some megabytes, and then syncs them. Left to that sync they reach the disk all at once, and the sync of the
// write-ahead log that a person waits for stands behind them. So after each kStretch bytes the system is told to begin writing them (sync_file_range(2)),
// and the next stretch waits until the one before has gone: the disk has little to do at a time, and the sync finds little left. What is durable
// is decided by SQLite's syncs alone, as before.
#pragma once
#include <sqlite3.h>

namespace sekisho::sql {

// Bytes to put in front of the system's own file object.
int data_file_offset();
// Opens with the system's VFS, whose file object lies data_file_offset() bytes behind `file`.
int open_data_file(sqlite3_vfs* system, const char* name, sqlite3_file* file, int flags, int* out_flags);

}  // namespace sekisho::sql
