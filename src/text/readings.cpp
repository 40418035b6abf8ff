#include "text/readings.h"

#include <algorithm>

#include "text/characters.h"
#include "text/dictionary.h"
#include "text/utf8.h"

namespace sekisho::text {
namespace {

constexpr std::size_t kMinReadingBytes = 9;  // three kana; shorter readings have too many homophones

std::uint32_t hash_of(std::string_view text) {
  std::uint32_t hash = 2166136261u;
  for (const char byte : text) hash = (hash ^ static_cast<unsigned char>(byte)) * 16777619u;
  return hash;
}

std::u32string kanji_of(std::string_view text) {
  std::u32string out;
  for (std::size_t at = 0; at < text.size();) {
    const char32_t c = decode_utf8(text, at);
    if (char_class(c) == CharClass::kanji) out.push_back(c);
  }
  return out;
}

// Whether the letters of `part` stand in `whole` in the same order.
bool is_part(std::u32string_view part, std::u32string_view whole) {
  std::size_t found = 0;
  for (const char32_t c : whole) {
    if (found < part.size() && part[found] == c) ++found;
  }
  return found == part.size();
}

// Words of content in their base form; names of persons have too many readings.
bool is_taken(std::string_view feature) {
  if (feature.starts_with("名詞,")) return feature.find(",人名,") == feature.npos;
  if (feature.starts_with("副詞,")) return true;
  return (feature.starts_with("動詞,") || feature.starts_with("形容詞,")) && feature_field(feature, 5) == "基本形";
}

}  // namespace

Readings Readings::build(std::string_view features) {
  Readings out;
  while (!features.empty()) {
    const std::string_view feature = features.substr(0, features.find('\0'));
    features.remove_prefix(std::min(features.size(), feature.size() + 1));
    if (!is_taken(feature)) continue;
    const std::string_view reading = feature_field(feature, 7), base = feature_field(feature, 6);
    if (reading.size() < kMinReadingBytes || base.empty() || kanji_of(base).empty()) continue;
    const auto at = static_cast<std::uint32_t>(out.text_.size());
    out.by_reading_.push_back({hash_of(reading), at});
    out.by_base_.push_back({hash_of(base), at});
    out.text_.append(base).push_back('\0');
    out.text_.append(reading).push_back('\0');
  }
  std::sort(out.by_reading_.begin(), out.by_reading_.end());
  std::sort(out.by_base_.begin(), out.by_base_.end());
  return out;
}

Readings::Word Readings::word_at(std::uint32_t text_at) const {
  const std::string_view base(text_.data() + text_at);
  return {base, std::string_view(base.data() + base.size() + 1)};
}

std::span<const Readings::Entry> Readings::with_hash(const std::vector<Entry>& entries, std::uint32_t hash) {
  const auto first = std::lower_bound(entries.begin(), entries.end(), Entry{hash, 0});
  auto last = first;
  while (last != entries.end() && last->hash == hash) ++last;
  return {first, last};
}

std::vector<std::string_view> Readings::words(std::string_view katakana) const {
  std::vector<std::string_view> out;
  for (const Entry& entry : with_hash(by_reading_, hash_of(katakana))) {
    const Word word = word_at(entry.text_at);
    if (word.reading != katakana || std::find(out.begin(), out.end(), word.base) != out.end()) continue;
    if (out.size() == kMaxHomophones) return {};
    out.push_back(word.base);
  }
  return out;
}

std::vector<std::string_view> Readings::respellings(std::string_view base) const {
  std::vector<std::string_view> out;
  const std::u32string own = kanji_of(base);
  for (const Entry& mine : with_hash(by_base_, hash_of(base))) {
    const Word word = word_at(mine.text_at);
    if (word.base != base) continue;
    for (const Entry& entry : with_hash(by_reading_, hash_of(word.reading))) {
      const Word other = word_at(entry.text_at);
      if (other.reading != word.reading || other.base == base || std::find(out.begin(), out.end(), other.base) != out.end()) continue;
      const std::u32string kanji = kanji_of(other.base);
      if (!is_part(own, kanji) && !is_part(kanji, own)) continue;
      out.push_back(other.base);
      if (out.size() == kMaxRespellings) return out;
    }
  }
  return out;
}

}  // namespace sekisho::text
