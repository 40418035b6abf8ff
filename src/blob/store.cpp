#include "blob/store.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include "core/descriptor.h"
#include "crypto/random.h"
#include "crypto/seal.h"

namespace sekisho::blob {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kMagic = "SKB1";
constexpr std::size_t kFrameBytes = 64 * 1024;
constexpr std::size_t kSealedBytes = kFrameBytes + crypto::kTagBytes;
constexpr std::size_t kIdBytes = 16;
constexpr std::string_view kTemporary = ".tmp";

Unexpected io_error(const char* what, const std::string& path) {
  const int e = errno;
  const char* key = e == ENOSPC || e == EDQUOT ? "storage.full" : "file.io";
  return fail(Code::unavailable, key, std::string(what) + " " + path + ": " + std::strerror(e));
}

bool is_id(std::string_view id) {
  return id.size() == kIdBytes * 2 && id.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

std::string associated(const std::string& id, bool last) { return "blob:" + id + (last ? ":last" : ":more"); }

// A frame's nonce is its number, so every blob has a key of its own.
Result<Secret> key_of(const Secret& master, const std::string& id) { return crypto::derive_key(master, "blob/" + id); }

Unexpected corrupt(const std::string& id) { return fail(Code::corrupt, "blob.corrupt", "blob " + id + " does not open"); }
Unexpected not_found(const std::string& id) {
  return fail(Code::not_found, "blob.not_found", is_id(id) ? "no blob " + id : "not a blob id");
}

Status write_all(int fd, std::string_view bytes, const std::string& path) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(fd, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return io_error("write", path);
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return ok();
}

Status sync_folder(const std::string& folder) {
  const Descriptor file(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (file.get() < 0 || ::fsync(file.get()) != 0) return io_error("fsync", folder);
  return ok();
}

// A stored file, open for reading its frames.
class Frames {
 public:
  static Result<std::unique_ptr<Frames>> open(const std::string& path, const std::string& id, const Secret& master) {
    SK_TRY(Secret key, key_of(master, id));
    std::unique_ptr<Frames> out(new Frames(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC), id, std::move(key)));
    if (out->file_.get() < 0 && errno == ENOENT) return not_found(id);
    struct stat info {};
    if (out->file_.get() < 0 || ::fstat(out->file_.get(), &info) != 0) return io_error("open", path);
    const auto size = static_cast<std::uint64_t>(info.st_size);
    // Even empty content has one frame.
    if (size < kMagic.size() + crypto::kTagBytes) return corrupt(id);
    SK_TRY(const std::string magic, out->bytes_at(0, kMagic.size()));
    if (magic != kMagic) return corrupt(id);
    const std::uint64_t sealed = size - kMagic.size();
    out->count_ = (sealed + kSealedBytes - 1) / kSealedBytes;
    const std::uint64_t last = sealed - (out->count_ - 1) * kSealedBytes;
    if (last < crypto::kTagBytes) return corrupt(id);
    out->content_ = (out->count_ - 1) * kFrameBytes + (last - crypto::kTagBytes);
    return out;
  }

  std::uint64_t count() const { return count_; }
  // Believed only after the last frame has opened.
  std::uint64_t content_bytes() const { return content_; }

  Result<std::string> frame(std::uint64_t number) const {
    const bool last = number + 1 == count_;
    const std::size_t size = last ? static_cast<std::size_t>(content_ - number * kFrameBytes) + crypto::kTagBytes : kSealedBytes;
    SK_TRY(const std::string sealed, bytes_at(kMagic.size() + number * kSealedBytes, size));
    auto plain = crypto::open_frame(key_, number, sealed, associated(id_, last));
    if (!plain.has_value()) return corrupt(id_);
    return plain;
  }

 private:
  Frames(int fd, std::string id, Secret key) : file_(fd), id_(std::move(id)), key_(std::move(key)) {}

  Result<std::string> bytes_at(std::uint64_t offset, std::size_t count) const {
    std::string out(count, '\0');
    std::size_t done = 0;
    while (done < count) {
      const ssize_t n = ::pread(file_.get(), out.data() + done, count - done, static_cast<off_t>(offset + done));
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) return io_error("read", id_);
      if (n == 0) return corrupt(id_);
      done += static_cast<std::size_t>(n);
    }
    return out;
  }

  Descriptor file_;
  std::string id_;
  Secret key_;
  std::uint64_t count_ = 0;
  std::uint64_t content_ = 0;
};

}  // namespace

Writer::~Writer() {
  if (fd_ < 0) return;
  ::close(fd_);
  ::unlink((path_ + std::string(kTemporary)).c_str());
}

Status Writer::flush(bool last) {
  SK_TRY(std::string sealed, crypto::seal_frame(key_, number_, pending_, associated(stored_.id, last)));
  pending_.clear();
  if (number_++ == 0) sealed.insert(0, kMagic);
  return write_all(fd_, sealed, path_);
}

Status Writer::append(std::string_view bytes) {
  hash_.update(bytes);
  stored_.bytes += bytes.size();
  while (!bytes.empty()) {
    if (pending_.size() == kFrameBytes) SK_CHECK(flush(false));
    const std::string_view part = bytes.substr(0, kFrameBytes - pending_.size());
    pending_.append(part);
    bytes.remove_prefix(part.size());
  }
  return ok();
}

