#include "features/reading/people.h"

#include <algorithm>

#include "features/accounts/staff.h"
#include "text/csv.h"

namespace sekisho::reading {
namespace {

constexpr int kPage = 500;

bool reads_policies(const policy::Person& person) { return person.powers.contains("policies.read"); }
bool leads_unit(const policy::Person& person) { return person.powers.contains("decide.section") || person.powers.contains("decide.division"); }

// The organisation as one list needs it.
struct World {
  bodies::ProfileFile profile;
  std::optional<Rule> rule;
  std::map<std::string, bodies::UnitRow> units;
  std::map<std::string, std::vector<bodies::Appointment>> appointments;  // by person
  std::map<std::string, std::string> categories;                        // by person
};

Result<World> world_of(sql::Tx& tx, Timestamp now) {
  World out;
  SK_TRY(out.profile, standard::profile_in_force(tx));
  SK_TRY(out.rule, Table::rule(tx));
  SK_TRY(auto units, bodies::Table::unit_rows(tx));
  for (auto& unit : units) out.units.emplace(unit.id.str(), std::move(unit));
  SK_TRY(auto appointments, bodies::Table::appointments_open(tx, now));
  for (auto& a : appointments)
    if (a.in_force(now)) out.appointments[a.person_id.str()].push_back(std::move(a));
  SK_TRY(const auto staff, accounts::StaffTable::all(tx));
  for (const auto& s : staff) out.categories[s.id.str()] = s.category;
  return out;
}

bool below(const World& world, std::string unit, const std::set<std::string>& tops) {
  for (std::size_t depth = 0; depth <= world.units.size(); ++depth) {
    if (tops.contains(unit)) return true;
    const auto it = world.units.find(unit);
    if (it == world.units.end() || !it->second.parent_id) return false;
    unit = it->second.parent_id->str();
  }
  return false;
}

// nullopt: everybody. By the roles that make her a unit's manager alone: another post gives no look at its unit.
std::optional<std::set<std::string>> units_of(const gate::Context& context, const World& world) {
  const policy::Person& person = context.permit().person();
  if (reads_policies(person)) return std::nullopt;
  std::set<std::string> out;
  const auto own = world.appointments.find(person.user_id);
  if (own == world.appointments.end()) return out;
  for (const bodies::Appointment& a : own->second)
    for (const bodies::Role& role : world.profile.roles)
      if (a.role == role.code && std::any_of(role.powers.begin(), role.powers.end(), [](const auto& p) { return p == "decide.section" || p == "decide.division"; })) out.insert(a.unit_id.str());
  return out;
}

Result<std::vector<accounts::Account>> everybody(sql::Tx& tx, Timestamp now) {
  std::vector<accounts::Account> out;
  std::string after;
  for (;;) {
    SK_TRY(auto page, accounts::Table::page(tx, after, kPage));
    if (page.empty()) return out;
    after = page.back().login;
    for (auto& account : page)
      if (account.open_at(now)) out.push_back(std::move(account));
  }
}

struct Rows {
  std::map<std::string, std::vector<Acknowledgement>> by_person;
};

void add_document(const World& world, const Asked& document, const Rows& rows, const std::vector<accounts::Account>& accounts, Timestamp now, std::vector<std::pair<std::string, PersonView>>& out) {
  for (const accounts::Account& account : accounts) {
    const auto posts = world.appointments.find(account.id.str());
    if (posts == world.appointments.end()) continue;
    const auto category = world.categories.find(account.id.str());
    const Audience audience = audience_of(world.profile, posts->second, category == world.categories.end() ? "" : category->second, now);
    if (!addresses(document, audience)) continue;
    const auto own = rows.by_person.find(account.id.str());
    const Standing standing = standing_of(document, audience, own == rows.by_person.end() ? std::vector<Acknowledgement>() : own->second);
    PersonView view;
    view.document = document.content.version.document_id;
    view.title = document.content.version.title;
    view.number = static_cast<int>(document.content.version.number);
    view.person = account.id.str();
    view.name = account.name.empty() ? account.login : account.name;
    const auto unit = world.units.find(account.unit_id.str());
    view.department = unit == world.units.end() ? "" : unit->second.name;
    for (const bodies::StaffCategory& c : world.profile.staff_categories)
      if (c.code == audience.category) view.category = c.name;
    view.consent_asked = audience.consent_asked;
    view.state = standing.state;
    view.opened_at = standing.opened_at;
    view.acknowledged_at = standing.acknowledged_at;
    view.consented_at = standing.consented_at;
    if (standing.state != "acknowledged") view.closes_at = closes_at(world.rule, document, audience);
    out.emplace_back(account.unit_id.str(), std::move(view));
  }
}

PeopleList listed(const World& world, std::vector<std::pair<std::string, PersonView>> rows, const PeopleIn& in) {
  const auto place = [&](const std::string& unit) {
    const auto it = world.units.find(unit);
    return it == world.units.end() ? INT32_MAX : it->second.position;
  };
  std::stable_sort(rows.begin(), rows.end(), [&](const auto& a, const auto& b) { return std::pair(place(a.first), a.first) < std::pair(place(b.first), b.first); });
  PeopleList out;
  for (auto& [unit, view] : rows) {
    if (out.departments.empty() || out.departments.back().department != unit) out.departments.push_back({unit, view.department, 0, 0, 0, 0});
    const bool read = view.state == "acknowledged";
    const bool waits = view.consent_asked && !view.consented_at;
    ++out.departments.back().people;
    out.departments.back().acknowledged += read ? 1 : 0;
    out.departments.back().consents_asked += view.consent_asked ? 1 : 0;
    out.departments.back().consented += view.consent_asked && !waits ? 1 : 0;
    if ((in.department && *in.department != unit) || (read && !waits && in.show.value_or("unread") != "all") || out.items.size() >= kMostReaders) continue;
    out.items.push_back(std::move(view));
  }
  return out;
}

const char* word_for(const std::string& state) {
  if (state == "acknowledged") return "確認済み";
  if (state == "opened") return "開いたが未確認";
  if (state == "extended") return "新しい役割の分が未確認";
  return "未読";
}

}  // namespace

bool sees_people(const gate::Context& context) { return reads_policies(context.permit().person()) || leads_unit(context.permit().person()); }

Result<PeopleList> people(gate::Context& context, const PeopleIn& in, const standard::Pack& pack) {
  if (!sees_people(context)) return fail(Error{Code::denied, "reading.people", "of no unit", "10(1)ア(ア)", "manager"});
  if (in.show && *in.show != "all" && *in.show != "unread") return fail(Code::invalid_argument, "reading.show", "unread or all");
  SK_TRY(const World world, world_of(context.tx, context.now));
  SK_TRY(auto accounts, everybody(context.tx, context.now));
  if (const auto units = units_of(context, world))
    accounts.erase(std::remove_if(accounts.begin(), accounts.end(), [&](const auto& a) { return !below(world, a.unit_id.str(), *units); }), accounts.end());
  SK_TRY(const auto documents, Table::shown(context.tx));
  std::vector<std::pair<std::string, PersonView>> rows;
  for (const Shown& shown : documents) {
    if (in.document && *in.document != shown.document) continue;
    SK_TRY(const auto document, asked(context.tx, pack, shown));
    if (!document) continue;
    Rows known;
    SK_TRY(auto all, Table::of(context.tx, document->content.version.id));
    for (Acknowledgement& row : all) known.by_person[row.person.str()].push_back(std::move(row));
    add_document(world, *document, known, accounts, context.now, rows);
  }
  return listed(world, std::move(rows), in);
}

std::string people_csv(const PeopleList& list) {
  text::CsvWriter csv;
  for (const char* head : {"文書", "版", "部署", "氏名", "区分", "同意書を求める区分", "状態", "開いた日時", "確認した日時", "同意した日時", "AIを使えなくなる日時"}) csv.cell(head);
  csv.end_row();
  const auto at = [&](const std::optional<Timestamp>& time) { csv.cell(time ? to_jst_minutes(*time) : ""); };
  for (const PersonView& row : list.items) {
    csv.cell(row.title).cell(static_cast<std::int64_t>(row.number)).cell(row.department).cell(row.name).cell(row.category).cell(row.consent_asked ? "はい" : "").cell(word_for(row.state));
    at(row.opened_at);
    at(row.acknowledged_at);
    at(row.consented_at);
    at(row.closes_at);
    csv.end_row();
  }
  return std::move(csv).take();
}

}  // namespace sekisho::reading
