#include "features/coverage/matrix.h"

#include <algorithm>
#include <map>
#include <tuple>

namespace sekisho::coverage {
namespace {

constexpr std::int64_t kDayMicros = 86'400'000'000;
constexpr std::int64_t kSoonDays = 30;  // what stops counting within so long is amber
constexpr std::size_t kMostReasons = 3;

std::string day_of(Timestamp at) { return to_jst_minutes(at).substr(0, 10); }

bool asks_nothing(const ClauseView& clause) { return clause.modality == "is" || clause.modality == "may" || clause.modality.empty(); }

// The worst of the controls; the reasons of the worst ones.
void settle(ClauseView& clause, const std::vector<ControlView>& controls, const std::vector<std::size_t>& answering) {
  clause.state = State::not_applicable;
  for (const std::size_t i : answering) clause.state = std::max(clause.state, controls[i].state);
  std::size_t told = 0;
  for (const std::size_t i : answering) {
    clause.controls.push_back(controls[i].id);
    if (controls[i].state != clause.state || told == kMostReasons) continue;
    clause.reason += (clause.reason.empty() ? "" : " ／ ") + controls[i].title + ": " + controls[i].reason;
    ++told;
  }
}

}  // namespace

void Counts::add(State state) {
  switch (state) {
    case State::green: ++green; break;
    case State::amber: ++amber; break;
    case State::red: ++red; break;
    case State::not_applicable: ++not_applicable; break;
  }
}

std::string_view name_of(State state) {
  switch (state) {
    case State::green: return "green";
    case State::amber: return "amber";
    case State::not_applicable: return "not_applicable";
    case State::red: break;
  }
  return "red";
}

State state_named(std::string_view name) {
  for (const State state : {State::green, State::amber, State::not_applicable})
    if (name_of(state) == name) return state;
  return State::red;
}

Judged judge(const Control& control, const std::vector<EvidenceView>& evidence, Timestamp at, Timestamp year_begin, Timestamp year_end) {
  const EvidenceView* newest = nullptr;
  const EvidenceView* standing = nullptr;
  for (const EvidenceView& e : evidence) {
    if (e.withdrawn_by) continue;
    if (!e.dated_at) standing = &e;
    else if (*e.dated_at <= at && (newest == nullptr || *e.dated_at > *newest->dated_at)) newest = &e;
  }
  // What stands all the time is enough where nothing has to return.
  if (standing != nullptr && !control.period_days) return {State::green, standing->what, {}};
  if (newest == nullptr) return {State::red, "証拠がありません", {}};
  std::optional<Timestamp> until = newest->expires_at;
  const auto bound = [&](std::optional<int> days) {
    if (days && (!until || newest->dated_at->micros + *days * kDayMicros < until->micros)) until = Timestamp{newest->dated_at->micros + *days * kDayMicros};
  };
  bound(control.fresh_days);
  bound(control.period_days);
  if (!until) until = *newest->dated_at >= year_begin ? year_end : year_begin;
  const std::string what = day_of(*newest->dated_at) + " " + newest->what;
  if (*until <= at) return {State::red, "証拠の期限が過ぎています（" + what + "、期限 " + day_of(*until) + "）", until};
  if (until->micros - at.micros < kSoonDays * kDayMicros) return {State::amber, "まもなく期限です（" + what + "、期限 " + day_of(*until) + "）", until};
  return {State::green, what, until};
}

void join(Coverage& coverage, const Controls& controls) {
  for (ControlView& control : coverage.controls) {
    control.clauses.clear();
    coverage.control_counts.add(control.state);
  }
  const auto key = [](const auto& view) { return std::tuple(view.version, view.part, view.chapter); };
  std::map<std::tuple<std::string, int, std::string>, std::size_t> chapters;
  for (std::size_t i = 0; i < coverage.chapters.size(); ++i) chapters.emplace(key(coverage.chapters[i]), i);
  for (ClauseView& clause : coverage.clauses) {
    if (asks_nothing(clause)) {
      clause.state = State::not_applicable;
      clause.reason = "定義や許可など、求めるもののない条項です";
    } else if (clause.capability.empty()) {
      clause.state = State::red;
      clause.reason = "条項の意味（対応する能力）が決まっていません";
    } else {
      const auto answering = controls.answering(clause.capability, clause.kind, clause.words);
      settle(clause, coverage.controls, answering);
      for (const std::size_t i : answering) coverage.controls[i].clauses.push_back(clause.ref);
      if (answering.empty()) {
        clause.state = State::red;
        clause.reason = "答える統制がありません（" + clause.capability + "）";
      }
    }
    coverage.clause_counts.add(clause.state);
    if (const auto it = chapters.find(key(clause)); it != chapters.end()) coverage.chapters[it->second].counts.add(clause.state);
  }
}

}  // namespace sekisho::coverage
