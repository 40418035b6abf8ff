#include "features/accounts/staff_rows.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "features/accounts/logins.h"
#include "files/csv.h"
#include "files/encoding.h"

namespace sekisho::accounts {
namespace {

constexpr std::size_t kMostRows = 20'000;
constexpr std::size_t kMostName = 200;

enum class Field { number, login, name, unit, roles, category, clearance, from, last_day };
struct Column {
  std::string_view heading;
  Field field;
};
constexpr std::array kColumns = {
    Column{"職員番号", Field::number}, Column{"番号", Field::number},      Column{"number", Field::number},       Column{"利用者ID", Field::login},
    Column{"ログイン名", Field::login}, Column{"login", Field::login},      Column{"氏名", Field::name},           Column{"name", Field::name},
    Column{"所属", Field::unit},       Column{"department", Field::unit},  Column{"役割", Field::roles},          Column{"roles", Field::roles},
    Column{"区分", Field::category},   Column{"category", Field::category}, Column{"機密性", Field::clearance},    Column{"clearance", Field::clearance},
    Column{"発令日", Field::from},     Column{"from", Field::from},        Column{"退職日", Field::last_day},     Column{"last_day", Field::last_day},
};
constexpr std::array kNeeded = {Field::number, Field::login, Field::name, Field::unit};

using Cells = std::map<Field, std::string>;

std::string trimmed(std::string text) {
  constexpr std::string_view kWide = "\u3000";
  const auto front = [&] { return text.starts_with(' ') || text.starts_with('\t') ? 1 : text.starts_with(kWide) ? kWide.size() : 0; };
  const auto back = [&] { return text.ends_with(' ') || text.ends_with('\t') ? 1 : text.ends_with(kWide) ? kWide.size() : 0; };
  while (const std::size_t n = front()) text.erase(0, n);
  while (const std::size_t n = back()) text.erase(text.size() - n);
  return text;
}

struct Problem {
  std::string key;
  std::string reason;
};

const std::string* meaning(const std::map<std::string, std::string>& words, const std::string& text) {
  const auto it = words.find(text);
  return it == words.end() ? nullptr : &it->second;
}

// "a；b": separators that names do not hold. The whole cell may be one name.
std::vector<std::string> parts(const std::string& cell, const std::map<std::string, std::string>& words) {
  if (meaning(words, cell) != nullptr) return {cell};
  std::vector<std::string> out;
  std::string rest = cell;
  for (const std::string_view separator : {"；", "、", "/"})
    for (std::size_t at = rest.find(separator); at != std::string::npos; at = rest.find(separator)) rest.replace(at, separator.size(), ";");
  std::size_t begin = 0;
  while (begin <= rest.size()) {
    const std::size_t end = std::min(rest.find(';', begin), rest.size());
    if (const std::string one = trimmed(rest.substr(begin, end - begin)); !one.empty()) out.push_back(one);
    begin = end + 1;
  }
  return out;
}

std::optional<Problem> take_day(const std::string& text, const std::string& heading, std::optional<CivilDate>& out) {
  if (text.empty()) return std::nullopt;
  const auto day = bodies::parse_day(text);
  if (!day) return Problem{"bodies.date", heading + "「" + text + "」は日付として読めません（2026-04-01 の形で）。"};
  out = *day;
  return std::nullopt;
}

std::optional<Problem> take_words(Cells& cells, const StaffWords& words, StaffRow& row) {
  const auto* unit = meaning(words.units, cells[Field::unit]);
  if (unit == nullptr) return Problem{"accounts.department", "所属「" + cells[Field::unit] + "」はありません。"};
  row.unit = *unit;
  for (const std::string& one : parts(cells[Field::roles], words.roles)) {
    const auto* role = meaning(words.roles, one);
    if (role == nullptr) return Problem{"accounts.role", "役割「" + one + "」はありません。"};
    row.roles.push_back(*role);
  }
  std::sort(row.roles.begin(), row.roles.end());
  row.roles.erase(std::unique(row.roles.begin(), row.roles.end()), row.roles.end());
  if (const std::string& text = cells[Field::category]; !text.empty()) {
    const auto* category = meaning(words.categories, text);
    if (category == nullptr) return Problem{"import.category", "区分「" + text + "」はありません。"};
    row.category = *category;
  }
  if (words.contractors.contains(row.category))
    for (const std::string& role : row.roles)
      if (words.credential_roles.contains(role)) return Problem{"import.contractor", "区分「" + cells[Field::category] + "」の人には、パスワードなどを変えられる役割を与えられません（根拠条項：11(2)ア(ウ)d）。"};
  if (const std::string& text = cells[Field::clearance]; !text.empty()) {
    int rank = 0;
    const auto end = std::from_chars(text.data(), text.data() + text.size(), rank);
    if (end.ec != std::errc() || end.ptr != text.data() + text.size() || rank < 1 || rank > words.levels)
      return Problem{"accounts.clearance", "機密性「" + text + "」は、1から" + std::to_string(words.levels) + "までの数字で書いてください。"};
    row.clearance = rank;
  }
  return std::nullopt;
}

std::optional<Problem> take_row(Cells cells, const StaffWords& words, StaffRow& row) {
  row.number = cells[Field::number];
  row.login = cells[Field::login];
  row.name = cells[Field::name];
  if (row.number.empty() || row.number.size() > 64) return Problem{"import.number", "番号がないか、長すぎます。"};
  if (!good_login(row.login)) return Problem{"accounts.login", "利用者ID「" + row.login + "」は、英小文字・数字・「.」「_」「-」で64文字までです。"};
  if (row.name.empty() || row.name.size() > kMostName) return Problem{"accounts.name", "氏名がないか、長すぎます。"};
  if (auto problem = take_words(cells, words, row)) return problem;
  if (auto problem = take_day(cells[Field::from], "発令日", row.from)) return problem;
  if (auto problem = take_day(cells[Field::last_day], "退職日", row.last_day)) return problem;
  if (row.from && row.last_day && *row.last_day < *row.from) return Problem{"bodies.date", "退職日が発令日より前です。"};
  return std::nullopt;
}

Result<std::vector<std::optional<Field>>> headings(const files::Row& row) {
  std::vector<std::optional<Field>> out;
  std::set<Field> seen;
  for (const std::string& cell : row) {
    const std::string heading = trimmed(cell);
    const auto at = std::find_if(kColumns.begin(), kColumns.end(), [&](const Column& c) { return c.heading == heading; });
    out.push_back(at == kColumns.end() ? std::nullopt : std::optional(at->field));
    if (out.back() && !seen.insert(*out.back()).second) return fail(Code::invalid_argument, "import.columns", "column '" + heading + "' stands twice");
  }
  for (const Field field : kNeeded)
    if (!seen.contains(field)) return fail(Code::invalid_argument, "import.columns", "needed: 職員番号, 利用者ID, 氏名, 所属");
  return out;
}

bool blank(const files::Row& record) {
  return std::all_of(record.begin(), record.end(), [](const std::string& cell) { return trimmed(cell).empty(); });
}

// Line ends of any system become "\n", as the record reader wants them.
std::string with_line_feeds(std::string text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t n = 0; n < text.size(); ++n) {
    if (text[n] != '\r') out.push_back(text[n]);
    else if (n + 1 >= text.size() || text[n + 1] != '\n') out.push_back('\n');
  }
  return out;
}

std::vector<KnownPost> main_at(const KnownPerson& person, Timestamp at) {
  std::vector<KnownPost> out;
  for (const KnownPost& p : person.posts)
    if (p.main && p.from <= at && (!p.to || *p.to > at)) out.push_back(p);
  return out;
}

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& w : words) out += (out.empty() ? "" : ";") + w;
  return out;
}

