// Switches that a case has on: what the definition says of where the case stands, compared with the rows that are there.
//
// A row stays as long as it would be made again just so; what is not wanted any more is ended before what is new begins. A branch's switches last as
// long as the branch stands in that state, whether the case lets it move or not: evidence that is held is not let go because the case was closed.
#include <algorithm>

#include "features/bodies/dates.h"
#include "features/office/office.h"
#include "features/office/words.h"

namespace sekisho::office {
namespace {

using switches::Standing;

const json::Value* value_at(const json::Object& fields, const std::string& key) {
  const auto it = fields.find(key);
  return it == fields.end() || it->value().is_null() ? nullptr : &it->value();
}

std::string text_of(const json::Value* value) { return value != nullptr && value->is_string() ? std::string(std::string_view(value->get_string())) : ""; }

// Of a table's rows, those whose columns say what `where` asks for.
std::vector<std::string> column_in(const json::Object& fields, const std::string& path, const workflow::SwitchUse& use) {
  const std::size_t dot = path.find('.');
  std::vector<std::string> out;
  const json::Value* const table = value_at(fields, path.substr(0, dot));
  if (table == nullptr || !table->is_array()) return out;
  for (const json::Value& row : table->get_array()) {
    if (!row.is_object()) continue;
    bool counts = true;
    for (const auto& [column, values] : use.where.value_or(std::map<std::string, workflow::Keys>{}))
      counts = counts && std::find(values.begin(), values.end(), text_of(value_at(row.get_object(), column))) != values.end();
    const std::string text = text_of(value_at(row.get_object(), path.substr(dot + 1)));
    if (counts && !text.empty()) out.push_back(text);
  }
  return out;
}

// A day counts from its beginning, or to its end; a moment is itself.
std::optional<Timestamp> moment(const json::Value* value, bool end) {
  const std::string text = text_of(value);
  if (text.empty()) return std::nullopt;
  if (const auto day = bodies::parse_day(text)) return end ? bodies::end_of(*day) : bodies::begin_of(*day);
  const auto at = json::parse_rfc3339(text);
  return at ? std::optional(*at) : std::nullopt;
}

bool same(const Standing& a, const Standing& b) {
  return a.name == b.name && a.person == b.person && a.unit == b.unit && a.value == b.value && a.arguments == b.arguments && a.until == b.until;
}

bool holds_one(const std::vector<Standing>& list, const Standing& s) {
  return std::any_of(list.begin(), list.end(), [&](const Standing& other) { return same(other, s); });
}

}  // namespace

Status Office::wanted_by(gate::Context& context, const File& file, const workflow::SwitchUse& use, std::vector<Standing>& out) const {
  if (use.only_if) {
    SK_TRY(const bool due, workflow::holds(*use.only_if, facts_of(context, file)));
    if (!due) return ok();
  }
  const switches::Kind* const kind = switches::find_kind(use.turn);
  if (kind == nullptr) return fail(Code::corrupt, "office.switch", use.turn);
  const auto ids = [&](const std::string& from) -> std::vector<std::string> {
    if (from == "@opener") return file.c.opener == kProgram ? std::vector<std::string>{} : std::vector<std::string>{file.c.opener};
    return from.find('.') == std::string::npos ? ids_in(file.c.fields, from) : column_in(file.c.fields, from, use);
  };
  std::vector<std::string> persons, units;
  json::Object arguments;
  for (const auto& [name, from] : use.with.value_or(std::map<std::string, std::string>{})) {
    if (name == "person") persons = ids(from);
    else if (name == "unit") units = ids(from);
    else if (const json::Value* const value = value_at(file.c.fields, from)) arguments[name] = *value;
  }
  Standing s;
  s.case_id = file.c.id.str();
  s.number = file.c.number;
  s.name = use.turn;
  s.clause = kind->clause;
  s.since = moment(value_at(arguments, "from"), false).value_or(context.now);
  s.until = moment(value_at(arguments, "until"), true);
  for (const char* name : {"rule", "kind"})
    if (const json::Value* const value = value_at(arguments, name)) s.value = text_of(value);
  s.arguments = json::canonical(json::Value(arguments));
  const bool about_somebody = std::any_of(kind->arguments.begin(), kind->arguments.end(), [](const auto& a) { return a.name == "person" || a.name == "unit"; });
  const auto add = [&](Standing one) {
    if (!holds_one(out, one)) out.push_back(std::move(one));
  };
  if (!about_somebody) add(s);
  Words words(context, directory_);
  for (const std::string& person : persons) {
    s.person = person;
    SK_TRY(s.person_name, words.person(person));
    add(s);
  }
  s.person = s.person_name = "";
  for (const std::string& unit : units) {
    s.unit = unit;
    add(s);
  }
  return ok();
}

Result<std::vector<Standing>> Office::wanted(gate::Context& context, const File& file) const {
  std::vector<Standing> out;
  const auto all = [&](const workflow::State* state) -> Status {
    if (state == nullptr || !state->switches) return ok();
    for (const workflow::SwitchUse& use : *state->switches) SK_CHECK(wanted_by(context, file, use, out));
    return ok();
  };
  SK_CHECK(all(file.d().state(file.c.state)));
  for (const workflow::Region& r : file.d().regions.value_or(std::vector<workflow::Region>{}))
    if (const auto at = file.c.regions.find(r.key); at != file.c.regions.end()) SK_CHECK(all(workflow::find_state(r.states, at->second)));
  return out;
}

Status Office::turn(gate::Context& context, File& file, const Actor& actor, const std::string& note_text) const {
  SK_TRY(auto now_wanted, wanted(context, file));
  SK_TRY(const auto there, switches::Table::of_case(context.tx, file.c.id.str()));
  const auto happen = [&](const Standing& s, bool on) -> Status {
    SK_TRY(const json::Value arguments, json::parse(s.arguments));
    if (const auto act = acts_.find(s.name); act != acts_.end()) SK_CHECK(act->second(context, {file.c, actor, on, s, arguments.get_object(), note_text}));
    Event event;
    event.event = "effect";
    event.note = (on ? "on " : "off ") + s.name;
    return note(context, file, program_actor(), std::move(event));
  };
  bool changes = false;
  for (const Standing& s : there) {
    if (holds_one(now_wanted, s)) continue;
    changes = true;
    SK_CHECK(switches::Table::end(context.tx, s.id, actor.name, context.now));
    SK_CHECK(happen(s, false));
  }
  for (Standing& s : now_wanted) {
    if (holds_one(there, s)) continue;
    changes = true;
    s.id = context.new_id<switches::StandingTag>();
    s.set_by = actor.name;
    s.set_at = context.now;
    SK_CHECK(switches::Table::insert(context.tx, s));
    SK_CHECK(happen(s, true));
  }
  if (changes) context.after_commit([this] { ++turned_; });
  return ok();
}

}  // namespace sekisho::office
