#include "apps/log_watch.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>

#include "core/bytes.h"
#include "core/log.h"
#include "gate/log_read_table.h"
#include "outside/syslog.h"
#include "tlog/checkpoint.h"
#include "tlog/proof_file.h"

namespace sekisho::apps {
namespace {

using namespace std::chrono_literals;

constexpr auto kDeadline = 10s;
// A connection that breaks loses what lay in its buffers, and nobody says how much: so many leaves are sent again.
constexpr std::uint64_t kSendAgain = 2000;
constexpr std::uint64_t kLeavesAtOnce = 500;

Unexpected rolled_back(const gate::Body& body, const std::string& what) { return fail(Code::corrupt, "log.rolled_back", body.code + ": " + what); }

// The root that the stored tree had with `size` leaves.
Result<Hash> root_at(gate::Body& body, std::uint64_t size) {
  SK_TRY(auto tx, body.db->begin_read());
  return tlog::root_at(size, gate::stored_hashes(*tx, size));
}

// The newest head that is surely on the disk; nothing when the newest is not yet.
Result<std::optional<gate::HeadRow>> durable_head(gate::Body& body) {
  const std::uint64_t durable = body.writer->status().checkpoint_size;
  SK_TRY(auto tx, body.db->begin_read());
  SK_TRY(auto head, gate::newest_head(*tx));
  if (head && head->size > durable) head.reset();
  return head;
}

std::string heads_folder(const Config& config) { return config.heads_folder.empty() ? config.data_dir + "/heads" : config.heads_folder; }
std::string sent_path(const gate::Body& body) { return body.folder + "/syslog.sent"; }

}  // namespace

std::string kept_head_path(const Config& config, const std::string& code) { return heads_folder(config) + "/" + code + ".checkpoint"; }

Status compare_kept_head(const std::string& path, gate::Body& body, std::uint64_t size) {
  const auto note = read_file(path, tlog::kMaxNoteBytes);
  if (!note) return note.error().code == Code::not_found ? ok() : Status(Unexpected(note.error()));
  SK_TRY(const tlog::VerifierKey key, gate::log_verifier(*body.log_keys));
  const auto opened = tlog::open_checkpoint(*note, key);
  if (!opened) return rolled_back(body, "the kept head is not signed by this log's key: " + path);
  if (opened->checkpoint.size > size)
    return rolled_back(body, "the log has " + std::to_string(size) + " leaves, the kept head " + std::to_string(opened->checkpoint.size) + ": " + path);
  SK_TRY(const Hash root, root_at(body, opened->checkpoint.size));
  if (root != opened->checkpoint.root) return rolled_back(body, "the log is not the one of the kept head: " + path);
  return ok();
}

Result<std::uint64_t> sent_to_syslog(const gate::Body& body) {
  const auto text = read_file(sent_path(body), 64);
  if (!text) return text.error().code == Code::not_found ? Result<std::uint64_t>(0) : Result<std::uint64_t>(Unexpected(text.error()));
  std::uint64_t sent = 0;
  if (std::from_chars(text->data(), text->data() + text->size(), sent).ec != std::errc()) return fail(Code::corrupt, "log.syslog", sent_path(body));
  return sent;
}

Result<std::unique_ptr<LogWatch>> LogWatch::create(Engine& engine) {
  const Config& config = engine.config();
  std::unique_ptr<LogWatch> out(new LogWatch(engine));
  const std::string heads = heads_folder(config);
  if (::mkdir(heads.c_str(), 0700) != 0 && errno != EEXIST) return fail(Code::unavailable, "storage.io", "cannot create " + heads);
  if (!config.witness_file.empty()) {
    SK_TRY(const std::string text, read_file(config.witness_file, 64 * 1024));
    SK_TRY(auto policy, tlog::TrustPolicy::parse(text).context(config.witness_file));
    out->policy_ = std::move(policy);
  }
  out->witness_ca_ = config.witness_ca_file;
  out->syslog_address_ = config.syslog_address;
  out->syslog_files_ = {config.syslog_ca_file, config.syslog_certificate, config.syslog_key};
  std::array<char, 256> name{};
  if (::gethostname(name.data(), name.size() - 1) == 0) out->host_ = name.data();
  return out;
}

std::map<std::string, std::string> LogWatch::failures() const {
  const std::lock_guard lock(telling_);
  std::map<std::string, std::string> out;
  for (const auto& [matter, key] : told_)
    if (!key.empty()) out.emplace(matter, key);
  return out;
}

Status LogWatch::compare_at_start() {
  for (const auto& [code, body] : engine_.bodies()) {
    if (Status kept = compare_kept_head(kept_head_path(engine_.config(), code), *body, body->writer->status().size); !kept) {
      tell(*body, "head", kept);
      return kept;
    }
    for (const tlog::WitnessLine& witness : witnesses()) {
      if (witness.url.empty()) continue;
      Status said = ask(*body, witness, true);
      tell(*body, witness.name, said);
      if (!said && said.error().key == "log.rolled_back") return said;
    }
  }
  return ok();
}

void LogWatch::look() {
  for (const auto& [code, body] : engine_.bodies()) {
    tell(*body, "head", keep_head(*body));
    for (const tlog::WitnessLine& witness : witnesses())
      if (!witness.url.empty()) tell(*body, witness.name, ask(*body, witness, false));
  }
}

void LogWatch::tell(const gate::Body& body, const std::string& matter, const Status& outcome) {
  {
    const std::lock_guard lock(telling_);
    std::string& last = told_[body.code + " " + matter];
    const std::string now = outcome ? "" : outcome.error().key;
    if (now == last) return;
    if (!outcome) log::error("log.outside", outcome.error());
    else log::info("log.outside_again", {{"matter", log::Safe(body.code + " " + matter)}});
    last = now;
  }
  // That a host does not answer is for who runs the machine; that it saw another log is an incident.
  if (!outcome && outcome.error().key == "log.rolled_back") engine_.alarms().raise(body.code, "log_rolled_back", outcome.error().detail);
}

Status LogWatch::keep_head(gate::Body& body) {
  SK_TRY(const auto head, durable_head(body));
  if (!head || head->size == kept_[body.code]) return ok();
  // A log that went back while the program ran must not replace what was seen of it.
  SK_CHECK(compare_kept_head(kept_head_path(engine_.config(), body.code), body, head->size));
  SK_CHECK(write_file(kept_head_path(engine_.config(), body.code), head->note));
  kept_[body.code] = head->size;
  return ok();
}

Status LogWatch::ask(gate::Body& body, const tlog::WitnessLine& witness, bool starting) {
  SK_TRY(const auto head, durable_head(body));
  if (!head) return ok();
  SK_TRY(auto tx, body.db->begin_read());
  SK_TRY(std::uint64_t old, gate::cosigned_size(*tx, witness.key.name()));
  if (old == head->size && !starting) return ok();
  SK_TRY(const tlog::Note note, tlog::parse_note(head->note));
  // Twice: the first answer may say where the witness stands.
  for (int attempt = 0; attempt < 2; ++attempt) {
    tlog::ConsistencyText asked{old, {}, head->note};
    if (old > 0 && old < head->size) {
      SK_TRY(asked.proof, tlog::consistency_proof(old, head->size, gate::stored_hashes(*tx, head->size)));
    }
    SK_TRY(const outside::PostAnswer answer, outside::post(witness.url + "/add-checkpoint", tlog::encode_consistency(asked), witness_ca_, kDeadline));
    if (answer.status == 200) {
      tx.reset();
      return take_cosignature(body, witness, head->size, note.text, answer.body);
    }
    if (answer.status == 422) return rolled_back(body, "witness " + witness.name + " saw another log");
    std::uint64_t seen = 0;
    const auto [end, error] = std::from_chars(answer.body.data(), answer.body.data() + answer.body.size(), seen);
    if (answer.status != 409 || !answer.type.starts_with("text/x.tlog.size") || error != std::errc() || std::string_view(end) != "\n")
      return fail(Code::upstream, "log.witness", witness.name + " answered " + std::to_string(answer.status));
    if (seen > head->size) return rolled_back(body, "witness " + witness.name + " saw " + std::to_string(seen) + " leaves, the log's head has " + std::to_string(head->size));
    if (seen == old) return rolled_back(body, "witness " + witness.name + " saw another head of " + std::to_string(seen) + " leaves");
    old = seen;
  }
  return fail(Code::upstream, "log.witness", witness.name + " does not settle on a size");
}

Status LogWatch::take_cosignature(gate::Body& body, const tlog::WitnessLine& witness, std::uint64_t size, const std::string& text, const std::string& lines) {
  SK_TRY(tlog::Note answer, tlog::parse_note(text + "\n" + lines));
  SK_TRY(const auto verified, tlog::verify_note(answer, {witness.key}).context(witness.name));
  const auto line = std::find_if(answer.signatures.begin(), answer.signatures.end(),
                                 [&](const tlog::NoteSignature& s) { return s.name == witness.key.name() && s.key_id == witness.key.id(); });
  SystemClock clock;
  return body.writer->run([&, line](sql::Tx& tx, gate::LogTable&) { return gate::add_cosignature(tx, size, *line, clock.now()); });
}

void LogWatch::forward() {
  for (const auto& [code, body] : engine_.bodies()) {
    const Status sent = forward_body(*body);
    if (!sent) sender_.reset();
    tell(*body, "syslog", sent);
    if (!sent) return;
  }
}

Status LogWatch::forward_body(gate::Body& body) {
  const std::uint64_t end = body.writer->status().size;
  if (!next_.contains(body.code)) {
    SK_TRY(const std::uint64_t sent, sent_to_syslog(body));
    if (sent > end) return rolled_back(body, "the syslog receiver has more leaves than the log");
    next_[body.code] = sent;
  }
  std::uint64_t& next = next_[body.code];
  if (next == end && sender_) return ok();
  if (!sender_) {
    for (auto& [code, seq] : next_) seq -= std::min(seq, kSendAgain);
    SK_TRY(sender_, outside::TlsSender::connect(syslog_address_, syslog_files_, kDeadline));
  }
  while (next < end) SK_CHECK(send_leaves(body, next, end));
  return ok();
}

Status LogWatch::send_leaves(gate::Body& body, std::uint64_t& next, std::uint64_t end) {
  SK_TRY(auto tx, body.db->begin_read());
  SK_TRY(const auto rows, gate::leaves_from(*tx, next, std::min(kLeavesAtOnce, end - next)));
  tx.reset();
  std::string bytes;
  for (const gate::LeafRow& row : rows) {
    SK_TRY(const tlog::Leaf leaf, tlog::decode_leaf(row.leaf));
    bytes += outside::framed(outside::syslog_message(leaf, row.leaf, host_));
  }
  if (rows.empty()) return fail(Code::corrupt, "log.broken", "leaves are missing");
  SK_CHECK(sender_->send(bytes, kDeadline));
  next = rows.back().seq + 1;
  return write_file(sent_path(body), std::to_string(next) + "\n");
}

}  // namespace sekisho::apps
