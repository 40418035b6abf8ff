#include "core/config.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>

#define TOML_EXCEPTIONS 0
#define TOML_ENABLE_FORMATTERS 0
#include <toml++/toml.h>

#include "core/bytes.h"

namespace sekisho {
namespace {

using enum SettingType;
constexpr std::size_t kMaxFileBytes = 1 << 20;
constexpr std::int64_t kMinute = 60 * 1000;
constexpr std::int64_t kHour = 60 * kMinute;
constexpr std::int64_t kMiB = 1024 * 1024;

Unexpected bad(const char* key, const std::string& where, const std::string& what) {
  return fail(Code::invalid_argument, key, where.empty() ? what : where + ": " + what);
}
std::string quoted(std::string_view text) { return "\"" + std::string(text) + "\""; }

const Setting* find_setting(std::string_view name) {
  const auto it = std::find_if(settings().begin(), settings().end(), [&](const Setting& s) { return s.name == name; });
  return it == settings().end() ? nullptr : &*it;
}

// Levenshtein's distance.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j < row.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t above = row[j];
      row[j] = std::min({above + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)});
      diagonal = above;
    }
  }
  return row.back();
}

Unexpected unknown(const std::string& where, std::string_view name) {
  std::string what = "unknown setting " + quoted(name.substr(0, 100));
  const auto nearest = std::min_element(settings().begin(), settings().end(), [&](const Setting& x, const Setting& y) {
    return distance(x.name, name.substr(0, 100)) < distance(y.name, name.substr(0, 100));
  });
  if (distance(nearest->name, name.substr(0, 100)) <= nearest->name.size() / 2) what += "; the nearest is " + quoted(nearest->name);
  return bad("config.unknown", where, what);
}

bool is_choice(std::string_view choices, std::string_view text) {
  if (choices.empty()) return true;
  if (text.empty() || text.find('|') != std::string_view::npos) return false;
  const std::string list = "|" + std::string(choices) + "|";
  return list.find("|" + std::string(text) + "|") != std::string::npos;
}

bool is_address(const std::string& text) {
  std::array<unsigned char, sizeof(in6_addr)> binary;
  return ::inet_pton(AF_INET, text.c_str(), binary.data()) == 1 || ::inet_pton(AF_INET6, text.c_str(), binary.data()) == 1;
}

const char* expected_kind(const Setting& setting) {
  return setting.type == boolean                                            ? "true or false"
         : std::holds_alternative<std::int64_t Config::*>(setting.member) ? "a whole number"
                                                                            : "a text";
}
Unexpected wrong_type(const Setting& setting, const std::string& where) {
  return bad("config.type", where, std::string(setting.name) + " must be " + expected_kind(setting));
}

Status set_number(Config& config, const Setting& setting, std::int64_t value, const std::string& where) {
  const auto* member = std::get_if<std::int64_t Config::*>(&setting.member);
  if (member == nullptr) return wrong_type(setting, where);
  if (value < setting.least || value > setting.most)
    return bad("config.bounds", where,
               std::string(setting.name) + " must lie between " + std::to_string(setting.least) + " and " + std::to_string(setting.most));
  config.**member = value;
  return ok();
}

Status set_bool(Config& config, const Setting& setting, bool value, const std::string& where) {
  const auto* member = std::get_if<bool Config::*>(&setting.member);
  if (member == nullptr) return wrong_type(setting, where);
  config.**member = value;
  return ok();
}

Status set_text(Config& config, const Setting& setting, std::string value, const std::string& where) {
  const auto* member = std::get_if<std::string Config::*>(&setting.member);
  if (member == nullptr) return wrong_type(setting, where);
  if (std::any_of(value.begin(), value.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; }))
    return bad("config.bounds", where, std::string(setting.name) + " has a control character");
  if (!is_choice(setting.choices, value))
    return bad("config.bounds", where, std::string(setting.name) + " must be one of " + std::string(setting.choices));
  if (setting.type == address && !is_address(value))
    return bad("config.bounds", where, std::string(setting.name) + " must be an IPv4 or IPv6 address");
  config.**member = std::move(value);
  return ok();
}

