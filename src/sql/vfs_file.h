// A file of our own under SQLite's VFS (sqlite.org/vfs.html): the system's file object lies behind it in the allocation that SQLite makes for both, and
// what ours does not do itself the system's does. Private to the module.
#pragma once
#include <sqlite3.h>

#include <cstddef>
#include <new>

namespace sekisho::sql {

// First in each kind of file: SQLite knows it by `base`.
struct VfsFile {
  sqlite3_file base;
  sqlite3_file* real;  // the system's
};

template <class File>
File* file_of(sqlite3_file* file) {
  return static_cast<File*>(reinterpret_cast<VfsFile*>(file));
}

// Bytes to put in front of the system's file object.
template <class File>
constexpr int offset_of_real() {
  constexpr std::size_t kAlign = alignof(std::max_align_t);
  return static_cast<int>((sizeof(File) + kAlign - 1) / kAlign * kAlign);
}

// Makes a File at `place` and opens the system's behind it.
template <class File>
int open_behind(sqlite3_file* place, const sqlite3_io_methods& methods, sqlite3_vfs* system, const char* name, int flags, int* out_flags) {
  auto* const file = new (place) File{};
  file->real = reinterpret_cast<sqlite3_file*>(reinterpret_cast<char*>(place) + offset_of_real<File>());
  const int result = system->xOpen(system, name, file->real, flags, out_flags);
  if (file->real->pMethods != nullptr) file->base.pMethods = &methods;  // SQLite closes it even where opening failed
  return result;
}

// The system's method as it is, as one of ours.
template <auto method, class... Arguments>
auto straight(sqlite3_file* file, Arguments... arguments) {
  sqlite3_file* const real = reinterpret_cast<VfsFile*>(file)->real;
  return (real->pMethods->*method)(real, arguments...);
}

}  // namespace sekisho::sql
