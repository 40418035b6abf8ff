#include "features/standard/reference_operations.h"

#include <algorithm>

#include "clauses/prose.h"
#include "features/bodies/table.h"
#include "features/standard/reference_table.h"
#include "features/standard/version_table.h"

namespace sekisho::standard {
namespace {

constexpr std::size_t kShown = 60;  // characters of a clause

std::string shown(const clauses::Clause& clause) {
  if (!clause.title.empty()) return clause.title;
  const std::u32string text = clauses::decode(clause.text.substr(0, clause.text.find('\n')));
  return clauses::encode(std::u32string_view(text).substr(0, kShown)) + (text.size() > kShown ? "…" : "");
}

Result<std::vector<Content>> reviewed(sql::Tx& tx, const std::optional<VersionId>& version) {
  std::vector<VersionId> wanted;
  if (version) {
    wanted.push_back(*version);
  } else {
    SK_TRY(wanted, Versions::current(tx));
  }
  std::vector<Content> out;
  for (const VersionId& id : wanted) {
    SK_TRY(auto content, Table::content(tx, id));
    if (!content) return fail(Code::not_found, "policies.not_found", "no such version");
    out.push_back(std::move(*content));
  }
  return out;
}

// Suggested topics but for those refused, and those that a person added.
Status map_version(sql::Tx& tx, const Pack& pack, const Content& content, GuidelineView& view) {
  SK_TRY(const auto meanings, meanings_of(tx, pack, content));
  SK_TRY(const auto decided, ReferenceTable::of(tx, content.version.document_id));
  std::vector<std::string> capability(content.ids.size());
  std::vector<bool> binds(content.ids.size());
  std::size_t at = 0;
  for (const Meaning& m : meanings) {
    while (content.ids[at] != m.clause) ++at;
    capability[at] = m.capability;
    binds[at] = !m.refused && m.modality != "is";
  }
  const auto matches = clauses::match(content.document, capability, pack.guideline);
  for (std::size_t i = 0; i < content.ids.size(); ++i) {
    bool mapped = false;
    const auto one = [&](const std::string& state) {
      return MappedClause{content.version.document_id, content.version.id, content.ids[i], content.document.clauses[i].ref, shown(content.document.clauses[i]), state};
    };
    for (std::size_t k = 0; k < pack.guideline.items.size(); ++k) {
      const auto row = decided.find({content.ids[i], pack.guideline.items[k].code});
      const bool suggested = std::find(matches[i].begin(), matches[i].end(), k) != matches[i].end();
      const bool confirmed = row != decided.end() && row->second == "confirmed";
      if (!confirmed && (!suggested || row != decided.end())) continue;
      view.topics[k].clauses.push_back(one(confirmed ? "confirmed" : "suggested"));
      mapped = true;
    }
    if (!mapped && binds[i]) view.unmapped.push_back(one("suggested"));
  }
  return ok();
}

Result<GuidelineView> review(gate::Context& context, const Pack& pack, GuidelineIn& in) {
  if (in.version) context.about(in.version->str());
  SK_TRY(const auto contents, reviewed(context.tx, in.version));
  GuidelineView view;
  view.source = pack.guideline.source;
  view.may_manage = context.permit().person().powers.contains("policies.manage");
  std::map<std::string, std::string> titles;
  for (const clauses::GuidelineSection& section : pack.guideline.sections) titles[section.number] = section.title;
  for (const clauses::GuidelineItem& item : pack.guideline.items) view.topics.push_back({item.code, item.section, titles[item.section], item.topic, {}});
  for (const clauses::LevelPair& pair : pack.guideline.crosswalk) view.crosswalk.push_back({pair.three, pair.five, pair.note});
  for (const Content& content : contents) {
    view.versions.push_back({content.version.id, content.version.title, static_cast<int>(content.version.number)});
    SK_CHECK(map_version(context.tx, pack, content, view));
  }
  view.gaps = static_cast<int>(std::count_if(view.topics.begin(), view.topics.end(), [](const TopicView& topic) { return topic.clauses.empty(); }));
  return view;
}

Result<bodies::Nothing> decide(gate::Context& context, const Pack& pack, DecideReferenceIn& in) {
  context.about(in.version.str());
  SK_TRY(const auto content, Table::content(context.tx, in.version));
  if (!content) return fail(Code::not_found, "policies.not_found", "no such version");
  if (std::find(content->ids.begin(), content->ids.end(), in.clause) == content->ids.end()) return fail(Code::not_found, "policies.clause_not_found", "no such clause");
  const auto& items = pack.guideline.items;
  if (std::none_of(items.begin(), items.end(), [&](const clauses::GuidelineItem& item) { return item.code == in.item; })) return fail(Code::not_found, "policies.topic_not_found", "no such topic");
  if (in.state == "suggested") {
    SK_CHECK(ReferenceTable::remove(context.tx, content->version.document_id, in.clause, in.item));
    return bodies::Nothing{};
  }
  if (in.state != "confirmed" && in.state != "refused") return fail(Code::invalid_argument, "policies.meaning_state", "confirmed, refused or suggested");
  const policy::Person& person = context.permit().person();
  SK_CHECK(ReferenceTable::put(context.tx, content->version.document_id, in.clause, in.item, in.state, person.name.empty() ? person.user_id : person.name, context.now));
  return bodies::Nothing{};
}

}  // namespace

void register_references(gate::Registry& registry, std::shared_ptr<const Pack> pack) {
  using gate::Access;
  registry.add(gate::Operation<GuidelineIn, GuidelineView>{"policies.guideline", "国のガイドラインの主題と条文の対応、足りない主題、分類の対応", "policies.read", Access::read, 1024,
                                                           gate::no_preparation<GuidelineIn>(), [pack](gate::Context& context, GuidelineIn& in) { return review(context, *pack, in); }});
  registry.add(gate::Operation<DecideReferenceIn, bodies::Nothing>{"policies.decide_reference", "条文と国のガイドラインの主題の対応を確かめる", "policies.manage", Access::write, 1024,
                                                                   gate::no_preparation<DecideReferenceIn>(),
                                                                   [pack](gate::Context& context, DecideReferenceIn& in) { return decide(context, *pack, in); }});
}

}  // namespace sekisho::standard