class Planner {
 public:
  Planner(const std::vector<KnownPerson>& known, const PlanOptions& options) : options_(options) {
    for (const KnownPerson& p : known) {
      if (!p.number.empty()) by_number_[p.number] = &p;
      by_login_[p.login] = &p;
    }
  }

  void take(const StaffRow& row) {
    if (!numbers_.insert(row.number).second) return refuse(row, "import.twice", "番号「" + row.number + "」が二度あります。");
    if (!logins_.insert(row.login).second) return refuse(row, "import.twice", "利用者ID「" + row.login + "」が二度あります。");
    const KnownPerson* person = find(row);
    const auto owner = by_login_.find(row.login);
    if (owner != by_login_.end() && owner->second != person) return refuse(row, "accounts.login_taken", "利用者ID「" + row.login + "」は、ほかの人が使っています。");
    if ((person == nullptr || person->login != row.login) && default_login(row.login))
      return refuse(row, "accounts.default_login", "利用者ID「" + row.login + "」は、だれもが最初に試す名前なので使えません（根拠条項：11(2)ア(ウ)f）。");
    Planned planned;
    planned.row = row;
    planned.shown.line = row.line;
    planned.shown.number = row.number;
    planned.shown.name = row.name;
    bool worth = person == nullptr ? join(row, planned) : change(*person, row, planned);
    if (person != nullptr && row.last_day && posts_until(*person, *row.last_day)) {
      leave(*person, *row.last_day, planned);
      worth = true;
    }
    if (!worth) {
      ++plan.same;
      return;
    }
    if (!planned.person.empty() && planned.person == options_.importer && planned.shown.kind != StaffChange::changes)
      return refuse(row, "appointments.self", "自分の任命は、自分では変えられません。");
    plan.changes.push_back(std::move(planned));
  }

