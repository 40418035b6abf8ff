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

// Members of one [[listeners]] table. What is not named is as in listen.*'s initial values; address, port and segment must be named.
struct ListenerSetting {
  std::string_view name;
  std::string_view initial;
  std::string_view meaning_ja;
  std::string ListenConfig::* text = nullptr;
  std::int64_t ListenConfig::* integer = nullptr;
  bool ListenConfig::* boolean = nullptr;
  bool needed = false;
};
constexpr std::array kListenerSettings = {
    ListenerSetting{"address", "", "待ち受けるアドレス", &ListenConfig::address, nullptr, nullptr, true},
    ListenerSetting{"port", "", "待ち受けるポート（0は空いているもの）", nullptr, &ListenConfig::port, nullptr, true},
    ListenerSetting{"segment", "", "この待ち受けが属するセグメントの符号", &ListenConfig::segment, nullptr, nullptr, true},
    ListenerSetting{"sources", "127.0.0.0/8, ::1", "来てよいネットワーク（CIDR、「,」区切り）", &ListenConfig::sources},
    ListenerSetting{"proxies", "", "転送元を書くヘッダーを信じてよいプロキシ（CIDR、「,」区切り）", &ListenConfig::proxies},
    ListenerSetting{"proxy_header", "x-forwarded-for", "そのプロキシが書くヘッダー（x-forwarded-for、forwarded、x-real-ip）", &ListenConfig::proxy_header},
    ListenerSetting{"behind_tls", "false", "前段のリバースプロキシがTLSを終端している", nullptr, nullptr, &ListenConfig::behind_tls},
    ListenerSetting{"certificate", "", "証明書（PEM）のファイル。空ならHTTP", &ListenConfig::certificate},
    ListenerSetting{"key", "", "秘密鍵（PEM）のファイル", &ListenConfig::key},
};
constexpr std::string_view kListeners = "listeners";

