// Encrypted content store in a folder: originals of uploaded files and other large values, by random id.
//
//   <folder>/ab/ab3f…(32 hex digits)     "SKB1", then frames of 64 KiB of content (the last may be shorter), each sealed on its own
//
// A frame is sealed (XChaCha20-Poly1305, key derived from the store's key and the blob's id) under its number, with the id and whether it
// is the last as associated data: a flipped byte, a missing or moved frame, a cut end and a file under another's name all fail to open
// ("blob.corrupt"). A file appears under its name only when it is whole (temporary name, rename), and its id is told when it is durable (fsync of file and
// folder): nobody knows of what a crash leaves half; of that, open() removes temporary files, list() tells the rest. One Store at a time per folder.
//
// Memory: put_stream(), read() and read_range() hold two frames, however large the content.
// Threads: all functions may be called from any thread; a Writer belongs to one. A Writer must not outlive its Store.
// Failures: storage.full, file.io (disk, unavailable), blob.corrupt (corrupt), blob.not_found.
#pragma once
#include <bitset>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <vector>

#include "core/bytes.h"
#include "core/result.h"
#include "core/secret.h"
#include "crypto/hash.h"

namespace sekisho::blob {

// What was stored: its name, and the hash and length of the content in clear.
struct Stored {
  std::string id;
  Hash hash{};
  std::uint64_t bytes = 0;
};

// Content on its way into a store. Nothing is visible before finish(); a Writer that goes without it leaves nothing.
class Writer {
 public:
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;
  ~Writer();

  Status append(std::string_view bytes);
  // Durable when it returns. Once only; after a failure of append() or finish() the Writer can only be let go.
  Result<Stored> finish();

 private:
  friend class Store;
  Writer() = default;
  Status flush(bool last);
  std::string path_;  // without ".tmp"
  int fd_ = -1;
  Secret key_;
  std::string pending_;  // at most one frame: which one is the last is known only at the end
  std::uint64_t number_ = 0;
  crypto::Sha256 hash_;
  Stored stored_;
};

class Store {
 public:
  static Result<std::unique_ptr<Store>> open(const std::string& folder, Secret key);

  // Durable when it returns; gives the id.
  Result<std::string> put(std::string_view bytes) const;
  Result<std::unique_ptr<Writer>> put_stream() const;

  Result<std::string> get(const std::string& id) const;
  using Sink = std::function<Status(std::string_view)>;
  // The content in order, piece by piece. When it fails, what the sink has seen is genuine but may not be all.
  Status read(const std::string& id, const Sink& sink) const;
  // The bytes from `offset`, at most `length`; fewer at the end. Also checks the end of the file, so a cut is noticed wherever one reads.
  Result<std::string> read_range(const std::string& id, std::uint64_t offset, std::uint64_t length) const;

  Result<bool> exists(const std::string& id) const;
  // Durable when it returns. Removing what is not there is fine.
  Status remove(const std::string& id) const;
  // While it is held nothing is removed: remove() waits.
  std::unique_lock<std::shared_mutex> hold_removals() const { return std::unique_lock(removing_); }
  // Where the blob lies, sealed: for copying as it is.
  std::string file_of(const std::string& id) const { return path_of(id); }
  // Every id that is stored, in no order; for the collection of what nobody refers to.
  Result<std::vector<std::string>> list() const;

 private:
  Store(std::string folder, Secret key) : folder_(std::move(folder)), key_(std::move(key)) {}
  std::string path_of(const std::string& id) const;
  Status ensure_folder(const std::string& id) const;
  std::string folder_;
  Secret key_;
  mutable std::shared_mutex removing_;
  mutable std::mutex mutex_;
  mutable std::bitset<256> durable_;  // folders known to survive a crash; guarded by mutex_
};

}  // namespace sekisho::blob
