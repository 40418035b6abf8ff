#include "features/library/classes.h"

#include "features/bodies/levels.h"
#include "features/library/views.h"
#include "policy/relabel.h"

namespace sekisho::library {
namespace {

constexpr int kPage = 100;
constexpr int kLookedThrough = 2000;
constexpr std::size_t kMaxReasonBytes = 2000;

// Answers for documents of the whole body, not of the own unit alone.
bool for_everyone(const policy::Person& person) { return person.powers.contains("decide.top"); }
std::string principal(const bodies::UnitId& unit) { return "unit:" + unit.str(); }
bool answers_for(const policy::Person& person, const bodies::UnitId& unit) { return for_everyone(person) || person.principals.contains(principal(unit)); }
// Of another segment not even the name is told, whoever rules.
bool from_here(const policy::Person& person, policy::SegmentSet origins) { return (origins & ~person.accepted_origins) == 0; }

Ranks ranks_of(const policy::Label& label) { return {label.c, label.i, label.a}; }

bool may_see(const policy::Permit& permit, const Unruled& row) {
  if (row.choosing) return may_choose(permit, row.unit_id, row.label, *row.choosing);
  return answers_for(permit.person(), row.unit_id) && from_here(permit.person(), row.label.segments);
}

UnruledView view_of(const Unruled& row, const std::vector<bodies::Unit>& units, const std::string& me) {
  UnruledView view{row.id, row.whole_collection ? "collection" : "document", row.choosing ? "choice" : "class", row.name, row.collection_id, row.collection, "", row.bytes,
                   row.created_at, row.created_by == me, {}, {}};
  for (const auto& unit : units)
    if (unit.id == row.unit_id) view.department = unit.name;
  if (row.choosing) {
    view.given = ranks_of(row.label);
    view.least = ranks_of(*row.choosing);
  }
  return view;
}

UnruledView view_of(const Document& d, const Collection& collection) {
  return {d.id.str(), "document", "class", d.name, collection.id, collection.name, "", d.bytes, d.created_at, false, {}, {}};
}

// "c" or "d" and an id, as Table::unruled() counts them.
std::string cursor_of(const Unruled& row) { return (row.whole_collection ? "c" : "d") + row.id; }

}  // namespace

Result<UnruledList> list_unruled(gate::Context& context, UnruledListIn& in) {
  const int limit = std::clamp(in.limit.value_or(kPage), 1, kPage);
  const std::string& me = context.permit().person().user_id;
  std::string after = in.after.value_or("");
  if (!after.empty() && after.front() != 'c' && after.front() != 'd') return fail(Code::invalid_argument, "page.after", "not a cursor");
  SK_TRY(const auto body, bodies::Table::profile(context.tx));
  SK_TRY(const auto units, bodies::Table::units(context.tx));
  UnruledList out;
  out.confidentiality = bodies::names_of(body.profile.confidentiality);
  out.integrity = bodies::names_of(body.profile.integrity);
  out.availability = bodies::names_of(body.profile.availability);
  std::string last;
  for (;;) {
    SK_TRY(const auto rows, Table::unruled(context.tx, after, kLookedThrough));
    for (const Unruled& row : rows) {
      after = cursor_of(row);
      if (!may_see(context.permit(), row)) continue;
      if (static_cast<int>(out.items.size()) == limit) {
        out.next = last;
        return out;
      }
      last = after;
      out.items.push_back(view_of(row, units, me));
    }
    if (static_cast<int>(rows.size()) < kLookedThrough) return out;
  }
}

namespace {

// The label that the ruling asks for: the ranks that were named, the rest as it lies in the collection.
Result<policy::Label> ruled_label(const Document& d, const Collection& collection, const RuleClassIn& in, const bodies::Profile& profile) {
  policy::Label to = d.label;
  to.c = in.confidentiality;
  to.i = in.integrity.value_or(collection.label.i);
  to.a = in.availability.value_or(collection.label.a);
  to.state = policy::State::known;
  if (!is_rank(to.c, profile.confidentiality) || (in.integrity && !is_rank(to.i, profile.integrity)) || (in.availability && !is_rank(to.a, profile.availability)))
    return fail(Code::invalid_argument, "collections.class", "not a class of the scheme");
  return to;
}

Result<UnruledView> rule_class(gate::Context& context, RuleClassIn& in) {
  context.about(in.id.str());
  const policy::Person& person = context.permit().person();
  const auto hidden = [] { return fail(Code::not_found, "documents.not_found", "not hers to rule on"); };
  SK_TRY(auto found, Table::unruled_document(context.tx, in.id));
  if (!found) return hidden();
  const Document& d = found->document;
  const Collection& collection = found->collection;
  if (!answers_for(person, collection.unit_id) || !from_here(person, d.label.segments)) return hidden();
  if (!d.unruled && !policy::decide_read(context.permit(), d.label).allow) return hidden();
  if (!d.unruled) return fail(Code::conflict, "documents.not_unruled", "ruled already");
  if (in.reason.empty() || in.reason.size() > kMaxReasonBytes) return fail(Code::invalid_argument, "documents.ruling_reason", "1 to 2000 bytes");
  SK_TRY(const auto body, bodies::Table::profile(context.tx));
  SK_TRY(policy::Label to, ruled_label(d, collection, in, body.profile));
  const policy::Matrix& matrix = context.permit().matrix();
  SK_TRY(auto approved, policy::approve(matrix, {d.id.str(), d.sha256, d.label, to, d.created_by}, {{person.user_id, {principal(collection.unit_id)}, for_everyone(person)}}));
  SK_TRY(const auto relabelled, policy::declassify(matrix, std::move(approved), d.id.str(), d.sha256, d.label));
  SK_CHECK(Table::relabel(context.tx, d, relabelled));
  context.label(relabelled.label());
  return view_of(d, collection);
}

Result<DocumentView> raise_class(gate::Context& context, RaiseClassIn& in, const Shelf& shelf) {
  context.about(in.id.str());
  const auto hidden = [](const std::string& why) { return fail(Code::not_found, "documents.not_found", why); };
  SK_TRY(auto found, Table::document(context.tx, in.id));
  if (!found) return hidden("no such document");
  auto opened = std::move(*found).open(context.permit());
  if (!opened) return hidden("not readable: " + opened.error().key);
  Document d = std::move(*opened);
  SK_TRY(auto place, Table::collection(context.tx, d.collection_id));
  if (!place) return hidden("no collection");
  auto collection = std::move(*place).open(context.permit());
  if (!collection) return hidden("not readable: " + collection.error().key);
  SK_CHECK(require_own_unit(context, *collection));
  SK_TRY(const ViewContext with, view_context(context, shelf.covered()));
  policy::Label more = d.label;
  more.c = in.confidentiality;
  more.i = in.integrity.value_or(more.i);
  more.a = in.availability.value_or(more.a);
  if (!is_rank(more.c, with.profile.confidentiality) || (in.integrity && !is_rank(more.i, with.profile.integrity)) ||
      (in.availability && !is_rank(more.a, with.profile.availability)))
    return fail(Code::invalid_argument, "collections.class", "not a class of the scheme");
  const policy::Relabelled raised = policy::raise(d.label, more);
  if (raised.label() != more || more == d.label) return fail(policy::denial(policy::refusal(context.permit().matrix(), policy::Axis::lowering_unapproved)));
  SK_CHECK(Table::relabel(context.tx, d, raised));
  context.label(raised.label());
  d.label = raised.label();
  return view_of(d, with, false);
}

}  // namespace

bool may_choose(const policy::Permit& permit, const bodies::UnitId& unit, const policy::Label& label, const policy::Label& least) {
  const policy::Person& person = permit.person();
  return answers_for(person, unit) && from_here(person, label.segments) && policy::decide_read(permit, least).allow;
}

bool is_rank(int rank, const std::vector<bodies::Level>& names) { return rank >= 1 && rank <= static_cast<int>(names.size()); }

policy::Label unknown_class(const policy::Label& collection) {
  policy::Label out = collection;
  out.c = out.i = out.a = policy::kTopRank;
  out.state = policy::State::unknown;
  return out;
}

void register_class_operations(gate::Registry& registry, std::function<Result<Shelf*>(const gate::Body&)> shelf_of) {
  registry.add(gate::Operation<RaiseClassIn, DocumentView>{"documents.raise", "資料の分類を上げる", "documents.raise", gate::Access::write, 1024,
                                                           gate::no_preparation<RaiseClassIn>(), [shelf_of](gate::Context& c, RaiseClassIn& in) -> Result<DocumentView> {
                                                             SK_TRY(Shelf* const shelf, shelf_of(c.body));
                                                             return raise_class(c, in, *shelf);
                                                           }});
  registry.add(gate::Operation<UnruledListIn, UnruledList>{"documents.unruled", "分類が決まっていない資料の一覧", "documents.rule", gate::Access::read, 1024,
                                                           gate::no_preparation<UnruledListIn>(), list_unruled});
  registry.add(gate::Operation<RuleClassIn, UnruledView>{"documents.rule", "分類が決まっていない資料の分類を決める", "documents.rule", gate::Access::write, 8192,
                                                         gate::no_preparation<RuleClassIn>(), rule_class});
}

}  // namespace sekisho::library
