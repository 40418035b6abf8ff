#include "gate/stop.h"

#include <algorithm>
#include <array>

#include "gate/operation.h"

namespace sekisho::gate {
namespace {

struct KindRow {
  StopKind kind;
  std::string_view name;
  bool target;
  const char* key;
  const char* clause;  // of the reference standard: 6(2)カ breach, 11(1)コ(オ) cutting an outside network, 11(5)イ attack, 12(6)イ(ウ) rights of a person
};
constexpr std::array kKinds = {
    KindRow{StopKind::service, "service", false, "stops.service", "6(2)カ"},
    KindRow{StopKind::body, "body", false, "stops.body", "6(2)カ"},
    KindRow{StopKind::route, "route", true, "stops.route", "11(1)コ(オ)"},
    KindRow{StopKind::endpoint, "endpoint", true, "stops.endpoint", "11(5)イ"},
    KindRow{StopKind::collection, "collection", true, "stops.collection", "11(5)イ"},
    KindRow{StopKind::uploads, "uploads", false, "stops.uploads", "11(5)イ"},
    KindRow{StopKind::exports, "exports", false, "stops.exports", "11(5)イ"},
    KindRow{StopKind::account, "account", true, "stops.account", "12(6)イ(ウ)"},
};

const KindRow& row(StopKind kind) {
  return *std::find_if(kKinds.begin(), kKinds.end(), [&](const KindRow& r) { return r.kind == kind; });
}

bool closes(const Stop& stop, StopKind kind, std::string_view body, std::string_view target) {
  return stop.kind == kind && (stop.body.empty() || stop.body == body) && stop.target == target;
}

}  // namespace

std::string_view name_of(StopKind kind) { return row(kind).name; }
bool has_target(StopKind kind) { return row(kind).target; }
std::optional<StopKind> stop_kind(std::string_view name) {
  for (const KindRow& r : kKinds)
    if (r.name == name) return r.kind;
  return std::nullopt;
}

void StopBoard::put(std::vector<Stop> stops) {
  const bool any = !stops.empty();
  auto next = std::make_shared<const std::vector<Stop>>(std::move(stops));
  const std::lock_guard lock(mutex_);
  stops_ = std::move(next);
  any_.store(any, std::memory_order_release);
}

std::shared_ptr<const std::vector<Stop>> StopBoard::picture() const {
  const std::lock_guard lock(mutex_);
  return stops_;
}

Status StopBoard::check(StopKind kind, std::string_view body, std::string_view target) const {
  if (!any()) return ok();
  const auto stops = picture();
  if (std::none_of(stops->begin(), stops->end(), [&](const Stop& s) { return closes(s, kind, body, target); })) return ok();
  return fail(Error{Code::unavailable, row(kind).key, "stopped in an emergency", row(kind).clause, who_});
}

Status StopBoard::check_request(const Body& body, policy::SegmentSet segment, const policy::ActionRule& rule) const {
  if (!any() || rule.while_stopped) return ok();
  SK_CHECK(check(StopKind::service, body.code, ""));
  SK_CHECK(check(StopKind::body, body.code, ""));
  for (const std::string& code : body.codes_of(segment)) SK_CHECK(check(StopKind::route, body.code, code));
  return ok();
}

Status StopBoard::check_act(const Body& body, const policy::ActionRule& rule, const std::string& person) const {
  if (!any()) return ok();
  if (rule.brings_in) SK_CHECK(check(StopKind::uploads, body.code, ""));
  if (rule.carries_out) SK_CHECK(check(StopKind::exports, body.code, ""));
  return check(StopKind::account, body.code, person);
}

Status StopBoard::check(const Touched& touched) const {
  if (!any()) return ok();
  SK_CHECK(check(StopKind::service, touched.body, ""));
  SK_CHECK(check(StopKind::body, touched.body, ""));
  for (const std::string& code : touched.segments) SK_CHECK(check(StopKind::route, touched.body, code));
  if (!touched.endpoint.empty()) SK_CHECK(check(StopKind::endpoint, touched.body, touched.endpoint));
  for (const std::string& id : touched.collections) SK_CHECK(check(StopKind::collection, touched.body, id));
  return check(StopKind::account, touched.body, touched.person);
}

}  // namespace sekisho::gate
