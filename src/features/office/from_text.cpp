#include "features/office/from_text.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "features/bodies/dates.h"
#include "text/normalise.h"

namespace sekisho::office {
namespace {

Unexpected wrong(std::string why) { return fail(Code::invalid_argument, "office.cell", std::move(why)); }

std::string trimmed(std::string_view text) {
  static constexpr std::string_view kBlank = " \t\r\n";
  const std::size_t begin = text.find_first_not_of(kBlank);
  return begin == std::string_view::npos ? std::string() : std::string(text.substr(begin, text.find_last_not_of(kBlank) - begin + 1));
}

// Full width, case and the like are no difference.
std::string same(std::string_view text) { return trimmed(text::normalise(text)); }

// The number at the front of `text`, taken off; -1: none.
int take_number(std::string_view& text) {
  int out = -1;
  const auto read = std::from_chars(text.data(), text.data() + std::min<std::size_t>(text.size(), 6), out);
  if (read.ec != std::errc() || out < 0) return -1;
  text.remove_prefix(static_cast<std::size_t>(read.ptr - text.data()));
  return out;
}

bool take(std::string_view& text, std::initializer_list<std::string_view> any) {
  for (const std::string_view one : any)
    if (text.starts_with(one)) {
      text.remove_prefix(one.size());
      return true;
    }
  return false;
}

// The year at the front: of an era, or western.
int take_year(std::string_view& text) {
  static constexpr std::array<std::array<std::string_view, 3>, 5> kEras = {{{"令和", "r", "令"}, {"平成", "h", "平"}, {"昭和", "s", "昭"}, {"大正", "t", "大"}, {"明治", "m", "明"}}};
  for (const auto& era : kEras)
    if (take(text, {era[0], era[1], era[2]})) {
      take(text, {".", " "});
      const int year = take(text, {"元"}) ? 1 : take_number(text);
      const auto western = western_year(era[0], year);
      return western ? *western : -1;
    }
  const int year = take_number(text);
  return year >= 1000 ? year : -1;
}

std::vector<std::string> parts_of(const std::string& text) {
  std::vector<std::string> out;
  std::string rest = text;
  for (const std::string_view mark : {"、", "，", ",", ";", "；", "\n"})
    for (std::size_t at = rest.find(mark); at != std::string::npos; at = rest.find(mark, at)) rest.replace(at, mark.size(), std::string(1, '\0'));
  for (std::size_t at = 0; at <= rest.size();) {
    const std::size_t end = std::min(rest.find('\0', at), rest.size());
    const std::string part = trimmed(std::string_view(rest).substr(at, end - at));
    if (!part.empty()) out.push_back(part);
    at = end + 1;
  }
  return out;
}

Result<json::Value> yes_no(const std::string& text) {
  static constexpr std::array<std::string_view, 13> kYes = {"はい", "有", "あり", "有り", "○", "〇", "◯", "済", "済み", "1", "true", "yes", "y"};
  static constexpr std::array<std::string_view, 13> kNo = {"いいえ", "無", "なし", "無し", "×", "✕", "未", "未済", "0", "false", "no", "n", "-"};
  const std::string s = same(text);
  const auto among = [&](const auto& words) { return std::any_of(words.begin(), words.end(), [&](std::string_view w) { return same(w) == s; }); };
  if (among(kYes)) return json::Value(true);
  if (among(kNo)) return json::Value(false);
  return wrong("「はい」か「いいえ」ではありません");
}

Result<json::Value> number(const workflow::Field& field, const std::string& text) {
  std::string s = same(text);
  if (field.unit && s.ends_with(same(*field.unit))) s = trimmed(s.substr(0, s.size() - same(*field.unit).size()));
  s.erase(std::remove(s.begin(), s.end(), ','), s.end());
  double out = 0;
  const auto read = std::from_chars(s.data(), s.data() + s.size(), out);
  if (s.empty() || read.ec != std::errc() || read.ptr != s.data() + s.size()) return wrong("数ではありません");
  return json::Value(out);
}

Result<json::Value> choice(const workflow::Field& field, const std::string& text) {
  const std::string s = same(text);
  std::string all;
  for (const workflow::Choice& c : field.choices.value_or(std::vector<workflow::Choice>{})) {
    if (c.key == text || same(c.title) == s) return json::Value(std::string_view(c.key));
    all += (all.empty() ? "" : "、") + c.title;
  }
  return wrong("選べるのは次のどれかです: " + all);
}

// "令和8年4月1日 9:05" and the like: the day and what stands after it.
std::optional<CivilDate> take_day(std::string_view& rest) {
  const int year = take_year(rest);
  if (year < 0 || !take(rest, {"年", "/", "-", "."})) return std::nullopt;
  const int month = take_number(rest);
  if (month < 1 || month > 12 || !take(rest, {"月", "/", "-", "."})) return std::nullopt;
  const int day = take_number(rest);
  if (day < 1 || day > workflow::days_in_month(year, month)) return std::nullopt;
  take(rest, {"日"});
  return CivilDate{year, month, day};
}

Result<json::Value> datetime(const std::string& text) {
  const std::string s = same(text);
  std::string_view rest = s;
  const auto day = take_day(rest);
  if (!day) return wrong("日時ではありません（例: 2026-04-01 09:30）");
  take(rest, {" ", "t"});
  int hour = 0, minute = 0;
  if (!rest.empty()) {
    hour = take_number(rest);
    if (!take(rest, {":", "時"})) return wrong("日時ではありません（例: 2026-04-01 09:30）");
    if (!rest.empty()) minute = take_number(rest);
    take(rest, {"分"});
    if (take(rest, {":"})) take_number(rest);  // seconds are not kept
  }
  if (!rest.empty() || hour < 0 || hour > 23 || minute < 0 || minute > 59) return wrong("日時ではありません（例: 2026-04-01 09:30）");
  return json::Value(to_rfc3339({bodies::begin_of(*day).micros + (hour * 60LL + minute) * 60'000'000}));
}

}  // namespace

std::optional<CivilDate> day_from_text(std::string_view text) {
  const std::string s = same(text);
  std::string_view rest = s;
  const auto day = take_day(rest);
  // A spreadsheet's day may come with midnight.
  take(rest, {" 00:00:00", " 0:00:00", " 0:00", "t00:00:00"});
  return rest.empty() ? day : std::nullopt;
}

bool FromText::takes(const workflow::Field& f) { return !f.derive && f.type != "attachment" && f.type != "checklist" && f.type != "table"; }

Result<json::Value> FromText::person(const std::string& text) {
  SK_TRY(const auto login, office_.directory().find(context_.tx, text));
  if (login) return json::Value(std::string_view(*login));
  if (!people_read_) {
    people_read_ = true;
    SK_TRY(const auto appointments, bodies::Table::appointments_open(context_.tx, context_.now));
    std::set<std::string> seen;
    for (const bodies::Appointment& a : appointments) {
      if (!a.in_force(context_.now) || !seen.insert(a.person_id.str()).second) continue;
      SK_TRY(const auto who, office_.directory().standing(context_.tx, a.person_id.str(), context_.now));
      if (who) people_by_name_[same(who->name)].push_back(a.person_id.str());
    }
  }
  // Names are written with and without a space between.
  std::string wanted = same(text);
  auto found = people_by_name_.find(wanted);
  for (auto it = people_by_name_.begin(); found == people_by_name_.end() && it != people_by_name_.end(); ++it) {
    const auto joined = [](std::string s) {
      s.erase(std::remove(s.begin(), s.end(), ' '), s.end());
      return s;
    };
    if (joined(it->first) == joined(wanted)) found = it;
  }
  if (found == people_by_name_.end()) return wrong("この名前やログイン名の職員はいません");
  if (found->second.size() > 1) return wrong("同じ名前の職員が" + std::to_string(found->second.size()) + "人います。ログイン名で書いてください");
  return json::Value(std::string_view(found->second.front()));
}

Result<json::Value> FromText::department(const std::string& text) {
  if (!units_) {
    SK_TRY(units_, bodies::Table::unit_rows(context_.tx));
  }
  const std::string s = same(text);
  std::vector<std::string> found;
  for (const bodies::UnitRow& u : *units_)
    if (u.in_force(context_.now) && (same(u.name) == s || same(u.code) == s || u.id.str() == text)) found.push_back(u.id.str());
  if (found.empty()) return wrong("この名前やコードの部署はありません");
  if (found.size() > 1) return wrong("同じ名前の部署が" + std::to_string(found.size()) + "つあります。コードで書いてください");
  return json::Value(std::string_view(found.front()));
}

Result<json::Value> FromText::reference(const workflow::Field& field, const std::string& text) {
  const std::string of = field.of.value_or("");
  SK_TRY(const auto found, CaseTable::by_number(context_.tx, of, text));
  if (!found) return wrong("この番号の案件はありません");
  return json::Value(std::string_view(found->str()));
}

Result<json::Value> FromText::ranks(const std::string& axis, const std::string& text) {
  if (!profile_) {
    SK_TRY(auto named, bodies::Table::profile(context_.tx));
    profile_ = std::move(named.profile);
  }
  json::Object out;
  std::vector<std::string> parts;
  std::string rest = text;
  for (std::size_t at = rest.find("・"); at != std::string::npos; at = rest.find("・", at)) rest.replace(at, std::string_view("・").size(), "、");
  for (const std::string& part : parts_of(rest)) {
    const std::string s = same(part);
    bool known = false;
    for (const auto& [name, levels] : {std::pair("c", &profile_->confidentiality), std::pair("i", &profile_->integrity), std::pair("a", &profile_->availability)}) {
      if (!axis.empty() && axis != name) continue;
      static constexpr std::array<std::string_view, 4> kRoman = {"i", "ii", "iii", "iv"};
      for (std::size_t rank = 0; rank < levels->size() && !known; ++rank) {
        const bool counted = !axis.empty() && (s == std::to_string(rank + 1) || (rank < kRoman.size() && s == kRoman[rank]));
        if (!counted && same((*levels)[rank].name) != s) continue;
        out[name] = static_cast<std::int64_t>(rank + 1);
        known = true;
      }
    }
    if (!known) return wrong("この団体の分類の段ではありません");
  }
  return json::Value(std::move(out));
}

Result<json::Value> FromText::one(const workflow::Field& field, const std::string& type, const std::string& text) {
  if (type == "choice") return choice(field, text);
  if (type == "person") return person(text);
  if (type == "department") return department(text);
  if (type == "reference") return reference(field, text);
  if (type == "yes_no") return yes_no(text);
  if (type == "number") return number(field, text);
  if (type == "datetime") return datetime(text);
  if (type == "date") {
    const auto day = day_from_text(text);
    if (!day) return wrong("日付ではありません（例: 2026-04-01、令和8年4月1日）");
    return json::Value(bodies::to_iso_day(*day));
  }
  return json::Value(std::string_view(text));
}

Result<json::Value> FromText::value(const workflow::Field& field, const std::string& axis, std::string_view cell) {
  const std::string text = trimmed(cell);
  if (text.empty()) return json::Value(nullptr);
  if (field.type == "class") return ranks(axis, text);
  static constexpr std::array<std::array<std::string_view, 2>, 4> kSeveral = {{{"choices", "choice"}, {"people", "person"}, {"departments", "department"}, {"references", "reference"}}};
  for (const auto& [many, type] : kSeveral)
    if (field.type == many) {
      json::Array out;
      for (const std::string& part : parts_of(text)) {
        SK_TRY(json::Value item, one(field, std::string(type), part));
        out.push_back(std::move(item));
      }
      return json::Value(std::move(out));
    }
  return one(field, field.type, text);
}

}  // namespace sekisho::office
