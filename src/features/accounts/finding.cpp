#include "features/accounts/finding.h"

#include <algorithm>

#include "text/normalise.h"

namespace sekisho::accounts {
namespace {

constexpr int kMost = 20;        // of an answer
constexpr int kLooked = 200;     // accounts looked at: those without an appointment are left out
constexpr std::size_t kMaxParts = 3;

std::vector<std::string> parts_of(const std::string& words) {
  std::vector<std::string> out;
  std::string part;
  for (const char c : text::normalise(words) + " ") {
    if (c != ' ') {
      part += c;
    } else if (!part.empty()) {
      if (out.size() < kMaxParts) out.push_back(std::move(part));
      part.clear();
    }
  }
  return out;
}

Result<std::optional<ColleagueView>> colleague(gate::Context& context, const AccountId& id) {
  SK_TRY(const auto account, Table::find(context.tx, id));
  if (!account || !account->open_at(context.now)) return std::optional<ColleagueView>();
  SK_TRY(const auto appointments, bodies::Table::appointments_of(context.tx, id));
  const auto main = std::find_if(appointments.begin(), appointments.end(), [&](const auto& a) { return a.in_force(context.now) && a.kind == bodies::AppointmentKind::main; });
  if (main == appointments.end()) return std::optional<ColleagueView>();
  SK_TRY(const auto units, bodies::Table::units(context.tx));
  const auto unit = std::find_if(units.begin(), units.end(), [&](const auto& u) { return u.id == main->unit_id; });
  return std::optional(ColleagueView{id.str(), account->login, account->name, unit == units.end() ? "" : unit->name});
}

}  // namespace

gate::Operation<PeopleIn, ColleagueList> find_people() {
  return {"people.find", "職員を探す", "people.find", gate::Access::read, 1024, gate::no_preparation<PeopleIn>(), [](gate::Context& context, PeopleIn& in) -> Result<ColleagueList> {
            SK_TRY(const auto ids, find_accounts(context.tx, parts_of(in.words.value_or("")), kLooked));
            ColleagueList out;
            for (const AccountId& id : ids) {
              if (out.items.size() >= kMost) break;
              SK_TRY(auto one, colleague(context, id));
              if (one) out.items.push_back(std::move(*one));
            }
            return out;
          }};
}

}  // namespace sekisho::accounts
