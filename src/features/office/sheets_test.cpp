// The shipped self-inspection on clauses, under every organisation profile: who is asked what, answers, gaps that become measures, the next year's sheet
// after a renumbering, and a sheet that is made anew when words change.
#include "features/office/draft_table.h"
#include "features/office/mail.h"
#include "features/office/sheets.h"
#include "features/office/test_body.h"

namespace sekisho::office {
namespace {

constexpr std::int64_t kYearMicros = std::int64_t{365} * 86'400'000'000;

class Sheets : public ::testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    world_.office().clauses_from([this](gate::Context&) { return Result<std::vector<ClauseRow>>(clauses_); });
    manager_ = world_.by_role().at(world_.profile().permitters.at("manager")).front();
    for (const std::string& one : world_.by_role().at(world_.profile().permitters.at("head")))
      if (one != manager_) head_ = one;
    unit_ = world_.as(manager_, [](gate::Context&, const Actor& a) { return Result<std::string>(a.units.front()); }).value();
    const std::string& code = world_.profile().permitters.at("manager");
    const std::string& top = world_.profile().permitters.at("top");
    clauses_ = {{"d", "v1", "c1", "2(1)", "管理者は、台帳を備える。", "must", "register", {code}}, {"d", "v1", "c2", "2(2)", "職員は、席を離れるとき画面を閉じる。", "must", "check", {"@staff"}},
                {"d", "v1", "c3", "2(3)", "プログラムがする。", "must", "enforce", {"@staff"}},         {"d", "v1", "c4", "2(4)", "最高責任者は、決める。", "must", "check", {top}},
                {"d", "v1", "c5", "2(5)", "職員は、できる。", "may", "check", {"@staff"}}};
    if (top == code) std::erase_if(clauses_, [](const ClauseRow& c) { return c.clause == "c4"; });
  }
  CaseId open() {
    Opened how;
    how.by_itself = true;
    const json::Object fields{{"year", 2026}, {"unit", unit_}};
    const auto made = world_.as(kProgram, [&](gate::Context& c, const Actor&) { return world_.office().open(c, program_actor(), "self-inspections", fields, how); });
    EXPECT_TRUE(made.has_value()) << (made ? "" : made.error().detail);
    return made.value();
  }
  Case at(const CaseId& id) { return *CaseTable::for_rules(world_.tx(), id).value(); }
  json::Array sheet(const CaseId& id) { return at(id).fields.at("sheet").as_array(); }
  std::string cell(const CaseId& id, std::size_t row, const char* key) {
    const json::Array rows = sheet(id);
    const auto it = rows.at(row).as_object().find(key);
    return it == rows.at(row).as_object().end() ? "" : std::string(std::string_view(it->value().as_string()));
  }
  Status answer(const CaseId& id, const json::Array& rows) {
    return world_.as(manager_, [&](gate::Context& c, const Actor& a) { return world_.office().edit(c, a, id, at(id).hash, {{"sheet", rows}}); });
  }
  Status move(const std::string& who, const CaseId& id, const std::string& transition, const json::Object& fields = {}) {
    return world_.as(who, [&](gate::Context& c, const Actor& a) { return world_.office().move(c, a, id, {transition, at(id).hash, fields, "", "ほかに行える人がおらず待てないため"}); });
  }
  static std::string key(const Status& status) { return status ? "" : status.error().key; }

  office::TestBody world_{GetParam()};  // qualified: a test has a member of that name
  std::vector<ClauseRow> clauses_;
  std::string manager_, head_, unit_;
};

TEST_P(Sheets, AskWhatTheDefinitionAsksForAndTurnGapsIntoMeasures) {
  const CaseId id = open();
  // Who is not asked, what the program does itself and what is only allowed is not on it; checks come first.
  ASSERT_EQ(sheet(id).size(), 2U);
  EXPECT_EQ(cell(id, 0, "clause"), "2(2)");
  EXPECT_EQ(cell(id, 1, "clause"), "2(1)");
  EXPECT_EQ(cell(id, 1, "version"), "v1");
  EXPECT_EQ(cell(id, 1, "before"), "");
  // Rows are the program's: none is added, none goes, and its words stay.
  EXPECT_EQ(key(answer(id, {json::Object{{"clause_id", "c9"}, {"answer", "kept"}}})), "office.field");
  ASSERT_TRUE(answer(id, {json::Object{{"clause_id", "c2"}, {"text", "別の言葉"}, {"answer", "kept"}}}).has_value());
  EXPECT_EQ(cell(id, 0, "text"), "職員は、席を離れるとき画面を閉じる。");
  EXPECT_EQ(sheet(id).size(), 2U);
  EXPECT_EQ(key(move(manager_, id, "answer")), "office.guard") << "one is not answered";
  ASSERT_TRUE(answer(id, {json::Object{{"clause_id", "c1"}, {"answer", "broken"}}}).has_value());
  EXPECT_EQ(key(move(manager_, id, "answer")), "office.guard") << "a gap says why";
  ASSERT_TRUE(answer(id, {json::Object{{"clause_id", "c1"}, {"answer", "broken"}, {"comment", "古いままです。"}, {"evidence", "台帳の写し（11月1日）"}}}).has_value());
  const Status moved = move(manager_, id, "answer");
  ASSERT_TRUE(moved.has_value()) << moved.error().key << moved.error().detail;
  const json::Object gap = at(id).fields.at("failed").as_array().at(0).as_object();
  EXPECT_EQ(gap.at("clause"), json::Value("2(1)"));
  EXPECT_EQ(gap.at("what"), json::Value("管理者は、台帳を備える。"));
  EXPECT_EQ(gap.at("why"), json::Value("古いままです。"));
  EXPECT_EQ(gap.at("evidence"), json::Value("台帳の写し（11月1日）"));
  json::Object measured = gap;
  EXPECT_EQ(key(move(head_, id, "report", {{"comment", "おおむね守られている。"}})), "office.guard") << "no measure yet";
  measured["measure"] = "台帳を直す。";
  const Status reported = move(head_, id, "report", {{"comment", "おおむね守られている。"}, {"failed", json::Array{measured}}});
  EXPECT_TRUE(reported.has_value()) << reported.error().key << reported.error().detail;
  const auto totals = sheet_totals(world_.tx(), world_.office().definitions(), "t", "self-inspections", {0}, {world_.now_.micros + kYearMicros}).value();
  EXPECT_EQ(totals.cases, 1);
  EXPECT_EQ(totals.good, 1);
  EXPECT_EQ(totals.gaps, 1);
  EXPECT_TRUE(totals.newest.has_value());
}

