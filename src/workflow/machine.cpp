// The machine of a definition, walked in full: the states of the case together with those of its regions. Conditions on regions and states are
// decided; what depends on what people write is taken as possible.
#include <algorithm>
#include <deque>
#include <map>
#include <set>

#include "workflow/definition.h"

namespace sekisho::workflow {
namespace {

constexpr std::size_t kMostNodes = 200'000;

using Place = std::vector<std::uint8_t>;  // state of the case, then of each region

std::uint8_t index_of(const std::vector<State>& states, std::string_view key) {
  const auto it = std::find_if(states.begin(), states.end(), [&](const State& s) { return s.key == key; });
  return static_cast<std::uint8_t>(it - states.begin());
}

class Machine {
 public:
  Machine(const Definition& d, const std::map<std::string, int>& lines, std::vector<Finding>& findings) : d_(d), lines_(lines), findings_(findings), regions_(d.regions.value_or(std::vector<Region>{})) {}

  void run() {
    Place start(1 + regions_.size(), 0);
    start[0] = index_of(d_.states, d_.first_state());
    reach(start);
    // Where duties, imports and the like begin elsewhere, the first state is still where people begin.
    if (whole_) dead_ends();
    unreached();
  }

 private:
  // true, false, or nothing: people decide.
  std::optional<bool> decided(const Condition& c, const Place& place) const {
    if (c.all || c.any) {
      bool open = false;
      for (const Condition& inner : c.all ? *c.all : *c.any) {
        const auto one = decided(inner, place);
        if (!one) open = true;
        else if (*one == c.any.has_value()) return *one;
      }
      return open ? std::nullopt : std::optional(!c.any.has_value());
    }
    if (c.negate) {
      const auto one = decided(c.negate->front(), place);
      return one ? std::optional(!*one) : std::nullopt;
    }
    if (c.region) {
      for (std::size_t r = 0; r < regions_.size(); ++r)
        if (regions_[r].key == *c.region)
          return std::any_of(c.in->begin(), c.in->end(), [&](const json::Value& v) { return v.is_string() && std::string_view(v.get_string()) == regions_[r].states[place[1 + r]].key; });
      return std::nullopt;
    }
    if (c.state && !c.reference && !c.linked) return contains(*c.state, d_.states[place[0]].key);
    return std::nullopt;
  }

  std::vector<Place> next(const Place& place) {
    std::vector<Place> out;
    const auto step = [&](const std::vector<Transition>& list, const std::vector<State>& states, std::size_t part) {
      for (const Transition& t : list) {
        if (!contains(t.from, states[place[part]].key)) continue;
        const auto guards = t.guards.value_or(std::vector<Guard>{});
        if (std::any_of(guards.begin(), guards.end(), [&](const Guard& g) { return decided(g.that, place) == std::optional(false); })) continue;
        used_.insert(t.key);
        if (!t.to) continue;
        out.push_back(place);
        out.back()[part] = index_of(states, *t.to);
      }
    };
    step(d_.transitions, d_.states, 0);
    for (std::size_t r = 0; r < regions_.size(); ++r)
      if (contains(regions_[r].live_in, d_.states[place[0]].key)) step(regions_[r].transitions, regions_[r].states, 1 + r);
    return out;
  }

  void reach(const Place& start) {
    std::deque<Place> waiting{start};
    number_[start] = 0;
    places_.push_back(start);
    while (!waiting.empty()) {
      const Place place = waiting.front();
      waiting.pop_front();
      const std::size_t from = number_[place];
      for (const Place& to : next(place)) {
        const auto [it, fresh] = number_.emplace(to, places_.size());
        if (fresh) {
          if (places_.size() >= kMostNodes) {
            whole_ = false;
            return say("$.regions", "状態の組合せが多すぎます");
          }
          places_.push_back(to);
          waiting.push_back(to);
        }
        back_.emplace(it->second, from);
      }
    }
  }

  void dead_ends() {
    std::vector<bool> good(places_.size());
    std::deque<std::size_t> waiting;
    for (std::size_t i = 0; i < places_.size(); ++i)
      if (d_.states[places_[i][0]].kind == StateKind::closed) {
        good[i] = true;
        waiting.push_back(i);
      }
    while (!waiting.empty()) {
      const std::size_t at = waiting.front();
      waiting.pop_front();
      for (auto [it, end] = back_.equal_range(at); it != end; ++it)
        if (!good[it->second]) {
          good[it->second] = true;
          waiting.push_back(it->second);
        }
    }
    std::set<std::string> told;
    for (std::size_t i = 0; i < places_.size(); ++i) {
      if (good[i]) continue;
      const State& state = d_.states[places_[i][0]];
      if (!told.insert(state.key).second) continue;
      std::string with;
      for (std::size_t r = 0; r < regions_.size(); ++r) with += "、" + regions_[r].title + "が「" + regions_[r].states[places_[i][1 + r]].title + "」";
      say("$.states[" + std::to_string(places_[i][0]) + "]", "行き止まりです: 「" + state.title + "」" + with + "から、終わりの状態に行けません");
    }
  }

  void unreached() {
    if (!whole_) return;
    std::vector<std::set<std::uint8_t>> seen(1 + regions_.size());
    for (const Place& place : places_)
      for (std::size_t part = 0; part < place.size(); ++part) seen[part].insert(place[part]);
    const auto states = [&](const std::vector<State>& list, std::size_t part, const std::string& where) {
      for (std::size_t i = 0; i < list.size(); ++i)
        if (!seen[part].contains(static_cast<std::uint8_t>(i))) say(where + ".states[" + std::to_string(i) + "]", "状態「" + list[i].title + "」には、どこからも行けません");
    };
    const auto transitions = [&](const std::vector<Transition>& list, const std::string& where) {
      for (std::size_t i = 0; i < list.size(); ++i)
        if (!used_.contains(list[i].key)) say(where + ".transitions[" + std::to_string(i) + "]", "遷移「" + list[i].title + "」は、どの状態でもできません");
    };
    states(d_.states, 0, "$");
    transitions(d_.transitions, "$");
    for (std::size_t r = 0; r < regions_.size(); ++r) {
      states(regions_[r].states, 1 + r, "$.regions[" + std::to_string(r) + "]");
      transitions(regions_[r].transitions, "$.regions[" + std::to_string(r) + "]");
    }
  }

  void say(const std::string& place, std::string text) { findings_.push_back({line_of(lines_, place), place, std::move(text)}); }

  const Definition& d_;
  const std::map<std::string, int>& lines_;
  std::vector<Finding>& findings_;
  const std::vector<Region> regions_;
  std::map<Place, std::size_t> number_;
  std::vector<Place> places_;
  std::multimap<std::size_t, std::size_t> back_;  // place -> where one comes to it from
  std::set<std::string> used_;
  bool whole_ = true;
};

}  // namespace

void check_machine(const Definition& definition, const std::map<std::string, int>& lines, std::vector<Finding>& findings) { Machine(definition, lines, findings).run(); }

}  // namespace sekisho::workflow
