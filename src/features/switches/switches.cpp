#include "features/switches/switches.h"

#include <algorithm>

#include "core/network.h"
#include "features/bodies/dates.h"

namespace sekisho::switches {
namespace {

constexpr Argument kPerson[] = {{"person", "person people", true}};
constexpr Argument kPermit[] = {{"person", "person people @opener", true}, {"from", "date datetime"}, {"until", "date datetime", true}};
constexpr Argument kLift[] = {{"rule", "choice", true, kLiftable}, {"person", "person people"}, {"unit", "department departments"}, {"from", "date datetime"}, {"until", "date datetime", true}};
constexpr Argument kTraining[] = {{"person", "person people column", true}, {"kind", "choice", true}, {"from", "date datetime"}};
constexpr Argument kService[] = {{"provider", "text", true}, {"name", "text", true}, {"class", "class", true}, {"region", "text"}, {"law", "text"}, {"until", "date datetime"}};

constexpr std::array kKinds = {
    Kind{kRightsStopped, "12(6)イ(ウ)", "権利の停止", kPerson},
    Kind{kOutside, "11(2)イ(ア)", "庁外からの接続の許可", kPermit},
    Kind{kPrivateDevice, "10(1)ア(エ)a", "私物の端末の許可", kPermit},
    Kind{kRuleLifted, "12(4)ア", "例外措置による規則の解除", kLift},
    Kind{kTrainingDone, "10(2)エ", "研修の受講", kTraining},
    Kind{kRetentionHeld, "11(5)ウ", "記録の保全", {}},
    Kind{kServiceApproved, "13(2)エ(ウ)", "外部サービスの承認", kService},
};

constexpr std::size_t kMaxNetworks = 4000;
constexpr std::size_t kMostTraining = 20;

bool is_on(const std::vector<Standing>& rows, std::string_view name, std::string_view value, Timestamp now) {
  return std::any_of(rows.begin(), rows.end(), [&](const Standing& s) { return s.name == name && s.value == value && s.on(now); });
}

Result<bool> within(const std::string& networks, const std::optional<Address>& address) {
  if (networks.empty()) return false;
  SK_TRY(const Networks list, parse_networks(networks));
  return !address || contains(list, *address);  // an address that nobody can read comes from everywhere
}

// Months back, on the same day as far as that month has it.
CivilDate months_before(CivilDate day, int months) {
  const int all = day.year * 12 + day.month - 1 - months;
  return {all / 12, all % 12 + 1, std::min(day.day, 28)};
}

}  // namespace

std::span<const Kind> kinds() { return kKinds; }

const Kind* find_kind(std::string_view name) {
  const auto it = std::find_if(kKinds.begin(), kKinds.end(), [&](const Kind& k) { return k.name == name; });
  return it == kKinds.end() ? nullptr : &*it;
}

Result<Wish> wish_of(sql::Tx& tx) {
  SK_TRY(const auto document, Table::wish(tx));
  if (!document) return Wish{};
  return json::read_text<Wish>(*document);
}

Status check(const Wish& w) {
  const auto wrong = [](const char* what) { return fail(Code::invalid_argument, "switches.wish", what); };
  for (const auto& [text, name] : {std::pair(&w.outside_networks, "outside_networks"), std::pair(&w.private_networks, "private_networks")})
    if (text->size() > kMaxNetworks || !parse_networks(*text)) return wrong(name);
  if (w.training.size() > kMostTraining) return wrong("training");
  for (const std::string& kind : w.training)
    if (kind.empty() || kind.size() > 40) return wrong("training");
  if (w.training_months && (*w.training_months < 1 || *w.training_months > 120)) return wrong("training_months");
  if (w.training_from && !bodies::parse_day(*w.training_from)) return wrong("training_from");
  return ok();
}

Result<std::optional<Standing>> stopped(sql::Tx& tx, const std::string& person, Timestamp now) {
  SK_TRY(auto rows, Table::of_person(tx, person));
  for (Standing& s : rows)
    if (s.name == kRightsStopped && s.on(now)) return std::optional(std::move(s));
  return std::optional<Standing>();
}

Result<bool> lifted(sql::Tx& tx, std::string_view rule, const std::string& person, Timestamp now) {
  SK_TRY(const auto own, Table::of_person(tx, person));
  if (is_on(own, kRuleLifted, rule, now)) return true;
  if (!is_ulid(person)) return false;
  SK_TRY(const auto standing, bodies::Table::standing(tx, bodies::PersonId::trusted(person), now));
  for (const auto& unit : standing.units) {
    SK_TRY(const auto rows, Table::of_unit(tx, unit.str()));
    if (is_on(rows, kRuleLifted, rule, now)) return true;
  }
  return false;
}

Status may_come(sql::Tx& tx, const std::string& person, const std::string& address, Timestamp now) {
  struct Door {
    const std::string Wish::*networks;
    std::string_view permit, rule;
    const char* key;
    const char* who;
  };
  static constexpr Door kDoors[] = {{&Wish::outside_networks, kOutside, "entry_outside", "switches.outside", "head"},
                                    {&Wish::private_networks, kPrivateDevice, "entry_private_device", "switches.private_device", "manager"}};
  SK_TRY(const Wish wish, wish_of(tx));
  const auto from = Address::parse(address);
  for (const Door& door : kDoors) {
    SK_TRY(const bool here, within(wish.*door.networks, from));
    if (!here) continue;
    SK_TRY(const auto rows, Table::of_person(tx, person));
    if (is_on(rows, door.permit, "", now)) continue;
    SK_TRY(const bool free, lifted(tx, door.rule, person, now));
    if (!free) return fail(Error{Code::denied, door.key, "no permit in force", std::string(find_kind(door.permit)->clause), door.who});
  }
  return ok();
}

Status trained(gate::Context& context) {
  const policy::Person& person = context.permit().person();
  if (person.program) return ok();
  SK_TRY(const Wish wish, wish_of(context.tx));
  if (wish.training.empty()) return ok();
  const CivilDate today = jst_date(context.now);
  if (wish.training_from) {
    SK_TRY(const CivilDate from, bodies::parse_day(*wish.training_from));
    if (today < from) return ok();
  }
  SK_TRY(const auto rows, Table::of_person(context.tx, person.user_id));
  const auto had = [&](const std::string& kind) {
    return std::any_of(rows.begin(), rows.end(), [&](const Standing& s) {
      return s.name == kTrainingDone && s.value == kind && s.on(context.now) && (!wish.training_months || months_before(today, *wish.training_months) <= jst_date(s.since));
    });
  };
  const auto lacks = std::find_if_not(wish.training.begin(), wish.training.end(), had);
  if (lacks == wish.training.end()) return ok();
  SK_TRY(const bool free, lifted(context.tx, "training", person.user_id, context.now));
  if (free) return ok();
  context.note("training", json::Value(std::string_view(*lacks)));
  return fail(Error{Code::denied, "switches.training", *lacks, std::string(find_kind(kTrainingDone)->clause), "manager"});
}

}  // namespace sekisho::switches
