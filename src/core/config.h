// Settings: one table makes the parser, --help, the sample file and the documentation. Pure but for load_config, which reads one file.
//
// Order of force: defaults, then the TOML file, then `--set name=value` from the command line; within each, the later one wins.
// A setting that does not exist stops the start (with its line and the nearest known name), as does a value of the wrong type or out of
// its bounds: a misspelt security setting must not be silently absent. Secrets are never settings; settings name the files that hold them.
//
// Units: *_ms milliseconds, *_bytes bytes, *_characters extended grapheme clusters. An empty path or url means "none".
// Failures: invalid_argument with key config.unknown, config.type, config.bounds, config.syntax or config.conflict, and a detail for the
// operator ("sekisho.toml:12: …").
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/result.h"

namespace sekisho {

// One member per row of the table; the names are the settings' with "_" for ".". default_config() fills it.
struct Config {
  std::string listen_address;
  std::int64_t listen_port = 0;
  std::string listen_segment;
  std::string tls_certificate;
  std::string tls_key;
  std::string data_dir;
  std::string web_dir;
  std::string packs_dir;
  std::string dictionary_dir;
  std::string worker_path;
  std::int64_t workers_files = 0;
  std::int64_t workers_operations = 0;
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
  std::string log_level;
  friend bool operator==(const Config&, const Config&) = default;
};

enum class SettingType { boolean, integer, bytes, duration_ms, string, path, address };

struct Setting {
  std::string_view name;  // "listen.port"
  SettingType type;
  std::variant<bool Config::*, std::int64_t Config::*, std::string Config::*> member;
  std::string_view initial;  // the default, as it is written after --set
  std::int64_t least = 0;    // bounds of numbers, both inclusive
  std::int64_t most = 0;
  std::string_view choices;  // "a|b|c": the only texts allowed; empty: any
  std::string_view meaning;
  std::string_view meaning_ja;
};

const std::vector<Setting>& settings();
std::string_view setting_unit(SettingType type);  // "bytes", "ms" or ""

Config default_config();
// `source` names the text in error messages.
Status apply_toml(Config& config, std::string_view text, std::string_view source);
// "listen.port=8443".
Status apply_override(Config& config, std::string_view assignment);
// Rules between settings; load_config ends with it.
Status check_config(const Config& config);
// An empty path: no file.
Result<Config> load_config(const std::string& path, const std::vector<std::string>& overrides);

enum class Language { ja, en };
std::string config_help(Language language);      // for --help
std::string config_sample(Language language);    // a TOML file with every default as a comment
std::string config_markdown(Language language);  // a table for the documentation

}  // namespace sekisho
