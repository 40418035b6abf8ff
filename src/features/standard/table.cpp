#include "features/standard/table.h"

#include <array>
#include <charconv>
#include <set>

#include "features/standard/version_table.h"

namespace sekisho::standard {
namespace {

#define SK_VERSION_COLUMNS "v.id, v.document_id, v.number, v.title, v.file_name, v.sha256, v.attributed_millionths, v.imported_by, v.imported_at"

constexpr const char* kInsertDocument = "INSERT INTO policy_document (id, title, created_by, created_at) VALUES (:id, :title, :by, :at)";
constexpr const char* kDocument = "SELECT id, title, created_by, created_at FROM policy_document WHERE id = :id";
constexpr const char* kDocuments = "SELECT id, title, created_by, created_at FROM policy_document ORDER BY id DESC LIMIT 500";
constexpr const char* kVersions =
    "SELECT " SK_VERSION_COLUMNS ", (SELECT COUNT(*) FROM policy_clause c WHERE c.version_id = v.id), "
    "(SELECT COUNT(*) FROM policy_repair r WHERE r.version_id = v.id AND r.state = 'open') FROM policy_version v ORDER BY v.id DESC LIMIT 2000";
constexpr const char* kLatest = "SELECT id FROM policy_version WHERE document_id = :id ORDER BY number DESC LIMIT 1";
constexpr const char* kInsertVersion =
    "INSERT INTO policy_version (id, document_id, number, title, file_name, sha256, source, attributed_millionths, imported_by, imported_at) VALUES "
    "(:id, :document, :number, :title, :file, :sha, :source, :attributed, :by, :at)";
constexpr const char* kVersion = "SELECT " SK_VERSION_COLUMNS " FROM policy_version v WHERE v.id = :id";
constexpr const char* kSource = "SELECT source FROM policy_version WHERE id = :id";
constexpr const char* kInsertClause =
    "INSERT INTO policy_clause (version_id, position, id, parent, kind, part, line, page, ref, printed, label, title, content, spans) VALUES "
    "(:version, :position, :id, :parent, :kind, :part, :line, :page, :ref, :printed, :label, :title, :content, :spans)";
constexpr const char* kClauses =
    "SELECT id, parent, kind, part, line, page, ref, printed, label, title, content, spans, edited_by, edited_at FROM policy_clause WHERE version_id = :version "
    "ORDER BY position LIMIT 20000";
constexpr const char* kClauseIdsElsewhere =
    "SELECT DISTINCT c.id FROM policy_clause c JOIN policy_version v ON v.id = c.version_id WHERE v.document_id <> :document ORDER BY c.id LIMIT 2000000";
constexpr const char* kUpdateClause =
    "UPDATE policy_clause SET ref = :ref, label = :label, title = :title, content = :content, edited_by = :by, edited_at = :at WHERE version_id = :version AND position = :position";
// Places are one key with the version: all of them are moved out of the way first.
constexpr const char* kLift = "UPDATE policy_clause SET position = -1 - position WHERE version_id = :version";
constexpr const char* kIds = "SELECT id FROM policy_clause WHERE version_id = :version LIMIT 20000";
constexpr const char* kDrop = "DELETE FROM policy_clause WHERE version_id = :version AND id = :id";
constexpr const char* kPutDown =
    "UPDATE policy_clause SET position = :position, parent = :parent, kind = :kind, part = :part, ref = :ref, printed = :printed, label = :label, title = :title, content = :content, "
    "edited_by = :by, edited_at = :at WHERE version_id = :version AND id = :id";
constexpr const char* kRepairPlace = "UPDATE policy_repair SET clause = :clause WHERE version_id = :version AND position = :position AND clause <> :other";
constexpr const char* kInsertRepair =
    "INSERT INTO policy_repair (version_id, position, line, kind, was, becomes, clause, state) VALUES (:version, :position, :line, :kind, :was, :becomes, :clause, 'open')";
constexpr const char* kRepairs =
    "SELECT line, kind, was, becomes, clause, state, decided_by, decided_at FROM policy_repair WHERE version_id = :version ORDER BY position LIMIT 50000";
constexpr const char* kDecide =
    "UPDATE policy_repair SET state = :state, decided_by = :by, decided_at = :at WHERE version_id = :version AND position = :position AND state = 'open'";

// In the order of clauses::Kind.
constexpr std::array<std::string_view, 12> kKinds = {"front", "contents", "history", "preamble", "structure", "clause", "row", "item", "supplement", "annex", "signature", "closing"};

Result<clauses::Kind> kind_of(std::string_view name) {
  for (std::size_t i = 0; i < kKinds.size(); ++i)
    if (kKinds[i] == name) return static_cast<clauses::Kind>(i);
  return fail(Code::corrupt, "policies.kind", "unknown kind of clause");
}

std::string spans_text(const std::vector<clauses::Span>& spans) {
  std::string out;
  for (const clauses::Span& span : spans) out += (out.empty() ? "" : ",") + std::to_string(span.begin) + "-" + std::to_string(span.end);
  return out;
}

Result<std::vector<clauses::Span>> spans_of(std::string_view text) {
  std::vector<clauses::Span> out;
  const char* at = text.data();
  const char* const end = at + text.size();
  while (at < end) {
    clauses::Span span;
    auto one = std::from_chars(at, end, span.begin);
    if (one.ec != std::errc() || one.ptr == end || *one.ptr != '-') return fail(Code::corrupt, "policies.spans", "malformed");
    auto two = std::from_chars(one.ptr + 1, end, span.end);
    if (two.ec != std::errc() || (two.ptr != end && *two.ptr != ',')) return fail(Code::corrupt, "policies.spans", "malformed");
    out.push_back(span);
    at = two.ptr == end ? end : two.ptr + 1;
  }
  return out;
}

Status insert_clause(sql::Tx& tx, const Content& content, std::size_t i) {
  const clauses::Clause& c = content.document.clauses[i];
  SK_CHECK(tx.query(kInsertClause).bind("version", content.version.id).bind("position", static_cast<std::int64_t>(i)).bind("id", content.ids[i]).bind("parent", c.parent)
               .bind("kind", kKinds[static_cast<std::size_t>(c.kind)]).bind("part", c.part).bind("line", c.line).bind("page", c.page).bind("ref", c.ref).bind("printed", c.printed)
               .bind("label", c.label).bind("title", c.title).bind("content", c.text).bind("spans", spans_text(c.spans)).run());
  return ok();
}

}  // namespace

std::string_view kind_name(clauses::Kind kind) { return kKinds[static_cast<std::size_t>(kind)]; }

Status Table::insert_document(sql::Tx& tx, const PolicyDocument& d) {
  SK_CHECK(tx.query(kInsertDocument).bind("id", d.id).bind("title", d.title).bind("by", d.created_by).bind("at", d.created_at).run());
  return ok();
}

Result<std::optional<PolicyDocument>> Table::document(sql::Tx& tx, const DocumentId& id) {
  SK_TRY(auto row, tx.query(kDocument).bind("id", id).maybe_one<DocumentId, std::string, std::string, Timestamp>());
  if (!row) return std::optional<PolicyDocument>();
  auto& [found, title, by, at] = *row;
  return std::optional(PolicyDocument{found, title, by, at});
}

Result<std::vector<PolicyDocument>> Table::documents(sql::Tx& tx) {
  SK_TRY(auto rows, tx.query(kDocuments).all<DocumentId, std::string, std::string, Timestamp>());
  std::vector<PolicyDocument> out;
  for (auto& [id, title, by, at] : rows) out.push_back({id, title, by, at});
  return out;
}

Result<std::vector<VersionCount>> Table::versions(sql::Tx& tx) {
  SK_TRY(auto rows, tx.query(kVersions).all<VersionId, DocumentId, std::int64_t, std::string, std::string, std::string, std::int64_t, std::string, Timestamp, std::int64_t, std::int64_t>());
  std::vector<VersionCount> out;
  for (auto& [id, document, number, title, file, sha, attributed, by, at, count, open] : rows) out.push_back({{id, document, number, title, file, sha, attributed, by, at}, count, open});
  return out;
}

Result<std::optional<VersionId>> Table::latest(sql::Tx& tx, const DocumentId& id) {
  SK_TRY(auto row, tx.query(kLatest).bind("id", id).maybe_one<VersionId>());
  if (!row) return std::optional<VersionId>();
  return std::optional(std::get<0>(*row));
}

Status Table::insert(sql::Tx& tx, const Content& content, const std::string& source) {
  const Version& v = content.version;
  SK_CHECK(tx.query(kInsertVersion).bind("id", v.id).bind("document", v.document_id).bind("number", v.number).bind("title", v.title).bind("file", v.file_name).bind("sha", v.sha256)
               .bind("source", source).bind("attributed", v.attributed_millionths).bind("by", v.imported_by).bind("at", v.imported_at).run());
  SK_CHECK(Versions::begin(tx, v.id, v.document_id));
  for (std::size_t i = 0; i < content.document.clauses.size(); ++i) SK_CHECK(insert_clause(tx, content, i));
  for (std::size_t i = 0; i < content.document.repairs.size(); ++i) {
    const clauses::Repair& r = content.document.repairs[i];
    SK_CHECK(tx.query(kInsertRepair).bind("version", v.id).bind("position", static_cast<std::int64_t>(i)).bind("line", r.line).bind("kind", r.kind).bind("was", r.from)
                 .bind("becomes", r.to).bind("clause", r.clause).run());
  }
  return ok();
}

Result<std::optional<Content>> Table::content(sql::Tx& tx, const VersionId& id) {
  SK_TRY(auto row, tx.query(kVersion).bind("id", id).maybe_one<VersionId, DocumentId, std::int64_t, std::string, std::string, std::string, std::int64_t, std::string, Timestamp>());
  if (!row) return std::optional<Content>();
  Content out;
  auto& [vid, document, number, title, file, sha, attributed, by, at] = *row;
  out.version = {vid, document, number, title, file, sha, attributed, by, at};
  out.document.title = title;
  out.document.attributed = static_cast<double>(attributed) / 1e6;
  SK_TRY(auto rows, tx.query(kClauses).bind("version", id).all<ClauseId, int, std::string, int, int, int, std::string, std::string, std::string, std::string, std::string, std::string,
                                                                std::optional<std::string>, std::optional<Timestamp>>());
  for (auto& [clause_id, parent, kind, part, line, page, ref, printed, label, heading, text, spans, edited_by, edited_at] : rows) {
    SK_TRY(const auto known, kind_of(kind));
    SK_TRY(auto where, spans_of(spans));
    if (parent >= static_cast<int>(out.document.clauses.size()) || parent < clauses::kNoParent) return fail(Code::corrupt, "policies.parent", "parent behind its child");
    out.document.clauses.push_back({parent, known, static_cast<std::uint32_t>(part), static_cast<std::uint32_t>(line), static_cast<std::uint32_t>(page), ref, printed, label, heading, text, std::move(where)});
    out.ids.push_back(clause_id);
    out.edited.push_back(edited_by && edited_at ? std::optional(Edited{*edited_by, *edited_at}) : std::nullopt);
  }
  SK_TRY(auto repairs, tx.query(kRepairs).bind("version", id).all<int, std::string, std::string, std::string, int, std::string, std::optional<std::string>, std::optional<Timestamp>>());
  for (auto& [line, kind, from, to, clause, state, decided_by, decided_at] : repairs) {
    out.document.repairs.push_back({static_cast<std::uint32_t>(line), kind, from, to, clause});
    out.repairs.push_back({out.document.repairs.back(), state, decided_by, decided_at});
  }
  return std::optional(std::move(out));
}

Result<std::set<ClauseId>> Table::clause_ids_elsewhere(sql::Tx& tx, const DocumentId& document) {
  SK_TRY(auto rows, tx.query(kClauseIdsElsewhere).bind("document", document).all<ClauseId>());
  std::set<ClauseId> out;
  for (auto& [id] : rows) out.insert(std::move(id));
  return out;
}

Result<std::string> Table::source(sql::Tx& tx, const VersionId& id) {
  SK_TRY(auto row, tx.query(kSource).bind("id", id).one<std::string>());
  return std::get<0>(row);
}

Status Table::update_clause(sql::Tx& tx, const VersionId& version, std::size_t position, const clauses::Clause& c, const std::optional<Edited>& edited) {
  const auto by = edited ? std::optional(edited->by) : std::nullopt;
  const auto at = edited ? std::optional(edited->at) : std::nullopt;
  SK_CHECK(tx.query(kUpdateClause).bind("ref", c.ref).bind("label", c.label).bind("title", c.title).bind("content", c.text).bind("by", by).bind("at", at).bind("version", version)
               .bind("position", static_cast<std::int64_t>(position)).run());
  return ok();
}

Status Table::rearrange(sql::Tx& tx, const Content& content, const std::vector<ClauseId>& gone) {
  const VersionId& version = content.version.id;
  SK_TRY(const auto rows, tx.query(kIds).bind("version", version).all<ClauseId>());
  std::set<ClauseId> known;
  for (const auto& row : rows) known.insert(std::get<0>(row));
  for (const ClauseId& id : gone) SK_CHECK(tx.query(kDrop).bind("version", version).bind("id", id).run());
  SK_CHECK(tx.query(kLift).bind("version", version).run());
  for (std::size_t i = 0; i < content.document.clauses.size(); ++i) {
    if (!known.contains(content.ids[i])) SK_CHECK(insert_clause(tx, content, i));
    const clauses::Clause& c = content.document.clauses[i];
    const auto& edited = content.edited[i];
    SK_CHECK(tx.query(kPutDown).bind("position", static_cast<std::int64_t>(i)).bind("parent", c.parent).bind("kind", kKinds[static_cast<std::size_t>(c.kind)]).bind("part", c.part).bind("ref", c.ref)
                 .bind("printed", c.printed).bind("label", c.label).bind("title", c.title).bind("content", c.text).bind("by", edited ? std::optional(edited->by) : std::nullopt)
                 .bind("at", edited ? std::optional(edited->at) : std::nullopt).bind("version", version).bind("id", content.ids[i]).run());
  }
  for (std::size_t r = 0; r < content.repairs.size(); ++r)
    SK_CHECK(tx.query(kRepairPlace).bind("clause", content.repairs[r].repair.clause).bind("version", version).bind("position", static_cast<std::int64_t>(r))
                 .bind("other", content.repairs[r].repair.clause).run());
  return ok();
}

Result<bool> Table::decide_repair(sql::Tx& tx, const VersionId& version, std::size_t position, const std::string& state, const std::string& by, Timestamp at) {
  SK_TRY(const auto n, tx.query(kDecide).bind("state", state).bind("by", by).bind("at", at).bind("version", version).bind("position", static_cast<std::int64_t>(position)).run());
  return n == 1;
}

}  // namespace sekisho::standard
