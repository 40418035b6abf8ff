#include "text/dictionary.h"

#include <algorithm>
#include <cstring>

#include "text/normalise.h"
#include "text/utf8.h"

namespace sekisho::text {
namespace {

constexpr std::size_t kHeaderBytes = 72;
constexpr std::size_t kCharsetAt = 40;
constexpr std::uint32_t kMagic = 0xEF718F77;  // exclusive or the size of the file
constexpr std::size_t kCategoryBytes = 32;
constexpr std::size_t kCharacters = 0xFFFF;

std::uint32_t number_at(std::string_view bytes, std::size_t at) {
  std::uint32_t value = 0;
  std::memcpy(&value, bytes.data() + at, sizeof value);
  return value;
}

Unexpected damaged(const std::string& path) { return fail(Code::corrupt, "text.dictionary", path + " is not a compiled MeCab dictionary, or damaged"); }

Result<MappedFile> open_file(const std::string& path) {
  auto file = MappedFile::open(path);
  if (!file) return fail(Code::unavailable, "text.dictionary_missing", path + " cannot be read: install mecab-ipadic-utf8");
  return file;
}

// `count` records that begin at `at`. The files hold nothing but aligned integers and text.
template <class T>
std::span<const T> records(std::string_view bytes, std::size_t at, std::size_t count) {
  return {reinterpret_cast<const T*>(bytes.data() + at), count};
}

}  // namespace

std::string_view feature_field(std::string_view feature, int index) {
  for (; index > 0; --index) {
    const std::size_t comma = feature.find(',');
    if (comma == feature.npos) return {};
    feature.remove_prefix(comma + 1);
  }
  return feature.substr(0, feature.find(','));
}

std::uint32_t Dictionary::Words::follow_all(std::string_view word) const {
  auto at = static_cast<std::uint32_t>(units[0].base);
  for (const char c : word)
    if (at != kNowhere) at = follow(at, static_cast<unsigned char>(c));
  return at;
}

Result<Dictionary::Words> Dictionary::open_words(const std::string& path) {
  Words out;
  SK_TRY(out.file, open_file(path));
  const std::string_view bytes = out.file.bytes();
  if (bytes.size() < kHeaderBytes || (number_at(bytes, 0) ^ kMagic) != bytes.size()) return damaged(path);
  const std::size_t units = number_at(bytes, 24), entries = number_at(bytes, 28), features = number_at(bytes, 32);
  if (units < sizeof(Unit) || units % sizeof(Unit) != 0 || entries % sizeof(DictionaryEntry) != 0) return damaged(path);
  if (kHeaderBytes + units + entries + features != bytes.size() || features == 0 || bytes.back() != '\0') return damaged(path);
  std::string_view charset = bytes.substr(kCharsetAt, kHeaderBytes - kCharsetAt);
  charset = charset.substr(0, charset.find('\0'));
  if (const std::string name = normalise(charset); name != "utf-8" && name != "utf8")
    return fail(Code::unavailable, "text.dictionary_missing", path + " is not in UTF-8");
  out.units = records<Unit>(bytes, kHeaderBytes, units / sizeof(Unit));
  out.entries = records<DictionaryEntry>(bytes, kHeaderBytes + units, entries / sizeof(DictionaryEntry));
  out.features = bytes.substr(kHeaderBytes + units + entries);
  return out;
}

Status Dictionary::open_costs(const std::string& path) {
  SK_TRY(costs_file_, open_file(path));
  const std::string_view bytes = costs_file_.bytes();
  if (bytes.size() < 4) return damaged(path);
  rights_ = number_at(bytes, 0) & 0xFFFF;
  lefts_ = number_at(bytes, 0) >> 16;
  if (rights_ == 0 || lefts_ == 0 || bytes.size() != 4 + rights_ * lefts_ * sizeof(std::int16_t)) return damaged(path);
  costs_ = records<std::int16_t>(bytes, 4, rights_ * lefts_).data();
  return ok();
}

Status Dictionary::open_characters(const std::string& path) {
  SK_TRY(characters_file_, open_file(path));
  const std::string_view bytes = characters_file_.bytes();
  if (bytes.size() < 4) return damaged(path);
  const std::size_t categories = number_at(bytes, 0);
  if (categories == 0 || categories > unknown_entries_.size() || bytes.size() != 4 + categories * kCategoryBytes + kCharacters * sizeof(CharacterKind))
    return damaged(path);
  characters_ = records<CharacterKind>(bytes, 4 + categories * kCategoryBytes, kCharacters);
  for (std::size_t i = 0; i < categories; ++i) {
    std::string_view name = bytes.substr(4 + i * kCategoryBytes, kCategoryBytes);
    name = name.substr(0, name.find('\0'));
    unknown_entries_[i] = unknown_.entries_at(unknown_.follow_all(name));
    if (unknown_entries_[i].empty()) return damaged(path);
  }
  // Every character makes an unknown word of some kind: without it a sentence could have no end.
  const auto has_words = [&](CharacterKind kind) { return kind.first_kind < categories; };
  return std::all_of(characters_.begin(), characters_.end(), has_words) ? ok() : Status(damaged(path));
}

Status Dictionary::check_entries() const {
  for (const Words* words : {&words_, &unknown_}) {
    const auto sound = [&](const DictionaryEntry& entry) { return entry.left < lefts_ && entry.right < rights_ && entry.feature < words->features.size(); };
    if (!std::all_of(words->entries.begin(), words->entries.end(), sound)) return damaged(words == &words_ ? "sys.dic" : "unk.dic");
  }
  return ok();
}

Result<std::unique_ptr<const Dictionary>> Dictionary::open(const std::string& folder) {
  auto out = std::make_unique<Dictionary>();
  SK_TRY(out->words_, open_words(folder + "/sys.dic"));
  SK_TRY(out->unknown_, open_words(folder + "/unk.dic"));
  SK_CHECK(out->open_costs(folder + "/matrix.bin"));
  SK_CHECK(out->open_characters(folder + "/char.bin"));
  SK_CHECK(out->check_entries());
  return std::unique_ptr<const Dictionary>(std::move(out));
}

std::uint32_t Dictionary::after_first(char32_t c) const {
  const auto look_up = [&] {
    std::string bytes;
    append_utf8(bytes, c);
    return words_.follow_all(bytes);
  };
  if (c >= after_first_.size()) return look_up();
  std::atomic<std::uint32_t>& known = after_first_[c];
  std::uint32_t base = known.load(std::memory_order_relaxed);
  if (base == 0) known.store(base = look_up(), std::memory_order_relaxed);
  return base;
}

void Dictionary::find_words(std::u32string_view text, Buffers& buffers, std::vector<Match>& out) const {
  out.clear();
  auto& [bytes, walks] = buffers;
  bytes.clear();
  walks.clear();
  for (std::uint32_t i = 0; i < text.size(); ++i) {
    append_utf8(bytes, text[i]);
    const std::uint32_t base = after_first(text[i]);
    if (base == Words::kNowhere) continue;
    walks.push_back({base, static_cast<std::uint32_t>(bytes.size()), i, i + 1});
    words_.fetch(base);
  }
  const auto byte_at = [text = bytes.c_str()](std::uint32_t at) { return static_cast<unsigned char>(text[at]); };
  while (!walks.empty()) {
    std::size_t kept = 0;
    for (Buffers::Walk walk : walks) {
      const unsigned char byte = byte_at(walk.at);
      if ((byte & 0xC0) != 0x80) {
        if (const auto entries = words_.entries_at(walk.base); !entries.empty()) {
          __builtin_prefetch(entries.data());
          out.push_back({entries, walk.begin, walk.end});
        }
        if (walk.at == bytes.size()) continue;
        ++walk.end;
      }
      walk.base = words_.follow(walk.base, byte);
      if (walk.base == Words::kNowhere) continue;
      ++walk.at;
      words_.fetch(walk.base);
      words_.fetch(std::uint64_t{walk.base} + byte_at(walk.at) + 1);
      walks[kept++] = walk;
    }
    walks.resize(kept);
  }
}

}  // namespace sekisho::text
