#include <gtest/gtest.h>

#include "features/coverage/matrix.h"

namespace sekisho::coverage {
namespace {

constexpr std::int64_t kDay = 86'400'000'000;

const Known kKnown{{"lockout", "clock"}, {"approvals", "reviews"}, {"head", "manager"}};

std::string control(const std::string& more) {
  return R"({"title":"題","capabilities":["auth-lockout"],"clause":"11(2)ウ","responsible":"head","mend":"直す",)" + more + "}";
}
std::string catalogue(const std::string& controls) { return "{\"version\":\"1\",\n\"controls\":[\n" + controls + "]}"; }
std::string good() { return control(R"("id":"lockout","kind":"enforced","probe":"lockout")") + ",\n" + control(R"("id":"clock","kind":"enforced","probe":"clock","words":["時刻"])"); }

std::string mistake(const std::string& controls) {
  const auto read = Controls::parse(catalogue(controls), kKnown);
  return read ? "" : read.error().key + " " + read.error().detail;
}

TEST(CoverageControls, ReadsACatalogue) {
  const auto read = Controls::parse(catalogue(good()), kKnown);
  ASSERT_TRUE(read) << read.error().detail;
  EXPECT_EQ(read->all().size(), 2u);
  EXPECT_EQ(read->version(), "1");
  EXPECT_NE(read->find("clock"), nullptr);
  EXPECT_EQ(read->find("x"), nullptr);
}

TEST(CoverageControls, NamesTheFirstMistakeWithLineAndPath) {
  EXPECT_EQ(mistake(control(R"("id":"lockout","kind":"enforced","probe":"moon")")), "policy.controls line 3, $.controls[0].probe: no probe 'moon'");
  EXPECT_EQ(mistake(good() + ",\n" + control(R"("id":"lockout","kind":"check")")), "policy.controls line 3, $.controls[2].id: 'lockout' stands twice");
  EXPECT_EQ(mistake(good() + ",\n" + control(R"("id":"more","kind":"enforced","probe":"clock")")), "policy.controls line 5, $.controls[2].probe: 'clock' has a control already");
  EXPECT_EQ(mistake(good() + ",\n" + control(R"("id":"more","kind":"magic")")), "policy.controls line 5, $.controls[2].kind: no kind 'magic'");
  EXPECT_EQ(mistake(good() + ",\n" + control(R"("id":"more","kind":"check","sources":["moon"])")), "policy.controls line 5, $.controls[2].sources: no source 'moon'");
  EXPECT_EQ(mistake(good() + ",\n" + control(R"("id":"more","kind":"check","probe":"clock")")), "policy.controls line 5, $.controls[2].probe: only enforced controls have one");
  EXPECT_EQ(mistake(good() + ",\n" + control(R"("id":"more","kind":"check","fresh_days":0)")), "policy.controls line 5, $.controls[2].fresh_days, .period_days: 1 to 3660");
  EXPECT_EQ(mistake(control(R"("id":"lockout","kind":"enforced","probe":"lockout")")), "policy.controls $.controls: no control for probe 'clock'");
}

TEST(CoverageControls, AWordOfTheClauseGoesBeforeTheGeneral) {
  const auto read = Controls::parse(catalogue(good() + ",\n" + control(R"("id":"means","kind":"check","words":["端末"])") + ",\n" + control(R"("id":"look","kind":"check")")), kKnown);
  ASSERT_TRUE(read) << read.error().detail;
  const auto named = [&](std::string_view kind, std::string_view text, std::string_view capability = "auth-lockout") {
    std::string out;
    for (const std::size_t i : read->answering(capability, kind, text)) out += read->all()[i].id + " ";
    return out;
  };
  EXPECT_EQ(named("enforce", "失敗を数える"), "lockout ");
  EXPECT_EQ(named("enforce", "時刻を示す"), "clock ");
  EXPECT_EQ(named("enforce", "端末の時刻"), "clock ");
  EXPECT_EQ(named("enforce", "端末を閉じる"), "means ") << "what this program does not enforce is not said to be enforced";
  EXPECT_EQ(named("check", "失敗を数える"), "look ");
  EXPECT_EQ(named("physical", "失敗を数える"), "look ") << "a check stands in for what no control of the kind answers";
  EXPECT_EQ(named("check", "x", "moon"), "");
}

EvidenceView dated(std::int64_t day, std::optional<std::int64_t> expires = {}) {
  EvidenceView e;
  e.what = "研修";
  e.dated_at = Timestamp{day * kDay};
  if (expires) e.expires_at = Timestamp{*expires * kDay};
  return e;
}

TEST(CoverageEvidence, CountsForAsLongAsTheControlSays) {
  Control c;
  const Timestamp begin{1000 * kDay}, end{1365 * kDay};
  const auto state = [&](const std::vector<EvidenceView>& evidence, std::int64_t day) { return judge(c, evidence, Timestamp{day * kDay}, begin, end).state; };
  EXPECT_EQ(state({}, 1100), State::red);
  EXPECT_EQ(state({dated(1050)}, 1100), State::green) << "of this fiscal year";
  EXPECT_EQ(state({dated(1050)}, 1350), State::amber);
  EXPECT_EQ(state({dated(990)}, 1100), State::red) << "of the year before";
  EXPECT_EQ(state({dated(1200)}, 1100), State::red) << "of a day to come";
  c.fresh_days = 90;
  EXPECT_EQ(state({dated(1000)}, 1050), State::green);
  EXPECT_EQ(state({dated(1000)}, 1089), State::amber);
  EXPECT_EQ(state({dated(1000)}, 1090), State::red);
  EXPECT_EQ(state({dated(1000), dated(1080)}, 1090), State::green) << "the newest counts";
  EXPECT_EQ(state({dated(1080, 1085)}, 1090), State::red) << "its own end comes first";
  EXPECT_EQ(state({dated(1080, 2000)}, 1180), State::red) << "the control's days bind in any case";
  auto gone = dated(1080);
  gone.withdrawn_by = "x";
  EXPECT_EQ(state({gone}, 1090), State::red);
}

TEST(CoverageEvidence, WhatStandsAllTheTimeIsEnoughUnlessADutyReturns) {
  Control c;
  EvidenceView standing;
  standing.what = "手続が開いています";
  const Timestamp now{1100 * kDay}, begin{1000 * kDay}, end{1365 * kDay};
  EXPECT_EQ(judge(c, {standing}, now, begin, end).state, State::green);
  c.period_days = 365;
  EXPECT_EQ(judge(c, {standing}, now, begin, end).state, State::red);
  EXPECT_EQ(judge(c, {standing, dated(1090)}, now, begin, end).state, State::green);
  EXPECT_EQ(judge(c, {dated(1090)}, now, begin, end).due_at, Timestamp{1455 * kDay});
}

ClauseView clause(const std::string& ref, const std::string& modality, const std::string& capability, const std::string& words) {
  ClauseView out;
  out.version = "v";
  out.ref = ref;
  out.chapter = "1";
  out.modality = modality;
  out.kind = "enforce";
  out.capability = capability;
  out.words = words;
  return out;
}

TEST(CoverageMatrix, AClauseIsAsItsWorstControl) {
  const auto controls = Controls::parse(catalogue(good()), kKnown);
  ASSERT_TRUE(controls);
  Coverage c;
  for (const Control& one : controls->all()) {
    ControlView view;
    view.id = one.id;
    view.title = one.id;
    view.reason = "理由";
    c.controls.push_back(view);
  }
  c.controls[0].state = State::green;
  c.controls[1].state = State::red;
  c.chapters = {{"v", "方針", "1", "章", {}}, {"v", "基準", "1", "章", {}, 2}};
  c.clauses = {clause("1(1)", "must", "auth-lockout", "失敗"), clause("1(2)", "must", "auth-lockout", "時刻"), clause("1(3)", "is", "auth-lockout", "時刻"),
               clause("1(4)", "must", "", ""), clause("1(5)", "must", "moon", "")};
  c.clauses.push_back(clause("1(1)", "must", "auth-lockout", "失敗"));
  c.clauses.back().part = 2;
  join(c, *controls);
  EXPECT_EQ(c.clauses[0].state, State::green);
  EXPECT_EQ(c.clauses[1].state, State::red);
  EXPECT_EQ(c.clauses[1].reason, "clock: 理由");
  EXPECT_EQ(c.clauses[2].state, State::not_applicable);
  EXPECT_EQ(c.clauses[3].state, State::red) << "no meaning";
  EXPECT_EQ(c.clauses[4].state, State::red) << "nothing answers";
  EXPECT_EQ(c.controls[1].clauses, std::vector<std::string>{"1(2)"});
  EXPECT_EQ(c.chapters[0].counts.red, 3);
  EXPECT_EQ(c.chapters[1].counts.red, 0) << "the same number in another document of the file";
  EXPECT_EQ(c.chapters[1].counts.green, 1);
  EXPECT_EQ(c.clause_counts.green, 2);
  EXPECT_EQ(c.control_counts.red, 1);
}

TEST(CoverageControls, TheShippedCatalogueIsWellFormed) {
  Known known{{}, {"approvals", "reviews", "services", "profile", "policies", "restore_drills"}, {}};
  for (const char* key : {"top", "head", "division_head", "manager", "system_manager", "system_staff", "committee", "contact", "audit_head", "service_permitter"}) known.permitters.insert(key);
  const std::string path = std::string(SK_SOURCE_DIR) + "/packs/standard/controls.json";
  // Its probes are the program's: whoever names one more is told at the start.
  const auto before = Controls::load(path, known);
  ASSERT_FALSE(before);
  EXPECT_NE(before.error().detail.find("no probe"), std::string::npos) << before.error().detail;
}

}  // namespace
}  // namespace sekisho::coverage