Status set_from_text(Config& config, const Setting& setting, std::string_view text, const std::string& where) {
  if (setting.type == boolean) {
    if (text != "true" && text != "false") return wrong_type(setting, where);
    return set_bool(config, setting, text == "true", where);
  }
  if (!std::holds_alternative<std::int64_t Config::*>(setting.member)) return set_text(config, setting, std::string(text), where);
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return wrong_type(setting, where);
  return set_number(config, setting, value, where);
}

Status set_from_node(Config& config, const Setting& setting, const toml::node& node, const std::string& where) {
  if (const auto* value = node.as_boolean()) return set_bool(config, setting, value->get(), where);
  if (const auto* value = node.as_integer()) return set_number(config, setting, value->get(), where);
  if (const auto* value = node.as_string()) return set_text(config, setting, value->get(), where);
  return wrong_type(setting, where);
}

Status apply_table(Config& config, const toml::table& table, const std::string& prefix, std::string_view source) {
  for (const auto& [key, node] : table) {
    const std::string name = prefix + std::string(key.str());
    const std::string where = std::string(source) + ":" + std::to_string(key.source().begin.line);
    const Setting* setting = find_setting(name);
    if (setting != nullptr) {
      SK_CHECK(set_from_node(config, *setting, node, where));
      continue;
    }
    const std::string inside = name + ".";
    const bool group = std::any_of(settings().begin(), settings().end(), [&](const Setting& s) { return s.name.starts_with(inside); });
    const toml::table* nested = node.as_table();
    if (nested == nullptr || !group) return unknown(where, name);
    SK_CHECK(apply_table(config, *nested, inside, source));
  }
  return ok();
}

std::string toml_value(const Setting& setting) {
  return std::holds_alternative<std::string Config::*>(setting.member) ? quoted(setting.initial) : std::string(setting.initial);
}

std::string limits(const Setting& setting) {
  if (!setting.choices.empty()) return std::string(setting.choices);
  if (!std::holds_alternative<std::int64_t Config::*>(setting.member)) return {};
  return std::to_string(setting.least) + ".." + std::to_string(setting.most);
}

std::string_view type_name(SettingType type) {
  constexpr std::string_view kNames[] = {"bool", "int", "bytes", "duration", "string", "path", "address"};
  return kNames[static_cast<std::size_t>(type)];
}

std::string_view meaning(const Setting& setting, Language language) {
  return language == Language::ja ? setting.meaning_ja : setting.meaning;
}

}  // namespace

