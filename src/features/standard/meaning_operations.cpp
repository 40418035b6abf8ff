#include "features/standard/meaning_operations.h"

#include <algorithm>

#include "features/standard/meaning_table.h"

namespace sekisho::standard {
namespace {

constexpr std::size_t kMaxDecisions = 5000;
constexpr std::size_t kMaxWords = 300;  // bytes of an actor or an object
constexpr std::size_t kMaxDecideIn = std::size_t{4} << 20;

std::string name_of(const policy::Person& person) { return person.name.empty() ? person.user_id : person.name; }

const char* state_of(const Meaning& m) { return m.refused ? "refused" : m.confirmed ? "confirmed" : "suggested"; }

MeaningCounts counts_of(const std::vector<Meaning>& meanings) {
  MeaningCounts out;
  for (const Meaning& m : meanings) {
    ++(m.refused ? out.refused : m.confirmed ? out.confirmed : out.suggested);
    out.stale += m.stale ? 1 : 0;
  }
  return out;
}

bool wanted(const Meaning& m, const MeaningsIn& in) {
  const auto is = [](const std::optional<std::string>& asked, const std::string& value) { return !asked || *asked == value; };
  if (!is(in.modality, m.modality) || !is(in.kind, m.kind) || !is(in.capability, m.capability)) return false;
  if (in.state && !(*in.state == "stale" ? m.stale : *in.state == state_of(m))) return false;
  if (!in.actor) return true;
  const auto actors = actors_of(m.actor);
  return std::find(actors.begin(), actors.end(), *in.actor) != actors.end();
}

std::vector<ActorView> actor_choices(const bodies::ProfileFile& profile) {
  std::vector<ActorView> out;
  for (const char* group : {"@staff", "@body", "@contractor", "@provider"}) out.push_back({group, actor_name(profile, group)});
  for (const bodies::Role& role : profile.roles) out.push_back({role.code, role.name});
  return out;
}

Result<Content> require(sql::Tx& tx, const VersionId& version) {
  SK_TRY(auto content, Table::content(tx, version));
  if (!content) return fail(Code::not_found, "policies.not_found", "no such version");
  return std::move(*content);
}

Result<MeaningList> list_meanings(gate::Context& context, const Pack& pack, MeaningsIn& in) {
  context.about(in.version.str());
  SK_TRY(const Content content, require(context.tx, in.version));
  SK_TRY(const auto meanings, meanings_of(context.tx, pack, content));
  SK_TRY(const bodies::ProfileFile profile, profile_in_force(context.tx));
  MeaningList out{content.version.document_id, in.version, static_cast<int>(content.version.number), content.version.title, counts_of(meanings), {}, {}, actor_choices(profile),
                  context.permit().person().powers.contains("policies.manage")};
  for (const clauses::PointRule& rule : pack.rules.capabilities) out.capabilities.push_back(rule.value);
  std::size_t at = 0;
  for (const Meaning& m : meanings) {
    while (content.ids[at] != m.clause) ++at;
    if (!wanted(m, in)) continue;
    const clauses::Clause& clause = content.document.clauses[at];
    out.items.push_back({m.clause, m.ref, clause.title, clause.text, m.content_hash, m.modality, m.actor, actor_name(profile, m.actor), m.object, m.kind, m.capability, m.gist, state_of(m),
                         m.stale, m.decided_by, m.decided_at});
  }
  return out;
}

Unexpected wrong(const std::string& detail) { return fail(Code::invalid_argument, "policies.meaning_value", detail); }

template <class List>
bool among(const List& list, const std::string& value) {
  return std::any_of(std::begin(list), std::end(list), [&](const char* known) { return value == known; });
}

// What is confirmed: what was shown, but for what the person changed.
Result<MeaningRow> row_of(const MeaningDecision& decision, const Meaning& shown, const clauses::Suggestion& suggestion, const Pack& pack) {
  MeaningRow row{decision.clause, shown.content_hash, "", "", "", "", "", decision.state, std::nullopt, std::nullopt};
  if (decision.state == "refused") return row;
  const bool fresh = shown.refused;  // nothing is stored that could be confirmed
  row.modality = decision.modality.value_or(fresh ? suggestion.modality : shown.modality);
  row.actor = decision.actor.value_or(fresh ? suggestion.actor : shown.actor);
  row.object = decision.object.value_or(fresh ? suggestion.object : shown.object);
  row.kind = decision.kind.value_or(fresh ? suggestion.kind : shown.kind);
  row.capability = decision.capability.value_or(fresh ? suggestion.capability : shown.capability);
  SK_CHECK(check_meaning(row, pack));
  return row;
}

Result<DecidedOut> decide_meanings(gate::Context& context, const Pack& pack, DecideMeaningsIn& in) {
  context.about(in.version.str());
  if (in.items.empty() || in.items.size() > kMaxDecisions) return fail(Code::invalid_argument, "policies.meaning_count", "1 to 5,000 clauses");
  SK_TRY(const Content content, require(context.tx, in.version));
  SK_TRY(const auto meanings, meanings_of(context.tx, pack, content));
  SK_TRY(const auto suggestions, suggestions_of(context.tx, pack, content));
  std::map<ClauseId, std::pair<const Meaning*, const clauses::Suggestion*>> known;
  std::size_t at = 0;
  for (const Meaning& m : meanings) {
    while (content.ids[at] != m.clause) ++at;
    known[m.clause] = {&m, &*suggestions[at]};
  }
  for (const MeaningDecision& decision : in.items) {
    const auto it = known.find(decision.clause);
    if (it == known.end()) return fail(Code::not_found, "policies.clause_not_found", "no such clause, or one without words");
    const auto& [shown, suggestion] = it->second;
    if (decision.hash != shown->content_hash) return fail(Code::conflict, "policies.meaning_changed", "the words of " + shown->ref + " changed");
    if (decision.state == "suggested") {
      SK_CHECK(MeaningTable::remove(context.tx, content.version.document_id, decision.clause));
      continue;
    }
    if (decision.state != "confirmed" && decision.state != "refused") return fail(Code::invalid_argument, "policies.meaning_state", "confirmed, refused or suggested");
    SK_TRY(MeaningRow row, row_of(decision, *shown, *suggestion, pack));
    row.decided_by = name_of(context.permit().person());
    row.decided_at = context.now;
    SK_CHECK(MeaningTable::put(context.tx, content.version.document_id, row));
  }
  SK_TRY(const auto after, meanings_of(context.tx, pack, content));
  return DecidedOut{static_cast<int>(in.items.size()), counts_of(after)};
}

}  // namespace

Status check_meaning(const MeaningRow& row, const Pack& pack) {
  if (!among(clauses::kModalities, row.modality)) return wrong("modality '" + row.modality + "'");
  if (!among(clauses::kMeaningKinds, row.kind)) return wrong("kind '" + row.kind + "'");
  const auto& known = pack.rules.capabilities;
  if (std::none_of(known.begin(), known.end(), [&](const clauses::PointRule& rule) { return rule.value == row.capability; })) return wrong("capability '" + row.capability + "'");
  if (row.actor.empty() || row.actor.size() > kMaxWords || row.object.size() > kMaxWords) return wrong("actor or object: too long, or no actor");
  static constexpr const char* kGroups[] = {"@staff", "@body", "@contractor", "@provider"};
  for (const std::string& actor : actors_of(row.actor))
    if (actor.starts_with("@") && !among(kGroups, actor)) return wrong("actor '" + actor + "'");
  return ok();
}

void register_meanings(gate::Registry& registry, std::shared_ptr<const Pack> pack) {
  using gate::Access;
  registry.add(gate::Operation<MeaningsIn, MeaningList>{"policies.meanings", "条文が求めていること（義務の強さ、主体、対象、種類、機能）の一覧", "policies.read", Access::read, 4096,
                                                        gate::no_preparation<MeaningsIn>(), [pack](gate::Context& context, MeaningsIn& in) { return list_meanings(context, *pack, in); }});
  registry.add(gate::Operation<DecideMeaningsIn, DecidedOut>{"policies.decide_meanings", "条文が求めていることを確かめる、直す、退ける", "policies.manage", Access::write, kMaxDecideIn,
                                                             gate::no_preparation<DecideMeaningsIn>(),
                                                             [pack](gate::Context& context, DecideMeaningsIn& in) { return decide_meanings(context, *pack, in); }});
}

}  // namespace sekisho::standard
