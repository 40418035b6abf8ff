// People of a body of the tests and what they do to its definitions, with values at random. After each step the rows are looked at without the engine's
// own rules: whoever made one step did not make the step that must be another's, and nobody who must be told is left out. What was seen is kept by the
// address of the step (as packs/office/trace.tsv names it). Walk tries everything, Play goes for each step of a definition.
#pragma once
#include <algorithm>
#include <random>

#include "features/office/test_body.h"

namespace sekisho::office {

inline constexpr const char* kBodies[] = {"city-standards", "city-revised", "village", "association-single", "association-compound"};

// What was seen of one step, or of the opening of a case.
struct Shown {
  int made = 0;
  int apart = 0;      // refused, for a separation of duties
  int crossed = 0;    // made over a separation of duties, with the reason recorded
  int strangers = 0;  // refused to somebody who is not to make it
  int unready = 0;    // refused until what it asks for is there
  std::set<std::string> by, told;  // codes of roles
};

class Players {
 public:
  Players(const std::string& profile, unsigned seed) : world_(profile), random_(seed), places_(world_.units()) {
    world_.office().clauses_from([](gate::Context&) -> Result<std::vector<ClauseRow>> {
      return std::vector<ClauseRow>{{"d", "v", "c1", "1", "席を離れるとき画面を閉じる。", "must", "check", {"@staff"}}, {"d", "v", "c2", "2", "外に漏らさない。", "must_not", "check", {"@staff"}}};
    });
    const auto all = world_.office().definitions().in_force(world_.tx(), "t").value();
    for (const ReadVersion& one : all) {
      if (one.loaded->absent) continue;
      EXPECT_TRUE(one.loaded->definition.has_value()) << profile << ": " << one.version.name << " " << (one.loaded->findings.empty() ? "" : one.loaded->findings.front().text);
      if (one.loaded->definition) definitions_.push_back(one.version.name);
    }
    for (const auto& [role, accounts] : world_.by_role())
      for (const std::string& account : accounts) {
        roles_[account] = role;
        know(account);
      }
  }
  const std::vector<std::string>& definitions() const { return definitions_; }
  const std::map<std::string, Shown>& shown() const { return shown_; }
  TestBody& world() { return world_; }

 protected:
  void know(const std::string& account) { actors_.emplace(account, actor_of(world_.tx(), world_.office().directory(), account, world_.now_).value().value()); }
  // Empty: of several.
  std::string role_of(const std::string& account) const {
    const auto at = roles_.find(account);
    return account == kProgram ? kProgram : at == roles_.end() ? "" : at->second;
  }
  std::size_t below(std::size_t n) { return random_() % n; }
  std::string anybody() {
    return !favoured_.empty() && below(3) == 0 ? favoured_ : world_.accounts()[below(world_.accounts().size())];
  }

