#include "features/office/words.h"

#include <algorithm>

namespace sekisho::office {

Result<std::string> Words::person(const std::string& account) {
  if (account == kProgram) return std::string("プログラム");
  if (const auto known = people_.find(account); known != people_.end()) return known->second;
  SK_TRY(const auto who, directory_.standing(context_.tx, account, context_.now));
  return people_[account] = who ? who->name : "登録のない人";
}

Result<std::string> Words::unit(const std::string& id) {
  if (!units_) {
    SK_TRY(units_, bodies::Table::units(context_.tx));
  }
  for (const bodies::Unit& u : *units_)
    if (u.id.str() == id) return u.name;
  return std::string();
}

Result<std::string> Words::case_number(const std::string& id) {
  if (const auto known = cases_.find(id); known != cases_.end()) return known->second;
  SK_TRY(const auto found, CaseTable::for_rules(context_.tx, CaseId::trusted(id)));
  return cases_[id] = found ? found->number : "";  // a number says nothing of the case
}

Result<std::string> Words::class_words(const json::Value& value) {
  if (!profile_) {
    SK_TRY(auto named, bodies::Table::profile(context_.tx));
    profile_ = std::move(named.profile);
  }
  std::string out;
  for (const auto& [axis, levels] : {std::pair("c", &profile_->confidentiality), std::pair("i", &profile_->integrity), std::pair("a", &profile_->availability)}) {
    const auto it = value.get_object().find(axis);
    if (it == value.get_object().end() || !it->value().is_int64()) continue;
    const std::int64_t rank = it->value().get_int64();
    if (rank >= 1 && rank <= static_cast<std::int64_t>(levels->size())) out += (out.empty() ? "" : "・") + (*levels)[static_cast<std::size_t>(rank - 1)].name;
  }
  return out;
}

Result<std::string> Words::one(const std::string& type, const std::optional<std::vector<workflow::Choice>>& choices, const json::Value& value) {
  if (value.is_null()) return std::string();
  if (value.is_bool()) return std::string(value.get_bool() ? "はい" : "いいえ");
  if (value.is_number()) return json::canonical(value);  // as people write them: 1.5, and no power of ten
  if (value.is_object()) return type == "class" ? class_words(value) : std::string();
  if (!value.is_string()) return std::string();
  const std::string text(std::string_view(value.get_string()));
  if (type == "choice" || type == "choices") {
    for (const workflow::Choice& c : choices.value_or(std::vector<workflow::Choice>{}))
      if (c.key == text) return c.title;
    return text;
  }
  if (type == "person" || type == "people") return person(text);
  if (type == "department" || type == "departments") return unit(text);
  if (type == "reference" || type == "references") return case_number(text);
  if (type == "date") {
    const auto day = workflow::day_of(&value);
    return day ? to_wareki(*day) : text;
  }
  if (type == "datetime") {
    const auto at = json::parse_rfc3339(text);
    return at ? to_wareki(jst_date(*at)) + " " + to_jst_minutes(*at).substr(11) : text;
  }
  return text;
}

Result<std::vector<std::vector<std::string>>> Words::cells(const workflow::Field& field, const json::Value& value) {
  std::vector<std::vector<std::string>> out;
  const auto text_in = [](const json::Object& of, const char* name) {
    const auto it = of.find(name);
    return it == of.end() || !it->value().is_string() ? std::string() : std::string(std::string_view(it->value().get_string()));
  };
  if (field.type == "table" && value.is_array())
    for (const json::Value& row : value.get_array()) {
      if (!row.is_object()) continue;
      out.emplace_back();
      for (const workflow::Column& c : *field.columns) {
        const auto cell = row.get_object().find(c.key);
        const json::Value nothing;
        SK_TRY(std::string words, one(c.type, c.choices, cell == row.get_object().end() ? nothing : cell->value()));
        if (!words.empty() && c.type == "number") words += c.unit.value_or("");
        out.back().push_back(std::move(words));
      }
    }
  if (field.type == "checklist" && value.is_object())
    for (const workflow::Item& item : *field.items) {
      const auto it = value.get_object().find(item.key);
      const bool answered = it != value.get_object().end() && it->value().is_object();
      const json::Object none;
      const json::Object& answer = answered ? it->value().get_object() : none;
      const auto done = answer.find("done");
      const bool yes = done != answer.end() && done->value() == json::Value(true);
      out.push_back({item.title, !answered ? "" : yes ? "済" : "該当なし", text_in(answer, "note")});
    }
  return out;
}

Result<std::string> Words::rows(const workflow::Field& field, const json::Value& value) {
  std::string out;
  for (const json::Value& row : value.get_array()) {
    if (!row.is_object()) continue;
    std::string line;
    for (const workflow::Column& c : *field.columns) {
      if (c.given == "document" || c.given == "version" || c.given == "clause") continue;  // for the program
      const auto cell = row.get_object().find(c.key);
      if (cell == row.get_object().end()) continue;
      SK_TRY(const std::string words, one(c.type, c.choices, cell->value()));
      if (!words.empty()) line += (line.empty() ? "" : "、") + c.title + ": " + words;
    }
    out += (out.empty() ? "" : "\n") + line;
  }
  return out;
}

Result<std::string> Words::of(const workflow::Field& field, const json::Value& value) {
  if (field.type == "table" && value.is_array()) return rows(field, value);
  if (field.type == "checklist" && value.is_object()) {
    std::string out;
    for (const workflow::Item& item : *field.items) {
      const auto it = value.get_object().find(item.key);
      if (it == value.get_object().end() || !it->value().is_object()) continue;
      const auto done = it->value().get_object().find("done");
      const bool yes = done != it->value().get_object().end() && done->value() == json::Value(true);
      out += (out.empty() ? "" : "、") + item.title + (yes ? "（済）" : "（該当なし）");
    }
    return out;
  }
  if (field.type == "attachment") return value.is_array() && !value.get_array().empty() ? std::to_string(value.get_array().size()) + "件" : std::string();
  if (!value.is_array()) return one(field.type, field.choices, value);
  std::string out;
  for (const json::Value& item : value.get_array()) {
    SK_TRY(const std::string words, one(field.type, field.choices, item));
    if (!words.empty()) out += (out.empty() ? "" : "、") + words;
  }
  return out;
}

}  // namespace sekisho::office
