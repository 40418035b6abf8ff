#include "features/office/address.h"

#include <algorithm>

namespace sekisho::office {
namespace {

constexpr const char* kWholeBody[] = {"head", "top"};

Actor made(const approvals::Standing& who, const std::vector<bodies::Appointment>& appointments, Timestamp now) {
  Actor out;
  out.account = who.account;
  out.name = who.name;
  out.stands_for = who.stands_for;
  out.units = who.units;
  out.addresses = {"account:" + who.account, "anyone"};
  for (const std::string& power : who.powers) {
    out.addresses.insert("power:" + power);
    for (const std::string& unit : who.units) out.addresses.insert("power:" + power + "|" + unit);
  }
  for (const bodies::Appointment& a : appointments)
    if (a.in_force(now) && a.role) {
      out.addresses.insert("post:" + *a.role);
      out.addresses.insert("post:" + *a.role + "|" + a.unit_id.str());
    }
  return out;
}

void split(const std::string& text, Addresses& out) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find(' ', at), text.size());
    if (end > at) out.insert(text.substr(at, end - at));
    at = end + 1;
  }
}

}  // namespace

Actor program_actor() {
  Actor out;
  out.account = kProgram;
  out.name = "プログラム";
  out.addresses = {kProgram};
  out.program = true;
  return out;
}

Result<std::optional<Actor>> actor_of(sql::Tx& tx, const approvals::Directory& directory, const std::string& account, Timestamp now) {
  SK_TRY(const auto who, directory.standing(tx, account, now));
  if (!who) return std::optional<Actor>();
  SK_TRY(const auto appointments, bodies::Table::appointments_of(tx, bodies::PersonId::trusted(account)));
  return std::optional(made(*who, appointments, now));
}

Result<Actor> actor_of(gate::Context& context, const approvals::Directory& directory) {
  if (std::holds_alternative<gate::Program>(context.caller.credential)) return program_actor();
  const policy::Person& person = context.permit().person();
  SK_TRY(auto found, actor_of(context.tx, directory, person.user_id, context.now));
  if (!found) return fail(Error{Code::denied, "office.no_person", "no appointment in force", "6(8)ア", "manager"});
  // Powers that were borrowed for this session are the session's.
  for (const std::string& power : person.powers) {
    found->addresses.insert("power:" + power);
    for (const std::string& unit : found->units) found->addresses.insert("power:" + power + "|" + unit);
  }
  found->stands_for.insert(person.stands_for.begin(), person.stands_for.end());
  found->in_session = std::holds_alternative<gate::SessionToken>(context.caller.credential);
  return std::move(*found);
}

bool meet(const Addresses& a, const Addresses& b) {
  const Addresses& few = a.size() < b.size() ? a : b;
  const Addresses& many = a.size() < b.size() ? b : a;
  return std::any_of(few.begin(), few.end(), [&](const std::string& x) { return many.contains(x); });
}

std::vector<std::string> ids_in(const json::Object& fields, std::string_view key) {
  const auto it = fields.find(key);
  std::vector<std::string> out;
  if (it == fields.end()) return out;
  if (it->value().is_string()) out.emplace_back(std::string_view(it->value().get_string()));
  if (it->value().is_array())
    for (const json::Value& v : it->value().get_array())
      if (v.is_string()) out.emplace_back(std::string_view(v.get_string()));
  return out;
}

std::set<std::string> movers_of(const std::vector<Event>& steps, std::string_view transition) {
  std::set<std::string> out;
  for (const Event& e : steps)
    if (e.transition == transition && (e.event == "move" || e.event == "sign" || e.event == "open") && e.person != kProgram) out.insert(e.person);
  return out;
}

Result<std::vector<std::string>> Addressing::lineage(const std::string& unit) {
  if (const auto known = lineages_.find(unit); known != lineages_.end()) return known->second;
  std::vector<std::string> out;
  SK_TRY(const auto units, bodies::Table::lineage(tx_, bodies::UnitId::trusted(unit)));
  for (const auto& u : units) out.push_back(u.str());
  lineages_[unit] = out;
  return out;
}

