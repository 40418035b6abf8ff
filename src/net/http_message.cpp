#include "net/http_message.h"

#include <algorithm>
#include <array>

#include "net/cookies.h"

namespace sekisho::net {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

struct Reason {
  int status;
  std::string_view text;
};
constexpr std::array kReasons = {
    Reason{100, "Continue"},
    Reason{200, "OK"},
    Reason{201, "Created"},
    Reason{202, "Accepted"},
    Reason{204, "No Content"},
    Reason{206, "Partial Content"},
    Reason{302, "Found"},
    Reason{303, "See Other"},
    Reason{304, "Not Modified"},
    Reason{400, "Bad Request"},
    Reason{401, "Unauthorized"},
    Reason{403, "Forbidden"},
    Reason{404, "Not Found"},
    Reason{405, "Method Not Allowed"},
    Reason{406, "Not Acceptable"},
    Reason{408, "Request Timeout"},
    Reason{409, "Conflict"},
    Reason{411, "Length Required"},
    Reason{412, "Precondition Failed"},
    Reason{413, "Content Too Large"},
    Reason{414, "URI Too Long"},
    Reason{415, "Unsupported Media Type"},
    Reason{417, "Expectation Failed"},
    Reason{422, "Unprocessable Content"},
    Reason{429, "Too Many Requests"},
    Reason{431, "Request Header Fields Too Large"},
    Reason{499, "Client Closed Request"},
    Reason{500, "Internal Server Error"},
    Reason{501, "Not Implemented"},
    Reason{502, "Bad Gateway"},
    Reason{503, "Service Unavailable"},
    Reason{504, "Gateway Timeout"},
    Reason{505, "HTTP Version Not Supported"},
    Reason{507, "Insufficient Storage"},
};

}  // namespace

bool iequals(std::string_view a, std::string_view b) {
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return lower(x) == lower(y); });
}

std::string_view Headers::get(std::string_view name) const {
  for (const Field& f : fields_)
    if (iequals(f.name, name)) return f.value;
  return {};
}

bool Headers::has(std::string_view name) const { return count(name) != 0; }

std::size_t Headers::count(std::string_view name) const {
  return static_cast<std::size_t>(std::count_if(fields_.begin(), fields_.end(), [&](const Field& f) { return iequals(f.name, name); }));
}

bool Headers::lists(std::string_view name, std::string_view element) const {
  for (const Field& f : fields_) {
    if (!iequals(f.name, name)) continue;
    std::string_view rest = f.value;
    while (!rest.empty()) {
      const std::size_t end = std::min(rest.find(','), rest.size());
      const std::string_view item = rest.substr(0, end);
      rest.remove_prefix(std::min(end + 1, rest.size()));
      const std::size_t semicolon = std::min(item.find(';'), item.size());
      if (!iequals(trim(item.substr(0, semicolon)), element)) continue;
      const std::string_view quality = trim(item.substr(std::min(semicolon + 1, item.size())));
      const bool refused =
          quality.size() >= 3 && iequals(quality.substr(0, 3), "q=0") && quality.find_first_not_of("0.", 2) == std::string_view::npos;
      if (!refused) return true;
    }
  }
  return false;
}

void Headers::set(std::string_view name, std::string value) {
  std::erase_if(fields_, [&](const Field& f) { return iequals(f.name, name); });
  fields_.push_back({std::string(name), std::move(value)});
}

std::string_view Request::query_value(std::string_view name) const {
  for (const auto& [key, value] : query)
    if (key == name) return value;
  return {};
}

std::string_view Request::cookie(std::string_view name) const {
  if (headers.count("Cookie") != 1) return {};
  return find_cookie(headers.get("Cookie"), name).value_or(std::string_view());
}

Response Response::text(int status, std::string_view type, std::string body) {
  Response out;
  out.status = status;
  out.headers.add("Content-Type", std::string(type));
  out.body = std::move(body);
  return out;
}

Response Response::json(int status, std::string body) { return text(status, "application/json", std::move(body)); }

std::string_view reason_phrase(int status) {
  for (const Reason& r : kReasons)
    if (r.status == status) return r.text;
  return "Status";
}

bool valid_field(std::string_view name, std::string_view value) {
  constexpr std::string_view kSeparators = "()<>@,;:\\\"/[]?={} \t";
  const auto token = [&](char c) { return c > 0x20 && c < 0x7F && kSeparators.find(c) == std::string_view::npos; };
  const auto forbidden = [](char c) { return c == '\r' || c == '\n' || c == '\0'; };
  return !name.empty() && std::all_of(name.begin(), name.end(), token) && std::none_of(value.begin(), value.end(), forbidden);
}

}  // namespace sekisho::net
