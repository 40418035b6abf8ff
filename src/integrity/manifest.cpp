#include "integrity/manifest.h"

#include <sys/stat.h>

#include <algorithm>
#include <charconv>
#include <ctime>
#include <filesystem>

#include "crypto/hash.h"

namespace sekisho::integrity {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kHead = "sekisho-manifest/1 ";
constexpr std::size_t kMaxFileBytes = 512u << 20;
constexpr std::size_t kMaxName = 300;
constexpr std::size_t kMaxVersion = 64;

Unexpected malformed(const std::string& what) { return fail(Code::invalid_argument, "manifest.malformed", what); }

bool printable(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7f; });
}

bool good_name(std::string_view name) {
  if (name.empty() || name.size() > kMaxName || !printable(name)) return false;
  for (std::size_t begin = 0; begin <= name.size();) {
    const std::size_t end = std::min(name.find('/', begin), name.size());
    const std::string_view part = name.substr(begin, end - begin);
    if (part.empty() || part == "." || part == "..") return false;
    begin = end + 1;
  }
  return true;
}

Result<std::pair<std::string, Entry>> parse_line(std::string_view line) {
  const std::size_t first = line.find(' ');
  const std::size_t second = first == std::string_view::npos ? first : line.find(' ', first + 1);
  if (first != 64 || second == std::string_view::npos) return malformed("a line is not hash, size and name");
  Entry entry;
  const auto hash = from_hex(line.substr(0, first));
  if (!hash || to_hex(*hash) != line.substr(0, first)) return malformed("a hash is not 64 hex digits");
  std::copy_n(reinterpret_cast<const std::uint8_t*>(hash->data()), entry.hash.size(), entry.hash.begin());
  const std::string_view size = line.substr(first + 1, second - first - 1);
  const auto [end, error] = std::from_chars(size.data(), size.data() + size.size(), entry.bytes);
  if (error != std::errc() || end != size.data() + size.size() || std::to_string(entry.bytes) != size) return malformed("a size is not a number");
  const std::string_view name = line.substr(second + 1);
  if (!good_name(name)) return malformed("a name is not a plain path");
  return std::pair(std::string(name), entry);
}

Result<Entry> entry_of(const std::string& path) {
  SK_TRY(const std::string bytes, read_file(path, kMaxFileBytes));
  return Entry{bytes.size(), crypto::sha256(bytes)};
}

Result<Entry> entry_of(const std::string& path, KeptHashes* kept) { return kept == nullptr ? entry_of(path) : kept->of(path); }

std::int64_t nanos(const timespec& t) { return static_cast<std::int64_t>(t.tv_sec) * 1'000'000'000 + t.tv_nsec; }

Status find_in(const std::string& name, const std::string& folder, KeptHashes* kept, Entries& out) {
  std::error_code error;
  if (!fs::exists(folder, error)) return ok();
  auto at = fs::recursive_directory_iterator(folder, error);
  for (; !error && at != fs::recursive_directory_iterator(); at.increment(error)) {
    const fs::file_status status = at->symlink_status(error);
    if (error) break;
    if (fs::is_directory(status)) continue;
    const std::string inside = name + "/" + fs::path(at->path()).lexically_relative(folder).generic_string();
    Entry entry;
    if (fs::is_regular_file(status)) {
      SK_TRY(entry, entry_of(at->path().string(), kept));
    }
    out[inside] = entry;
  }
  if (error) return fail(Code::unavailable, "storage.io", "cannot read " + folder + ": " + error.message());
  return ok();
}

}  // namespace

Result<Manifest> parse_text(std::string_view text) {
  Manifest out;
  std::size_t at = 0;
  for (bool head = true; at < text.size(); head = false) {
    const std::size_t end = text.find('\n', at);
    if (end == std::string_view::npos) return malformed("the last line has no end");
    const std::string_view line = text.substr(at, end - at);
    at = end + 1;
    if (head) {
      if (!line.starts_with(kHead)) return malformed("not a manifest");
      out.version = line.substr(kHead.size());
      if (out.version.empty() || out.version.size() > kMaxVersion || !printable(out.version)) return malformed("no version");
      continue;
    }
    SK_TRY(auto entry, parse_line(line));
    if (!out.entries.empty() && out.entries.rbegin()->first >= entry.first) return malformed("names are not in order");
    out.entries.insert(out.entries.end(), std::move(entry));
  }
  if (out.entries.empty()) return malformed("names no file");
  return out;
}

