#include "features/reading/operations.h"

#include <algorithm>

#include "core/bytes.h"
#include "features/reading/asking.h"
#include "features/reading/people.h"

namespace sekisho::reading {
namespace {

using PackPtr = std::shared_ptr<const standard::Pack>;

std::string name_of(const policy::Person& person) { return person.name.empty() ? person.user_id : person.name; }
Result<std::optional<Mine>> mine(gate::Context& context, const standard::Pack& pack, const Shown& shown) {
  SK_TRY(const auto person, caller_of(context));
  SK_TRY(auto document, asked(context.tx, pack, shown));
  if (!document) return std::optional<Mine>();
  SK_TRY(const auto profile, standard::profile_in_force(context.tx));
  SK_TRY(Audience audience, audience_of(context.tx, profile, person, context.now));
  SK_TRY(auto rows, Table::of(context.tx, document->content.version.id, person));
  SK_TRY(auto rule, Table::rule(context.tx));
  return std::optional(Mine{std::move(*document), std::move(audience), std::move(rows), std::move(rule)});
}

ItemView item_of(const Mine& m, const Page& page) {
  const Standing standing = standing_of(m.asked, m.audience, m.rows);
  const standard::Version& v = m.asked.content.version;
  return {v.document_id, v.id, v.title, static_cast<int>(v.number), m.asked.progress.effective_on.value_or(""), page.addressed, standing.state, m.asked.since, standing.acknowledged_at,
          standing.state == "acknowledged" ? std::nullopt : closes_at(m.rule, m.asked, m.audience), m.audience.consent_asked, standing.consented_at};
}

Result<ItemList> readings(gate::Context& context, const standard::Pack& pack) {
  SK_TRY(const auto documents, Table::shown(context.tx));
  ItemList out;
  out.may_see_people = sees_people(context);
  for (const Shown& shown : documents) {
    SK_TRY(const auto m, mine(context, pack, shown));
    if (!m || !addresses(m->asked, m->audience)) continue;
    ItemView item = item_of(*m, page_of(m->asked, m->audience, reads_all(context)));
    out.closed = out.closed || (item.closes_at && *item.closes_at <= context.now);
    out.items.push_back(std::move(item));
  }
  return out;
}

Result<PageView> open(gate::Context& context, DocumentIn& in, const standard::Pack& pack) {
  SK_TRY(Mine m, require_mine(context, pack, in.document));
  Page page = page_of(m.asked, m.audience, reads_all(context));
  const std::string audience = m.audience.text();
  const bool known = std::any_of(m.rows.begin(), m.rows.end(), [&](const Acknowledgement& row) { return row.audience == audience; });
  if (!known) {
    SK_TRY(const auto person, caller_of(context));
    Acknowledgement row{context.new_id<AcknowledgementTag>(), person, in.document, m.asked.content.version.id, audience, page.addressed, page.sha256, context.now, std::nullopt, std::nullopt, std::nullopt};
    SK_CHECK(Table::open(context.tx, row));
    m.rows.push_back(std::move(row));
  }
  context.note("version", json::Value(m.asked.content.version.id.str()));
  context.note("sha256", json::Value(page.sha256));
  ItemView item = item_of(m, page);
  return PageView{std::move(item), std::move(page.sha256), std::move(page.clauses)};
}

// Her row of exactly what would be shown now.
Result<Acknowledgement*> row_of(Mine& m, const AcknowledgeIn& in, const Page& page) {
  if (in.version != m.asked.content.version.id || in.sha256 != page.sha256) return fail(Code::conflict, "reading.changed", "not what would be shown now");
  const std::string audience = m.audience.text();
  const auto row = std::find_if(m.rows.begin(), m.rows.end(), [&](const Acknowledgement& r) { return r.audience == audience; });
  if (row == m.rows.end()) return fail(Code::conflict, "reading.not_opened", "read it first");
  return &*row;
}

Status confirm(gate::Context& context, const Mine& m, const Page& page, Acknowledgement* row) {
  if (row->acknowledged_at && row->sha256 == page.sha256) return ok();
  row->acknowledged_at = context.now;
  row->sha256 = page.sha256;
  row->clauses = page.addressed;
  SK_CHECK(Table::acknowledge(context.tx, *row));
  context.note("number", json::Value(m.asked.content.version.number));
  context.note("clauses", json::Value(page.addressed));
  return ok();
}

Result<ItemView> acknowledge(gate::Context& context, AcknowledgeIn& in, const standard::Pack& pack) {
  SK_TRY(Mine m, require_mine(context, pack, in.document));
  const Page page = page_of(m.asked, m.audience, reads_all(context));
  SK_TRY(Acknowledgement* const row, row_of(m, in, page));
  SK_CHECK(confirm(context, m, page, row));
  return item_of(m, page);
}

// Who consents has read and confirms too: one act of hers, one record.
Result<ItemView> consent(gate::Context& context, AcknowledgeIn& in, const standard::Pack& pack, office::Office& office) {
  SK_TRY(Mine m, require_mine(context, pack, in.document));
  if (!m.audience.consent_asked) return fail(Code::conflict, "reading.no_consent", "not asked of her category");
  const Page page = page_of(m.asked, m.audience, reads_all(context));
  SK_TRY(Acknowledgement* const row, row_of(m, in, page));
  SK_CHECK(confirm(context, m, page, row));
  if (row->consented_at && row->consented_sha256 == page.sha256) return item_of(m, page);
  row->consented_at = context.now;
  row->consented_sha256 = page.sha256;
  SK_CHECK(Table::consent(context.tx, *row));
  context.note("category", json::Value(std::string_view(m.audience.category)));
  context.note("consented_sha256", json::Value(std::string_view(page.sha256)));
  SK_CHECK(record_consent(context, office, m, page.sha256));
  context.about(in.document.str());
  return item_of(m, page);
}

Result<ShownView> shown_view(gate::Context& context, const standard::DocumentId& id, const standard::Pack& pack) {
  context.about(id.str());
  SK_TRY(const auto known, standard::Table::document(context.tx, id));
  if (!known) return fail(Code::not_found, "policies.not_found", "no such document");
  SK_TRY(const auto current, standard::Versions::in_force(context.tx, id));
  SK_TRY(const auto shown, Table::shown(context.tx, id));
  ShownView out;
  out.document = id;
  out.in_force = current.has_value();
  if (current) out.version = current->version;
  if (!shown) return out;
  SK_TRY(const auto document, asked(context.tx, pack, *shown));
  out.shown = true;
  out.held = current && !document;
  out.shown_by = shown->shown_by;
  out.shown_at = shown->shown_at;
  return out;
}

Result<ShownView> show(gate::Context& context, DocumentIn& in, const standard::Pack& pack) {
  SK_TRY(const ShownView before, shown_view(context, in.document, pack));
  if (!before.version) return fail(Code::conflict, "policies.none_in_force", "the staff read a version in force");
  // Looking again at what is held does not begin the time anew.
  const bool again = before.shown && !before.held;
  SK_CHECK(Table::show(context.tx, {in.document, *before.version, name_of(context.permit().person()), again ? *before.shown_at : context.now}));
  context.note("version", json::Value(before.version->str()));
  return shown_view(context, in.document, pack);
}

Result<ShownView> hide(gate::Context& context, DocumentIn& in, const standard::Pack& pack) {
  SK_CHECK(shown_view(context, in.document, pack));
  SK_TRY(const bool was, Table::hide(context.tx, in.document));
  if (!was) return fail(Code::conflict, "reading.not_shown", "it is not shown to the staff");
  return shown_view(context, in.document, pack);
}

Result<RuleView> rule_view(sql::Tx& tx) {
  SK_TRY(const auto rule, Table::rule(tx));
  return rule ? RuleView{rule->before_ai, rule->grace_days, rule->set_by, rule->set_at} : RuleView{};
}

Result<RuleView> set_rule(gate::Context& context, const RuleIn& in) {
  if (in.grace_days < 0 || in.grace_days > kMostGraceDays) return fail(Code::invalid_argument, "reading.grace", "0 to 365 days");
  SK_CHECK(Table::put_rule(context.tx, {in.before_ai, in.grace_days, name_of(context.permit().person()), context.now}));
  return rule_view(context.tx);
}

}  // namespace

bool reads_all(const gate::Context& context) { return context.permit().person().powers.contains("policies.read"); }

Result<bodies::PersonId> caller_of(gate::Context& context) {
  auto id = bodies::PersonId::parse(context.permit().person().user_id);
  if (!id) return fail(Code::not_found, "policies.not_found", "nobody of the body");
  return std::move(*id);
}

Result<Mine> require_mine(gate::Context& context, const standard::Pack& pack, const standard::DocumentId& id) {
  context.about(id.str());
  SK_TRY(const auto shown, Table::shown(context.tx, id));
  if (!shown) return fail(Code::not_found, "policies.not_found", "not shown to the staff");
  SK_TRY(auto found, mine(context, pack, *shown));
  if (!found) return fail(Code::not_found, "policies.not_found", "nothing of it is shown");
  return std::move(*found);
}

void register_operations(gate::Registry& registry, PackPtr pack, std::shared_ptr<office::Office> office) {
  using gate::Access;
  registry.add(gate::Operation<bodies::WholeListIn, ItemList>{"reading.own", "読むように求められている方針", "reading.own", Access::read, 1024, gate::no_preparation<bodies::WholeListIn>(),
                                                              [pack](gate::Context& c, bodies::WholeListIn&) { return readings(c, *pack); }});
  registry.add(gate::Operation<bodies::Nothing, StateView>{"reading.state", "読むまでAIを使えないかどうか", "reading.own", Access::read, 1024, gate::no_preparation<bodies::Nothing>(),
                                                           [pack](gate::Context& c, bodies::Nothing&) -> Result<StateView> {
                                                             SK_TRY(const bool over, closed(c, *pack));
                                                             return StateView{over};
                                                           }});
  registry.add(gate::Operation<DocumentIn, PageView>{"reading.open", "自分に宛てた条文を開く", "reading.own", Access::write, 1024, gate::no_preparation<DocumentIn>(),
                                                     [pack](gate::Context& c, DocumentIn& in) { return open(c, in, *pack); }});
  registry.add(gate::Operation<AcknowledgeIn, ItemView>{"reading.acknowledge", "読んだ版を守ることを確認する", "reading.own", Access::write, 1024, gate::no_preparation<AcknowledgeIn>(),
                                                        [pack](gate::Context& c, AcknowledgeIn& in) { return acknowledge(c, in, *pack); }});
  registry.add(gate::Operation<AcknowledgeIn, ItemView>{"reading.consent", "読んだ版を守ることに同意する（同意書）", "reading.own", Access::write, 1024, gate::no_preparation<AcknowledgeIn>(),
                                                        [pack, office](gate::Context& c, AcknowledgeIn& in) { return consent(c, in, *pack, *office); }});
  register_asking(registry, pack, office);
  registry.add(gate::Operation<DocumentIn, ShownView>{"reading.shown", "職員に示しているかどうか", "policies.read", Access::read, 1024, gate::no_preparation<DocumentIn>(),
                                                      [pack](gate::Context& c, DocumentIn& in) { return shown_view(c, in.document, *pack); }});
  registry.add(gate::Operation<DocumentIn, ShownView>{"reading.show", "職員に示し、確認を求める", "reading.manage", Access::write, 1024, gate::no_preparation<DocumentIn>(),
                                                      [pack](gate::Context& c, DocumentIn& in) { return show(c, in, *pack); }});
  registry.add(gate::Operation<DocumentIn, ShownView>{"reading.hide", "職員に示すことをやめる", "reading.manage", Access::write, 1024, gate::no_preparation<DocumentIn>(),
                                                      [pack](gate::Context& c, DocumentIn& in) { return hide(c, in, *pack); }});
  registry.add(gate::Operation<bodies::Nothing, RuleView>{"reading.rule", "AIの前に確認を求めるかどうか", "reading.people", Access::read, 1024, gate::no_preparation<bodies::Nothing>(),
                                                          [](gate::Context& c, bodies::Nothing&) { return rule_view(c.tx); }});
  registry.add(gate::Operation<RuleIn, RuleView>{"reading.set_rule", "AIの前に確認を求めるかどうかと、待つ日数を決める", "reading.manage", Access::write, 1024, gate::no_preparation<RuleIn>(),
                                                 [](gate::Context& c, RuleIn& in) { return set_rule(c, in); }});
  registry.add(gate::Operation<PeopleIn, PeopleList>{"reading.people", "まだ確認していない人", "reading.people", Access::read, 1024, gate::no_preparation<PeopleIn>(),
                                                     [pack](gate::Context& c, PeopleIn& in) { return people(c, in, *pack); }});
  registry.add(gate::Operation<PeopleIn, standard::FileOut>{"reading.people_file", "確認の状態の表（CSV）", "reading.people", Access::read, 1024, gate::no_preparation<PeopleIn>(),
                                                            [pack](gate::Context& c, PeopleIn& in) -> Result<standard::FileOut> {
                                                              SK_TRY(const PeopleList list, people(c, in, *pack));
                                                              return standard::FileOut{"readers.csv", "text/csv; charset=utf-8", to_base64(people_csv(list))};
                                                            }});
}

}  // namespace sekisho::reading
