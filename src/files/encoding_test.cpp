#include "files/encoding.h"

#include <gtest/gtest.h>

#include "core/bytes.h"
#include "files/extract.h"
#include "files/utf8.h"

namespace sekisho::files {
namespace {

// The same sentences in each encoding; written by Python's codecs in tests/corpus/files/encodings.py.
std::string sample(const std::string& name) {
  auto out = read_file(SK_SOURCE_DIR "/tests/corpus/files/encoding/" + name, 1 << 20);
  EXPECT_TRUE(out.has_value()) << name;
  return out ? *out : std::string{};
}

std::string reencode(std::string_view bytes) {
  const auto guess = detect_encoding(bytes);
  return guess ? std::string(encoding_name(guess->encoding)) : guess.error().key;
}

TEST(Encoding, EveryCp932CharacterDecodesAsWindowsDoes) {
  const Decoded decoded = decode_lossy(sample("cp932_all.bin"), Encoding::cp932);
  EXPECT_EQ(decoded.replaced, 0U);
  EXPECT_EQ(decoded.text, sample("cp932_all.utf8"));
}

TEST(Encoding, EucAndJisAgreeWithCp932OnExtensions) {
  const std::string text = sample("extensions.utf8");
  EXPECT_EQ(decode_lossy(sample("extensions.euc"), Encoding::euc_jp).text, text);
  EXPECT_EQ(decode_lossy(sample("extensions.jis"), Encoding::iso2022_jp).text, text);
  EXPECT_EQ(decode_lossy("\x8F\xB0\xA1", Encoding::euc_jp).text, "丂");  // JIS X 0212
}

TEST(Encoding, DetectsEachWithCertainty) {
  for (const char* kind : {"prose", "table", "names"}) {
    const std::string base = kind;
    for (const auto& [extension, name] : std::initializer_list<std::pair<const char*, const char*>>{{"utf8", "UTF-8"},
                                                                                                    {"utf8bom", "UTF-8"},
                                                                                                    {"utf16le", "UTF-16LE"},
                                                                                                    {"utf16be", "UTF-16BE"},
                                                                                                    {"utf16lebom", "UTF-16LE"},
                                                                                                    {"sjis", "CP932"},
                                                                                                    {"euc", "EUC-JP"},
                                                                                                    {"jis", "ISO-2022-JP"}}) {
      const std::string bytes = sample(base + "." + extension);
      EXPECT_EQ(reencode(bytes), name) << base << "." << extension;
      const auto guess = detect_encoding(bytes);
      EXPECT_TRUE(guess && guess->certain) << base << "." << extension;
      const auto text = decode_strict(bytes, guess->encoding);
      ASSERT_TRUE(text.has_value());
      EXPECT_EQ(*text, sample(base + ".utf8")) << base << "." << extension;
    }
  }
}

TEST(Encoding, SaysWhenItIsNotSure) {
  // Half-width kana alone can be read either way.
  const auto kana = detect_encoding("\xD4\xCF\xC0\xDE");
  ASSERT_TRUE(kana.has_value());
  EXPECT_FALSE(kana->certain);
  const auto accent = detect_encoding("caf\xC3\xA9");
  ASSERT_TRUE(accent.has_value());
  EXPECT_FALSE(accent->certain);
  EXPECT_TRUE(detect_encoding("plain")->certain);
}

TEST(Encoding, RefusesWhatFitsNothing) {
  EXPECT_EQ(reencode("\xFF\xFD\x80\x81\x82"), "files.invalid_encoding");
  EXPECT_EQ(reencode(std::string("a\0b\x01\x02", 5)), "files.invalid_encoding");
  EXPECT_EQ(reencode("\xEF\xBB\xBF\xFF"), "files.invalid_encoding");
  EXPECT_EQ(encoding_from_name("KOI8-R").error().key, "files.unknown_encoding");
  EXPECT_EQ(*encoding_from_name("Shift_JIS"), Encoding::cp932);
}

TEST(Encoding, APersonsChoiceOverridesAndCountsWhatItCannotRead) {
  const std::string bytes = sample("prose.sjis");
  const auto chosen = extract_bytes("a.txt", bytes + "\x81", {"CP932"});
  ASSERT_TRUE(chosen.has_value());
  EXPECT_EQ(chosen->encoding, "CP932");
  EXPECT_EQ(chosen->warnings, std::vector<std::string>{"files.replaced_characters"});
  EXPECT_EQ(extract_bytes("a.txt", bytes, {"UTF-8"}).error().key, "files.invalid_encoding");
}

TEST(Utf8, CleanRemovesWhatDeceivesAndKeepsTheRest) {
  EXPECT_EQ(clean("a\r\nb\rc\x01\x7F\xE2\x80\xAE d\xEF\xBB\xBF\tあ\xC2\x85"), "a\nb\nc d\tあ");
  EXPECT_EQ(trim(" 　あ い　\n"), "あ い");
  EXPECT_EQ(squeeze(" a \n b "), "a b");
  EXPECT_FALSE(valid_utf8("\xED\xA0\x80"));
  EXPECT_FALSE(valid_utf8("\xC0\x80"));
  EXPECT_FALSE(valid_utf8("\xF4\x90\x80\x80"));
  EXPECT_TRUE(valid_utf8("𠮷野家"));
}

}  // namespace
}  // namespace sekisho::files
