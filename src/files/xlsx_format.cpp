#include "files/xlsx_format.h"

#include <array>
#include <cmath>
#include <cstdio>
#include <vector>

#include "core/time.h"

namespace sekisho::files {
namespace {

struct Builtin {
  int id;
  std::string_view code;
};
constexpr std::string_view kEraDate = "ggge\"年\"m\"月\"d\"日\"";
constexpr std::array kBuiltins = {
    Builtin{1, "0"},
    Builtin{2, "0.00"},
    Builtin{3, "#,##0"},
    Builtin{4, "#,##0.00"},
    Builtin{9, "0%"},
    Builtin{10, "0.00%"},
    Builtin{14, "yyyy/m/d"},
    Builtin{15, "d-mmm-yy"},
    Builtin{16, "d-mmm"},
    Builtin{17, "mmm-yy"},
    Builtin{18, "h:mm AM/PM"},
    Builtin{19, "h:mm:ss AM/PM"},
    Builtin{20, "h:mm"},
    Builtin{21, "h:mm:ss"},
    Builtin{22, "yyyy/m/d h:mm"},
    Builtin{27, "ge.m.d"},
    Builtin{28, kEraDate},
    Builtin{29, kEraDate},
    Builtin{30, "m/d/yy"},
    Builtin{31, "yyyy\"年\"m\"月\"d\"日\""},
    Builtin{32, "h\"時\"mm\"分\""},
    Builtin{33, "h\"時\"mm\"分\"ss\"秒\""},
    Builtin{34, "yyyy\"年\"m\"月\""},
    Builtin{35, "m\"月\"d\"日\""},
    Builtin{36, "ge.m.d"},
    Builtin{37, "#,##0"},
    Builtin{38, "#,##0"},
    Builtin{39, "#,##0.00"},
    Builtin{40, "#,##0.00"},
    Builtin{45, "mm:ss"},
    Builtin{46, "[h]:mm:ss"},
    Builtin{47, "mm:ss"},
    Builtin{50, "ge.m.d"},
    Builtin{51, kEraDate},
    Builtin{52, "yyyy\"年\"m\"月\""},
    Builtin{53, "m\"月\"d\"日\""},
    Builtin{54, kEraDate},
    Builtin{55, "yyyy\"年\"m\"月\""},
    Builtin{56, "m\"月\"d\"日\""},
    Builtin{57, "ge.m.d"},
    Builtin{58, kEraDate},
};

// A format's first section as letters' runs ("yyyy") and literals.
struct Token {
  bool literal = false;
  std::string text;
};

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
bool is_date_letter(char c) { return std::string_view("ymdhsgea").find(c) != std::string_view::npos; }

// [h] counts on beyond a day; every other bracket is a colour, a condition or a locale.
std::size_t read_bracket(std::string_view code, std::size_t at, std::vector<Token>& out) {
  const std::size_t end = code.find(']', at);
  if (end == std::string_view::npos) return code.size();
  const std::string_view inside = code.substr(at + 1, end - at - 1);
  if (!inside.empty() && inside.find_first_not_of("hH") == std::string_view::npos) out.push_back({false, "[h]"});
  if (!inside.empty() && inside.find_first_not_of("mM") == std::string_view::npos) out.push_back({false, "[m]"});
  return end + 1;
}

std::vector<Token> tokenize(std::string_view code) {
  std::vector<Token> out;
  for (std::size_t i = 0; i < code.size() && code[i] != ';';) {
    const char c = lower(code[i]);
    if (c == '"') {
      const std::size_t end = std::min(code.find('"', i + 1), code.size());
      out.push_back({true, std::string(code.substr(i + 1, end - i - 1))});
      i = end + 1;
    } else if (c == '[') {
      i = read_bracket(code, i, out);
    } else if (c == '\\') {
      if (i + 1 < code.size()) out.push_back({true, std::string(1, code[i + 1])});
      i += 2;
    } else if (c == '_' || c == '*') {
      i += 2;
    } else if (c == '@') {
      ++i;
    } else if (code.substr(i, 5) == "AM/PM" || code.substr(i, 5) == "am/pm") {
      out.push_back({false, "am/pm"});
      i += 5;
    } else if (is_date_letter(c)) {
      std::size_t end = i;
      while (end < code.size() && lower(code[end]) == c) ++end;
      out.push_back({false, std::string(std::min<std::size_t>(end - i, 5), c)});
      i = end;
    } else {
      out.push_back({true, std::string(1, code[i])});
      ++i;
    }
  }
  return out;
}

struct Moment {
  CivilDate date;
  int weekday = 0;  // 0 = Sunday
  int hour = 0;
  int minute = 0;
  int second = 0;
  long long hours_in_all = 0;
};

// Howard Hinnant's days-to-civil, by way of the standard calendar.
Moment moment_of(double serial, bool date1904) {
  const double days = std::floor(serial);
  const auto seconds = static_cast<long long>(std::llround((serial - days) * 86400.0));
  // Serial 60 is a 29 February 1900 that never was; days before it are off by one.
  const long long leap = !date1904 && days < 61 ? 1 : 0;
  const std::chrono::sys_days base =
      date1904 ? std::chrono::sys_days{std::chrono::year{1904} / 1 / 1} : std::chrono::sys_days{std::chrono::year{1899} / 12 / 30};
  const std::chrono::sys_days day = base + std::chrono::days(static_cast<long long>(days) + leap + seconds / 86400);
  const std::chrono::year_month_day ymd{day};
  Moment out;
  out.date = {static_cast<int>(ymd.year()), static_cast<int>(static_cast<unsigned>(ymd.month())),
              static_cast<int>(static_cast<unsigned>(ymd.day()))};
  out.weekday = static_cast<int>(std::chrono::weekday{day}.c_encoding());
  const long long rest = seconds % 86400;
  out.hour = static_cast<int>(rest / 3600);
  out.minute = static_cast<int>(rest / 60 % 60);
  out.second = static_cast<int>(rest % 60);
  out.hours_in_all = static_cast<long long>(days) * 24 + seconds / 3600;
  return out;
}

std::string padded(long long value, std::size_t width) {
  std::string out = std::to_string(value);
  return out.size() < width ? std::string(width - out.size(), '0') + out : out;
}

struct Era {
  std::string name;
  std::string year;
};
// to_wareki gives 令和8年3月30日; the era is what stands before the first digit or 元.
Era era_of(const CivilDate& date) {
  const std::string text = to_wareki(date);
  const std::size_t end = text.find("年");
  const std::size_t first = std::min(text.find_first_of("0123456789"), text.find("元"));
  if (end == std::string::npos || first == std::string::npos || first == 0 || first > end) return {"", std::to_string(date.year)};
  return {text.substr(0, first), text.substr(first, end - first)};
}

std::string short_era(const std::string& name) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 5> kLetters = {
      {{"明治", "M"}, {"大正", "T"}, {"昭和", "S"}, {"平成", "H"}, {"令和", "R"}}};
  for (const auto& [era, letter] : kLetters)
    if (era == name) return std::string(letter);
  return name;
}

// m means minutes behind hours or before seconds.
bool means_minutes(const std::vector<Token>& tokens, std::size_t at) {
  for (std::size_t i = at; i-- > 0;) {
    if (tokens[i].literal) continue;
    if (tokens[i].text[0] == 'h' || tokens[i].text == "[h]") return true;
    break;
  }
  for (std::size_t i = at + 1; i < tokens.size(); ++i) {
    if (tokens[i].literal) continue;
    return tokens[i].text[0] == 's';
  }
  return false;
}

std::string render(const std::vector<Token>& tokens, std::size_t at, const Moment& moment, bool twelve_hours) {
  constexpr std::array<std::string_view, 7> kWeekdays = {"日", "月", "火", "水", "木", "金", "土"};
  constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const std::string& text = tokens[at].text;
  const std::size_t width = text.size();
  if (text == "[h]") return std::to_string(moment.hours_in_all);
  if (text == "[m]") return std::to_string(moment.hours_in_all * 60 + moment.minute);
  if (text == "am/pm") return moment.hour < 12 ? "AM" : "PM";
  switch (text[0]) {
    case 'y':
      return width <= 2 ? padded(moment.date.year % 100, 2) : std::to_string(moment.date.year);
    case 'm':
      if (means_minutes(tokens, at)) return padded(moment.minute, width);
      return width >= 3 ? std::string(kMonths[static_cast<std::size_t>(moment.date.month - 1)]) : padded(moment.date.month, width);
    case 'd':
    case 'a': {
      const bool weekday = text[0] == 'a' || width >= 3;
      if (!weekday) return padded(moment.date.day, width);
      return std::string(kWeekdays[static_cast<std::size_t>(moment.weekday)]) + (width >= 4 ? "曜日" : "");
    }
    case 'h':
      return padded(twelve_hours ? (moment.hour + 11) % 12 + 1 : moment.hour, width);
    case 's':
      return padded(moment.second, width);
    case 'g': {
      const std::string name = era_of(moment.date).name;
      return width >= 3 ? name : width == 2 ? name.substr(0, 3) : short_era(name);
    }
    case 'e':
      return era_of(moment.date).year;
    default:
      return {};
  }
}

std::string general(double value) {
  std::array<char, 40> buffer{};
  std::snprintf(buffer.data(), buffer.size(), "%.15g", value);
  return buffer.data();
}

void group_thousands(std::string& digits) {
  const std::size_t point = std::min(digits.find('.'), digits.size());
  const std::size_t begin = digits.starts_with('-') ? 1 : 0;
  for (std::size_t i = point; i > begin + 3;) digits.insert(i -= 3, 1, ',');
}

}  // namespace

