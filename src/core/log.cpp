#include "core/log.h"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <array>
#include <cstdio>

namespace sekisho::log {
namespace {

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    const auto b = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (b < 0x20) {
      std::array<char, 8> escaped;
      std::snprintf(escaped.data(), escaped.size(), "\\u%04x", b);
      out += escaped.data();
    } else {
      out += c;
    }
  }
  return out + '"';
}

spdlog::logger& sink() {
  static const auto logger = [] {
    auto l = std::make_shared<spdlog::logger>("sekisho", std::make_shared<spdlog::sinks::stderr_sink_mt>());
    l->set_pattern("%v");
    l->set_level(spdlog::level::info);
    l->flush_on(spdlog::level::info);
    return l;
  }();
  return *logger;
}

constexpr std::array<std::string_view, 4> kNames = {"debug", "info", "warn", "error"};
constexpr std::array kLevels = {spdlog::level::debug, spdlog::level::info, spdlog::level::warn, spdlog::level::err};

}  // namespace

Value::Value(Timestamp v) : json_(quoted(to_rfc3339(v))) {}
Value::Value(Code v) : json_(quoted(code_name(v))) {}
Value::Value(Word v) : json_(quoted(v.text)) {}
Value::Value(const Safe& v) : json_(quoted(v.text)) {}

void set_level(Level level) { sink().set_level(kLevels[static_cast<std::size_t>(level)]); }

void write(Level level, Word event, std::initializer_list<Field> fields) {
  const auto spd = kLevels[static_cast<std::size_t>(level)];
  if (!sink().should_log(spd)) return;
  std::string line = "{\"ts\":" + quoted(to_rfc3339(SystemClock().now())) + ",\"level\":" + quoted(kNames[static_cast<std::size_t>(level)]) +
                     ",\"event\":" + quoted(event.text);
  for (const Field& f : fields) line += "," + quoted(f.name.text) + ":" + f.value.json();
  sink().log(spd, "{}", line + "}");
}

void error(Word event, const Error& failure) {
  write(Level::error, event, {{"code", failure.code}, {"key", Safe(failure.key)}, {"detail", Safe(failure.detail)}});
}

}  // namespace sekisho::log
