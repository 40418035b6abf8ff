// A random walk over every shipped definition in every shipped kind of body: everybody tries everything, the clock jumps. After each step the rows are
// looked at without the engine's own rules: whoever made one step did not make the step that must be another's, and nobody who must be told is left out.
#include <random>

#include "features/office/test_body.h"

namespace sekisho::office {
namespace {

constexpr int kSteps = 100'000;
constexpr const char* kBodies[] = {"city-standards", "city-revised", "village", "association-single", "association-compound"};

class Walk {
 public:
  Walk(const std::string& profile, unsigned seed) : world_(profile), random_(seed) {
    world_.office().clauses_from([](gate::Context&) -> Result<std::vector<ClauseRow>> {
      return std::vector<ClauseRow>{{"d", "v", "c1", "1", "席を離れるとき画面を閉じる。", "must", "check", {"@staff"}}, {"d", "v", "c2", "2", "外に漏らさない。", "must_not", "check", {"@staff"}}};
    });
    const auto all = world_.office().definitions().in_force(world_.tx(), "t").value();
    for (const ReadVersion& one : all) {
      if (one.loaded->absent) continue;
      EXPECT_TRUE(one.loaded->definition.has_value()) << profile << ": " << one.version.name << " " << (one.loaded->findings.empty() ? "" : one.loaded->findings.front().text);
      if (one.loaded->definition) definitions_.push_back(one.version.name);
    }
  }

  int run(int steps) {
    for (int step = 0; step < steps && !::testing::Test::HasFailure(); ++step) {
      world_.now_.micros += below(20) == 0 ? 3'600'000'000LL * below(200) : 1000;
      // First each definition in turn, whoever may open it (the program opens what people may not); later now and then one more.
      const bool first = step < static_cast<int>(definitions_.size()) * 8;
      if (first || pool_.empty() || below(25) == 0) begin(definitions_[first ? static_cast<std::size_t>(step) % definitions_.size() : below(definitions_.size())], below(3) == 0);
      else if (below(40) == 0) clock();
      else if (below(60) == 0) duties();
      else act(pool_[below(pool_.size())]);
    }
    return made_;
  }
  const std::set<std::string>& seen() const { return seen_; }
  const std::vector<std::string>& definitions() const { return definitions_; }
  std::set<std::string> never() const {
    std::set<std::string> out;
    for (const std::string& name : definitions_)
      if (!seen_.contains(name + " closed")) out.insert(name);
    return out;
  }

 private:
  std::size_t below(std::size_t n) { return random_() % n; }
  std::string anybody() { return world_.accounts()[below(world_.accounts().size())]; }

  json::Value simple(const std::string& type, const std::optional<std::vector<workflow::Choice>>& choices, const std::optional<std::string>& of) {
    if (type == "choice") return json::Value((*choices)[below(choices->size())].key);
    if (type == "number") return json::Value(static_cast<std::int64_t>(1 + below(3)));
    if (type == "yes_no") return json::Value(below(2) == 0);
    if (type == "date") return json::Value("2026-12-" + std::to_string(10 + below(18)));
    if (type == "datetime") return json::Value("2026-12-01T01:00:00Z");
    if (type == "person") return json::Value(anybody());
    if (type == "department") return json::Value(world_.units()[below(world_.units().size())]);
    if (type == "class") return json::Object{{"c", 1 + static_cast<int>(below(2))}};
    if (type == "reference") return json::Value(another(of.value_or("")));
    return json::Value("文 " + std::to_string(below(1000)));
  }
  // A case of that definition, made by the program when there is none.
  std::string another(const std::string& definition) {
    std::vector<std::string> some;
    for (const auto& [id, name] : pool_)
      if (name == definition) some.push_back(id.str());
    if (some.empty()) begin(definition, true);
    else return some[below(some.size())];
    return pool_.empty() ? "" : pool_.back().first.str();
  }
  // Rows that the program made, with answers.
  json::Value answers(const workflow::Field& f, const json::Object& fields) {
    const auto it = fields.find(f.key);
    if (it == fields.end()) return json::Value(nullptr);
    json::Array rows = it->value().get_array();
    for (json::Value& row : rows)
      for (const workflow::Column& c : *f.columns)
        if (!c.given) row.get_object()[c.key] = simple(c.type, c.choices, c.of);
    return rows;
  }
  json::Value value(const workflow::Field& f) {
    static const std::map<std::string, std::string> kMany = {{"choices", "choice"}, {"people", "person"}, {"departments", "department"}, {"references", "reference"}};
    if (const auto many = kMany.find(f.type); many != kMany.end()) return json::Array{simple(many->second, f.choices, f.of)};
    if (f.type == "checklist") {
      json::Object out;
      for (const workflow::Item& i : *f.items) out[i.key] = json::Object{{"done", true}};
      return out;
    }
    if (f.type == "table") {
      json::Object row;
      for (const workflow::Column& c : *f.columns) row[c.key] = simple(c.type, c.choices, c.of);
      return json::Array{row};
    }
    if (f.type == "class") {
      json::Object out;
      for (const std::string& axis : f.axes.value_or(workflow::Keys{"c", "i", "a"})) out[axis] = 1;
      return out;
    }
    return simple(f.type, f.choices, f.of);
  }