Result<std::string> encode_text(const Manifest& manifest) {
  std::string out = std::string(kHead) + manifest.version + "\n";
  for (const auto& [name, entry] : manifest.entries) {
    if (!good_name(name)) return malformed("not a plain path: " + name);
    out += to_hex(entry.hash) + " " + std::to_string(entry.bytes) + " " + name + "\n";
  }
  SK_CHECK(parse_text(out));
  return out;
}

Result<Opened> open(std::string_view file, const std::vector<tlog::VerifierKey>& known) {
  Opened out;
  const auto note = tlog::parse_note(file);
  if (!note) {
    // Not signed yet, or no note at all: the text alone may still be read, but nothing vouches for it.
    if (!known.empty()) return fail(Code::corrupt, "manifest.unverified", "not signed");
    SK_TRY(out.manifest, parse_text(file));
    return out;
  }
  for (const tlog::NoteSignature& s : note->signatures) out.signers.push_back(s.name);
  if (!known.empty()) {
    if (const auto verified = tlog::verify_note(*note, known); !verified) return fail(Code::corrupt, "manifest.unverified", verified.error().detail);
    out.verified = true;
  }
  SK_TRY(out.manifest, parse_text(note->text));
  return out;
}

Result<std::string> sign(std::string_view file, const tlog::VerifierKey& verifier, const crypto::SigningKey& key) {
  tlog::Note note;
  if (auto before = tlog::parse_note(file)) note = std::move(*before);
  else note.text = file;
  SK_CHECK(parse_text(note.text));
  std::erase_if(note.signatures, [&](const tlog::NoteSignature& s) { return s.name == verifier.name() && s.key_id == verifier.id(); });
  SK_TRY(auto signature, tlog::sign_note(note.text, verifier, key));
  note.signatures.push_back(std::move(signature));
  return tlog::encode_note(note);
}

std::vector<Change> compare(const Entries& listed, const Entries& found) {
  std::vector<Change> out;
  for (const auto& [name, entry] : listed) {
    const auto it = found.find(name);
    if (it == found.end()) out.push_back({name, Deviation::missing});
    else if (it->second != entry) out.push_back({name, Deviation::changed});
  }
  for (const auto& [name, entry] : found)
    if (!listed.contains(name)) out.push_back({name, Deviation::added});
  return out;
}

struct KeptHashes::Stamp {
  dev_t device = 0;
  ino_t inode = 0;
  off_t bytes = 0;
  std::int64_t modified = 0;  // nanoseconds since 1970
  std::int64_t changed = 0;
  friend bool operator==(const Stamp&, const Stamp&) = default;

  static std::optional<Stamp> of(const std::string& path) {
    struct stat about = {};
    if (::stat(path.c_str(), &about) != 0) return std::nullopt;
    return Stamp{about.st_dev, about.st_ino, about.st_size, nanos(about.st_mtim), nanos(about.st_ctim)};
  }
};

struct KeptHashes::Kept {
  Stamp stamp;
  Entry entry;
};

Result<Entry> KeptHashes::of(const std::string& path) {
  const auto stamp = Stamp::of(path);
  {
    const std::lock_guard lock(mutex_);
    if (const auto it = kept_.find(path); stamp && it != kept_.end() && it->second->stamp == *stamp) return it->second->entry;
    ++reads_;
  }
  timespec now = {};
  ::clock_gettime(CLOCK_REALTIME, &now);  // before reading: what is written while we read changes the stamp afterwards
  SK_TRY(const Entry entry, entry_of(path));
  const std::lock_guard lock(mutex_);
  const bool settled = stamp && nanos(now) - std::max(stamp->changed, stamp->modified) >= kSettleNanos;
  if (settled && Stamp::of(path) == stamp) kept_[path] = std::make_shared<const Kept>(Kept{*stamp, entry});
  else kept_.erase(path);
  return entry;
}

std::size_t KeptHashes::reads() const {
  const std::lock_guard lock(mutex_);
  return reads_;
}

Result<Entries> find(const Places& places, KeptHashes* kept) {
  Entries out;
  std::error_code error;
  for (const auto& [name, path] : places.files) {
    if (!fs::exists(path, error)) continue;
    SK_TRY(out[name], entry_of(path, kept));
  }
  for (const auto& [name, folder] : places.folders) SK_CHECK(find_in(name, folder, kept, out));
  for (const auto& [name, text] : places.texts) out[name] = {text.size(), crypto::sha256(text)};
  return out;
}

}  // namespace sekisho::integrity
