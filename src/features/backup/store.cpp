#include "features/backup/store.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <chrono>
#include <filesystem>
#include <thread>

#include "core/thread.h"
#include "crypto/hash.h"
#include "crypto/key_file.h"
#include "crypto/random.h"
#include "crypto/seal.h"

namespace sekisho::backup {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kDay = 86'400'000'000;
constexpr std::size_t kMaxStoreFile = 4096;
constexpr auto kPatience = std::chrono::seconds(10);

Unexpected io(const std::string& path, int code) {
  const bool full = code == ENOSPC || code == EDQUOT;
  return fail(Code::unavailable, full ? "backup.full" : "file.io", path + ": " + std::strerror(code));
}
Unexpected io(const fs::path& path, const std::error_code& error) { return io(path.string(), error.value()); }

std::string bound_to(const std::string& id) { return "backup store " + id; }
std::string chunk_place(const ChunkId& id) { return "backup chunk " + to_hex(id); }
std::string raw(const ChunkId& id) { return std::string(as_view(id)); }

// Not yet durable: finish() is. The kernel begins to write at once, so that little is left then, but after what people wait for.
Status write_new(const std::string& path, std::string_view magic, std::string_view sealed) {
  const LastAtDisk last;
  const std::string temporary = path + ".tmp";
  {
    const Descriptor file(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (file.get() < 0) return io(temporary, errno);
    for (std::string_view part : {magic, sealed})
      while (!part.empty()) {
        const ssize_t n = ::write(file.get(), part.data(), part.size());
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) {
          const int code = errno;
          ::unlink(temporary.c_str());
          return io(temporary, code);
        }
        part.remove_prefix(static_cast<std::size_t>(n));
      }
    static_cast<void>(::sync_file_range(file.get(), 0, 0, SYNC_FILE_RANGE_WRITE));
  }
  if (::rename(temporary.c_str(), path.c_str()) != 0) return io(path, errno);
  return ok();
}

Status make_folders(const fs::path& path) {
  std::error_code error;
  fs::create_directories(path, error);
  return error ? Status(io(path, error)) : ok();
}

Status sync_folder(const std::string& path) {
  const Descriptor folder(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (folder.get() < 0 || ::fsync(folder.get()) != 0) return io(path, errno);
  return ok();
}

}  // namespace

Result<Secret> read_key(const std::string& path) {
  struct stat about = {};
  if (::stat(path.c_str(), &about) != 0) return fail(Code::not_found, "backup.no_key", path);
  if (about.st_size == static_cast<off_t>(crypto::kKeyBytes)) return crypto::load_key(path);
  SK_TRY(const std::string text, read_file(path, 4096));
  SK_TRY(std::string key, parse_key_text(text));
  return Secret(std::move(key));
}

Result<std::unique_ptr<Store>> Store::with_key(const std::string& path, const Secret& store_key) {
  SK_TRY(Secret names, crypto::derive_key(store_key, "names"));
  SK_TRY(Secret chunks, crypto::derive_key(store_key, "chunks"));
  SK_TRY(Secret sets, crypto::derive_key(store_key, "sets"));
  std::unique_ptr<Store> out(new Store(path, std::move(names), std::move(chunks), std::move(sets)));
  static_cast<void>(out->swept_elsewhere());
  return out;
}

Result<std::unique_ptr<Store>> Store::open(const std::string& path, const Secret& key) {
  const auto text = read_file(path + "/store", kMaxStoreFile);
  if (!text) return text.error().code == Code::not_found ? fail(Code::not_found, "backup.not_found", path) : Unexpected(text.error());
  const auto file = json::read_text<StoreFile>(*text);
  if (!file) return fail(Code::corrupt, "backup.corrupt", path + "/store: " + file.error().detail);
  if (file->format != kFormat) return fail(Code::unsupported, "backup.format", path + ": format " + std::to_string(file->format));
  SK_TRY(const std::string sealed, from_base64(file->key));
  auto opened = crypto::open(key, sealed, bound_to(file->id));
  if (!opened) return fail(Code::invalid_argument, "backup.key", path + " does not open with this key");
  return with_key(path, Secret(std::move(*opened)));
}

Result<std::unique_ptr<Store>> Store::open_or_create(const std::string& path, const Secret& key) {
  auto opened = open(path, key);
  if (opened || opened.error().code != Code::not_found) return opened;
  SK_CHECK(make_folders(fs::path(path) / "sets"));
  SK_CHECK(make_folders(fs::path(path) / "chunks"));
  const Secret store_key = crypto::random_key();
  StoreFile file{kFormat, to_hex(crypto::random_bytes(16)), ""};
  SK_TRY(const std::string sealed, crypto::seal(key, store_key.reveal(), bound_to(file.id)));
  file.key = to_base64(sealed);
  SK_CHECK(write_file(path + "/store", json::write(file)));
  return with_key(path, store_key);
}

std::string Store::chunk_path(const ChunkId& id) const {
  const std::string hex = to_hex(id);
  return path_ + "/chunks/" + hex.substr(0, 2) + "/" + hex;
}

void Store::forget() { known_.clear(); }

Status Store::know(const Manifest& manifest) {
  std::unordered_set<std::string> named;
  SK_CHECK(each_chunk(manifest, named, [](const ChunkId&) { return ok(); }));
  known_.clear();
  std::error_code error;
  for (fs::recursive_directory_iterator it(path_ + "/chunks", error), end; !error && it != end; it.increment(error)) {
    const auto bytes = from_hex(it->path().filename().string());
    if (bytes && named.contains(*bytes)) known_.insert(*bytes);
  }
  return error ? Status(io(path_, error)) : ok();
}

Result<ChunkId> Store::put(std::string_view content) {
  SK_TRY(const ChunkId id, crypto::keyed_hash(name_key_, content));
  if (known_.contains(raw(id))) return id;
  SK_TRY(const std::string sealed, crypto::seal(chunk_key_, content, chunk_place(id)));
  const std::string path = chunk_path(id);
  auto done = write_new(path, kChunkMagic, sealed);
  if (!done && !fs::exists(fs::path(path).parent_path())) {
    SK_CHECK(make_folders(fs::path(path).parent_path()));
    done = write_new(path, kChunkMagic, sealed);
  }
  SK_CHECK(std::move(done));
  known_.insert(raw(id));
  written_ += static_cast<std::int64_t>(kChunkMagic.size() + sealed.size());
  return id;
}

Result<std::string> Store::put_named(std::string_view content) {
  SK_TRY(const ChunkId id, put(content));
  return to_hex(id);
}

Result<std::string> Store::get(const ChunkId& id) const {
  const std::string path = chunk_path(id);
  const auto bytes = read_file(path, kMaxChunk + 1024);
  if (!bytes) return bytes.error().code == Code::not_found ? fail(Code::corrupt, "backup.missing", path) : Unexpected(bytes.error());
  if (!bytes->starts_with(kChunkMagic)) return fail(Code::corrupt, "backup.corrupt", path);
  auto plain = crypto::open(chunk_key_, std::string_view(*bytes).substr(kChunkMagic.size()), chunk_place(id));
  if (!plain) return fail(Code::corrupt, "backup.corrupt", path);
  return plain;
}

Result<std::string> Store::get_named(const std::string& hex) const {
  SK_TRY(const ChunkId id, parse_chunk_id(hex));
  return get(id);
}

// One call for all files of the medium: what it could not write it reports here.
Status Store::sync_all() const {
  const Descriptor folder(::open(path_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (folder.get() < 0 || ::syncfs(folder.get()) != 0) return io(path_, errno);
  return ok();
}

Result<std::string> Store::finish(const Manifest& manifest) {
  // What the kernel failed to write once, it does not report again: nothing that was put since counts.
  if (Status synced = sync_all(); !synced) {
    known_.clear();
    return Unexpected(synced.error());
  }
  const std::string name = set_name(manifest.at, manifest.kind);
  SK_TRY(const std::string sealed, crypto::seal(set_key_, json::write(manifest), "backup set " + name));
  const std::string path = path_ + "/sets/" + name;
  if (Status written = write_file(path, std::string(kSetMagic) + sealed); !written)
    return fail(Code::unavailable, written.error().key == "storage.full" ? "backup.full" : "file.io", written.error().detail);
  written_ += static_cast<std::int64_t>(sealed.size());
  return name;
}

Result<std::vector<SetInfo>> Store::sets() const {
  std::vector<SetInfo> out;
  std::error_code error;
  for (fs::directory_iterator it(path_ + "/sets", error), end; !error && it != end; it.increment(error)) {
    const std::string file = it->path().filename().string();
    if (const auto name = parse_set_name(file)) out.push_back({file, name->at, name->kind});
  }
  if (error) return io(path_ + "/sets", error);
  std::sort(out.begin(), out.end(), [](const SetInfo& a, const SetInfo& b) { return a.file < b.file; });
  return out;
}

Result<Manifest> Store::manifest(const std::string& file) const {
  const std::string path = path_ + "/sets/" + file;
  const auto bytes = read_file(path, kMaxManifest);
  if (!bytes) return bytes.error().code == Code::not_found ? fail(Code::not_found, "backup.not_found", path) : Unexpected(bytes.error());
  if (!bytes->starts_with(kSetMagic)) return fail(Code::corrupt, "backup.corrupt", path);
  const auto plain = crypto::open(set_key_, std::string_view(*bytes).substr(kSetMagic.size()), "backup set " + file);
  if (!plain) return fail(Code::corrupt, "backup.corrupt", path);
  return read_manifest(*plain).context(path);
}

Status Store::each_chunk(const Manifest& m, std::unordered_set<std::string>& seen, const std::function<Status(const ChunkId&)>& visit) const {
  const auto one = [&](const ChunkId& id, bool& fresh) -> Status {
    fresh = seen.insert(raw(id)).second;
    return fresh ? visit(id) : ok();
  };
  const auto named = [&](const std::vector<std::string>& names) -> Status {
    for (const std::string& name : names) {
      SK_TRY(const ChunkId id, parse_chunk_id(name));
      bool fresh = false;
      SK_CHECK(one(id, fresh));
    }
    return ok();
  };
  for (const FileEntry& file : m.files) SK_CHECK(named(file.chunks));
  for (const auto& [group, list] : m.originals.groups) {
    SK_TRY(const ChunkId id, parse_chunk_id(list));
    bool fresh = false;
    SK_CHECK(one(id, fresh));
    if (!fresh) continue;
    SK_TRY(const std::string bytes, get(id));
    SK_TRY(const auto entries, decode_group(bytes));
    for (const FileEntry& original : entries) SK_CHECK(named(original.chunks));
  }
  if (!m.database) return ok();
  for (const std::string& list : m.database->lists) {
    SK_TRY(const ChunkId id, parse_chunk_id(list));
    bool fresh = false;
    SK_CHECK(one(id, fresh));
    if (!fresh) continue;
    SK_TRY(const std::string bytes, get(id));
    SK_TRY(const auto ids, decode_ids(bytes));
    for (const ChunkId& extent : ids) SK_CHECK(one(extent, fresh));
  }
  return ok();
}

Result<Pruned> Store::prune(const std::vector<std::string>& files) {
  Pruned out;
  for (const std::string& file : files) {
    if (::unlink((path_ + "/sets/" + file).c_str()) != 0 && errno != ENOENT) return io(file, errno);
    ++out.sets;
  }
  std::error_code error;
  for (fs::directory_iterator it(path_ + "/sets", error), end; !error && it != end; it.increment(error)) {
    std::error_code ignored;
    if (it->path().extension() == ".tmp") fs::remove(it->path(), ignored);  // of a program that died
  }
  SK_CHECK(sync_folder(path_ + "/sets"));
  swept_ = to_hex(crypto::random_bytes(8));
  SK_CHECK(write_file(path_ + "/swept", swept_));
  std::unordered_set<std::string> needed;
  SK_TRY(const auto rest, sets());
  for (const SetInfo& set : rest) {
    SK_TRY(const Manifest m, manifest(set.file));
    SK_CHECK(each_chunk(m, needed, [](const ChunkId&) { return ok(); }));
  }
  for (fs::recursive_directory_iterator it(path_ + "/chunks", error), end; !error && it != end; it.increment(error)) {
    std::error_code ignored;
    if (!it->is_regular_file(ignored)) continue;
    const auto id = from_hex(it->path().filename().string());
    if (id && needed.contains(*id)) continue;
    const auto bytes = fs::file_size(it->path(), ignored);
    if (::unlink(it->path().c_str()) != 0) return io(it->path().string(), errno);
    ++out.chunks;
    out.bytes += static_cast<std::int64_t>(bytes);
    if (id) known_.erase(*id);
  }
  if (error) return io(path_ + "/chunks", error);
  return out;
}

bool Store::swept_elsewhere() {
  const auto now = read_file(path_ + "/swept", 64);
  const std::string mark = now ? *now : "";
  const bool other = mark != swept_;
  swept_ = mark;
  return other;
}

Result<std::unique_ptr<Folder>> Folder::open(const std::string& path, Secret key, Purpose purpose) {
  const bool writes = purpose == Purpose::write;
  if (writes) SK_CHECK(make_folders(path));
  std::error_code error;
  if (!fs::is_directory(path, error)) return fail(Code::not_found, "backup.not_found", path);
  const std::string lock = path + "/lock";
  int fd = ::open(lock.c_str(), (writes ? O_RDWR | O_CREAT : O_RDONLY) | O_CLOEXEC, 0600);
  // A copy on a medium that cannot be written has nobody to share with.
  if (fd < 0 && (writes || (errno != ENOENT && errno != EROFS && errno != EACCES))) return io(lock, errno);
  std::unique_ptr<Folder> out(new Folder(path, std::move(key), purpose, fd));
  // A service that makes a set holds it for a moment.
  for (const auto until = std::chrono::steady_clock::now() + kPatience; fd >= 0 && ::flock(fd, (writes ? LOCK_EX : LOCK_SH) | LOCK_NB) != 0;) {
    if (std::chrono::steady_clock::now() > until) return fail(Code::conflict, "backup.busy", path);
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  return out;
}

Result<std::unique_ptr<Store>> Folder::store(const std::string& place) const {
  const std::string at = path_ + "/" + place;
  return purpose_ == Purpose::write ? Store::open_or_create(at, key_) : Store::open(at, key_);
}

Result<std::vector<std::string>> Folder::places() const {
  std::vector<std::string> out;
  std::error_code error;
  if (fs::exists(path_ + "/shared/store", error)) out.emplace_back("shared");
  if (fs::is_directory(path_ + "/bodies", error))
    for (fs::directory_iterator it(path_ + "/bodies", error), end; !error && it != end; it.increment(error))
      if (fs::exists(it->path() / "store")) out.push_back("bodies/" + it->path().filename().string());
  if (error) return io(path_, error);
  std::sort(out.begin(), out.end());
  return out;
}

Result<int> erase_store(const std::string& path) {
  std::error_code error;
  if (!fs::exists(path, error)) return 0;
  int sets = 0;
  for (fs::directory_iterator it(path + "/sets", error), end; !error && it != end; it.increment(error)) sets += parse_set_name(it->path().filename().string()).has_value() ? 1 : 0;
  // Overwritten where it lies, not replaced.
  {
    const Descriptor file(::open((path + "/store").c_str(), O_WRONLY | O_CLOEXEC));
    const std::string zeros(kMaxStoreFile, '\0');
    if (file.get() >= 0 && (::write(file.get(), zeros.data(), zeros.size()) < 0 || ::fsync(file.get()) != 0)) return io(path, errno);
  }
  fs::remove_all(path, error);
  if (error) return io(path, error);
  SK_CHECK(sync_folder(fs::path(path).parent_path().string()));
  return sets;
}

std::vector<std::string> over(const std::vector<SetInfo>& sets, const Keeping& keeping, Timestamp now) {
  std::vector<std::string> out;
  for (std::size_t i = 0; i + 1 < sets.size(); ++i) {
    const SetInfo& set = sets[i];
    const std::int64_t age = now.micros - set.at.micros;
    const bool old = age > keeping.days * kDay || (set.kind == "tick" && age > keeping.tick_days * kDay);
    if (old || (keeping.before && set.at < *keeping.before)) out.push_back(set.file);
  }
  return out;
}

}  // namespace sekisho::backup
