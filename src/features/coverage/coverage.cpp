#include "features/coverage/coverage.h"

#include <algorithm>

#include "features/bodies/dates.h"
#include "features/standard/comparing.h"
#include "features/standard/meaning.h"
#include "features/standard/version_table.h"

namespace sekisho::coverage {
namespace {

constexpr std::size_t kMostText = 120;      // code points of a clause that the matrix shows
constexpr std::size_t kMostEvidence = 12;   // of one control
constexpr std::size_t kMostDocuments = 50;

std::string shortened(std::string_view text) {
  std::size_t at = 0;
  for (std::size_t n = 0; at < text.size(); ++n) {
    if (n == kMostText) return std::string(text.substr(0, at)) + "…";
    ++at;
    while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80) ++at;
  }
  return std::string(text);
}

}  // namespace

EvidenceView view_of(const Evidence& e) {
  return {e.id, e.what, e.dated_at, e.expires_at, e.sha256, e.link, e.recorded_by, e.recorded_at, e.withdrawn_by, e.withdraw_reason};
}

// The names of roles by the keys of those who answer. A body whose profile is not set up has none.
struct Coverages::Organisation {
  std::string name;
  int first_month = 4;
  std::map<std::string, std::string> roles;  // key -> the body's word

  static Result<Organisation> of(sql::Tx& tx) {
    Organisation out;
    auto named = bodies::Table::profile(tx);
    if (!named) {
      if (named.error().key == "bodies.not_set_up") return out;
      return Unexpected(named.error());
    }
    out.name = named->name;
    out.first_month = named->profile.fiscal_year_start;
    SK_TRY(auto words, bodies::words_of(tx));
    out.roles = std::move(words.permitters);
    return out;
  }
};

Coverages::Coverages(Controls controls, std::vector<Probe> probes, std::vector<Source> sources, std::shared_ptr<const standard::Pack> pack)
    : controls_(std::move(controls)),
      probes_(std::move(probes)),
      sources_([&] {
        std::map<std::string, Source> out;
        for (Source& source : sources) out.emplace(source.name, std::move(source));
        return out;
      }()),
      pack_(std::move(pack)) {}

Result<std::unique_ptr<Coverages>> Coverages::create(const std::string& packs_dir, std::vector<Probe> probes, std::vector<Source> sources, const std::set<std::string>& permitters,
                                                     std::shared_ptr<const standard::Pack> pack) {
  Known known;
  known.permitters = permitters;
  for (const Probe& probe : probes) known.probes.insert(probe.name);
  for (const Source& source : sources) known.sources.insert(source.name);
  SK_TRY(Controls controls, Controls::load(packs_dir + "/standard/controls.json", known));
  return std::unique_ptr<Coverages>(new Coverages(std::move(controls), std::move(probes), std::move(sources), std::move(pack)));
}

// A look at the machine costs the same for every body and may be asked for by many at once.
Finding Coverages::look(const Probe& probe, gate::Body& body, sql::Tx& tx, Timestamp now) {
  if (!probe.of_machine) return probe.look(body, tx, now);
  {
    const std::lock_guard lock(mutex_);
    const auto kept = kept_.find(probe.name);
    if (kept != kept_.end() && now.micros >= kept->second.first.micros && now.micros - kept->second.first.micros < kKeepMicros) return kept->second.second;
  }
  Finding found = probe.look(body, tx, now);
  const std::lock_guard lock(mutex_);
  kept_[probe.name] = {now, found};
  return found;
}

Result<std::vector<EvidenceView>> Coverages::evidence_for(const Control& control, gate::Body& body, sql::Tx& tx, const Year& year, const std::vector<Evidence>& recorded) {
  std::vector<EvidenceView> out;
  for (const std::string& named : control.sources.value_or(std::vector<std::string>{})) {
    const std::size_t colon = named.find(':');
    const Source& source = sources_.at(named.substr(0, colon));
    SK_TRY(const auto shown, source.look(body, tx, colon == std::string::npos ? "" : named.substr(colon + 1), Timestamp{0}, year.end));
    for (const Shown& one : shown) {
      if (!one.at && !year.live) continue;  // what stands now says nothing of then
      out.push_back({{}, one.what, one.at, {}, "", named, "プログラム", {}, {}, {}});
    }
  }
  for (const Evidence& one : recorded) {
    if (out.size() >= kMostEvidence) break;
    if (one.control == control.id) out.push_back(view_of(one));
  }
  return out;
}

Status Coverages::add_controls(gate::Body& body, sql::Tx& tx, const Year& year, Timestamp now, const std::map<std::string, std::string>& roles, Coverage& out) {
  SK_TRY(const auto recorded, Table::evidence(tx, year.end));
  std::map<std::string, StateRow> noted;
  if (!year.live) {
    SK_TRY(noted, Table::states(tx, year.end));
  }
  for (const Control& control : controls_.all()) {
    ControlView view;
    view.id = control.id;
    view.title = control.title;
    view.kind = control.kind;
    view.capabilities = control.capabilities;
    view.clause = control.clause;
    view.responsible = control.responsible;
    view.mend = control.mend;
    if (const auto role = roles.find(control.responsible); role != roles.end()) view.role = role->second;
    if (!control.probe) {
      SK_TRY(view.evidence, evidence_for(control, body, tx, year, recorded));
      Judged judged = judge(control, view.evidence, year.at, year.begin, year.end);
      view.state = judged.state;
      view.reason = std::move(judged.reason);
      view.due_at = judged.due_at;
    } else if (year.live) {
      const auto probe = std::find_if(probes_.begin(), probes_.end(), [&](const Probe& p) { return p.name == *control.probe; });
      Finding found = look(*probe, body, tx, now);
      view.state = found.state;
      view.reason = std::move(found.reason);
      view.facts = std::move(found.facts);
      view.log_seq = found.log_seq;
    } else {
      const auto row = noted.find(control.id);
      view.state = row == noted.end() ? State::not_applicable : state_named(row->second.state);
      view.reason = row == noted.end() ? "その年度の状態の記録がありません" : row->second.reason + "（" + to_jst_minutes(row->second.at) + " から）";
    }
    out.controls.push_back(std::move(view));
  }
  return ok();
}

