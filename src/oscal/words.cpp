#include "oscal/words.h"

#include "crypto/uuid.h"
#include "text/utf8.h"

namespace sekisho::oscal {
namespace {

// Drawn once at random; uuids of exports follow from it.
constexpr std::string_view kSpace = "\x8f\x1c\x52\x0a\x6d\x3e\x4b\x97\xa4\x21\x5e\xc7\x09\xd3\xb8\x66";

bool is_punctuation(char c) { return (c >= '!' && c <= '/') || (c >= ':' && c <= '@') || (c >= '[' && c <= '`') || (c >= '{' && c <= '~'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// Where "1." or "1)" at the beginning of a line would open a list: the place of its mark.
std::size_t list_mark(std::string_view text, std::size_t line) {
  std::size_t at = line;
  while (at < text.size() && is_digit(text[at])) ++at;
  return at > line && at < text.size() && (text[at] == '.' || text[at] == ')') ? at : std::string_view::npos;
}

bool is_space(char32_t c) {
  return c <= 0x20 || (c >= 0x7F && c <= 0xA0) || c == 0x1680 || (c >= 0x2000 && c <= 0x200B) || c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000 || c == 0xFEFF;
}

std::optional<std::string> percent_decoded(std::string_view text) {
  const auto value = [](char c) { return is_digit(c) ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1; };
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    if (i + 2 >= text.size() || value(text[i + 1]) < 0 || value(text[i + 2]) < 0) return std::nullopt;
    out += static_cast<char>(value(text[i + 1]) * 16 + value(text[i + 2]));
    i += 2;
  }
  return text::is_valid_utf8(out) ? std::optional(out) : std::nullopt;
}

}  // namespace

std::string uuid_of(std::string_view name) { return crypto::uuid_v5(kSpace, name); }

bool is_plain_string(std::string_view text) {
  char32_t last = U' ';
  for (std::size_t at = 0; at < text.size();) {
    const bool first = at == 0;
    last = text::decode_utf8(text, at);
    if (first && is_space(last)) return false;
    if (last < 0x20 || (last >= 0x7F && last < 0xA0) || last == 0x2028 || last == 0x2029) return false;
  }
  return !is_space(last);
}

std::string marked(std::string_view text) {
  constexpr std::string_view kAlways = "\\`*_{}[]<>~^|#&";
  std::string out;
  std::size_t list = list_mark(text, 0);
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\n') {
      out += "\n\n";
      list = list_mark(text, i + 1);
      continue;
    }
    const bool begins_line = i == 0 || text[i - 1] == '\n';
    if (kAlways.find(c) != std::string_view::npos || i == list || (begins_line && (c == '-' || c == '+' || c == '='))) out += '\\';
    out += c;
  }
  return out;
}

std::string unmarked(std::string_view markup) {
  std::string out;
  for (std::size_t i = 0; i < markup.size(); ++i) {
    if (markup[i] == '\\' && i + 1 < markup.size() && is_punctuation(markup[i + 1])) ++i;
    else if (markup[i] == '\n' && i + 1 < markup.size() && markup[i + 1] == '\n') ++i;
    out += markup[i];
  }
  return out;
}

std::string marked_line(std::string_view text) {
  std::string line(text);
  for (char& c : line)
    if (static_cast<unsigned char>(c) < 0x20) c = ' ';
  return marked(line);
}

void add_prop(json::Array& props, std::string_view name, std::string_view value, std::string_view space) {
  props.push_back(json::Object{{"name", name}, {"ns", space}, {"value", value}});
}

void add_text_prop(json::Array& props, std::string_view name, std::string_view text) {
  if (text.empty()) return;
  if (is_plain_string(text)) return add_prop(props, name, text);
  props.push_back(json::Object{{"name", name}, {"ns", kNamespace}, {"value", percent_encoded(text)}, {"class", "percent"}});
}

std::optional<std::string> prop_text(std::string_view value, std::string_view property_class) {
  return property_class == "percent" ? percent_decoded(value) : std::optional(std::string(value));
}

bool is_token(std::string_view text) {
  if (text.empty()) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool letter = is_letter(c) || c == '_' || static_cast<unsigned char>(c) >= 0x80;
    if (!letter && (i == 0 || !(is_digit(c) || c == '.' || c == '-'))) return false;
  }
  return true;
}

std::string token_of(std::string_view text) {
  std::string out;
  for (const char c : text) out += is_letter(c) || is_digit(c) || c == '-' || c == '.' ? c : '_';
  return out.empty() || !is_letter(out.front()) ? "_" + out : out;
}

std::string percent_encoded(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    if (is_letter(c) || is_digit(c) || c == '-' || c == '.' || c == '_' || c == '~') {
      out += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      out += {'%', kDigits[byte >> 4], kDigits[byte & 15]};
    }
  }
  return out;
}

}  // namespace sekisho::oscal
