#include "llm/openai.h"

#include <array>
#include <boost/json/monotonic_resource.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/parser.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <cstdio>

#include "net/uri.h"

namespace sekisho::llm {
namespace {

namespace json = boost::json;

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";
constexpr std::size_t kMaxDetail = 300;

Unexpected garbage(const char* why) { return fail(Code::upstream, "llm.garbage", why); }

std::optional<Result<json::value>> try_parse(json::parser& parser, std::string_view text, json::storage_ptr storage) {
  json::error_code code;
  parser.reset(std::move(storage));
  parser.write(text.data(), text.size(), code);
  if (code) return std::nullopt;
  return Result<json::value>(parser.release());
}

int hex4(std::string_view text) {
  if (text.size() < 4) return -1;
  int value = 0;
  for (const char c : text.substr(0, 4)) {
    const int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
    if (digit < 0) return -1;
    value = value * 16 + digit;
  }
  return value;
}

// Some servers cut an emoji between two chunks and leave half of a surrogate pair in each; JSON parsers refuse that.
std::string without_lone_surrogates(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    if (text[i] != '\\' || i + 1 >= text.size()) {
      out += text[i++];
      continue;
    }
    const int unit = text[i + 1] == 'u' ? hex4(text.substr(i + 2)) : -1;
    if (unit < 0xD800 || unit > 0xDFFF) {
      out += text.substr(i, 2);
      i += 2;
      continue;
    }
    const bool pair =
        unit < 0xDC00 && text.substr(i + 6, 2) == "\\u" && hex4(text.substr(i + 8)) >= 0xDC00 && hex4(text.substr(i + 8)) <= 0xDFFF;
    out += pair ? text.substr(i, 12) : std::string_view("\\ufffd");
    i += pair ? 12 : 6;
  }
  return out;
}

std::string_view string_at(const json::object& object, std::string_view key) {
  const json::value* const v = object.if_contains(key);
  return v != nullptr && v->is_string() ? std::string_view(v->get_string().data(), v->get_string().size()) : std::string_view();
}

const json::object* object_at(const json::object& object, std::string_view key) {
  const json::value* const v = object.if_contains(key);
  return v != nullptr ? v->if_object() : nullptr;
}

std::int64_t count_at(const json::object& object, std::string_view key) {
  const json::value* const v = object.if_contains(key);
  const std::int64_t* const n = v != nullptr ? v->if_int64() : nullptr;
  return n != nullptr && *n > 0 ? *n : 0;
}

std::string safe_detail(std::string_view text) {
  std::string out = to_valid_utf8(std::string(text.substr(0, kMaxDetail)));
  for (char& c : out)
    if (static_cast<unsigned char>(c) < 0x20) c = ' ';
  return out;
}

std::string error_message(const json::value& error) {
  if (error.is_string()) return safe_detail(std::string_view(error.get_string().data(), error.get_string().size()));
  if (const auto* const object = error.if_object()) return safe_detail(string_at(*object, "message"));
  return {};
}

Result<OpenAiChunk> read_chunk(const json::value& root) {
  const json::object* const object = root.if_object();
  if (object == nullptr) return garbage("a chunk that is not an object");
  if (const json::value* const error = object->if_contains("error"); error != nullptr && !error->is_null())
    return fail(Code::upstream, "llm.refused", "error in the stream: " + error_message(*error));
  OpenAiChunk out;
  if (const auto* const usage = object_at(*object, "usage"))
    out.usage = Usage{count_at(*usage, "prompt_tokens"), count_at(*usage, "completion_tokens")};
  const json::value* const choices_value = object->if_contains("choices");
  const json::array* const choices = choices_value != nullptr ? choices_value->if_array() : nullptr;
  if (choices == nullptr && !out.usage) return garbage("a chunk without choices");
  if (choices == nullptr || choices->empty()) return out;
  const json::object* const choice = choices->front().if_object();
  if (choice == nullptr) return garbage("a choice that is not an object");
  const json::object* content = object_at(*choice, "delta");
  if (content == nullptr) content = object_at(*choice, "message");
  if (content != nullptr) out.text = to_valid_utf8(std::string(string_at(*content, "content")));
  if (const std::string_view reason = string_at(*choice, "finish_reason"); !reason.empty()) out.finish_reason = safe_detail(reason);
  return out;
}

}  // namespace

