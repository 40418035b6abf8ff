#include "features/backup/restoring.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>

#include "blob/store.h"
#include "core/log.h"
#include "features/backup/contents_table.h"
#include "gate/log_read_table.h"
#include "gate/run.h"

namespace sekisho::backup {
namespace {

namespace fs = std::filesystem;
using Clockpoint = std::chrono::steady_clock::time_point;

constexpr const char* kMark = "sekisho-restoring";

std::int64_t since(Clockpoint begun) { return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begun).count(); }

Unexpected io(const std::string& path, int code) {
  return fail(Code::unavailable, code == ENOSPC || code == EDQUOT ? "storage.full" : "file.io", path + ": " + std::strerror(code));
}

Status make_folders(const fs::path& path) {
  std::error_code error;
  fs::create_directories(path, error);
  return error ? Status(io(path.string(), error.value())) : ok();
}

// A file that is written piece by piece. Durable with the folder, by one sync at the end.
class Output {
 public:
  static Result<std::unique_ptr<Output>> create(const std::string& path) {
    SK_CHECK(make_folders(fs::path(path).parent_path()));
    const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0) return io(path, errno);
    return std::unique_ptr<Output>(new Output(fd, path));
  }
  Status append(std::string_view bytes) {
    bytes_ += static_cast<std::int64_t>(bytes.size());
    while (!bytes.empty()) {
      const ssize_t n = ::write(file_.get(), bytes.data(), bytes.size());
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) return io(path_, errno);
      bytes.remove_prefix(static_cast<std::size_t>(n));
    }
    return ok();
  }
  std::int64_t bytes() const { return bytes_; }

 private:
  Output(int fd, std::string path) : file_(fd), path_(std::move(path)) {}
  Descriptor file_;
  std::string path_;
  std::int64_t bytes_ = 0;
};

Unexpected short_file(const std::string& path) { return fail(Code::corrupt, "backup.corrupt", path + " has another length than its manifest says"); }

Status restore_file(const Store& store, const FileEntry& file, const std::string& path, Restored& out) {
  SK_TRY(const auto output, Output::create(path));
  for (const std::string& chunk : file.chunks) {
    SK_TRY(const std::string bytes, store.get_named(chunk));
    SK_CHECK(output->append(bytes));
  }
  if (output->bytes() != file.bytes) return short_file(file.path);
  ++out.files;
  out.bytes += file.bytes;
  return ok();
}

Status restore_database(const Store& store, const DatabaseEntry& database, const std::string& path, Restored& out) {
  SK_TRY(const auto output, Output::create(path));
  for (const std::string& list : database.lists) {
    SK_TRY(const std::string bytes, store.get_named(list));
    SK_TRY(const auto ids, decode_ids(bytes));
    for (const ChunkId& id : ids) {
      SK_TRY(const std::string extent, store.get(id));
      SK_CHECK(output->append(extent));
    }
  }
  if (output->bytes() != database.bytes) return short_file("body.db");
  ++out.files;
  out.bytes += database.bytes;
  return ok();
}

Status restore_one(const Store& store, const Chosen& chosen, const std::string& target, Restored& out) {
  const Manifest& m = chosen.manifest;
  const std::string folder = chosen.place == "shared" ? target : target + "/" + chosen.place;
  SK_CHECK(make_folders(folder));
  for (const FileEntry& file : m.files) SK_CHECK(restore_file(store, file, folder + "/" + file.path, out));
  for (const auto& [group, list] : m.originals.groups) {
    SK_TRY(const std::string bytes, store.get_named(list));
    SK_TRY(const auto entries, decode_group(bytes));
    for (const FileEntry& original : entries) SK_CHECK(restore_file(store, original, folder + "/blobs/" + original.path.substr(0, 2) + "/" + original.path, out));
  }
  return m.database ? restore_database(store, *m.database, folder + "/body.db", out) : ok();
}

// Removes only what an earlier restoring made.
Status clear_working(const fs::path& working) {
  std::error_code error;
  if (!fs::exists(working, error)) return ok();
  if (!fs::exists(working / kMark, error) && !fs::is_empty(working, error)) return fail(Code::conflict, "backup.target", working.string() + " is in the way");
  // The mark last: whoever dies in between leaves what the next one still knows for its own.
  std::vector<fs::path> rest;
  for (fs::directory_iterator it(working, error), end; !error && it != end; it.increment(error))
    if (it->path().filename() != kMark) rest.push_back(it->path());
  for (const fs::path& path : rest)
    if (!error) fs::remove_all(path, error);
  if (!error) fs::remove_all(working, error);
  return error ? Status(io(working.string(), error.value())) : ok();
}

