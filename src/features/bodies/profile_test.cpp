#include <gtest/gtest.h>

#include <filesystem>

#include "core/bytes.h"
#include "features/bodies/dates.h"
#include "features/bodies/label_view.h"
#include "features/bodies/profile.h"

namespace sekisho::bodies {
namespace {

const std::string kPacks = std::string(SK_SOURCE_DIR) + "/packs";

Vocabulary vocabulary() {
  Vocabulary out;
  const json::Value file = json::parse(read_file(kPacks + "/policy/actions.json", 1 << 20).value()).value();
  for (const auto& rule : file.at("rules").as_object()) {
    const std::string power(std::string_view(rule.value().at("power").as_string()));
    if (!power.empty()) out.powers.insert(power);
    out.permitters.emplace(std::string_view(rule.value().at("who_can_permit").as_string()));
  }
  for (const auto& power : file.at("capacities").as_array()) out.powers.emplace(std::string_view(power.as_string()));
  return out;
}

ProfileFile city() { return json::read_text<ProfileFile>(read_file(kPacks + "/bodies/city-standards.json", 1 << 20).value()).value(); }

std::string mistake(const ProfileFile& file) {
  const Status status = check(file, vocabulary());
  return status ? "none" : status.error().key + " " + status.error().detail;
}

TEST(Profile, EveryShippedProfileIsWithoutMistake) {
  int seen = 0;
  for (const auto& entry : std::filesystem::directory_iterator(kPacks + "/bodies")) {
    if (entry.path().extension() != ".json" || entry.path().filename() == "schema.json") continue;
    const auto file = json::read_text<ProfileFile>(read_file(entry.path().string(), 1 << 20).value());
    ASSERT_TRUE(file.has_value()) << entry.path() << file.error().detail;
    EXPECT_EQ(mistake(*file), "none") << entry.path();
    ++seen;
  }
  EXPECT_GE(seen, 5);
}

TEST(Profile, AMistakeIsToldWithItsPlace) {
  ProfileFile file = city();
  file.roles[3].superior = "nobody";
  EXPECT_EQ(mistake(file), "bodies.profile $.roles[3].superior: no role 'nobody'");
  file = city();
  file.roles[1].powers.push_back("fly");
  EXPECT_NE(mistake(file).find("$.roles[1].powers["), std::string::npos);
  file = city();
  file.units[1].parent = "later";
  EXPECT_EQ(mistake(file), "bodies.profile $.units[1].parent: no unit before it 'later'");
  file = city();
  file.permitters.erase("manager");
  EXPECT_EQ(mistake(file), "bodies.profile $.permitters: 'manager' is missing: who permits it here?");
  file = city();
  file.terms.erase("staff");
  EXPECT_EQ(mistake(file), "bodies.profile $.terms: 'staff' is missing");
  file = city();
  file.segments[0].origins.push_back("moon");
  EXPECT_EQ(mistake(file), "bodies.profile $.segments[0].origins[1]: no segment 'moon'");
}

TEST(Profile, SuperiorsDoNotGoRound) {
  ProfileFile file = city();
  file.roles[0].superior = file.roles[1].code;
  EXPECT_EQ(mistake(file), "bodies.profile $.roles[0].superior: goes round in a circle");
}

TEST(Profile, AFigureForATimeWordNamesWhoDecidedIt) {
  ProfileFile file = city();
  file.time_words[0].minutes = 30;
  EXPECT_EQ(mistake(file).find("bodies.profile $.time_words[0]"), 0u);
  file.time_words[0].decided_by = "x";
  file.time_words[0].decided_on = "2026-02-30";
  EXPECT_EQ(mistake(file), "bodies.profile $.time_words[0].decided_on: a day is written 2026-04-01");
}

TEST(Profile, ABodyWithoutSegmentsIsValid) {
  ProfileFile file = city();
  file.segments.clear();
  EXPECT_EQ(mistake(file), "none");
}

TEST(Profile, ASegmentAlwaysReadsItsOwn) {
  const std::vector<Segment> segments = {{"a", "A", {}, true, 1, {}, {}}, {"b", "B", {"a"}, true, 1, {}, {}}};
  EXPECT_EQ(origins_of(segments, 0), 1u);
  EXPECT_EQ(origins_of(segments, 1), 3u);
}

TEST(Profile, LabelsAreWrittenInTheBodysWords) {
  const ProfileFile file = city();
  policy::Label label;
  label.c = 3;
  label.i = label.a = 1;
  label.segments = 2;
  label.state = policy::State::known;
  const LabelView view = view_of(label, LabelWords{file, {}, "", ""});
  EXPECT_NE(view.text.find(file.confidentiality[2].name), std::string::npos);
  EXPECT_NE(view.text.find(file.segments[1].name), std::string::npos);
  EXPECT_NE(view.reason.find(file.terms.at("staff")), std::string::npos);
}

TEST(Days, AreReadInBothUsualForms) {
  EXPECT_EQ(parse_day("2026-04-01"), (CivilDate{2026, 4, 1}));
  EXPECT_EQ(parse_day("2026/4/1"), (CivilDate{2026, 4, 1}));
  for (const char* wrong : {"", "2026", "2026-13-01", "2026-02-29", "26-04-01", "2026-04-01 ", "2026-4-1-1", "令和8年4月1日"}) EXPECT_FALSE(parse_day(wrong)) << wrong;
}

TEST(Days, BeginAndEndAtMidnightInJapan) {
  EXPECT_EQ(to_rfc3339(begin_of({2026, 4, 1})), "2026-03-31T15:00:00.000000Z");
  EXPECT_EQ(first_day(begin_of({2026, 4, 1})), "2026-04-01");
  EXPECT_EQ(last_day(end_of({2026, 3, 31})), "2026-03-31");
}

}  // namespace
}  // namespace sekisho::bodies