std::string_view builtin_format(int id) {
  for (const Builtin& builtin : kBuiltins)
    if (builtin.id == id) return builtin.code;
  return {};
}

bool is_date_format(std::string_view code) {
  if (code.empty() || code == "General" || code == "@") return false;
  const std::vector<Token> tokens = tokenize(code);
  bool date = false;
  for (const Token& token : tokens) {
    if (token.literal && token.text.find_first_of("0#?") != std::string::npos && token.text.size() == 1 &&
        code.find(".0") == std::string_view::npos)
      return false;
    // "E" of 0.00E+00 and "G" of General are no dates; a lone a or e or g is not either.
    if (!token.literal) date |= std::string_view("ymdhs[").find(token.text[0]) != std::string_view::npos || token.text.size() >= 3;
  }
  return date;
}

std::string format_date(double serial, std::string_view code, bool date1904) {
  if (!(serial >= 0) || serial >= 2'958'466) return general(serial);  // 9999-12-31
  const std::vector<Token> tokens = tokenize(code);
  const Moment moment = moment_of(serial, date1904);
  bool twelve_hours = false;
  for (const Token& token : tokens) twelve_hours |= !token.literal && token.text == "am/pm";
  std::string out;
  for (std::size_t i = 0; i < tokens.size(); ++i) out += tokens[i].literal ? tokens[i].text : render(tokens, i, moment, twelve_hours);
  return out;
}

