#include "core/config.h"

#include <array>
#include <charconv>
#include <sstream>
#include <toml++/toml.h>

namespace sekisho {
namespace {

constexpr std::int64_t kDay = 86'400'000;

constexpr Setting text(std::string_view name, std::string Config::* member, std::string_view initial, std::string_view meaning, std::string_view ja) {
  return {name, SettingType::text, "", initial, 0, 0, meaning, ja, member, nullptr, nullptr};
}
constexpr Setting integer(std::string_view name, std::int64_t Config::* member, std::string_view initial, std::string_view unit, std::int64_t least,
                          std::int64_t most, std::string_view meaning, std::string_view ja) {
  return {name, SettingType::integer, unit, initial, least, most, meaning, ja, nullptr, member, nullptr};
}
constexpr Setting boolean(std::string_view name, bool Config::* member, std::string_view initial, std::string_view meaning, std::string_view ja) {
  return {name, SettingType::boolean, "", initial, 0, 0, meaning, ja, nullptr, nullptr, member};
}

constexpr std::array kSettings = {
    text("listen.address", &Config::listen_address, "127.0.0.1", "address to listen on", "待ち受けるアドレス"),
    integer("listen.port", &Config::listen_port, "8080", "", 0, 65535, "port to listen on; 0 = any free one", "待ち受けるポート（0は空いているもの）"),
    text("listen.segment", &Config::listen_segment, "lgwan", "code of the network segment that this listener serves", "この待ち受けが属するセグメントの符号"),
    boolean("listen.behind_tls", &Config::listen_behind_tls, "false", "a reverse proxy in front ends TLS", "前段のリバースプロキシがTLSを終端している"),
    text("tls.certificate", &Config::tls_certificate, "", "PEM file of the certificate chain; empty = plain HTTP", "証明書（PEM）のファイル。空ならHTTP"),
    text("tls.key", &Config::tls_key, "", "PEM file of the private key", "秘密鍵（PEM）のファイル"),
    text("data.dir", &Config::data_dir, "data", "folder of all data", "すべてのデータを置くフォルダ"),
    text("web.dir", &Config::web_dir, "", "folder of the built web client; empty = beside the program", "画面のファイルのフォルダ（空なら既定の場所）"),
    text("packs.dir", &Config::packs_dir, "", "folder of the packs; empty = beside the program", "パックのフォルダ（空なら既定の場所）"),
    text("worker.path", &Config::worker_path, "", "the program sekisho-worker; empty = beside the program", "sekisho-worker の場所（空なら既定の場所）"),
    text("dictionary.dir", &Config::dictionary_dir, "/var/lib/mecab/dic/ipadic-utf8", "MeCab's IPADIC in UTF-8", "MeCabの辞書（IPADIC、UTF-8）"),
    integer("workers.operations", &Config::workers_operations, "16", "threads", 1, 256, "threads that run operations", "操作を実行するスレッドの数"),
    integer("workers.files", &Config::workers_files, "2", "threads", 1, 64, "files read at the same time", "同時に読み取るファイルの数"),
    integer("session.idle_ms", &Config::session_idle_ms, "1800000", "ms", 60'000, kDay, "a session ends after this time without activity", "操作がないとログアウトするまでの時間"),
    integer("session.absolute_ms", &Config::session_absolute_ms, "43200000", "ms", 60'000, 7 * kDay, "a session ends after this time in any case", "操作していてもログアウトするまでの時間"),
    integer("upload.max_bytes", &Config::upload_max_bytes, "104857600", "bytes", 1'024, 1'073'741'824, "largest file that is taken in", "取り込めるファイルの上限"),
    integer("prompt.max_characters", &Config::prompt_max_characters, "200000", "characters", 100, 10'000'000, "longest question", "質問の文字数の上限"),
    integer("stream.heartbeat_ms", &Config::stream_heartbeat_ms, "15000", "ms", 1'000, 60'000, "a sign of life on a silent stream", "回答を待つ間に送る合図の間隔"),
    integer("stream.resume_ms", &Config::stream_resume_ms, "600000", "ms", 0, kDay, "how long a finished answer can be read again as a stream", "終わった回答の流れを読み直せる時間"),
    integer("model.connect_timeout_ms", &Config::model_connect_timeout_ms, "10000", "ms", 100, 600'000, "time to connect to a model endpoint", "モデルに接続するまでの時間の上限"),
    integer("model.first_token_timeout_ms", &Config::model_first_token_timeout_ms, "120000", "ms", 100, 3'600'000, "time until a model's first text", "モデルの最初の返事までの時間の上限"),
    integer("model.idle_timeout_ms", &Config::model_idle_timeout_ms, "60000", "ms", 100, 3'600'000, "longest pause between two pieces of an answer", "返事の途切れの上限"),
    integer("model.max_answer_bytes", &Config::model_max_answer_bytes, "16777216", "bytes", 1'024, 1'073'741'824, "largest answer", "返事の大きさの上限"),
    integer("model.max_parallel", &Config::model_max_parallel, "1000", "calls", 1, 10'000, "model calls at the same time; the rest queue", "同時にモデルへ尋ねる数（超えると順番待ち）"),
    text("proxy.url", &Config::proxy_url, "", "HTTP proxy for model endpoints; empty = none", "モデルへの通信に使うプロキシ（空なら使わない）"),
    integer("checkpoint.interval_ms", &Config::checkpoint_interval_ms, "60000", "ms", 100, kDay, "the log's head is signed at least this often", "ログの先頭に署名する間隔"),
    integer("approvals.settle_ms", &Config::approvals_settle_ms, "30000", "ms", 100, 3'600'000, "how often requests whose time has come are moved on and told of", "期日の来た申請を進め、知らせる間隔"),
    text("log.level", &Config::log_level, "info", "debug, info, warn or error", "プログラムのログの詳しさ（debug, info, warn, error）"),
};

const Setting* find(std::string_view name) {
  for (const Setting& s : kSettings)
    if (s.name == name) return &s;
  return nullptr;
}

std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t above = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)});
      diagonal = above;
    }
  }
  return row[b.size()];
}