std::string to_valid_utf8(std::string text) {
  if (net::is_utf8(text)) return text;
  std::string out;
  const std::string_view in = text;
  for (std::size_t i = 0; i < in.size();) {
    std::size_t n = 1;
    const auto b = static_cast<unsigned char>(in[i]);
    if (b >= 0xC2) n = b >= 0xF0 ? 4 : b >= 0xE0 ? 3 : 2;
    const std::string_view piece = in.substr(i, n);
    const bool valid = piece.size() == n && net::is_utf8(piece);
    out += valid ? piece : kReplacement;
    i += valid ? n : 1;
  }
  return out;
}

void append_json_string(std::string& out, std::string_view text) {
  out += '"';
  std::size_t plain = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto b = static_cast<unsigned char>(text[i]);
    if (b >= 0x20 && b != '"' && b != '\\') continue;
    out += text.substr(plain, i - plain);
    plain = i + 1;
    if (b == '"' || b == '\\') {
      out += '\\';
      out += text[i];
    } else if (b == '\n') {
      out += "\\n";
    } else {
      std::array<char, 8> escaped;
      std::snprintf(escaped.data(), escaped.size(), "\\u%04x", b);
      out += escaped.data();
    }
  }
  out += text.substr(plain);
  out += '"';
}

std::string write_openai_request(const ChatRequest& request, Streaming streaming) {
  constexpr std::size_t kAround = 64;  // what stands round a text
  std::size_t bytes = 4 * kAround + request.model.size();
  for (const Message& message : request.messages) bytes += message.content.size() + kAround;
  std::string out = "{\"model\":";
  out.reserve(bytes);
  append_json_string(out, to_valid_utf8(request.model));
  out += ",\"messages\":[";
  for (const Message& message : request.messages) {
    out += out.back() == '[' ? "{\"role\":" : ",{\"role\":";
    append_json_string(out, to_valid_utf8(message.role));
    out += ",\"content\":";
    append_json_string(out, to_valid_utf8(message.content));
    out += '}';
  }
  out += ']';
  if (request.max_tokens) out += ",\"max_tokens\":" + std::to_string(*request.max_tokens);
  if (request.temperature) out += ",\"temperature\":" + json::serialize(json::value(*request.temperature));
  if (streaming == Streaming::yes) out += ",\"stream\":true,\"stream_options\":{\"include_usage\":true}";
  out += '}';
  return out;
}

Result<OpenAiChunk> read_openai_chunk(std::string_view text) {
  try {
    // A chunk is a few hundred bytes: both the values and the parser's own stack fit here, so nothing is taken from the heap.
    std::array<unsigned char, 4096> values;
    std::array<unsigned char, 1024> stack;
    json::monotonic_resource resource(values.data(), values.size());
    json::parse_options options;
    options.allow_invalid_utf8 = true;
    options.max_depth = 16;
    json::parser parser({}, options, stack.data(), stack.size());
    auto value = try_parse(parser, text, &resource);
    if (!value) {
      const std::string repaired = without_lone_surrogates(text);
      if (repaired != text) value = try_parse(parser, repaired, &resource);
    }
    if (!value) return garbage("a chunk that is not JSON");
    return read_chunk(**value);
  } catch (const std::exception&) {
    return garbage("a chunk that cannot be read");
  }
}

std::string read_openai_error(std::string_view body) {
  try {
    json::error_code code;
    const json::value root = json::parse(json::string_view(body.data(), body.size()), code);
    if (!code && root.is_object())
      if (const json::value* const error = root.get_object().if_contains("error")) return error_message(*error);
  } catch (const std::exception&) {
    return {};
  }
  return safe_detail(body);
}

}  // namespace sekisho::llm