std::string format_plain_number(double value, std::string_view code) {
  const std::string_view section = code.substr(0, code.find(';'));
  if (section.empty() || section == "General" || section.find_first_of("0#") == std::string_view::npos) return general(value);
  const bool percent = section.find('%') != std::string_view::npos;
  const std::size_t point = section.find('.');
  std::size_t decimals = 0;
  if (point != std::string_view::npos)
    while (point + 1 + decimals < section.size() && (section[point + 1 + decimals] == '0' || section[point + 1 + decimals] == '#'))
      ++decimals;
  if (section.find_first_of("Ee/") != std::string_view::npos || decimals > 15 || std::abs(value) > 1e15) return general(value);
  std::array<char, 64> buffer{};
  std::snprintf(buffer.data(), buffer.size(), "%.*f", static_cast<int>(decimals), percent ? value * 100 : value);
  std::string out = buffer.data();
  if (section.find("#,##") != std::string_view::npos) group_thousands(out);
  // Codes such as "000123": leading zeros belong to the number that people know.
  const std::size_t zeros = section.find_first_not_of('0') == std::string_view::npos ? section.size() : 0;
  if (zeros > out.size() && value >= 0) out.insert(0, std::min<std::size_t>(zeros, 40) - out.size(), '0');
  return percent ? out + "%" : out;
}

}  // namespace sekisho::files
