// policy meaning, policy gaps: what the clauses of a version ask for; shown, confirmed, changed or refused, as many as the filter finds.
#include <algorithm>

#include "apps/policy_command.h"
#include "features/standard/meaning_operations.h"
#include "features/standard/reference_operations.h"

namespace sekisho::apps {
namespace {

constexpr const char* kFilters[] = {"modality", "actor", "kind", "capability", "state"};
constexpr const char* kFields[] = {"modality", "actor", "object", "kind", "capability"};

// kind=enforce,capability=cdr; an actor of several is written actor=a+b.
Status changes_of(const std::string& text, json::Object& item) {
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t end = std::min(text.find(',', at), text.size());
    const std::string one = text.substr(at, end - at);
    const std::size_t equals = one.find('=');
    const std::string field = one.substr(0, equals);
    if (equals == std::string::npos || std::find(std::begin(kFields), std::end(kFields), field) == std::end(kFields))
      return fail(Code::invalid_argument, "usage", "--change は kind=enforce,capability=cdr のように指定してください");
    std::string value = one.substr(equals + 1);
    if (field == "actor") std::replace(value.begin(), value.end(), '+', ',');
    item[field] = value;
    at = end + 1;
  }
  return ok();
}

Result<std::string> wanted_state(const Arguments& arguments) {
  std::string out;
  for (const auto& [flag, state] : {std::pair("confirm", "confirmed"), std::pair("refuse", "refused"), std::pair("withdraw", "suggested")}) {
    if (!arguments.flag(flag)) continue;
    if (!out.empty()) return fail(Code::invalid_argument, "usage", "--confirm、--refuse、--withdraw は、どれか一つです");
    out = state;
  }
  if (arguments.has("change") && out != "confirmed") return fail(Code::invalid_argument, "usage", "--change は --confirm と合わせて指定してください");
  return out;
}

std::string table_of(const standard::MeaningList& list) {
  std::string text = "案 " + std::to_string(list.counts.suggested) + "、確認済み " + std::to_string(list.counts.confirmed) + "、退けた " + std::to_string(list.counts.refused) +
                     "、文が変わった " + std::to_string(list.counts.stale) + "\n";
  for (const auto& m : list.items)
    text += m.ref + "\t" + m.state + (m.stale ? "（文が変わった）" : "") + "\t" + m.modality + "\t" + m.actor_name + "\t" + m.object + "\t" + m.kind + "\t" + m.capability + "\n";
  return text;
}

Status show_meanings(Invocation& in) {
  SK_TRY(const std::string user, in.arguments.need("user"));
  if (in.arguments.rest().size() > 1) return fail(Code::invalid_argument, "usage", "文書か版を一つ指定してください");
  SK_TRY(const std::string state, wanted_state(in.arguments));
  SK_TRY(auto engine, Engine::open(in.config, Engine::Reading::no));
  SK_TRY(const std::string version, policy_version_named(*engine, in, user, in.arguments.rest().empty() ? "" : in.arguments.rest().front()));
  json::Object query{{"version", version}};
  for (const char* filter : kFilters)
    if (in.arguments.has(filter)) query[filter] = in.arguments.value(filter);
  SK_TRY(json::Value out, run_on_policy(*engine, in, user, "policies.meanings", query));
  SK_TRY(auto list, json::read<standard::MeaningList>(out));
  if (in.arguments.has("ref")) {
    std::erase_if(list.items, [&](const standard::MeaningView& m) { return m.ref != in.arguments.value("ref"); });
    if (list.items.empty()) return fail(Code::not_found, "policies.clause_not_found", "no such clause");
    out = json::to_value(list);
  }
  if (state.empty()) {
    in.print(out, table_of(list));
    return ok();
  }
  json::Array items;
  for (const auto& m : list.items) {
    json::Object item{{"clause", m.clause.str()}, {"hash", m.hash}, {"state", state}};
    SK_CHECK(changes_of(in.arguments.value("change"), item));
    items.push_back(std::move(item));
  }
  SK_TRY(const json::Value done, run_on_policy(*engine, in, user, "policies.decide_meanings", {{"version", version}, {"items", std::move(items)}}));
  SK_TRY(const auto decided, json::read<standard::DecidedOut>(done));
  in.print(done, std::to_string(decided.decided) + " 件を決めました。案 " + std::to_string(decided.counts.suggested) + "、確認済み " + std::to_string(decided.counts.confirmed) + "、退けた " +
                     std::to_string(decided.counts.refused) + "\n");
  return ok();
}

// policy gaps: the yearly review beside the national guideline.
Status show_gaps(Invocation& in) {
  SK_TRY(const std::string user, in.arguments.need("user"));
  if (in.arguments.rest().size() > 1) return fail(Code::invalid_argument, "usage", "文書か版を一つ指定してください");
  SK_TRY(auto engine, Engine::open(in.config, Engine::Reading::no));
  json::Object query;
  if (!in.arguments.rest().empty()) {
    SK_TRY(query["version"], policy_version_named(*engine, in, user, in.arguments.rest().front()));
  }
  SK_TRY(const json::Value out, run_on_policy(*engine, in, user, "policies.guideline", std::move(query)));
  SK_TRY(const auto view, json::read<standard::GuidelineView>(out));
  std::string text = "主題 " + std::to_string(view.topics.size()) + " のうち、条文のない主題 " + std::to_string(view.gaps) + "\n";
  for (const auto& topic : view.topics)
    if (topic.clauses.empty()) text += topic.code + "\t" + topic.section_title + "\t" + topic.topic + "\n";
  text += "どの主題にも当たらない条文 " + std::to_string(view.unmapped.size()) + "\n";
  for (const auto& clause : view.unmapped) text += clause.ref + "\t" + clause.words + "\n";
  in.print(out, text);
  return ok();
}

}  // namespace

void add_meaning_commands(std::vector<Command>& commands) {
  commands.push_back({"policy meaning",
                      "--body B --user U [--ref REF] [--modality M] [--actor A] [--kind K] [--capability C] [--state S] [--confirm [--change kind=K,capability=C,…]|--refuse|--withdraw] [文書か版]",
                      "条文が求めていること（案と、確かめたもの）を見る、確かめる", {"body", "user", "ref", "modality", "actor", "kind", "capability", "state", "change"}, {"confirm", "refuse", "withdraw"},
                      show_meanings});
  commands.push_back({"policy gaps", "--body B --user U [文書か版]", "国のガイドラインの構成と比べ、条文のない主題と、主題に当たらない条文を見る", {"body", "user"}, {}, show_gaps});
}

}  // namespace sekisho::apps
