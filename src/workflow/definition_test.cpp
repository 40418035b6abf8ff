#include <gtest/gtest.h>

#include "workflow/rules.h"
#include "workflow/test_support.h"

namespace sekisho::workflow {
namespace {

constexpr const char* kGood = R"yaml(format: 1
id: visits
title: 入退室
kind: register
group: facilities
capabilities: [facility-records]
clauses: [9(2)イ(ア)]
open: {by: [{anyone: true}], clauses: [9(2)イ(ア)]}
subject: [who]
fields:
  - {key: who, title: 入る人, type: text, required: true}
  - key: kind
    title: 種類
    type: choice
    choices: [{key: staff, title: "{staff}"}, {key: guest, title: 来客}]
  - {key: left, title: 出た時, type: datetime, required: [out]}
states:
  - {key: in, title: 入室中, kind: open}
  - {key: out, title: 退室済み, kind: closed}
transitions:
  - key: leave
    title: 退室した
    from: [in]
    to: out
    by: [{person: opener}, {post: manager, in: unit}]
    clauses: [9(2)イ(ア)]
list: {columns: [number, who, state]}
)yaml";

const Organisation& city() {
  static const Organisation one = shipped_organisations().front();
  return one;
}
// nullopt names: the good definition with one text put in place of another.
Loaded with(const std::string& from, const std::string& to, const Organisation& organisation = city()) {
  std::string text = kGood;
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  text.replace(at, from.size(), to);
  return load(text, organisation, test_names());
}
std::string told(const Loaded& loaded) {
  std::string out;
  for (const Finding& f : loaded.findings) out += std::to_string(f.line) + ": " + f.text + "\n";
  return out;
}
void refused(const std::string& from, const std::string& to, int line, const std::string& text) {
  const Loaded loaded = with(from, to);
  EXPECT_FALSE(loaded.definition.has_value()) << to;
  EXPECT_TRUE(std::any_of(loaded.findings.begin(), loaded.findings.end(), [&](const Finding& f) { return f.line == line && f.text.find(text) != std::string::npos; }))
      << to << "\n" << told(loaded);
}

TEST(Definition, ReadsWhatIsRight) {
  const Loaded loaded = load(kGood, city(), test_names());
  ASSERT_TRUE(loaded.definition.has_value()) << told(loaded);
  EXPECT_EQ((*loaded.definition->field("kind")->choices)[0].title, "職員等");  // the body's word
  EXPECT_EQ(loaded.definition->clauses[0].ref, "9(2)イ(ア)");
  EXPECT_TRUE(*loaded.definition->field("who")->required->always);
  EXPECT_EQ(loaded.definition->field("left")->required->states->front(), "out");
}

TEST(Definition, CallsPostsWhatTheBodyCallsThemAndKnowsItsPapers) {
  const std::string paper = "print:\n  sections: [{title: 内容, fields: [who]}]\n  seals: [{title: \"{post:manager}\", transition: leave}]\n  dossier: {drafts: who, figures: [visits]}\nlist:";
  for (const Organisation& here : shipped_organisations()) {
    const Loaded loaded = with("list:", paper, here);
    ASSERT_TRUE(loaded.definition.has_value()) << told(loaded);
    EXPECT_EQ(loaded.definition->print->seals->front().title, here.role(here.posts.at("manager"))->name);
    EXPECT_EQ(loaded.definition->print->dossier->figures->front(), "visits");
  }
  refused("list:", "print: {sections: [{title: x}], seals: [{title: \"{post:boss}\"}]}\nlist:", 27, "用語");
  refused("list:", "print: {sections: [{title: x}], dossier: {agenda: who}}\nlist:", 27, "欄");
  refused("list:", "print: {sections: [{title: x}], dossier: {from: gone}}\nlist:", 27, "「gone」という欄はありません");
}

TEST(Definition, TellsMistakesOfShapeWithTheirLine) {
  refused("kind: register", "kind: register\ncolour: blue", 5, "この項目はありません");
  refused("  - {key: who, title: 入る人, type: text, required: true}", "  - {key: who, title: 入る人}", 11, "項目がありません");
  refused("kind: closed", "kind: over", 19, "決められた言葉");
  refused("format: 1", "format: one", 1, "整数");
  refused("title: 入退室", "title: 12", 3, "文字で");
  refused("from: [in]", "from: in", 23, "並び");
  refused("title: 入退室", "title: [", 5, "YAML");
  refused("id: visits", "id: visits\nid: two", 3, "2つ");
  refused("title: 入退室", "title: &x 入退室", 3, "目印");
  refused("title: 入退室", "title: *x", 3, "anchor");
  refused("title: 入退室", "title: !!str 入退室", 3, "タグ");
  refused("\"{staff}\"", "\"{staf}\"", 15, "用語");
}

TEST(Definition, TellsMistakesOfMeaningWithTheirLine) {
  refused("subject: [who]", "subject: [whom]", 9, "「whom」という欄はありません");
  refused("title: 出た時", "title: 種類", 16, "「種類」という欄が2つあります");
  refused("type: datetime", "type: clock", 16, "種類の欄");
  refused("required: [out]", "required: [gone]", 16, "状態はありません");
  refused("to: out", "to: gone", 24, "状態はありません");
  refused("{post: manager, in: unit}", "{post: mayor}", 25, "役はありません");
  refused("{post: manager, in: unit}", "{power: decide.everything}", 25, "権限はありません");
  refused("{post: manager, in: unit}", "{person: assigned}", 25, "assigned");
  refused("by: [{person: opener}, {post: manager, in: unit}]", "by: []", 25, "だれが動かせるのか");
  refused("    clauses: [9(2)イ(ア)]\nlist", "    clauses: []\nlist", 26, "条項");
  refused("    clauses: [9(2)イ(ア)]\nlist", "    clauses: [9(2)イ(ア)]\n    effects: [{run: moon.land}]\nlist", 27, "仕掛け");
  refused("    clauses: [9(2)イ(ア)]\nlist", "    clauses: [9(2)イ(ア)]\n    guards: [{that: {field: whom, is: filled}, say: x}]\nlist", 27, "欄はありません");
  refused("    clauses: [9(2)イ(ア)]\nlist", "    clauses: [9(2)イ(ア)]\n    guards: [{that: {field: kind, equals: dog}, say: x}]\nlist", 27, "選択肢");
  refused("    clauses: [9(2)イ(ア)]\nlist", "    clauses: [9(2)イ(ア)]\n    joint: all\n    separate: [{not: \"mover:enter\"}]\nlist", 28, "遷移はありません");
  refused("columns: [number, who, state]", "columns: [number, whom]", 27, "列はありません");
}

TEST(Definition, TellsWhatTheMachineCannotDo) {
  refused("  - {key: out,", "  - {key: lost, title: 迷子, kind: open}\n  - {key: out,", 19, "どこからも行けません");
  refused("    to: out\n", "", 18, "行き止まり");
  refused("    clauses: [9(2)イ(ア)]\nlist", "    clauses: [9(2)イ(ア)]\n    guards: [{that: {state: [out]}, say: x}]\nlist", 18, "行き止まり");
  refused("transitions:\n", "regions:\n  - key: badge\n    title: 札\n    live_in: [in]\n    states: [{key: none, title: なし, kind: open}, {key: held, title: 貸した, kind: open}]\n"
          "    transitions: [{key: lend, title: 貸す, from: [none], to: held, by: [{anyone: true}], clauses: [9(2)イ(ウ)]}]\ntransitions:\n"
          "  - {key: rush, title: 急ぐ, from: [in], to: out, by: [{anyone: true}], clauses: [9(2)イ(ア)], guards: [{that: {not: {region: badge, in: [none, held]}}, say: x}]}\n", 27, "どの状態でもできません");
}

TEST(Definition, LeavesOutWhatTheBodyHasNot) {
  const std::string switched = "  - {key: seen, title: 見た, kind: open, when: {has: [event_levels]}}\n  - {key: out,";
  const auto organisations = shipped_organisations();
  const std::string more = std::string(kGood).replace(std::string(kGood).find("  - {key: out,"), 14, switched)
                               .append("exchange: {columns: [{field: who, headers: [人]}], state: out}\n");
  std::string text = more;
  text.replace(text.find("transitions:\n"), 13, "transitions:\n  - {key: see, title: 見る, from: [in], to: seen, by: [{anyone: true}], clauses: [9(2)イ(ア)]}\n"
               "  - {key: go, title: 行く, from: [seen], to: out, by: [{anyone: true}], clauses: [9(2)イ(ア)]}\n");
  int with_level = 0;
  for (const Organisation& o : organisations) {
    const Loaded loaded = load(text, o, test_names());
    ASSERT_TRUE(loaded.definition.has_value()) << o.name << told(loaded);
    const bool here = loaded.definition->state("seen") != nullptr;
    EXPECT_EQ(here, o.incident_levels > 1);
    EXPECT_EQ(loaded.definition->transition("see") != nullptr, here);
    EXPECT_EQ(loaded.definition->transition("go") != nullptr, here);
    with_level += here ? 1 : 0;
  }
  EXPECT_EQ(with_level, 1);
  refused("  - {key: out,", "  - {key: seen, title: 見た, kind: open, when: {has: [moon]}}\n  - {key: out,", 19, "切替え");
}

TEST(Definition, HasLimits) {
  std::string deep = "a: ";
  for (int i = 0; i < 100; ++i) deep += "[";
  std::vector<Finding> findings;
  EXPECT_FALSE(parse_yaml(deep, findings));
  EXPECT_FALSE(parse_yaml(std::string(kMaxBytes + 1, ' '), findings));
  std::string many = "[";
  for (std::size_t i = 0; i <= kMaxNodes; ++i) many += "1,";
  EXPECT_FALSE(parse_yaml(many + "1]", findings));
  EXPECT_FALSE(parse_yaml("a: \xff", findings));
  EXPECT_FALSE(parse_yaml("", findings));
  EXPECT_EQ(findings.size(), 5U);
}

// Every definition that is shipped works in every shipped kind of body, or is not there for it.
TEST(Deadlines, AreTheBodysOwnFigures) {
  Organisation o = city();
  o.time_words = {{"速やかに", "事故の報告（管理者から統括へ）", 60}, {"定期的", "点検", std::nullopt}};
  Span span;
  span.word = "速やかに";
  span.process = Keys{"第一報", "事故の報告"};
  EXPECT_EQ(micros_of(span, o), 3'600'000'000);
  span.word = "定期的";
  span.process = Keys{"点検"};
  EXPECT_FALSE(micros_of(span, o));  // not decided: none is invented
  Deadline d;
  d.within = Span{};
  d.within->days = 2;
  EXPECT_EQ(due_at(d, o, {}, {1'000}, {0})->micros, 2 * 86'400'000'000 + 1'000);
  Deadline day;
  day.field = "until";
  // A day in Japan is over nine hours before it is in Greenwich.
  EXPECT_EQ(to_rfc3339(*due_at(day, o, {{"until", "2026-04-01"}}, {0}, {0})), "2026-04-01T15:00:00.000000Z");
  EXPECT_FALSE(due_at(day, o, {}, {0}, {0}));
}

TEST(Duties, GoByTheFiscalYear) {
  Duty duty;
  duty.every.period = "fiscal_year";
  duty.opens = DutyDay{10, 1, std::nullopt};
  duty.due = DutyDay{2, 31, std::nullopt};
  const auto p = period_of(duty, city(), {2027, 1, 5});
  EXPECT_EQ(p->name, "2026");
  EXPECT_EQ(p->opens, (CivilDate{2026, 10, 1}));
  EXPECT_EQ(p->due, (CivilDate{2027, 2, 28}));
  EXPECT_EQ(p->last, (CivilDate{2027, 3, 31}));
  duty.opens.reset();
  duty.due.reset();
  for (const auto& [every, name, first, last] : {std::tuple("half_year", "2026H2", CivilDate{2026, 10, 1}, CivilDate{2027, 3, 31}),
                                                 std::tuple("quarter", "2026Q4", CivilDate{2027, 1, 1}, CivilDate{2027, 3, 31}), std::tuple("month", "2027-01", CivilDate{2027, 1, 1}, CivilDate{2027, 1, 31})}) {
    duty.every.period = every;
    const auto q = period_of(duty, city(), {2027, 1, 5});
    EXPECT_EQ(q->name, name);
    EXPECT_EQ(q->opens, first);
    EXPECT_EQ(q->due, last);
  }
  duty.every = {std::nullopt, "定期的", Keys{"点検"}};
  Organisation o = city();
  o.time_words = {{"定期的", "点検", std::nullopt}};
  EXPECT_FALSE(period_of(duty, o, {2027, 1, 5}));
  o.time_words[0].minutes = 90 * 24 * 60;
  const auto turn = period_of(duty, o, {2027, 1, 5});
  ASSERT_TRUE(turn);
  EXPECT_EQ(plus_days(turn->first, 89), turn->last);
}

constexpr const char* kSheet = R"yaml(format: 1
id: checks
title: 点検
kind: register
group: audit
capabilities: [self-inspection]
clauses: [14(2)]
open: {by: [{anyone: true}], clauses: [14(2)]}
subject: [what]
fields:
  - {key: what, title: こと, type: text, required: true}
  - key: sheet
    title: 表
    type: table
    rows: {from: clauses, actors: [staff, manager], modality: [must], kinds: [check], answer: answer, good: [yes], gaps: [no], say: why}
    columns:
      - {key: id, title: 識別子, type: text, given: clause}
      - {key: label, title: 条項, type: clause, given: label}
      - {key: text, title: 条文, type: long_text, given: text}
      - {key: answer, title: 答え, type: choice, choices: [{key: "yes", title: はい}, {key: "no", title: いいえ}]}
      - {key: why, title: 所見, type: text}
  - {key: report, title: 報告, type: long_text, draft: {from: [what, sheet], instruction: prevention}}
states:
  - {key: open, title: 点検中, kind: open}
  - {key: done, title: 済み, kind: closed}
transitions:
  - {key: finish, title: 済ませる, from: [open], to: done, by: [{anyone: true}], clauses: [14(2)], guards: [{that: {field: sheet, is: answered}, say: まだです}], renew: [sheet]}
list: {columns: [number, what, state]}
)yaml";

TEST(Definitions, TablesOfClausesAndDraftsAreChecked) {
  const Loaded good = load(kSheet, city(), test_names());
  for (const Finding& f : good.findings) ADD_FAILURE() << f.line << ": " << f.text;
  ASSERT_TRUE(good.definition);
  const std::pair<const char*, const char*> kBad[] = {{"actors: [staff, manager]", "actors: [stuff]"}, {"modality: [must]", "modality: [always]"}, {"kinds: [check]", "kinds: [thing]"},
                                                      {"answer: answer, good", "answer: why, good"},   {"gaps: [no]", "gaps: [never]"},             {"say: why}", "say: nowhere}"},
                                                      {", given: label", ""},                          {"given: clause", "given: weather"},         {"from: clauses", "from: anywhere"},
                                                      {"instruction: prevention", "instruction: poem"}, {"from: [what, sheet]", "from: [where]"},    {"renew: [sheet]", "renew: [what]"},
                                                      {"title: 報告, type: long_text", "title: 報告, type: date"}, {"field: sheet, is: answered", "field: what, is: answered"}};
  for (const auto& [from, to] : kBad) {
    std::string text = kSheet;
    const std::size_t at = text.find(from);
    ASSERT_NE(at, std::string::npos) << from;
    text.replace(at, std::string(from).size(), to);
    EXPECT_FALSE(load(text, city(), test_names()).definition) << from << " -> " << to;
  }
}

TEST(Values, HaveOneForm) {
  const Loaded loaded = load(kGood, city(), test_names());
  ASSERT_TRUE(loaded.definition);
  const Definition& d = *loaded.definition;
  const Lookups look;
  EXPECT_EQ(value_of(*d.field("left"), json::Value("2026-04-01T10:00:00+09:00"), look).value(), json::Value("2026-04-01T01:00:00.000000Z"));
  EXPECT_FALSE(value_of(*d.field("kind"), json::Value("dog"), look));
  EXPECT_TRUE(value_of(*d.field("who"), json::Value(""), look).value().is_null());
  EXPECT_FALSE(value_of(*d.field("who"), json::Value(3), look));
  EXPECT_FALSE(value_of(*d.field("who"), json::Value(std::string(5000, 'x')), look));
}

}  // namespace
}  // namespace sekisho::workflow
