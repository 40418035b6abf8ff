// Choosing among the classes that another scheme left.
#include <algorithm>

#include "features/library/classes.h"
#include "features/lowering/filing.h"
#include "policy/relabel.h"

namespace sekisho::lowering {
namespace {

using library::Collection;
using library::Document;

constexpr std::size_t kMaxReasonBytes = 2000;

// What is chosen: a class of the scheme, not below the least that it may be.
Result<policy::Label> chosen(gate::Context& context, const Choice& in, const policy::Label& now, const policy::Label& least) {
  if (in.reason.empty() || in.reason.size() > kMaxReasonBytes) return fail(Code::invalid_argument, "documents.ruling_reason", "1 to 2000 bytes");
  SK_TRY(const auto body, bodies::Table::profile(context.tx));
  const bodies::Profile& profile = body.profile;
  policy::Label to = now;
  to.c = in.confidentiality.value_or(now.c);
  to.i = in.integrity.value_or(now.i);
  to.a = in.availability.value_or(now.a);
  if (!library::is_rank(to.c, profile.confidentiality) || !library::is_rank(to.i, profile.integrity) || !library::is_rank(to.a, profile.availability))
    return fail(Code::invalid_argument, "collections.class", "not a class of the scheme");
  if (!policy::covers(to, least)) return fail(Code::invalid_argument, "documents.choice", "below what it may be");
  if (!policy::covers(to, now) && !policy::covers(now, to)) return fail(Code::invalid_argument, "documents.choice", "higher on one axis and lower on another");
  return to;
}

Result<ChosenView> answer(gate::Context& context, const policy::Label& label, std::optional<approvals::RequestId> approval) {
  SK_TRY(const auto words, bodies::label_words(context));
  return ChosenView{bodies::view_of(label, words), std::move(approval)};
}

Result<ChosenView> choose(gate::Context& context, ChooseIn& in, approvals::Approvals& approvals) {
  context.about(in.id.str());
  SK_TRY(const auto found, library::Table::unruled_document(context.tx, in.id));
  const auto hidden = [] { return fail(Code::not_found, "documents.not_found", "not hers to choose for"); };
  if (!found) return hidden();
  const Document& d = found->document;
  if (!d.choosing && !policy::decide_read(context.permit(), d.label).allow) return hidden();
  if (!d.choosing) return fail(Code::conflict, "documents.not_choosing", "nothing is to be chosen");
  if (!library::may_choose(context.permit(), found->collection.unit_id, d.label, *d.choosing)) return hidden();
  SK_TRY(const policy::Label to, chosen(context, in, d.label, *d.choosing));
  context.label(to);
  if (policy::covers(to, d.label)) {
    SK_CHECK(library::Table::relabel(context.tx, d, policy::raise(d.label, to)));
    return answer(context, to, {});
  }
  SK_TRY(const approvals::Request asked, file_document(context, approvals, d, found->collection, to, in.reason));
  return answer(context, d.label, asked.id);
}

Result<ChosenView> choose_for_collection(gate::Context& context, ChooseCollectionIn& in, approvals::Approvals& approvals) {
  context.about(in.id.str());
  SK_TRY(const auto found, library::Table::collection_to_relabel(context.tx, in.id));
  const auto hidden = [] { return fail(Code::not_found, "collections.not_found", "not hers to choose for"); };
  if (!found) return hidden();
  const Collection& c = *found;
  if (!c.choosing && !policy::decide_read(context.permit(), c.label).allow) return hidden();
  if (!c.choosing) return fail(Code::conflict, "documents.not_choosing", "nothing is to be chosen");
  if (!library::may_choose(context.permit(), c.unit_id, c.label, *c.choosing)) return hidden();
  SK_TRY(const policy::Label to, chosen(context, in, c.label, *c.choosing));
  context.label(to);
  if (policy::covers(to, c.label)) {
    SK_CHECK(library::Table::relabel(context.tx, c, policy::raise(c.label, to)));
    return answer(context, to, {});
  }
  SK_TRY(const approvals::Request asked, file_collection(context, approvals, c, to, in.reason));
  return answer(context, c.label, asked.id);
}

}  // namespace

void register_choosing(gate::Registry& registry, approvals::Approvals& approvals) {
  registry.add(gate::Operation<ChooseIn, ChosenView>{"documents.choose", "分類の体系が変わった資料の分類を選ぶ", "documents.choose", gate::Access::write, 8192,
                                                     gate::no_preparation<ChooseIn>(),
                                                     [&approvals](gate::Context& context, ChooseIn& in) { return choose(context, in, approvals); }});
  registry.add(gate::Operation<ChooseCollectionIn, ChosenView>{"collections.choose", "分類の体系が変わった置き場の分類を選ぶ", "documents.choose", gate::Access::write, 8192,
                                                               gate::no_preparation<ChooseCollectionIn>(), [&approvals](gate::Context& context, ChooseCollectionIn& in) {
                                                                 return choose_for_collection(context, in, approvals);
                                                               }});
}

}  // namespace sekisho::lowering
