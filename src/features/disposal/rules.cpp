#include "features/disposal/rules.h"

#include <algorithm>

namespace sekisho::disposal {
namespace {

constexpr std::int64_t kDayMicros = 86'400'000'000;

}  // namespace

bool known_scope(std::string_view scope) { return std::find(std::begin(kScopes), std::end(kScopes), scope) != std::end(kScopes); }

Result<Kept> kept(const Keeping& keeping, const std::string& period, Timestamp now) {
  const std::size_t slash = period.find('/');
  const std::string month = period.substr(0, slash), kind = slash == std::string::npos ? "" : period.substr(slash + 1);
  const bool held = std::any_of(keeping.holds.begin(), keeping.holds.end(), [&](const retention::Hold& h) { return retention::holds(h, kind, month); });
  if (held) return Kept{true, std::nullopt, "hold"};
  const auto rule = keeping.rules.find(kind);
  const int months = rule == keeping.rules.end() ? retention::kLeastMonths : rule->second.months;
  SK_TRY(const Timestamp due, retention::month_begin(month, 1 + months));
  if (due <= now) return Kept{};
  return Kept{true, due, "retention"};
}

void add_remaining(std::vector<Remaining>& list, const std::string& store, const Kept& why, std::int64_t count) {
  const auto same = std::find_if(list.begin(), list.end(), [&](const Remaining& r) { return r.store == store && r.until == why.until && r.ground == why.ground; });
  if (same == list.end()) list.push_back({store, count, why.until, why.ground});
  else same->count += count;
}

std::optional<Timestamp> look_again(const std::vector<Remaining>& list, Timestamp now) {
  std::optional<Timestamp> out;
  for (const Remaining& r : list) {
    if (r.ground != "hold" && r.ground != "retention") continue;
    const Timestamp at = r.until ? *r.until : Timestamp{now.micros + kDayMicros};
    if (!out || at < *out) out = at;
  }
  return out;
}

}  // namespace sekisho::disposal
