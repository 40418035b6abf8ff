#include "features/bodies/dates.h"
#include "features/office/test_body.h"
#include "features/office/views.h"

namespace sekisho::office {
namespace {

constexpr const char* kRegister = R"yaml(format: 1
id: loans
title: 貸出し
kind: workflow
group: permits
capabilities: [use-permits]
clauses: ["6(8)ア"]
open: {by: [{anyone: true}], clauses: ["6(8)ア"]}
visible: [{post: head}]
subject: [what]
number: {prefix: 貸, yearly: true}
department: unit
fields:
  - {key: what, title: もの, type: text, required: true, index: true}
  - {key: kind, title: 種類, type: choice, index: true, choices: [{key: a, title: 甲}, {key: b, title: 乙}]}
  - {key: unit, title: 課, type: department}
  - {key: parts, title: 中身, type: references, of: loans}
  - {key: own, title: 分類, type: class}
  - {key: whole, title: 全体の分類, type: class, derive: {op: highest, of: parts.whole, with: own}}
states:
  - {key: asked, title: 申請中, kind: waiting}
  - {key: lent, title: 貸出し中, kind: open, deadline: {within: {days: 7}, remind: [{before: {days: 1}, to: [{person: opener}]}], overdue: {to: [{post: head}], say: "{number} 期限切れ"}}}
  - {key: back, title: 返却, kind: closed}
transitions:
  - key: lend
    title: 貸す
    from: [asked]
    to: lent
    by: [{post: head}, {post: manager}]
    separate: [{not: opener, unavoidable: true}]
    clauses: ["6(8)ア"]
    effects: [{run: session.cut, if: {field: kind, equals: b}}]
  - {key: take_back, title: 返す, from: [lent], to: back, by: [{post: head}, {person: opener}], separate: [{not: "mover:lend"}], clauses: ["6(8)ア"]}
list: {columns: [number, what, kind, state, due], filters: [what, kind]}
)yaml";

class OfficeTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto put = world_.as(head(0), [&](gate::Context& c, const Actor&) { return world_.office().definitions().put(c, kRegister, "試験"); });
    ASSERT_TRUE(put.has_value()) << (put ? "" : put.error().detail);
  }
  std::string head(std::size_t i) { return world_.by_role().at("tokatsu").at(i); }
  std::string manager(std::size_t i) { return world_.by_role().at("kanri").at(i); }
  std::string clerk(std::size_t i) { return world_.by_role().at("riyosha").at(i); }
  Result<CaseId> open(const std::string& who, const json::Object& fields) {
    return world_.as(who, [&](gate::Context& c, const Actor& a) { return world_.office().open(c, a, "loans", fields, {}); });
  }
  Status move(const std::string& who, const CaseId& id, const std::string& transition, const std::string& unavoidable = "") {
    const MoveIn in{transition, at(id).hash, {}, "", unavoidable};
    return world_.as(who, [&](gate::Context& c, const Actor& a) { return world_.office().move(c, a, id, in); });
  }
  Case at(const CaseId& id) { return *CaseTable::for_rules(world_.tx(), id).value(); }

  office::TestBody world_{"city-standards"};  // qualified: a test has a member of that name
};

TEST_F(OfficeTest, RefusesOnePersonOnBothSides) {
  const CaseId id = open(head(0), {{"what", "端末"}}).value();
  const Status own = move(head(0), id, "lend");
  ASSERT_FALSE(own.has_value());
  EXPECT_EQ(own.error().key, "office.separation");
  EXPECT_FALSE(own.error().who_can_permit.empty());
  EXPECT_EQ(move(head(0), id, "lend", "ほかに行える人がおらず待てないため").error().key, "office.substitute_exists");
  EXPECT_TRUE(move(head(1), id, "lend").has_value());
  EXPECT_EQ(move(head(1), id, "take_back", "ほかに行える人がおらず待てないため").error().key, "office.separation");  // this rule may not be crossed
  EXPECT_TRUE(move(head(0), id, "take_back").has_value());
}

