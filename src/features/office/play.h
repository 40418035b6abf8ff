// People who go for each step of a definition until all were made: cases are opened by those who may and moved by those who may; before a step is made it
// is tried by some who may not, and by whoever a separation of duties keeps out of it. Where that may be crossed, he makes it once alone, with a reason.
#pragma once
#include "features/office/players.h"

namespace sekisho::office {

class Play : public Players {
 public:
  Play(const std::string& profile, unsigned seed) : Players(profile, seed), several_(world_.appoint_to_everything()) {
    // He holds every post, so that whatever separates two steps keeps him from one of them.
    know(several_);
    favoured_ = several_;
    // Cases are about departments in which somebody sits.
    std::erase_if(places_, [&](const std::string& unit) {
      return std::none_of(actors_.begin(), actors_.end(), [&](const auto& one) { return std::find(one.second.units.begin(), one.second.units.end(), unit) != one.second.units.end(); });
    });
  }

  void cover(const std::string& name) {
    const workflow::Definition d = definition(name);
    each_post_ = false;
    for (int i = 0; i < kCases && !wanted(d).empty() && !::testing::Test::HasFailure(); ++i) one_case(d);
    each_post_ = true;
    for (int i = 0; i < kMore && !wanted(d).empty() && !::testing::Test::HasFailure(); ++i) one_case(d);
  }
  workflow::Definition definition(const std::string& name) { return *world_.office().definitions().in_force(world_.tx(), "t", name).value().loaded->definition; }
  // Steps that nobody made.
  std::string never_made(const std::string& name) {
    std::string out;
    const workflow::Definition d = definition(name);
    for (const Want& w : steps_of(d))
      if (seen(d, *w.step).made == 0) out += " " + w.step->key;
    return out;
  }
  // What the calendar of the year that runs has made, as the addresses of the duties; the body has said how often is often.
  std::set<std::string> duties_of_the_year() {
    std::vector<bodies::TimeWord> words;
    for (const std::string& name : definitions_) {
      const workflow::Definition d = definition(name);
      for (const workflow::Duty& duty : d.duties.value_or(std::vector<workflow::Duty>{})) {
        if (duty.each.each_case) open_one(definition(*duty.each.each_case));
        for (const std::string& process : duty.every.process.value_or(workflow::Keys{""}))
          if (duty.every.word) words.push_back({*duty.every.word, process, 90 * 24 * 60, "試験", "2026-04-01"});
      }
    }
    world_.decide(words);
    for (int turn = 0; turn < 60 && world_.office().duties_wait(world_.tx(), "t", world_.now_).value(); ++turn) duties();
    std::set<std::string> out;
    const int year = fiscal_year(jst_date(world_.now_), world_.office().definitions().organisation(world_.tx(), "t").value()->fiscal_year_start);
    const auto rows = DutyTable::of_year(world_.tx(), year, 10'000).value();
    for (const DutyRow& row : rows) out.insert(row.definition + "/duty/" + row.duty);
    return out;
  }
  // A case opened with these values by one of the staff, or by a notice of the program: who was told of it. Items that are addresses here are done.
  Shown opened_with(const std::map<std::string, std::string>& with, const std::vector<std::string>& addresses);
  // Somebody reads a case of the definition, and somebody cannot know of it.
  bool hidden_from_others(const std::string& name) {
    for (const auto& [id, of] : pool_) {
      if (of != name) continue;
      int readers = 0;
      for (const auto& [account, actor] : actors_) readers += world_.as(account, [&](gate::Context& c, const Actor& a) { return world_.office().read(c, a, id); }) ? 1 : 0;
      if (readers > 0 && readers < static_cast<int>(actors_.size())) return true;
    }
    return false;
  }
  // States in which cases were closed, as definition/state.
  const std::set<std::string>& ends() const { return ends_; }

 private:
  static constexpr int kCases = 150, kMore = 60, kSteps = 50, kStuck = 8;
  using Mine = std::pair<CaseId, std::string>;  // with the definition's id
  using Steps = std::vector<const workflow::Transition*>;

  struct Want {
    const workflow::Transition* step;
    const workflow::Region* region;  // null: of the case itself
  };
  static std::vector<Want> steps_of(const workflow::Definition& d) {
    std::vector<Want> out;
    for (const workflow::Transition& t : d.transitions) out.push_back({&t, nullptr});
    if (d.regions)
      for (const workflow::Region& r : *d.regions)
        for (const workflow::Transition& t : r.transitions) out.push_back({&t, &r});
    return out;
  }
  // The steps that must be another's.
  static std::vector<Want> parted(const workflow::Definition& d) {
    std::vector<Want> out = steps_of(d);
    std::erase_if(out, [](const Want& w) { return w.step->separate.value_or(std::vector<workflow::Separation>{}).empty(); });
    return out;
  }
  const Shown& seen(const workflow::Definition& d, const workflow::Transition& t) { return shown_[d.id + "/transition/" + t.key]; }
  static bool crossable(const workflow::Definition& d, const workflow::Transition& t) {
    const auto rules = t.separate.value_or(std::vector<workflow::Separation>{});
    return !d.separate && std::all_of(rules.begin(), rules.end(), [](const workflow::Separation& s) { return s.unavoidable.value_or(false); });
  }
  // Of those posts that may make the step, one has not; or one that is told of it was not.
  bool lacks_post(const workflow::Definition& d, const workflow::Transition& t) {
    const auto& posts = world_.profile().permitters;
    const auto lacks = [&](const workflow::Whos& whos, const std::set<std::string>& roles) {
      return std::any_of(whos.begin(), whos.end(), [&](const workflow::Who& w) { return w.post && posts.contains(*w.post) && !roles.contains(posts.at(*w.post)); });
    };
    bool out = lacks(t.by, seen(d, t).by);
    for (const workflow::NoticeRule& n : t.notices.value_or(std::vector<workflow::NoticeRule>{})) out = out || lacks(n.to, seen(d, t).told);
    return out;
  }
  // What is not made yet; when all is, where nobody was kept out yet, or nobody crossed what may be crossed; at last what was not made by each post.
  std::vector<Want> wanted(const workflow::Definition& d) {
    std::vector<Want> out = steps_of(d);
    std::erase_if(out, [&](const Want& w) { return seen(d, *w.step).made > 0; });
    if (!out.empty()) return out;
    out = parted(d);
    std::erase_if(out, [&](const Want& w) { return seen(d, *w.step).apart > 0 && (seen(d, *w.step).crossed > 0 || !crossable(d, *w.step)); });
    if (!out.empty() || !each_post_) return out;
    out = steps_of(d);
    std::erase_if(out, [&](const Want& w) { return !lacks_post(d, *w.step); });
    return out;
  }

  // ---- a case
  void one_case(const workflow::Definition& d) {
    const std::optional<Mine> opened = open_one(d);
    if (!opened) return;
    const Mine mine = *opened;
    for (int i = 0, stuck = 0; i < kSteps && stuck < kStuck && !::testing::Test::HasFailure(); ++i) {
      const File file = look_at(mine.first);
      const workflow::Transition* const t = next(file);
      if (t == nullptr) break;
      stuck = advance(mine, file, *t) ? 0 : stuck + 1;
    }
  }
  std::optional<Mine> open_one(const workflow::Definition& d) {
    std::vector<std::string> may, may_not;
    for (const std::string& account : world_.accounts()) {
      const Actor& actor = actors_.at(account);
      const bool opens = std::any_of(d.open.by.begin(), d.open.by.end(), [&](const workflow::Who& w) { return w.anyone.value_or(false) || w.field || holds(w, actor); });
      (opens ? may : may_not).push_back(account);
    }
    if (shown_[d.id + "/open"].strangers == 0 && !may_not.empty()) begin(d.id, may_not[below(may_not.size())]);
    const bool both = !parted(d).empty() && std::find(may.begin(), may.end(), several_) != may.end();
    const std::size_t before = pool_.size();
    // What a reference names may be a case that is opened first.
    const auto mine = [&] { return std::find_if(pool_.begin() + static_cast<std::ptrdiff_t>(before), pool_.end(), [&](const Mine& one) { return one.second == d.id; }); };
    for (int i = 0; i < 10 && mine() == pool_.end() && !may.empty(); ++i) begin(d.id, both && below(2) == 0 ? several_ : may[below(may.size())]);
    if (mine() == pool_.end()) begin(d.id, kProgram);
    return mine() == pool_.end() ? std::nullopt : std::optional(*mine());
  }
  bool holds(const workflow::Who& w, const Actor& actor) {
    const auto& posts = world_.profile().permitters;
    return (w.post && posts.contains(*w.post) && actor.addresses.contains("post:" + posts.at(*w.post))) || (w.power && actor.addresses.contains("power:" + *w.power));
  }
  File look_at(const CaseId& id) {
    auto file = world_.as(kProgram, [&](gate::Context& c, const Actor&) { return world_.office().load(c, id); });
    if (file->c.kind == workflow::StateKind::closed) ends_.insert(file->c.definition + "/" + file->c.state);
    return std::move(*file);
  }
  bool advance(const Mine& mine, File file, const workflow::Transition& t) {
    world_.now_.micros += 1000;
    for (const workflow::Guard& guard : t.guards.value_or(std::vector<workflow::Guard>{})) settle(mine, guard.that);
    file = look_at(mine.first);
    if (!starts(file, t)) return true;
    const int before = made_;
    if (seen(file.d(), t).strangers == 0) stranger(file, t);
    if (t.separate) {
      const std::string parted_from = keep_apart(file, t);
      if (seen(file.d(), t).apart == 0) rearrange(file, t);
      if (!parted_from.empty() && crossable(file.d(), t) && seen(file.d(), t).crossed == 0) cross(mine, file, t, parted_from);
      if (made_ > before) return true;
    }
    const std::string who = willing(file, t);
    if (who.empty()) return false;
    if (seen(file.d(), t).unready == 0) bare(file, t, who);
    step(mine, file, t, who);
    return made_ > before;
  }
  bool starts(const File& file, const workflow::Transition& t) {
    const Steps here = world_.office().starting_here(file);
    return std::any_of(here.begin(), here.end(), [&](const workflow::Transition* one) { return one->key == t.key; });
  }
  // What a step waits for besides what is written in the case.
  void settle(const Mine& mine, const workflow::Condition& that) {
    for (const workflow::Condition& one : that.all.value_or(std::vector<workflow::Condition>{})) settle(mine, one);
    if (that.linked) settle_linked(mine.first, that);
    const File file = look_at(mine.first);
    if (that.passed)
      if (const workflow::Transition* const t = file.d().transition(*that.passed); t != nullptr && movers_of(file.steps, t->key).empty() && starts(file, *t)) advance(mine, file, *t);
    if (!that.region || !that.in) return;
    workflow::Keys goals;
    for (const json::Value& state : *that.in) goals.emplace_back(std::string_view(state.get_string()));
    drive(mine, file.d().region(*that.region), goals);
  }
  // Other cases: all that hang on this one are closed, or one hangs on it that stands where it must.
  void settle_linked(const CaseId& id, const workflow::Condition& that) {
    const workflow::Definition other = definition(*that.linked);
    workflow::Keys goals = that.state.value_or(workflow::Keys{});
    for (const workflow::State& s : other.states)
      if (that.kind && s.kind == workflow::StateKind::closed) goals.push_back(s.key);
    const auto linked = CaseTable::links(world_.tx(), id).value();
    if (that.count == "every")
      for (const CaseTable::Link& l : linked)
        if (look_at(l.id).c.definition == other.id) drive({l.id, other.id}, nullptr, goals);
    if (that.count != "at_least_one") return;
    const std::optional<Mine> one = open_one(other);
    if (!one || !drive(*one, nullptr, goals)) return;
    const auto done = world_.as(kProgram, [&](gate::Context& c, const Actor& a) { return world_.office().link(c, a, id, one->first); });
    if (!done) fair(done.error(), "link");
  }
  // The case, or a branch of it, is brought to one of these states.
  bool drive(const Mine& mine, const workflow::Region* region, const workflow::Keys& goals) {
    for (int i = 0; i < kSteps && !goals.empty(); ++i) {
      const File file = look_at(mine.first);
      if (workflow::contains(goals, file.state_in(region))) return true;
      Steps on;
      nearer(region == nullptr ? file.d().transitions : region->transitions, goals, file.state_in(region), world_.office().starting_here(file), on);
      if (on.empty()) return false;
      advance(mine, file, *on[below(on.size())]);
    }
    return goals.empty();
  }

  // ---- where to
  // How many steps each state is from the nearest of these.
  static std::map<std::string, int> far_from(const std::vector<workflow::Transition>& steps, const workflow::Keys& goals) {
    std::map<std::string, int> out;
    for (const std::string& goal : goals) out[goal] = 0;
    for (bool more = true; more;) {
      more = false;
      for (const workflow::Transition& t : steps) {
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
  // The steps from here that bring the case nearer to these states.
  static void nearer(const std::vector<workflow::Transition>& steps, const workflow::Keys& goals, const std::string& state, const Steps& here, Steps& out) {
    const auto far = far_from(steps, goals);
    if (!far.contains(state)) return;
    for (const workflow::Transition* t : here) {
      const bool ours = std::any_of(steps.begin(), steps.end(), [&](const workflow::Transition& one) { return one.key == t->key; });
      if (ours && t->to && far.contains(*t->to) && far.at(*t->to) < far.at(state)) out.push_back(t);
    }
  }
  const workflow::Transition* next(const File& file) {
    const workflow::Definition& d = file.d();
    const Steps here = world_.office().starting_here(file);
    Steps now, on, aside;
    for (const Want& w : wanted(d)) {
      const auto it = std::find_if(here.begin(), here.end(), [&](const workflow::Transition* t) { return t->key == w.step->key; });
      if (it != here.end()) now.push_back(*it);
      else if (w.region == nullptr) nearer(d.transitions, w.step->from, file.c.state, here, on);
      else if (!workflow::contains(w.region->live_in, file.c.state)) nearer(d.transitions, w.region->live_in, file.c.state, here, on);
      else nearer(w.region->transitions, w.step->from, file.state_in(w.region), here, on);
    }
    if (now.empty() && on.empty()) return nullptr;
    const auto closes = [&](const workflow::Transition* t) {
      const workflow::State* const to = t->to ? d.state(*t->to) : nullptr;
      return to != nullptr && to->kind == workflow::StateKind::closed;
    };
    // Now and then a branch, or what a guard waits for; what closes the case comes last.
    std::copy_if(here.begin(), here.end(), std::back_inserter(aside), [&](const auto* t) { return !closes(t); });
    if (!aside.empty() && below(4) == 0) return aside[below(aside.size())];
    if (!std::all_of(now.begin(), now.end(), closes)) std::erase_if(now, closes);
    const Steps& some = now.empty() || (!on.empty() && below(4) == 0) ? on : now;
    return some[below(some.size())];
  }

  // ---- who
  Addresses movers(const File& file, const workflow::Transition& t) { return Addressing(world_.tx(), file.d(), *file.organisation, file.c, file.steps).of(t.by).value(); }
  Office::Chance chance(const File& file, const workflow::Transition& t, const std::string& who) {
    return world_.as(who, [&](gate::Context& c, const Actor& a) { return world_.office().chance(c, file, a, t); }).value();
  }
  // Somebody who may make this step, best one whom no separation keeps out and whose role has not made it yet; empty: nobody.
  std::string willing(const File& file, const workflow::Transition& t) {
    const Addresses by = movers(file, t);
    std::vector<std::string> all = world_.accounts();
    std::shuffle(all.begin(), all.end(), random_);
    if (!parted(file.d()).empty() && below(2) == 0) std::iter_swap(all.begin(), std::find(all.begin(), all.end(), several_));
    std::string first, second;
    for (const std::string& who : all) {
      if (!meet(by, actors_.at(who).addresses)) continue;
      const Office::Chance now = chance(file, t, who);
      if (now.mover && !now.conflict && !seen(file.d(), t).by.contains(role_of(who))) return who;
      if (now.mover) (now.conflict ? second : first) = who;
    }
    return !first.empty() ? first : by.contains(kProgram) ? kProgram : second;
  }
  Status attempt(const File& file, const workflow::Transition& t, const std::string& who, const std::string& unavoidable = "") {
    const MoveIn in{t.key, file.c.hash, {}, "理由を書いた", unavoidable};
    return world_.as(who, [&](gate::Context& c, const Actor& a) { return world_.office().move(c, a, file.c.id, in); });
  }
  // The step without what it asks for.
  void bare(const File& file, const workflow::Transition& t, const std::string& who) {
    EXPECT_TRUE(world_.tx().savepoint().has_value());
    const Status done = attempt(file, t, who);
    EXPECT_TRUE(world_.tx().undo().has_value());
    if (!done && (done.error().key == "office.missing" || done.error().key == "office.guard")) ++shown_[file.c.definition + "/transition/" + t.key].unready;
  }
  // Two who are not to make the step try it.
  void stranger(const File& file, const workflow::Transition& t) {
    const Addresses by = movers(file, t);
    std::vector<std::string> others;
    for (const std::string& account : world_.accounts())
      if (!meet(by, actors_.at(account).addresses)) others.push_back(account);
    std::shuffle(others.begin(), others.end(), random_);
    others.resize(std::min<std::size_t>(others.size(), 2));
    for (const std::string& who : others) {
      const Status done = attempt(file, t, who);
      EXPECT_FALSE(done.has_value()) << file.c.definition << " " << t.key << ": made by " << role_of(who);
      // Whoever may not even know of the case is told that there is none.
      EXPECT_TRUE(done.has_value() || done.error().key == "office.not_yours" || done.error().code == Code::not_found) << file.c.definition << " " << t.key << ": " << done.error().key;
      ++shown_[file.c.definition + "/transition/" + t.key].strangers;
    }
  }
  // Whoever a separation keeps out of this step tries it with no reason for crossing it, and is refused.
  std::string keep_apart(const File& file, const workflow::Transition& t) {
    const Addresses by = movers(file, t);
    std::string out;
    for (const std::string& account : world_.accounts()) {
      if (!meet(by, actors_.at(account).addresses)) continue;
      const Office::Chance now = chance(file, t, account);
      if (!now.mover || !now.conflict) continue;
      refused_apart(file, t, account);
      out = account;
    }
    return out;
  }
  void refused_apart(const File& file, const workflow::Transition& t, const std::string& who) {
    const Status done = attempt(file, t, who);
    EXPECT_FALSE(done.has_value()) << file.c.definition << " " << t.key << ": not refused";
    if (!done && done.error().key == "office.separation") ++shown_[file.c.definition + "/transition/" + t.key].apart;
  }
  // Where earlier steps keep two who are named apart, the names are changed meanwhile; then the step is refused all the same.
  void rearrange(const File& file, const workflow::Transition& t) {
    std::string who = several_;
    json::Object fields;
    for (const workflow::Separation& s : *t.separate) {
      if (!s.other_than) continue;
      if (s.other_than->starts_with("field:")) fields[s.other_than->substr(6)] = json::Value(std::string_view(who));
      if (!s.other_than->starts_with("mover:")) continue;
      const auto before = movers_of(file.steps, s.other_than->substr(6));
      if (!before.empty()) who = *before.begin();
    }
    for (const workflow::Who& w : t.by)
      if (w.field && file.d().field(*w.field)->type == "person") fields[*w.field] = json::Value(std::string_view(who));
    if (fields.empty()) return;
    EXPECT_TRUE(world_.tx().savepoint().has_value());
    const auto done = world_.as(kProgram, [&](gate::Context& c, const Actor& a) { return world_.office().edit(c, a, file.c.id, file.c.hash, fields); });
    if (done) {
      const File changed = look_at(file.c.id);
      const Office::Chance now = chance(changed, t, who);
      if (now.mover && now.conflict) refused_apart(changed, t, who);
    }
    EXPECT_TRUE(world_.tx().undo().has_value());
  }
  // Everybody else who could make the step is away: with a reason that says enough he makes it alone, and that is recorded.
  void cross(const Mine& mine, const File& file, const workflow::Transition& t, const std::string& who) {
    std::vector<std::string> away;
    const Addresses by = movers(file, t);
    for (const std::string& account : world_.accounts())
      if (account != who && meet(by, actors_.at(account).addresses)) away.push_back(account);
    for (const std::string& account : away) set_enabled(account, false);
    const Status short_reason = attempt(file, t, who, "短い");
    EXPECT_FALSE(short_reason.has_value()) << file.c.definition << " " << t.key;
    for (int i = 0, before = made_; i < 6 && made_ == before; ++i) step(mine, look_at(mine.first), t, who);
    for (const std::string& account : away) set_enabled(account, true);
  }
  void set_enabled(const std::string& account, bool yes) {
    auto found = accounts::Table::find(world_.tx(), accounts::AccountId::trusted(account)).value();
    found->enabled = yes;
    EXPECT_TRUE(accounts::Table::update(world_.tx(), *found).has_value());
  }

  const std::string several_;
  bool each_post_ = false;
  std::set<std::string> ends_;
};

inline Shown Play::opened_with(const std::map<std::string, std::string>& with, const std::vector<std::string>& addresses) {
  std::string name;
  for (const std::string& address : addresses)
    if (address.ends_with("/open")) name = address.substr(0, address.find('/'));
  Shown out;
  std::optional<CaseId> id;
  if (with.contains("alarm")) {
    const auto before = CaseTable::not_closed(world_.tx(), name, "", 100'000).value();
    const auto done = world_.as(kProgram, [&](gate::Context& c, const Actor&) { return world_.office().happened(c, with.at("alarm"), "", "試験"); });
    EXPECT_TRUE(done.has_value());
    const auto after = CaseTable::not_closed(world_.tx(), name, "", 100'000).value();
    for (const CaseId& one : after)
      if (std::find(before.begin(), before.end(), one) == before.end()) id = one;
    out.by.insert(kProgram);
  } else {
    const std::string who = world_.by_role().at(world_.profile().roles.back().code).front();
    json::Object fields{{"what", "試験"}, {"noticed_at", "2026-11-18T01:00:00Z"}, {"unit", actors_.at(who).units.front()}};
    for (const auto& [field, value] : with) fields[field] = value;
    for (const std::string& address : addresses)
      if (const auto at = address.find("/item/"); at != std::string::npos) {
        const std::string item = address.substr(at + 6);
        fields[item.substr(0, item.find('.'))] = json::Object{{item.substr(item.find('.') + 1), json::Object{{"done", true}}}};
      }
    const auto opened = world_.as(who, [&](gate::Context& c, const Actor& a) { return world_.office().open(c, a, name, fields, {}); });
    EXPECT_TRUE(opened.has_value()) << (opened ? "" : opened.error().key + " " + opened.error().detail);
    if (opened) id = *opened;
    out.by.insert(role_of(who));
  }
  if (id) note_told(*id, 1, out);
  else ADD_FAILURE() << "no case was opened";
  return out;
}

}  // namespace sekisho::office
