// A random walk over the whole engine: people, deputies and powers change under it, everybody tries everything, the clock jumps. After each
// step the rows are looked at as an outsider would, without the engine's own rules.
#include <random>

#include "features/approvals/test_office.h"

namespace sekisho::approvals {
namespace {

constexpr int kSteps = 100'000;
constexpr std::size_t kPool = 12;

class Walk : public Office {
 protected:
  void SetUp() override {
    Office::SetUp();
    for (const char* who : {"k2", "t2"}) add(who, {});
    people_["k2"].powers = {"decide.section", "decide.system"};
    people_["t2"].powers = {"decide.central", "decide.system"};
  }
  int below(int n) { return static_cast<int>(random_() % static_cast<unsigned>(n)); }
  std::string anybody() {
    auto it = people_.begin();
    std::advance(it, below(static_cast<int>(people_.size())));
    return it->first;
  }

  void change_people() {
    const std::string who = anybody();
    Standing& s = people_[who];
    switch (below(4)) {
      case 0: s.stands_for.clear(); s.borrowed.clear(); break;
      case 1: if (const std::string principal = anybody(); people_[principal].person != s.person) deputise(who, principal); break;
      case 2: s.powers.insert(kPowers[below(4)]); break;
      default: if (s.powers.size() > 1) s.powers.erase(s.powers.begin()); s.borrowed.clear(); s.stands_for.clear(); break;
    }
  }

  NewRequest anything() {
    NewRequest in = below(2) == 0 ? carry_out(1 + below(20)) : software();
    if (below(6) == 0) {
      in.kind = "exception_measure";
      in.fields = {{"rule", "10(4)ウ"}, {"measure", "見張りを置く"}, {"scope", "窓口"}};
      if (below(2) == 0) in.done_at = Timestamp{now_.micros - kHour};
    }
    if (!in.done_at && below(3) == 0) in.starts_at = Timestamp{now_.micros + kHour};
    if (below(5) == 0) in.reason += "（" + std::to_string(below(1000)) + "）";
    return in;
  }

  Status attempt(const std::string& who, const RequestId& id, int what) {
    const auto found = Table::find(*tx_, id).value();
    const std::string hash = below(10) == 0 ? "stale" : found->hash;
    const gate::Credential credential = below(20) == 0 ? gate::Credential(gate::ApiKey{"sk-t-x"}) : gate::Credential(gate::SessionToken{"s"});
    const auto done = as(who, [&](gate::Context& c) -> Result<Request> {
      switch (what) {
        case 0: return approvals_->edit(c, id, anything());
        case 1: return approvals_->submit(c, id);
        case 2: return approvals_->finish(c, id);
        case 3: return approvals_->rule(c, id, Verdict::refuse, hash, "理由");
        case 4: return approvals_->rule(c, id, Verdict::give_back, hash, "理由");
        case 5: return approvals_->revoke(c, id, "理由");
        case 6: return approvals_->except(c, id, hash, "ほかに人がおらず待てないため", "");
        case 7: return approvals_->settle(c, id);
        default: return approvals_->rule(c, id, Verdict::grant, hash, below(2) == 0 ? "条件" : "");
      }
    }, credential);
    return done ? ok() : Status(Unexpected(done.error()));
  }

  // Rows alone: no signature without an exception by whoever asked; none twice by one person; what is in force is signed in every place.
  void separation_holds(const RequestId& id) {
    const auto request = Table::find(*tx_, id).value();
    std::set<std::string> asks{request->person};
    const auto parties = Table::parties(*tx_, id).value();
    for (const Party& p : parties)
      if (p.side != "rules") asks.insert(p.person);
    std::map<int, std::set<std::string>> signers;
    std::size_t signed_places = 0;
    const auto rulings = Table::rulings(*tx_, id).value();
    for (const Ruling& r : rulings) {
      if (r.ruling != "grant") continue;
      if (r.revision == request->revision) ++signed_places;
      if (r.exception) continue;
      EXPECT_FALSE(asks.contains(r.person)) << r.person;
      EXPECT_FALSE(asks.contains(r.on_behalf)) << r.on_behalf;
      EXPECT_TRUE(signers[r.revision].insert(r.person).second) << r.person << " signed twice";
    }
    if (request->decided_at && request->state != State::refused) {
      EXPECT_EQ(signed_places, request->content.slots.size());
    }
  }

