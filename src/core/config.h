// Settings: one table of rows makes the parser, the help, the sample file and the documentation. Unknown keys stop the start.
//
// Values come from a TOML file (--config) and then from --set key=value on the command line, in that order. Secrets are never settings:
// they are files that a setting names. A Config is a plain value, read once at start.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

namespace sekisho {

struct Config {
  std::string listen_address;
  std::int64_t listen_port = 0;
  std::string listen_segment;
  bool listen_behind_tls = false;
  std::string tls_certificate;
  std::string tls_key;
  std::string data_dir;
  std::string web_dir;
  std::string packs_dir;
  std::string worker_path;
  std::string dictionary_dir;
  std::int64_t workers_operations = 0;
  std::int64_t workers_files = 0;
  std::int64_t session_idle_ms = 0;
  std::int64_t session_absolute_ms = 0;
  std::int64_t upload_max_bytes = 0;
  std::int64_t prompt_max_characters = 0;
  std::int64_t stream_heartbeat_ms = 0;
  std::int64_t stream_resume_ms = 0;
  std::int64_t model_connect_timeout_ms = 0;
  std::int64_t model_first_token_timeout_ms = 0;
  std::int64_t model_idle_timeout_ms = 0;
  std::int64_t model_max_answer_bytes = 0;
  std::int64_t model_max_parallel = 0;
  std::string proxy_url;
  std::int64_t checkpoint_interval_ms = 0;
  std::int64_t approvals_settle_ms = 0;
  std::string log_level;
};

enum class SettingType { text, integer, boolean };

struct Setting {
  std::string_view name;  // "listen.port": table and key
  SettingType type;
  std::string_view unit;   // "ms", "bytes", …; empty where there is none
  std::string_view initial;
  std::int64_t least = 0;  // bounds of integers
  std::int64_t most = 0;
  std::string_view meaning;     // English
  std::string_view meaning_ja;  // Japanese
  std::string Config::* text = nullptr;
  std::int64_t Config::* integer = nullptr;
  bool Config::* boolean = nullptr;
};

std::span<const Setting> settings();

Config default_config();
// Errors name the line and, for an unknown key, the nearest known one ("config.unknown_key", "config.value", "config.syntax").
Status apply_config_text(Config& config, std::string_view toml, std::string_view file_name);
Status apply_config_override(Config& config, std::string_view assignment);  // "listen.port=8443"

std::string config_sample();    // a commented TOML file with every setting at its initial value
std::string config_markdown();  // the table of docs/settings.md, Japanese

}  // namespace sekisho