TEST_F(OfficeTest, TheSchemaRefusesItToo) {
  const CaseId id = open(head(0), {{"what", "端末"}}).value();
  const Case c = at(id);
  Event event;
  event.event = "move";
  event.transition = "lend";
  event.person = head(0);
  ASSERT_TRUE(world_.tx().savepoint().has_value());
  const Status refused = HistoryTable::append(world_.tx(), id, c.version, event);
  EXPECT_TRUE(world_.tx().undo().has_value());
  ASSERT_FALSE(refused.has_value());
  EXPECT_TRUE(refused.error().key.starts_with("sql.")) << refused.error().key;
  event.person = head(1);
  EXPECT_TRUE(HistoryTable::append(world_.tx(), id, c.version, event).has_value());
}

TEST_F(OfficeTest, RecordsAnExceptionWhereNobodyElseCould) {
  // Everybody who could lend is gone but one.
  for (const auto& [role, people] : world_.by_role())
    for (const std::string& account : people)
      if ((role == "tokatsu" || role == "kanri") && account != head(0)) {
        auto found = accounts::Table::find(world_.tx(), accounts::AccountId::trusted(account)).value();
        found->enabled = false;
        ASSERT_TRUE(accounts::Table::update(world_.tx(), *found).has_value());
      }
  const CaseId id = open(head(0), {{"what", "端末"}}).value();
  EXPECT_EQ(move(head(0), id, "lend", "短い").error().key, "office.unavoidable");
  ASSERT_TRUE(move(head(0), id, "lend", "ほかに行える人がおらず待てないため").has_value());
  const auto exceptions = HistoryTable::exceptions(world_.tx(), id).value();
  ASSERT_EQ(exceptions.size(), 1U);
  EXPECT_EQ(exceptions[0].transition, "lend");
}

TEST_F(OfficeTest, ContainersTakeTheHighestClass) {
  const CaseId inner = open(clerk(0), {{"what", "名簿"}, {"own", json::Object{{"c", 2}}}}).value();
  const CaseId outer = open(clerk(0), {{"what", "箱"}, {"own", json::Object{{"c", 1}, {"i", 2}}}, {"parts", json::Array{inner.str()}}}).value();
  EXPECT_EQ(json::canonical(at(outer).fields.at("whole")), R"({"c":2,"i":2})");
  const auto raised = world_.as(clerk(0), [&](gate::Context& c, const Actor& a) { return world_.office().edit(c, a, inner, at(inner).hash, {{"own", json::Object{{"c", 3}}}}); });
  ASSERT_TRUE(raised.has_value()) << raised.error().key;
  EXPECT_EQ(json::canonical(at(outer).fields.at("whole")), R"({"c":3,"i":2})");
}

