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

// One door of the service: an address of its own, the segment that it belongs to, and the networks that may come through it.
struct ListenConfig {
  std::string address;
  std::int64_t port = 0;
  std::string segment;
  std::string sources;       // networks (CIDR), separated by commas
  std::string proxies;       // peers whose forwarding header is believed
  std::string proxy_header;  // the one header that they write
  bool behind_tls = false;
  std::string certificate;
  std::string key;
};

struct Config {
  std::string listen_address;
  std::int64_t listen_port = 0;
  std::string listen_segment;
  std::string listen_sources;
  std::string listen_proxies;
  std::string listen_proxy_header;
  bool listen_behind_tls = false;
  std::vector<ListenConfig> listeners;  // beside the one of listen.*: [[listeners]] of the file
  std::string metrics_sources;
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
  std::int64_t session_privileged_idle_ms = 0;
  std::int64_t session_privileged_absolute_ms = 0;
  std::string login_banner;
  std::int64_t login_workers = 0;
  std::int64_t lockout_attempts = 0;
  std::int64_t lockout_first_wait_ms = 0;
  std::int64_t lockout_longest_wait_ms = 0;
  std::int64_t lockout_privileged_attempts = 0;
  std::int64_t lockout_privileged_first_wait_ms = 0;
  std::int64_t lockout_privileged_longest_wait_ms = 0;
  std::int64_t lockout_forget_ms = 0;
  std::int64_t lockout_source_attempts = 0;
  std::int64_t password_single_factor_characters = 0;
  std::int64_t password_multi_factor_characters = 0;
  std::int64_t password_provisional_ms = 0;
  std::int64_t accounts_unused_days = 0;
  std::int64_t upload_max_bytes = 0;
  std::int64_t prompt_max_characters = 0;
  std::int64_t usage_monthly_characters = 0;
  std::int64_t usage_answer_reserve = 0;
  std::int64_t storage_max_bytes = 0;
  std::int64_t stream_heartbeat_ms = 0;
  std::int64_t stream_resume_ms = 0;
  std::int64_t model_connect_timeout_ms = 0;
  std::int64_t model_first_token_timeout_ms = 0;
  std::int64_t model_idle_timeout_ms = 0;
  std::int64_t model_max_answer_bytes = 0;
  std::int64_t model_max_parallel = 0;
  std::string proxy_url;
  std::int64_t checkpoint_interval_ms = 0;
  std::int64_t storage_log_ahead_bytes = 0;
  std::string heads_folder;
  std::string witness_file;
  std::string witness_ca_file;
  std::int64_t witness_interval_ms = 0;
  std::string syslog_address;
  std::string syslog_ca_file;
  std::string syslog_certificate;
  std::string syslog_key;
  std::string mail_host;
  std::int64_t mail_port = 0;
  std::string mail_tls;
  std::string mail_ca_file;
  std::string mail_login;
  std::string mail_password_file;
  std::string mail_from;
  std::string mail_link;
  std::int64_t mail_interval_ms = 0;
  std::int64_t approvals_settle_ms = 0;
  std::int64_t retention_run_ms = 0;
  std::string backup_folder;
  std::string backup_key_file;
  std::int64_t backup_interval_ms = 0;
  std::int64_t backup_tick_ms = 0;
  std::int64_t backup_keep_days = 0;
  std::int64_t backup_keep_tick_days = 0;
  std::int64_t backup_drill_days = 0;
  std::int64_t backup_rate_bytes = 0;
  std::int64_t privileges_most_minutes = 0;
  std::string integrity_manifest;
  std::string integrity_key_file;
  std::int64_t integrity_interval_ms = 0;
  std::int64_t clock_interval_ms = 0;
  std::int64_t clock_step_ms = 0;
  std::int64_t disk_low_bytes = 0;
  std::int64_t reviews_months = 0;
  std::int64_t reviews_burst = 0;
  std::int64_t reviews_day_begins = 0;
  std::int64_t reviews_day_ends = 0;
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

// The listener of listen.* and tls.*, then those of [[listeners]].
std::vector<ListenConfig> listeners_of(const Config& config);

std::string config_sample();    // a commented TOML file with every setting at its initial value
std::string config_markdown();  // the table of docs/settings.md, Japanese

}  // namespace sekisho
