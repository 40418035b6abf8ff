#include "features/retention/plan.h"

#include <algorithm>

#include "gate/payload_table.h"

namespace sekisho::retention {

std::pair<std::string, std::string> parts_of(const std::string& period) {
  const std::size_t slash = period.find('/');
  return {period.substr(0, slash), slash == std::string::npos ? "" : period.substr(slash + 1)};
}

std::optional<Hold> Known::hold_on(std::string_view kind, std::string_view month) const {
  const auto it = std::find_if(holds.begin(), holds.end(), [&](const Hold& h) { return retention::holds(h, kind, month); });
  return it == holds.end() ? std::nullopt : std::optional(*it);
}

Result<Known> known(sql::Tx& tx) {
  Known out;
  SK_TRY(const auto rules, Table::rules(tx));
  for (const Rule& rule : rules) out.rules.emplace(rule.kind, rule);
  SK_TRY(out.holds, Table::holds(tx));
  return out;
}

Result<std::vector<Planned>> plan(sql::Tx& tx, const Known& known) {
  SK_TRY(const auto periods, gate::PayloadTable::periods(tx));
  std::vector<Planned> out;
  for (const std::string& period : periods) {
    const auto [month, kind] = parts_of(period);
    const auto rule = known.rules.find(kind);
    if (rule == known.rules.end()) continue;
    SK_TRY(const Timestamp due, due_at(rule->second, month));
    out.push_back({kind, month, period, due, known.hold_on(kind, month)});
  }
  std::stable_sort(out.begin(), out.end(), [](const Planned& a, const Planned& b) { return a.due_at < b.due_at; });
  return out;
}

}  // namespace sekisho::retention