Status Addressing::spread(const std::string& base, const std::optional<std::string>& in, Addresses& out) {
  std::vector<std::string> units;
  if (in && *in == "unit" && !case_.unit.empty()) units = {case_.unit};
  if (in && in->starts_with("field:")) units = ids_in(case_.fields, in->substr(6));
  if (units.empty()) {
    out.insert(base);
    return ok();
  }
  for (const std::string& unit : units) {
    SK_TRY(const auto above, lineage(unit));
    for (const std::string& u : above) out.insert(base + "|" + u);
  }
  return ok();
}

Result<Addresses> Addressing::of(const workflow::Who& who) {
  Addresses out;
  if (who.anyone) out.insert("anyone");
  if (who.program) out.insert(kProgram);
  if (who.power) SK_CHECK(spread("power:" + *who.power, who.in, out));
  if (who.post) {
    const auto role = organisation_.posts.find(*who.post);
    if (role != organisation_.posts.end()) SK_CHECK(spread("post:" + role->second, who.in, out));
  }
  if (who.field)
    for (const std::string& id : ids_in(case_.fields, *who.field)) out.insert("account:" + id);
  if (!who.person) return out;
  if (*who.person == "opener" && case_.opener != kProgram) out.insert("account:" + case_.opener);
  if (*who.person == "assigned") split(case_.assigned, out);
  if (who.person->starts_with("mover:"))
    for (const std::string& id : movers_of(steps_, who.person->substr(6))) out.insert("account:" + id);
  if (*who.person == "participant")
    for (const Event& e : steps_)
      if (e.event == "participant") out.insert("account:" + e.note);
  return out;
}

Result<Addresses> Addressing::of(const workflow::Whos& whos) {
  Addresses out;
  for (const workflow::Who& who : whos) {
    SK_TRY(const Addresses one, of(who));
    out.insert(one.begin(), one.end());
  }
  return out;
}

Result<Addresses> Addressing::reached(const workflow::Whos& whos, Timestamp now) {
  Addresses out;
  for (const workflow::Who& who : whos) {
    SK_TRY(const Addresses place, of(who));
    out.insert(place.begin(), place.end());
    const auto role = organisation_.posts.find(who.post.value_or(""));
    if (role == organisation_.posts.end()) continue;
    SK_TRY(const bool somebody, held(role->second, place, now));
    if (!somebody) SK_CHECK(add_superior(who, role->second, now, out));
  }
  return out;
}

Result<bool> Addressing::held(const std::string& role, const Addresses& place, Timestamp now) {
  SK_TRY(const auto units, bodies::Table::units_of_role(tx_, role, now));
  return std::any_of(units.begin(), units.end(), [&](const bodies::UnitId& u) { return place.contains("post:" + role) || place.contains("post:" + role + "|" + u.str()); });
}

// Up the line of the body's roles to the first that somebody holds. The head and the top are the whole body's; who stands between them and the post must be
// of the case's own department.
Status Addressing::add_superior(const workflow::Who& who, const std::string& role, Timestamp now, Addresses& out) {
  std::string code = role;
  for (std::size_t up = 0; up < organisation_.roles.size(); ++up) {
    const workflow::RoleTrait* const trait = organisation_.role(code);
    if (trait == nullptr || trait->superior.empty()) return ok();
    code = trait->superior;
    const bool whole = std::any_of(std::begin(kWholeBody), std::end(kWholeBody), [&](const char* post) {
      const auto at = organisation_.posts.find(post);
      return at != organisation_.posts.end() && at->second == code;
    });
    Addresses place;
    SK_CHECK(spread("post:" + code, whole ? std::nullopt : who.in, place));
    SK_TRY(const bool somebody, held(code, place, now));
    if (!somebody) continue;
    out.insert(place.begin(), place.end());
    return ok();
  }
  return ok();
}

}  // namespace sekisho::office
