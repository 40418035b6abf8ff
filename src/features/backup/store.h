// One store of a backup folder (format.h), and the folder with its lock. Files are written under another name first; a set only after everything it
// names is on the disk, so a program that dies leaves at most chunks that nobody names, which prune() takes away.
//
// Memory: the names of the chunks of the newest set (32 bytes each). Threads: a Store and a Folder belong to one thread at a time.
// Failures: backup.full (the medium), file.io, backup.not_found, backup.key (another key), backup.corrupt, backup.missing (a chunk is not there),
// backup.busy (another program works on the folder).
#pragma once
#include <functional>
#include <memory>
#include <set>
#include <unordered_set>

#include "core/descriptor.h"
#include "core/secret.h"
#include "features/backup/format.h"

namespace sekisho::backup {

struct SetInfo {
  std::string file;  // name below sets/
  Timestamp at;
  std::string kind;
};

struct Pruned {
  int sets = 0;
  std::int64_t chunks = 0;
  std::int64_t bytes = 0;
};

class Store {
 public:
  // The key is the backup key; not the store's own.
  static Result<std::unique_ptr<Store>> open(const std::string& path, const Secret& key);
  static Result<std::unique_ptr<Store>> open_or_create(const std::string& path, const Secret& key);
  const std::string& path() const { return path_; }

  // Chunks that the set names and that are there need not be written again.
  Status know(const Manifest& manifest);
  void forget();  // trust nothing: everything is written again

  Result<ChunkId> put(std::string_view content);
  Result<std::string> put_named(std::string_view content);  // the name in hex
  Result<std::string> get(const ChunkId& id) const;
  Result<std::string> get_named(const std::string& hex) const;
  std::int64_t written() const { return written_; }  // bytes of files since it was opened

  // Everything put is durable, then the set appears. Returns its file name.
  Result<std::string> finish(const Manifest& manifest);

  Result<std::vector<SetInfo>> sets() const;  // oldest first
  Result<Manifest> manifest(const std::string& file) const;
  // Every chunk that the set needs, each once; lists are read on the way. Those in `seen` are left out, with what hangs on them, and added.
  Status each_chunk(const Manifest& manifest, std::unordered_set<std::string>& seen, const std::function<Status(const ChunkId&)>& visit) const;
  // Takes the sets away, then every chunk that no other names.
  Result<Pruned> prune(const std::vector<std::string>& files);
  // Whether another program took chunks away since this one last looked: what is known may be gone.
  bool swept_elsewhere();

 private:
  Store(std::string path, Secret name_key, Secret chunk_key, Secret set_key)
      : path_(std::move(path)), name_key_(std::move(name_key)), chunk_key_(std::move(chunk_key)), set_key_(std::move(set_key)) {}
  static Result<std::unique_ptr<Store>> with_key(const std::string& path, const Secret& store_key);
  std::string chunk_path(const ChunkId& id) const;
  Status sync_all() const;
  std::string path_;
  Secret name_key_;
  Secret chunk_key_;
  Secret set_key_;
  std::unordered_set<std::string> known_;  // raw ids
  std::string swept_;  // changes with every prune()
  std::int64_t written_ = 0;
};

class Folder {
 public:
  enum class Purpose { read, write };
  // write: makes it when it is not there. Locked as long as this lives; readers share.
  static Result<std::unique_ptr<Folder>> open(const std::string& path, Secret key, Purpose purpose);
  // "bodies/<code>" or "shared".
  Result<std::unique_ptr<Store>> store(const std::string& place) const;
  Result<std::vector<std::string>> places() const;
  const std::string& path() const { return path_; }

 private:
  Folder(std::string path, Secret key, Purpose purpose, int lock) : path_(std::move(path)), key_(std::move(key)), purpose_(purpose), lock_(lock) {}
  std::string path_;
  Secret key_;
  Purpose purpose_;
  Descriptor lock_;
};

// The key of a file: 32 bytes as crypto::load_key reads them, or the text that was written down.
Result<Secret> read_key(const std::string& path);

// A store whose body has ended: first its key, so that nothing of it opens any more, then its files. Returns how many sets it had.
Result<int> erase_store(const std::string& path);

struct Keeping {
  std::int64_t days = 35;
  std::int64_t tick_days = 7;
  std::optional<Timestamp> before;  // everything older goes, whatever its age
};
// Which sets go. The newest always stays.
std::vector<std::string> over(const std::vector<SetInfo>& sets, const Keeping& keeping, Timestamp now);

}  // namespace sekisho::backup
