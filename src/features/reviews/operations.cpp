#include "core/bytes.h"
#include "crypto/hash.h"
#include "features/retention/rules.h"
#include "features/reviews/reviews.h"
#include "text/csv.h"

namespace sekisho::reviews {
namespace {

using bodies::Nothing;

constexpr std::int64_t kDayMicros = 86'400'000'000;
constexpr std::int64_t kDaysToConclude = 14;
constexpr std::size_t kMaxText = 4000;    // bytes
constexpr std::size_t kMaxEntries = 200;

std::string name_of(const policy::Person& person) { return person.name.empty() ? person.user_id : person.name; }

Result<Timestamp> begin_of(const std::string& period) { return retention::month_begin(period); }
Result<Timestamp> end_of(const std::string& period, int months) { return retention::month_begin(period, months); }

Summary summary_of(const Review& r, const Outcome& outcome, Timestamp now) {
  std::int64_t findings = 0;
  for (const auto& [kind, count] : outcome.totals) findings += count;
  return {r.period, r.months, r.made_at, r.due_at, r.concluded_at ? "concluded" : r.due_at <= now ? "overdue" : "open", outcome.questions, findings, r.concluded_by, r.concluded_at};
}

struct Found {
  Review review;
  Outcome outcome;
};
Result<Found> find(gate::Context& context, const std::string& period) {
  context.about(period.substr(0, 7));
  SK_TRY(auto review, Table::find(context.tx, period));
  if (!review) return fail(Code::not_found, "reviews.not_found", "no review of that period");
  SK_TRY(auto outcome, json::read_text<Outcome>(review->result));
  return Found{std::move(*review), std::move(outcome)};
}

Result<List> list(gate::Context& context, Nothing&) {
  List out;
  SK_TRY(const auto rows, Table::all(context.tx));
  for (const Review& r : rows) {
    SK_TRY(const auto outcome, json::read_text<Outcome>(r.result));
    out.items.push_back(summary_of(r, outcome, context.now));
  }
  return out;
}

Result<Detail> detail_of(gate::Context& context, const Found& f) {
  Detail out;
  out.summary = summary_of(f.review, f.outcome, context.now);
  out.rules = f.outcome.rules;
  out.people = f.outcome.people;
  out.days = f.outcome.days;
  out.hours = f.outcome.hours;
  out.totals = f.outcome.totals;
  out.conclusion = f.review.conclusion;
  SK_TRY(const auto people, Table::units_of_people(context.tx));
  SK_TRY(const auto units, bodies::Table::units(context.tx));
  std::map<std::string, std::string> names, unit_of(people.begin(), people.end());
  for (const auto& unit : units) names.emplace(unit.id.str(), unit.name);
  std::map<std::string, std::int64_t> by_department;
  for (const Finding& one : f.outcome.findings) {
    const auto unit = unit_of.find(one.person);
    const auto name = unit == unit_of.end() ? names.end() : names.find(unit->second);
    const std::string department = name == names.end() ? "" : name->second;
    ++by_department[department];
    out.findings.push_back({one.kind, one.person, department, one.count, one.from, one.to});
  }
  for (const auto& [department, count] : by_department) out.departments.push_back({department, count});
  return out;
}

Result<Detail> read(gate::Context& context, PeriodIn& in) {
  SK_TRY(const Found f, find(context, in.period));
  return detail_of(context, f);
}

// The records behind one finding. Whose they are is a look at one person's use, so it needs a basis.
Result<Entries> entries(gate::Context& context, EntriesIn& in) {
  SK_TRY(const Found f, find(context, in.period));
  if (!known_kind(in.kind)) return fail(Code::invalid_argument, "reviews.kind", "no such kind of finding");
  if (in.basis.empty() || in.basis.size() > kMaxText) return fail(Code::invalid_argument, "log.basis", "the case and who ordered it");
  SK_TRY(const Timestamp begin, begin_of(f.review.period));
  SK_TRY(const Timestamp end, end_of(f.review.period, f.review.months));
  Entries out;
  SK_CHECK(scan(context.tx, context.body, std::max(begin, in.from.value_or(begin)), std::min(end, in.to.value_or(end)), [&](const Seen& seen) {
    if (seen.event.person != in.person || !counts(seen.event, in.kind, f.outcome.rules)) return true;
    out.more = out.items.size() == kMaxEntries;
    if (!out.more) out.items.push_back(seen.entry);
    return !out.more;
  }));
  return out;
}

Result<Detail> conclude(gate::Context& context, ConcludeIn& in) {
  SK_TRY(const Found f, find(context, in.period));
  if (in.conclusion.empty() || in.conclusion.size() > kMaxText) return fail(Code::invalid_argument, "reviews.conclusion", "what was concluded");
  SK_TRY(const bool done, Table::conclude(context.tx, f.review.period, name_of(context.permit().person()), in.conclusion, context.now));
  if (!done) return fail(Code::conflict, "reviews.concluded", "concluded already");
  // What it is about, so that the record of the conclusion holds both together.
  context.note("result_sha256", json::Value(std::string_view(to_hex(crypto::sha256(f.review.result)))));
  SK_TRY(const Found after, find(context, in.period));
  return detail_of(context, after);
}

Result<ExportOut> export_csv(gate::Context& context, PeriodIn& in) {
  SK_TRY(const Found f, find(context, in.period));
  SK_TRY(const Detail detail, detail_of(context, f));
  return ExportOut{"tenken-" + f.review.period + ".csv", to_base64(findings_csv(detail))};
}

struct MakeIn {
  std::string period;
  int months = 1;
  Outcome result;
};
BOOST_DESCRIBE_STRUCT(MakeIn, (), (period, months, result))

gate::Operation<MakeIn, Nothing> make_operation() {
  return {"reviews.make", "期間の点検を作る", "reviews.make", gate::Access::write, 0, gate::no_preparation<MakeIn>(), [](gate::Context& context, MakeIn& in) -> Result<Nothing> {
            context.about(in.period);
            const Review made{in.period, in.months, context.now, {context.now.micros + kDaysToConclude * kDayMicros}, json::canonical(json::to_value(in.result)), {}, {}, {}};
            SK_TRY(const bool fresh, Table::insert(context.tx, made));
            if (!fresh) return fail(Code::conflict, "reviews.made", "the period has its review");
            return Nothing{};
          }};
}

}  // namespace

Result<int> run(gate::Gate& gate, gate::Body& body, const Rules& rules) {
  const std::string period = last_over(gate.clock().now(), rules.months);
  MakeIn made{period, rules.months, {}};
  {
    SK_TRY(auto tx, body.db->begin_read());
    SK_TRY(const auto there, Table::find(*tx, period));
    if (there) return 0;
    SK_TRY(const Timestamp begin, begin_of(period));
    SK_TRY(const Timestamp end, end_of(period, rules.months));
    Examiner examiner(rules);
    bool any = false;
    SK_CHECK(scan(*tx, body, begin, end, [&](const Seen& seen) {
      any = true;
      examiner.take(seen.event);
      return true;
    }));
    if (!any) return 0;
    made.result = examiner.outcome();
  }
  SK_CHECK(gate.run(make_operation(), gate::Caller{&body, gate::Program{}, 0, "reviews", "program", ""}, std::move(made)));
  return 1;
}

Result<std::vector<std::string>> overdue(sql::Tx& tx, Timestamp now) {
  SK_TRY(const auto rows, Table::all(tx));
  std::vector<std::string> out;
  for (const Review& r : rows)
    if (!r.concluded_at && r.due_at <= now) out.push_back(r.period);
  return out;
}

std::string findings_csv(const Detail& detail) {
  static const std::map<std::string, const char*> kNames = {{"burst", "短い時間の多くの質問"}, {"off_hours", "勤務の時間の外の利用"}, {"guard", "検知"}, {"lockout", "ログインの失敗"},
                                                            {"label_refused", "分類による断り"}};
  text::CsvWriter csv;
  for (const char* name : {"期間", "種類", "部署", "利用者の記号", "件数", "始め", "終わり"}) csv.cell(name);
  csv.end_row();
  for (const FindingView& f : detail.findings) {
    const auto name = kNames.find(f.kind);
    csv.cell(detail.summary.period).cell(name == kNames.end() ? std::string_view(f.kind) : std::string_view(name->second)).cell(f.department).cell(f.person).cell(f.count);
    csv.cell(to_jst_minutes(f.from)).cell(to_jst_minutes(f.to));
    csv.end_row();
  }
  return std::move(csv).take();
}

void register_operations(gate::Registry& registry) {
  using gate::Access;
  registry.add(gate::Operation<Nothing, List>{"reviews.list", "点検の一覧", "reviews.read", Access::read, 1024, gate::no_preparation<Nothing>(), list});
  registry.add(gate::Operation<PeriodIn, Detail>{"reviews.read", "期間の点検を見る", "reviews.read", Access::read, 1024, gate::no_preparation<PeriodIn>(), read});
  registry.add(gate::Operation<EntriesIn, Entries>{"reviews.entries", "点検で見つかったことのもとの記録", "reviews.read", Access::read, 16384, gate::no_preparation<EntriesIn>(), entries});
  registry.add(gate::Operation<ConcludeIn, Detail>{"reviews.conclude", "点検の結論を書く", "reviews.conclude", Access::write, 16384, gate::no_preparation<ConcludeIn>(), conclude});
  registry.add(gate::Operation<PeriodIn, ExportOut>{"reviews.export", "点検で見つかったことを取り出す", "reviews.export", Access::read, 1024, gate::no_preparation<PeriodIn>(), export_csv});
}

}  // namespace sekisho::reviews
