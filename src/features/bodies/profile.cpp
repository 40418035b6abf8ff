#include "features/bodies/profile.h"

#include "features/bodies/dates.h"

namespace sekisho::bodies {
namespace {

constexpr std::size_t kMostLevels = 8;  // below policy::kTopRank
constexpr std::size_t kMostSegments = 32;
constexpr std::size_t kMostText = 2000;

// Collects the first mistake only: one clear line is what a person can mend.
class Checker {
 public:
  void need(bool good, const std::string& path, const std::string& what) {
    if (!good && first_.empty()) first_ = path + ": " + what;
  }
  void text(const std::string& value, const std::string& path) {
    need(!value.empty(), path, "must not be empty");
    need(value.size() <= kMostText, path, "too long");
  }
  void code(const std::string& value, const std::string& path) {
    need(!value.empty() && value.size() <= 64 && value.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_-") == std::string::npos, path,
         "a code has 1 to 64 characters a-z, 0-9, '_' and '-'");
  }
  void fresh(std::set<std::string>& seen, const std::string& value, const std::string& path) {
    need(seen.insert(value).second, path, "'" + value + "' stands twice");
  }
  void known(const std::set<std::string>& all, const std::string& value, const std::string& path, const std::string& what) {
    need(all.contains(value), path, "no " + what + " '" + value + "'");
  }
  void day(const std::optional<std::string>& value, const std::string& path) {
    if (value) need(parse_day(*value).has_value(), path, "a day is written 2026-04-01");
  }
  Status outcome() const { return first_.empty() ? ok() : Status(fail(Code::invalid_argument, "bodies.profile", first_)); }

