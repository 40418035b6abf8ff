#include "features/backup/format.h"

#include <gtest/gtest.h>

#include "crypto/random.h"
#include "features/backup/store.h"

namespace sekisho::backup {
namespace {

TEST(BackupFormat, NamesOfSetsAreTheirTimesInOrder) {
  const Timestamp at = json::parse_rfc3339("2026-11-26T03:15:00.000004Z").value();
  EXPECT_EQ(set_name(at, "full"), "20261126T031500.000004Z-full.set");
  EXPECT_EQ(parse_set_name(set_name(at, "tick")).value().at, at);
  EXPECT_LT(set_name(at, "tick"), set_name({at.micros + 1}, "full"));
  for (const char* wrong : {"", "x.set", "20261126T031500.000004Z-other.set", "20261126T031500.000004Z-full.set.tmp", "20261326T031500.000004Z-full.set", "20261126T031500.00000Z-full.set"})
    EXPECT_FALSE(parse_set_name(wrong).has_value()) << wrong;
}

TEST(BackupFormat, AMinuteIsMeantToItsEnd) {
  EXPECT_EQ(to_rfc3339(parse_moment("2026-11-26T12:34").value()), "2026-11-26T03:34:59.999999Z");
  EXPECT_EQ(to_rfc3339(parse_moment("2026-11-26 12:34").value()), "2026-11-26T03:34:59.999999Z");
  EXPECT_EQ(to_rfc3339(parse_moment("2026-11-26T12:34:56").value()), "2026-11-26T03:34:56.999999Z");
  EXPECT_EQ(to_rfc3339(parse_moment("2026-11-26T03:34:00Z").value()), "2026-11-26T03:34:00.000000Z");
  for (const char* wrong : {"", "12:34", "2026-11-26", "2026-11-26T25:00", "2026-02-30T10:00", "2026-11-26T12:34x"}) EXPECT_EQ(parse_moment(wrong).error().key, "backup.moment") << wrong;
}

TEST(BackupFormat, AKeyIsReadAsItWasWrittenDown) {
  const std::string key = crypto::random_bytes(32);
  std::string text = key_text(key);
  EXPECT_EQ(parse_key_text(text).value(), key);
  for (char& c : text) c = c == '-' ? ' ' : static_cast<char>(std::tolower(c));
  EXPECT_EQ(parse_key_text("  " + text + "\n").value(), key);
  text[3] = text[3] == 'a' ? 'b' : 'a';
  EXPECT_EQ(parse_key_text(text).error().key, "backup.key") << "a slip of the pen is noticed";
  EXPECT_FALSE(parse_key_text("").has_value());
  EXPECT_FALSE(parse_key_text(key_text(key) + "A").has_value());
}

TEST(BackupFormat, PathsStayBelowTheirFolder) {
  for (const char* good : {"a", "stops/service.json", "a/b/c..d"}) EXPECT_TRUE(safe_path(good)) << good;
  for (const char* bad : {"", "/etc/passwd", "..", "../x", "a/../../x", "a//b", "./a", "a/"}) EXPECT_FALSE(safe_path(bad)) << bad;
}

TEST(BackupFormat, ListsAreReadBackOrRefused) {
  const std::vector<ChunkId> ids(3, ChunkId{7});
  EXPECT_EQ(decode_ids(encode_ids(ids)).value(), ids);
  for (const std::size_t size : {std::size_t{0}, std::size_t{31}, std::size_t{33}, (kListed + 1) * 32}) EXPECT_EQ(decode_ids(std::string(size, 'x')).error().key, "backup.corrupt");
  const std::string id(32, 'a');
  const FileEntry one{id, 5, {std::string(64, 'b')}};
  EXPECT_EQ(decode_group(encode_group({one})).value().at(0).path, id);
  for (const FileEntry& wrong : {FileEntry{"../x", 5, {std::string(64, 'b')}}, FileEntry{id, -1, {}}, FileEntry{id, 5, {}}, FileEntry{id, 5, {"zz"}}})
    EXPECT_EQ(decode_group(encode_group({wrong})).error().key, "backup.corrupt");
}

constexpr std::int64_t kDay = 86'400'000'000;

TEST(BackupKeeping, OldOnesGoAndTheNewestStays) {
  const auto at = [](std::int64_t day) { return Timestamp{day * kDay}; };
  const std::vector<SetInfo> sets = {{"a", at(0), "full"}, {"b", at(30), "tick"}, {"c", at(31), "full"}, {"d", at(38), "tick"}, {"e", at(39), "tick"}};
  EXPECT_EQ(over(sets, {35, 7, {}}, at(40)), (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(over(sets, {35, 7, {}}, at(400)), (std::vector<std::string>{"a", "b", "c", "d"})) << "the newest is never over";
  EXPECT_EQ(over(sets, {35, 7, at(39)}, at(40)), (std::vector<std::string>{"a", "b", "c", "d"}));
  EXPECT_TRUE(over({}, {35, 7, {}}, at(40)).empty());
}

}  // namespace
}  // namespace sekisho::backup