// The folder with its mark, which is there before anything else.
Status make_working(const fs::path& working) {
  SK_CHECK(make_folders(working));
  const Descriptor mark(::open((working / kMark).c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
  return mark.get() >= 0 ? ok() : Status(io(working.string(), errno));
}

Status target_is_free(const fs::path& target) {
  std::error_code error;
  if (!fs::exists(target, error)) return make_folders(target.parent_path());
  if (!fs::is_directory(target, error) || !fs::is_empty(target, error)) return fail(Code::conflict, "backup.target", target.string() + " is not an empty folder");
  return ok();
}

// All of it is on the disk before it gets its name.
Status name_it(const fs::path& working, const fs::path& target) {
  {
    const Descriptor folder(::open(working.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (folder.get() < 0 || ::syncfs(folder.get()) != 0) return io(working.string(), errno);
  }
  std::error_code error;
  if (::rename(working.c_str(), target.c_str()) != 0) {
    const int code = errno;
    return fail(Code::conflict, "backup.target", target.string() + ": " + std::strerror(code));
  }
  fs::remove(target / kMark, error);
  const Descriptor parent(::open(target.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (parent.get() < 0 || ::fsync(parent.get()) != 0) return io(target.string(), errno);
  return ok();
}

Status compare_tables(sql::Tx& tx, const DatabaseEntry& database, Comparison& out) {
  if (database.tables.empty()) return ok();
  SK_TRY(const auto now, digest_tables(tx, [] { return true; }));
  std::map<std::string, TableDigest> found;
  for (const TableDigest& table : now) found[table.name] = table;
  for (const TableDigest& table : database.tables) {
    const auto it = found.find(table.name);
    if (it == found.end() || it->second.rows != table.rows || it->second.sha256 != table.sha256) {
      out.faults.push_back("table " + table.name + " differs");
      continue;
    }
    ++out.tables;
    out.rows += table.rows;
  }
  if (found.size() != database.tables.size()) out.faults.push_back("tables that the manifest does not name");
  return ok();
}

Status compare_originals(sql::Tx& tx, const std::string& folder, const Manifest& m, Comparison& out) {
  std::int64_t bytes = 0;
  std::set<std::string> there;
  std::error_code error;
  if (fs::is_directory(folder + "/blobs", error))
    for (fs::recursive_directory_iterator it(folder + "/blobs", error), end; !error && it != end; it.increment(error)) {
      if (!it->is_regular_file(error)) continue;
      bytes += static_cast<std::int64_t>(it->file_size(error));
      there.insert(it->path().filename().string());
    }
  out.originals = static_cast<std::int64_t>(there.size());
  if (out.originals != m.originals.count || bytes != m.originals.bytes) out.faults.emplace_back("originals differ from the manifest");
  SK_TRY(const auto named, originals_named(tx));
  for (const std::string& id : named)
    if (!there.contains(id)) out.faults.push_back("the original " + id + " is missing");
  return ok();
}

Status compare_log(sql::Tx& tx, const std::string& folder, const Manifest& m, Comparison& out) {
  SK_TRY(const auto keys, gate::read_log_keys(folder, m.body));
  const auto verified = gate::verify_log(tx, *keys);
  if (!verified) {
    out.faults.push_back(verified.error().key + ": " + verified.error().detail);
    return ok();
  }
  out.leaves = static_cast<std::int64_t>(verified->leaves);
  out.root = verified->root_hex;
  SK_TRY(const auto head, gate::newest_head(tx));
  const std::string note = head ? head->note : "";
  if (m.log && note != m.log->checkpoint) out.faults.emplace_back("the log's newest signed head is another one");
  return ok();
}

Result<Comparison> compare_body(const Chosen& chosen, const std::string& folder) {
  const Manifest& m = chosen.manifest;
  Comparison out{m.body, chosen.file, m.at, 0, 0, 0, 0, "", {}};
  SK_TRY(const auto db, sql::Db::open_sqlite(folder + "/body.db", {1}));
  SK_TRY(const auto tx, db->begin_read());
  SK_TRY(out.faults, integrity_faults(*tx));
  SK_CHECK(compare_tables(*tx, *m.database, out));
  SK_CHECK(compare_originals(*tx, folder, m, out));
  SK_CHECK(compare_log(*tx, folder, m, out));
  return out;
}

}  // namespace

Result<std::vector<Chosen>> choose(const Folder& folder, const std::optional<Timestamp>& at, const std::string& place) {
  std::vector<Chosen> out;
  bool any = false;
  SK_TRY(const auto places, folder.places());
  if (places.empty()) return fail(Code::not_found, "backup.not_found", folder.path());
  for (const std::string& one : places) {
    if (!place.empty() && one != place && one != "shared") continue;
    SK_TRY(const auto store, folder.store(one));
    SK_TRY(const auto sets, store->sets());
    std::optional<std::string> file;
    for (const SetInfo& set : sets)
      if (!at || set.at <= *at) file = set.file;
    if (!file) continue;
    SK_TRY(Manifest manifest, store->manifest(*file));
    // Where it lies and what it says are one.
    if ((one == "shared") != manifest.body.empty() || (one != "shared" && one != "bodies/" + manifest.body) || (one != "shared" && !manifest.database))
      return fail(Code::corrupt, "backup.corrupt", one + "/sets/" + *file + " is of another body");
    any = any || one != "shared";
    out.push_back({one, *file, std::move(manifest)});
  }
  if (!any) return fail(Code::not_found, "backup.no_set", at ? "none before " + to_rfc3339(*at) : folder.path());
  return out;
}

Result<Restored> restore(const Folder& folder, const std::vector<Chosen>& chosen, const std::string& to) {
  const Clockpoint begun = std::chrono::steady_clock::now();
  std::error_code error;
  fs::path target = fs::absolute(to, error).lexically_normal();
  if (!target.has_filename()) target = target.parent_path();  // "dir/"
  const fs::path working = target.string() + ".restoring";
  SK_CHECK(target_is_free(target));
  SK_CHECK(clear_working(working));
  SK_CHECK(make_working(working));
  Restored out;
  const auto all = [&]() -> Status {
    for (const Chosen& one : chosen) {
      SK_TRY(const auto store, folder.store(one.place));
      SK_CHECK(restore_one(*store, one, working.string(), out));
    }
    return name_it(working, target);
  };
  if (const Status done = all(); !done) {
    static_cast<void>(clear_working(working));
    return Unexpected(done.error());
  }
  out.took_ms = since(begun);
  return out;
}

Result<std::vector<Comparison>> compare(const std::vector<Chosen>& chosen, const std::string& folder) {
  std::vector<Comparison> out;
  for (const Chosen& one : chosen) {
    if (one.place == "shared") continue;
    SK_TRY(Comparison compared, compare_body(one, folder + "/" + one.place));
    out.push_back(std::move(compared));
  }
  return out;
}

Result<Drill> drill(const Folder& folder, const std::optional<Timestamp>& at, const std::string& scratch, Timestamp now) {
  Drill out;
  out.at = now;
  std::error_code error;
  // A drill that died left a whole copy, or a working folder.
  fs::remove_all(scratch, error);
  SK_TRY(const auto chosen, choose(folder, at));
  const auto attempt = [&]() -> Status {
    SK_TRY(out.restored, restore(folder, chosen, scratch));
    const Clockpoint begun = std::chrono::steady_clock::now();
    SK_TRY(out.bodies, compare(chosen, scratch));
    out.compare_ms = since(begun);
    return ok();
  };
  const Status done = attempt();
  fs::remove_all(scratch, error);
  if (!done && done.error().code != Code::corrupt) return Unexpected(done.error());  // nothing about the backup
  if (!done)
    for (const Chosen& one : chosen)
      if (one.place != "shared") out.bodies.push_back({one.manifest.body, one.file, one.manifest.at, 0, 0, 0, 0, "", {done.error().key + ": " + done.error().detail}});
  out.good = true;
  for (const Comparison& body : out.bodies) out.good = out.good && body.faults.empty();
  return out;
}

Result<Verified> verify(const Folder& folder, Which which) {
  Verified out;
  SK_TRY(const auto places, folder.places());
  if (places.empty()) return fail(Code::not_found, "backup.not_found", folder.path());
  for (const std::string& place : places) {
    SK_TRY(const auto store, folder.store(place));
    SK_TRY(auto sets, store->sets());
    if (which == Which::newest && sets.size() > 1) sets.erase(sets.begin(), sets.end() - 1);
    std::unordered_set<std::string> seen;
    for (const SetInfo& set : sets) {
      ++out.sets;
      const auto fault = [&](const Error& error) { out.faults.push_back(place + " " + set.file + ": " + error.key + " " + error.detail); };
      const auto manifest = store->manifest(set.file);
      if (!manifest) {
        fault(manifest.error());
        continue;
      }
      const Status walked = store->each_chunk(*manifest, seen, [&](const ChunkId& id) -> Status {
        ++out.chunks;
        const auto bytes = store->get(id);
        if (bytes) out.bytes += static_cast<std::int64_t>(bytes->size());
        else fault(bytes.error());
        return ok();
      });
      if (!walked) fault(walked.error());
    }
  }
  return out;
}

}  // namespace sekisho::backup