TEST_F(OfficeTest, TheClockRemindsAndTells) {
  const CaseId id = open(clerk(0), {{"what", "端末"}, {"kind", "b"}}).value();
  ASSERT_TRUE(move(head(0), id, "lend").has_value());
  EXPECT_EQ(world_.hooks_["session.cut"], 1);
  EXPECT_EQ(at(id).due_at->micros, world_.now_.micros + 7 * 86'400'000'000);
  EXPECT_TRUE(HistoryTable::due(world_.tx(), world_.now_, 10).value().empty());
  world_.now_.micros += 6 * 86'400'000'000;
  const auto settle = [&] {
    const auto due = HistoryTable::due(world_.tx(), world_.now_, 10).value();
    for (const Timer& t : due)
      EXPECT_TRUE(world_.as(kProgram, [&](gate::Context& c, const Actor&) { return world_.office().settle(c, t); }).has_value());
  };
  settle();
  EXPECT_EQ(HistoryTable::notices_to(world_.tx(), "account:" + clerk(0), "", 10).value().size(), 1U);
  world_.now_.micros += 2 * 86'400'000'000;
  settle();
  EXPECT_EQ(HistoryTable::notices_to(world_.tx(), "post:tokatsu", "", 10).value().size(), 1U);
  ASSERT_TRUE(move(clerk(0), id, "take_back").has_value());
  EXPECT_TRUE(HistoryTable::due(world_.tx(), {world_.now_.micros * 2}, 10).value().empty());
}

// In digital and koseki sit managers, above them heads of divisions; in nenkin and above it nobody.
TEST_F(OfficeTest, WhatAVacantPostShouldHearGoesUpItsLine) {
  const auto told = [&](const std::string& unit) {
    const json::Object fields{{"what", "誤送信"}, {"kind", "missent"}, {"origin", "staff"}, {"noticed_at", "2026-11-18T01:00:00Z"}, {"unit", world_.unit(unit)}};
    const CaseId id = world_.as(clerk(0), [&](gate::Context& c, const Actor& a) { return world_.office().open(c, a, "incidents", fields, {}); }).value();
    std::set<std::string> roles;
    const auto notices = HistoryTable::notices(world_.tx(), id).value();
    for (const Notice& n : notices) {
      const Addresses to = HistoryTable::told(world_.tx(), n.id).value();
      for (const std::string& address : to) roles.insert(address.substr(5, address.find('|') - 5));
    }
    return roles;
  };
  EXPECT_EQ(told("digital"), std::set<std::string>{"kanri"});
  EXPECT_EQ(told("kurashi"), (std::set<std::string>{"kanri", "sekinin"}));  // no manager there: the head of the division
  EXPECT_EQ(told("nenkin"), (std::set<std::string>{"kanri", "tokatsu"}));   // nor such a head: the head of all
}

TEST_F(OfficeTest, SetsUpTheWorkOfTheYearOnce) {
  const auto run = [&] { return world_.as(kProgram, [&](gate::Context& c, const Actor&) { return world_.office().run_duties(c); }); };
  const auto waits = [&] { return world_.office().duties_wait(world_.tx(), "t", world_.now_).value(); };
  EXPECT_TRUE(waits());
  for (int turn = 0; turn < 20 && waits(); ++turn) ASSERT_TRUE(run().has_value());
  EXPECT_FALSE(waits());  // and then nothing is run, nothing logged
  const auto first = world_.as(head(0), [&](gate::Context& c, const Actor& a) { return Views(world_.office(), c, a).duties({}); }).value();
  ASSERT_TRUE(run().has_value());
  const auto second = world_.as(head(0), [&](gate::Context& c, const Actor& a) { return Views(world_.office(), c, a).duties({}); }).value();
  EXPECT_EQ(first.items.size(), second.items.size());
  EXPECT_GE(first.items.size(), world_.units().size());
  // What waits says by when: the day of the work, or an earlier one of its state.
  int opened = 0;
  for (const DutyView& duty : first.items) {
    if (!duty.id) continue;
    ++opened;
    const auto c = CaseTable::for_rules(world_.tx(), *duty.id).value();
    ASSERT_TRUE(c && c->due_at) << duty.number;
    EXPECT_EQ(c->due_at->micros, bodies::end_of(*bodies::parse_day(duty.due_on)).micros) << duty.number;
  }
  EXPECT_GE(opened, 20);
  // The list says that day, not midnight of the next.
  ListIn inventory;
  inventory.definition = "asset-inventory";
  const auto list = world_.as(head(0), [&](gate::Context& c, const Actor& a) { return Views(world_.office(), c, a).list(inventory); }).value();
  ASSERT_FALSE(list.items.empty());
  const auto due = std::find_if(first.items.begin(), first.items.end(), [&](const DutyView& d) { return d.id == list.items.front().id; });
  ASSERT_NE(due, first.items.end());
  EXPECT_EQ(list.items.front().cells[4].text, to_wareki(*bodies::parse_day(due->due_on)));
}

TEST(ShippedDefinitions, WorkInEveryShippedBody) {
  for (const char* profile : {"city-standards", "city-revised", "village", "association-single", "association-compound"}) {
    office::TestBody world(profile);  // a name that gtest has too
    const auto all = world.office().definitions().in_force(world.tx(), "t").value();
    EXPECT_GT(all.size(), 90u);
    for (const ReadVersion& one : all)
      EXPECT_TRUE(one.loaded->absent || one.loaded->definition.has_value()) << profile << ": " << one.version.name << " " << (one.loaded->findings.empty() ? "" : one.loaded->findings.front().text);
  }
}

}  // namespace
}  // namespace sekisho::office