 private:
  std::string first_;
};

std::string at(const std::string& list, std::size_t n) { return "$." + list + "[" + std::to_string(n) + "]"; }

void check_levels(Checker& c, const std::vector<Level>& levels, const std::string& axis) {
  c.need(!levels.empty() && levels.size() <= kMostLevels, "$." + axis, "1 to 8 levels");
  std::set<std::string> names;
  for (std::size_t n = 0; n < levels.size(); ++n) {
    c.text(levels[n].name, at(axis, n) + ".name");
    c.text(levels[n].criterion, at(axis, n) + ".criterion");
    c.fresh(names, levels[n].name, at(axis, n) + ".name");
  }
}

// What the version before has for levels is not known here; what this one says of its own must fit.
void check_carried(Checker& c, const std::optional<std::vector<CarriedLevel>>& carried, const std::vector<Level>& levels, const std::string& axis) {
  if (!carried) return;
  std::set<std::string> names, from;
  for (const Level& level : levels) names.insert(level.name);
  for (std::size_t n = 0; n < carried->size(); ++n) {
    const CarriedLevel& level = (*carried)[n];
    const std::string path = at("carried_over." + axis, n);
    c.text(level.from, path + ".from");
    c.fresh(from, level.from, path + ".from");
    c.need(!level.to.empty(), path + ".to", "at least one level");
    std::set<std::string> to;
    for (std::size_t k = 0; k < level.to.size(); ++k) {
      c.known(names, level.to[k], path + ".to[" + std::to_string(k) + "]", "level");
      c.fresh(to, level.to[k], path + ".to[" + std::to_string(k) + "]");
    }
  }
}

void check_segments(Checker& c, const std::vector<Segment>& segments) {
  c.need(segments.size() <= kMostSegments, "$.segments", "at most 32");
  std::set<std::string> codes;
  for (std::size_t n = 0; n < segments.size(); ++n) {
    c.code(segments[n].code, at("segments", n) + ".code");
    c.text(segments[n].name, at("segments", n) + ".name");
    c.fresh(codes, segments[n].code, at("segments", n) + ".code");
  }
  for (std::size_t n = 0; n < segments.size(); ++n) {
    const Segment& s = segments[n];
    for (std::size_t k = 0; k < s.origins.size(); ++k) c.known(codes, s.origins[k], at("segments", n) + ".origins[" + std::to_string(k) + "]", "segment");
    c.need(s.factors == 1 || s.factors == 2, at("segments", n) + ".factors", "1 or 2");
    c.need(!s.idle_minutes || *s.idle_minutes > 0, at("segments", n) + ".idle_minutes", "more than 0");
    c.need(!s.absolute_minutes || *s.absolute_minutes > 0, at("segments", n) + ".absolute_minutes", "more than 0");
  }
}

std::set<std::string> check_coded(Checker& c, const std::vector<Coded>& items, const std::string& list) {
  std::set<std::string> codes;
  c.need(!items.empty(), "$." + list, "at least one");
  for (std::size_t n = 0; n < items.size(); ++n) {
    c.code(items[n].code, at(list, n) + ".code");
    c.text(items[n].name, at(list, n) + ".name");
    c.fresh(codes, items[n].code, at(list, n) + ".code");
  }
  return codes;
}

void check_units(Checker& c, const ProfileFile& file) {
  const std::set<std::string> kinds = check_coded(c, file.unit_kinds, "unit_kinds");
  std::set<std::string> before;
  c.need(!file.units.empty(), "$.units", "at least one");
  for (std::size_t n = 0; n < file.units.size(); ++n) {
    const UnitIn& unit = file.units[n];
    c.code(unit.code, at("units", n) + ".code");
    c.text(unit.name, at("units", n) + ".name");
    c.known(kinds, unit.kind, at("units", n) + ".kind", "unit kind");
    if (unit.parent) c.known(before, *unit.parent, at("units", n) + ".parent", "unit before it");
    c.day(unit.from, at("units", n) + ".from");
    c.day(unit.to, at("units", n) + ".to");
    if (unit.from && unit.to && parse_day(*unit.from) && parse_day(*unit.to))
      c.need(*parse_day(*unit.from) <= *parse_day(*unit.to), at("units", n) + ".to", "before its first day");
    c.fresh(before, unit.code, at("units", n) + ".code");
  }
}

void check_roles(Checker& c, const ProfileFile& file, const Vocabulary& vocabulary) {
  const std::set<std::string> scopes = check_coded(c, file.role_scopes, "role_scopes");
  std::map<std::string, std::optional<std::string>> superior;
  std::set<std::string> codes;
  c.need(!file.roles.empty(), "$.roles", "at least one");
  for (std::size_t n = 0; n < file.roles.size(); ++n) {
    c.code(file.roles[n].code, at("roles", n) + ".code");
    c.text(file.roles[n].name, at("roles", n) + ".name");
    c.fresh(codes, file.roles[n].code, at("roles", n) + ".code");
    superior[file.roles[n].code] = file.roles[n].superior;
  }
  for (std::size_t n = 0; n < file.roles.size(); ++n) {
    const Role& role = file.roles[n];
    c.known(scopes, role.scope, at("roles", n) + ".scope", "role scope");
    if (role.superior) c.known(codes, *role.superior, at("roles", n) + ".superior", "role");
    std::optional<std::string> up = role.superior;
    for (std::size_t steps = 0; up && superior.contains(*up); ++steps, up = superior[*up])
      if (steps > file.roles.size()) {
        c.need(false, at("roles", n) + ".superior", "goes round in a circle");
        break;
      }
    std::set<std::string> powers;
    for (std::size_t k = 0; k < role.powers.size(); ++k) {
      const std::string path = at("roles", n) + ".powers[" + std::to_string(k) + "]";
      c.known(vocabulary.powers, role.powers[k], path, "power");
      c.fresh(powers, role.powers[k], path);
    }
  }
  const auto strict = file.two_factor_powers.value_or(std::vector<std::string>{});
  for (std::size_t n = 0; n < strict.size(); ++n) c.known(vocabulary.powers, strict[n], at("two_factor_powers", n), "power");
  for (const std::string& key : vocabulary.permitters) c.need(file.permitters.contains(key), "$.permitters", "'" + key + "' is missing: who permits it here?");
  for (const auto& [key, role] : file.permitters) c.known(codes, role, "$.permitters." + key, "role");
  for (std::size_t n = 0; n < file.appointment_rules.size(); ++n) {
    c.text(file.appointment_rules[n].post, at("appointment_rules", n) + ".post");
    c.known(codes, file.appointment_rules[n].role, at("appointment_rules", n) + ".role", "role");
  }
}

void check_words(Checker& c, const ProfileFile& file) {
  for (const std::string& key : term_keys()) c.need(file.terms.contains(key), "$.terms", "'" + key + "' is missing");
  for (const auto& [key, word] : file.terms) c.text(word, "$.terms." + key);
  std::set<std::string> categories;
  for (std::size_t n = 0; n < file.staff_categories.size(); ++n) {
    c.code(file.staff_categories[n].code, at("staff_categories", n) + ".code");
    c.text(file.staff_categories[n].name, at("staff_categories", n) + ".name");
    c.fresh(categories, file.staff_categories[n].code, at("staff_categories", n) + ".code");
  }
  std::set<std::string> pairs;
  for (std::size_t n = 0; n < file.time_words.size(); ++n) {
    const TimeWord& w = file.time_words[n];
    c.text(w.word, at("time_words", n) + ".word");
    c.text(w.process, at("time_words", n) + ".process");
    c.fresh(pairs, w.word + " / " + w.process, at("time_words", n));
    c.need(!w.minutes || *w.minutes >= 0, at("time_words", n) + ".minutes", "0 or more");
    c.need(w.minutes.has_value() == w.decided_by.has_value() && w.minutes.has_value() == w.decided_on.has_value(), at("time_words", n),
           "a figure stands with who decided it and when, and neither stands alone");
    c.day(w.decided_on, at("time_words", n) + ".decided_on");
  }
}

}  // namespace

const std::vector<std::string>& change_keys() {
  static const std::vector<std::string> keys = {"services", "flows", "endpoints"};
  return keys;
}

const std::vector<std::string>& term_keys() {
  static const std::vector<std::string> keys = {"staff", "unit", "whole_body", "service_desk", "policy", "incident", "contractor", "protected_room"};
  return keys;
}

std::string word_of(const Profile& profile, const std::string& key) {
  const auto it = profile.terms.find(key);
  return it == profile.terms.end() ? key : it->second;
}

Status check(const ProfileFile& file, const Vocabulary& vocabulary) {
  Checker c;
  c.text(file.name, "$.name");
  c.text(file.self_name, "$.self_name");
  c.text(file.kind, "$.kind");
  c.text(file.word_for_security, "$.word_for_security");
  c.need(file.fiscal_year_start >= 1 && file.fiscal_year_start <= 12, "$.fiscal_year_start", "a month, 1 to 12");
  check_levels(c, file.confidentiality, "confidentiality");
  check_levels(c, file.integrity, "integrity");
  check_levels(c, file.availability, "availability");
  if (file.carried_over) {
    check_carried(c, file.carried_over->confidentiality, file.confidentiality, "confidentiality");
    check_carried(c, file.carried_over->integrity, file.integrity, "integrity");
    check_carried(c, file.carried_over->availability, file.availability, "availability");
  }
  check_segments(c, file.segments);
  const std::set<std::string> changes(change_keys().begin(), change_keys().end());
  const auto twice = file.two_person_changes.value_or(std::vector<std::string>{});
  for (std::size_t n = 0; n < twice.size(); ++n) c.known(changes, twice[n], at("two_person_changes", n), "change");
  if (file.elevation && file.elevation->most_minutes) c.need(*file.elevation->most_minutes >= 1 && *file.elevation->most_minutes <= 480, "$.elevation.most_minutes", "1 to 480");
  check_units(c, file);
  check_roles(c, file, vocabulary);
  check_words(c, file);
  return c.outcome();
}

std::uint32_t origins_of(const std::vector<Segment>& segments, std::size_t place) {
  std::uint32_t out = 1u << place;
  for (std::size_t n = 0; n < segments.size(); ++n)
    for (const std::string& code : segments[place].origins)
      if (segments[n].code == code) out |= 1u << n;
  return out;
}

}  // namespace sekisho::bodies
