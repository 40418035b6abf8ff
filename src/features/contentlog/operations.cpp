#include "features/contentlog/operations.h"

#include "core/bytes.h"
#include "features/contentlog/table.h"

namespace sekisho::contentlog {
namespace {

using bodies::Nothing;

constexpr int kPage = 50;
constexpr std::size_t kMaxText = 600;
constexpr Limits kFileLimits{2'000, 24u << 20, 20'000, 20'000};
// A file on the reader's machine: it honours no obligation but that of its label being written in it.
const policy::Exit kFile{"file", {}};

Status check(const QuestionsIn& in) {
  if (in.from && in.to && *in.to <= *in.from) return fail(Code::invalid_argument, "log.period_asked", "ends before it begins");
  for (const auto* text : {&in.words, &in.basis, &in.person, &in.department})
    if (*text && (*text)->size() > kMaxText) return fail(Code::invalid_argument, "log.text", "too long");
  // 12(2)イ: what one person did is examined only by order, and it is written down on what ground.
  if (in.person && in.basis.value_or("").empty()) return fail(Error{Code::denied, "log.basis", "whose order, which case", "12(2)イ", "CISO"});
  return ok();
}

void note_read(gate::Context& context, const QuestionsOut& out) {
  json::Array seqs;
  for (const QuestionView& q : out.items) seqs.emplace_back(q.seq);
  context.note("read", std::move(seqs));
}

Result<QuestionsOut> read_questions(gate::Context& context, QuestionsIn& in) {
  SK_CHECK(check(in));
  Limits limits;
  limits.items = static_cast<std::size_t>(std::clamp(in.limit.value_or(kPage), 1, kPage));
  SK_TRY(QuestionsOut out, collect(context, in, limits, nullptr));
  note_read(context, out);
  return out;
}

Result<ExportOut> export_questions(gate::Context& context, ExportIn& in) {
  if (in.format != "jsonl" && in.format != "csv") return fail(Code::invalid_argument, "log.format", "jsonl or csv");
  const QuestionsIn what{in.person, in.department, in.from, in.to, in.words, in.denied, in.basis, in.after, std::nullopt};
  SK_CHECK(check(what));
  SK_TRY(QuestionsOut found, collect(context, what, kFileLimits, &kFile));
  note_read(context, found);
  std::string day = to_jst_minutes(context.now).substr(0, 10);
  ExportOut out{"questions-" + day + (in.after ? "-" + *in.after : "") + "." + in.format, "", static_cast<std::int64_t>(found.items.size()), found.next};
  out.bytes_base64 = to_base64(in.format == "csv" ? as_csv(found.items) : as_json_lines(found.items));
  return out;
}

Result<PeopleOut> list_people(gate::Context& context, Nothing&) {
  PeopleOut out;
  SK_TRY(out.departments, bodies::Table::units(context.tx));
  std::map<std::string, std::string> names;
  for (const auto& unit : out.departments) names.emplace(unit.id.str(), unit.name);
  SK_TRY(const auto people, Table::people(context.tx));
  for (const Person& p : people) out.people.push_back({p.id, p.login, p.name, names[p.unit_id]});
  return out;
}

}  // namespace

void register_operations(gate::Registry& registry) {
  using gate::Access;
  registry.add(gate::Operation<QuestionsIn, QuestionsOut>{"log.questions", "質問と回答の記録を見る", "log.read", Access::read, 8192, gate::no_preparation<QuestionsIn>(), read_questions});
  registry.add(gate::Operation<ExportIn, ExportOut>{"log.export_questions", "質問と回答の記録を取り出す", "log.export_content", Access::read, 8192, gate::no_preparation<ExportIn>(),
                                                    export_questions});
  registry.add(gate::Operation<Nothing, PeopleOut>{"log.people", "記録を絞り込む職員と部署", "log.read", Access::read, 1024, gate::no_preparation<Nothing>(), list_people});
}

}  // namespace sekisho::contentlog