const std::vector<Setting>& settings() {
  static const std::vector<Setting> kSettings = {
      {"listen.address", address, &Config::listen_address, "127.0.0.1", 0, 0, "", "Address to listen on.", "待ち受けるアドレス。"},
      {"listen.port", integer, &Config::listen_port, "8080", 0, 65535, "", "Port to listen on; 0 lets the system choose.",
       "待ち受けるポート。0 なら空いているものを使う。"},
      {"listen.segment", string, &Config::listen_segment, "lgwan", 0, 0, "mynumber|lgwan|internet",
       "Network segment that this listener stands in; labels are decided with it.", "この待受けがある系統。情報の分類の判断に使う。"},
      {"tls.certificate", path, &Config::tls_certificate, "", 0, 0, "", "Certificate chain (PEM). Empty: plain HTTP.",
       "証明書（PEM、中間証明書を含む）。空なら HTTP。"},
      {"tls.key", path, &Config::tls_key, "", 0, 0, "", "Private key of the certificate (PEM).", "証明書の秘密鍵（PEM）。"},
      {"data.dir", path, &Config::data_dir, "data", 0, 0, "", "Folder for the database, files, index and keys.",
       "データベース、ファイル、索引、鍵を置くフォルダー。"},
      {"web.dir", path, &Config::web_dir, "web/dist", 0, 0, "", "Folder of the built web pages.", "画面のファイルがあるフォルダー。"},
      {"packs.dir", path, &Config::packs_dir, "packs", 0, 0, "", "Folder of organisation profiles and definitions.",
       "団体の設定と定義のフォルダー。"},
      {"dictionary.dir", path, &Config::dictionary_dir, "", 0, 0, "", "MeCab dictionary. Empty: the system's.",
       "MeCab の辞書。空ならシステムの辞書。"},
      {"worker.path", path, &Config::worker_path, "", 0, 0, "", "The program that reads files in a sandbox. Empty: beside the server.",
       "ファイルを隔離して読む処理プログラム。空ならサーバーと同じ場所。"},
      {"workers.files", integer, &Config::workers_files, "2", 1, 64, "", "Files read at the same time.", "同時に読み取るファイルの数。"},
      {"workers.operations", integer, &Config::workers_operations, "4", 1, 256, "", "Threads that run operations.",
       "操作を実行するスレッドの数。"},
      {"session.idle_ms", duration_ms, &Config::session_idle_ms, "1800000", kMinute, 24 * kHour, "",
       "A session without requests ends after this time.", "操作がないままこの時間が過ぎるとセッションを終える。"},
      {"session.absolute_ms", duration_ms, &Config::session_absolute_ms, "43200000", kMinute, 168 * kHour, "",
       "Every session ends after this time.", "どのセッションもこの時間で終える。"},
      {"upload.max_bytes", bytes, &Config::upload_max_bytes, "104857600", 1024, 2048 * kMiB, "", "Largest file accepted.",
       "受け付けるファイルの大きさの上限。"},
      {"prompt.max_characters", integer, &Config::prompt_max_characters, "200000", 1, 10000000, "",
       "Longest prompt accepted, in characters as people count them.", "入力できる文字数の上限（見た目の文字で数える）。"},
      {"stream.heartbeat_ms", duration_ms, &Config::stream_heartbeat_ms, "15000", 100, 10 * kMinute, "",
       "Pause after which a silent answer stream sends a sign of life.", "応答が途切れている間に接続確認を送る間隔。"},
      {"stream.resume_ms", duration_ms, &Config::stream_resume_ms, "300000", 0, 24 * kHour, "",
       "How long a finished stream can be read again after a broken connection.", "切断後に応答の続きを受け取れる時間。"},
      {"model.connect_timeout_ms", duration_ms, &Config::model_connect_timeout_ms, "10000", 10, 10 * kMinute, "",
       "Limit for connecting to a model endpoint.", "モデルの接続先につながるまでの時間の上限。"},
      {"model.first_token_timeout_ms", duration_ms, &Config::model_first_token_timeout_ms, "120000", 10, kHour, "",
       "Limit for the first piece of an answer.", "回答の最初の部分が届くまでの時間の上限。"},
      {"model.idle_timeout_ms", duration_ms, &Config::model_idle_timeout_ms, "60000", 10, kHour, "",
       "Limit between two pieces of an answer.", "回答の部分と部分の間の時間の上限。"},
      {"model.max_answer_bytes", bytes, &Config::model_max_answer_bytes, "4194304", 1024, 256 * kMiB, "", "Longest answer accepted.",
       "受け取る回答の大きさの上限。"},
      {"model.max_parallel", integer, &Config::model_max_parallel, "8", 1, 1000, "", "Answers produced at the same time; others queue.",
       "同時に作る回答の数。超えた分は順番を待つ。"},
      {"proxy.url", string, &Config::proxy_url, "", 0, 0, "", "Proxy to model endpoints. Empty: none.",
       "モデルの接続先へ行くときのプロキシ。空なら使わない。"},
      {"checkpoint.interval_ms", duration_ms, &Config::checkpoint_interval_ms, "60000", 1000, kHour, "",
       "Longest time between two signed heads of the tamper-evident log.", "改ざん検知記録の署名付き先頭を作る間隔の上限。"},
      {"log.level", string, &Config::log_level, "info", 0, 0, "debug|info|warn|error", "Least level of the program's log.",
       "プログラムのログに出す最低の段階。"},
  };
  return kSettings;
}

