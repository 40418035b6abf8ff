// Switches follow where cases stand: on with the state, off with its end, and never off while another case has the same on.
#include <random>

#include "features/bodies/dates.h"
#include "features/office/test_body.h"

namespace sekisho::office {
namespace {

constexpr const char* kMeasures = R"yaml(format: 1
id: measures
title: 措置
kind: workflow
group: incidents
capabilities: [violation-handling]
clauses: ["12(6)イ(ウ)"]
open: {by: [{post: head}], clauses: ["12(6)イ(ウ)"]}
subject: [why]
fields:
  - {key: why, title: 理由, type: text, required: true}
  - {key: who, title: 人, type: person, edit: [{post: head}]}
  - {key: rule, title: 規則, type: choice, choices: [{key: training, title: 研修}, {key: usage_budget, title: 量}], edit: [{post: head}]}
  - {key: units, title: 部署, type: departments, edit: [{post: head}]}
  - {key: until, title: 終わり, type: date, edit: [{post: head}]}
  - {key: rows, title: 表, type: table, columns: [{key: person, title: 人, type: person}, {key: result, title: 結果, type: text}], edit: [{post: head}]}
states:
  - {key: asked, title: 前, kind: open}
  - {key: stopped, title: 停止, kind: open, switches: [{turn: rights.stopped, with: {person: who}}]}
  - {key: lifted, title: 解除, kind: open, switches: [{turn: rule.lifted, with: {rule: rule, person: who, unit: units, until: until}, if: {field: rule, is: filled}}]}
  - {key: taught, title: 研修, kind: open, switches: [{turn: training.done, with: {person: rows.person, kind: rule}, where: {result: [attended]}}]}
  - {key: over, title: 済み, kind: closed}
  - {key: kept, title: 停止のまま済み, kind: closed, switches: [{turn: rights.stopped, with: {person: who}}]}
transitions:
  - {key: stop, title: 止める, from: [asked], to: stopped, by: [{post: head}], clauses: ["12(6)イ(ウ)"]}
  - {key: lift, title: 解く, from: [asked], to: lifted, by: [{post: head}], clauses: ["12(4)ア"]}
  - {key: teach, title: 教える, from: [asked], to: taught, by: [{post: head}], clauses: ["10(2)エ"]}
  - {key: keep, title: 止めたまま, from: [stopped], to: kept, by: [{post: head}], clauses: ["12(6)イ(ウ)"]}
  - {key: end, title: 終える, from: [stopped, lifted, taught, kept], to: over, by: [{post: head}], clauses: ["12(6)イ(ウ)"]}
list: {columns: [number, why, state]}
)yaml";

class TurningTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto put = define(kMeasures);
    ASSERT_TRUE(put.has_value()) << (put ? "" : put.error().detail);
  }
  Result<ReadVersion> define(const std::string& text) {
    return world_.as(head(), [&](gate::Context& c, const Actor&) { return world_.office().definitions().put(c, text, "試験"); });
  }
  std::string head() { return world_.by_role().at("tokatsu").at(0); }
  std::string person(std::size_t i) { return world_.accounts().at(i); }
  CaseId open(json::Object fields) {
    fields["why"] = "試験";
    return world_.as(head(), [&](gate::Context& c, const Actor& a) { return world_.office().open(c, a, "measures", fields, {}); }).value();
  }
  Case at(const CaseId& id) { return *CaseTable::for_rules(world_.tx(), id).value(); }
  Status move(const CaseId& id, const std::string& transition) {
    return world_.as(head(), [&](gate::Context& c, const Actor& a) { return world_.office().move(c, a, id, {transition, at(id).hash, {}, "", ""}); });
  }
  Status edit(const CaseId& id, const json::Object& fields) {
    return world_.as(head(), [&](gate::Context& c, const Actor& a) { return world_.office().edit(c, a, id, at(id).hash, fields); });
  }
  bool stopped(const std::string& who) { return switches::stopped(world_.tx(), who, world_.now_).value().has_value(); }
  bool lifted(const char* rule, const std::string& who) { return switches::lifted(world_.tx(), rule, who, world_.now_).value(); }

  office::TestBody world_{"city-standards"};
};

