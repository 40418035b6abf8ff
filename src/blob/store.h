// Encrypted content store in a folder: originals of uploaded files and other large values, by random id.
//
//   <folder>/ab/ab3f…(32 hex digits)     "SKB1", then frames of at most 64 KiB of content, each sealed on its own
//
// A frame is sealed (XChaCha20-Poly1305) with its number, the blob's id and whether it is the last as associated data: a flipped byte, a
// missing or moved frame, a cut end and a file under another's name all fail to open ("blob.corrupt"). A file appears under its name only
// when it is whole and durable (temporary name, fsync, rename, fsync of the folder), so a crash never leaves half a blob.
// Threads: all functions may be called from any thread. Failures: storage.full, file.io (disk), blob.corrupt, blob.not_found.
#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "core/secret.h"

namespace sekisho::blob {

class Store {
 public:
  static Result<std::unique_ptr<Store>> open(const std::string& folder, Secret key);

  // Durable when it returns; gives the id.
  Result<std::string> put(std::string_view bytes) const;
  Result<std::string> get(const std::string& id) const;
  // Removing what is not there is fine.
  Status remove(const std::string& id) const;
  // Every id that is stored, in no order; for the collection of what nobody refers to. Left-overs of crashes are removed by open().
  Result<std::vector<std::string>> list() const;

 private:
  Store(std::string folder, Secret key) : folder_(std::move(folder)), key_(std::move(key)) {}
  std::string path_of(const std::string& id) const;
  std::string folder_;
  Secret key_;
};

}  // namespace sekisho::blob
