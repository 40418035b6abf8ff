// What people and the clock do with coverage: evidence, gaps, duties.
#include <algorithm>

#include "core/log.h"
#include "features/bodies/dates.h"
#include "features/coverage/coverage.h"
#include "features/coverage/dossier.h"
#include "features/standard/meaning.h"
#include "core/bytes.h"

namespace sekisho::coverage {
namespace {

using bodies::Nothing;

constexpr std::size_t kMostWhat = 1000;    // bytes
constexpr std::size_t kMostLink = 500;
constexpr std::size_t kMostReason = 2000;
constexpr std::size_t kMostDuties = 200;

std::string name_of_person(const policy::Person& person) { return person.name.empty() ? person.user_id : person.name; }

bool is_hash(const std::string& text) { return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string::npos; }

bool is_gap(std::string_view state) { return state == "red" || state == "amber"; }

struct NoteIn {
  std::vector<Turn> turns;
};
BOOST_DESCRIBE_STRUCT(NoteIn, (), (turns))
// Asked for by a person: what turned is found in the preparation, so that nobody waits at the writer for the looks.
struct SettleIn {
  std::vector<Turn> turns;
};
BOOST_DESCRIBE_STRUCT(SettleIn, (), ())

std::vector<Turn> turns_of(const Coverage& now, const std::map<std::string, StateRow>& noted) {
  std::vector<Turn> out;
  for (const ControlView& control : now.controls) {
    const auto before = noted.find(control.id);
    const std::string state(name_of(control.state));
    if (before == noted.end() || before->second.state != state) out.push_back({control.id, state, control.reason});
  }
  return out;
}

// A person's close stands until the control was in order once more, or went from amber to red.
Result<SettledView> write_turns(gate::Context& context, const Controls& controls, const std::vector<Turn>& turns) {
  SettledView out;
  SK_TRY(const auto noted, Table::states(context.tx, Timestamp{context.now.micros + 1}));
  SK_TRY(const auto gaps, Table::gaps(context.tx, context.now, Timestamp{context.now.micros + 1}));
  for (const Turn& turn : turns) {
    const Control* const control = controls.find(turn.control);
    if (control == nullptr) continue;
    const auto before = noted.find(turn.control);
    if (before != noted.end() && before->second.at >= context.now) continue;  // noted by another at this moment
    SK_CHECK(Table::put_state(context.tx, {turn.control, context.now, turn.state, turn.reason}));
    const auto open = std::find_if(gaps.begin(), gaps.end(), [&](const Gap& g) { return g.control == turn.control && !g.closed_at; });
    if (is_gap(turn.state) && open == gaps.end()) {
      SK_CHECK(Table::open_gap(context.tx, {context.new_id<GapTag>(), turn.control, turn.state, turn.reason, control->responsible, context.now, {}, {}, {}}));
      ++out.opened;
    } else if (!is_gap(turn.state) && open != gaps.end()) {
      SK_CHECK(Table::close_gap(context.tx, open->id, std::nullopt, turn.reason, context.now));
      ++out.closed;
    }
  }
  context.note("opened", json::Value(out.opened));
  context.note("closed", json::Value(out.closed));
  return out;
}

// The last moment of the month in Japan.
Timestamp end_of_month(Timestamp now) {
  const CivilDate day = jst_date(now);
  return bodies::begin_of({day.year + day.month / 12, day.month % 12 + 1, 1});
}

struct Held {
  std::set<std::string> codes;        // of roles
  std::set<std::string> keys;         // of those who answer
  std::vector<std::string> names;
};

Result<Held> roles_of(gate::Context& context) {
  Held out;
  SK_TRY(const auto file, standard::profile_in_force(context.tx));
  SK_TRY(const auto person, bodies::PersonId::parse(context.permit().person().user_id));
  SK_TRY(const auto appointments, bodies::Table::appointments_of(context.tx, person));
  for (const auto& appointment : appointments)
    if (appointment.role && appointment.in_force(context.now)) out.codes.insert(*appointment.role);
  for (const auto& role : file.roles)
    if (out.codes.contains(role.code)) out.names.push_back(role.name);
  for (const auto& [key, code] : file.permitters)
    if (out.codes.contains(code)) out.keys.insert(key);
  return out;
}

bool names_one_of(const ClauseView& clause, const Held& held) {
  for (const std::string& actor : standard::actors_of(clause.actor))
    if (actor == "@staff" || held.codes.contains(actor)) return true;
  return false;
}

}  // namespace

Result<Duties> Coverages::own(gate::Context& context) {
  SK_TRY(const Held held, roles_of(context));
  SK_TRY(Coverage all, compute(context.body, context.tx, context.now, {}));
  Duties out;
  out.month = bodies::to_iso_month(jst_date(context.now));
  out.roles = held.names;
  // The words and numbers of clauses are for those who may read the policy.
  const bool reads = context.permit().person().powers.contains("policies.read");
  std::map<std::string, std::vector<std::string>> named;  // control -> clauses that name the person's role
  for (ClauseView& clause : all.clauses) {
    if (!reads || !names_one_of(clause, held)) continue;
    for (const std::string& control : clause.controls) named[control].push_back(clause.ref);
    out.clauses.push_back(std::move(clause));
  }
  const Timestamp end = end_of_month(context.now);
  for (const ControlView& control : all.controls) {
    const bool mine = held.keys.contains(control.responsible);
    if (!mine) continue;
    const bool due = control.due_at && *control.due_at < end;
    if (control.state != State::red && control.state != State::amber && !due) continue;
    const auto clauses = named.find(control.id);
    out.items.push_back({control.id, control.title, control.role, control.state, control.reason, control.due_at, control.mend,
                         !reads ? std::vector<std::string>{} : clauses == named.end() ? control.clauses : clauses->second});
  }
  std::stable_sort(out.items.begin(), out.items.end(), [](const DutyView& a, const DutyView& b) {
    if (a.state != b.state) return a.state > b.state;
    return a.due_at.value_or(Timestamp{INT64_MAX}) < b.due_at.value_or(Timestamp{INT64_MAX});
  });
  if (out.items.size() > kMostDuties) out.items.resize(kMostDuties);
  return out;
}

Result<EvidenceView> Coverages::record_evidence(gate::Context& context, const EvidenceIn& in) {
  const Control* const control = controls_.find(in.control);
  if (control == nullptr) return fail(Code::not_found, "coverage.no_control", "no such control");
  if (control->probe) return fail(Code::conflict, "coverage.enforced", "the program looks at this one itself");
  if (in.what.empty() || in.what.size() > kMostWhat) return fail(Code::invalid_argument, "coverage.what", "what the evidence is");
  if (in.link && in.link->size() > kMostLink) return fail(Code::invalid_argument, "coverage.link", "too long");
  if (in.sha256 && !in.sha256->empty() && !is_hash(*in.sha256)) return fail(Code::invalid_argument, "coverage.sha256", "64 hex digits");
  SK_TRY(const CivilDate day, bodies::parse_day(in.date));
  Evidence e;
  e.id = context.new_id<EvidenceTag>();
  e.control = control->id;
  e.what = in.what;
  e.dated_at = bodies::begin_of(day);
  if (e.dated_at > context.now) return fail(Code::invalid_argument, "coverage.date", "evidence is of the past");
  if (in.expires && !in.expires->empty()) {
    SK_TRY(const CivilDate last, bodies::parse_day(*in.expires));
    e.expires_at = bodies::end_of(last);
    if (*e.expires_at <= e.dated_at) return fail(Code::invalid_argument, "coverage.expires", "it ends before it begins");
  }
  e.sha256 = in.sha256.value_or("");
  e.link = in.link.value_or("");
  e.recorded_by = name_of_person(context.permit().person());
  e.recorded_at = context.now;
  e.log_from = static_cast<std::int64_t>(context.body.writer->status().size);
  context.about(e.id.str());
  SK_CHECK(Table::insert(context.tx, e));
  return view_of(e);
}

Result<Nothing> Coverages::withdraw(gate::Context& context, const WithdrawIn& in) {
  context.about(in.id.str());
  if (in.reason.empty() || in.reason.size() > kMostReason) return fail(Code::invalid_argument, "coverage.reason", "why");
  SK_TRY(const auto found, Table::find(context.tx, in.id));
  if (!found) return fail(Code::not_found, "coverage.no_evidence", "no such evidence");
  SK_TRY(const bool done, Table::withdraw(context.tx, in.id, name_of_person(context.permit().person()), in.reason, context.now));
  if (!done) return fail(Code::conflict, "coverage.withdrawn", "withdrawn already");
  return Nothing{};
}

Result<Nothing> Coverages::close_gap(gate::Context& context, const CloseIn& in) {
  context.about(in.id.str());
  if (in.reason.empty() || in.reason.size() > kMostReason) return fail(Code::invalid_argument, "coverage.reason", "why");
  SK_TRY(const auto found, Table::gap(context.tx, in.id));
  if (!found) return fail(Code::not_found, "coverage.no_gap", "no such gap");
  SK_TRY(const bool done, Table::close_gap(context.tx, in.id, name_of_person(context.permit().person()), in.reason, context.now));
  if (!done) return fail(Code::conflict, "coverage.closed", "closed already");
  context.note("control", json::Value(std::string_view(found->control)));
  return Nothing{};
}

Result<std::vector<Turn>> Coverages::turns(gate::Body& body, Timestamp now) {
  SK_TRY(auto tx, body.db->begin_read());
  SK_TRY(const Coverage seen, compute(body, *tx, now, {}));
  SK_TRY(const auto noted, Table::states(*tx, Timestamp{now.micros + 1}));
  return turns_of(seen, noted);
}

// Most of the time nothing changed, and the log needs no record of that.
Result<SettledView> Coverages::run(gate::Gate& gate, gate::Body& body) {
  NoteIn in;
  SK_TRY(in.turns, turns(body, gate.clock().now()));
  if (in.turns.empty()) return SettledView{};
  const gate::Operation<NoteIn, SettledView> note = {"coverage.note", "統制の状態の変わり目を記す", "coverage.note", gate::Access::write, 0, gate::no_preparation<NoteIn>(),
                                                     [this](gate::Context& c, NoteIn& turned) { return write_turns(c, controls_, turned.turns); }};
  return gate.run(note, gate::Caller{&body, gate::Program{}, 0, "coverage", "program", ""}, std::move(in));
}

Result<standard::FileOut> Coverages::dossier(gate::Context& context, const DossierIn& in) {
  const std::string format = in.format.value_or("html");
  if (format != "html" && format != "pdf") return fail(Code::invalid_argument, "coverage.format", "html or pdf");
  SK_TRY(const Coverage all, compute(context.body, context.tx, context.now, {in.year, {}}));
  SK_TRY(const outside::Report made, dossier_of(all, context.body, context.tx));
  const std::string name = "適用状況-" + all.year_label + "." + format;
  if (format == "html") return standard::FileOut{name, "text/html; charset=utf-8", to_base64(outside::report_html(made))};
  SK_TRY(const std::string pdf, outside::report_pdf(made));
  return standard::FileOut{name, "application/pdf", to_base64(pdf)};
}

void Coverages::register_operations(gate::Registry& registry) {
  using gate::Access;
  registry.add(gate::Operation<ReadIn, Coverage>{"coverage.read", "条項・統制・証拠の対応と状態", "policies.read", Access::read, 1024, gate::no_preparation<ReadIn>(),
                                                 [this](gate::Context& c, ReadIn& in) -> Result<Coverage> {
                                                   SK_TRY(Coverage out, compute(c.body, c.tx, c.now, in));
                                                   const policy::Person& person = c.permit().person();
                                                   out.may_manage = person.powers.contains("policies.manage");
                                                   return out;
                                                 }});
  registry.add(gate::Operation<Nothing, Duties>{"coverage.own", "自分の役割の今月のこと", "coverage.own", Access::read, 1024, gate::no_preparation<Nothing>(),
                                                [this](gate::Context& c, Nothing&) { return own(c); }});
  registry.add(gate::Operation<EvidenceIn, EvidenceView>{"coverage.record_evidence", "統制の証拠を記録する", "policies.manage", Access::write, 8192,
                                                        gate::no_preparation<EvidenceIn>(), [this](gate::Context& c, EvidenceIn& in) { return record_evidence(c, in); }});
  registry.add(gate::Operation<WithdrawIn, Nothing>{"coverage.withdraw_evidence", "統制の証拠を取り下げる", "policies.manage", Access::write, 8192,
                                                    gate::no_preparation<WithdrawIn>(), [this](gate::Context& c, WithdrawIn& in) { return withdraw(c, in); }});
  registry.add(gate::Operation<SettleIn, SettledView>{"coverage.settle", "不備を今の状態に合わせる", "policies.manage", Access::write, 1024,
                                                      [this](gate::Preparation& p, SettleIn& in) -> Status {
                                                        SK_TRY(in.turns, turns(p.body, p.now));
                                                        return ok();
                                                      },
                                                      [this](gate::Context& c, SettleIn& in) { return write_turns(c, controls_, in.turns); }});
  registry.add(gate::Operation<CloseIn, Nothing>{"coverage.close_gap", "不備を理由を書いて閉じる", "policies.manage", Access::write, 8192, gate::no_preparation<CloseIn>(),
                                                 [this](gate::Context& c, CloseIn& in) { return close_gap(c, in); }});
  registry.add(gate::Operation<DossierIn, standard::FileOut>{"coverage.dossier", "監査のための一式をファイルにする", "policies.read", Access::read, 1024,
                                                             gate::no_preparation<DossierIn>(), [this](gate::Context& c, DossierIn& in) { return dossier(c, in); }});
}

}  // namespace sekisho::coverage
