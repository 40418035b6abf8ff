#include "json/json.h"

#include <array>
#include <boost/json/parser.hpp>
#include <boost/json/serialize.hpp>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdio>

#include "json/deep.h"

namespace sekisho::json {
namespace {

constexpr std::size_t kMaxDepth = 32;

// Boost.JSON keeps the last of two members with one name; a reader that is to be trusted must refuse them. The count of colons outside
// strings is the count of members that were written.
std::size_t members_written(std::string_view text) {
  std::size_t count = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (in_string) {
      if (text[i] == '\\') ++i;
      else if (text[i] == '"') in_string = false;
    } else if (text[i] == '"') {
      in_string = true;
    } else if (text[i] == ':') {
      ++count;
    }
  }
  return count;
}

std::size_t members_kept(const Value& value) {
  std::size_t count = 0;
  if (value.is_object()) {
    count += value.get_object().size();
    for (const auto& member : value.get_object()) count += members_kept(member.value());
  } else if (value.is_array()) {
    for (const Value& item : value.get_array()) count += members_kept(item);
  }
  return count;
}

// UTF-8 sorts by code point; RFC 8785 sorts by UTF-16 code unit. They differ only between U+E000..U+FFFF and the supplementary planes.
bool less_utf16(std::string_view a, std::string_view b) {
  const auto rank = [](unsigned char c) { return c >= 0xF0 ? 0xED80u + c : c >= 0xEE ? 0x1EE00u + c : static_cast<unsigned>(c) << 8; };
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
    if (a[i] != b[i]) return rank(static_cast<unsigned char>(a[i])) < rank(static_cast<unsigned char>(b[i]));
  }
  return a.size() < b.size();
}

std::string number_text(double v) {
  if (v == 0) return "0";
  std::array<char, 64> buffer;
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), v, std::chars_format::scientific).ptr;
  std::string_view text(buffer.data(), static_cast<std::size_t>(end - buffer.data()));
  std::string sign;
  if (text.front() == '-') {
    sign = "-";
    text.remove_prefix(1);
  }
  const std::size_t e = text.find('e');
  std::string digits(text.substr(0, e));
  if (const std::size_t dot = digits.find('.'); dot != std::string::npos) digits.erase(dot, 1);
  const int exponent = std::atoi(std::string(text.substr(e + 1)).c_str());
  const int k = static_cast<int>(digits.size());
  const int n = exponent + 1;  // ECMAScript's n: the position of the decimal point
  if (k <= n && n <= 21) return sign + digits + std::string(static_cast<std::size_t>(n - k), '0');
  if (0 < n && n <= 21) return sign + digits.substr(0, static_cast<std::size_t>(n)) + "." + digits.substr(static_cast<std::size_t>(n));
  if (-6 < n && n <= 0) return sign + "0." + std::string(static_cast<std::size_t>(-n), '0') + digits;
  const std::string power = (n > 0 ? "e+" : "e-") + std::to_string(std::abs(n - 1));
  return sign + digits.substr(0, 1) + (k > 1 ? "." + digits.substr(1) : "") + power;
}

void write_canonical(const Value& value, std::string& out) {
  switch (value.kind()) {
    case boost::json::kind::object: {
      std::vector<const boost::json::key_value_pair*> members;
      for (const auto& member : value.get_object()) members.push_back(&member);
      std::sort(members.begin(), members.end(), [](auto* a, auto* b) { return less_utf16(a->key(), b->key()); });
      out += '{';
      for (std::size_t i = 0; i < members.size(); ++i) {
        if (i != 0) out += ',';
        out += boost::json::serialize(members[i]->key());
        out += ':';
        write_canonical(members[i]->value(), out);
      }
      out += '}';
      return;
    }
    case boost::json::kind::array: {
      out += '[';
      bool first = true;
      for (const Value& item : value.get_array()) {
        if (!first) out += ',';
        first = false;
        write_canonical(item, out);
      }
      out += ']';
      return;
    }
    case boost::json::kind::double_: out += number_text(value.get_double()); return;
    default: out += boost::json::serialize(value); return;
  }
}

}  // namespace

Result<Value> parse(std::string_view text) { return parse_to_depth(text, kMaxDepth); }

Result<Value> parse_to_depth(std::string_view text, std::size_t depth) {
  boost::json::parse_options options;
  options.max_depth = depth;
  boost::json::parser parser({}, options);
  boost::system::error_code error;
  try {
    parser.write(text, error);
    if (error) return fail(Code::invalid_argument, "json.syntax", error.message());
    Value value = parser.release();
    if (members_kept(value) != members_written(text)) return fail(Code::invalid_argument, "json.duplicate_member", "a member occurs twice");
    return value;
  } catch (const std::exception& e) {
    return fail(Code::invalid_argument, "json.syntax", e.what());
  }
}

std::string serialise(const Value& value) { return boost::json::serialize(value); }

std::string canonical(const Value& value) {
  std::string out;
  write_canonical(value, out);
  return out;
}

Unexpected wrong(const std::string& path, std::string_view expected) {
  return fail(Code::invalid_argument, "json.shape", path + ": expected " + std::string(expected));
}

Result<Timestamp> parse_rfc3339(std::string_view text) {
  int y = 0, mo = 0, d = 0, h = 0, mi = 0, s = 0, consumed = 0;
  const std::string copy(text);
  if (std::sscanf(copy.c_str(), "%4d-%2d-%2dT%2d:%2d:%2d%n", &y, &mo, &d, &h, &mi, &s, &consumed) != 6 || consumed != 19)
    return fail(Code::invalid_argument, "date.format", "not RFC 3339");
  std::int64_t micros = 0;
  std::size_t i = 19;
  if (i < copy.size() && copy[i] == '.') {
    std::int64_t unit = 100'000;
    for (++i; i < copy.size() && copy[i] >= '0' && copy[i] <= '9'; ++i, unit /= 10) micros += (copy[i] - '0') * unit;
  }
  std::int64_t offset_minutes = 0;
  const std::string zone = copy.substr(i);
  if (zone != "Z") {
    int zh = 0, zm = 0;
    char sign = 0;
    if (zone.size() != 6 || std::sscanf(zone.c_str(), "%c%2d:%2d", &sign, &zh, &zm) != 3 || (sign != '+' && sign != '-'))
      return fail(Code::invalid_argument, "date.format", "no time zone");
    offset_minutes = (zh * 60 + zm) * (sign == '+' ? 1 : -1);
  }
  const std::chrono::year_month_day date{std::chrono::year{y}, std::chrono::month{static_cast<unsigned>(mo)}, std::chrono::day{static_cast<unsigned>(d)}};
  if (!date.ok() || h > 23 || mi > 59 || s > 59) return fail(Code::invalid_argument, "date.format", "no such time");
  const auto days = std::chrono::sys_days(date).time_since_epoch().count();
  const std::int64_t seconds = days * 86'400LL + h * 3600 + mi * 60 + s - offset_minutes * 60;
  return Timestamp{seconds * 1'000'000 + micros};
}

}  // namespace sekisho::json
