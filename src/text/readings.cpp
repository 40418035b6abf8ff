#include "text/readings.h"

#include <algorithm>
#include <cstring>

#include "text/characters.h"
#include "text/utf8.h"

namespace sekisho::text {
namespace {

constexpr std::size_t kHeaderBytes = 10 * 4 + 32;
constexpr std::size_t kMinReadingBytes = 9;  // three kana; shorter readings have too many homophones

std::uint32_t reading_hash(std::string_view text) {
  std::uint32_t hash = 2166136261u;
  for (const char byte : text) hash = (hash ^ static_cast<unsigned char>(byte)) * 16777619u;
  return hash;
}

std::uint32_t number_at(std::string_view bytes, std::size_t at) {
  std::uint32_t value;
  std::memcpy(&value, bytes.data() + at, sizeof value);
  return value;
}

std::string_view field(std::string_view feature, int index) {
  for (; index > 0; --index) {
    const std::size_t comma = feature.find(',');
    if (comma == feature.npos) return {};
    feature.remove_prefix(comma + 1);
  }
  return feature.substr(0, feature.find(','));
}

bool has_kanji(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    if (char_class(decode_utf8(text, at)) == CharClass::kanji) return true;
  }
  return false;
}

}  // namespace

Result<Readings> Readings::build(std::string_view sys_dic) {
  if (sys_dic.size() < kHeaderBytes) return fail(Code::corrupt, "text.dictionary", "sys.dic is too short");
  const std::uint64_t start = std::uint64_t{kHeaderBytes} + number_at(sys_dic, 24) + number_at(sys_dic, 28);
  const std::uint64_t size = number_at(sys_dic, 32);
  if (start + size > sys_dic.size()) return fail(Code::corrupt, "text.dictionary", "sys.dic is cut short");
  std::string_view features = sys_dic.substr(start, size);
  Readings out;
  while (!features.empty()) {
    const std::string_view feature = features.substr(0, features.find('\0'));
    features.remove_prefix(std::min(features.size(), feature.size() + 1));
    if (!feature.starts_with("名詞,")) continue;
    const std::string_view reading = field(feature, 7);
    if (reading.size() < kMinReadingBytes) continue;
    const std::string_view base = field(feature, 6);
    if (base.empty() || !has_kanji(base) || feature.find(",人名,") != feature.npos) continue;
    out.entries_.push_back({reading_hash(reading), static_cast<std::uint32_t>(out.text_.size())});
    out.text_.append(base).push_back('\0');
    out.text_.append(reading).push_back('\0');
  }
  std::sort(out.entries_.begin(), out.entries_.end(), [](const Entry& a, const Entry& b) {
    return a.reading_hash != b.reading_hash ? a.reading_hash < b.reading_hash : a.text_at < b.text_at;
  });
  return out;
}

std::vector<std::string_view> Readings::words(std::string_view katakana) const {
  std::vector<std::string_view> out;
  const std::uint32_t hash = reading_hash(katakana);
  auto entry = std::lower_bound(entries_.begin(), entries_.end(), hash, [](const Entry& e, std::uint32_t h) { return e.reading_hash < h; });
  for (; entry != entries_.end() && entry->reading_hash == hash; ++entry) {
    const std::string_view base(text_.data() + entry->text_at);
    const std::string_view reading(base.data() + base.size() + 1);
    if (reading != katakana || std::find(out.begin(), out.end(), base) != out.end()) continue;
    if (out.size() == kMaxHomophones) return {};
    out.push_back(base);
  }
  return out;
}

}  // namespace sekisho::text