Unexpected unknown(std::string_view name, std::string_view where) {
  const Setting* nearest = &kSettings[0];
  for (const Setting& s : kSettings)
    if (distance(s.name, name) < distance(nearest->name, name)) nearest = &s;
  return fail(Code::invalid_argument, "config.unknown_key",
              std::string(where) + ": unknown setting '" + std::string(name) + "'; did you mean '" + std::string(nearest->name) + "'?");
}

Status set_integer(Config& config, const Setting& s, std::int64_t value, std::string_view where) {
  if (value < s.least || value > s.most)
    return fail(Code::invalid_argument, "config.value", std::string(where) + ": " + std::string(s.name) + " must be from " + std::to_string(s.least) + " to " + std::to_string(s.most));
  config.*s.integer = value;
  return ok();
}

Status set_text(Config& config, const Setting& s, std::string_view value, std::string_view where) {
  const auto wrong = [&](std::string_view type) {
    return fail(Code::invalid_argument, "config.value", std::string(where) + ": " + std::string(s.name) + " must be " + std::string(type));
  };
  switch (s.type) {
    case SettingType::text: config.*s.text = std::string(value); return ok();
    case SettingType::boolean:
      if (value != "true" && value != "false") return wrong("true or false");
      config.*s.boolean = value == "true";
      return ok();
    case SettingType::integer: break;
  }
  std::int64_t number = 0;
  const auto end = std::from_chars(value.data(), value.data() + value.size(), number);
  if (end.ec != std::errc() || end.ptr != value.data() + value.size()) return wrong("a whole number");
  return set_integer(config, s, number, where);
}