  void missing(const KnownPerson& person) {
    if (person.number.empty() || numbers_.contains(person.number) || person.id == options_.importer) return;
    Planned planned;
    planned.shown.number = person.number;
    planned.shown.name = person.name;
    planned.row.number = person.number;
    const CivilDate last = jst_date({bodies::begin_of(options_.day).micros - 1});
    if (!posts_until(person, last)) return;
    leave(person, last, planned);
    plan.changes.push_back(std::move(planned));
  }

  StaffPlan plan;

 private:
  void refuse(const StaffRow& row, std::string key, std::string reason) { plan.refused.push_back({row.line, std::move(key), std::move(reason)}); }

  // By number; else by login where the account has no number yet (it was made by hand).
  const KnownPerson* find(const StaffRow& row) const {
    if (const auto it = by_number_.find(row.number); it != by_number_.end()) return it->second;
    const auto it = by_login_.find(row.login);
    return it != by_login_.end() && it->second->number.empty() ? it->second : nullptr;
  }

  // Does anything hold after that day?
  bool posts_until(const KnownPerson& person, const CivilDate& last) const {
    const Timestamp end = std::max(bodies::end_of(last), options_.now);
    return std::any_of(person.posts.begin(), person.posts.end(), [&](const KnownPost& p) { return !p.to || *p.to > end; });
  }

  bool join(const StaffRow& row, Planned& out) const {
    // Who has left before the list was written never comes in.
    if (row.last_day && bodies::end_of(*row.last_day) <= options_.now) return false;
    const CivilDate day = row.from.value_or(options_.day);
    out.shown.kind = StaffChange::joins;
    out.shown.day = bodies::to_iso_day(day);
    out.at = bodies::begin_of(day);
    out.shown.differences = {{"department", "", row.unit}, {"roles", "", joined(row.roles)}};
    out.posted = true;
    if (row.last_day) out.end = bodies::end_of(*row.last_day);
    return true;
  }

  void leave(const KnownPerson& person, const CivilDate& last, Planned& out) const {
    out.person = person.id;
    out.shown.kind = StaffChange::leaves;
    out.shown.day = bodies::to_iso_day(last);
    out.end = std::max(bodies::end_of(last), options_.now);
  }

