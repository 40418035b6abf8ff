// The rows of packs/office/trace.tsv, played in every shipped kind of body: each step of each definition is made by people who may and refused to others,
// and then each row is asked whether what it asks for was seen. players.h says what is looked at after every step.
#include "features/office/trace.h"

#include "features/office/play.h"

namespace sekisho::office {
namespace {

// One play for each body, for all the tests.
struct Played {
  explicit Played(const std::string& profile) : play(profile, 20261127) {
    for (const std::string& name : play.definitions()) play.cover(name);
    duties = play.duties_of_the_year();
  }
  Play play;
  std::set<std::string> duties;
};
Played& played(const std::string& profile) {
  static std::map<std::string, std::unique_ptr<Played>> all;
  auto& one = all[profile];
  if (!one) one = std::make_unique<Played>(profile);
  return *one;
}

// What the play has shown of one row, in one body.
class Asked {
 public:
  Asked(Played& played, const TraceRow& row) : played_(played), play_(played.play), row_(row) {
    for (const std::string& address : row.where) note(address);
  }
  // Not here: a switch of the definitions leaves all of it out (scripts/office_trace.py wants the reason).
  bool active() const { return here_ > 0; }
  std::string lacks() {
    std::string out;
    const auto need = [&](bool yes, const std::string& what) { out += yes ? "" : (out.empty() ? "" : "; ") + what; };
    for (const std::string& address : unplayed_) need(false, address + " was never played");
    Shown all;
    for (const auto& [address, shown] : steps_) merge(all, shown.first);
    if (!row_.with.empty()) merge(all, play_.opened_with(row_.with, row_.where));
    for (const std::string& post : row_.by) need(post == "staff" ? !all.by.empty() : all.by.contains(role(post)), post + " did nothing");
    for (const std::string& post : row_.told) need(all.told.contains(role(post)), post + " was not told");
    if (row_.shows.contains("only")) only(need);
    if (row_.shows.contains("apart")) apart(need);
    if (row_.shows.contains("joint")) joint(need);
    if (row_.shows.contains("asked")) need(all.unready > 0, "nothing was asked for");
    if (row_.shows.contains("unseen")) need(play_.hidden_from_others(row_.where.front()), row_.where.front() + " is read by everybody");
    if (row_.shows.contains("duty")) need(duties_ > 0, "no duty made work");
    return out;
  }

