#include "features/flows/table.h"

#include <array>

namespace sekisho::flows {
namespace {

#define SK_FLOW_COLUMNS \
  "id, from_segment, to_segment, to_endpoint, purpose, content, route, permitted_by, valid_from, valid_to, opened_by, opened_at, ended_by, ended_at, end_reason, waits_for"

constexpr const char* kInsert =
    "INSERT INTO flow (id, from_segment, to_segment, to_endpoint, purpose, content, route, permitted_by, valid_from, valid_to, opened_by, opened_at) VALUES "
    "(:id, :from, :to_segment, :to_endpoint, :purpose, :content, :route, :permitted_by, :valid_from, :valid_to, :by, :at)";
constexpr const char* kEnd = "UPDATE flow SET ended_by = :by, ended_at = :at, end_reason = :reason WHERE id = :id AND ended_at IS NULL";
constexpr const char* kWait = "UPDATE flow SET waits_for = :request, changed_person = :person, checked_person = NULL WHERE id = :id";
constexpr const char* kChecked = "UPDATE flow SET waits_for = NULL, checked_person = :person WHERE id = :id";
constexpr const char* kFind = "SELECT " SK_FLOW_COLUMNS " FROM flow WHERE id = :id";
constexpr const char* kAll = "SELECT " SK_FLOW_COLUMNS " FROM flow ORDER BY opened_at DESC, id DESC LIMIT 500";
constexpr const char* kFrom = "SELECT " SK_FLOW_COLUMNS " FROM flow WHERE from_segment = :segment AND ended_at IS NULL ORDER BY id LIMIT 500";

struct FormRow {
  std::string_view name;
  policy::Form form;
};
constexpr std::array kForms = {FormRow{"text", policy::Form::text}, FormRow{"pixels", policy::Form::pixels}, FormRow{"sanitised_file", policy::Form::sanitised_file},
                               FormRow{"verified_file", policy::Form::verified_file}, FormRow{"file", policy::Form::file}};

Result<std::vector<Flow>> rows_of(sql::Query query) {
  SK_TRY(auto rows, query.all<FlowId, std::string, std::string, std::string, std::string, std::string, std::string, std::string, Timestamp, std::optional<Timestamp>,
                              std::string, Timestamp, std::optional<std::string>, std::optional<Timestamp>, std::optional<std::string>, std::optional<std::string>>());
  std::vector<Flow> out;
  for (auto& [id, from, to_segment, to_endpoint, purpose, content, route, permitted_by, valid_from, valid_to, by, at, ended_by, ended_at, reason, waits_for] : rows) {
    SK_TRY(auto forms, json::read_text<std::vector<std::string>>(content));
    out.push_back({id, from, to_segment, to_endpoint, purpose, std::move(forms), route, permitted_by, valid_from, valid_to, by, at, ended_by, ended_at, reason, waits_for});
  }
  return out;
}

}  // namespace

std::uint8_t form_named(const std::string& name) {
  for (const FormRow& row : kForms)
    if (row.name == name) return static_cast<std::uint8_t>(row.form);
  return 0;
}

std::uint8_t Flow::forms() const {
  unsigned out = 0;
  for (const std::string& name : content) out |= form_named(name);
  return static_cast<std::uint8_t>(out);
}

Status Table::insert(sql::Tx& tx, const Flow& f) {
  SK_CHECK(tx.query(kInsert).bind("id", f.id).bind("from", f.from_segment).bind("to_segment", f.to_segment).bind("to_endpoint", f.to_endpoint).bind("purpose", f.purpose)
               .bind("content", json::write(f.content)).bind("route", f.route).bind("permitted_by", f.permitted_by).bind("valid_from", f.valid_from)
               .bind("valid_to", f.valid_to).bind("by", f.opened_by).bind("at", f.opened_at).run());
  return ok();
}

Result<bool> Table::end(sql::Tx& tx, const FlowId& id, const std::string& by, const std::string& reason, Timestamp now) {
  SK_TRY(const auto n, tx.query(kEnd).bind("by", by).bind("at", now).bind("reason", reason).bind("id", id).run());
  return n == 1;
}

Status Table::wait(sql::Tx& tx, const FlowId& id, const std::string& request, const std::string& changed) {
  SK_CHECK(tx.query(kWait).bind("request", request).bind("person", changed).bind("id", id).run());
  return ok();
}

Status Table::checked(sql::Tx& tx, const FlowId& id, const std::string& by) {
  SK_CHECK(tx.query(kChecked).bind("person", by).bind("id", id).run());
  return ok();
}

Result<std::optional<Flow>> Table::find(sql::Tx& tx, const FlowId& id) {
  SK_TRY(auto rows, rows_of(std::move(tx.query(kFind).bind("id", id))));
  if (rows.empty()) return std::optional<Flow>();
  return std::optional<Flow>(std::move(rows.front()));
}

Result<std::vector<Flow>> Table::all(sql::Tx& tx) { return rows_of(tx.query(kAll)); }
Result<std::vector<Flow>> Table::from(sql::Tx& tx, const std::string& segment) { return rows_of(std::move(tx.query(kFrom).bind("segment", segment))); }

}  // namespace sekisho::flows