  bool change(const KnownPerson& person, const StaffRow& row, Planned& out) const {
    out.person = person.id;
    auto& differences = out.shown.differences;
    const auto compare = [&](const char* field, const std::string& before, const std::string& after) {
      if (before != after) differences.push_back({field, before, after});
    };
    compare("name", person.name, row.name);
    compare("login", person.login, row.login);
    compare("number", person.number, row.number);
    if (!row.category.empty()) compare("category", person.category, row.category);
    if (row.clearance) compare("clearance", std::to_string(person.clearance), std::to_string(*row.clearance));
    const CivilDate day = row.from.value_or(options_.day);
    out.at = std::max(bodies::begin_of(day), options_.now);
    out.shown.day = bodies::to_iso_day(day);
    out.shown.kind = StaffChange::changes;
    // Who left stays away until a list names a post again that begins later.
    if (row.last_day && bodies::end_of(*row.last_day) <= options_.now) return !differences.empty();
    const auto posts = main_at(person, out.at);
    std::set<std::string> units;
    std::set<std::string> roles;
    for (const KnownPost& p : posts) {
      units.insert(p.unit);
      if (p.role) roles.insert(*p.role);
    }
    const std::size_t before = differences.size();
    compare("department", joined({units.begin(), units.end()}), row.unit);
    compare("roles", joined({roles.begin(), roles.end()}), joined(row.roles));
    out.posted = differences.size() > before;
    if (out.posted) out.shown.kind = posts.empty() ? StaffChange::returns : StaffChange::moves;
    return !differences.empty();
  }

  const PlanOptions& options_;
  std::map<std::string, const KnownPerson*> by_number_;
  std::map<std::string, const KnownPerson*> by_login_;
  std::set<std::string> numbers_;
  std::set<std::string> logins_;
};

}  // namespace

Result<StaffFile> read_staff(std::string_view bytes, const std::string& encoding, const StaffWords& words) {
  StaffFile out;
  files::Guess guess;
  if (encoding.empty()) {
    auto detected = files::detect_encoding(bytes);
    if (!detected) return fail(Code::invalid_argument, "import.encoding", "no encoding fits");
    guess = *detected;
  } else {
    SK_TRY(guess.encoding, files::encoding_from_name(encoding));
  }
  out.encoding = files::encoding_name(guess.encoding);
  out.encoding_certain = guess.certain;
  auto decoded = files::decode_strict(bytes, guess.encoding);
  if (!decoded) return fail(Code::invalid_argument, "import.encoding", "not " + out.encoding);
  const std::string text = with_line_feeds(std::move(*decoded));
  std::string_view rest = text;
  const std::string_view first = rest.substr(0, rest.find('\n'));
  const char delimiter = first.find(',') == std::string_view::npos && first.find('\t') != std::string_view::npos ? '\t' : ',';
  int line = 1;
  const auto take = [&] {
    const std::string_view before = rest;
    files::Row record = files::take_record(rest, delimiter);
    const std::string_view taken = before.substr(0, before.size() - rest.size());
    line += static_cast<int>(std::count(taken.begin(), taken.end(), '\n'));
    return record;
  };
  SK_TRY(const auto fields, headings(take()));
  while (!rest.empty()) {
    StaffRow row;
    row.line = line;
    const files::Row record = take();
    if (blank(record)) continue;
    if (out.rows.size() + out.refused.size() >= kMostRows) return fail(Code::too_large, "import.too_many", "more than 20000 rows");
    if (record.size() > fields.size()) {
      out.refused.push_back({row.line, "import.cells", "列の数が見出しより多くなっています。"});
      continue;
    }
    Cells cells;
    for (std::size_t n = 0; n < record.size(); ++n)
      if (fields[n]) cells[*fields[n]] = trimmed(record[n]);
    if (auto problem = take_row(std::move(cells), words, row)) out.refused.push_back({row.line, problem->key, problem->reason});
    else out.rows.push_back(std::move(row));
  }
  if (out.rows.empty() && out.refused.empty()) return fail(Code::invalid_argument, "import.empty", "no rows");
  return out;
}

StaffPlan plan_staff(const StaffFile& file, const std::vector<KnownPerson>& known, const PlanOptions& options) {
  Planner planner(known, options);
  for (const StaffRow& row : file.rows) planner.take(row);
  if (options.complete && file.refused.empty() && planner.plan.refused.empty())
    for (const KnownPerson& person : known) planner.missing(person);
  planner.plan.refused.insert(planner.plan.refused.begin(), file.refused.begin(), file.refused.end());
  std::stable_sort(planner.plan.refused.begin(), planner.plan.refused.end(), [](const Refusal& a, const Refusal& b) { return a.line < b.line; });
  return std::move(planner.plan);
}

}  // namespace sekisho::accounts
