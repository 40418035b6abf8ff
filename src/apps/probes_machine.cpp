// Probes of the settings and the machine. Bounds are ours where the policy gives no figure; each says its figure in the reason.
#include <sys/statvfs.h>

#include <algorithm>
#include <array>

#include "apps/probes.h"
#include "apps/self_check.h"
#include "core/network.h"

namespace sekisho::apps::probes {
namespace {

constexpr int kNotices = 200;
constexpr std::int64_t kMostAttempts = 10;
constexpr std::int64_t kLeastLongestWaitMs = 300'000;
constexpr std::int64_t kMostProvisionalMs = 7LL * 86'400'000;

std::string number(std::int64_t n) { return std::to_string(n); }

// Addresses of the open internet (documentation ranges stand for anybody): a list that admits them admits everybody.
bool admits_everybody(const Networks& networks) {
  for (const char* anybody : {"203.0.113.77", "198.51.100.77", "2001:db8::77"}) {
    const auto address = Address::parse(anybody);
    if (address && contains(networks, *address)) return true;
  }
  return false;
}

std::string place_of(const ListenConfig& listen) { return listen.address + "（" + listen.segment + "）"; }

}  // namespace

Finding lockout(const Observed& o) {
  const Config& c = o.config();
  const std::string text = "失敗 " + number(c.lockout_attempts) + " 回（特権のある人は " + number(c.lockout_privileged_attempts) + " 回）で待たせます";
  Finding out = green(text);
  if (c.lockout_attempts > kMostAttempts || c.lockout_privileged_attempts > kMostAttempts) out = red(text + "。" + number(kMostAttempts) + " 回より多い設定です");
  else if (c.lockout_longest_wait_ms < kLeastLongestWaitMs) out = red(text + "。待たせる時間の上限が 5 分より短い設定です");
  out.facts = {{"lockout.attempts", number(c.lockout_attempts)}, {"lockout.privileged_attempts", number(c.lockout_privileged_attempts)}};
  return out;
}

Finding provisional_password(const Observed& o) {
  const std::int64_t ms = o.config().password_provisional_ms;
  const std::string text = "仮パスワードは " + number(ms / 3'600'000) + " 時間で使えなくなり、最初のログインで変えさせます";
  return ms > kMostProvisionalMs ? red(text + "。7 日より長い設定です") : green(text);
}

// Asks the rule that runs: words that anybody tries first must be refused, whatever their length.
Finding password_rule(const Observed& o) {
  const accounts::Passwords& passwords = o.engine.accounts().passwords();
  for (const char* tried : {"administrator2026", "passwordwelcome", "himitsukanrisha"})
    if (passwords.judge(tried, 1, {}).key.empty()) return red("推測されやすいパスワードを受け付けます（言葉の一覧が働いていません）");
  if (passwords.judge("x7Q!", 1, {}).key.empty() || passwords.judge("x7Q!", 2, {}).key.empty()) return red("短いパスワードを受け付けます");
  return green("短いものと推測されやすいものを断ります（1要素 " + number(passwords.rule().least_single) + " 文字、2要素 " + number(passwords.rule().least_multi) + " 文字から）");
}

Finding login_banner(const Observed& o) {
  return o.config().login_banner.empty() ? red("ログインの前の注意書きがありません") : green("ログインの前に注意書きを示します");
}

// A jump that nobody has looked at yet: times of records about it are in doubt.
Finding clock(const Observed& o) {
  const auto standing = alarms::Table::standing(o.tx, kNotices);
  if (!standing) return failed(standing.error());
  for (const auto& notice : *standing)
    if (notice.alarm.kind == "clock_stepped" || notice.alarm.kind == "clock_unsynchronised")
      return red("時計の知らせを、だれも確かめていません（" + to_jst_minutes(notice.alarm.opened_at) + "）");
  return of(checks::clock(patient(o)));
}

// The matrix is asked for often and the program is large: only files that changed are read. The self-check (self_check.h) reads all, in its own time.
Finding program_files(const Observed& o) {
  static integrity::KeptHashes kept;  // by path, of the files as they lie: the same for every engine of the process
  return of(checks::told(o.config(), check_files(o.config(), &kept)));
}
Finding sandbox(const Observed& o) { return of(checks::sandbox(patient(o))); }
// Paths of the machine are for its operator (sekisho doctor), not for whoever reads the policy.
Finding data_folder(const Observed& o) {
  Finding out = of(checks::data_folder(patient(o)));
  if (const std::size_t at = out.reason.find(o.config().data_dir); at != std::string::npos) out.reason.replace(at, o.config().data_dir.size(), "データのフォルダ");
  return out;
}
Finding key_files(const Observed& o) { return of(checks::keys(patient(o))); }

Finding transport(const Observed& o) {
  std::string open;
  for (const ListenConfig& listen : listeners_of(o.config())) {
    const auto address = Address::parse(listen.address);
    const bool local = address && address->loopback();
    if (!local && listen.certificate.empty() && !listen.behind_tls) open += (open.empty() ? "" : "、") + place_of(listen);
  }
  return open.empty() ? green("この機械の外からは、暗号化した通信だけを受けます") : red("暗号化しない通信を外から受けます: " + open);
}

Finding forwarded_header(const Observed& o) {
  bool any = false;
  for (const ListenConfig& listen : listeners_of(o.config())) {
    const auto proxies = parse_networks(listen.proxies);
    if (!proxies) return failed(proxies.error());
    any = any || !proxies->empty();
    if (admits_everybody(*proxies)) return red("だれが書いた転送元のヘッダーも信じます: " + place_of(listen));
  }
  return green(any ? "決めたプロキシのヘッダーだけを信じます" : "転送元のヘッダーを信じません");
}

Finding listener_sources(const Observed& o) {
  for (const ListenConfig& listen : listeners_of(o.config())) {
    const auto sources = parse_networks(listen.sources);
    if (!sources) return failed(sources.error());
    if (admits_everybody(*sources)) return red("どのネットワークからも入れます: " + place_of(listen));
  }
  return green("決めたネットワークからだけ入れます（待受け " + number(static_cast<std::int64_t>(listeners_of(o.config()).size())) + "）");
}

Finding storage_limit(const Observed& o) {
  struct statvfs about = {};
  if (::statvfs(o.config().data_dir.c_str(), &about) != 0) return red("ディスクの大きさを確かめられませんでした");
  const auto disk = static_cast<std::uint64_t>(about.f_blocks) * about.f_frsize;
  if (static_cast<std::uint64_t>(o.config().storage_max_bytes) > disk) return red("容量の上限がディスクより大きく、上限として働きません");
  return of(checks::storage(patient(o)));
}

Finding disk_space(const Observed& o) {
  Finding out = of(checks::disk(patient(o)));
  // Below the body's own bound it is no warning here: what cannot be written is refused soon.
  if (out.state == coverage::State::amber) out = red(out.reason + "。決めた下限（disk.low_bytes）を下回っています");
  return out;
}

// The rules that run: nobody without the power, and nobody unknown, administers.
Finding access_rules(const Observed& o) {
  static constexpr std::array kAdministering = {"log.",   "users.", "endpoints.", "organisation.", "guards.manage", "retention.", "stops.",
                                                "backup.", "services.", "flows.",  "reviews.",      "policies.",     "keys.",      "departments."};
  const policy::Matrix& matrix = o.engine.gate().matrix();
  policy::Person stranger;
  stranger.user_id = "probe";
  stranger.session_segment = ~policy::SegmentSet{0};
  stranger.factors = 3;
  stranger.elevated = true;
  std::int64_t asked = 0;
  for (const auto& [action, rule] : matrix.rules()) {
    if (action != "session.open" && policy::decide(matrix, nullptr, action).allow) return red("ログインしない人に開いています: " + action);
    const bool administers = std::any_of(kAdministering.begin(), kAdministering.end(), [&](std::string_view p) { return action.starts_with(p); });
    if (administers && policy::decide(matrix, &stranger, action).allow) return red("権限のない人に開いています: " + action);
    asked += administers ? 1 : 0;
  }
  if (policy::decide(matrix, &stranger, "no.such.action").allow) return red("決まりのない操作を通します");
  Finding out = green("決まりのない操作と権限のない人を断ります（管理の操作 " + number(asked) + " 種類で確かめました）");
  out.facts = {{"決まりの版", matrix.version()}};
  return out;
}

}  // namespace sekisho::apps::probes
