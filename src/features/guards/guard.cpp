#include "features/guards/guard.h"

#include <algorithm>

namespace sekisho::guards {
namespace {

using policy::GuardAction;
using policy::GuardPart;

// The error that stops content, or ok: a block first, then a warning that nobody has confirmed.
Status stopped_by(const std::vector<Judged>& judged, bool must_confirm) {
  for (const Judged& j : judged)
    if (j.decision.action == GuardAction::block)
      return fail(Error{Code::denied, "guards.blocked", std::string(text::name_of(j.finding.kind)), j.decision.clause, j.decision.who_can_permit});
  if (!must_confirm) return ok();
  for (const Judged& j : judged)
    if (j.decision.action == GuardAction::warn)
      return fail(Error{Code::conflict, "guards.confirm", std::string(text::name_of(j.finding.kind)), j.decision.clause, j.decision.who_can_permit});
  return ok();
}

std::vector<text::Finding> with_action(const std::vector<Judged>& judged, bool (*wanted)(GuardAction)) {
  std::vector<text::Finding> out;
  for (const Judged& j : judged)
    if (wanted(j.decision.action)) out.push_back(j.finding);
  return out;
}

}  // namespace

std::string name_of(GuardAction action) {
  switch (action) {
    case GuardAction::allow: return "allow";
    case GuardAction::warn: return "warn";
    case GuardAction::mask: return "mask";
    case GuardAction::block: return "block";
  }
  return "block";
}

void add(std::vector<Count>& counts, std::string_view kind, GuardAction action) {
  const std::string name = name_of(action);
  for (Count& c : counts)
    if (c.kind == kind && c.action == name) {
      ++c.count;
      return;
    }
  counts.push_back({std::string(kind), name, 1});
}

Guard::Guard(const text::Analyzer& analyzer, std::vector<policy::GuardRule> rules, const std::vector<std::string>& words, policy::Rank top)
    : detector_(analyzer, words), rules_(std::move(rules)), top_(top) {}

std::vector<Judged> Guard::judge(std::string_view text, GuardPart part, const policy::GuardPlace& place) const {
  std::vector<Judged> out;
  for (text::Finding& f : detector_.find(text)) {
    policy::GuardDecision d = policy::decide_guard(rules_, std::string(text::name_of(f.kind)), f.confidence, part, place);
    d.raise_to = std::min(d.raise_to, top_);
    out.push_back({std::move(f), std::move(d)});
  }
  return out;
}

Result<policy::Label> Guard::admit(std::string_view text, policy::Label label, const policy::GuardPlace& place, Confirmed confirmed, std::vector<Count>& counts) const {
  const auto judged = judge(text, GuardPart::typed, place);
  for (const Judged& j : judged) {
    if (j.decision.action != GuardAction::allow) add(counts, text::name_of(j.finding.kind), j.decision.action);
    label = policy::raised(std::move(label), j.decision.raise_to);
  }
  SK_CHECK(stopped_by(judged, confirmed == Confirmed::no));
  return label;
}

Result<Passed> Guard::pass(policy::Label label, llm::ChatRequest request, const std::vector<Origin>& origins, policy::GuardPlace place, Confirmed confirmed) const {
  if (origins.size() != request.messages.size()) return fail(Code::internal, "guards.origins", "a message without its origin");
  std::vector<std::vector<Judged>> judged;
  std::vector<Count> counts;
  text::Masker masker;
  for (std::size_t i = 0; i < request.messages.size(); ++i) {
    const std::string& content = request.messages[i].content;
    judged.push_back(judge(content, origins[i] == Origin::source ? GuardPart::source : GuardPart::typed, place));
    SK_CHECK(stopped_by(judged.back(), confirmed == Confirmed::no && origins[i] == Origin::question));
    for (const Judged& j : judged.back()) {
      if (j.decision.action != GuardAction::allow) add(counts, text::name_of(j.finding.kind), j.decision.action);
      label = policy::raised(std::move(label), j.decision.raise_to);
    }
    masker.reserve(content);
  }
  for (std::size_t i = 0; i < request.messages.size(); ++i) {
    const auto hidden = with_action(judged[i], [](GuardAction a) { return a == GuardAction::mask; });
    if (!hidden.empty()) request.messages[i].content = masker.mask(request.messages[i].content, hidden);
  }
  return Passed{policy::Guarded<llm::ChatRequest>(std::move(label), std::move(request), std::move(place.endpoint)), masker.restorer(), std::move(counts)};
}

std::string Guard::covered(std::string_view text, const policy::GuardPlace& place) const {
  text::Masker masker;
  masker.reserve(text);
  return masker.mask(text, with_action(judge(text, GuardPart::typed, place), [](GuardAction a) { return a != GuardAction::allow; }));
}

}  // namespace sekisho::guards
