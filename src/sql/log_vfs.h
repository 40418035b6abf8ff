// A VFS of SQLite (sqlite.org/vfs.html) over the system's that writes the frames of a transaction to the write-ahead log with few system calls.
// SQLite itself makes two for each page: the frame's header, then the page. Private to the module.
#pragma once
#include "core/result.h"

namespace sekisho::sql {

// Makes it the default for connections opened from now on. Thread-safe; does so once.
Status use_log_vfs();

}  // namespace sekisho::sql
