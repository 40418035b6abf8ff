#include "features/backup/format.h"

#include <algorithm>
#include <cstdio>

#include "crypto/hash.h"
#include "crypto/totp.h"

namespace sekisho::backup {
namespace {

constexpr std::string_view kHexDigits = "0123456789abcdef";
constexpr std::string_view kBase32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
constexpr std::int64_t kSecond = 1'000'000;
constexpr std::int64_t kMinute = 60 * kSecond;
constexpr std::size_t kKeyBytes = 32;
constexpr std::size_t kCheckBytes = 3;
constexpr std::string_view kSetEnd = ".set";

Unexpected corrupt(std::string what) { return fail(Code::corrupt, "backup.corrupt", std::move(what)); }

bool all_hex(std::string_view text, std::size_t size) { return text.size() == size && text.find_first_not_of(kHexDigits) == std::string_view::npos; }

Status check_file(const FileEntry& file) {
  if (!safe_path(file.path)) return corrupt("a path that leaves its folder");
  if (file.bytes < 0 || (file.chunks.size() != (static_cast<std::uint64_t>(file.bytes) + kFileChunk - 1) / kFileChunk)) return corrupt("a file with too many or too few chunks");
  for (const std::string& chunk : file.chunks)
    if (!all_hex(chunk, 64)) return corrupt("a chunk's name");
  return ok();
}

std::string key_check(std::string_view key) { return std::string(as_view(crypto::sha256("sekisho backup key " + std::string(key))).substr(0, kCheckBytes)); }

}  // namespace

bool safe_path(std::string_view path) {
  if (path.empty() || path.size() > 1024 || path.front() == '/' || path.find('\0') != std::string_view::npos) return false;
  for (std::size_t at = 0; at <= path.size();) {
    const std::size_t end = std::min(path.find('/', at), path.size());
    const std::string_view part = path.substr(at, end - at);
    if (part.empty() || part == "." || part == "..") return false;
    at = end + 1;
  }
  return true;
}

Result<Manifest> read_manifest(std::string_view text) {
  auto read = json::read_text<Manifest>(text);
  if (!read) return corrupt("not a manifest: " + read.error().detail);
  Manifest& m = *read;
  if (m.format != kFormat) return fail(Code::unsupported, "backup.format", "format " + std::to_string(m.format));
  if (m.kind != "full" && m.kind != "tick") return corrupt("kind");
  for (const FileEntry& file : m.files) SK_CHECK(check_file(file));
  for (const auto& [group, list] : m.originals.groups)
    if (!all_hex(group, 2) || !all_hex(list, 64)) return corrupt("a group of originals");
  if (!m.database) return read;
  if (m.database->bytes < 0) return corrupt("the database's length");
  for (const std::string& list : m.database->lists)
    if (!all_hex(list, 64)) return corrupt("a list of the database");
  return read;
}

std::string encode_ids(const std::vector<ChunkId>& ids) {
  std::string out;
  out.reserve(ids.size() * sizeof(ChunkId));
  for (const ChunkId& id : ids) out.append(as_view(id));
  return out;
}

Result<std::vector<ChunkId>> decode_ids(std::string_view bytes) {
  if (bytes.empty() || bytes.size() % sizeof(ChunkId) != 0 || bytes.size() > kListed * sizeof(ChunkId)) return corrupt("a list of chunks");
  std::vector<ChunkId> out(bytes.size() / sizeof(ChunkId));
  for (std::size_t i = 0; i < out.size(); ++i) std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(i * sizeof(ChunkId)), sizeof(ChunkId), out[i].begin());
  return out;
}

std::string encode_group(const std::vector<FileEntry>& originals) { return json::write(originals); }

Result<std::vector<FileEntry>> decode_group(std::string_view bytes) {
  auto read = json::read_text<std::vector<FileEntry>>(bytes);
  if (!read) return corrupt("not a group of originals: " + read.error().detail);
  for (const FileEntry& file : *read) {
    SK_CHECK(check_file(file));
    if (!all_hex(file.path, 32)) return corrupt("an original's id");
  }
  return read;
}

Result<ChunkId> parse_chunk_id(std::string_view hex) {
  SK_TRY(const std::string bytes, from_hex(hex));
  ChunkId out{};
  if (bytes.size() != out.size()) return corrupt("a chunk's name");
  std::copy(bytes.begin(), bytes.end(), out.begin());
  return out;
}

// "2026-11-26T03:15:00.123456Z" without its separators.
std::string set_name(Timestamp at, std::string_view kind) {
  std::string time = to_rfc3339(at);
  std::erase_if(time, [](char c) { return c == '-' || c == ':'; });
  return time + "-" + std::string(kind) + std::string(kSetEnd);
}

Result<SetName> parse_set_name(std::string_view name) {
  constexpr std::string_view kForm = "20261126T031500.123456Z-";
  if (name.size() <= kForm.size() + kSetEnd.size() || !name.ends_with(kSetEnd)) return corrupt("a set's name");
  const std::string_view t = name.substr(0, kForm.size() - 1);
  const std::string rfc = std::string(t.substr(0, 4)) + "-" + std::string(t.substr(4, 2)) + "-" + std::string(t.substr(6, 5)) + ":" + std::string(t.substr(11, 2)) + ":" +
                          std::string(t.substr(13));
  const auto at = json::parse_rfc3339(rfc);
  const std::string_view kind = name.substr(kForm.size(), name.size() - kForm.size() - kSetEnd.size());
  if (!at || (kind != "full" && kind != "tick") || set_name(*at, kind) != name) return corrupt("a set's name");
  return SetName{*at, std::string(kind)};
}

Result<Timestamp> parse_moment(std::string_view text) {
  const auto wrong = [&] { return fail(Code::invalid_argument, "backup.moment", "--at " + std::string(text) + ": 2026-11-26T12:34"); };
  if (const auto exact = json::parse_rfc3339(text)) return *exact;
  const bool seconds = text.size() == 19;
  if (text.size() != 16 && !seconds) return wrong();
  std::string full(text);
  if (full[10] == ' ') full[10] = 'T';
  const auto at = json::parse_rfc3339(full + (seconds ? "+09:00" : ":00+09:00"));
  if (!at) return wrong();
  // The last moment of what was named.
  return Timestamp{at->micros + (seconds ? kSecond : kMinute) - 1};
}

std::string key_text(std::string_view key) {
  const std::string plain = crypto::to_base32(std::string(key) + key_check(key));
  std::string out;
  for (std::size_t i = 0; i < plain.size(); ++i) {
    if (i > 0 && i % 4 == 0) out += '-';
    out += plain[i];
  }
  return out;
}

Result<std::string> parse_key_text(std::string_view text) {
  std::string out;
  std::uint32_t bits = 0;
  int held = 0;
  for (char c : text) {
    if (c == '-' || c == ' ' || c == '\n' || c == '\r' || c == '\t') continue;
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    const std::size_t value = kBase32.find(c);
    if (value == std::string_view::npos || out.size() > kKeyBytes + kCheckBytes) return fail(Code::invalid_argument, "backup.key", "not a key as it was written down");
    bits = bits << 5 | static_cast<std::uint32_t>(value);
    held += 5;
    if (held >= 8) {
      held -= 8;
      out += static_cast<char>(bits >> held & 0xff);
    }
  }
  if (held != 0 || out.size() != kKeyBytes + kCheckBytes || key_check(std::string_view(out).substr(0, kKeyBytes)) != std::string_view(out).substr(kKeyBytes))
    return fail(Code::invalid_argument, "backup.key", "not a key as it was written down");
  out.resize(kKeyBytes);
  return out;
}

}  // namespace sekisho::backup
