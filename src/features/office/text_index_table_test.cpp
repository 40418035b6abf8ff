#include "features/office/text_index_table.h"

#include <random>

#include "features/office/test_body.h"
#include "features/office/views.h"

namespace sekisho::office {
namespace {

class TextIndexTest : public ::testing::Test {
 protected:
  void SetUp() override {
    // A case for the rows to hang on.
    const std::string who = world_.by_role().at("riyosha").at(0);
    const auto made = world_.as(who, [&](gate::Context& c, const Actor& a) { return world_.office().open(c, a, "assets", {{"name", "原簿"}, {"kind", "paper"}, {"unit", world_.units()[0]}}, {}); });
    ASSERT_TRUE(made.has_value()) << made.error().key << made.error().detail;
    model_ = *CaseTable::for_rules(world_.tx(), *made).value();
  }
  CaseId put(int i, const std::string& words) {
    Case c = model_;
    c.id = CaseId::make({world_.now_.micros + i * 1000LL}, crypto::random_bytes(10));
    c.definition = "texts";
    c.number = std::to_string(i);
    EXPECT_TRUE(CaseTable::insert(world_.tx(), c, words).has_value());
    return c.id;
  }
  std::vector<CaseId> found(const std::string& asked, const std::string& before = "~", std::size_t most = 1'000'000) {
    std::vector<CaseId> out;
    const Status done = TextIndex::find(world_.tx(), "texts", asked, before, [&](const CaseId& id) -> Result<bool> {
      out.push_back(id);
      return out.size() < most;
    });
    EXPECT_TRUE(done.has_value());
    return out;
  }

  office::TestBody world_{"city-standards"};
  Case model_;
};

// Against looking at every text, over blocks, waiting texts, and texts that changed after they were in a block.
TEST_F(TextIndexTest, FindsWhatLookingAtEveryTextFinds) {
  std::mt19937 random(5);
  const std::vector<std::string> characters{"支", "所", "端", "末", "ー", "1", "2", "9", "a", "z", "%", "_", "\\", "𠮷", " "};
  const auto text = [&](std::size_t size) {
    std::string out;
    for (std::size_t i = 0; i < size; ++i) out += characters[random() % characters.size()];
    return out;
  };
  std::map<CaseId, std::string> all;
  std::vector<CaseId> order;
  for (int i = 0; i < TextIndex::kBlock * 2 + 300; ++i) {
    const std::string words = text(random() % 12);
    order.push_back(put(i, words));
    all[order.back()] = words;
  }
  for (int i = 0; i < 700; ++i) {
    const CaseId id = order[random() % order.size()];
    all[id] = text(random() % 12);
    ASSERT_TRUE(TextIndex::put(world_.tx(), id, "texts", all[id]).has_value());
  }
  for (int i = 0; i < 120; ++i) {
    const std::string asked = text(1 + random() % 4);
    std::vector<CaseId> expected;
    if (asked.find_first_not_of(' ') != std::string::npos)
      for (auto it = all.rbegin(); it != all.rend(); ++it)
        if (TextIndex::has_all(it->second, asked)) expected.push_back(it->first);
    EXPECT_EQ(found(asked), expected) << asked;
    if (expected.size() > 20) {
      EXPECT_EQ(found(asked, expected[9].str(), 5), std::vector<CaseId>(expected.begin() + 10, expected.begin() + 15)) << asked;
    }
  }
}

TEST_F(TextIndexTest, EveryWordIsAskedFor) {
  const CaseId both = put(1, "本庁 の 端末 貸出し");
  put(2, "本庁の台帳");
  EXPECT_EQ(found("端末 本庁"), std::vector<CaseId>{both});
  EXPECT_TRUE(found(" ").empty());
  EXPECT_TRUE(found("").empty());
}

// Whoever reads more than is looked at one by one, and none of these: neither a row nor a place to go on from.
TEST_F(TextIndexTest, NothingTellsOfCasesThatOneMayNotRead) {
  const std::string manager = world_.by_role().at("kanri").at(0);
  for (int i = 0; i < 4500; ++i) {
    Case c = model_;
    c.id = CaseId::make({world_.now_.micros + i * 1000LL}, crypto::random_bytes(10));
    c.number = "資" + std::to_string(i + 100);
    ASSERT_TRUE(CaseTable::insert(world_.tx(), c, i < 2100 ? "公用車の鍵" : "懲戒の記録").has_value());
    ASSERT_TRUE(CaseTable::put_access(world_.tx(), c, {i < 2100 ? "account:" + manager : std::string("post:tokatsu")}, {}).has_value());
  }
  const auto list = [&](const std::string& words) {
    ListIn in;
    in.definition = "assets";
    in.words = words;
    return world_.as(manager, [&](gate::Context& c, const Actor& a) { return Views(world_.office(), c, a).list(in); });
  };
  const auto hidden = list("懲戒");
  ASSERT_TRUE(hidden.has_value());
  EXPECT_TRUE(hidden->items.empty());
  EXPECT_FALSE(hidden->next.has_value());
  const auto own = list("公用車");
  ASSERT_TRUE(own.has_value());
  EXPECT_EQ(own->items.size(), 50U);
}

}  // namespace
}  // namespace sekisho::office
