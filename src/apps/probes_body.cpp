// Probes of the body's organisation: who comes in, with what, and where information may go.
#include <algorithm>
#include <array>
#include <limits>

#include "apps/probes.h"
#include "features/endpoints/table.h"
#include "features/flows/table.h"
#include "features/reading/table.h"
#include "features/services/table.h"
#include "features/standard/version_table.h"

namespace sekisho::apps::probes {
namespace {

using coverage::State;

constexpr int kMostIdleMinutes = 60;
constexpr int kMostAbsoluteMinutes = 24 * 60;
constexpr int kMostElevationMinutes = 120;
constexpr std::int64_t kDayMicros = 86'400'000'000;
constexpr int kMostGraceDays = 60;
constexpr std::int64_t kReviewDays = 30;  // an id that is put up for review is looked at within so long
constexpr int kFirstRows = 50;

void add(std::string& list, const std::string& one) { list += (list.empty() ? "" : "、") + one; }

// Logins that a product or an installation brings along: nobody's own.
bool shared_name(std::string_view login) {
  static constexpr std::array kNames = {"admin", "administrator", "root", "guest", "test", "user", "default", "demo", "system", "operator", "shared", "kyoyo", "kyouyuu", "kyoutsu"};
  return std::find(kNames.begin(), kNames.end(), login) != kNames.end();
}

// A segment's own time where it has one, else the setting's; the shorter of the two.
Result<int> minutes_in(const Observed& o, std::size_t place, std::optional<int> bodies::SegmentTraits::*own, std::int64_t setting_ms) {
  SK_TRY(const auto traits, bodies::Table::traits(o.tx, 1u << place));
  const auto setting = static_cast<int>(setting_ms / 60'000);
  return (traits.*own) ? std::min(*(traits.*own), setting) : setting;
}

Finding time_limit(const Observed& o, std::optional<int> bodies::SegmentTraits::*own, std::int64_t ordinary_ms, std::int64_t privileged_ms, int most, const std::string& what) {
  Finding out;
  const auto profile = profile_of(o, out);
  if (!profile) return out;
  std::string late;
  int longest = profile->segments.empty() ? static_cast<int>(ordinary_ms / 60'000) : 0;
  for (std::size_t i = 0; i < profile->segments.size(); ++i) {
    const auto minutes = minutes_in(o, i, own, ordinary_ms);
    if (!minutes) return failed(minutes.error());
    longest = std::max(longest, *minutes);
    if (*minutes > most) add(late, profile->segments[i].name);
  }
  const std::string text = what + " " + std::to_string(longest) + " 分（特権のある人は " + std::to_string(privileged_ms / 60'000) + " 分）で終わります";
  if (longest > most) return red(text + "。" + std::to_string(most) + " 分より長い設定です" + (late.empty() ? "" : ": " + late));
  return green(text);
}

}  // namespace

Finding second_factor(const Observed& o) {
  Finding out;
  const auto profile = profile_of(o, out);
  if (!profile) return out;
  const bool privileged = profile->two_factor_powers && !profile->two_factor_powers->empty();
  std::string one, broken;
  std::vector<coverage::Fact> facts;
  for (std::size_t i = 0; i < profile->segments.size(); ++i) {
    const auto& segment = profile->segments[i];
    const auto traits = bodies::Table::traits(o.tx, 1u << i);
    if (!traits) return failed(traits.error());
    facts.push_back({segment.name, std::to_string(traits->factors)});
    if (traits->factors < segment.factors || (!segment.export_allowed && traits->factors < 2)) add(broken, segment.name);
    else if (traits->factors < 2) add(one, segment.name);
  }
  if (!broken.empty()) out = red("2つの要素を求めるはずのセグメントに、1つで入れます: " + broken);
  else if (one.empty() && !profile->segments.empty()) out = green("すべてのセグメントで、2つの要素を求めます");
  else if (privileged) out = green("特権のある人に2つの要素を求めます" + (one.empty() ? "" : "。1つで入れるセグメント: " + one));
  else if (profile->segments.empty()) out = red("だれにも2つの要素を求めていません");
  else out = amber("1つの要素で入れます: " + one);
  out.facts = std::move(facts);
  return out;
}

Finding idle_timeout(const Observed& o) {
  return time_limit(o, &bodies::SegmentTraits::idle_minutes, o.config().session_idle_ms, o.config().session_privileged_idle_ms, kMostIdleMinutes, "操作がないと");
}

Finding absolute_timeout(const Observed& o) {
  return time_limit(o, &bodies::SegmentTraits::absolute_minutes, o.config().session_absolute_ms, o.config().session_privileged_absolute_ms, kMostAbsoluteMinutes, "操作していても");
}

Finding no_export(const Observed& o) {
  Finding out;
  const auto profile = profile_of(o, out);
  if (!profile) return out;
  if (profile->segments.empty()) return idle("セグメントのない団体です");
  std::string closed, broken;
  for (std::size_t i = 0; i < profile->segments.size(); ++i) {
    const auto& segment = profile->segments[i];
    if (segment.export_allowed) continue;
    const auto traits = bodies::Table::traits(o.tx, 1u << i);
    if (!traits) return failed(traits.error());
    add(traits->export_allowed ? broken : closed, segment.name);
  }
  if (!broken.empty()) return red("持ち出せないはずのセグメントから持ち出せます: " + broken);
  if (closed.empty()) return amber("持ち出しを閉じたセグメントがありません");
  // The rule that runs: whoever sits there has no way out.
  policy::Person inside;
  inside.user_id = "probe";
  inside.may_carry_out = false;
  for (const auto& [action, rule] : o.engine.gate().matrix().rules()) {
    if (!rule.carries_out) continue;
    inside.powers = {rule.power};
    inside.factors = 3;
    inside.elevated = true;
    if (policy::decide(o.engine.gate().matrix(), &inside, action).allow) return red("持ち出しの操作が開いています: " + action);
  }
  return green("持ち出せません: " + closed);
}

Finding flows(const Observed& o) {
  Finding out;
  const auto profile = profile_of(o, out);
  if (!profile) return out;
  if (profile->segments.empty()) return idle("セグメントのない団体です");
  for (std::size_t i = 0; i < profile->segments.size(); ++i)
    for (std::size_t k = 0; k < profile->segments.size(); ++k)
      if (i != k && policy::decide_edge(o.engine.gate().matrix(), nullptr, 1u << i, 1u << k, policy::Form::text).allow) return red("記録のない通信を通します");
  const auto all = sekisho::flows::Table::all(o.tx);
  if (!all) return failed(all.error());
  std::string unpermitted, closed;
  std::int64_t open = 0;
  for (const auto& flow : *all) {
    if (!flow.in_force(o.now)) continue;
    ++open;
    const std::string name = flow.from_segment + "→" + (flow.to_segment.empty() ? flow.to_endpoint : flow.to_segment);
    if (flow.permitted_by.empty() || flow.purpose.empty()) add(unpermitted, name);
    for (const auto& segment : profile->segments)
      if (!segment.export_allowed && flow.from_segment != flow.to_segment && (flow.from_segment == segment.code || flow.to_segment == segment.code) && flow.to_endpoint.empty()) add(closed, name);
  }
  if (!unpermitted.empty()) out = red("許可した人や目的のない通信が開いています: " + unpermitted);
  else if (!closed.empty()) out = amber("閉じたセグメントとの通信が開いています。例外の根拠を確かめてください: " + closed);
  else out = green("許可した通信 " + std::to_string(open) + " 件のほかは通しません");
  out.facts = {{"開いている通信", std::to_string(open)}};
  return out;
}

Finding endpoints(const Observed& o) {
  const auto all = sekisho::endpoints::Table::all(o.tx);
  if (!all) return failed(all.error());
  std::string broken, unapproved;
  std::int64_t usable = 0;
  for (const auto& e : *all) {
    if (!e.enabled || e.waits_for) continue;
    std::optional<services::Service> service;
    if (e.service_id) {
      auto found = services::Table::find(o.tx, *e.service_id);
      if (!found) return failed(found.error());
      service = std::move(*found);
    }
    if (!service || !service->in_force(o.now)) add(unapproved, e.name);
    else if (service->approved_by.empty() || service->approval.empty() || e.ceiling > service->ceiling) add(broken, e.name);
    else ++usable;
  }
  Finding out = !broken.empty()       ? red("承認の範囲を超えた接続先が使えます: " + broken)
                : !unapproved.empty() ? amber("承認のない接続先が残っています（使えません）: " + unapproved)
                                      : green("承認された接続先 " + std::to_string(usable) + " 件だけが使えます");
  out.facts = {{"使える接続先", std::to_string(usable)}};
  return out;
}

// Asks the guard that runs: a number that is well formed and nobody's must not pass from a segment that information leaves.
Finding guards(const Observed& o) {
  Finding out;
  const auto profile = profile_of(o, out);
  if (!profile) return out;
  const auto guard = o.engine.guards().guard(o.tx, o.body, *profile);
  if (!guard) return failed(guard.error());
  std::vector<std::string> places;
  for (const auto& segment : profile->segments)
    if (segment.export_allowed) places.push_back(segment.code);
  if (profile->segments.empty()) places.emplace_back();
  for (const std::string& code : places)
    for (const auto part : {policy::GuardPart::typed, policy::GuardPart::source}) {
      policy::GuardPlace place;
      place.endpoint = "probe";
      if (!code.empty()) place.session_segments = place.endpoint_segments = {code};
      const auto judged = (*guard)->judge("個人番号は 123456789018 です。", part, place);
      const auto number = std::find_if(judged.begin(), judged.end(), [](const auto& j) { return j.finding.kind == text::FindingKind::my_number; });
      if (number == judged.end()) return red("個人番号を見つけられません");
      if (number->decision.action == policy::GuardAction::allow) return red("個人番号をそのまま送ります: " + (code.empty() ? "全体" : code));
    }
  return green("個人番号を止めるか隠します（" + std::to_string(places.size()) + " のセグメントで確かめました）");
}

Finding two_person_changes(const Observed& o) {
  Finding out;
  const auto profile = profile_of(o, out);
  if (!profile) return out;
  const auto asked = profile->two_person_changes.value_or(std::vector<std::string>{});
  if (asked.empty()) return red("変更を1人で行えます（団体の設定の two_person_changes）");
  std::string alone;
  for (const std::string& key : bodies::change_keys())
    if (std::find(asked.begin(), asked.end(), key) == asked.end()) add(alone, key);
  return alone.empty() ? green("接続先・承認された外部サービス・通信の変更は、2人で確かめます") : amber("1人で行える変更があります: " + alone);
}

// The AI that waits for the acknowledgement waits for nothing where nobody is asked to read.
Finding acknowledgement(const Observed& o) {
  const auto rule = reading::Table::rule(o.tx);
  if (!rule) return failed(rule.error());
  if (!*rule || !(*rule)->before_ai) return idle("AIの前に方針の確認を求めない団体です（画面「確認していない人」）");
  const auto shown = reading::Table::shown(o.tx);
  if (!shown) return failed(shown.error());
  std::size_t asked = 0;
  for (const auto& document : *shown) {
    const auto current = standard::Versions::in_force(o.tx, document.document);
    if (!current) return failed(current.error());
    asked += *current ? 1u : 0u;
  }
  if (asked == 0) return red("職員に示した施行中の方針がないので、確認していない人もAIを使えます");
  const int days = (*rule)->grace_days;
  Finding out = days > kMostGraceDays ? amber("確認を待つ日数が " + std::to_string(kMostGraceDays) + " 日より長い設定です")
                                      : green("確認していない人は、" + std::to_string(days) + " 日の後、AIを使えません");
  out.facts = {{"職員に示した方針", std::to_string(asked)}};
  return out;
}

Finding elevation(const Observed& o) {
  Finding out;
  const auto profile = profile_of(o, out);
  if (!profile) return out;
  const bodies::ElevationRule rule = profile->elevation.value_or(bodies::ElevationRule{});
  const auto setting = static_cast<int>(o.config().privileges_most_minutes);
  const int most = std::min(rule.most_minutes.value_or(setting), setting);
  if (!rule.asked) return red("特権がいつも開いています（団体の設定の elevation）");
  if (most > kMostElevationMinutes) return red("特権を一度に " + std::to_string(most) + " 分まで使えます。" + std::to_string(kMostElevationMinutes) + " 分より長い設定です");
  const auto opened = privileges::Table::page(o.tx, "", kFirstRows);
  if (!opened) return failed(opened.error());
  for (const auto& one : *opened)
    if (one.to_at > o.now && (one.to_at.micros - one.from_at.micros) / 60'000'000 > most) return red("期限より長く開いた特権があります: " + one.name);
  return green("特権は、理由を書いて " + std::to_string(most) + " 分までだけ使えます");
}

Finding default_accounts(const Observed& o) {
  std::string found, after;
  std::int64_t count = 0;
  for (;;) {
    const auto page = accounts::Table::page(o.tx, after, 500);
    if (!page) return failed(page.error());
    for (const auto& account : *page) {
      if (!account.open_at(o.now)) continue;
      ++count;
      if (shared_name(account.login)) add(found, account.login);
    }
    if (page->size() < 500) break;
    after = page->back().login;
  }
  if (!found.empty()) return red("だれのものでもない名前の利用者IDが使えます: " + found);
  return green("共用や初期の名前の利用者IDはありません（使えるID " + std::to_string(count) + "）");
}

Finding unused_accounts(const Observed& o) {
  const std::int64_t days = o.config().accounts_unused_days;
  const auto since = [&](std::int64_t n) { return Timestamp{o.now.micros - n * kDayMicros}; };
  const auto late = accounts::Table::unused_since(o.tx, since(days + kReviewDays), o.now, "", kFirstRows);
  if (!late) return failed(late.error());
  const auto due = accounts::Table::unused_since(o.tx, since(days), o.now, "", kFirstRows);
  if (!due) return failed(due.error());
  if (!late->empty()) return red("使われていない利用者ID " + std::to_string(late->size()) + " 件が、点検されていません（" + late->front().login + "）");
  if (!due->empty()) return amber("使われていない利用者ID " + std::to_string(due->size()) + " 件が、点検を待っています");
  return green(std::to_string(days) + " 日使われていない利用者IDは、すべて点検してあります");
}

Finding separation_of_duties(const Observed& o) {
  const auto own = approvals::Table::ruled_by_requester(o.tx, kFirstRows);
  if (!own) return failed(own.error());
  if (!own->empty()) return red("申請した本人が許可した申請があります（" + own->front().str() + "）");
  return green("申請した本人が、例外の記録なしに許可した申請はありません");
}

Finding emergency_stop(const Observed& o) {
  const policy::ActionRule* const rule = o.engine.gate().matrix().find("stops.set");
  if (rule == nullptr) return red("緊急の遮断の決まりがありません");
  const auto holders = bodies::Table::holders(o.tx, rule->power, o.now);
  if (!holders) return failed(holders.error());
  if (holders->empty()) return red("緊急の遮断ができる人が、1人もいません");
  if (o.engine.stop_board().any()) return amber("今、遮断しているところがあります");
  return green("緊急の遮断ができる人は " + std::to_string(holders->size()) + " 人です");
}

}  // namespace sekisho::apps::probes
