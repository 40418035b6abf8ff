#include "features/disposal/rules.h"

#include <gtest/gtest.h>

#include <regex>
#include <set>
#include <sstream>

#include "features/disposal/erase_table.h"
#include "sql/test_migrations.h"

namespace sekisho::disposal {
namespace {

Timestamp day(const char* text) { return json::parse_rfc3339(std::string(text) + "T00:00:00+09:00").value(); }

TEST(DisposalRules, WithoutARuleTheLogKeepsOneWholeMonth) {
  const Kept kept_now = kept({}, "2026-11/content", day("2026-12-31")).value();
  EXPECT_TRUE(kept_now.stays);
  EXPECT_EQ(kept_now.ground, "retention");
  EXPECT_EQ(kept_now.until, day("2027-01-01"));
  EXPECT_FALSE(kept({}, "2026-11/content", day("2027-01-01"))->stays);
}

TEST(DisposalRules, ARuleOfItsKindBinds) {
  const Keeping keeping{{{"content", {"content", 12, "統括", {0}}}}, {}};
  EXPECT_EQ(kept(keeping, "2026-11/content", day("2027-06-01"))->until, day("2027-12-01"));
  EXPECT_FALSE(kept(keeping, "2026-11/access", day("2027-06-01"))->stays);
}

TEST(DisposalRules, AHoldBindsWhateverItsAge) {
  retention::Hold hold;
  hold.kind = "content";
  hold.to_month = "2026-11";
  const Keeping keeping{{}, {hold}};
  const Kept held = kept(keeping, "2026-10/content", day("2030-01-01")).value();
  EXPECT_TRUE(held.stays);
  EXPECT_EQ(held.ground, "hold");
  EXPECT_FALSE(held.until.has_value());
  EXPECT_FALSE(kept(keeping, "2026-12/content", day("2030-01-01"))->stays);
}

TEST(DisposalRules, RemainingIsSummedByGroundAndDay) {
  std::vector<Remaining> list;
  const Kept a{true, day("2027-01-01"), "retention"}, b{true, std::nullopt, "hold"};
  for (int i = 0; i < 3; ++i) add_remaining(list, "log_payload", a, 1);
  add_remaining(list, "log_payload", b, 2);
  ASSERT_EQ(list.size(), 2u);
  EXPECT_EQ(list[0].count, 3);
  EXPECT_EQ(look_again(list, day("2026-12-30")), day("2026-12-31")) << "a hold is looked at every day";
  list.pop_back();
  EXPECT_EQ(look_again(list, day("2026-12-30")), day("2027-01-01"));
  EXPECT_FALSE(look_again({{"decision", 1, std::nullopt, "decision_record"}}, day("2026-12-30")).has_value());
}

TEST(DisposalRules, TheListIsBoundByItsContent) {
  const std::vector<Item> items{{"document", "A", "00", "l"}};
  EXPECT_EQ(hash_of(items).size(), 64u);
  EXPECT_NE(hash_of(items), hash_of({{"document", "B", "00", "l"}}));
  EXPECT_NE(hash_of(items), hash_of({{"document", "A", "01", "l"}}));
  EXPECT_NE(hash_of(items), hash_of({}));
}

// A table that nobody thought of here would keep what it holds of a person for ever.
TEST(DisposalStores, EveryTableOfTheSchemaHasItsTreatment) {
  std::set<std::string> schema;
  for (const sql::Migration& step : sql::all_migrations()) {
    std::istringstream in{std::string(step.text)};
    for (std::string line; std::getline(in, line);) {
      std::smatch match;
      if (std::regex_search(line, match, std::regex("^CREATE TABLE (\\w+)"))) schema.insert(match[1]);
      if (std::regex_search(line, match, std::regex("^DROP TABLE (\\w+)"))) schema.erase(match[1]);
      if (std::regex_search(line, match, std::regex("^ALTER TABLE (\\w+) RENAME TO (\\w+)"))) {
        schema.erase(match[1]);
        schema.insert(match[2]);
      }
    }
  }
  std::set<std::string> treated;
  for (const TableTreatment& t : treatments()) EXPECT_TRUE(treated.insert(std::string(t.table)).second) << t.table;
  EXPECT_EQ(treated, schema);
}

}  // namespace
}  // namespace sekisho::disposal