  // Every step since `from` was told to those who must hear of it.
  void nobody_is_forgotten(const RequestId& id, std::size_t from, const std::string& by) {
    const auto request = *Table::find(*tx_, id).value();
    const auto events = Table::events(*tx_, id).value();
    const auto notices = Table::notices_of(*tx_, id).value();
    const Kind& kind = *approvals_->kinds().find(request.content.kind);
    const auto told = [&](const std::string& event, const std::string& account, const std::string& power) {
      return std::any_of(notices.begin(), notices.end(), [&](const Notice& n) { return n.event == event && n.account == account && n.power == power && n.at == now_; });
    };
    for (std::size_t i = from; i < events.size(); ++i) {
      const std::string& e = events[i].event;
      const bool by_requester = by == request.account && !events[i].name.empty();
      const bool theirs = std::set<std::string>{"sign", "grant", "give_back", "refuse", "revoke", "expire", "use"}.contains(e) && !by_requester;
      EXPECT_TRUE(!theirs || told(e, request.account, "")) << e;
      for (const Slot& s : request.content.slots) EXPECT_TRUE(e != "submit" || told(e, "", s.power));
      const bool outcome = e == "grant" || e == "revoke" || e == "finish";
      for (const std::string& power : kind.notified) EXPECT_TRUE(!outcome || told(e, "", power)) << e;
      EXPECT_TRUE(e != "exception" || (told(e, "", "approvals.audit") && told(e, "", "decide.top")));
      ++seen_[e];
    }
  }

  // The requester can always get out, or the request is at its end.
  void no_dead_end(const RequestId& id) {
    const auto request = *Table::find(*tx_, id).value();
    if (is_final(state_at(request, now_))) return;
    ASSERT_TRUE(tx_->savepoint().has_value());
    const auto out = as(request.account, [&](gate::Context& c) { return approvals_->finish(c, id); });
    EXPECT_TRUE(out.has_value()) << name_of(request.state) << ": " << (out ? "" : out.error().key);
    ASSERT_TRUE(tx_->undo().has_value());
  }

  static constexpr const char* kPowers[4] = {"decide.section", "decide.central", "decide.system", "decide.top"};
  std::mt19937 random_{20261126};
  std::vector<RequestId> pool_;
  std::map<std::string, int> seen_;
};

TEST_F(Walk, HundredThousandStepsKeepSeparationLoseNoNoticeAndFindNoDeadEnd) {
  int done = 0;
  for (int step = 0; step < kSteps && !HasFailure(); ++step) {
    if (below(4) == 0) now_.micros += kHour * below(30);
    else now_.micros += 1000;
    if (below(6) == 0) change_people();
    const std::string who = anybody();
    if (pool_.size() < kPool || below(8) == 0) {
      const auto made = as(who, [&](gate::Context& c) { return below(4) == 0 ? approvals_->request(c, anything()) : approvals_->open(c, anything()); });
      if (!made) continue;
      if (pool_.size() == kPool) pool_[static_cast<std::size_t>(below(kPool))] = made->id;
      else pool_.push_back(made->id);
      nobody_is_forgotten(made->id, 0, who);
      continue;
    }
    const RequestId id = pool_[static_cast<std::size_t>(below(kPool))];
    const std::size_t events = Table::events(*tx_, id).value().size();
    const int what = below(16);
    // Mostly the requester does the requester's part, so that the walk gets anywhere.
    const std::string actor = what < 3 && below(3) != 0 ? Table::find(*tx_, id).value()->account : who;
    const Status outcome = attempt(actor, id, what);
    if (!outcome) {
      EXPECT_NE(outcome.error().code, Code::internal) << outcome.error().detail;
      EXPECT_NE(outcome.error().code, Code::corrupt) << outcome.error().detail;
      EXPECT_FALSE(outcome.error().key.starts_with("sql.")) << "only the schema stopped this: " << outcome.error().detail;
      continue;
    }
    ++done;
    separation_holds(id);
    nobody_is_forgotten(id, events, actor);
    no_dead_end(id);
    if (HasFailure()) ADD_FAILURE() << "step " << step << ", move " << what << " by " << actor;
  }
  for (const char* event : {"draft", "edit", "submit", "sign", "grant", "give_back", "refuse", "revoke", "finish", "begin", "expire", "withdraw"})
    EXPECT_GT(seen_[event], 20) << event;
  EXPECT_GT(seen_["exception"], 0);  // open only when nobody else could sign, which is seldom
  RecordProperty("moves", done);
  std::printf("%d steps, %d moves made\n", kSteps, done);
}

}  // namespace
}  // namespace sekisho::approvals
