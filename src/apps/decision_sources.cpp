#include "apps/decision_sources.h"

#include "features/alarms/table.h"
#include "features/approvals/views.h"
#include "features/bodies/label_view.h"
#include "features/library/classes.h"
#include "features/office/deciding.h"
#include "features/reviews/table.h"

namespace sekisho::apps {
namespace {

using decisions::Figure;
using decisions::Waiting;
using gate::Context;
using Rows = Result<std::vector<Waiting>>;
using Numbers = Result<std::vector<Figure>>;

constexpr int kMostRequests = 200;
constexpr int kMostAlarms = 50;
constexpr std::string_view kIncidents = "incidents";  // the group of registers (docs/office.md)

Rows from_approvals(const Deciders& from, Context& context) {
  SK_TRY(approvals::Standing who, from.approvals.caller(context));
  SK_TRY(const auto all, approvals::Views(from.approvals, context, std::move(who)).awaiting(kMostRequests));
  std::vector<Waiting> out;
  for (const approvals::Awaiting& a : all) {
    Waiting w;
    w.title = a.title;
    w.what = a.what;
    w.asked_by = a.requester;
    w.unit = a.department;
    w.clauses = a.clauses;
    w.since = a.since;
    w.due_at = a.wanted_by;
    w.severity = a.after_the_fact ? 2 : 1;
    w.alone = a.alone;
    w.elsewhere = a.elsewhere;
    w.href = "/approvals/" + a.id.str();
    out.push_back(std::move(w));
  }
  return out;
}

Rows from_office(const Deciders& from, Context& context) {
  SK_TRY(const auto all, office::deciding(from.office, context));
  std::vector<Waiting> out;
  for (const office::Deciding& d : all) {
    Waiting w;
    w.title = d.register_title;
    w.number = d.number;
    w.what = d.subject;
    w.state = d.state;
    w.asked_by = d.asked_by;
    w.unit = d.unit;
    w.steps = d.steps;
    w.clauses = d.clauses;
    w.since = d.since;
    w.due_at = d.due_at;
    w.severity = d.stops_rights ? decisions::kActsNow : d.group == kIncidents ? 2 : 1;
    w.alone = d.alone;
    w.signed_places = d.signed_places;
    w.places = d.places;
    w.href = "/office/cases/" + d.id.str();
    out.push_back(std::move(w));
  }
  return out;
}

Rows from_stops(const Deciders& from, Context& context) {
  std::vector<Waiting> out;
  for (const stops::StopView& s : from.stops.releasable(context.body.code)) {
    Waiting w;
    w.code = s.kind;
    w.what = s.reason;
    w.asked_by = s.basis_by;
    w.clauses = {context.permit().matrix().find("stops.release")->clause};
    w.since = s.set_at;
    w.severity = decisions::kActsNow;
    w.href = "/admin/stops";
    out.push_back(std::move(w));
  }
  return out;
}

Rows from_alarms(const Deciders&, Context& context) {
  SK_TRY(const auto standing, alarms::Table::standing(context.tx, kMostAlarms));
  std::vector<Waiting> out;
  for (const alarms::Recorded& r : standing) {
    Waiting w;
    w.code = r.alarm.kind;
    w.what = r.alarm.detail;
    w.clauses = {context.permit().matrix().find("alarms.confirm")->clause};
    w.since = r.alarm.opened_at;
    w.severity = decisions::kActsNow;
    w.href = "/admin/alarms";
    out.push_back(std::move(w));
  }
  return out;
}

Rows from_reviews(const Deciders&, Context& context) {
  SK_TRY(const auto all, reviews::Table::all(context.tx));
  std::vector<Waiting> out;
  for (const reviews::Review& r : all) {
    if (r.concluded_at) continue;
    Waiting w;
    w.what = r.period;
    w.clauses = {context.permit().matrix().find("reviews.conclude")->clause};
    w.since = r.made_at;
    w.due_at = r.due_at;
    w.href = "/admin/reviews/" + r.period;
    out.push_back(std::move(w));
  }
  return out;
}

// What waits for its class: 7(2)ウ(イ).
Rows from_classes(const Deciders&, Context& context) {
  library::UnruledListIn in;
  SK_TRY(const auto all, library::list_unruled(context, in));
  std::vector<Waiting> out;
  for (const library::UnruledView& one : all.items) {
    if (one.own) continue;  // another person rules
    Waiting w;
    w.code = one.waits_for;
    w.what = one.name;
    w.unit = one.department;
    w.clauses = {context.permit().matrix().find("documents.rule")->clause};
    w.since = one.created_at;
    w.href = "/unruled";
    out.push_back(std::move(w));
  }
  return out;
}

// Open cases of the registers of incidents, by class: the most confidential first.
Numbers incidents(const Deciders& from, Context& context) {
  SK_TRY(const auto all, office::open_cases(from.office, context, kIncidents));
  SK_TRY(const bodies::LabelWords words, bodies::label_words(context));
  const auto& names = words.profile.confidentiality;
  std::vector<Figure> out;
  for (const office::OpenCases& one : all) {
    Figure f{"office." + one.definition, one.title, one.open, "", one.open > 0, "/office/registers/" + one.definition};
    for (auto it = one.by_class.rbegin(); it != one.by_class.rend(); ++it) {
      const bool named = it->first >= 1 && it->first <= static_cast<int>(names.size());
      f.detail += (f.detail.empty() ? "" : "、") + (named ? names[static_cast<std::size_t>(it->first) - 1].name : "分類なし") + " " + std::to_string(it->second) + "件";
    }
    if (one.overdue > 0) f.detail += (f.detail.empty() ? "" : "、") + std::string("期限超過 ") + std::to_string(one.overdue) + "件";
    out.push_back(std::move(f));
  }
  return out;
}

Numbers duties(const Deciders& from, Context& context) {
  SK_TRY(const int count, office::overdue_duties(from.office, context));
  return std::vector<Figure>{{"duties", "期限を過ぎた年度の仕事", count, "", count > 0, "/office/duties"}};
}

Numbers clauses(const Deciders& from, Context& context) {
  SK_TRY(const coverage::Coverage all, from.coverages.compute(context.body, context.tx, context.now, {}));
  const coverage::Counts& c = all.clause_counts;
  return std::vector<Figure>{{"clauses", "不備のある条項", c.red, "注意 " + std::to_string(c.amber) + "、適合 " + std::to_string(c.green), c.red > 0, "/admin/coverage"}};
}

struct SourceRow {
  const char* name;
  std::vector<std::string> actions;
  Rows (*look)(const Deciders&, Context&);
};
struct FigureRow {
  std::vector<std::string> actions;
  Numbers (*look)(const Deciders&, Context&);
};

}  // namespace

std::vector<decisions::Source> decision_sources(const Deciders& from) {
  static const std::vector<SourceRow> kRows = {
      {"approvals", {"approvals.read", "approvals.rule"}, from_approvals}, {"office", {"office.read", "office.act"}, from_office},
      {"stops", {"stops.list", "stops.release"}, from_stops},              {"alarms", {"alarms.list", "alarms.confirm"}, from_alarms},
      {"reviews", {"reviews.read", "reviews.conclude"}, from_reviews},     {"classes", {"documents.rule"}, from_classes},
  };
  std::vector<decisions::Source> out;
  for (const SourceRow& row : kRows) out.push_back({row.name, row.actions, [from, look = row.look](Context& context) { return look(from, context); }});
  return out;
}

std::vector<decisions::FigureSource> decision_figures(const Deciders& from) {
  static const std::vector<FigureRow> kRows = {{{"office.read"}, incidents}, {{"office.read"}, duties}, {{"policies.read"}, clauses}};
  std::vector<decisions::FigureSource> out;
  for (const FigureRow& row : kRows) out.push_back({row.actions, [from, look = row.look](Context& context) { return look(from, context); }});
  return out;
}

}  // namespace sekisho::apps
