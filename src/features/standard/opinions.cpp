#include "features/standard/opinions.h"

#include <algorithm>

#include "core/bytes.h"
#include "crypto/hash.h"

namespace sekisho::standard {
namespace {

constexpr std::size_t kMaxOpinion = 12'000;  // bytes

std::string name_of(const policy::Person& person) { return person.name.empty() ? person.user_id : person.name; }

OpinionView view_of(const Opinion& o) { return {o.id, o.clause, o.ref, o.content, o.given_by, o.given_at, o.state, o.answer, o.answered_by, o.answered_at}; }

Result<std::string> words_of(gate::Context& context, const Secret& secret) {
  std::string out(secret.reveal());
  if (out.empty() || out.size() > kMaxOpinion) return fail(Code::invalid_argument, "policies.opinion", "1 to 12,000 bytes");
  context.note("sha256", json::Value(to_hex(crypto::sha256(out))));
  return out;
}

Result<OpinionView> give(gate::Context& context, GiveOpinionIn& in) {
  context.about(in.version.str());
  SK_TRY(const Progress p, require_progress(context, in.version));
  if (p.state != "opinions") return fail(Code::conflict, "policies.not_open", "opinions in state " + p.state);
  Opinion o;
  SK_TRY(o.content, words_of(context, in.content));
  SK_TRY(const Content content, require_version(context, in.version));
  if (in.clause) {
    const auto it = std::find(content.ids.begin(), content.ids.end(), *in.clause);
    if (it == content.ids.end()) return fail(Code::not_found, "policies.clause_not_found", "no such clause");
    o.ref = content.document.clauses[static_cast<std::size_t>(it - content.ids.begin())].ref;
  }
  o.id = context.new_id<OpinionTag>();
  o.version = in.version;
  o.clause = in.clause;
  o.given_by = name_of(context.permit().person());
  o.given_at = context.now;
  SK_CHECK(Versions::add(context.tx, o));
  return view_of(o);
}

Result<OpinionView> answer(gate::Context& context, AnswerOpinionIn& in) {
  context.about(in.opinion.str());
  SK_TRY(auto found, Versions::opinion(context.tx, in.opinion));
  if (!found) return fail(Code::not_found, "policies.opinion_not_found", "no such opinion");
  SK_TRY(found->answer, words_of(context, in.answer));
  found->state = in.adopted ? "adopted" : "not_adopted";
  found->answered_by = name_of(context.permit().person());
  found->answered_at = context.now;
  SK_TRY(const bool done, Versions::answer(context.tx, *found));
  if (!done) return fail(Code::conflict, "policies.opinion_answered", "it has an answer");
  return view_of(*found);
}

Result<OpinionList> list(gate::Context& context, VersionIn& in) {
  context.about(in.version.str());
  SK_CHECK(require_progress(context, in.version));
  SK_TRY(const auto rows, Versions::opinions(context.tx, in.version));
  OpinionList out;
  for (const Opinion& o : rows) out.items.push_back(view_of(o));
  return out;
}

}  // namespace

void register_opinions(gate::Registry& registry) {
  using gate::Access;
  registry.add(gate::Operation<VersionIn, OpinionList>{"policies.opinions", "改正の案への意見", "policies.read", Access::read, 1024, gate::no_preparation<VersionIn>(), list});
  registry.add(gate::Operation<GiveOpinionIn, OpinionView>{"policies.give_opinion", "改正の案に意見を出す", "policies.read", Access::write, 32768, gate::no_preparation<GiveOpinionIn>(), give});
  registry.add(gate::Operation<AnswerOpinionIn, OpinionView>{"policies.answer_opinion", "意見に答える（採否と理由）", "policies.manage", Access::write, 32768,
                                                             gate::no_preparation<AnswerOpinionIn>(), answer});
}

}  // namespace sekisho::standard
