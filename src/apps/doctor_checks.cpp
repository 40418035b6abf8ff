// The doctor's checks of one body.
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>

#include <fcntl.h>

#include "apps/doctor.h"
#include "apps/log_watch.h"
#include "apps/mailing.h"
#include "apps/migrations.h"
#include "core/bytes.h"
#include "core/descriptor.h"
#include "crypto/key_file.h"
#include "features/backup/table.h"
#include "features/bodies/table.h"
#include "features/endpoints/table.h"
#include "features/library/table.h"
#include "features/metering/rules.h"
#include "features/office/mail_table.h"
#include "features/retention/plan.h"
#include "features/reviews/reviews.h"
#include "gate/entry_table.h"
#include "gate/log_read_table.h"
#include "gate/log_table.h"

namespace sekisho::apps::checks {
namespace {

constexpr std::int64_t kDayMicros = 86'400'000'000;
constexpr std::uint64_t kSyslogGap = 10'000;
constexpr int kConnectMs = 3'000;

Finding green(std::string reason) { return {Health::green, std::move(reason)}; }
Finding amber(std::string reason) { return {Health::amber, std::move(reason)}; }
Finding red(std::string reason) { return {Health::red, std::move(reason)}; }
Finding failed(const Error& error) { return red("確かめられませんでした: " + error.key + (error.detail.empty() ? "" : "（" + error.detail + "）")); }
Finding not_open(const Patient& p) { return failed(p.closed.error()); }

std::string percent(std::int64_t part, std::int64_t whole) { return std::to_string(whole == 0 ? 100 : part * 100 / whole) + "%"; }

// Whether something takes connections there. Resolving the name may take as long as the system's resolver does.
bool connects(const std::string& url) {
  const std::size_t scheme = url.find("://");
  if (scheme == std::string::npos) return false;
  std::string host = url.substr(scheme + 3, url.find('/', scheme + 3) - scheme - 3);
  std::string port = url.starts_with("https") ? "443" : "80";
  if (const std::size_t colon = host.rfind(':'); colon != std::string::npos && host.find(']', colon) == std::string::npos) {
    port = host.substr(colon + 1);
    host.resize(colon);
  }
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (::getaddrinfo(host.c_str(), port.c_str(), &hints, &found) != 0) return false;
  bool connected = false;
  for (const addrinfo* a = found; a != nullptr && !connected; a = a->ai_next) {
    const Descriptor fd(::socket(a->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, a->ai_protocol));
    if (fd.get() < 0) continue;
    if (::connect(fd.get(), a->ai_addr, a->ai_addrlen) == 0) {
      connected = true;
      continue;
    }
    pollfd wait = {fd.get(), POLLOUT, 0};
    int error = 0;
    socklen_t size = sizeof(error);
    connected = ::poll(&wait, 1, kConnectMs) == 1 && ::getsockopt(fd.get(), SOL_SOCKET, SO_ERROR, &error, &size) == 0 && error == 0;
  }
  ::freeaddrinfo(found);
  return connected;
}

}  // namespace

Finding keys(const Patient& p) {
  for (const char* name : {"body.key", "log.key"})
    if (const auto key = crypto::load_key(p.config.data_dir + "/bodies/" + p.code + "/" + name); !key)
      return red(std::string(name) + " が使えません。持ち主だけが読めるか（0600）を確かめてください（" + key.error().detail + "）");
  return green("持ち主だけが読めます");
}

Finding schema(const Patient& p) {
  if (p.body != nullptr) return green(std::to_string(migrations().size()) + " 段階すべて済んでいます");
  const std::string& key = p.closed.error().key;
  if (key == "sql.schema_older") return amber("古い版のデータです。控えを取り、sekisho migrate か起動で新しくなります");
  if (key == "sql.schema_newer") return red("新しい版のプログラムが書いたデータです。このプログラムでは開けません");
  return not_open(p);
}

Finding database(const Patient& p) {
  if (p.body == nullptr) return not_open(p);
  const auto faults = p.body->db->faults();
  if (!faults) return failed(faults.error());
  if (faults->empty()) return green("壊れていません");
  return red("壊れています: " + faults->front());
}

Finding log_tree(const Patient& p) {
  if (p.body == nullptr) return not_open(p);
  auto tx = p.body->db->begin_read();
  if (!tx) return failed(tx.error());
  const auto v = gate::verify_log(**tx, *p.body->log_keys);
  if (!v) return red("記録が一致しません。書き換えか故障です。フォルダを保全し、責任者に知らせてください（" + v.error().detail + "）");
  return green(std::to_string(v->leaves) + " 件、署名 " + std::to_string(v->checkpoints) + " 個、すべて一致しています");
}

Finding log_written(const Patient& p) {
  if (p.written) return green(p.serving ? "動いているサービスが書けました" : "書けました");
  const std::string& key = p.written.error().key;
  if (key == "sql.schema_older") return amber("古い版のデータのため、試していません");
  if (key == "control.silent") return red("動いているサービスが答えません");
  return red("書けません。操作はすべて断られます（" + key + "）");
}

Finding head(const Patient& p) {
  if (p.body == nullptr) return not_open(p);
  auto tx = p.body->db->begin_read();
  if (!tx) return failed(tx.error());
  const auto size = gate::EntryTable::size(**tx);
  tx->reset();
  if (!size) return failed(size.error());
  const std::string path = kept_head_path(p.config, p.code);
  if (!read_file(path, tlog::kMaxNoteBytes)) return amber("控えた先頭がまだありません（起動すると " + path + " に控えます）");
  if (const Status same = compare_kept_head(path, *p.body, *size); !same)
    return same.error().key == "log.rolled_back" ? red("記録が、前に見た先頭の続きではありません（" + same.error().detail + "）") : failed(same.error());
  return green("控えた先頭の続きです");
}

Finding witness(const Patient& p) {
  if (p.body == nullptr) return not_open(p);
  if (p.config.witness_file.empty()) return amber("立会いを頼んでいません（witness.file）。鍵を持つ人の作り替えに気づけません");
  const auto text = read_file(p.config.witness_file, 64 * 1024);
  const auto policy = text ? tlog::TrustPolicy::parse(*text) : Result<tlog::TrustPolicy>(Unexpected(text.error()));
  if (!policy) return failed(policy.error());
  auto tx = p.body->db->begin_read();
  const auto newest = tx ? gate::newest_head(**tx) : Result<std::optional<gate::HeadRow>>(Unexpected(tx.error()));
  if (!newest) return failed(newest.error());
  const std::uint64_t size = *newest ? (*newest)->size : 0;
  Finding out = green(std::to_string(policy->witnesses().size()) + " か所の立会いが、最新の先頭まで署名しています");
  for (const tlog::WitnessLine& w : policy->witnesses()) {
    if (const auto failure = p.failures.find(p.code + " " + w.name); failure != p.failures.end())
      return failure->second == "log.rolled_back" ? red("立会い " + w.name + " が、別の記録を見ています") : amber("立会い " + w.name + " が答えません（" + failure->second + "）");
    const auto cosigned = gate::cosigned_size(**tx, w.key.name());
    if (!cosigned) return failed(cosigned.error());
    if (*cosigned < size) out = amber("立会い " + w.name + " の署名は " + std::to_string(*cosigned) + " 件まで、最新の先頭は " + std::to_string(size) + " 件です");
  }
  return out;
}

Finding syslog(const Patient& p) {
  if (p.body == nullptr) return not_open(p);
  if (p.config.syslog_address.empty()) return amber("送っていません（syslog.address）");
  const auto sent = sent_to_syslog(*p.body);
  if (!sent) return failed(sent.error());
  auto tx = p.body->db->begin_read();
  const auto size = tx ? gate::EntryTable::size(**tx) : Result<std::uint64_t>(Unexpected(tx.error()));
  if (!size) return failed(size.error());
  if (*sent > *size) return red("受け取る側のほうが、記録より進んでいます");
  const std::uint64_t gap = *size - *sent;
  const std::string text = "送っていない記録が " + std::to_string(gap) + " 件あります";
  if (p.failures.contains(p.code + " syslog")) return gap > kSyslogGap ? red(text + "。つながりません") : amber(text + "。つながりません");
  return gap > kSyslogGap ? amber(text) : green(text);
}

Finding alarms(const Patient& p) {
  if (p.body == nullptr) return not_open(p);
  auto tx = p.body->db->begin_read();
  const auto standing = tx ? alarms::Table::standing(**tx, 1000) : Result<std::vector<alarms::Recorded>>(Unexpected(tx.error()));
  const auto waiting = alarms::waiting_in(p.body->folder);
  if (!standing) return failed(standing.error());
  if (!waiting) return failed(waiting.error());
  if (!waiting->empty()) return red("まだ記録できていない知らせが " + std::to_string(waiting->size()) + " 件あります（" + waiting->front().kind + "）");
  if (!standing->empty()) return amber("だれも確かめていない知らせが " + std::to_string(standing->size()) + " 件あります（" + standing->front().alarm.kind + "）");
  return green("確かめていない知らせはありません");
}

Finding mail(const Patient& p) {
  if (p.body == nullptr) return not_open(p);
  const auto server = mail_server(p.config);
  if (!server) return red("設定に誤りがあります（" + server.error().detail + "）");
  if (!*server) return green("送らない設定です（mail.host）");
  if (const auto link = mail_link(p.config); !link) return red("設定に誤りがあります（" + link.error().detail + "）");
  auto tx = p.body->db->begin_read();
  constexpr std::int64_t kWeek = std::int64_t{7} * 86'400'000'000;
  const auto trouble = tx ? office::MailTable::trouble(**tx, {p.now.micros - kWeek}) : Result<office::MailTable::Trouble>(Unexpected(tx.error()));
  if (!trouble) return failed(trouble.error());
  if (trouble->failed > 0) return red("送れずにあきらめたメールが、この7日間に " + std::to_string(trouble->failed) + " 通あります（" + trouble->error + "）");
  if (trouble->late > 0) return amber("送り直しているメールが " + std::to_string(trouble->late) + " 通あります（" + trouble->error + "）");
  return green((*server)->host + " から送ります。滞っているメールはありません");
}

// Only what is approved: a host that nobody approved is not called, not even to see whether it is there.
Finding endpoints(const Patient& p) {
  if (p.body == nullptr) return not_open(p);
  auto tx = p.body->db->begin_read();
  const auto all = tx ? endpoints::Table::all(**tx) : Result<std::vector<endpoints::Endpoint>>(Unexpected(tx.error()));
  if (!all) return failed(all.error());
  int reached = 0, skipped = 0;
  std::string silent;
  for (const endpoints::Endpoint& e : *all) {
    if (!e.enabled || e.waits_for) continue;
    std::optional<services::Service> service;
    if (e.service_id) {
      auto found = services::Table::find(**tx, *e.service_id);
      if (!found) return failed(found.error());
      service = std::move(*found);
    }
    if (!service || !service->in_force(p.now)) ++skipped;
    else if (connects(e.url)) ++reached;
    else silent += (silent.empty() ? "" : "、") + e.name;
  }
  const std::string beside = skipped == 0 ? "" : "。承認のない接続先 " + std::to_string(skipped) + " 件には、つないでいません";
  if (!silent.empty()) return red("つながりません: " + silent + beside);
  if (reached == 0) return amber("承認された接続先がありません。内蔵の「抽出」だけが使えます" + beside);
  return green("承認された接続先 " + std::to_string(reached) + " 件につながります" + beside);
}

Finding factors(const Patient& p) {
  if (p.body == nullptr) return not_open(p);
  auto tx = p.body->db->begin_read();
  const auto profile = tx ? bodies::Table::profile(**tx) : Result<bodies::Named>(Unexpected(tx.error()));
  if (!profile) return profile.error().key == "bodies.not_set_up" ? amber("団体の設定がまだありません") : failed(profile.error());
  std::string one;
  for (const auto& segment : profile->profile.segments)
    if (segment.factors < 2) one += (one.empty() ? "" : "、") + segment.name;
  const auto& powers = profile->profile.two_factor_powers;
  if (one.empty()) return green("すべてのセグメントで、2つの要素を求めます");
  if (powers && !powers->empty()) return green("特権のある人に2つの要素を求めます。1つで入れるセグメント: " + one);
  return amber("1つの要素で入れます: " + one);
}

Finding retention(const Patient& p) {
  if (p.body == nullptr) return not_open(p);
  auto tx = p.body->db->begin_read();
  const auto known = tx ? retention::known(**tx) : Result<retention::Known>(Unexpected(tx.error()));
  if (!known) return failed(known.error());
  const auto planned = retention::plan(**tx, *known);
  if (!planned) return failed(planned.error());
  for (const retention::Planned& one : *planned)
    if (!one.held && one.due_at.micros + 2 * kDayMicros < p.now.micros) return red("保存の期間が過ぎたものが消えていません（" + one.period + "）");
  std::string open;
  for (const std::string_view kind : retention::kKinds)
    if (!known->rules.contains(std::string(kind))) open += (open.empty() ? "" : "、") + std::string(kind);
  return open.empty() ? green("すべての種類に決めてあります") : amber("決めていない種類があります（" + open + "）。決めるまで消えません");
}

Finding storage(const Patient& p) {
  if (p.body == nullptr) return not_open(p);
  auto tx = p.body->db->begin_read();
  const auto bytes = tx ? library::Table::stored_bytes(**tx) : Result<std::int64_t>(Unexpected(tx.error()));
  if (!bytes) return failed(bytes.error());
  const std::string text = "上限の " + percent(*bytes, p.config.storage_max_bytes) + " を使っています";
  const int level = metering::level_of(*bytes, p.config.storage_max_bytes);
  return level >= 100 ? red(text + "。資料を取り込めません") : level > 0 ? amber(text) : green(text);
}

Finding reviews(const Patient& p) {
  if (p.body == nullptr) return not_open(p);
  auto tx = p.body->db->begin_read();
  const auto late = tx ? reviews::overdue(**tx, p.now) : Result<std::vector<std::string>>(Unexpected(tx.error()));
  if (!late) return failed(late.error());
  return late->empty() ? green("期限の過ぎた点検はありません") : amber("期限の過ぎた点検が " + std::to_string(late->size()) + " 件あります（" + late->front() + "）");
}

Finding backups(const Patient& p) {
  if (p.body == nullptr) return not_open(p);
  if (p.config.backup_folder.empty()) return amber("控えの置き場が決めてありません（backup.folder）");
  auto tx = p.body->db->begin_read();
  if (!tx) return failed(tx.error());
  const auto alarm = backup::Table::open_alarm(**tx);
  if (!alarm) return failed(alarm.error());
  if (*alarm) return red("控えが取れていません: " + (*alarm)->reason);
  const auto sets = backup::Table::sets(**tx, 1);
  if (!sets) return failed(sets.error());
  if (sets->empty()) return amber("まだ控えがありません");
  const auto drills = backup::Table::tests(**tx, 1);
  if (!drills) return failed(drills.error());
  const std::string last = "最後の控え " + to_jst_minutes(sets->front().at);
  if (drills->empty()) return amber(last + "。戻す試しは、まだ行われていません");
  const std::string drilled = last + "。最後に戻した試し " + to_jst_minutes(drills->front().at);
  return drills->front().good ? green(drilled) : red(drilled + " は、もとと違いました");
}

}  // namespace sekisho::apps::checks
