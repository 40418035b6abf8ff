#include "text/dictionary.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstring>

#include "core/bytes.h"
#include "core/descriptor.h"
#include "text/utf8.h"

namespace sekisho::text {
namespace {

constexpr std::size_t kNumbers = 10;
constexpr std::size_t kHeaderBytes = kNumbers * 4 + 32;
constexpr std::uint32_t kMagic = 0xef718f77u;
constexpr std::uint32_t kVersion = 102;
constexpr std::size_t kClassNameBytes = 32;
constexpr std::size_t kClassCodePoints = 0xFFFF;

static_assert(sizeof(Entry) == 16);

Unexpected corrupt(const std::string& what) { return fail(Code::corrupt, "text.dictionary", what); }
Unexpected missing(const std::string& path) { return fail(Code::unavailable, "text.dictionary_missing", path + " cannot be read: install mecab-ipadic-utf8"); }

std::uint32_t number_at(std::string_view bytes, std::size_t at) {
  std::uint32_t value;
  std::memcpy(&value, bytes.data() + at, sizeof value);
  return value;
}

bool is_utf8_name(std::string_view name) {
  std::string plain;
  for (const char c : name.substr(0, name.find('\0')))
    if (c != '-' && c != '_') plain.push_back(c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c);
  return plain == "utf8";
}

}  // namespace

Result<std::unique_ptr<const WordFile>> WordFile::open(const std::string& path) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  struct stat info {};
  if (file.get() < 0 || ::fstat(file.get(), &info) != 0) return missing(path);
  const auto size = static_cast<std::size_t>(info.st_size);
  if (size < kHeaderBytes) return corrupt(path + " is too short");
  void* const mapped = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file.get(), 0);
  if (mapped == MAP_FAILED) return missing(path);
  std::unique_ptr<WordFile> out(new WordFile());
  out->bytes_ = {static_cast<const char*>(mapped), size};
  SK_CHECK(out->layout().context(path));
  return std::unique_ptr<const WordFile>(std::move(out));
}

WordFile::~WordFile() { ::munmap(const_cast<char*>(bytes_.data()), bytes_.size()); }

Status WordFile::layout() {
  if ((number_at(bytes_, 0) ^ kMagic) != bytes_.size() || number_at(bytes_, 4) != kVersion) return corrupt("not a dictionary of MeCab 0.99");
  if (!is_utf8_name(bytes_.substr(kNumbers * 4, 32))) return fail(Code::unavailable, "text.dictionary_missing", "the dictionary is not in UTF-8");
  left_ids_ = number_at(bytes_, 16);
  right_ids_ = number_at(bytes_, 20);
  const std::uint64_t trie = number_at(bytes_, 24), entries = number_at(bytes_, 28), features = number_at(bytes_, 32);
  if (kHeaderBytes + trie + entries + features != bytes_.size()) return corrupt("its parts do not add up");
  if (trie % sizeof(Unit) != 0 || entries % sizeof(Entry) != 0 || features == 0 || bytes_.back() != '\0') return corrupt("its parts are cut");
  units_ = trie / sizeof(Unit);
  entry_count_ = static_cast<std::uint32_t>(entries / sizeof(Entry));
  // The header is 72 bytes and a mapping begins at a page: what follows is aligned for its numbers.
  trie_ = reinterpret_cast<const Unit*>(bytes_.data() + kHeaderBytes);
  entries_ = reinterpret_cast<const Entry*>(bytes_.data() + kHeaderBytes + trie);
  features_ = bytes_.data() + kHeaderBytes + trie + entries;
  for (std::uint32_t i = 0; i < entry_count_; ++i) {
    const Entry& e = entries_[i];
    if (e.left >= left_ids_ || e.right >= right_ids_ || e.feature >= features) return corrupt("an entry points outside");
  }
  return ok();
}

