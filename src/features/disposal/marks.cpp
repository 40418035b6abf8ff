#include "features/disposal/marks.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <map>
#include <mutex>
#include <optional>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/descriptor.h"

namespace sekisho::disposal {
namespace {

namespace fs = std::filesystem;
__extension__ typedef unsigned __int128 Wide;

constexpr std::uint64_t kPrime = (std::uint64_t{1} << 61) - 1;
constexpr std::size_t kLikelyBits = 20;
constexpr std::size_t kLeastDifferent = 8;  // bytes of a window
constexpr std::size_t kBlock = 1 << 20;
constexpr std::size_t kMaxPaths = 20;

std::uint64_t times(std::uint64_t a, std::uint64_t b) {
  const Wide product = static_cast<Wide>(a) * b;
  const std::uint64_t folded = static_cast<std::uint64_t>(product & kPrime) + static_cast<std::uint64_t>(product >> 61);
  return folded >= kPrime ? folded - kPrime : folded;
}
std::uint64_t plus(std::uint64_t a, std::uint64_t b) {
  const std::uint64_t sum = a + b;
  return sum >= kPrime ? sum - kPrime : sum;
}
// A byte of 0 counts too.
std::uint64_t value_of(char c) { return static_cast<unsigned char>(c) + std::uint64_t{1}; }

std::uint64_t hash_of(std::string_view window, std::uint64_t key) {
  std::uint64_t hash = 0;
  for (const char c : window) hash = plus(times(hash, key), value_of(c));
  return hash;
}

// A file's bytes without ever closing it where that would do harm: POSIX drops a process's locks on a file when the process closes any descriptor
// of it, and SQLite's locks lie on the database and on its shared memory. Those stay open, one each, until the program ends.
class Raw {
 public:
  explicit Raw(const fs::path& path) {
    const bool database = path.filename().string().find(".db") != std::string::npos;
    struct ::stat now {};
    if (!database || ::stat(path.c_str(), &now) != 0) {
      own_.emplace(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
      fd_ = own_->get();
      return;
    }
    static std::mutex mutex;
    static std::map<std::pair<dev_t, ino_t>, int> kept;
    const std::lock_guard lock(mutex);
    const auto [at, fresh] = kept.try_emplace({now.st_dev, now.st_ino}, -1);
    if (fresh) at->second = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    fd_ = at->second;
    if (fd_ < 0) kept.erase(at);
  }
  bool open() const { return fd_ >= 0; }
  ssize_t read(std::string& into, std::int64_t at) const { return ::pread(fd_, into.data(), into.size(), at); }

 private:
  std::optional<Descriptor> own_;
  int fd_ = -1;
};

bool begins_character(char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }

// As many UTF-16 units as a window holds, or nothing.
std::u16string units_from(std::string_view utf8) {
  std::u16string out;
  for (std::size_t i = 0; i < utf8.size() && out.size() < kWindow / 2;) {
    const auto lead = static_cast<unsigned char>(utf8[i]);
    const std::size_t length = lead < 0x80 ? 1 : lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
    if (i + length > utf8.size()) break;
    char32_t c = length == 1 ? lead : lead & (0x7fu >> length);
    for (std::size_t k = 1; k < length; ++k) c = c << 6 | (static_cast<unsigned char>(utf8[i + k]) & 0x3fu);
    if (c >= 0x10000) out += static_cast<char16_t>(0xd800 + ((c - 0x10000) >> 10));
    out += static_cast<char16_t>(c >= 0x10000 ? 0xdc00 + ((c - 0x10000) & 0x3ff) : c);
    i += length;
  }
  out.resize(std::min(out.size(), kWindow / 2));
  return out.size() == kWindow / 2 ? out : std::u16string();
}

std::string bytes_of(const std::u16string& units, bool little) {
  std::string out;
  for (const char16_t u : units) {
    const char high = static_cast<char>(u >> 8), low = static_cast<char>(u & 0xff);
    out += little ? low : high;
    out += little ? high : low;
  }
  return out;
}

std::size_t different(std::string_view bytes) {
  std::array<bool, 256> seen{};
  std::size_t out = 0;
  for (const char c : bytes) {
    bool& known = seen[static_cast<unsigned char>(c)];
    out += known ? 0 : 1;
    known = true;
  }
  return out;
}

}  // namespace

Marks Marks::with_key(std::uint64_t random) {
  Marks out;
  // Between 2^32 and the prime: powers of a small key would not mix.
  out.key = static_cast<std::int64_t>((std::uint64_t{1} << 32) + random % (kPrime - (std::uint64_t{1} << 32)));
  return out;
}

void Marks::add_text(std::string_view utf8, std::size_t limit) {
  const auto with = static_cast<std::uint64_t>(key);
  if (utf8.size() < kWindow || limit == 0) return;
  const std::size_t room = utf8.size() - kWindow;
  const std::size_t count = std::min(limit, room / kWindow + 1);
  for (std::size_t i = 0; i < count; ++i) {
    std::size_t at = count == 1 ? 0 : room / (count - 1) * i;
    while (at <= room && !begins_character(utf8[at])) ++at;
    if (at > room || different(utf8.substr(at, kWindow)) < kLeastDifferent) continue;
    const auto hash = static_cast<std::int64_t>(hash_of(utf8.substr(at, kWindow), with));
    if (std::find(windows.begin(), windows.end(), hash) != windows.end()) continue;
    const std::u16string units = units_from(utf8.substr(at));
    windows.push_back(hash);
    for (const bool little : {true, false})
      windows.push_back(units.empty() ? 0 : static_cast<std::int64_t>(hash_of(bytes_of(units, little), with)));
  }
}

void Marks::drop(const std::set<std::size_t>& places) {
  std::vector<std::int64_t> kept;
  for (std::size_t i = 0; i < windows.size(); ++i)
    if (!places.contains(i / 3)) kept.push_back(windows[i]);
  shared += static_cast<std::int64_t>(places.size());
  windows = std::move(kept);
}

Scanner::Scanner(const Marks& marks) : likely_(std::size_t{1} << kLikelyBits), key_(static_cast<std::uint64_t>(marks.key)) {
  std::uint64_t power = 1;
  for (std::size_t i = 0; i < kWindow; ++i) power = times(power, key_);
  for (int c = 0; c < 256; ++c) leaving_.push_back((kPrime - times(value_of(static_cast<char>(c)), power)) % kPrime);
  for (std::size_t i = 0; i < marks.windows.size(); ++i) {
    const auto hash = static_cast<std::uint64_t>(marks.windows[i]);
    if (hash == 0) continue;
    places_.emplace(hash, i / 3);
    likely_[hash & ((std::size_t{1} << kLikelyBits) - 1)] = true;
  }
  begin();
}

void Scanner::begin() {
  window_.assign(kWindow, '\0');
  hash_ = 0;
  at_ = 0;
  filled_ = 0;
}

void Scanner::feed(std::string_view bytes, const std::function<void(std::size_t)>& found) {
  for (const char c : bytes) {
    hash_ = plus(times(hash_, key_), value_of(c));
    if (filled_ == kWindow) hash_ = plus(hash_, leaving_[static_cast<unsigned char>(window_[at_])]);
    else ++filled_;
    window_[at_] = c;
    at_ = at_ + 1 == kWindow ? 0 : at_ + 1;
    if (filled_ < kWindow || !likely_[hash_ & ((std::size_t{1} << kLikelyBits) - 1)]) continue;
    const auto [first, last] = places_.equal_range(hash_);
    for (auto it = first; it != last; ++it) found(it->second);
  }
}

Result<Scanned> scan_folder(const std::string& folder, const Marks& marks) {
  Scanned out;
  Scanner scanner(marks);
  std::string block(kBlock, '\0');
  std::error_code error;
  fs::recursive_directory_iterator entry(folder, error);
  for (const fs::recursive_directory_iterator end; !error && entry != end; entry.increment(error)) {
    std::error_code gone;
    if (!entry->is_regular_file(gone) || gone) continue;
    const Raw file(entry->path());
    if (!file.open() && errno == ENOENT) continue;
    if (!file.open()) return fail(Code::unavailable, "disposal.unreadable", entry->path().string());
    scanner.begin();
    bool hit = false;
    for (std::int64_t at = 0;;) {
      const ssize_t n = file.read(block, at);
      if (n < 0) return fail(Code::unavailable, "disposal.unreadable", entry->path().string());
      if (n == 0) break;
      at += n;
      out.bytes += n;
      scanner.feed(std::string_view(block).substr(0, static_cast<std::size_t>(n)), [&](std::size_t place) {
        out.places.insert(place);
        hit = true;
      });
    }
    ++out.files;
    if (hit && out.paths.size() < kMaxPaths) out.paths.push_back(fs::relative(entry->path(), folder, gone).string());
  }
  if (error) return fail(Code::unavailable, "disposal.unreadable", error.message());
  return out;
}

}  // namespace sekisho::disposal
