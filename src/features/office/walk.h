// People of a body of the tests who try everything on its definitions, at random or one case up to its end. After each step the rows are looked at
// without the engine's own rules: whoever made one step did not make the step that must be another's, and nobody who must be told is left out.
#pragma once
#include <algorithm>
#include <random>

#include "features/office/test_body.h"

namespace sekisho::office {

inline constexpr const char* kBodies[] = {"city-standards", "city-revised", "village", "association-single", "association-compound"};

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

  // What a case can end in, of its own states; what it is for comes first.
  std::vector<std::string> ends(const std::string& name) {
    std::vector<std::string> out;
    const auto one = world_.office().definitions().in_force(world_.tx(), "t", name);
    EXPECT_TRUE(one.has_value() && one->loaded->definition) << name;
    for (const workflow::State& s : one->loaded->definition->states)
      if (s.kind == workflow::StateKind::closed) out.push_back(s.key);
    return out;
  }
  // A new case is opened and moved, by people who may, along the steps that lead to this end; the state in which it stands when it is closed or nobody can go
  // on, empty when nobody could open one.
  std::string play(const std::string& name, const std::string& end, int tries) {
    const std::size_t before = pool_.size();
    for (int i = 0; i < 60 && !opened(name, before); ++i) begin(name, i >= 50);
    if (!opened(name, before)) return "";
    const std::pair<CaseId, std::string> mine = *opened(name, before);
    std::string state, tried;
    int stuck = 0;
    for (int i = 0; i < tries && !::testing::Test::HasFailure(); ++i) {
      const auto file = world_.as(kProgram, [&](gate::Context& c, const Actor&) { return world_.office().load(c, mine.first); });
      if (!file) break;
      state = file->c.state;
      if (file->c.kind == workflow::StateKind::closed) break;
      const workflow::Transition* const t = towards(*file, end);
      if (t == nullptr) break;
      if (state + t->key != tried) refuse(*file, *t);
      tried = state + t->key;
      world_.now_.micros += 1000;
      if (const std::string who = willing(*file, *t); !who.empty()) step(mine, *file, *t, who);
      else if (++stuck == 3) break;
    }
    return state;
  }
  int refused() const { return refused_; }

 private:
  std::optional<std::pair<CaseId, std::string>> opened(const std::string& name, std::size_t from) const {
    for (std::size_t i = from; i < pool_.size(); ++i)
      if (pool_[i].second == name) return pool_[i];
    return std::nullopt;
  }
  // How many steps of the case's own states each is from this one.
  static std::map<std::string, int> steps_to(const workflow::Definition& d, const std::string& end) {
    std::map<std::string, int> out{{end, 0}};
    for (bool more = true; more;) {
      more = false;
      for (const workflow::Transition& t : d.transitions) {
        const auto there = out.find(t.to.value_or(""));
        if (there == out.end()) continue;
        const int far = there->second + 1;
        for (const std::string& from : t.from) {
          const auto [at, fresh] = out.try_emplace(from, far);
          more = more || fresh || far < at->second;
          at->second = std::min(at->second, far);
        }
      }
    }
    return out;
  }
  // A step that starts here: mostly one that leads on, now and then another that does not close the case elsewhere (a branch, what a guard waits for).
  const workflow::Transition* towards(const File& file, const std::string& end) {
    const auto far = steps_to(file.d(), end);
    if (!far.contains(file.c.state)) return nullptr;
    std::vector<const workflow::Transition*> on, aside;
    for (const workflow::Transition* t : world_.office().starting_here(file)) {
      const workflow::Region* region = nullptr;
      static_cast<void>(file.d().transition(t->key, &region));
      const bool moves = region == nullptr && t->to.has_value();
      if (moves && !far.contains(*t->to)) continue;
      (moves && far.at(*t->to) < far.at(file.c.state) ? on : aside).push_back(t);
    }
    if (on.empty() && aside.empty()) return nullptr;
    const auto& some = aside.empty() || (!on.empty() && below(5) != 0) ? on : aside;
    return some[below(some.size())];
  }
  // Somebody who may make this step, best one whom no separation keeps out; empty: nobody (the case is of a department without its manager, …).
  std::string willing(const File& file, const workflow::Transition& t) {
    std::vector<std::string> all = world_.accounts();
    std::shuffle(all.begin(), all.end(), random_);
    std::string second;
    for (const std::string& who : all) {
      const auto chance = world_.as(who, [&](gate::Context& c, const Actor& a) { return world_.office().chance(c, file, a, t); });
      if (!chance || !chance->mover) continue;
      if (!chance->conflict) return who;
      second = who;
    }
    const bool program = std::any_of(t.by.begin(), t.by.end(), [](const workflow::Who& w) { return w.program.value_or(false); });
    return program ? kProgram : second;
  }
  // Whoever opened the case or moved it before, and whom a separation keeps out of this step, tries it with no reason for crossing it, and is refused.
  void refuse(const File& file, const workflow::Transition& t) {
    std::set<std::string> earlier;
    for (const Event& e : file.steps)
      if (e.person != kProgram) earlier.insert(e.person);
    for (const std::string& who : earlier) {
      const auto chance = world_.as(who, [&](gate::Context& c, const Actor& a) { return world_.office().chance(c, file, a, t); });
      if (!chance || !chance->mover || !chance->conflict) continue;
      const MoveIn in{t.key, file.c.hash, {}, "理由を書いた", ""};
      const auto done = world_.as(who, [&](gate::Context& c, const Actor& a) { return world_.office().move(c, a, file.c.id, in); });
      EXPECT_FALSE(done.has_value()) << file.c.definition << " " << t.key << ": not refused";
      if (!done && done.error().key == "office.separation") ++refused_;
    }
  }
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
    if (f.type == "number") return json::Value(static_cast<std::int64_t>(f.min.value_or(1)) + static_cast<std::int64_t>(below(3)));
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