 private:
  static void merge(Shown& into, const Shown& from) {
    into.unready += from.unready;
    into.by.insert(from.by.begin(), from.by.end());
    into.told.insert(from.told.begin(), from.told.end());
  }
  std::string role(const std::string& post) const {
    const auto at = play_.world().profile().permitters.find(post);
    return at == play_.world().profile().permitters.end() ? post : at->second;
  }
  Shown shown(const std::string& address) const {
    const auto at = play_.shown().find(address);
    return at == play_.shown().end() ? Shown{} : at->second;
  }
  void note(const std::string& address) {
    const std::string name = address.substr(0, address.find('/'));
    const auto& here = play_.definitions();
    if (std::find(here.begin(), here.end(), name) == here.end()) return;
    const workflow::Definition d = play_.definition(name);
    const std::vector<std::string> parts = split(address);
    const std::string kind = parts.size() > 1 ? parts[1] : "";
    const std::string key = parts.size() > 2 ? parts[2] : "";
    bool done = true;
    if (kind.empty()) done = play_.ends().contains(name + "/" + end_of(d));
    else if (kind == "open") done = !shown(address).by.empty(), steps_[address] = {shown(address), std::nullopt};
    else if (kind == "duty") done = played_.duties.contains(address), ++duties_;
    else if (kind == "field" || kind == "item") done = d.field(key.substr(0, key.find('.'))) != nullptr;
    else if (const workflow::Transition* const t = d.transition(key); t != nullptr) done = shown(address).made > 0, steps_[address] = {shown(address), *t};
    else return;
    ++here_;
    if (!done) unplayed_.push_back(address);
  }
  static std::vector<std::string> split(std::string address) {
    std::replace(address.begin(), address.end(), '/', ' ');
    return words_of(address);
  }
  // What the cases of a definition are for: the first of the states that close them.
  static std::string end_of(const workflow::Definition& d) {
    for (const workflow::State& s : d.states)
      if (s.kind == workflow::StateKind::closed) return s.key;
    return "";
  }
  // Nobody made the step but the posts of the row, and somebody else tried.
  template <class Need>
  void only(const Need& need) const {
    std::set<std::string> roles;
    for (const std::string& post : row_.by) roles.insert(role(post));
    for (const auto& [address, step] : steps_) {
      const auto& [seen, t] = step;
      if (!t || by_anybody(*t)) continue;
      need(seen.strangers > 0, address + ": nobody else tried");
      if (std::all_of(t->by.begin(), t->by.end(), [](const workflow::Who& w) { return w.post.has_value(); }))
        for (const std::string& one : seen.by) need(one.empty() || roles.contains(one), address + " was made by " + one);
    }
  }
  template <class Need>
  void apart(const Need& need) const {
    int rules = 0;
    for (const auto& [address, step] : steps_) {
      const auto& [seen, t] = step;
      if (!t || !t->separate || t->separate->empty()) continue;
      ++rules;
      need(seen.apart > 0, address + ": nobody was kept out");
      const bool crossable = std::all_of(t->separate->begin(), t->separate->end(), [](const workflow::Separation& s) { return s.unavoidable.value_or(false); });
      need(crossable == (seen.crossed > 0), address + (crossable ? ": nobody went on alone with a reason" : ": crossed, and may not be"));
    }
    need(rules > 0 || row_.kind() != "3", "no rule of separation");
  }
  // players.h has seen to it that no one person signed twice.
  template <class Need>
  void joint(const Need& need) const {
    int rules = 0;
    for (const auto& [address, step] : steps_) {
      const auto& [seen, t] = step;
      const bool alone = address.ends_with("_alone");
      if (!t || (!t->joint && !alone)) continue;
      ++rules;
      for (const workflow::Who& w : t->by)
        if (w.post) need(seen.by.contains(role(*w.post)), address + ": " + *w.post + " did not sign");
    }
    need(rules > 0, "nothing is signed together");
  }

  Played& played_;
  Play& play_;
  const TraceRow& row_;
  std::map<std::string, std::pair<Shown, std::optional<workflow::Transition>>> steps_;
  std::vector<std::string> unplayed_;
  int here_ = 0, duties_ = 0;
};

class Trace : public ::testing::TestWithParam<const char*> {
 protected:
  void rows_of(const std::set<std::string>& kinds) {
    int looked = 0;
    for (const TraceRow& row : trace_rows()) {
      if (!kinds.contains(row.kind())) continue;
      EXPECT_FALSE(row.shows.empty() && row.kind() != "cap") << row.name << " says nothing that could be seen";
      Asked asked(played(GetParam()), row);
      if (!asked.active()) continue;
      ++looked;
      EXPECT_EQ(asked.lacks(), "") << GetParam() << " " << row.name << " " << row.what;
    }
    EXPECT_GT(looked, 0);
  }
};

TEST_P(Trace, EveryStepOfEveryDefinitionIsMade) {
  Play& play = played(GetParam()).play;
  EXPECT_GT(play.definitions().size(), 90U);
  for (const std::string& name : play.definitions()) EXPECT_EQ(play.never_made(name), "") << name;
}
TEST_P(Trace, EachCapabilityIsPlayedToItsEnd) { rows_of({"cap"}); }
TEST_P(Trace, EachReportReachesThoseItIsFor) { rows_of({"2.2", "2.3", "2.4"}); }
TEST_P(Trace, EachSeparationOfDutiesKeepsSomebodyOut) { rows_of({"3"}); }
TEST_P(Trace, EachPermissionIsGivenByItsPostAndByNobodyElse) { rows_of({"4"}); }
TEST_P(Trace, EachDutyMakesItsWorkInTheFiscalYear) { rows_of({"5"}); }

INSTANTIATE_TEST_SUITE_P(Bodies, Trace, ::testing::ValuesIn(kBodies), [](const auto& body) {
  std::string name = body.param;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
});

}  // namespace
}  // namespace sekisho::office