Status set_node(Config& config, const Setting& s, const toml::node& node, std::string_view where) {
  const auto wrong = [&](std::string_view type) {
    return fail(Code::invalid_argument, "config.value", std::string(where) + ": " + std::string(s.name) + " must be " + std::string(type));
  };
  switch (s.type) {
    case SettingType::text:
      if (!node.is_string()) return wrong("text in quotes");
      config.*s.text = node.as_string()->get();
      return ok();
    case SettingType::boolean:
      if (!node.is_boolean()) return wrong("true or false");
      config.*s.boolean = node.as_boolean()->get();
      return ok();
    case SettingType::integer: break;
  }
  if (!node.is_integer()) return wrong("a whole number");
  return set_integer(config, s, node.as_integer()->get(), where);
}

std::string quoted_initial(const Setting& s) { return s.type == SettingType::text ? "\"" + std::string(s.initial) + "\"" : std::string(s.initial); }

}  // namespace

std::span<const Setting> settings() { return kSettings; }

Config default_config() {
  Config config;
  for (const Setting& s : kSettings)
    if (auto set = set_text(config, s, s.initial, "table"); !set) throw std::logic_error("initial value of " + std::string(s.name));
  return config;
}

Status apply_config_text(Config& config, std::string_view text_in, std::string_view file_name) {
  toml::table document;
  try {
    document = toml::parse(text_in, file_name);
  } catch (const toml::parse_error& e) {
    std::ostringstream where;
    where << file_name << ":" << e.source().begin.line;
    return fail(Code::invalid_argument, "config.syntax", where.str() + ": " + std::string(e.description()));
  }
  for (const auto& [table_name, node] : document) {
    const auto* table = node.as_table();
    const std::string at = std::string(file_name) + ":" + std::to_string(node.source().begin.line);
    if (table == nullptr) return unknown(table_name.str(), at);
    for (const auto& [key, value] : *table) {
      const std::string name = std::string(table_name.str()) + "." + std::string(key.str());
      const std::string where = std::string(file_name) + ":" + std::to_string(value.source().begin.line);
      const Setting* setting = find(name);
      if (setting == nullptr) return unknown(name, where);
      SK_CHECK(set_node(config, *setting, value, where));
    }
  }
  return ok();
}

Status apply_config_override(Config& config, std::string_view assignment) {
  const std::size_t equals = assignment.find('=');
  if (equals == std::string_view::npos) return fail(Code::invalid_argument, "config.value", "--set needs name=value");
  const Setting* setting = find(assignment.substr(0, equals));
  if (setting == nullptr) return unknown(assignment.substr(0, equals), "--set");
  return set_text(config, *setting, assignment.substr(equals + 1), "--set");
}

std::string config_sample() {
  std::string out = "# Sekisho の設定。ここにある値が初期値です。変えるものだけを残してください。\n";
  std::string_view table;
  for (const Setting& s : kSettings) {
    const std::string_view name = s.name.substr(0, s.name.find('.'));
    if (name != table) out += "\n[" + std::string(name) + "]\n";
    table = name;
    out += "# " + std::string(s.meaning_ja) + (s.unit.empty() ? "" : " (" + std::string(s.unit) + ")") + "\n";
    out += std::string(s.name.substr(s.name.find('.') + 1)) + " = " + quoted_initial(s) + "\n";
  }
  return out;
}

std::string config_markdown() {
  std::string out = "| 名前 | 初期値 | 範囲・単位 | 意味 |\n|---|---|---|---|\n";
  for (const Setting& s : kSettings) {
    std::string range = s.type == SettingType::boolean ? "true / false" : "";
    if (s.type == SettingType::integer) range = std::to_string(s.least) + "〜" + std::to_string(s.most) + (s.unit.empty() ? "" : " " + std::string(s.unit));
    out += "| `" + std::string(s.name) + "` | `" + quoted_initial(s) + "` | " + range + " | " + std::string(s.meaning_ja) + " |\n";
  }
  return out;
}

}  // namespace sekisho