Status Coverages::add_clauses(sql::Tx& tx, const standard::Version& version, Coverage& out) {
  SK_TRY(const auto content, standard::Table::content(tx, version.id));
  if (!content) return fail(Code::not_found, "policies.not_found", "no such version");
  out.documents.push_back({version.document_id.str(), version.id.str(), version.title, version.sha256});
  SK_TRY(const auto meanings, standard::meanings_of(tx, *pack_, *content));
  const auto& clauses = content->document.clauses;
  std::map<std::string, std::size_t> places;
  std::vector<std::size_t> top(clauses.size());
  for (std::size_t i = 0; i < clauses.size(); ++i) {
    places.emplace(content->ids[i].str(), i);
    top[i] = clauses[i].parent < 0 ? i : top[static_cast<std::size_t>(clauses[i].parent)];
  }
  std::set<std::size_t> chapters;
  std::map<int, std::string> names;  // of the documents bound into the version
  for (const standard::Meaning& m : meanings) {
    const auto place = places.find(m.clause.str());
    if (place == places.end()) continue;
    const auto& clause = clauses[place->second];
    const auto& chapter = clauses[top[place->second]];
    const int part = static_cast<int>(clause.part);
    const auto name = names.find(part) != names.end() ? names.find(part) : names.emplace(part, standard::title_of(*content, std::vector<int>{part})).first;
    if (chapters.insert(top[place->second]).second)
      out.chapters.push_back({version.id.str(), name->second, chapter.ref, chapter.title.empty() ? shortened(chapter.text) : chapter.title, {}, part});
    ClauseView view{version.id.str(), m.clause.str(), m.ref, chapter.ref, clause.title, shortened(clause.text), m.modality, m.actor, m.kind, m.capability, m.confirmed && !m.stale,
                    State::red, "", {}, clause.title + "\n" + clause.text + "\n" + m.gist, part};
    out.clauses.push_back(std::move(view));
  }
  return ok();
}

Status Coverages::add_documents(sql::Tx& tx, const ReadIn& in, Coverage& out) {
  SK_TRY(const auto versions, standard::Table::versions(tx));
  std::vector<standard::VersionId> wanted;
  if (in.version) {
    wanted.push_back(*in.version);
  } else {
    SK_TRY(wanted, standard::Versions::current(tx));
  }
  for (const auto& [version, clauses, open] : versions) {  // newest first
    if (std::find(wanted.begin(), wanted.end(), version.id) == wanted.end()) continue;
    if (out.documents.size() == kMostDocuments) break;
    SK_CHECK(add_clauses(tx, version, out));
  }
  if (in.version && out.documents.empty()) return fail(Code::not_found, "policies.not_found", "no such version");
  return ok();
}

Status Coverages::add_gaps(sql::Tx& tx, const Year& year, const std::map<std::string, std::string>& roles, Coverage& out) {
  SK_TRY(const auto gaps, Table::gaps(tx, year.begin, year.end));
  for (const Gap& gap : gaps) {
    const Control* const control = controls_.find(gap.control);
    const auto role = roles.find(gap.responsible);
    out.gaps.push_back({gap.id, gap.control, control == nullptr ? gap.control : control->title, control == nullptr ? "" : control->clause, gap.state, gap.reason,
                        role == roles.end() ? "" : role->second, control == nullptr ? "" : control->mend, gap.opened_at, gap.closed_at, gap.closed_by, gap.close_reason});
  }
  return ok();
}

Result<Coverage> Coverages::compute(gate::Body& body, sql::Tx& tx, Timestamp now, const ReadIn& in) {
  SK_TRY(const Organisation organisation, Organisation::of(tx));
  const int current = fiscal_year(jst_date(now), organisation.first_month);
  Year year;
  year.number = in.year.value_or(current);
  if (year.number > current || year.number < 2000) return fail(Code::invalid_argument, "coverage.year", "a fiscal year up to the one that runs");
  const auto begin_of = [&](int number) {
    // The year that begins in this month; one of January or later is named after the year it begins in.
    return bodies::begin_of(CivilDate{number, organisation.first_month, 1});
  };
  year.begin = begin_of(year.number);
  year.end = begin_of(year.number + 1);
  year.live = year.number == current;
  year.at = year.live ? now : Timestamp{year.end.micros - 1};
  Coverage out;
  out.body = body.code;
  out.body_name = organisation.name;
  out.year = year.number;
  out.year_label = fiscal_year_label(year.number);
  out.live = year.live;
  out.at = year.at;
  out.catalogue = controls_.version();
  SK_CHECK(add_controls(body, tx, year, now, organisation.roles, out));
  SK_CHECK(add_documents(tx, in, out));
  join(out, controls_);
  SK_CHECK(add_gaps(tx, year, organisation.roles, out));
  return out;
}

}  // namespace sekisho::coverage