WordFile::Place WordFile::step(Place from, char32_t c) const {
  if (c < 0x80) return step(from, static_cast<unsigned char>(c));
  Place here = from;
  const auto tail = [&](unsigned shift) { here = here == 0 ? 0 : step(here, static_cast<unsigned char>(0x80 | (c >> shift & 0x3F))); };
  if (c < 0x800) {
    here = step(here, static_cast<unsigned char>(0xC0 | c >> 6));
  } else if (c < 0x10000) {
    here = step(here, static_cast<unsigned char>(0xE0 | c >> 12));
    tail(6);
  } else {
    here = step(here, static_cast<unsigned char>(0xF0 | c >> 18));
    tail(12);
    tail(6);
  }
  tail(0);
  return here;
}

std::uint32_t WordFile::count(std::int32_t value) const {
  const std::uint32_t first = static_cast<std::uint32_t>(value) >> 8, count = static_cast<std::uint32_t>(value) & 0xFF;
  return first <= entry_count_ && count <= entry_count_ - first ? count : 0;
}

void WordFile::release_pages() const { ::madvise(const_cast<char*>(bytes_.data()), bytes_.size(), MADV_DONTNEED); }

Status Dictionary::read_matrix(const std::string& path) {
  const auto bytes = read_file(path, 64u << 20);
  if (!bytes) return missing(path);
  if (bytes->size() < 4) return corrupt(path + " is too short");
  std::uint16_t sizes[2];  // of right ids (first word), of left ids (second word)
  std::memcpy(sizes, bytes->data(), sizeof sizes);
  const std::size_t cells = std::size_t{sizes[0]} * sizes[1];
  if (bytes->size() != 4 + cells * 2) return corrupt(path + " has another size than it says");
  for (const WordFile* file : {words_.get(), unknown_.get()})
    if (file->right_ids() > sizes[0] || file->left_ids() > sizes[1] || cells == 0) return corrupt(path + " is not of these words");
  right_ids_ = sizes[0];
  matrix_.resize(cells);
  std::memcpy(matrix_.data(), bytes->data() + 4, cells * 2);
  return ok();
}

Status Dictionary::read_classes(const std::string& path) {
  const auto bytes = read_file(path, 1u << 20);
  if (!bytes) return missing(path);
  if (bytes->size() < 4) return corrupt(path + " is too short");
  const std::size_t classes = number_at(*bytes, 0);
  if (classes == 0 || classes > 18 || bytes->size() != 4 + classes * kClassNameBytes + kClassCodePoints * 4) return corrupt(path + " has another size than it says");
  for (std::size_t i = 0; i < classes; ++i) {
    std::string_view name = std::string_view(*bytes).substr(4 + i * kClassNameBytes, kClassNameBytes);
    name = name.substr(0, name.find('\0'));
    WordFile::Place here = unknown_->root();
    for (const char c : name) here = here == 0 ? 0 : unknown_->step(here, static_cast<unsigned char>(c));
    const std::int32_t value = here == 0 ? -1 : unknown_->value(here);
    // Without one, a character that no word has could not be passed.
    if (value < 0 || unknown_->count(value) == 0) return corrupt(path + ": no entry for unknown words of class " + std::string(name));
    unknown_of_.push_back(value);
  }
  classes_.resize(kClassCodePoints);
  std::memcpy(classes_.data(), bytes->data() + 4 + classes * kClassNameBytes, kClassCodePoints * 4);
  for (const CharInfo info : classes_)
    if (info.own() >= classes) return corrupt(path + ": a character of no class");
  return ok();
}

Result<std::unique_ptr<const Dictionary>> Dictionary::open(const std::string& folder) {
  std::unique_ptr<Dictionary> out(new Dictionary());
  SK_TRY(out->words_, WordFile::open(folder + "/sys.dic"));
  SK_TRY(out->unknown_, WordFile::open(folder + "/unk.dic"));
  SK_CHECK(out->read_matrix(folder + "/matrix.bin"));
  SK_CHECK(out->read_classes(folder + "/char.bin"));
  out->first_.resize(0x10000);
  for (char32_t c = 1; c < out->first_.size(); ++c) out->first_[c] = out->words_->step(out->words_->root(), c);
  return std::unique_ptr<const Dictionary>(std::move(out));
}

}  // namespace sekisho::text
