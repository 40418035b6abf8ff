// A VFS of SQLite (sqlite.org/vfs.html) over the system's that writes the frames of a transaction to the write-ahead log with few system calls.
// SQLite itself makes two for each page: the frame's header, then the page. Database files are opened as in data_file.h. Private to the module.
#pragma once
#include "core/result.h"

namespace sekisho::sql {

// Makes it the default for connections opened from now on. Thread-safe; does so once.
Status use_log_vfs();

// For sqlite3_file_control: an int*, a descriptor of the same file to hand pages to the disk with, open for as long as the connection is. A file without
// one writes as the system's does: SQLite gives its own away to nobody, and one that is closed takes the locks of all with it.
inline constexpr int kUseDescriptor = 0x534b4401;
// The same for a write-ahead log: a const std::function<bool()>*, what is done for a sync.
inline constexpr int kSyncWith = 0x534b4402;

}  // namespace sekisho::sql