constexpr std::array kSettings = {
    text("listen.address", &Config::listen_address, "127.0.0.1", "address to listen on", "待ち受けるアドレス"),
    integer("listen.port", &Config::listen_port, "8080", "", 0, 65535, "port to listen on; 0 = any free one", "待ち受けるポート（0は空いているもの）"),
    text("listen.segment", &Config::listen_segment, "lgwan", "code of the network segment that this listener serves", "この待ち受けが属するセグメントの符号"),
    text("listen.sources", &Config::listen_sources, "127.0.0.0/8, ::1", "networks that may come through this listener (CIDR, separated by commas)", "来てよいネットワーク（CIDR、「,」区切り）"),
    text("listen.proxies", &Config::listen_proxies, "", "proxies whose forwarding header is believed (CIDR, separated by commas); empty = none", "転送元を書くヘッダーを信じてよいプロキシ（CIDR、「,」区切り）。空なら、どのヘッダーも信じない"),
    text("listen.proxy_header", &Config::listen_proxy_header, "x-forwarded-for", "the one header that these proxies write: x-forwarded-for, forwarded or x-real-ip", "そのプロキシが書くヘッダー（x-forwarded-for、forwarded、x-real-ip）"),
    boolean("listen.behind_tls", &Config::listen_behind_tls, "false", "a reverse proxy in front ends TLS", "前段のリバースプロキシがTLSを終端している"),
    text("tls.certificate", &Config::tls_certificate, "", "PEM file of the certificate chain; empty = plain HTTP", "証明書（PEM）のファイル。空ならHTTP"),
    text("tls.key", &Config::tls_key, "", "PEM file of the private key", "秘密鍵（PEM）のファイル"),
    text("metrics.sources", &Config::metrics_sources, "127.0.0.0/8, ::1", "networks that may read /metrics and the details of /readyz", "/metrics と /readyz の詳細を読んでよいネットワーク（CIDR、「,」区切り）"),
    text("data.dir", &Config::data_dir, "data", "folder of all data", "すべてのデータを置くフォルダ"),
    text("web.dir", &Config::web_dir, "", "folder of the built web client; empty = beside the program", "画面のファイルのフォルダ（空なら既定の場所）"),
    text("packs.dir", &Config::packs_dir, "", "folder of the packs; empty = beside the program", "パックのフォルダ（空なら既定の場所）"),
    text("worker.path", &Config::worker_path, "", "the program sekisho-worker; empty = beside the program", "sekisho-worker の場所（空なら既定の場所）"),
    text("dictionary.dir", &Config::dictionary_dir, "/var/lib/mecab/dic/ipadic-utf8", "MeCab's IPADIC in UTF-8", "MeCabの辞書（IPADIC、UTF-8）"),
    integer("workers.operations", &Config::workers_operations, "16", "threads", 1, 256, "threads that run operations", "操作を実行するスレッドの数"),
    integer("workers.files", &Config::workers_files, "2", "threads", 1, 64, "files read at the same time", "同時に読み取るファイルの数"),
    integer("session.idle_ms", &Config::session_idle_ms, "1800000", "ms", 60'000, kDay, "a session ends after this time without activity", "操作がないとログアウトするまでの時間"),
    integer("session.absolute_ms", &Config::session_absolute_ms, "43200000", "ms", 60'000, 7 * kDay, "a session ends after this time in any case", "操作していてもログアウトするまでの時間"),
    integer("session.privileged_idle_ms", &Config::session_privileged_idle_ms, "900000", "ms", 60'000, kDay, "the same for a privileged person; below session.idle_ms", "特権のある人が、操作がないとログアウトするまでの時間（session.idle_ms より短く）"),
    integer("session.privileged_absolute_ms", &Config::session_privileged_absolute_ms, "28800000", "ms", 60'000, 7 * kDay, "the same for a privileged person; below session.absolute_ms", "特権のある人が、操作していてもログアウトするまでの時間（session.absolute_ms より短く）"),
    text("login.banner", &Config::login_banner, "このシステムは庁内専用です。利用はすべて記録されます。許可のない利用は禁止されています。", "text before login", "ログインの前に出す文"),
    integer("login.workers", &Config::login_workers, "0", "threads", 0, 64, "passwords hashed at the same time, 64 MiB each; 0 = cores - 1", "同時に照合するパスワードの数（1つ64 MiB。0ならコア数より1つ少なく）"),
    integer("lockout.attempts", &Config::lockout_attempts, "5", "", 2, 100, "failed logins before the first wait", "ログインを待たせるまでの失敗の回数"),
    integer("lockout.first_wait_ms", &Config::lockout_first_wait_ms, "30000", "ms", 1'000, kDay, "the first wait; every further failure doubles it", "最初に待たせる時間（失敗のたびに倍）"),
    integer("lockout.longest_wait_ms", &Config::lockout_longest_wait_ms, "3600000", "ms", 1'000, 7 * kDay, "the longest wait", "待たせる時間の上限"),
    integer("lockout.privileged_attempts", &Config::lockout_privileged_attempts, "3", "", 1, 99, "the same for a privileged person; must be lower", "特権のある人を待たせるまでの失敗の回数（lockout.attempts より少なく）"),
    integer("lockout.privileged_first_wait_ms", &Config::lockout_privileged_first_wait_ms, "60000", "ms", 1'000, kDay, "the same for a privileged person; must be longer", "特権のある人を最初に待たせる時間（lockout.first_wait_ms より長く）"),
    integer("lockout.privileged_longest_wait_ms", &Config::lockout_privileged_longest_wait_ms, "7200000", "ms", 1'000, 14 * kDay, "the same for a privileged person; must be longer", "特権のある人を待たせる時間の上限（lockout.longest_wait_ms より長く）"),
    integer("lockout.forget_ms", &Config::lockout_forget_ms, "86400000", "ms", 60'000, 30 * kDay, "without a failure for this long the count starts anew", "失敗がこの時間なければ数え直す"),
    integer("lockout.source_attempts", &Config::lockout_source_attempts, "30", "", 5, 100'000, "failed logins from one address, above one a minute, before it waits", "1つのアドレスからの失敗で待たせるまでの回数（1分に1回までは数えない）"),
    integer("password.single_factor_characters", &Config::password_single_factor_characters, "15", "characters", 15, 128, "shortest password where it is the only factor", "パスワードだけで認証するときの最短の文字数"),
    integer("password.multi_factor_characters", &Config::password_multi_factor_characters, "8", "characters", 8, 128, "shortest password beside a second factor", "2つ目の要素とともに使うときの最短の文字数"),
    integer("password.provisional_ms", &Config::password_provisional_ms, "259200000", "ms", 60'000, 30 * kDay, "how long a provisional password waits for its first use", "仮パスワードが使えるまでの期限"),
    integer("accounts.unused_days", &Config::accounts_unused_days, "90", "days", 1, 3'650, "an id unused for so long is put up for review", "使われていない利用者IDとして点検に出すまでの日数"),
    integer("upload.max_bytes", &Config::upload_max_bytes, "104857600", "bytes", 1'024, 1'073'741'824, "largest file that is taken in", "取り込めるファイルの上限"),
    integer("prompt.max_characters", &Config::prompt_max_characters, "200000", "characters", 100, 10'000'000, "longest question", "質問の文字数の上限"),
    integer("usage.monthly_characters", &Config::usage_monthly_characters, "5000000", "characters", 0, 1'000'000'000'000, "a body's monthly budget where none is set for it", "団体の月の文字数の予算（画面で決めていないとき）"),
    integer("usage.answer_reserve", &Config::usage_answer_reserve, "2000", "characters", 0, 1'000'000, "reserved for an answer before it is asked for", "尋ねる前に、回答のために予算から取り置く文字数"),
    integer("storage.max_bytes", &Config::storage_max_bytes, "21474836480", "bytes", 1'048'576, 1'000'000'000'000'000, "what a body's uploaded files may take; more is refused", "団体が取り込むファイルの容量の上限。超える取込みは断る"),
    integer("storage.log_ahead_bytes", &Config::storage_log_ahead_bytes, "67108864", "bytes", 0, 1'073'741'824, "space of each body's write-ahead log that the server writes beforehand, so that commits sync faster; less for many bodies on one machine", "団体ごとの先行書込みログ（WAL）に、あらかじめ書いておく大きさ。記録の同期が速くなる。1台に団体が多いときは小さく"),
    integer("stream.heartbeat_ms", &Config::stream_heartbeat_ms, "15000", "ms", 1'000, 60'000, "a sign of life on a silent stream", "回答を待つ間に送る合図の間隔"),
    integer("stream.resume_ms", &Config::stream_resume_ms, "600000", "ms", 0, kDay, "how long a finished answer can be read again as a stream", "終わった回答の流れを読み直せる時間"),
    integer("model.connect_timeout_ms", &Config::model_connect_timeout_ms, "10000", "ms", 100, 600'000, "time to connect to a model endpoint", "モデルに接続するまでの時間の上限"),
    integer("model.first_token_timeout_ms", &Config::model_first_token_timeout_ms, "120000", "ms", 100, 3'600'000, "time until a model's first text", "モデルの最初の返事までの時間の上限"),
    integer("model.idle_timeout_ms", &Config::model_idle_timeout_ms, "60000", "ms", 100, 3'600'000, "longest pause between two pieces of an answer", "返事の途切れの上限"),
    integer("model.max_answer_bytes", &Config::model_max_answer_bytes, "16777216", "bytes", 1'024, 1'073'741'824, "largest answer", "返事の大きさの上限"),
    integer("model.max_parallel", &Config::model_max_parallel, "1000", "calls", 1, 10'000, "model calls at the same time; the rest queue", "同時にモデルへ尋ねる数（超えると順番待ち）"),
    text("proxy.url", &Config::proxy_url, "", "HTTP proxy for model endpoints; empty = none", "モデルへの通信に使うプロキシ（空なら使わない）"),
    integer("checkpoint.interval_ms", &Config::checkpoint_interval_ms, "60000", "ms", 100, kDay, "the log's head is signed at least this often", "ログの先頭に署名する間隔"),
    text("heads.folder", &Config::heads_folder, "", "where the newest head of each log is kept, to be compared at the next start; best on another disk; empty = <data>/heads", "記録の先頭の控えを置くフォルダ。起動のときに比べる。別のディスクがよい（空なら data の中の heads）"),
    text("witness.file", &Config::witness_file, "", "C2SP tlog-policy that names the witnesses to ask for co-signatures; empty = none", "立会いを頼むホストの一覧（C2SP tlog-policy）のファイル（空なら頼まない）"),
    text("witness.ca_file", &Config::witness_ca_file, "", "CA certificates for witnesses over https, PEM; empty = the system's", "立会いのホストの証明書を確かめるCA（PEM。空ならOSのもの）"),
    integer("witness.interval_ms", &Config::witness_interval_ms, "5000", "ms", 100, kDay, "how often new heads are kept and shown to witnesses", "新しい先頭を控え、立会いのホストに示す間隔"),
    text("syslog.address", &Config::syslog_address, "", "host:port that takes every leaf by syslog over TLS (RFC 5424, 5425); empty = none", "記録を syslog（RFC 5424、TLS）で送る先。ホスト:ポート（空なら送らない）"),
    text("syslog.ca_file", &Config::syslog_ca_file, "", "CA certificates for it, PEM; empty = the system's", "送る先の証明書を確かめるCA（PEM。空ならOSのもの）"),
    text("syslog.certificate", &Config::syslog_certificate, "", "this host's certificate for it, PEM; empty = none", "送る先に示すこのホストの証明書（PEM。空なら示さない）"),
    text("syslog.key", &Config::syslog_key, "", "its private key, PEM", "その秘密鍵（PEM）"),
    text("mail.host", &Config::mail_host, "", "SMTP server that sends mail about notices; empty = no mail", "お知らせのメールを送るSMTPサーバー（空なら送らない）"),
    integer("mail.port", &Config::mail_port, "587", "", 1, 65535, "its port", "そのポート"),
    text("mail.tls", &Config::mail_tls, "starttls", "starttls, implicit (TLS from the start) or none (a relay on this host or inside LGWAN; no login then)", "暗号化。starttls、implicit（はじめからTLS）、none（同じホストかLGWANの中の中継。ログインは使えない）"),
    text("mail.ca_file", &Config::mail_ca_file, "", "CA certificates for it, PEM; empty = the system's", "サーバーの証明書を確かめるCA（PEM。空ならOSのもの）"),
    text("mail.login", &Config::mail_login, "", "login name at the server; empty = none", "サーバーへのログイン名（空ならログインしない）"),
    text("mail.password_file", &Config::mail_password_file, "", "file whose first line is the password", "パスワードを1行目に書いたファイル"),
    text("mail.from", &Config::mail_from, "", "address that mail comes from", "差出人のアドレス"),
    text("mail.link", &Config::mail_link, "", "address of this service as people open it; it stands in the mail", "職員がこのサービスを開くアドレス（メールに書く）"),
    integer("mail.interval_ms", &Config::mail_interval_ms, "30000", "ms", 100, 3'600'000, "how often mail is made and sent", "メールを作って送る間隔"),
    integer("approvals.settle_ms", &Config::approvals_settle_ms, "30000", "ms", 100, 3'600'000, "how often requests whose time has come are moved on and told of", "期日の来た申請を進め、知らせる間隔"),
    integer("retention.run_ms", &Config::retention_run_ms, "3600000", "ms", 100, kDay, "how often what is over its retention is looked for", "保存の期間が過ぎたものを探して消す間隔"),
    text("backup.folder", &Config::backup_folder, "", "where backups are written; outside the data folder, best on another disk; empty = none are made", "控えを書くフォルダ。データのフォルダの外で、別のディスクがよい（空なら控えを取らない）"),
    text("backup.key_file", &Config::backup_key_file, "", "the key that backups are sealed with (sekisho backup key); empty = <data>/backup.key", "控えを閉じる鍵のファイル（sekisho backup key で作る。空なら data の中の backup.key）"),
    integer("backup.interval_ms", &Config::backup_interval_ms, "86400000", "ms", 1'000, 31 * kDay, "how often a backup is made that is kept long and recorded; one is missed when twice this time has passed", "長く残し、記録する控えを取る間隔。この倍の時間なければ、取れていないと知らせる"),
    integer("backup.tick_ms", &Config::backup_tick_ms, "60000", "ms", 0, kDay, "how often what changed since is added, so that any minute can be restored; 0 = never", "その間に変わった分を足す間隔。どの時点にも戻せるように（0なら足さない）"),
    integer("backup.keep_days", &Config::backup_keep_days, "35", "days", 1, 3'650, "how long backups are kept", "控えを残す日数"),
    integer("backup.keep_tick_days", &Config::backup_keep_tick_days, "7", "days", 1, 3'650, "how long the ones of every minute are kept", "間に足した控えを残す日数"),
    integer("backup.drill_days", &Config::backup_drill_days, "30", "days", 0, 3'650, "how often the newest backup is restored beside the data, compared and thrown away; 0 = never", "最新の控えを別の場所に戻して確かめる間隔（0なら自動では行わない）"),
    integer("backup.rate_bytes", &Config::backup_rate_bytes, "4194304", "bytes/s", 0, 10'000'000'000, "most that a backup reads in a second while people work, and eight times as much while nobody does; 0 = no limit", "人が使っている間に、控えのために1秒に読む量の上限（だれも使っていない間はその8倍。0なら限らない）"),
    integer("privileges.most_minutes", &Config::privileges_most_minutes, "30", "minutes", 1, 480, "longest time for which privileged rights are opened", "特権を一度に使える時間の上限"),
    text("integrity.manifest", &Config::integrity_manifest, "", "signed list of the program's own files; empty = beside the program", "プログラムのファイルの、署名された一覧（空なら既定の場所）"),
    text("integrity.key_file", &Config::integrity_key_file, "", "verifier key of whoever signs it, received by another way; empty = the signature cannot be checked", "その署名を確かめる鍵のファイル。別の道で受け取ったもの（空なら署名を確かめられない）"),
    integer("integrity.interval_ms", &Config::integrity_interval_ms, "3600000", "ms", 100, 7 * kDay, "how often the program's own files are compared with it", "プログラムのファイルを一覧と比べる間隔"),
    integer("clock.interval_ms", &Config::clock_interval_ms, "10000", "ms", 100, kDay, "how often the clock is looked at", "時計を確かめる間隔"),
    integer("clock.step_ms", &Config::clock_step_ms, "1000", "ms", 10, 3'600'000, "a jump of the clock, or a distance from its time source, that is a notice", "知らせにする、時計の飛びや時刻のもととの差"),
    integer("disk.low_bytes", &Config::disk_low_bytes, "5368709120", "bytes", 0, 1'000'000'000'000'000, "free space of the data folder below which the doctor warns", "データのフォルダの空きがこれを下回ると、点検（sekisho doctor）で注意にする"),
    integer("reviews.months", &Config::reviews_months, "1", "months", 1, 12, "period of the review of the content log", "利用の記録を点検する間隔（月）"),
    integer("reviews.burst", &Config::reviews_burst, "60", "", 2, 100'000, "questions of one person within an hour that are a finding", "1人の1時間の質問がこの数に達すると、点検で示す"),
    integer("reviews.day_begins", &Config::reviews_day_begins, "7", "o'clock", 0, 23, "working hours begin; what is asked before is a finding", "勤務の時間のはじめ（時）。これより前の利用を点検で示す"),
    integer("reviews.day_ends", &Config::reviews_day_ends, "20", "o'clock", 1, 24, "working hours end", "勤務の時間のおわり（時）"),
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

Result<ListenConfig> read_listener(const toml::table& table, std::string_view file_name) {
  const auto line = [&](const toml::node& node) { return std::string(file_name) + ":" + std::to_string(node.source().begin.line); };
  ListenConfig out;
  for (const ListenerSetting& s : kListenerSettings) {
    const toml::node* const node = table.get(s.name);
    const auto wrong = [&](std::string_view type) {
      return fail(Code::invalid_argument, "config.value", line(node == nullptr ? table : *node) + ": listeners." + std::string(s.name) + " must be " + std::string(type));
    };
    if (node == nullptr && s.needed) return wrong("given");
    if (s.text != nullptr) {
      if (node != nullptr && !node->is_string()) return wrong("text in quotes");
      out.*s.text = node == nullptr ? std::string(s.initial) : node->as_string()->get();
    } else if (s.integer != nullptr) {
      if (!node->is_integer() || node->as_integer()->get() < 0 || node->as_integer()->get() > 65535) return wrong("from 0 to 65535");
      out.*s.integer = node->as_integer()->get();
    } else if (node != nullptr) {
      if (!node->is_boolean()) return wrong("true or false");
      out.*s.boolean = node->as_boolean()->get();
    }
  }
  for (const auto& [key, node] : table)
    if (std::none_of(kListenerSettings.begin(), kListenerSettings.end(), [&](const ListenerSetting& s) { return s.name == key.str(); }))
      return fail(Code::invalid_argument, "config.unknown_key", line(node) + ": unknown setting 'listeners." + std::string(key.str()) + "'");
  return out;
}

Status read_listeners(Config& config, const toml::node& node, std::string_view file_name) {
  const toml::array* const list = node.as_array();
  if (list == nullptr) return fail(Code::invalid_argument, "config.value", std::string(file_name) + ": listeners is written as [[listeners]]");
  for (const toml::node& item : *list) {
    if (!item.is_table()) return fail(Code::invalid_argument, "config.value", std::string(file_name) + ": listeners is written as [[listeners]]");
    SK_TRY(auto listener, read_listener(*item.as_table(), file_name));
    config.listeners.push_back(std::move(listener));
  }
  return ok();
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
    if (table_name.str() == kListeners) {
      SK_CHECK(read_listeners(config, node, file_name));
      continue;
    }
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

std::vector<ListenConfig> listeners_of(const Config& c) {
  std::vector<ListenConfig> out{{c.listen_address, c.listen_port, c.listen_segment, c.listen_sources, c.listen_proxies, c.listen_proxy_header, c.listen_behind_tls,
                                 c.tls_certificate, c.tls_key}};
  out.insert(out.end(), c.listeners.begin(), c.listeners.end());
  return out;
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
  out += "\n# ほかのセグメントの待ち受け。1つごとに [[listeners]] を書きます。\n";
  for (const ListenerSetting& s : kListenerSettings) out += "# " + std::string(s.name) + ": " + std::string(s.meaning_ja) + "\n";
  return out;
}

std::string config_markdown() {
  std::string out = "| 名前 | 初期値 | 範囲・単位 | 意味 |\n|---|---|---|---|\n";
  for (const Setting& s : kSettings) {
    std::string range = s.type == SettingType::boolean ? "true / false" : "";
    if (s.type == SettingType::integer) range = std::to_string(s.least) + "〜" + std::to_string(s.most) + (s.unit.empty() ? "" : " " + std::string(s.unit));
    out += "| `" + std::string(s.name) + "` | `" + quoted_initial(s) + "` | " + range + " | " + std::string(s.meaning_ja) + " |\n";
  }
  out += "\nほかのセグメントの待ち受けは、1つごとに `[[listeners]]` を書きます（設定ファイルだけ）。\n\n| 名前 | 初期値 | 意味 |\n|---|---|---|\n";
  for (const ListenerSetting& s : kListenerSettings)
    out += "| `" + std::string(s.name) + "` | " + (s.needed ? std::string("必須") : "`" + std::string(s.initial) + "`") + " | " + std::string(s.meaning_ja) + " |\n";
  return out;
}

}  // namespace sekisho
