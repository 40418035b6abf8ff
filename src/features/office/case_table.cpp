#include "features/office/case_table.h"

#include <algorithm>

#include "crypto/hash.h"
#include "features/office/text_index_table.h"
#include "gate/label_table.h"

namespace sekisho::office {
namespace {

#define SK_CASE_COLUMNS                                                                                                                                          \
  "id, definition, definition_id, number, fiscal_year, state, kind, regions, fields, content_hash, revision, subject, unit_id, opener, opener_name, assigned, label, " \
  "f1, f2, f3, f4, opened_at, entered_at, updated_at, due_at, closed_at"

constexpr const char* kInsert =
    "INSERT INTO office_case (" SK_CASE_COLUMNS ") VALUES (:id, :definition, :version, :number, :year, :state, :kind, :regions, :fields, :hash, :revision, :subject, :unit, "
    ":opener, :opener_name, :assigned, :label, :f1, :f2, :f3, :f4, :opened, :entered, :updated, :due, :closed)";
constexpr const char* kUpdate =
    "UPDATE office_case SET state = :state, kind = :kind, regions = :regions, fields = :fields, content_hash = :hash, revision = :revision, subject = :subject, unit_id = :unit, "
    "assigned = :assigned, label = :label, f1 = :f1, f2 = :f2, f3 = :f3, f4 = :f4, entered_at = :entered, updated_at = :updated, due_at = :due, closed_at = :closed WHERE id = :id";
constexpr const char* kFind = "SELECT " SK_CASE_COLUMNS " FROM office_case WHERE id = :id";
constexpr const char* kByNumber = "SELECT id FROM office_case WHERE definition = :definition AND number = :number";
constexpr const char* kCount =
    "INSERT INTO office_number (definition, fiscal_year, last) VALUES (:definition, :year, 1) ON CONFLICT (definition, fiscal_year) DO UPDATE SET last = office_number.last + 1";
constexpr const char* kCounted = "SELECT last FROM office_number WHERE definition = :definition AND fiscal_year = :year";
constexpr const char* kDropAccess = "DELETE FROM office_access WHERE case_id = :id";
constexpr const char* kAddAccess = "INSERT INTO office_access (address, definition, case_id) VALUES (:address, :definition, :id)";
constexpr const char* kDropTasks = "DELETE FROM office_task WHERE case_id = :id";
constexpr const char* kAddTask = "INSERT INTO office_task (address, case_id) VALUES (:address, :id)";
constexpr const char* kReaders = "SELECT address FROM office_access WHERE case_id = :id";
constexpr const char* kOpenedTo = "SELECT case_id FROM office_access WHERE address = :address AND definition = :definition ORDER BY case_id DESC LIMIT :limit";
constexpr const char* kTasks = "SELECT case_id FROM office_task WHERE address = :address ORDER BY case_id LIMIT :limit";
constexpr const char* kNotClosed = "SELECT id FROM office_case WHERE definition = :definition AND kind <> 'closed' AND id > :after ORDER BY id LIMIT :limit";
constexpr const char* kLink = "INSERT INTO office_link (case_id, other_id, why) VALUES (:id, :other, :why) ON CONFLICT (case_id, other_id) DO NOTHING";
constexpr const char* kUnlink = "DELETE FROM office_link WHERE case_id = :id AND why = :why";
constexpr const char* kLinksFrom = "SELECT other_id, why FROM office_link WHERE case_id = :id ORDER BY other_id LIMIT 1000";
constexpr const char* kLinksTo = "SELECT case_id, why FROM office_link WHERE other_id = :id ORDER BY case_id LIMIT 1000";
constexpr const char* kParticipant =
    "INSERT INTO office_participant (case_id, account, name, added_by, at) VALUES (:id, :account, :name, :by, :at) ON CONFLICT (case_id, account) DO NOTHING";
constexpr const char* kLabels = "SELECT DISTINCT label, '' FROM office_case";
constexpr const char* kMove = "UPDATE office_case SET label = " SK_MOVED("after_label", "office_case.label", "''") " WHERE " SK_MOVES("office_case.label", "''");

// One statement for each way that a list is narrowed first: the index that the condition is made for; the rest is looked at row by row.
#define SK_PAGE(first) "SELECT id, kind, state, unit_id, f1, f2, f3, f4 FROM office_case WHERE definition = :definition " first " AND id < :before ORDER BY id DESC LIMIT :limit"
constexpr const char* kPages[] = {SK_PAGE("AND f1 = :first"),  SK_PAGE("AND f2 = :first"),      SK_PAGE("AND f3 = :first"),  SK_PAGE("AND f4 = :first"),
                                  SK_PAGE("AND state = :first"), SK_PAGE("AND unit_id = :first"), SK_PAGE("AND kind = :first"), SK_PAGE("")};
constexpr const char* kFacets = "SELECT kind, state, unit_id, f1, f2, f3, f4 FROM office_case WHERE id = :id";
constexpr const char* kTaken[] = {"SELECT id FROM office_case WHERE definition = :definition AND f1 = :value AND kind <> 'closed' AND id <> :but LIMIT 1",
                                  "SELECT id FROM office_case WHERE definition = :definition AND f2 = :value AND kind <> 'closed' AND id <> :but LIMIT 1",
                                  "SELECT id FROM office_case WHERE definition = :definition AND f3 = :value AND kind <> 'closed' AND id <> :but LIMIT 1",
                                  "SELECT id FROM office_case WHERE definition = :definition AND f4 = :value AND kind <> 'closed' AND id <> :but LIMIT 1"};

constexpr const char* kAfterAll = "~";  // sorts after every id
constexpr int kScan = 2000;             // rows looked at in one go

std::string regions_text(const std::map<std::string, std::string>& regions) { return json::canonical(json::to_value(regions)); }

using Facets = std::tuple<std::string, std::string, std::string, std::string, std::string, std::string, std::string>;
bool row_fits(const Filter& f, const Facets& row) {
  const auto& [kind, state, unit, f1, f2, f3, f4] = row;
  const std::string* const facets[] = {&f1, &f2, &f3, &f4};
  return (f.kind.empty() || f.kind == kind) && (f.state.empty() || f.state == state) && (f.unit.empty() || f.unit == unit) &&
         (f.facet < 0 || *facets[f.facet] == f.value);
}

Result<std::vector<CaseId>> ids(sql::Query query) {
  SK_TRY(const auto rows, query.all<CaseId>());
  std::vector<CaseId> out;
  for (const auto& [id] : rows) out.push_back(id);
  return out;
}

using FacetRow = std::tuple<CaseId, std::string, std::string, std::string, std::string, std::string, std::string, std::string>;

// Which condition leads: the others are looked at row by row.
std::size_t way_of(const Filter& f) { return f.facet >= 0 ? static_cast<std::size_t>(f.facet) : !f.state.empty() ? 4 : !f.unit.empty() ? 5 : !f.kind.empty() ? 6 : 7; }

Result<std::vector<FacetRow>> rows_of(sql::Tx& tx, const Filter& filter, const std::string& before, int limit) {
  const std::size_t way = way_of(filter);
  const std::string& first = filter.facet >= 0 ? filter.value : !filter.state.empty() ? filter.state : !filter.unit.empty() ? filter.unit : filter.kind;
  sql::Query query = tx.query(kPages[way]);
  query.bind("definition", filter.definition).bind("before", before).bind("limit", limit);
  if (way != 7) query.bind("first", first);
  return query.all<CaseId, std::string, std::string, std::string, std::string, std::string, std::string, std::string>();
}

// Fills `out` up to `limit` with what the other conditions lead to and whose words fit.
Status filtered(sql::Tx& tx, const Filter& filter, std::string before, int limit, std::vector<CaseId>& out) {
  for (int step = limit;; step = kScan) {
    SK_TRY(const auto rows, rows_of(tx, filter, before, step));
    for (const auto& [id, kind, state, unit, f1, f2, f3, f4] : rows) {
      before = id.str();
      if (!row_fits(filter, {kind, state, unit, f1, f2, f3, f4})) continue;
      if (!filter.words.empty()) {
        SK_TRY(const std::string text, TextIndex::words(tx, id));
        if (!TextIndex::has_all(text, filter.words)) continue;
      }
      out.push_back(id);
      if (static_cast<int>(out.size()) == limit) return ok();
    }
    if (static_cast<int>(rows.size()) < step) return ok();
  }
}

// The words lead, unless they are in so many cases that the other conditions do it better.
Result<std::vector<CaseId>> searched(sql::Tx& tx, const Filter& filter, const std::string& from, int limit) {
  std::vector<CaseId> out;
  std::string before = from;
  bool turned = false;
  int missed = 0;
  SK_CHECK(TextIndex::find(tx, filter.definition, filter.words, from, [&](const CaseId& id) -> Result<bool> {
    before = id.str();
    if (way_of(filter) != 7) {
      SK_TRY(const auto row, tx.query(kFacets).bind("id", id).maybe_one<std::string, std::string, std::string, std::string, std::string, std::string, std::string>());
      if (!row || !row_fits(filter, *row)) {
        turned = ++missed == kScan;
        return !turned;
      }
    }
    out.push_back(id);
    return static_cast<int>(out.size()) < limit;
  }));
  if (turned) SK_CHECK(filtered(tx, filter, before, limit, out));
  return out;
}

}  // namespace

std::string hash_of(const json::Object& fields) { return to_hex(crypto::sha256(json::canonical(json::Value(fields)))); }

std::string chained(const std::string& before, const CaseId& id, const Event& e) {
  const json::Object entry{{"case", id.str()}, {"n", e.n}, {"event", e.event}, {"transition", e.transition}, {"region", e.region}, {"from", e.from}, {"to", e.to}, {"person", e.person},
                           {"name", e.name}, {"note", e.note}, {"content", e.content_hash}, {"exception", e.exception.value_or("")}, {"at", to_rfc3339(e.at)}, {"before", before}};
  return to_hex(crypto::sha256(json::canonical(json::Value(entry))));
}

Status CaseTable::insert(sql::Tx& tx, const Case& c, const std::string& words) {
  SK_CHECK(gate::LabelTable::learn(tx, c.label));
  SK_CHECK(tx.query(kInsert).bind("id", c.id).bind("definition", c.definition).bind("version", c.version).bind("number", c.number).bind("year", c.fiscal_year).bind("state", c.state)
               .bind("kind", boost::describe::enum_to_string(c.kind, "")).bind("regions", regions_text(c.regions)).bind("fields", json::canonical(json::Value(c.fields))).bind("hash", c.hash)
               .bind("revision", c.revision).bind("subject", c.subject).bind("unit", c.unit).bind("opener", c.opener).bind("opener_name", c.opener_name).bind("assigned", c.assigned)
               .bind("label", policy::encode(c.label)).bind("f1", c.facets[0]).bind("f2", c.facets[1]).bind("f3", c.facets[2]).bind("f4", c.facets[3]).bind("opened", c.opened_at)
               .bind("entered", c.entered_at).bind("updated", c.updated_at).bind("due", c.due_at).bind("closed", c.closed_at).run());
  return TextIndex::put(tx, c.id, c.definition, words);
}

Status CaseTable::update(sql::Tx& tx, const Case& c, const std::string& words) {
  SK_CHECK(gate::LabelTable::learn(tx, c.label));
  SK_CHECK(tx.query(kUpdate).bind("state", c.state).bind("kind", boost::describe::enum_to_string(c.kind, "")).bind("regions", regions_text(c.regions))
               .bind("fields", json::canonical(json::Value(c.fields))).bind("hash", c.hash).bind("revision", c.revision).bind("subject", c.subject).bind("unit", c.unit)
               .bind("assigned", c.assigned).bind("label", policy::encode(c.label)).bind("f1", c.facets[0]).bind("f2", c.facets[1]).bind("f3", c.facets[2]).bind("f4", c.facets[3])
               .bind("entered", c.entered_at).bind("updated", c.updated_at).bind("due", c.due_at).bind("closed", c.closed_at).bind("id", c.id).run());
  return TextIndex::put(tx, c.id, c.definition, words);
}

Result<std::optional<policy::Labelled<Case>>> CaseTable::find(sql::Tx& tx, const CaseId& id) {
  SK_TRY(auto found, for_rules(tx, id));
  if (!found) return std::optional<policy::Labelled<Case>>();
  policy::Label label = found->label;
  return std::optional(policy::Labelled<Case>(std::move(label), std::move(*found)));
}

Result<std::optional<Case>> CaseTable::for_rules(sql::Tx& tx, const CaseId& id) {
  SK_TRY(auto row, tx.query(kFind).bind("id", id).maybe_one<CaseId, std::string, DefinitionId, std::string, int, std::string, std::string, std::string, std::string, std::string, int,
                                                            std::string, std::string, std::string, std::string, std::string, std::string, std::string, std::string, std::string, std::string,
                                                            Timestamp, Timestamp, Timestamp, std::optional<Timestamp>, std::optional<Timestamp>>());
  if (!row) return std::optional<Case>();
  auto& [cid, definition, version, number, year, state, kind, regions, fields, hash, revision, subject, unit, opener, opener_name, assigned, label, f1, f2, f3, f4, opened, entered, updated,
         due, closed] = *row;
  Case out;
  out.id = cid;
  out.definition = definition;
  out.version = version;
  out.number = number;
  out.fiscal_year = year;
  out.state = state;
  SK_CHECK(json::from_value(json::Value(kind), out.kind, "$"));
  SK_TRY(out.regions, (json::read_text<std::map<std::string, std::string>>(regions)));
  SK_TRY(json::Value read, json::parse(fields));
  if (!read.is_object()) return fail(Code::corrupt, "office.fields", "not an object");
  out.fields = std::move(read.get_object());
  out.hash = hash;
  out.revision = revision;
  out.subject = subject;
  out.unit = unit;
  out.opener = opener;
  out.opener_name = opener_name;
  out.assigned = assigned;
  SK_TRY(out.label, policy::decode(label));
  const std::string* const facets[] = {&f1, &f2, &f3, &f4};
  for (std::size_t i = 0; i < 4; ++i) out.facets[i] = *facets[i];
  out.opened_at = opened;
  out.entered_at = entered;
  out.updated_at = updated;
  out.due_at = due;
  out.closed_at = closed;
  return std::optional(std::move(out));
}

Result<std::optional<CaseId>> CaseTable::by_number(sql::Tx& tx, const std::string& definition, const std::string& number) {
  SK_TRY(const auto row, tx.query(kByNumber).bind("definition", definition).bind("number", number).maybe_one<CaseId>());
  return row ? std::optional(std::get<0>(*row)) : std::nullopt;
}

Result<int> CaseTable::next_number(sql::Tx& tx, const std::string& definition, int fiscal_year) {
  SK_CHECK(tx.query(kCount).bind("definition", definition).bind("year", fiscal_year).run());
  SK_TRY(const auto row, tx.query(kCounted).bind("definition", definition).bind("year", fiscal_year).one<int>());
  return std::get<0>(row);
}

Result<std::vector<CaseId>> CaseTable::page(sql::Tx& tx, const Filter& filter, const std::string& from, int limit) {
  const std::string before = from.empty() ? kAfterAll : from;
  if (!filter.words.empty()) return searched(tx, filter, before, limit);
  std::vector<CaseId> out;
  SK_CHECK(filtered(tx, filter, before, limit, out));
  return out;
}

Result<bool> CaseTable::taken(sql::Tx& tx, const std::string& definition, int facet, const std::string& value, const CaseId& but) {
  SK_TRY(const auto row, tx.query(kTaken[facet]).bind("definition", definition).bind("value", value).bind("but", but).maybe_one<CaseId>());
  return row.has_value();
}

Result<bool> CaseTable::fits(sql::Tx& tx, const CaseId& id, const Filter& filter) {
  SK_TRY(const auto row, tx.query(kFacets).bind("id", id).maybe_one<std::string, std::string, std::string, std::string, std::string, std::string, std::string>());
  if (!row || !row_fits(filter, *row)) return false;
  if (filter.words.empty()) return true;
  SK_TRY(const std::string text, words(tx, id));
  return TextIndex::has_all(text, filter.words);
}

Result<std::string> CaseTable::words(sql::Tx& tx, const CaseId& id) { return TextIndex::words(tx, id); }

Result<std::vector<CaseId>> CaseTable::not_closed(sql::Tx& tx, const std::string& definition, const std::string& after, int limit) {
  sql::Query query = tx.query(kNotClosed);
  query.bind("definition", definition).bind("after", after).bind("limit", limit);
  return ids(std::move(query));
}

Status CaseTable::put_access(sql::Tx& tx, const Case& c, const Addresses& readers, const Addresses& movers) {
  SK_TRY(const Addresses before, CaseTable::readers(tx, c.id));
  if (before != readers) {
    SK_CHECK(tx.query(kDropAccess).bind("id", c.id).run());
    for (const std::string& a : readers) SK_CHECK(tx.query(kAddAccess).bind("address", a).bind("definition", c.definition).bind("id", c.id).run());
  }
  SK_CHECK(tx.query(kDropTasks).bind("id", c.id).run());
  for (const std::string& a : movers) SK_CHECK(tx.query(kAddTask).bind("address", a).bind("id", c.id).run());
  return ok();
}

Result<Addresses> CaseTable::readers(sql::Tx& tx, const CaseId& id) {
  SK_TRY(const auto rows, tx.query(kReaders).bind("id", id).all<std::string>());
  Addresses out;
  for (const auto& [address] : rows) out.insert(address);
  return out;
}

Result<std::vector<CaseId>> CaseTable::opened_to(sql::Tx& tx, const std::string& address, const std::string& definition, int limit) {
  sql::Query query = tx.query(kOpenedTo);
  query.bind("address", address).bind("definition", definition).bind("limit", limit);
  return ids(std::move(query));
}

Result<std::vector<CaseId>> CaseTable::tasks(sql::Tx& tx, const std::string& address, int limit) {
  sql::Query query = tx.query(kTasks);
  query.bind("address", address).bind("limit", limit);
  return ids(std::move(query));
}

Status CaseTable::link(sql::Tx& tx, const CaseId& from, const CaseId& to, const std::string& why) {
  SK_CHECK(tx.query(kLink).bind("id", from).bind("other", to).bind("why", why).run());
  return ok();
}

Status CaseTable::unlink(sql::Tx& tx, const CaseId& from, const std::string& why) {
  SK_CHECK(tx.query(kUnlink).bind("id", from).bind("why", why).run());
  return ok();
}

Result<std::vector<CaseTable::Link>> CaseTable::links(sql::Tx& tx, const CaseId& id) {
  std::vector<Link> out;
  SK_TRY(const auto from, tx.query(kLinksFrom).bind("id", id).all<CaseId, std::string>());
  for (const auto& [other, why] : from) out.push_back({other, why, true});
  SK_TRY(const auto to, tx.query(kLinksTo).bind("id", id).all<CaseId, std::string>());
  for (const auto& [other, why] : to) out.push_back({other, why, false});
  return out;
}

Status CaseTable::add_participant(sql::Tx& tx, const CaseId& id, const std::string& account, const std::string& name, const std::string& by, Timestamp now) {
  SK_CHECK(tx.query(kParticipant).bind("id", id).bind("account", account).bind("name", name).bind("by", by).bind("at", now).run());
  return ok();
}

Status CaseTable::carry_over(sql::Tx& tx, const policy::SchemeChange& change) { return gate::LabelTable::carry_over(tx, kLabels, kMove, change); }

}  // namespace sekisho::office