TEST_P(Sheets, FollowARenumberingAndForgetAnswersToOtherWords) {
  const CaseId before = open();
  ASSERT_TRUE(answer(before, {json::Object{{"clause_id", "c2"}, {"answer", "partly"}, {"comment", "窓口だけ"}}}).has_value());
  world_.now_.micros += kYearMicros;
  for (ClauseRow& c : clauses_) {
    c.version = "v2";
    c.label = "5" + c.label;
  }
  const CaseId id = open();
  EXPECT_EQ(cell(id, 0, "clause"), "52(2)");
  EXPECT_EQ(cell(id, 0, "clause_id"), "c2");
  EXPECT_EQ(cell(id, 0, "before"), "一部");
  ASSERT_TRUE(answer(id, {json::Object{{"clause_id", "c2"}, {"answer", "kept"}, {"comment", "直した"}}, json::Object{{"clause_id", "c1"}, {"answer", "kept"}}}).has_value());
  clauses_[1].text = "職員は、席を離れるとき画面と書類を片付ける。";
  const Status renewed = move(manager_, id, "renew");
  ASSERT_TRUE(renewed.has_value()) << renewed.error().key << renewed.error().detail;
  EXPECT_EQ(cell(id, 0, "answer"), "") << "it was an answer to other words";
  EXPECT_EQ(cell(id, 0, "comment"), "直した");
  EXPECT_EQ(cell(id, 1, "answer"), "kept");
}

// Where nothing is confirmed, the questions of the definition itself are asked, as before.
TEST_P(Sheets, WithoutConfirmedClausesTheDefinitionsOwnPointsAreAsked) {
  clauses_.clear();
  const CaseId id = open();
  EXPECT_FALSE(at(id).fields.contains("sheet"));
  EXPECT_EQ(key(move(manager_, id, "answer")), "office.guard");
  json::Object points;
  const auto version = world_.office().definitions().in_force(world_.tx(), "t", "self-inspections").value();
  for (const workflow::Item& item : *version.loaded->definition->field("points")->items) points[item.key] = json::Object{{"done", true}};
  const Status moved = move(manager_, id, "answer", {{"points", points}});
  EXPECT_TRUE(moved.has_value()) << moved.error().key << moved.error().detail;
}

INSTANTIATE_TEST_SUITE_P(Profiles, Sheets, ::testing::Values("city-standards", "city-revised", "village", "association-single", "association-compound"),
                         [](const auto& profile) {
                           std::string name = profile.param;
                           std::erase(name, '-');
                           return name;
                         });

TEST(Mail, TakesAddressesThatCannotBecomeAnything) {
  for (const char* good : {"a@b", "taro.yamada@city.example.lg.jp", "t+x@example.jp"}) EXPECT_TRUE(good_address(good)) << good;
  for (const char* bad : {"", "a", "@b", "a@", "a b@c", "a@b\r\nBcc: x@y", "a@b,c@d", "<a@b>", "\"a\"@b", "a..b@c", ".a@b", "-a@b", "a@-b", "a@b..c", "あ@b", "a@b c"}) EXPECT_FALSE(good_address(bad)) << bad;
  EXPECT_FALSE(good_address(std::string(65, 'a') + "@b"));
  EXPECT_FALSE(good_address("a@" + std::string(300, 'b')));
}

TEST(Mail, IsTriedLaterAndLaterAndGivenUp) {
  Letter letter;
  letter.state = "waiting";
  Timestamp now{1'000'000};
  for (const std::int64_t minutes : kWaitsMinutes) {
    letter = after_try(letter, "452 no room", false, now);
    EXPECT_EQ(letter.state, "waiting");
    EXPECT_EQ(letter.next_at.micros - now.micros, minutes * 60'000'000);
    now = letter.next_at;
  }
  EXPECT_EQ(after_try(letter, "452 no room", false, now).state, "failed");
  Letter fresh;
  fresh.state = "waiting";
  EXPECT_EQ(after_try(fresh, "550 nobody", true, now).state, "failed");
  EXPECT_EQ(after_try(fresh, std::nullopt, false, now).state, "sent");
}

TEST(Drafts, AreKnownByALineOrASentence) {
  const std::string draft = "【何が起きたか】\n書類を置き忘れました。窓口で見つかっています。\n【原因】\n（未記入）";
  EXPECT_TRUE(began_as("概要。窓口で見つかっています。以上", draft));
  EXPECT_TRUE(began_as(draft, draft));
  EXPECT_FALSE(began_as("自分で書いた文です。別のことを書いています。", draft));
  EXPECT_FALSE(began_as("（未記入）", draft)) << "too short to say where it comes from";
  EXPECT_FALSE(began_as("", draft));
  EXPECT_FALSE(began_as("何か", ""));
}

}  // namespace
}  // namespace sekisho::office
