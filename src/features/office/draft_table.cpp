#include "features/office/draft_table.h"

#include "text/graphemes.h"

namespace sekisho::office {
namespace {

#define SK_DRAFT_COLUMNS "id, case_id, field, person, state, engine, model, content, made_at, taken_at"

constexpr const char* kInsert = "INSERT INTO office_draft (" SK_DRAFT_COLUMNS ") VALUES (:id, :about, :field, :person, :state, :engine, :model, :content, :made, :taken)";
constexpr const char* kClose = "UPDATE office_draft SET state = :state, content = :content WHERE id = :id";
constexpr const char* kFind = "SELECT " SK_DRAFT_COLUMNS " FROM office_draft WHERE id = :id";
constexpr const char* kOpenOf =
    "SELECT " SK_DRAFT_COLUMNS " FROM office_draft WHERE case_id = :about AND field = :field AND person = :person AND taken_at IS NULL AND content <> '' ORDER BY id DESC LIMIT 20";
constexpr const char* kTaken = "UPDATE office_draft SET taken_at = :at, content = '' WHERE id = :id";
constexpr const char* kForget = "UPDATE office_draft SET content = '' WHERE made_at < :at AND content <> ''";
constexpr std::size_t kLeast = 10;  // characters of a line or sentence that says where it comes from

Result<std::vector<DraftRow>> rows_of(sql::Query query) {
  SK_TRY(auto rows, query.all<DraftId, CaseId, std::string, std::string, std::string, std::string, std::string, std::string, Timestamp, std::optional<Timestamp>>());
  std::vector<DraftRow> out;
  for (auto& [id, about, field, person, state, engine, model, content, made, taken] : rows) out.push_back({id, about, field, person, state, engine, model, content, made, taken});
  return out;
}

}  // namespace

Status DraftTable::insert(sql::Tx& tx, const DraftRow& d) {
  SK_CHECK(tx.query(kInsert).bind("id", d.id).bind("about", d.about).bind("field", d.field).bind("person", d.person).bind("state", d.state).bind("engine", d.engine).bind("model", d.model)
               .bind("content", d.content).bind("made", d.made_at).bind("taken", d.taken_at).run());
  return ok();
}

Status DraftTable::close(sql::Tx& tx, const DraftRow& d) {
  SK_CHECK(tx.query(kClose).bind("state", d.state).bind("content", d.content).bind("id", d.id).run());
  return ok();
}

Result<std::optional<DraftRow>> DraftTable::find(sql::Tx& tx, const DraftId& id) {
  SK_TRY(auto rows, rows_of(std::move(tx.query(kFind).bind("id", id))));
  return rows.empty() ? std::nullopt : std::optional(std::move(rows.front()));
}

Result<std::vector<DraftRow>> DraftTable::open_of(sql::Tx& tx, const CaseId& about, const std::string& field, const std::string& person) {
  return rows_of(std::move(tx.query(kOpenOf).bind("about", about).bind("field", field).bind("person", person)));
}

Status DraftTable::taken(sql::Tx& tx, const DraftId& id, Timestamp at) {
  SK_CHECK(tx.query(kTaken).bind("at", at).bind("id", id).run());
  return ok();
}

Status DraftTable::forget_before(sql::Tx& tx, Timestamp at) {
  SK_CHECK(tx.query(kForget).bind("at", at).run());
  return ok();
}

bool began_as(const std::string& text, const std::string& draft) {
  constexpr std::string_view kStop = "。";
  for (std::size_t at = 0; at < draft.size();) {
    const std::size_t line = std::min(draft.find('\n', at), draft.size()), stop = draft.find(kStop, at);
    const std::size_t end = std::min(line, stop == std::string::npos ? draft.size() : stop);
    const std::string piece = draft.substr(at, end - at);
    if (piece.size() >= kLeast && text.find(piece) != std::string::npos && text::count_graphemes(piece) >= kLeast) return true;
    at = end == line ? end + 1 : end + kStop.size();
  }
  return false;
}

}  // namespace sekisho::office
