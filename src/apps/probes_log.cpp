// Probes of the log, of what is kept and of what can be restored.
#include <sys/stat.h>

#include <algorithm>

#include "apps/log_watch.h"
#include "apps/probes.h"
#include "features/backup/table.h"
#include "features/retention/table.h"
#include "features/reviews/table.h"
#include "gate/entry_table.h"
#include "gate/log_read_table.h"
#include "crypto/random.h"
#include "tlog/checkpoint.h"

namespace sekisho::apps::probes {
namespace {

constexpr std::uint64_t kNewest = 64;     // leaves that are looked at each time
constexpr std::uint64_t kElsewhere = 32;  // and as many again, anywhere
constexpr std::int64_t kMicro = 1000;
constexpr std::int64_t kDayMicros = 86'400'000'000;

struct Tree {
  std::uint64_t size = 0;
  Hash root{};
};

// The newest signed head, and that the stored tree continues it.
Result<Tree> signed_tree(const Observed& o) {
  SK_TRY(const std::uint64_t size, gate::EntryTable::size(o.tx));
  const tlog::HashReader hashes = gate::stored_hashes(o.tx, size);
  SK_TRY(const Hash root, tlog::root_at(size, hashes));
  SK_TRY(const auto head, gate::newest_head(o.tx));
  if (head) {
    SK_TRY(const tlog::VerifierKey key, gate::log_verifier(*o.body.log_keys));
    SK_TRY(const auto opened, tlog::open_checkpoint(head->note, key));
    if (opened.checkpoint.size > size) return fail(Code::corrupt, "log.broken", "fewer leaves than were signed");
    SK_TRY(const Hash then, tlog::root_at(opened.checkpoint.size, hashes));
    if (then != opened.checkpoint.root) return fail(Code::corrupt, "log.broken", "not the tree that was signed");
  }
  return Tree{size, root};
}

Status leaves_match(const Observed& o, const Tree& tree, std::uint64_t first, std::uint64_t count) {
  if (count == 0) return ok();
  const tlog::HashReader hashes = gate::stored_hashes(o.tx, tree.size);
  SK_TRY(const auto rows, gate::leaves_from(o.tx, first, count));
  if (rows.size() != count) return fail(Code::corrupt, "log.broken", "leaves are missing");
  for (std::uint64_t i = 0; i < count; ++i) {
    const std::uint64_t seq = first + i;
    if (rows[i].seq != seq) return fail(Code::corrupt, "log.broken", "leaf " + std::to_string(seq) + " is missing");
    SK_TRY(const tlog::Proof proof, tlog::inclusion_proof(seq, tree.size, hashes));
    SK_CHECK(tlog::verify_inclusion(seq, tree.size, tlog::leaf_hash(rows[i].leaf), proof, tree.root));
  }
  return ok();
}

std::uint64_t random_below(std::uint64_t end) {
  const std::string bytes = crypto::random_bytes(8);
  std::uint64_t n = 0;
  for (const char c : bytes) n = n << 8 | static_cast<unsigned char>(c);
  return n % end;
}

Finding broken(const Error& error) {
  return red("記録が一致しません。書き換えか故障です（" + (error.detail.empty() ? error.key : error.detail) + "）");
}

bool there(const std::string& path) {
  struct stat about = {};
  return ::stat(path.c_str(), &about) == 0;
}

}  // namespace

// The newest leaves and a few anywhere, each by its proof to the root that continues what was signed. All of it: `sekisho log verify`.
Finding log_verifies(const Observed& o) {
  const auto tree = signed_tree(o);
  if (!tree) return broken(tree.error());
  const std::uint64_t newest = std::min(kNewest, tree->size);
  if (const Status same = leaves_match(o, *tree, tree->size - newest, newest); !same) return broken(same.error());
  for (std::uint64_t i = 0; i < kElsewhere && tree->size > newest; ++i)
    if (const Status same = leaves_match(o, *tree, random_below(tree->size - newest), 1); !same) return broken(same.error());
  Finding out = green("記録 " + std::to_string(tree->size) + " 件のうち、調べたものはすべて署名された先頭に続いています");
  out.facts = {{"件数", std::to_string(tree->size)}, {"先頭の要約値", to_hex(tree->root)}};
  if (tree->size > 0) out.log_seq = static_cast<std::int64_t>(tree->size) - 1;
  return out;
}

// Whether what the newest leaves are about can be read: their month's key opens it, and it is what the leaf commits to.
Finding log_payloads(const Observed& o) {
  const auto size = gate::EntryTable::size(o.tx);
  if (!size) return failed(size.error());
  const std::uint64_t first = *size > kNewest ? *size - kNewest : 0;
  const auto payloads = gate::payloads_between(o.tx, *o.body.log_keys, first, *size);
  if (!payloads) return red("記録の中身を開けません。鍵が失われたか、書き換えです（" + payloads.error().key + "）");
  const auto leaves = gate::leaves_from(o.tx, first, *size - first);
  if (!leaves) return failed(leaves.error());
  if (payloads->empty() && *size > 0) return red("記録の中身がありません");
  for (const auto& row : *payloads) {
    const auto leaf = tlog::decode_leaf((*leaves)[row.seq - first].leaf);
    const auto commit = tlog::commitment(row.salt, row.payload);
    if (!leaf || !commit || leaf->commit != *commit) return red("記録の中身が、記録と一致しません（" + std::to_string(row.seq) + "）");
  }
  return green("新しい " + std::to_string(payloads->size()) + " 件の中身が開け、記録と一致します");
}

Finding log_forwarding(const Observed& o) {
  if (o.config().syslog_address.empty()) return idle("別のホストへ送る設定がありません（syslog.address）");
  Finding out = of(checks::syslog(patient(o)));
  if (o.engine.failures().contains(o.body.code + " syslog")) out = red(out.reason);
  out.facts = {{"送り先", o.config().syslog_address}};
  return out;
}

Finding log_retention(const Observed& o) {
  const auto rules = retention::Table::rules(o.tx);
  if (!rules) return failed(rules.error());
  std::vector<coverage::Fact> facts;
  std::string shorter;
  for (const auto& rule : *rules) {
    facts.push_back({rule.kind, std::to_string(rule.months) + " か月"});
    if (rule.kind != "chats" && rule.months < retention::kLeastMonths) shorter += (shorter.empty() ? "" : "、") + rule.kind;
  }
  Finding out = shorter.empty() ? of(checks::retention(patient(o))) : red("1か月より短い保存の期間です: " + shorter);
  // What is not decided is kept.
  if (out.state == coverage::State::amber) out = green("どの記録も1か月以上残ります。" + out.reason);
  out.facts = std::move(facts);
  return out;
}

Finding log_reviews(const Observed& o) {
  Finding out = of(checks::reviews(patient(o)));
  if (out.state == coverage::State::amber) out.state = coverage::State::red;  // over its day is not done
  const auto all = reviews::Table::all(o.tx);
  if (!all) return failed(all.error());
  for (const auto& review : *all)
    if (review.concluded_at) {
      out.facts = {{"最後に結論を書いた点検", review.period}, {"日時", to_jst_minutes(*review.concluded_at)}};
      break;
    }
  return out;
}

Finding notices(const Observed& o) { return of(checks::alarms(patient(o))); }

Finding backups(const Observed& o) {
  if (o.config().backup_folder.empty()) return red("控えの置き場が決めてありません（backup.folder）");
  const auto alarm = backup::Table::open_alarm(o.tx);
  if (!alarm) return failed(alarm.error());
  if (*alarm) return red("控えが取れていません（" + (*alarm)->reason + "）");
  const auto sets = backup::Table::there(o.tx);
  if (!sets) return failed(sets.error());
  if (sets->empty()) return red("控えがありません");
  const auto& newest = sets->back();
  if (newest.at.micros + 2 * o.config().backup_interval_ms * kMicro < o.now.micros) return red("最後の控えが古くなっています（" + to_jst_minutes(newest.at) + "）");
  if (!there(newest.place + "/bodies/" + o.body.code + "/sets/" + newest.file)) return red("控えのファイルがありません（" + newest.file + "）");
  Finding out = green("最後の控え " + to_jst_minutes(newest.at));
  out.facts = {{"ファイル", newest.file}, {"控えの数", std::to_string(sets->size())}};
  return out;
}

Finding restore_drill(const Observed& o) {
  const auto drills = backup::Table::tests(o.tx, 1);
  if (!drills) return failed(drills.error());
  if (drills->empty()) return amber("戻す試しは、まだ行われていません");
  const auto& last = drills->front();
  const std::string text = "最後に戻した試し " + to_jst_minutes(last.at);
  if (!last.good) return red(text + " は、もとと違いました");
  const std::int64_t days = std::max<std::int64_t>(o.config().backup_drill_days, 30);
  if (last.at.micros + 2 * days * kDayMicros < o.now.micros) return red(text + "。" + std::to_string(2 * days) + " 日より前です");
  Finding out = green(text + " は、もとと同じでした");
  out.facts = {{"ファイル", last.file}, {"戻すのにかかった時間", std::to_string(last.restore_ms) + " ミリ秒"}};
  return out;
}

}  // namespace sekisho::apps::probes