  void act(const std::pair<CaseId, std::string> one) {  // a copy: a value may open another case, and the pool moves
    const auto& [id, name] = one;
    const auto file = world_.as(kProgram, [&](gate::Context& c, const Actor&) { return world_.office().load(c, id); });
    ASSERT_TRUE(file.has_value()) << name << " " << (file ? "" : file.error().key);
    seen_.insert(name + " " + file->c.state);
    if (file->c.kind == workflow::StateKind::closed) seen_.insert(name + " closed");
    const auto here = world_.office().starting_here(*file);
    if (here.empty()) return;
    const workflow::Transition& t = *here[below(here.size())];
    std::string who = anybody();
    // Mostly somebody who has a part in it tries, so that the walk gets anywhere.
    for (int i = 0; i < 12 && below(6) != 0; ++i) {
      const auto chance = world_.as(who, [&](gate::Context& c, const Actor& a) { return world_.office().chance(c, *file, a, t); });
      if (chance && chance->mover) break;
      who = anybody();
    }
    const bool program = std::any_of(t.by.begin(), t.by.end(), [](const workflow::Who& w) { return w.program.value_or(false); });
    if (program && below(2) == 0) who = kProgram;
    step(one, *file, t, who);
  }

  void step(const std::pair<CaseId, std::string>& one, const File& file, const workflow::Transition& t, const std::string& who) {
    const auto& [id, name] = one;
    const std::size_t before = file.steps.size();
    MoveIn in{t.key, file.c.hash, {}, below(8) == 0 ? "" : "理由を書いた", below(2) == 0 ? "" : "ほかに行える人がおらず待てないため"};
    for (const std::string& key : t.ask.value_or(workflow::Keys{}))
      if (const workflow::Field* f = file.d().field(key); f != nullptr && !f->derive && f->type != "attachment") in.fields[key] = f->rows ? answers(*f, file.c.fields) : value(*f);
    const auto done = world_.as(who, [&](gate::Context& c, const Actor& a) { return world_.office().move(c, a, id, in); });
    if (!done) {
      if (done.error().key == "office.missing" || done.error().key == "office.guard") fill(id, file);
      if (done.error().key == "office.guard") link(id, t);
      return fair(done.error(), name + " " + t.key);
    }
    ++made_;
    seen_.insert(name + " " + t.key);
    look(id, before);
  }

  // What the step waits for is a case of another definition.
  void link(const CaseId& id, const workflow::Transition& t) {
    for (const workflow::Guard& guard : t.guards.value_or(std::vector<workflow::Guard>{})) {
      const std::string other = guard.that.linked ? another(*guard.that.linked) : "";
      if (other.empty()) continue;
      const auto done = world_.as(kProgram, [&](gate::Context& c, const Actor& a) { return world_.office().link(c, a, id, CaseId::trusted(other)); });
      if (!done) fair(done.error(), "link");
    }
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
  int made_ = 0, refused_ = 0;
};

}  // namespace sekisho::office
