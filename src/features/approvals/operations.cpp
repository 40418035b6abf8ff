#include "features/approvals/operations.h"

#include <algorithm>

#include "features/approvals/views.h"

namespace sekisho::approvals {
namespace {

using bodies::Nothing;
using bodies::WholeListIn;
using gate::Access;
using gate::Context;

constexpr int kPage = 50;
constexpr int kDueAtOnce = 200;
constexpr std::size_t kMaxIn = 65536;

template <class In>
NewRequest new_request(In& in) {
  NewRequest out;
  out.subject = in.subject.value_or("");
  if (in.fields) out.fields = *in.fields;
  out.reason = in.reason.value_or("");
  out.starts_at = in.starts_at;
  out.ends_at = in.ends_at;
  out.review_at = in.review_at;
  out.done_at = in.done_at;
  return out;
}

Result<RequestView> shown(const Approvals& approvals, Context& context, const Result<Request>& done) {
  if (!done) return Unexpected(done.error());
  SK_TRY(const Standing who, approvals.caller(context));
  return Views(approvals, context, who).full(done->id);
}

Result<RequestView> create(Approvals& a, Context& context, RequestIn& in) {
  NewRequest made = new_request(in);
  made.kind = in.kind;
  const Kind* kind = a.kinds().find(in.kind);
  if (kind != nullptr && kind->opens == Opens::feature) return refused(*kind, Code::conflict, "approvals.by_feature", "filed by a part of the product");
  return shown(a, context, in.submit.value_or(false) ? a.open(context, std::move(made)) : a.request(context, std::move(made)));
}

Result<RequestList> list(Approvals& a, Context& context, ListIn& in) {
  SK_TRY(const Standing who, a.caller(context));
  Views views(a, context, who);
  const int limit = std::clamp(in.limit.value_or(kPage), 1, kPage);
  const std::string box = in.box.value_or("mine");
  const std::string after = in.after.value_or("");
  if (!after.empty() && !is_ulid(after)) return fail(Code::invalid_argument, "approvals.box", "after is no id");
  if (box == "mine") return views.mine(after, limit);
  if (box == "rule") return views.to_rule(after, limit);
  if (box == "notified") return views.notified(after, limit);
  if (box != "all") return fail(Code::invalid_argument, "approvals.box", "mine, rule, notified or all");
  if (who.powers.contains(a.kinds().audit_power())) return views.all(after, limit);
  SK_TRY(std::string roles, Approvals::roles_with(context.tx, {a.kinds().audit_power()}));
  return fail(Error{Code::denied, "approvals.auditors", "all requests are for auditors", "6(8)イ", std::move(roles)});
}

template <class In, class Out, class Run>
gate::Operation<In, Out> operation(const char* name, const char* summary, const char* action, Access access, Run run) {
  return {name, summary, action, access, kMaxIn, gate::no_preparation<In>(), std::move(run)};
}

template <class In, class Run>
gate::Operation<In, RequestView> step(Approvals& a, const char* name, const char* summary, const char* action, Run run) {
  return operation<In, RequestView>(name, summary, action, Access::write, [&a, run](Context& context, In& in) { return shown(a, context, run(a, context, in)); });
}

void register_steps(Approvals& a, gate::Registry& registry) {
  registry.add(step<EditIn>(a, "approvals.edit", "申請を書き直す", "approvals.ask", [](Approvals& all, Context& c, EditIn& in) { return all.edit(c, in.id, new_request(in)); }));
  registry.add(step<RequestIdIn>(a, "approvals.submit", "申請を出す", "approvals.ask", [](Approvals& all, Context& c, RequestIdIn& in) { return all.submit(c, in.id); }));
  registry.add(step<RequestIdIn>(a, "approvals.finish", "申請を取り下げる、許可された行いを終える", "approvals.ask",
                                 [](Approvals& all, Context& c, RequestIdIn& in) { return all.finish(c, in.id); }));
  registry.add(step<RuleIn>(a, "approvals.grant", "申請を許可する", "approvals.rule",
                            [](Approvals& all, Context& c, RuleIn& in) { return all.rule(c, in.id, Verdict::grant, in.content_hash, in.note.value_or("")); }));
  registry.add(step<RuleIn>(a, "approvals.refuse", "申請を許可しない", "approvals.rule",
                            [](Approvals& all, Context& c, RuleIn& in) { return all.rule(c, in.id, Verdict::refuse, in.content_hash, in.note.value_or("")); }));
  registry.add(step<RuleIn>(a, "approvals.return", "申請を差し戻す", "approvals.rule",
                            [](Approvals& all, Context& c, RuleIn& in) { return all.rule(c, in.id, Verdict::give_back, in.content_hash, in.note.value_or("")); }));
  registry.add(step<ReasonIn>(a, "approvals.revoke", "許可を取り消す", "approvals.rule", [](Approvals& all, Context& c, ReasonIn& in) { return all.revoke(c, in.id, in.reason); }));
  registry.add(step<OverrideIn>(a, "approvals.override", "止むを得ない場合の例外として許可する", "approvals.rule", [](Approvals& all, Context& c, OverrideIn& in) {
    return all.except(c, in.id, in.content_hash, in.reason, in.note.value_or(""));
  }));
}

}  // namespace

Result<std::vector<RequestId>> due(sql::Tx& tx, Timestamp now) { return Table::due(tx, now, kDueAtOnce); }

gate::Operation<RequestIdIn, Nothing> settle(Approvals& a) {
  return operation<RequestIdIn, Nothing>("approvals.settle", "期日の来た申請を進める", "approvals.settle", Access::write, [&a](Context& context, RequestIdIn& in) -> Result<Nothing> {
    SK_CHECK(a.settle(context, in.id));
    return Nothing{};
  });
}

void Approvals::register_operations(gate::Registry& registry) {
  Approvals& a = *this;
  registry.add(operation<WholeListIn, KindList>("approvals.kinds", "申請の種類と様式", "approvals.read", Access::read, [&a](Context& context, WholeListIn&) -> Result<KindList> {
    SK_TRY(const Standing who, a.caller(context));
    return Views(a, context, who).kinds();
  }));
  registry.add(operation<ListIn, RequestList>("approvals.list", "申請の一覧（自分の、判断する、知らせ、すべて）", "approvals.read", Access::read,
                                              [&a](Context& context, ListIn& in) { return list(a, context, in); }));
  registry.add(operation<RequestIdIn, RequestView>("approvals.describe", "申請の内容と経過を見る", "approvals.read", Access::read,
                                                   [&a](Context& context, RequestIdIn& in) -> Result<RequestView> {
                                                     context.about(in.id.str());
                                                     SK_TRY(const Standing who, a.caller(context));
                                                     return Views(a, context, who).full(in.id);
                                                   }));
  registry.add(operation<RequestIn, RequestView>("approvals.request", "申請を作る", "approvals.ask", Access::write, [&a](Context& context, RequestIn& in) { return create(a, context, in); }));
  registry.add(operation<RequestIdIn, Nothing>("approvals.see", "知らせを読んだことを残す", "approvals.read", Access::write, [&a](Context& context, RequestIdIn& in) -> Result<Nothing> {
    context.about(in.id.str());
    SK_TRY(const Standing who, a.caller(context));
    SK_CHECK(Views(a, context, who).see(in.id));
    return Nothing{};
  }));
  register_steps(a, registry);
  registry.add(sekisho::approvals::settle(a));
}

}  // namespace sekisho::approvals