  void begin(const std::string& name, bool by_itself = false) {
    const auto one = world_.office().definitions().in_force(world_.tx(), "t", name);
    ASSERT_TRUE(one.has_value() && one->loaded->definition) << name;
    json::Object fields;
    if (!by_itself)
      for (const workflow::Field& f : one->loaded->definition->fields)
        if (!f.derive && !f.edit && !f.rows && f.type != "attachment" && ((f.required && f.required->always.value_or(false)) || below(4) == 0) && (!f.of || (f.required && f.required->always.value_or(false)) || f.of != name))
          fields[f.key] = value(f);
    Opened how;
    how.by_itself = by_itself;
    const auto id = world_.as(by_itself ? kProgram : anybody(), [&](gate::Context& c, const Actor& who) { return world_.office().open(c, who, name, fields, how); });
    if (!id) return fair(id.error(), name);
    pool_.emplace_back(*id, name);
    look(*id, 0);
  }

  void act(const std::pair<CaseId, std::string>& one) {
    const auto& [id, name] = one;
    const auto file = world_.as(kProgram, [&](gate::Context& c, const Actor&) { return world_.office().load(c, id); });
    ASSERT_TRUE(file.has_value()) << name << " " << (file ? "" : file.error().key);
    seen_.insert(name + " " + file->c.state);
    if (file->c.kind == workflow::StateKind::closed) seen_.insert(name + " closed");
    const auto here = world_.office().starting_here(*file);
    if (here.empty()) return;
    const workflow::Transition& t = *here[below(here.size())];
    const std::size_t before = file->steps.size();
    MoveIn in{t.key, file->c.hash, {}, below(8) == 0 ? "" : "理由を書いた", below(2) == 0 ? "" : "ほかに行える人がおらず待てないため"};
    for (const std::string& key : t.ask.value_or(workflow::Keys{}))
      if (const workflow::Field* f = file->d().field(key); f != nullptr && !f->derive && f->type != "attachment") in.fields[key] = f->rows ? answers(*f, file->c.fields) : value(*f);
    std::string who = anybody();
    // Mostly somebody who has a part in it tries, so that the walk gets anywhere.
    for (int i = 0; i < 12 && below(6) != 0; ++i) {
      const auto chance = world_.as(who, [&](gate::Context& c, const Actor& a) { return world_.office().chance(c, *file, a, t); });
      if (chance && chance->mover) break;
      who = anybody();
    }
    const bool program = std::any_of(t.by.begin(), t.by.end(), [](const workflow::Who& w) { return w.program.value_or(false); });
    if (program && below(2) == 0) who = kProgram;
    const auto done = world_.as(who, [&](gate::Context& c, const Actor& a) { return world_.office().move(c, a, id, in); });
    if (!done) {
      if (done.error().key == "office.missing" || done.error().key == "office.guard") fill(id, *file);
      return fair(done.error(), name + " " + t.key);
    }
    ++made_;
    seen_.insert(name + " " + t.key);
    look(id, before);
  }

  // Somebody writes what is missing.
  void fill(const CaseId& id, const File& file) {
    json::Object fields;
    for (const workflow::Field& f : file.d().fields) {
      if (f.derive || below(3) == 0) continue;
      if (f.type == "attachment") {
        const auto attached = world_.as(kProgram, [&](gate::Context& c, const Actor& a) {
          return world_.office().attach(c, a, id, {{}, {}, f.key, "blob", "a.txt", 1, "hash", "2026-11-01", "", {}});
        });
        if (!attached) fair(attached.error(), "attach");
        continue;
      }
      fields[f.key] = f.rows ? answers(f, file.c.fields) : value(f);
    }
    const auto now = CaseTable::for_rules(world_.tx(), id).value();
    const auto done = world_.as(kProgram, [&](gate::Context& c, const Actor& a) { return world_.office().edit(c, a, id, now->hash, fields); });
    if (!done) fair(done.error(), "edit");
  }

  void clock() {
    const auto due = HistoryTable::due(world_.tx(), world_.now_, 20).value();
    for (const Timer& t : due) {
      const auto done = world_.as(kProgram, [&](gate::Context& c, const Actor&) { return world_.office().settle(c, t); });
      EXPECT_TRUE(done.has_value()) << "clock " << t.what << ": " << (done ? "" : done.error().key + " " + done.error().detail);
    }
  }
  void duties() {
    const auto done = world_.as(kProgram, [&](gate::Context& c, const Actor&) { return world_.office().run_duties(c); });
    EXPECT_TRUE(done.has_value()) << (done ? "" : done.error().key + " " + done.error().detail);
  }

