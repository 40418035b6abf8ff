#include "features/reading/reading.h"

#include <algorithm>

#include "core/bytes.h"
#include "crypto/hash.h"
#include "features/accounts/staff.h"
#include "features/standard/publication_table.h"

namespace sekisho::reading {
namespace {

constexpr int kMostGenerations = 200;  // of amendments between a look and the version in force
constexpr std::int64_t kDayMicros = 86'400'000'000;
constexpr const char* kClause = "10(1)ア(ア)";

std::set<std::string> codes_in(const std::string& text) {
  std::set<std::string> out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find(',', at), text.size());
    out.insert(text.substr(at, end - at));
    at = end + 1;
  }
  return out;
}

// Made from the version that was looked at by edits alone: what was withheld there is known to be withheld.
Result<bool> descends(sql::Tx& tx, standard::Progress progress, const standard::VersionId& looked) {
  for (int n = 0; n < kMostGenerations; ++n) {
    if (progress.version == looked) return true;
    if (!progress.base) return false;
    SK_TRY(const auto before, standard::Versions::find(tx, *progress.base));
    if (!before) return false;
    progress = *before;
  }
  return false;
}

bool binds(const standard::Meaning& meaning) { return !meaning.refused && meaning.modality != "is" && !meaning.actor.empty(); }

bool addressed_by(const standard::Meaning& meaning, const std::set<std::string>& codes) {
  if (!binds(meaning)) return false;
  const auto actors = standard::actors_of(meaning.actor);
  return std::any_of(actors.begin(), actors.end(), [&](const std::string& actor) { return codes.contains(actor); });
}

bool named_in(const Asked& asked, const std::set<std::string>& codes) {
  return std::any_of(codes.begin(), codes.end(), [&](const std::string& code) { return asked.actors.contains(code); });
}

std::string hash_of(const Asked& asked, const std::vector<ReadingClause>& clauses) {
  json::Array list;
  for (const ReadingClause& c : clauses)
    list.push_back(json::Array{c.id.str(), std::string_view(c.ref), std::string_view(c.label), std::string_view(c.title), std::string_view(c.text), std::string_view(c.modality), c.withheld});
  return to_hex(crypto::sha256(json::canonical(json::Object{{"document", asked.shown.document.str()},
                                                            {"version", asked.content.version.id.str()},
                                                            {"title", std::string_view(asked.content.version.title)},
                                                            {"effective_on", std::string_view(asked.progress.effective_on.value_or(""))},
                                                            {"clauses", std::move(list)}})));
}

}  // namespace

std::string Audience::text() const {
  std::string out;
  for (const std::string& code : codes) out += (out.empty() ? "" : ",") + code;
  return out;
}

Audience audience_of(const bodies::ProfileFile& profile, const std::vector<bodies::Appointment>& appointments, const std::string& category, Timestamp now) {
  Audience out;
  out.category = category;
  const auto known = std::find_if(profile.staff_categories.begin(), profile.staff_categories.end(), [&](const auto& c) { return c.code == category; });
  out.consent_asked = known != profile.staff_categories.end() && known->consent_asked;
  const bool contractor = known != profile.staff_categories.end() && known->contractor;
  const bool staff = known == profile.staff_categories.end() || known->counts_as_staff;
  for (const bodies::Appointment& a : appointments) {
    if (!a.in_force(now)) continue;
    if (a.role) out.codes.insert(*a.role);
    if (!out.since || a.from_at < *out.since) out.since = a.from_at;
  }
  if (staff) out.codes.insert("@staff");
  if (contractor) out.codes.insert("@contractor");
  return out;
}

Result<Audience> audience_of(sql::Tx& tx, const bodies::ProfileFile& profile, const bodies::PersonId& person, Timestamp now) {
  SK_TRY(const auto appointments, bodies::Table::appointments_of(tx, person));
  SK_TRY(const auto category, accounts::StaffTable::category(tx, person));
  return audience_of(profile, appointments, category.value_or(""), now);
}

Result<std::optional<Asked>> asked(sql::Tx& tx, const standard::Pack& pack, const Shown& shown) {
  SK_TRY(const auto progress, standard::Versions::in_force(tx, shown.document));
  if (!progress) return std::optional<Asked>();
  SK_TRY(const auto rows, standard::Publications::withheld(tx, shown.document));
  SK_TRY(const bool looked, descends(tx, *progress, shown.looked));
  if (!rows.empty() && !looked) return std::optional<Asked>();
  SK_TRY(auto content, standard::Table::content(tx, progress->version));
  if (!content) return fail(Code::corrupt, "policies.version", "the version in force is gone");
  Asked out{shown, *progress, std::move(*content), {}, {}, {}, shown.shown_at};
  for (const auto& [id, row] : rows) out.withheld.insert(id);
  SK_TRY(auto meanings, standard::meanings_of(tx, pack, out.content));
  for (standard::Meaning& m : meanings) out.meanings.emplace(m.clause, std::move(m));
  const auto hidden = standard::hidden_in(out.content, out.withheld);
  for (std::size_t i = 0; i < hidden.size(); ++i) {
    const auto it = out.meanings.find(out.content.ids[i]);
    if (hidden[i] || it == out.meanings.end() || !binds(it->second)) continue;
    for (std::string& actor : standard::actors_of(it->second.actor)) out.actors.insert(std::move(actor));
  }
  // A version declared to be in force is asked for from the declaration on, however old it is.
  for (const auto& at : {progress->effective_at, progress->decided_at})
    if (at && *at > out.since) out.since = *at;
  return std::optional(std::move(out));
}

