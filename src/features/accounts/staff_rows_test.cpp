#include <gtest/gtest.h>

#include "features/accounts/staff_rows.h"

namespace sekisho::accounts {
namespace {

const StaffWords kWords = {{{"zei", "zei"}, {"税の課", "zei"}, {"fuku", "fuku"}, {"福祉の課", "fuku"}},
                           {{"member", "member"}, {"使う人", "member"}, {"chief", "chief"}, {"長・代理", "chief"}},
                           {{"full", "full"}, {"正規", "full"}},
                           {},
                           {},
                           3};
const std::string kHead = "職員番号,利用者ID,氏名,所属,役割,区分,機密性,発令日,退職日\n";
const Timestamp kNow = bodies::begin_of({2026, 6, 1});
const PlanOptions kToday{{2026, 6, 1}, false, "", kNow};

StaffFile read(const std::string& rows) { return read_staff(kHead + rows, "", kWords).value(); }

KnownPerson person(const std::string& number, const std::string& unit, const std::optional<std::string>& role) {
  return {"id-" + number, "u" + number, "氏名" + number, number, "full", 2, {{unit, role, bodies::begin_of({2025, 4, 1}), std::nullopt, true}}};
}

TEST(StaffRows, NamesAndCodesMeanTheSame) {
  const StaffFile file = read("1,u1,氏名1,税の課,長・代理；使う人,正規,3,2026/4/1,\n2,u2,氏名2,zei,chief;member,full,3,2026-04-01,\n");
  ASSERT_EQ(file.rows.size(), 2u);
  EXPECT_TRUE(file.refused.empty());
  for (const StaffRow& row : file.rows) {
    EXPECT_EQ(row.unit, "zei");
    EXPECT_EQ(row.roles, (std::vector<std::string>{"chief", "member"}));
    EXPECT_EQ(row.category, "full");
    EXPECT_EQ(row.from, (CivilDate{2026, 4, 1}));
  }
  EXPECT_EQ(file.rows[1].line, 3);
}

TEST(StaffRows, EachBadRowIsRefusedWithLineAndReasonAndTheOthersStand) {
  const StaffFile file = read("1,u1,氏名1,税の課,,,,,\n2,U2,氏名2,税の課,,,,,\n3,u3,氏名3,ない課,,,,,\n4,u4,,税の課,,,,,\n5,u5,氏名5,税の課,ない役,,,,\n6,u6,氏名6,税の課,,,4,,\n"
                              "7,u7,氏名7,税の課,,,,2026-02-30,\n8,u8,氏名8,税の課,,,,,,余り\n\n,,,\n9,u9,氏名9,税の課\n");
  ASSERT_EQ(file.rows.size(), 2u);
  EXPECT_EQ(file.rows[1].line, 12);
  std::vector<std::pair<int, std::string>> refused;
  for (const Refusal& r : file.refused) refused.emplace_back(r.line, r.key);
  const std::vector<std::pair<int, std::string>> expected = {{3, "accounts.login"}, {4, "accounts.department"}, {5, "accounts.name"}, {6, "accounts.role"},
                                                             {7, "accounts.clearance"}, {8, "bodies.date"}, {9, "import.cells"}};
  EXPECT_EQ(refused, expected);
}

TEST(StaffRows, AFileWithoutItsColumnsOrRowsIsRefusedAsAWhole) {
  EXPECT_EQ(read_staff("氏名,所属\n山田,税の課\n", "", kWords).error().key, "import.columns");
  EXPECT_EQ(read_staff("職員番号,職員番号,利用者ID,氏名,所属\n", "", kWords).error().key, "import.columns");
  EXPECT_EQ(read_staff(kHead, "", kWords).error().key, "import.empty");
  EXPECT_EQ(read_staff(kHead + "1,u1,氏名,税の課\n", "EBCDIC", kWords).error().key, "files.unknown_encoding");
  EXPECT_EQ(read_staff(kHead + "1,u1,\x83\x40,税の課\n", "UTF-8", kWords).error().key, "import.encoding");
}

TEST(StaffRows, LineEndsAndMarksOfAnySystemAreRead) {
  for (const std::string ends : {"\n", "\r\n", "\r"}) {
    std::string text = "\xEF\xBB\xBF" + kHead + "1,u1,\"氏名,1\",税の課\n";
    for (std::size_t at = text.find('\n'); at != std::string::npos; at = text.find('\n', at + ends.size())) text.replace(at, 1, ends);
    const auto file = read_staff(text, "", kWords);
    ASSERT_TRUE(file.has_value()) << file.error().detail;
    ASSERT_EQ(file->rows.size(), 1u);
    EXPECT_EQ(file->rows[0].name, "氏名,1");
    EXPECT_EQ(file->encoding, "UTF-8");
  }
}

StaffPlan plan(const std::string& rows, const std::vector<KnownPerson>& known, PlanOptions options = kToday) { return plan_staff(read(rows), known, options); }

TEST(StaffPlan, TellsNewChangedMovedAndLeft) {
  const std::vector<KnownPerson> known = {person("1", "zei", "member"), person("2", "zei", "member"), person("3", "zei", "member"), person("4", "zei", "member")};
  const StaffPlan p = plan("1,u1,氏名1,税の課,使う人,,,,\n2,u2,新姓2,税の課,使う人,,,,\n3,u3,氏名3,福祉の課,長・代理,,,2026-07-01,\n4,u4,氏名4,税の課,使う人,,,,2026-06-30\n5,u5,氏名5,税の課,使う人,,,,\n", known);
  EXPECT_EQ(p.same, 1);
  ASSERT_EQ(p.changes.size(), 4u);
  EXPECT_EQ(p.changes[0].shown.kind, StaffChange::changes);
  EXPECT_EQ(p.changes[0].shown.differences.at(0).after, "新姓2");
  EXPECT_FALSE(p.changes[0].posted);
  EXPECT_EQ(p.changes[1].shown.kind, StaffChange::moves);
  EXPECT_EQ(p.changes[1].at, bodies::begin_of({2026, 7, 1}));
  EXPECT_EQ(p.changes[2].shown.kind, StaffChange::leaves);
  EXPECT_EQ(p.changes[2].end, bodies::end_of({2026, 6, 30}));
  EXPECT_EQ(p.changes[3].shown.kind, StaffChange::joins);
  EXPECT_TRUE(p.refused.empty());
}

TEST(StaffPlan, AMoveThatIsAlreadyEnteredIsNoChange) {
  KnownPerson known = person("1", "zei", "member");
  known.posts[0].to = bodies::begin_of({2026, 7, 1});
  known.posts.push_back({"fuku", "chief", bodies::begin_of({2026, 7, 1}), std::nullopt, true});
  EXPECT_TRUE(plan("1,u1,氏名1,福祉の課,長・代理,,,2026-07-01,\n", {known}).changes.empty());
  EXPECT_EQ(plan("1,u1,氏名1,福祉の課,使う人,,,2026-07-01,\n", {known}).changes.size(), 1u);
}

TEST(StaffPlan, WhoIsMissingHasLeftOnlyInACompleteListWithoutRefusedRows) {
  const std::vector<KnownPerson> known = {person("1", "zei", "member"), person("2", "zei", "member"), {"hand", "hand", "手作業", "", "", 2, {}}};
  PlanOptions complete = kToday;
  complete.complete = true;
  EXPECT_TRUE(plan("1,u1,氏名1,税の課,使う人,,,,\n", known).changes.empty());
  const StaffPlan p = plan("1,u1,氏名1,税の課,使う人,,,,\n", known, complete);
  ASSERT_EQ(p.changes.size(), 1u);
  EXPECT_EQ(p.changes[0].person, "id-2");
  EXPECT_EQ(p.changes[0].shown.kind, StaffChange::leaves);
  EXPECT_TRUE(plan("1,u1,氏名1,税の課,使う人,,,,\n2,U2,氏名2,税の課,使う人,,,,\n", known, complete).changes.empty());
}

TEST(StaffPlan, NumbersAndLoginsStandOnceAndStayTheirOwners) {
  const std::vector<KnownPerson> known = {person("1", "zei", "member"), {"hand", "taro", "手作業", "", "", 2, {}}};
  StaffPlan p = plan("7,u7,氏名7,税の課,,,,,\n7,u8,氏名8,税の課,,,,,\n9,u7,氏名9,税の課,,,,,\n8,u1,氏名8,税の課,,,,,\n", known);
  ASSERT_EQ(p.refused.size(), 3u);
  EXPECT_EQ(p.refused[0].key, "import.twice");
  EXPECT_EQ(p.refused[1].key, "import.twice");
  EXPECT_EQ(p.refused[2].key, "accounts.login_taken");
  // An account made by hand gets its number from the list.
  p = plan("5,taro,手作業,税の課,,,,,\n", known);
  ASSERT_EQ(p.changes.size(), 1u);
  EXPECT_EQ(p.changes[0].person, "hand");
}

TEST(StaffPlan, NobodyMovesHimself) {
  PlanOptions options = kToday;
  options.importer = "id-1";
  const StaffPlan p = plan("1,u1,氏名1,福祉の課,長・代理,,,,\n", {person("1", "zei", "member")}, options);
  ASSERT_EQ(p.refused.size(), 1u);
  EXPECT_EQ(p.refused[0].key, "appointments.self");
}

}  // namespace
}  // namespace sekisho::accounts
