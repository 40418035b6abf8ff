// Tables whose rows the program makes and people answer.
#include <algorithm>

#include "workflow/rules.h"

namespace sekisho::workflow {
namespace {

const json::Value* cell(const json::Value& row, std::string_view key) {
  if (!row.is_object()) return nullptr;
  const auto it = row.get_object().find(key);
  return it == row.get_object().end() || it->value().is_null() ? nullptr : &it->value();
}

const json::Array& rows_in(const json::Value* table) {
  static const json::Array kNone;
  return table != nullptr && table->is_array() ? table->get_array() : kNone;
}

const json::Value* row_of(const json::Array& rows, const std::string& key, const std::string& id) {
  const auto it = std::find_if(rows.begin(), rows.end(), [&](const json::Value& row) { return text_in(row, key) == id; });
  return it == rows.end() ? nullptr : &*it;
}

}  // namespace

std::string text_in(const json::Value& row, std::string_view key) {
  const json::Value* const value = cell(row, key);
  return value != nullptr && value->is_string() ? std::string(std::string_view(value->get_string())) : "";
}

const Column* given_column(const Field& field, std::string_view what) {
  if (!field.columns) return nullptr;
  const auto it = std::find_if(field.columns->begin(), field.columns->end(), [&](const Column& c) { return c.given == what; });
  return it == field.columns->end() ? nullptr : &*it;
}

bool answered(const Field& field, const json::Value* value) {
  if (!field.columns) return false;
  const json::Array& rows = rows_in(value);
  if (field.rows && rows.empty()) return false;
  return std::all_of(rows.begin(), rows.end(), [&](const json::Value& row) {
    for (const Column& c : *field.columns)
      if (c.required.value_or(false) && !filled(cell(row, c.key))) return false;
    if (!field.rows) return true;
    const std::string answer = text_in(row, field.rows->answer);
    return !answer.empty() && (!field.rows->say || !contains(field.rows->gaps, answer) || filled(cell(row, *field.rows->say)));
  });
}

Result<json::Value> with_answers(const Field& field, const json::Value* stands, const json::Value& given) {
  const std::string& id = given_column(field, "clause")->key;
  json::Array out = rows_in(stands);
  for (const json::Value& answer : rows_in(&given)) {
    const json::Value* const row = row_of(out, id, text_in(answer, id));
    if (row == nullptr) return fail(Code::invalid_argument, "office.field", field.key + ": the rows are made by the program");
    json::Object merged = row->get_object();
    for (const Column& c : *field.columns) {
      if (c.given) continue;
      const json::Value* const said = cell(answer, c.key);
      if (said == nullptr) merged.erase(c.key);
      else merged[c.key] = *said;
    }
    out[static_cast<std::size_t>(row - out.data())] = std::move(merged);
  }
  return json::Value(std::move(out));
}

json::Value renewed(const Field& field, const json::Value* stood, json::Value rows) {
  const std::string &id = given_column(field, "clause")->key, &words = given_column(field, "text")->key;
  for (json::Value& row : rows.get_array()) {
    const json::Value* const before = row_of(rows_in(stood), id, text_in(row, id));
    if (before == nullptr) continue;
    const bool same = text_in(*before, words) == text_in(row, words);
    for (const Column& c : *field.columns) {
      const json::Value* const said = cell(*before, c.key);
      if (said == nullptr || c.given || (!same && c.key == field.rows->answer)) continue;
      row.get_object()[c.key] = *said;
    }
  }
  return rows;
}

void gather(const Definition& definition, const Gather& g, json::Object& fields) {
  const Field& from = *definition.field(g.from);
  const auto source = fields.find(g.from);
  if (source == fields.end()) return;
  json::Array into = fields.contains(g.into) && fields[g.into].is_array() ? fields[g.into].get_array() : json::Array();
  // What names the clause there: the column that the clause's number goes to, else the first.
  const Column* const label = given_column(from, "label");
  auto key = std::find_if(g.copy.begin(), g.copy.end(), [&](const auto& m) { return m.second == label->key; });
  if (key == g.copy.end()) key = g.copy.begin();
  for (const json::Value& row : rows_in(&source->value())) {
    if (!contains(from.rows->gaps, text_in(row, from.rows->answer)) || row_of(into, key->first, text_in(row, key->second)) != nullptr) continue;
    json::Object one;
    for (const auto& [to, what] : g.copy)
      if (const json::Value* const value = cell(row, what)) one[to] = *value;
    into.push_back(std::move(one));
  }
  if (!into.empty()) fields[g.into] = std::move(into);
}

}  // namespace sekisho::workflow