bool addresses(const Asked& asked, const Audience& audience) { return named_in(asked, audience.codes); }

Page page_of(const Asked& asked, const Audience& audience, bool whole) {
  const standard::PublicCopy copy = standard::public_copy(asked.content, whole ? std::set<standard::ClauseId>() : asked.withheld, asked.progress.effective_on.value_or(""));
  const std::size_t n = copy.clauses.size();
  std::map<standard::ClauseId, std::size_t> place;
  std::vector<bool> mine(n, false), kept(n, false);
  for (std::size_t i = 0; i < n; ++i) {
    const standard::PublicClause& c = copy.clauses[i];
    place.emplace(c.id, i);
    const auto meaning = asked.meanings.find(c.id);
    const auto above = c.parent ? place.find(*c.parent) : place.end();
    mine[i] = !c.withheld && meaning != asked.meanings.end() && addressed_by(meaning->second, audience.codes);
    // An entry that names nobody belongs to what it stands under.
    const bool nobody = meaning == asked.meanings.end() || (!binds(meaning->second) && !meaning->second.refused);
    kept[i] = mine[i] || (nobody && above != place.end() && (mine[above->second] || (kept[above->second] && !c.withheld && c.kind == "row")));
  }
  for (std::size_t i = n; i-- > 0;)
    if (kept[i] && copy.clauses[i].parent) kept[place.at(*copy.clauses[i].parent)] = true;
  Page out;
  for (std::size_t i = 0; i < n; ++i) {
    if (!kept[i]) continue;
    const standard::PublicClause& c = copy.clauses[i];
    out.addressed += mine[i] ? 1 : 0;
    out.clauses.push_back({c.id, c.ref, c.label, c.title, c.text, mine[i] ? asked.meanings.at(c.id).modality : "", mine[i], c.withheld, c.depth});
  }
  out.sha256 = hash_of(asked, out.clauses);
  return out;
}

Standing standing_of(const Asked& asked, const Audience& audience, const std::vector<Acknowledgement>& rows) {
  Standing out;
  bool covered = false;
  for (const Acknowledgement& row : rows) {
    if (!out.opened_at || row.opened_at < *out.opened_at) out.opened_at = row.opened_at;
    const auto then = codes_in(row.audience);
    std::set<std::string> since;
    for (const std::string& code : audience.codes)
      if (!then.contains(code)) since.insert(code);
    const bool covers = !named_in(asked, since);
    if (row.consented_at && covers && (!out.consented_at || *row.consented_at > *out.consented_at)) out.consented_at = row.consented_at;
    if (!row.acknowledged_at) continue;
    if (!out.acknowledged_at || *row.acknowledged_at >= *out.acknowledged_at) {
      out.acknowledged_at = row.acknowledged_at;
      out.sha256 = row.sha256;
    }
    covered = covered || covers;
  }
  if (out.opened_at) out.state = "opened";
  if (out.acknowledged_at) out.state = covered ? "acknowledged" : "extended";
  return out;
}

std::optional<Timestamp> closes_at(const std::optional<Rule>& rule, const Asked& asked, const Audience& audience) {
  if (!rule || !rule->before_ai) return std::nullopt;
  const Timestamp from = audience.since && *audience.since > asked.since ? *audience.since : asked.since;
  return Timestamp{from.micros + rule->grace_days * kDayMicros};
}

Result<bool> closed(gate::Context& context, const standard::Pack& pack) {
  SK_TRY(const auto rule, Table::rule(context.tx));
  if (!rule || !rule->before_ai || context.permit().person().program) return false;
  const auto person = bodies::PersonId::parse(context.permit().person().user_id);
  if (!person) return false;  // the operator of the machine: nobody of the body
  SK_TRY(const auto documents, Table::shown(context.tx));
  if (documents.empty()) return false;
  SK_TRY(const auto profile, standard::profile_in_force(context.tx));
  SK_TRY(const Audience audience, audience_of(context.tx, profile, *person, context.now));
  for (const Shown& shown : documents) {
    SK_TRY(const auto progress, standard::Versions::in_force(context.tx, shown.document));
    if (!progress) continue;
    SK_TRY(const auto rows, Table::of(context.tx, progress->version, *person));
    // The quick way, for whoever has done it: reading the clauses of a version takes long.
    const auto covers = [&](const Acknowledgement& row) { return row.acknowledged_at && row.audience == audience.text(); };
    if (std::any_of(rows.begin(), rows.end(), covers)) continue;
    SK_TRY(const auto document, asked(context.tx, pack, shown));
    if (!document || !addresses(*document, audience) || standing_of(*document, audience, rows).state == "acknowledged") continue;
    const auto closes = closes_at(rule, *document, audience);
    if (closes && *closes <= context.now) return true;
  }
  return false;
}

Status may_ask(gate::Context& context, const standard::Pack& pack) {
  SK_TRY(const bool over, closed(context, pack));
  if (over) return fail(Error{Code::denied, "reading.unread", "the grace is over", kClause, "manager"});
  return ok();
}

}  // namespace sekisho::reading
