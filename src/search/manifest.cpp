#include "search/manifest.h"

#include <sys/stat.h>

#include <algorithm>
#include <charconv>

#include "core/bytes.h"
#include "search/checksum.h"

namespace sekisho::search {
namespace {

constexpr std::string_view kMagic = "SKIDX001\n";
constexpr std::size_t kMaxManifestBytes = 16u << 20;
constexpr std::size_t kNameDigits = 16;

std::uint64_t sum_of(std::string_view text) {
  Checksum sum;
  sum.update(text);
  return sum.value();
}

std::string hex(std::uint64_t value) {
  std::string out(kNameDigits, '0');
  for (std::size_t i = kNameDigits; i-- > 0; value >>= 4) out[i] = "0123456789abcdef"[value & 15];
  return out;
}

Unexpected corrupt(std::string detail) { return fail(Code::corrupt, "search.rebuild", "MANIFEST: " + std::move(detail)); }

// Reads "name a b c\n" from the front of the text.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  bool word(std::string_view expected) {
    if (!text_.starts_with(expected)) return false;
    text_.remove_prefix(expected.size());
    return true;
  }
  template <class T>
  bool number(T& value, int base = 10) {
    if (!word(" ")) return false;
    const auto [end, error] = std::from_chars(text_.data(), text_.data() + text_.size(), value, base);
    if (error != std::errc{}) return false;
    text_.remove_prefix(static_cast<std::size_t>(end - text_.data()));
    return true;
  }
  bool line_end() { return word("\n"); }
  std::string_view rest() const { return text_; }

 private:
  std::string_view text_;
};

}  // namespace

std::string print_manifest(const Manifest& manifest) {
  std::string out(kMagic);
  out += "analyser " + hex(manifest.analyser) + "\ncovered " + std::to_string(manifest.covered) + "\nnext " + std::to_string(manifest.next) + "\n";
  for (const SegmentRecord& s : manifest.segments) {
    out += "segment " + std::to_string(s.number) + " " + std::to_string(s.bytes) + " " + std::to_string(s.documents) + " " + hex(s.checksum) + "\n";
  }
  return out + "end " + hex(sum_of(out)) + "\n";
}

Result<Manifest> parse_manifest(std::string_view text) {
  Manifest out;
  Reader reader(text);
  if (!reader.word(kMagic.substr(0, kMagic.size() - 1)) || !reader.line_end()) return corrupt("not of this version");
  if (!reader.word("analyser") || !reader.number(out.analyser, 16) || !reader.line_end()) return corrupt("analyser");
  if (!reader.word("covered") || !reader.number(out.covered) || !reader.line_end()) return corrupt("covered");
  if (!reader.word("next") || !reader.number(out.next) || !reader.line_end()) return corrupt("next");
  while (reader.word("segment")) {
    SegmentRecord s;
    if (!reader.number(s.number) || !reader.number(s.bytes) || !reader.number(s.documents) || !reader.number(s.checksum, 16) || !reader.line_end()) return corrupt("segment");
    if (s.number >= out.next) return corrupt("segment number");
    out.segments.push_back(s);
  }
  const std::uint64_t expected = sum_of(text.substr(0, text.size() - reader.rest().size()));
  std::uint64_t sum = 0;
  if (!reader.word("end") || !reader.number(sum, 16) || !reader.line_end() || !reader.rest().empty()) return corrupt("end");
  if (sum != expected) return corrupt("checksum differs");
  return out;
}

Result<std::optional<Manifest>> load_manifest(const std::string& folder) {
  const std::string path = folder + "/" + std::string(kManifestName);
  struct stat info {};
  if (::stat(path.c_str(), &info) != 0 && errno == ENOENT) return std::optional<Manifest>();
  SK_TRY(const std::string text, read_file(path, kMaxManifestBytes));
  SK_TRY(Manifest manifest, parse_manifest(text));
  return std::optional<Manifest>(std::move(manifest));
}

Status save_manifest(const std::string& folder, const Manifest& manifest) {
  Status saved = write_file(folder + "/" + std::string(kManifestName), print_manifest(manifest));
  if (!saved) return fail(Code::unavailable, "search.io", saved.error().detail);
  return saved;
}

std::string segment_name(std::uint64_t number) { return hex(number) + ".seg"; }

bool is_index_file(std::string_view name) {
  if (name.ends_with(".tmp")) name.remove_suffix(4);
  if (name == kManifestName) return true;
  if (name.size() != kNameDigits + 4 || !name.ends_with(".seg")) return false;
  return std::all_of(name.begin(), name.begin() + kNameDigits, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

}  // namespace sekisho::search