TEST_F(TurningTest, RightsNeverComeBackWhileAMeasureHolds) {
  std::mt19937 random(20261126);
  const auto below = [&](std::size_t n) { return static_cast<std::size_t>(random() % n); };
  std::vector<CaseId> cases;
  for (int step = 0; step < 400; ++step) {
    const std::size_t what = below(10);
    if (what < 3 || cases.empty()) {
      cases.push_back(open({{"who", person(below(3))}}));
    } else {
      const CaseId id = cases[below(cases.size())];
      if (what < 5) static_cast<void>(move(id, "stop"));
      else if (what < 7) static_cast<void>(move(id, "end"));
      else if (what == 7) static_cast<void>(move(id, "keep"));
      else if (what == 8) static_cast<void>(edit(id, {{"who", person(below(3))}}));
      else {
        // An account that is put back into use gives no rights back.
        auto account = accounts::Table::find(world_.tx(), accounts::AccountId::trusted(person(below(3)))).value();
        account->enabled = true;
        ASSERT_TRUE(accounts::Table::update(world_.tx(), *account).has_value());
      }
    }
    for (std::size_t i = 0; i < 3; ++i) {
      bool holds = false;
      for (const CaseId& id : cases) {
        const Case c = at(id);
        holds = holds || ((c.state == "stopped" || c.state == "kept") && json::canonical(c.fields.at("who")) == "\"" + person(i) + "\"");
      }
      ASSERT_EQ(stopped(person(i)), holds) << "step " << step;
    }
  }
  EXPECT_GT(world_.hooks_["on rights.stopped"], 20);
  EXPECT_GT(world_.hooks_["off rights.stopped"], 10);
}

TEST_F(TurningTest, AnExceptionLiftsOneRuleForThoseNamedAndEndsByItself) {
  const std::string day = bodies::to_iso_day(jst_date(world_.now_));
  const CaseId id = open({{"who", person(0)}, {"rule", "training"}, {"until", day}});
  EXPECT_FALSE(lifted("training", person(0)));
  ASSERT_TRUE(move(id, "lift").has_value());
  EXPECT_TRUE(lifted("training", person(0)));
  EXPECT_FALSE(lifted("training", person(1)));
  EXPECT_FALSE(lifted("usage_budget", person(0)));
  ASSERT_TRUE(edit(id, {{"rule", "usage_budget"}}).has_value());
  EXPECT_FALSE(lifted("training", person(0)));
  EXPECT_TRUE(lifted("usage_budget", person(0)));
  world_.now_.micros += 86'400'000'000;  // nobody ends it
  EXPECT_FALSE(lifted("usage_budget", person(0)));
  EXPECT_EQ(at(id).state, "lifted");
}

TEST_F(TurningTest, AnExceptionForADepartmentIsForThoseWhoAreAppointedThere) {
  const auto standing = bodies::Table::standing(world_.tx(), bodies::PersonId::trusted(person(0)), world_.now_).value();
  const CaseId id = open({{"units", json::Array{json::Value(standing.units.front().str())}}, {"rule", "training"}, {"until", "2036-01-01"}});
  ASSERT_TRUE(move(id, "lift").has_value());
  EXPECT_TRUE(lifted("training", person(0)));
  ASSERT_TRUE(move(id, "end").has_value());
  EXPECT_FALSE(lifted("training", person(0)));
}

TEST_F(TurningTest, RowsOfATableCountAsTheDefinitionSays) {
  const auto row = [&](std::size_t i, const char* result) { return json::Value(json::Object{{"person", person(i)}, {"result", result}}); };
  const CaseId id = open({{"rule", "training"}, {"rows", json::Array{row(0, "attended"), row(1, "absent")}}});
  ASSERT_TRUE(move(id, "teach").has_value());
  const auto has = [&](std::size_t i) { return switches::Table::of_person(world_.tx(), person(i)).value().size(); };
  EXPECT_EQ(has(0), 1U);
  EXPECT_EQ(has(1), 0U);
  ASSERT_TRUE(edit(id, {{"rows", json::Array{row(0, "attended"), row(1, "attended")}}}).has_value());
  EXPECT_EQ(has(1), 1U);
  EXPECT_EQ(world_.hooks_["on training.done"], 2);  // the first row is the one that was there
  EXPECT_EQ(world_.hooks_["off training.done"], 0);
}

TEST_F(TurningTest, ADefinitionNamesWhatTheProgramKnows) {
  const auto refused = [&](const std::string& from, const std::string& to, const std::string& said) {
    std::string text = kMeasures;
    text.replace(text.find(from), from.size(), to);
    const auto put = define(text);
    ASSERT_FALSE(put.has_value());
    EXPECT_EQ(put.error().key, "office.definition");
    EXPECT_NE(put.error().detail.find(said), std::string::npos) << put.error().detail;
    EXPECT_TRUE(put.error().detail.starts_with("19:") || put.error().detail.starts_with("20:") || put.error().detail.starts_with("21:")) << put.error().detail;
  };
  refused("turn: rights.stopped, with", "turn: moon.landing, with", "スイッチは登録されていません");
  refused("with: {person: who}}]}", "with: {}}]}", "要ります");
  refused("with: {person: who}}]}", "with: {person: why}}]}", "使える種類ではありません");
  refused("with: {person: who}}]}", "with: {person: who, day: until}}]}", "渡せません");
  refused("where: {result: [attended]}", "where: {colour: [attended]}", "列はありません");
  std::string text = kMeasures;
  text.replace(text.find("key: usage_budget"), 17, "key: everything__");
  EXPECT_NE(define(text).error().detail.find("知らないもの"), std::string::npos);
}

}  // namespace
}  // namespace sekisho::office
