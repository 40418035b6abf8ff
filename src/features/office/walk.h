// Everybody tries everything at random, the clock jumps.
#pragma once
#include "features/office/players.h"

namespace sekisho::office {

class Walk : public Players {
 public:
  using Players::Players;

  int run(int steps) {
    for (int step = 0; step < steps && !::testing::Test::HasFailure(); ++step) {
      world_.now_.micros += below(20) == 0 ? 3'600'000'000LL * below(200) : 1000;
      // First each definition in turn, whoever may open it (the program opens what people may not); later now and then one more.
      const bool first = step < static_cast<int>(definitions_.size()) * 8;
      if (first || pool_.empty() || below(25) == 0) begin(definitions_[first ? static_cast<std::size_t>(step) % definitions_.size() : below(definitions_.size())], below(3) == 0 ? kProgram : anybody());
      else if (below(40) == 0) clock();
      else if (below(60) == 0) duties();
      else act(pool_[below(pool_.size())]);
    }
    return made_;
  }
  std::set<std::string> never() const {
    std::set<std::string> out;
    for (const std::string& name : definitions_)
      if (!closed_.contains(name)) out.insert(name);
    return out;
  }

 private:
  void act(const std::pair<CaseId, std::string> one) {  // a copy: a value may open another case, and the pool moves
    const auto& [id, name] = one;
    const auto file = world_.as(kProgram, [&](gate::Context& c, const Actor&) { return world_.office().load(c, id); });
    ASSERT_TRUE(file.has_value()) << name << " " << (file ? "" : file.error().key);
    if (file->c.kind == workflow::StateKind::closed) closed_.insert(name);
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

  std::set<std::string> closed_;
};

}  // namespace sekisho::office
