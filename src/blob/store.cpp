#include "blob/store.h"

#include <filesystem>

#include "core/bytes.h"
#include "crypto/random.h"
#include "crypto/seal.h"

namespace sekisho::blob {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kMagic = "SKB1";
constexpr std::size_t kFrameBytes = 64 * 1024;
constexpr std::size_t kIdBytes = 16;
constexpr std::size_t kMaxFileBytes = std::size_t{2} << 30;

bool is_id(const std::string& id) {
  return id.size() == kIdBytes * 2 && id.find_first_not_of("0123456789abcdef") == std::string::npos;
}

std::string associated(const std::string& id, bool last) { return "blob:" + id + (last ? ":last" : ":more"); }

// A frame's nonce is its number, so every blob has a key of its own.
Result<Secret> key_of(const Secret& master, const std::string& id) { return crypto::derive_key(master, "blob/" + id); }

Unexpected corrupt(const std::string& id) { return fail(Code::corrupt, "blob.corrupt", "blob " + id + " does not open"); }

}  // namespace

Result<std::unique_ptr<Store>> Store::open(const std::string& folder, Secret key) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) return fail(Code::unavailable, "file.io", "cannot create " + folder);
  for (const auto& entry : fs::recursive_directory_iterator(folder, error))
    if (entry.path().extension() == ".tmp") fs::remove(entry.path(), error);
  return std::unique_ptr<Store>(new Store(folder, std::move(key)));
}

std::string Store::path_of(const std::string& id) const { return folder_ + "/" + id.substr(0, 2) + "/" + id; }

Result<std::string> Store::put(std::string_view bytes) const {
  const std::string id = to_hex(crypto::random_bytes(kIdBytes));
  std::string out(kMagic);
  out.reserve(bytes.size() + bytes.size() / kFrameBytes * crypto::kSealOverhead + 128);
  SK_TRY(const Secret key, key_of(key_, id));
  std::uint64_t number = 0;
  do {
    const std::string_view frame = bytes.substr(0, kFrameBytes);
    bytes.remove_prefix(frame.size());
    SK_TRY(const std::string sealed, crypto::seal_frame(key, number++, frame, associated(id, bytes.empty())));
    out += sealed;
  } while (!bytes.empty());
  std::error_code error;
  fs::create_directory(folder_ + "/" + id.substr(0, 2), error);
  if (error) return fail(Code::unavailable, "file.io", "cannot create a folder of the blob store");
  SK_CHECK(write_file(path_of(id), out));
  return id;
}

Result<std::string> Store::get(const std::string& id) const {
  if (!is_id(id)) return fail(Code::not_found, "blob.not_found", "not a blob id");
  auto stored = read_file(path_of(id), kMaxFileBytes);
  if (!stored && stored.error().code == Code::not_found) return fail(Code::not_found, "blob.not_found", "no blob " + id);
  if (!stored) return Unexpected(std::move(stored.error()));
  std::string_view rest = *stored;
  if (!rest.starts_with(kMagic)) return corrupt(id);
  rest.remove_prefix(kMagic.size());
  SK_TRY(const Secret key, key_of(key_, id));
  const std::size_t overhead = crypto::kTagBytes;
  std::string out;
  out.reserve(rest.size());
  for (std::uint64_t number = 0; !rest.empty(); ++number) {
    const std::string_view frame = rest.substr(0, kFrameBytes + overhead);
    rest.remove_prefix(frame.size());
    const auto plain = crypto::open_frame(key, number, frame, associated(id, rest.empty()));
    if (!plain) return corrupt(id);
    out += *plain;
  }
  if (stored->size() == kMagic.size()) return corrupt(id);
  return out;
}

Status Store::remove(const std::string& id) const {
  if (!is_id(id)) return fail(Code::not_found, "blob.not_found", "not a blob id");
  std::error_code error;
  fs::remove(path_of(id), error);
  if (error) return fail(Code::unavailable, "file.io", "cannot remove blob " + id);
  return ok();
}

Result<std::vector<std::string>> Store::list() const {
  std::vector<std::string> out;
  std::error_code error;
  for (const auto& entry : fs::recursive_directory_iterator(folder_, error))
    if (entry.is_regular_file() && is_id(entry.path().filename().string())) out.push_back(entry.path().filename().string());
  if (error) return fail(Code::unavailable, "file.io", "cannot list " + folder_);
  return out;
}

}  // namespace sekisho::blob
