// Values that people put in, brought into the one form that is stored.
#include <algorithm>
#include <cmath>

#include "text/graphemes.h"
#include "text/utf8.h"
#include "workflow/rules.h"

namespace sekisho::workflow {
namespace {

constexpr std::size_t kMaxText = 1000;        // characters
constexpr std::size_t kMaxLongText = 20'000;  // characters
constexpr std::size_t kMaxList = 500;
constexpr std::size_t kMaxRows = 500;

Unexpected wrong(const std::string& key, std::string why) { return fail(Code::invalid_argument, "office.field", key + ": " + std::move(why)); }

Result<std::string> text_of(const std::string& key, const json::Value& given, std::size_t most) {
  if (!given.is_string()) return wrong(key, "text");
  std::string out(std::string_view(given.get_string()));
  if (!text::is_valid_utf8(out) || out.find('\0') != std::string::npos) return wrong(key, "text");
  if (out.size() > most * 4 || text::count_graphemes(out) > most) return wrong(key, "longer than " + std::to_string(most) + " characters");
  return out;
}

using Find = std::function<Result<std::optional<std::string>>(const std::string&)>;
Result<json::Value> found(const std::string& key, const json::Value& given, const Find& find, const char* what) {
  if (!given.is_string() || given.get_string().size() > 200) return wrong(key, what);
  if (!find) return fail(Code::internal, "internal", "no way to look up");
  SK_TRY(const auto id, find(std::string(std::string_view(given.get_string()))));
  if (!id) return wrong(key, std::string("no such ") + what);
  return json::Value(std::string_view(*id));
}

// Several, in the order given, none twice.
Result<json::Value> several(const std::string& key, const json::Value& given, const std::function<Result<json::Value>(const json::Value&)>& one) {
  if (!given.is_array() || given.get_array().size() > kMaxList) return wrong(key, "a list");
  json::Array out;
  for (const json::Value& item : given.get_array()) {
    SK_TRY(json::Value value, one(item));
    if (std::find(out.begin(), out.end(), value) == out.end()) out.push_back(std::move(value));
  }
  return out;
}

Result<json::Value> day_value(const std::string& key, const json::Value& given) {
  if (!given.is_string() || given.get_string().size() != 10) return wrong(key, "YYYY-MM-DD");
  const std::string text(std::string_view(given.get_string()));
  if (!json::parse_rfc3339(text + "T00:00:00Z")) return wrong(key, "YYYY-MM-DD");
  return given;
}

Result<json::Value> class_value(const std::string& key, const Keys& axes, const json::Value& given, const Lookups& look) {
  if (!given.is_object()) return wrong(key, "ranks of a class");
  json::Object out;
  for (const auto& member : given.get_object()) {
    const std::string axis(member.key());
    if (member.value().is_null()) continue;
    if (std::find(axes.begin(), axes.end(), axis) == axes.end() || !member.value().is_int64()) return wrong(key, "ranks of a class");
    const std::int64_t most = axis == "c" ? look.ranks_c : axis == "i" ? look.ranks_i : look.ranks_a;
    if (member.value().get_int64() < 1 || member.value().get_int64() > most) return wrong(key, "a rank of the body's scheme");
    out[axis] = member.value();
  }
  if (out.empty()) return json::Value(nullptr);
  return out;
}

Result<json::Value> checklist_value(const Field& f, const json::Value& given) {
  if (!given.is_object()) return wrong(f.key, "a checklist");
  json::Object out;
  for (const auto& member : given.get_object()) {
    const std::string item(member.key());
    if (std::none_of(f.items->begin(), f.items->end(), [&](const Item& i) { return i.key == item; })) return wrong(f.key, "no item '" + item + "'");
    if (!member.value().is_object()) return wrong(f.key, "{done, note}");
    json::Object entry;
    for (const auto& part : member.value().get_object()) {
      if (part.key() == "done" && part.value().is_bool()) {
        entry["done"] = part.value();
      } else if (part.key() == "note" && part.value().is_string()) {
        SK_TRY(const std::string note, text_of(f.key, part.value(), kMaxText));
        if (!note.empty()) entry["note"] = note;
      } else if (!part.value().is_null()) {
        return wrong(f.key, "{done, note}");
      }
    }
    if (!entry.contains("done")) return wrong(f.key, "{done, note}");
    out[item] = std::move(entry);
  }
  return out;
}

// A field with what a value of its type needs; columns are fields of a row.
struct Slot {
  std::string key;
  std::string type;
  const std::optional<std::vector<Choice>>& choices;
  const std::optional<std::string>& of;
  const std::optional<double>& min;
  const std::optional<double>& max;
  Keys axes;
};

Result<json::Value> number_value(const Slot& s, const json::Value& given) {
  if (!given.is_number()) return wrong(s.key, "a number");
  const double n = given.to_number<double>();
  if (!std::isfinite(n) || std::abs(n) > 1e15 || (s.min && n < *s.min) || (s.max && n > *s.max)) return wrong(s.key, "a number in range");
  if (given.is_double() && n == std::floor(n)) return json::Value(static_cast<std::int64_t>(n));
  return given;
}

Result<json::Value> choice_value(const Slot& s, const json::Value& given) {
  if (!given.is_string() || !s.choices || std::none_of(s.choices->begin(), s.choices->end(), [&](const Choice& c) { return c.key == std::string_view(given.get_string()); }))
    return wrong(s.key, "one of the choices");
  return given;
}

Result<json::Value> simple(const Slot& s, const json::Value& given, const Lookups& look) {
  if (s.type == "text" || s.type == "long_text" || s.type == "clause") {
    const std::size_t most = s.max ? static_cast<std::size_t>(std::max(1.0, *s.max)) : s.type == "long_text" ? kMaxLongText : kMaxText;
    SK_TRY(std::string text, text_of(s.key, given, std::min(most, kMaxLongText)));
    if (text.empty()) return json::Value(nullptr);
    return json::Value(text);
  }
  if (s.type == "number") return number_value(s, given);
  if (s.type == "choice") return choice_value(s, given);
  if (s.type == "yes_no") return given.is_bool() ? Result<json::Value>(given) : Result<json::Value>(wrong(s.key, "true or false"));
  if (s.type == "date") return day_value(s.key, given);
  if (s.type == "datetime") {
    if (!given.is_string()) return wrong(s.key, "a time");
    const auto at = json::parse_rfc3339(std::string_view(given.get_string()));
    if (!at) return wrong(s.key, "a time");
    return json::Value(to_rfc3339(*at));
  }
  if (s.type == "person") return found(s.key, given, look.person, "person");
  if (s.type == "department") return found(s.key, given, look.department, "department");
  if (s.type == "reference") return found(s.key, given, [&](const std::string& text) { return look.reference(s.of.value_or(""), text); }, "case");
  if (s.type == "class") return class_value(s.key, s.axes, given, look);
  return wrong(s.key, "cannot be written");
}

}  // namespace

Result<json::Value> value_of(const Field& f, const json::Value& given, const Lookups& look) {
  if (given.is_null()) return json::Value(nullptr);
  if (f.derive || f.type == "attachment") return wrong(f.key, "is not written by hand");
  Slot slot{f.key, f.type, f.choices, f.of, f.min, f.max, f.axes.value_or(Keys{"c", "i", "a"})};
  static const std::pair<std::string_view, std::string_view> kSeveral[] = {{"choices", "choice"}, {"people", "person"}, {"departments", "department"}, {"references", "reference"}};
  for (const auto& [many, one] : kSeveral)
    if (f.type == many) {
      slot.type = one;
      return several(f.key, given, [&](const json::Value& item) { return simple(slot, item, look); });
    }
  if (f.type == "checklist") return checklist_value(f, given);
  if (f.type != "table") return simple(slot, given, look);
  if (!given.is_array() || given.get_array().size() > kMaxRows) return wrong(f.key, "rows");
  json::Array rows;
  for (const json::Value& row : given.get_array()) {
    if (!row.is_object()) return wrong(f.key, "rows");
    json::Object out;
    for (const auto& member : row.get_object())
      if (std::none_of(f.columns->begin(), f.columns->end(), [&](const Column& c) { return c.key == member.key(); })) return wrong(f.key, "no column '" + std::string(member.key()) + "'");
    for (const Column& c : *f.columns) {
      const auto cell = row.get_object().find(c.key);
      if (cell != row.get_object().end() && !cell->value().is_null()) {
        static const std::optional<double> kNone;
        SK_TRY(json::Value value, simple({f.key + "." + c.key, c.type, c.choices, c.of, kNone, kNone, {"c", "i", "a"}}, cell->value(), look));
        if (!value.is_null()) out[c.key] = std::move(value);
      }
      // The program's rows stand before anybody has answered them; whether all are is asked by `is: answered`.
      if (c.required.value_or(false) && !f.rows && !out.contains(c.key)) return wrong(f.key + "." + c.key, "needed in every row");
    }
    rows.push_back(std::move(out));
  }
  return rows;
}

}  // namespace sekisho::workflow