  // A refusal is one of the engine's own, never the schema's or a broken invariant.
  void fair(const Error& e, const std::string& what) {
    EXPECT_NE(e.code, Code::internal) << what << ": " << e.key << " " << e.detail;
    EXPECT_NE(e.code, Code::corrupt) << what << ": " << e.key << " " << e.detail;
    EXPECT_FALSE(e.key.starts_with("sql.")) << what << ": only the schema stopped this: " << e.detail;
  }

  void look(const CaseId& id, std::size_t from) {
    const auto file = world_.as(kProgram, [&](gate::Context& c, const Actor&) { return world_.office().load(c, id); });
    ASSERT_TRUE(file.has_value());
    const auto events = HistoryTable::events(world_.tx(), id).value();
    std::string before;
    for (const Event& e : events) {
      EXPECT_EQ(e.hash, chained(before, id, e)) << "the history is chained";
      before = e.hash;
    }
    for (std::size_t i = from; i < file->steps.size(); ++i) {
      const Event& e = file->steps[i];
      if (e.event != "move" && e.event != "sign") continue;
      const workflow::Transition* const t = file->d().transition(e.transition);
      ASSERT_NE(t, nullptr);
      separate(*file, *t, e, i);
      if (e.event == "move") told(*file, *t, e);
    }
  }

  void separate(const File& file, const workflow::Transition& t, const Event& e, std::size_t at) {
    if (e.exception || e.person == kProgram) return;
    for (const auto* list : {&t.separate, &file.d().separate})
      for (const workflow::Separation& s : list->value_or(std::vector<workflow::Separation>{})) {
        if (!s.other_than) continue;
        for (std::size_t i = 0; i < at; ++i) {
          const Event& earlier = file.steps[i];
          const bool other = *s.other_than == "opener" ? earlier.event == "open" : s.other_than->starts_with("mover:") && earlier.event != "participant" && earlier.transition == s.other_than->substr(6);
          EXPECT_FALSE(other && earlier.person == e.person) << file.c.definition << ": " << e.person << " made " << earlier.transition << " and " << e.transition;
        }
      }
    if (!t.joint || t.same_person.value_or(false)) return;
    std::set<std::string> signers;
    for (std::size_t i = at + 1; i-- > 0;) {
      const Event& earlier = file.steps[i];
      if (earlier.transition != e.transition || (i < at && earlier.event != "sign")) break;
      if (earlier.content_hash != e.content_hash || earlier.exception) break;
      EXPECT_TRUE(signers.insert(earlier.person).second) << file.c.definition << ": " << earlier.person << " signed " << e.transition << " twice";
    }
  }

  // Each notice without a condition is there, for each of those it is for, and they may read the case.
  void told(const File& file, const workflow::Transition& t, const Event& e) {
    const auto notices = HistoryTable::notices(world_.tx(), file.c.id).value();
    const Addresses readers = CaseTable::readers(world_.tx(), file.c.id).value();
    Addressing addressing(world_.tx(), file.d(), *file.organisation, file.c, file.steps);
    for (const workflow::NoticeRule& rule : t.notices.value_or(std::vector<workflow::NoticeRule>{})) {
      if (rule.only_if) continue;
      Addresses to = addressing.of(rule.to).value();
      to.erase(kProgram);
      if (to.empty()) continue;
      bool found = false;
      for (const Notice& n : notices) {
        if (n.n != e.n) continue;
        const Addresses who = HistoryTable::told(world_.tx(), n.id).value();
        found = found || std::includes(who.begin(), who.end(), to.begin(), to.end());
      }
      EXPECT_TRUE(found) << file.c.definition << " " << t.key << ": nobody was told";
      EXPECT_TRUE(std::includes(readers.begin(), readers.end(), to.begin(), to.end())) << file.c.definition << " " << t.key << ": told, and may not read";
    }
  }

  TestBody world_;
  std::mt19937 random_;
  std::vector<std::string> definitions_;
  std::vector<std::pair<CaseId, std::string>> pool_;
  std::set<std::string> seen_;
  int made_ = 0;
};

TEST(Walk, HundredThousandStepsKeepSeparationAndLoseNoNotice) {
  int made = 0;
  for (const char* body : kBodies) {
    Walk walk(body, 20261126);
    made += walk.run(kSteps / static_cast<int>(std::size(kBodies)));
    std::string never;
    for (const std::string& name : walk.never()) never += " " + name;
    std::printf("%s: %zu definitions, never closed:%s\n", body, walk.definitions().size(), never.empty() ? " none" : never.c_str());
    EXPECT_FALSE(walk.definitions().empty());
    if (HasFailure()) break;
  }
  EXPECT_GT(made, kSteps / 50);
  std::printf("%d steps, %d moves made\n", kSteps, made);
}

}  // namespace
}  // namespace sekisho::office