// Named before it is synced: the sync then writes the folder's entry along (one commit of a journal), and the folder's own finds nothing left.
Result<Stored> Writer::finish() {
  if (fd_ < 0) return fail(Code::conflict, "blob.finished", "the writer has already finished");
  SK_CHECK(flush(true));
  if (::rename((path_ + std::string(kTemporary)).c_str(), path_.c_str()) != 0) return io_error("rename", path_);
  Status synced = ::fsync(fd_) == 0 ? sync_folder(fs::path(path_).parent_path().string()) : Status(io_error("fsync", path_));
  if (!synced) {
    ::unlink(path_.c_str());
    return Unexpected(std::move(synced.error()));
  }
  ::close(fd_);
  fd_ = -1;
  stored_.hash = hash_.finish();
  return stored_;
}

Result<std::unique_ptr<Store>> Store::open(const std::string& folder, Secret key) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) return fail(Code::unavailable, "file.io", "cannot create " + folder);
  for (fs::recursive_directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    std::error_code ignored;  // a left-over that stays is only lost space
    if (it->path().extension() == kTemporary) fs::remove(it->path(), ignored);
  }
  if (error) return fail(Code::unavailable, "file.io", "cannot list " + folder);
  return std::unique_ptr<Store>(new Store(folder, std::move(key)));
}

std::string Store::path_of(const std::string& id) const { return folder_ + "/" + id.substr(0, 2) + "/" + id; }

Status Store::ensure_folder(const std::string& id) const {
  const auto number = static_cast<std::size_t>(std::stoi(id.substr(0, 2), nullptr, 16));
  const std::lock_guard lock(mutex_);
  if (durable_[number]) return ok();
  std::error_code error;
  fs::create_directory(folder_ + "/" + id.substr(0, 2), error);
  if (error) return fail(Code::unavailable, "file.io", "cannot create a folder in " + folder_);
  // Also when it was there: an earlier process may have died between creating it and making it durable.
  SK_CHECK(sync_folder(folder_));
  durable_[number] = true;
  return ok();
}

Result<std::unique_ptr<Writer>> Store::put_stream() const {
  std::unique_ptr<Writer> out(new Writer());
  out->stored_.id = to_hex(crypto::random_bytes(kIdBytes));
  SK_CHECK(ensure_folder(out->stored_.id));
  out->path_ = path_of(out->stored_.id);
  SK_TRY(out->key_, key_of(key_, out->stored_.id));
  const std::string temporary = out->path_ + std::string(kTemporary);
  out->fd_ = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (out->fd_ < 0) return io_error("create", temporary);
  return out;
}

// Frame by frame, past append(): nobody asks for the hash.
Result<std::string> Store::put(std::string_view bytes) const {
  SK_TRY(const std::unique_ptr<Writer> writer, put_stream());
  for (; bytes.size() > kFrameBytes; bytes.remove_prefix(kFrameBytes)) {
    writer->pending_ = bytes.substr(0, kFrameBytes);
    SK_CHECK(writer->flush(false));
  }
  writer->pending_ = bytes;
  SK_TRY(Stored stored, writer->finish());
  return std::move(stored.id);
}

Status Store::read(const std::string& id, const Sink& sink) const {
  if (!is_id(id)) return not_found(id);
  SK_TRY(const auto frames, Frames::open(path_of(id), id, key_));
  for (std::uint64_t number = 0; number < frames->count(); ++number) {
    SK_TRY(const std::string plain, frames->frame(number));
    SK_CHECK(sink(plain));
  }
  return ok();
}

Result<std::string> Store::get(const std::string& id) const {
  std::string out;
  SK_CHECK(read(id, [&](std::string_view part) {
    out.append(part);
    return ok();
  }));
  return out;
}

Result<std::string> Store::read_range(const std::string& id, std::uint64_t offset, std::uint64_t length) const {
  if (!is_id(id)) return not_found(id);
  SK_TRY(const auto frames, Frames::open(path_of(id), id, key_));
  SK_TRY(const std::string last, frames->frame(frames->count() - 1));
  const std::uint64_t from = std::min(offset, frames->content_bytes());
  const std::uint64_t to = from + std::min(length, frames->content_bytes() - from);
  std::string out;
  for (std::uint64_t at = from; at < to;) {
    const std::uint64_t number = at / kFrameBytes;
    std::string plain = last;
    if (number + 1 != frames->count()) {
      SK_TRY(plain, frames->frame(number));
    }
    const std::uint64_t inside = at % kFrameBytes;
    const std::uint64_t take = std::min<std::uint64_t>(plain.size() - inside, to - at);
    out.append(plain, static_cast<std::size_t>(inside), static_cast<std::size_t>(take));
    at += take;
  }
  return out;
}

Result<bool> Store::exists(const std::string& id) const {
  if (!is_id(id)) return false;
  std::error_code error;
  const bool there = fs::exists(path_of(id), error);
  if (error) return fail(Code::unavailable, "file.io", "cannot look for blob " + id);
  return there;
}

Status Store::remove(const std::string& id) const {
  if (!is_id(id)) return not_found(id);
  const std::shared_lock removing(removing_);
  if (::unlink(path_of(id).c_str()) != 0) {
    if (errno == ENOENT) return ok();  // the file, or its whole folder
    return io_error("remove", id);
  }
  return sync_folder(folder_ + "/" + id.substr(0, 2));
}

Result<std::vector<std::string>> Store::list() const {
  std::vector<std::string> out;
  std::error_code error;
  // Files come and go meanwhile; the name alone decides, and the iterator reports instead of throwing.
  for (fs::recursive_directory_iterator it(folder_, error), end; !error && it != end; it.increment(error)) {
    std::string name = it->path().filename().string();
    if (is_id(name)) out.push_back(std::move(name));
  }
  if (error) return fail(Code::unavailable, "file.io", "cannot list " + folder_);
  return out;
}

}  // namespace sekisho::blob
