#include "features/guards/operations.h"

#include <algorithm>

#include "text/utf8.h"

namespace sekisho::guards {
namespace {

using bodies::WholeListIn;
using policy::GuardAction;
using policy::GuardPart;

constexpr std::size_t kMaxRules = 200;
constexpr std::size_t kMaxText = 500;
constexpr int kMaxWords = 20'000;
constexpr std::size_t kMaxChecked = 1u << 20;

struct PackText {
  std::string version;
  std::vector<RuleView> rules;
};
BOOST_DESCRIBE_STRUCT(PackText, (), (version, rules))

std::set<std::string> codes_of(policy::SegmentSet set, const bodies::Profile& profile) {
  std::set<std::string> out;
  for (std::size_t i = 0; i < profile.segments.size(); ++i)
    if ((set >> i & 1u) != 0) out.insert(profile.segments[i].code);
  return out;
}

Result<GuardAction> action_of(const std::string& name) {
  for (const GuardAction a : {GuardAction::allow, GuardAction::warn, GuardAction::mask, GuardAction::block})
    if (name_of(a) == name) return a;
  return fail(Code::invalid_argument, "guards.action", "allow, warn, mask or block");
}

}  // namespace

Result<policy::GuardRule> rule_of(const RuleView& v) {
  policy::GuardRule out;
  for (const std::string& kind : v.kinds) {
    if (kind != "*" && !text::kind_of(kind)) return fail(Code::invalid_argument, "guards.kind", "no such kind");
    out.kinds.insert(kind);
  }
  for (const std::string& part : v.parts) {
    if (part != "typed" && part != "source") return fail(Code::invalid_argument, "guards.part", "typed or source");
    out.parts.insert(part == "typed" ? GuardPart::typed : GuardPart::source);
  }
  SK_TRY(out.action, action_of(v.action));
  if (out.kinds.empty()) return fail(Code::invalid_argument, "guards.kind", "no kind");
  if (v.clause.empty() || v.who_can_permit.empty() || v.clause.size() > kMaxText || v.who_can_permit.size() > kMaxText)
    return fail(Code::invalid_argument, "guards.clause", "clause and who can permit are needed");
  if (v.least < 1 || v.least > 100 || v.class_from < 1 || v.class_to > policy::kTopRank || v.class_from > v.class_to || v.raise_to < 0 || v.raise_to > policy::kTopRank)
    return fail(Code::invalid_argument, "guards.range", "least 1 to 100, classes 1 to 9");
  out.segments = {v.segments.begin(), v.segments.end()};
  out.accepts = {v.accepts.begin(), v.accepts.end()};
  out.endpoint = v.endpoint;
  out.class_from = v.class_from;
  out.class_to = v.class_to;
  out.least = v.least;
  out.raise_to = v.raise_to;
  out.clause = v.clause;
  out.who_can_permit = v.who_can_permit;
  return out;
}

policy::GuardPlace place_of(const policy::Person& person, const endpoints::Endpoint* endpoint, const bodies::Profile& profile, policy::Rank c) {
  policy::GuardPlace out;
  out.session_segments = codes_of(person.session_segment, profile);
  out.endpoint = endpoint != nullptr ? endpoint->id.str() : kBuiltIn;
  // The built-in engine runs where the session is.
  out.endpoint_segments = endpoint != nullptr ? codes_of(endpoint->segments, profile) : out.session_segments;
  out.c = c;
  return out;
}

Result<std::unique_ptr<Guards>> Guards::create(const text::Analyzer& analyzer, const std::string& rules_json) {
  SK_TRY(PackText pack, json::read_text<PackText>(rules_json));
  if (pack.version.empty() || pack.rules.empty()) return fail(Code::corrupt, "guards.pack", "guard rules without version or rules");
  for (const RuleView& rule : pack.rules) SK_CHECK(rule_of(rule).context("guard rules"));
  return std::unique_ptr<Guards>(new Guards(analyzer, std::move(pack.rules)));
}

Result<std::shared_ptr<const Guard>> Guards::guard(sql::Tx& tx, const gate::Body& body, const bodies::Profile& profile) const {
  SK_TRY(const std::string revision, Table::revision(tx));
  const auto top = static_cast<policy::Rank>(profile.confidentiality.size());
  {
    const std::lock_guard lock(mutex_);
    const auto it = kept_.find(body.code);
    if (it != kept_.end() && it->second.revision == revision && it->second.top == top) return it->second.guard;
  }
  std::vector<policy::GuardRule> rules;
  SK_TRY(const auto own, Table::rules(tx));
  for (const std::string& text : own) {
    SK_TRY(const RuleView view, json::read_text<RuleView>(text));
    SK_TRY(auto rule, rule_of(view));
    rules.push_back(std::move(rule));
  }
  for (const RuleView& view : standard_) {
    SK_TRY(auto rule, rule_of(view));
    rules.push_back(std::move(rule));
  }
  SK_TRY(const auto stored, Table::words(tx, "", "", kMaxWords));
  std::vector<std::string> words;
  for (const Word& word : stored) words.push_back(word.word);
  auto made = std::make_shared<const Guard>(analyzer_, std::move(rules), words, top);
  const std::lock_guard lock(mutex_);
  kept_[body.code] = {revision, top, made};
  return made;
}

Result<CheckOut> Guards::check(gate::Context& context, CheckIn& in) const {
  if (!text::is_valid_utf8(in.text)) return fail(Code::invalid_argument, "chat.encoding", "not UTF-8");
  const std::string text = std::exchange(in.text, {});  // the record says what kinds were found, never the text
  if (text.size() > kMaxChecked) return fail(Code::too_large, "guards.too_long", "more than 1 MiB");
  SK_TRY(const auto body, bodies::Table::profile(context.tx));
  SK_TRY(const auto guard, this->guard(context.tx, context.body, body.profile));
  std::optional<endpoints::Endpoint> endpoint;
  if (in.endpoint) {
    SK_TRY(endpoint, endpoints::Table::find(context.tx, *in.endpoint));
    if (!endpoint) return fail(Code::not_found, "endpoints.not_found", "no such endpoint");
  }
  const auto place = place_of(context.permit().person(), endpoint ? &*endpoint : nullptr, body.profile, std::max(1, in.c.value_or(1)));
  CheckOut out{"allow", {}};
  GuardAction strongest = GuardAction::allow;
  std::vector<Count> counts;
  for (const Judged& j : guard->judge(text, GuardPart::typed, place)) {
    strongest = std::max(strongest, j.decision.action);
    add(counts, text::name_of(j.finding.kind), j.decision.action);
    out.findings.push_back({std::string(text::name_of(j.finding.kind)), j.finding.begin, j.finding.end, j.finding.confidence, j.finding.masked,
                            name_of(j.decision.action), j.decision.clause, context.body.words.load()->permitter(j.decision.who_can_permit)});
  }
  out.action = name_of(strongest);
  context.note("guard", json::to_value(counts));
  return out;
}

Result<RulesOut> Guards::rules(gate::Context& context) const {
  RulesOut out;
  SK_TRY(const auto own, Table::rules(context.tx));
  for (const std::string& text : own) {
    SK_TRY(auto view, json::read_text<RuleView>(text));
    out.own.push_back(std::move(view));
  }
  // Of all bodies: who permits is a key there. A body's own rules say it in its words.
  out.standard = standard_;
  for (RuleView& view : out.standard) view.who_can_permit = context.body.words.load()->permitter(view.who_can_permit);
  out.kinds.assign(text::kFindingKinds.begin(), text::kFindingKinds.end());
  return out;
}

Result<RulesOut> Guards::update_rules(gate::Context& context, RulesIn& in) const {
  if (in.rules.size() > kMaxRules) return fail(Code::too_large, "guards.too_many_rules", "at most 200");
  SK_TRY(const auto body, bodies::Table::profile(context.tx));
  std::vector<std::string> texts;
  for (const RuleView& view : in.rules) {
    SK_CHECK(rule_of(view));
    for (const auto* list : {&view.segments, &view.accepts})
      for (const std::string& code : *list)
        if (std::none_of(body.profile.segments.begin(), body.profile.segments.end(), [&](const bodies::Segment& s) { return s.code == code; }))
          return fail(Code::invalid_argument, "guards.segment", "no such segment");
    if (!view.endpoint.empty() && view.endpoint != kBuiltIn) {
      SK_TRY(const auto id, endpoints::EndpointId::parse(view.endpoint));
      SK_TRY(const auto endpoint, endpoints::Table::find(context.tx, id));
      if (!endpoint) return fail(Code::not_found, "endpoints.not_found", "no such endpoint");
    }
    texts.push_back(json::write(view));
  }
  SK_CHECK(Table::replace_rules(context.tx, texts));
  SK_CHECK(Table::set_revision(context.tx, context.new_id<struct RevisionTag>().str(), context.now));
  return rules(context);
}

Status carry_over(gate::Context& context, const policy::SchemeChange& change) {
  SK_TRY(const auto rules, Table::rules(context.tx));
  if (rules.empty() || change.c.to.empty()) return ok();
  std::vector<std::string> texts;
  for (const std::string& text : rules) {
    SK_TRY(RuleView rule, json::read_text<RuleView>(text));
    const bool strict = rule.action == "block" || rule.action == "mask";
    rule.class_to = strict || rule.class_to == policy::kTopRank ? change.c.strictest(rule.class_to) : change.c.permits(rule.class_to);
    rule.class_from = strict ? change.c.lowest(rule.class_from) : change.c.strictest(rule.class_from);
    if (rule.raise_to > 0) rule.raise_to = change.c.strictest(rule.raise_to);
    if (rule.class_from <= rule.class_to) texts.push_back(json::write(rule));  // else it reaches nothing any more
  }
  SK_CHECK(Table::replace_rules(context.tx, texts));
  return Table::set_revision(context.tx, context.new_id<struct RevisionTag>().str(), context.now);
}

gate::Operation<CheckIn, CheckOut> Guards::check_operation() {
  return {"guards.check", "送る前に、個人情報などがないかを見る", "guards.check", gate::Access::read, 2u << 20, gate::no_preparation<CheckIn>(),
          [this](gate::Context& c, CheckIn& in) { return check(c, in); }};
}

void Guards::register_operations(gate::Registry& registry) {
  using gate::Access;
  registry.add(check_operation());
  registry.add(gate::Operation<WholeListIn, RulesOut>{"guards.rules", "見つけたものをどう扱うかの規則", "guards.read", Access::read, 1024, gate::no_preparation<WholeListIn>(),
                                                      [this](gate::Context& c, WholeListIn&) { return rules(c); }});
  registry.add(gate::Operation<RulesIn, RulesOut>{"guards.update_rules", "団体の規則を置き換える", "guards.manage", Access::write, 262144, gate::no_preparation<RulesIn>(),
                                                  [this](gate::Context& c, RulesIn& in) { return update_rules(c, in); }});
  register_word_operations(registry);
}

}  // namespace sekisho::guards
