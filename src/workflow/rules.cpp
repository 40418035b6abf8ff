#include "workflow/rules.h"

#include <algorithm>

namespace sekisho::workflow {
namespace {

const json::Value* value_at(const json::Object& fields, std::string_view key) {
  const auto it = fields.find(key);
  return it == fields.end() || it->value().is_null() ? nullptr : &it->value();
}

bool same(const json::Value& a, const json::Value& b) { return a.is_number() && b.is_number() ? a.to_number<double>() == b.to_number<double>() : a == b; }

bool among(const json::Value* value, const std::vector<json::Value>& list) {
  if (value == nullptr) return false;
  const auto one = [&](const json::Value& v) { return std::any_of(list.begin(), list.end(), [&](const json::Value& x) { return same(x, v); }); };
  return value->is_array() ? std::any_of(value->get_array().begin(), value->get_array().end(), one) : one(*value);
}

std::optional<double> number_of(const json::Value* value, const Field& field, const std::optional<std::string>& axis) {
  if (value == nullptr) return std::nullopt;
  if (value->is_number()) return value->to_number<double>();
  if (!value->is_object()) return std::nullopt;
  const json::Value* const rank = value_at(value->get_object(), axis ? *axis : field.axes && !field.axes->empty() ? field.axes->front() : "c");
  return rank != nullptr && rank->is_number() ? std::optional(rank->to_number<double>()) : std::nullopt;
}

std::optional<CivilDate> named_day(const std::string& name, const Facts& facts) { return name == "today" ? std::optional(facts.today) : day_of(value_at(facts.fields, name)); }

Result<bool> about_field(const Condition& c, const Facts& facts) {
  const Field* const field = facts.definition.field(*c.field);
  if (field == nullptr) return fail(Code::corrupt, "office.definition", "condition on an unknown field");
  const json::Value* const value = value_at(facts.fields, *c.field);
  if (c.is && *c.is == "filled" && !filled(value)) return false;
  if (c.is && *c.is == "empty" && filled(value)) return false;
  if (c.is && *c.is == "checked" && !checked_off(*field, value)) return false;
  if (c.is && *c.is == "answered" && !answered(*field, value)) return false;
  if (c.equals && (value == nullptr ? *c.equals != json::Value(false) : !same(*value, *c.equals))) return false;
  if (c.not_equals && value != nullptr && same(*value, *c.not_equals)) return false;
  if (c.in && !among(value, *c.in)) return false;
  const auto number = number_of(value, *field, c.axis);
  if (c.at_least && (!number || *number < *c.at_least)) return false;
  if (c.at_most && (!number || *number > *c.at_most)) return false;
  const auto day = c.before || c.after ? day_of(value) : std::nullopt;
  if (c.before) {
    const auto other = named_day(*c.before, facts);
    if (!day || !other || !(*day < *other)) return false;
  }
  if (c.after) {
    const auto other = named_day(*c.after, facts);
    if (!day || !other || !(*other < *day)) return false;
  }
  return true;
}

bool is_such(const Condition& c, const OtherCase& other) {
  if (c.state && std::find(c.state->begin(), c.state->end(), other.state) == c.state->end()) return false;
  return !c.kind || std::find(c.kind->begin(), c.kind->end(), boost::describe::enum_to_string(other.kind, "")) != c.kind->end();
}

Result<bool> about_others(const Condition& c, const Facts& facts) {
  if (c.reference) {
    if (!facts.referred) return fail(Code::internal, "internal", "no way to other cases");
    SK_TRY(const auto others, facts.referred(*c.reference));
    return !others.empty() && std::all_of(others.begin(), others.end(), [&](const OtherCase& o) { return is_such(c, o); });
  }
  if (!facts.linked) return fail(Code::internal, "internal", "no way to other cases");
  SK_TRY(const auto others, facts.linked(*c.linked));
  const auto such = [&](const OtherCase& o) { return is_such(c, o); };
  if (*c.count == "every") return std::all_of(others.begin(), others.end(), such);
  return std::any_of(others.begin(), others.end(), such) == (*c.count == "at_least_one");
}

}  // namespace

bool filled(const json::Value* value) {
  if (value == nullptr || value->is_null()) return false;
  if (value->is_string()) return !value->get_string().empty();
  if (value->is_array()) return !value->get_array().empty();
  if (value->is_object()) return !value->get_object().empty();
  return true;
}

bool checked_off(const Field& field, const json::Value* value) {
  if (!field.items) return false;
  for (const Item& item : *field.items) {
    if (!item.required.value_or(true)) continue;
    const json::Value* const entry = value != nullptr && value->is_object() ? value_at(value->get_object(), item.key) : nullptr;
    if (entry == nullptr || !entry->is_object()) return false;
    const json::Value* const done = value_at(entry->get_object(), "done");
    if (done == nullptr || (*done != json::Value(true) && !filled(value_at(entry->get_object(), "note")))) return false;
  }
  return true;
}

Result<bool> holds(const Condition& c, const Facts& facts) {
  if (c.all || c.any) {
    const auto& list = c.all ? *c.all : *c.any;
    for (const Condition& inner : list) {
      SK_TRY(const bool one, holds(inner, facts));
      if (one == c.any.has_value()) return one;
    }
    return !c.any.has_value();
  }
  if (c.negate) {
    SK_TRY(const bool inner, holds(c.negate->front(), facts));
    return !inner;
  }
  if (c.field) return about_field(c, facts);
  if (c.region) {
    const auto it = facts.regions.find(*c.region);
    const json::Value state(it == facts.regions.end() ? std::string_view() : std::string_view(it->second));
    return among(&state, c.in.value_or(std::vector<json::Value>{}));
  }
  if (c.reference || c.linked) return about_others(c, facts);
  if (c.state) return std::find(c.state->begin(), c.state->end(), facts.state) != c.state->end();
  if (c.passed) return facts.passed.contains(*c.passed);
  return facts.notices_seen;
}

Result<std::vector<std::string>> missing(const Facts& facts, const std::string& state) {
  std::vector<std::string> out;
  for (const Field& f : facts.definition.fields) {
    bool needed = f.required && f.required->always.value_or(false);
    if (!needed && f.required && f.required->states && !state.empty()) needed = std::find(f.required->states->begin(), f.required->states->end(), state) != f.required->states->end();
    if (f.required_if && (needed || !f.required)) {
      SK_TRY(needed, holds(*f.required_if, facts));
      // At the opening people still say what the case is about; what depends on it is asked for at the first step.
      if (state.empty() && !f.required) needed = false;
    }
    if (!needed || f.derive) continue;
    const json::Value* const value = value_at(facts.fields, f.key);
    if (f.type == "checklist" ? !checked_off(f, value) : !filled(value)) out.push_back(f.key);
  }
  return out;
}

Result<std::optional<std::string>> hindrance(const Transition& transition, const Facts& facts) {
  for (const Guard& g : transition.guards.value_or(std::vector<Guard>{})) {
    SK_TRY(const bool good, holds(g.that, facts));
    if (!good) return std::optional(g.say);
  }
  return std::optional<std::string>();
}

Result<json::Value> derived(const Field& field, const Facts& facts, int fiscal_year_start) {
  const Derive& d = *field.derive;
  const std::size_t dot = d.of.find('.');
  const std::string first = d.of.substr(0, dot), second = dot == std::string::npos ? "" : d.of.substr(dot + 1);
  std::vector<json::Value> values;
  const Field* const source = facts.definition.field(first);
  const json::Value* const own = value_at(facts.fields, first);
  if (source != nullptr && (source->type == "reference" || source->type == "references") && !second.empty()) {
    if (!facts.referred) return fail(Code::internal, "internal", "no way to other cases");
    SK_TRY(const auto others, facts.referred(first));
    for (const OtherCase& o : others)
      if (const json::Value* const v = value_at(o.fields, second)) values.push_back(*v);
  } else if (source != nullptr && source->type == "table" && !second.empty()) {
    if (own != nullptr && own->is_array())
      for (const json::Value& row : own->get_array())
        if (const json::Value* const v = row.is_object() ? value_at(row.get_object(), second) : nullptr) values.push_back(*v);
  } else if (own != nullptr) {
    if (own->is_array()) values.assign(own->get_array().begin(), own->get_array().end());
    else values.push_back(*own);
  }
  if (d.with)
    if (const json::Value* const v = value_at(facts.fields, *d.with)) values.push_back(*v);
  if (d.op == "count") return json::Value(static_cast<std::int64_t>(values.size()));
  if (values.empty()) return json::Value(nullptr);
  if (d.op == "copy") return values.front();
  if (d.op == "fiscal_year") {
    const auto day = day_of(&values.front());
    return day ? json::Value(fiscal_year(*day, fiscal_year_start)) : json::Value(nullptr);
  }
  if (d.op == "sum") {
    double sum = 0;
    for (const json::Value& v : values)
      if (v.is_number()) sum += v.to_number<double>();
    return json::Value(sum);
  }
  json::Object highest;
  for (const json::Value& v : values) {
    if (!v.is_object()) continue;
    for (const auto& axis : v.get_object()) {
      const json::Value* const before = value_at(highest, axis.key());
      if (axis.value().is_int64() && (before == nullptr || before->get_int64() < axis.value().get_int64())) highest[axis.key()] = axis.value();
    }
  }
  return highest;
}

}  // namespace sekisho::workflow