  json::Value simple(const std::string& type, const std::optional<std::vector<workflow::Choice>>& choices, const std::optional<std::string>& of) {
    if (type == "choice") return json::Value((*choices)[below(choices->size())].key);
    if (type == "number") return json::Value(static_cast<std::int64_t>(1 + below(3)));
    if (type == "yes_no") return json::Value(below(2) == 0);
    if (type == "date") return json::Value("2026-12-" + std::to_string(10 + below(18)));
    if (type == "datetime") return json::Value("2026-12-01T01:00:00Z");
    if (type == "person") return json::Value(anybody());
    if (type == "department") return json::Value(places_[below(places_.size())]);
    if (type == "class") return json::Object{{"c", 1 + static_cast<int>(below(2))}};
    if (type == "reference") return json::Value(another(of.value_or("")));
    return json::Value("文 " + std::to_string(below(1000)));
  }
  // A case of that definition; now and then a new one, with something written in it: or all would be about the same few, and nobody named in them.
  std::string another(const std::string& definition) {
    std::vector<std::string> some;
    for (const auto& [id, name] : pool_)
      if (name == definition) some.push_back(id.str());
    if (!some.empty() && below(6) != 0) return some[below(some.size())];
    const std::size_t before = pool_.size();
    for (int i = 0; i < 8 && pool_.size() == before; ++i) begin(definition, anybody());
    if (pool_.size() == before && some.empty()) begin(definition, kProgram);
    if (pool_.size() == before) return some.empty() ? "" : some[below(some.size())];
    const CaseId made = pool_.back().first;
    const auto file = world_.as(kProgram, [&](gate::Context& c, const Actor&) { return world_.office().load(c, made); });
    if (file) fill(made, *file);
    return made.str();
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

  void begin(const std::string& name, const std::string& who) {
    const auto one = world_.office().definitions().in_force(world_.tx(), "t", name);
    ASSERT_TRUE(one.has_value() && one->loaded->definition) << name;
    json::Object fields;
    if (who != kProgram)
      for (const workflow::Field& f : one->loaded->definition->fields)
        if (!f.derive && !f.edit && !f.rows && f.type != "attachment" && ((f.required && f.required->always.value_or(false)) || below(4) == 0) && (!f.of || (f.required && f.required->always.value_or(false)) || f.of != name))
          fields[f.key] = value(f);
    Opened how;
    how.by_itself = who == kProgram;
    const auto id = world_.as(who, [&](gate::Context& c, const Actor& a) { return world_.office().open(c, a, name, fields, how); });
    Shown& shown = shown_[name + "/open"];
    if (!id) {
      shown.strangers += id.error().key == "office.not_opener" ? 1 : 0;
      shown.unready += id.error().key == "office.missing" ? 1 : 0;
      return fair(id.error(), name);
    }
    shown.by.insert(role_of(who));
    pool_.emplace_back(*id, name);
    look(*id, 0);
  }

  void step(const std::pair<CaseId, std::string>& one, const File& file, const workflow::Transition& t, const std::string& who) {
    const auto& [id, name] = one;
    const std::size_t before = file.steps.size();
    MoveIn in{t.key, file.c.hash, {}, below(8) == 0 ? "" : "理由を書いた", below(2) == 0 ? "" : kReason};
    for (const std::string& key : t.ask.value_or(workflow::Keys{}))
      if (t.joint && file.c.fields.contains(key)) continue;  // what the others have signed stays
      else if (const workflow::Field* f = file.d().field(key); f != nullptr && !f->derive && f->type != "attachment") in.fields[key] = f->rows ? answers(*f, file.c.fields) : value(*f);
    const auto done = world_.as(who, [&](gate::Context& c, const Actor& a) { return world_.office().move(c, a, id, in); });
    Shown& shown = shown_[name + "/transition/" + t.key];
    if (!done) {
      shown.apart += done.error().key == "office.separation" ? 1 : 0;
      shown.unready += done.error().key == "office.missing" || done.error().key == "office.guard" ? 1 : 0;
      if (done.error().key == "office.missing" || done.error().key == "office.guard") fill(id, file);
      if (done.error().key == "office.guard") link(id, t);
      return fair(done.error(), name + " " + t.key);
    }
    ++made_;
    shown.by.insert(role_of(who));
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
      if (e.event == "open") note_told(file->c.id, e.n, shown_[file->c.definition + "/open"]);
      if (e.event != "move" && e.event != "sign") continue;
      const workflow::Transition* const t = file->d().transition(e.transition);
      ASSERT_NE(t, nullptr);
      separate(*file, *t, e, i);
      Shown& shown = shown_[file->c.definition + "/transition/" + t->key];
      shown.crossed += e.exception ? 1 : 0;
      if (e.event != "move") continue;
      shown.made += role_of(e.person).empty() ? 0 : 1;  // one of several roles shows nothing about any of them
      told(*file, *t, e);
      note_told(file->c.id, e.n, shown);
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
  // The roles of those whom the notices of one event reach.
  void note_told(const CaseId& id, int n, Shown& shown) {
    const auto notices = HistoryTable::notices(world_.tx(), id).value();
    for (const Notice& notice : notices) {
      if (notice.n != n) continue;
      const Addresses who = HistoryTable::told(world_.tx(), notice.id).value();
      for (const auto& [account, actor] : actors_)
        if (meet(who, actor.addresses)) shown.told.insert(role_of(account));
    }
  }

  static constexpr const char* kReason = "ほかに行える人がおらず待てないため";

  TestBody world_;
  std::mt19937 random_;
  std::vector<std::string> definitions_, places_;
  std::string favoured_;  // who is named every third time, if anybody is
  std::map<std::string, std::string> roles_;
  std::map<std::string, Actor> actors_;
  std::vector<std::pair<CaseId, std::string>> pool_;
  std::map<std::string, Shown> shown_;
  int made_ = 0;
};

}  // namespace sekisho::office