std::string_view setting_unit(SettingType type) { return type == bytes ? "bytes" : type == duration_ms ? "ms" : ""; }

Config default_config() {
  Config config;
  // Every default satisfies its own bounds; a test holds the table to that.
  for (const Setting& setting : settings()) (void)set_from_text(config, setting, setting.initial, "default");
  return config;
}

Status apply_toml(Config& config, std::string_view text, std::string_view source) {
  const toml::parse_result parsed = toml::parse(text, source);
  if (!parsed) {
    const auto& error = parsed.error();
    return bad("config.syntax", std::string(source) + ":" + std::to_string(error.source().begin.line), std::string(error.description()));
  }
  return apply_table(config, parsed.table(), "", source);
}

Status apply_override(Config& config, std::string_view assignment) {
  const std::string where = "--set";
  const auto equals = assignment.find('=');
  if (equals == std::string_view::npos) return bad("config.syntax", where, "expected name=value");
  const Setting* setting = find_setting(assignment.substr(0, equals));
  if (setting == nullptr) return unknown(where, assignment.substr(0, equals));
  return set_from_text(config, *setting, assignment.substr(equals + 1), where);
}

Status check_config(const Config& config) {
  if (config.tls_certificate.empty() != config.tls_key.empty())
    return bad("config.conflict", "", "tls.certificate and tls.key are set together or not at all");
  if (config.session_idle_ms > config.session_absolute_ms)
    return bad("config.conflict", "", "session.idle_ms is longer than session.absolute_ms");
  if (config.data_dir.empty()) return bad("config.conflict", "", "data.dir is empty");
  return ok();
}

Result<Config> load_config(const std::string& path, const std::vector<std::string>& overrides) {
  Config config = default_config();
  if (!path.empty()) {
    SK_TRY(const std::string text, read_file(path, kMaxFileBytes).context("while reading the settings"));
    SK_CHECK(apply_toml(config, text, path));
  }
  for (const std::string& assignment : overrides) SK_CHECK(apply_override(config, assignment));
  SK_CHECK(check_config(config));
  return config;
}

std::string config_help(Language language) {
  std::string out;
  for (const Setting& s : settings()) {
    out.append("  ").append(s.name).append("=").append(s.initial);
    if (const auto unit = setting_unit(s.type); !unit.empty()) out.append(" ").append(unit);
    if (const auto range = limits(s); !range.empty()) out.append("  [").append(range).append("]");
    out.append("\n      ").append(meaning(s, language)).append("\n");
  }
  return out;
}

std::string config_sample(Language language) {
  std::string out;
  std::string_view group;
  for (const Setting& s : settings()) {
    const auto dot = s.name.find('.');
    if (s.name.substr(0, dot) != group) {
      group = s.name.substr(0, dot);
      if (!out.empty()) out += "\n";
      out.append("[").append(group).append("]\n");
    }
    out.append("# ").append(meaning(s, language));
    if (const auto range = limits(s); !range.empty()) out.append(" [").append(range).append("]");
    out.append("\n#").append(s.name.substr(dot + 1)).append(" = ").append(toml_value(s)).append("\n");
  }
  return out;
}

std::string config_markdown(Language language) {
  std::string out = language == Language::ja ? "| 名前 | 型 | 単位 | 既定値 | 範囲 | 意味 |\n|---|---|---|---|---|---|\n"
                                             : "| name | type | unit | default | bounds | meaning |\n|---|---|---|---|---|---|\n";
  for (const Setting& s : settings()) {
    std::string range = limits(s);
    for (std::size_t at = 0; (at = range.find('|', at)) != std::string::npos; at += 2) range.insert(at, 1, '\\');
    out.append("| `").append(s.name).append("` | ").append(type_name(s.type)).append(" | ").append(setting_unit(s.type));
    out.append(" | ").append(s.initial.empty() ? "" : "`" + std::string(s.initial) + "`").append(" | ").append(range);
    out.append(" | ").append(meaning(s, language)).append(" |\n");
  }
  return out;
}

}  // namespace sekisho
