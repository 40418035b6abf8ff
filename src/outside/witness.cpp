#include "outside/witness.h"

#include <filesystem>

#include "core/bytes.h"
#include "core/log.h"
#include "crypto/hash.h"
#include "crypto/key_file.h"

namespace sekisho::outside {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxEvidence = 100;
constexpr const char* kPlain = "text/plain; charset=utf-8";

WitnessAnswer plain(int status, const char* why) { return {status, kPlain, std::string(why) + "\n"}; }
WitnessAnswer size_answer(std::uint64_t size) { return {409, "text/x.tlog.size", std::to_string(size) + "\n"}; }

}  // namespace

Result<std::unique_ptr<Witness>> Witness::open(const std::string& folder, const std::string& name, tlog::TrustPolicy policy, const Clock& clock) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) return fail(Code::unavailable, "storage.io", "cannot create " + folder + ": " + error.message());
  SK_TRY(const Secret seed, crypto::load_or_create_key(folder + "/witness.key"));
  SK_TRY(auto key, crypto::SigningKey::from_seed(seed.reveal()));
  SK_TRY(auto verifier, tlog::VerifierKey::create(name, tlog::KeyType::cosignature, key.public_key()));
  std::unique_ptr<Witness> out(new Witness(folder, std::move(policy), clock, std::move(key), std::move(verifier)));
  // What cannot be read back is told at the start, not at the first question.
  for (const tlog::VerifierKey& log : out->policy_.logs())
    if (const auto known = out->last(log); !known) return fail(Error(known.error()).context(log.name()));
  return out;
}

std::string Witness::path_of(std::string_view origin) const { return folder_ + "/" + to_hex(crypto::sha256(origin)).substr(0, 32) + ".checkpoint"; }

Result<tlog::Checkpoint> Witness::last(const tlog::VerifierKey& log) const {
  const auto note = read_file(path_of(log.name()), tlog::kMaxNoteBytes);
  if (!note) {
    if (note.error().code != Code::not_found) return fail(note.error());
    return tlog::Checkpoint{log.name(), 0, tlog::empty_root(), {}};
  }
  SK_TRY(const auto opened, tlog::open_checkpoint(*note, log, {verifier_}));
  if (opened.witnesses.empty()) return fail(Code::corrupt, "note.unverified", "the state was not signed by this witness");
  return opened.checkpoint;
}

WitnessAnswer Witness::add_checkpoint(std::string_view body) {
  const auto asked = tlog::parse_consistency(body);
  if (!asked) return plain(400, "not an old size, a proof and a checkpoint");
  const auto note = tlog::parse_note(asked->checkpoint);
  const auto unverified = note ? tlog::parse_checkpoint_text(note->text) : Result<tlog::Checkpoint>();
  if (!note || !unverified) return plain(400, "not a checkpoint");
  const tlog::VerifierKey* const log = policy_.log(unverified->origin);
  if (log == nullptr) return plain(404, "not a log of this witness");
  const auto opened = tlog::open_checkpoint(asked->checkpoint, *log);
  if (!opened) return plain(403, "no signature by the log's key");
  if (asked->old_size > opened->checkpoint.size) return plain(400, "the old size is above the checkpoint's");
  const std::lock_guard lock(mutex_);
  return judge(body, *asked, *log, opened->checkpoint);
}

WitnessAnswer Witness::judge(std::string_view body, const tlog::ConsistencyText& asked, const tlog::VerifierKey& log, const tlog::Checkpoint& head) {
  const auto before = last(log);
  if (!before) {
    log::error("witness.state", before.error());
    return plain(500, "the witness cannot read its state");
  }
  if (asked.old_size != before->size) {
    // A log that signs a smaller head than we saw, with no larger one behind it, went back.
    if (head.size < before->size) keep_evidence(body);
    return size_answer(before->size);
  }
  if (head.size == before->size && head.root != before->root) {
    keep_evidence(body);
    return size_answer(before->size);
  }
  if (!tlog::verify_consistency(before->size, head.size, before->root, head.root, asked.proof)) {
    keep_evidence(body);
    return plain(422, "the proof does not lead from the old head to this one");
  }
  return cosign(log, head, asked.checkpoint);
}

WitnessAnswer Witness::cosign(const tlog::VerifierKey& log, const tlog::Checkpoint& head, std::string_view signed_head) {
  const auto stored = [&]() -> Result<std::string> {
    SK_TRY(tlog::Note note, tlog::parse_note(signed_head));
    SK_TRY(tlog::NoteSignature line, tlog::cosign_note(note.text, verifier_, key_, static_cast<std::uint64_t>(clock_.now().micros / 1'000'000)));
    // Only the log's line and ours are kept: others' were not verified.
    std::erase_if(note.signatures, [&](const tlog::NoteSignature& s) { return s.name != log.name() || s.key_id != log.id(); });
    note.signatures.push_back(line);
    SK_TRY(const std::string text, tlog::encode_note(note));
    SK_CHECK(write_file(path_of(head.origin), text));
    return text;
  }();
  if (!stored) {
    log::error("witness.state", stored.error());
    return plain(500, "the witness cannot keep the head");
  }
  // The last line of what was stored is our cosignature.
  const auto line = stored->rfind('\n', stored->size() - 2);
  return {200, kPlain, stored->substr(line + 1)};
}

void Witness::keep_evidence(std::string_view body) const {
  log::warn("witness.refused", {});
  std::size_t kept = 0;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder_, error)) kept += entry.path().filename().string().starts_with("refused-");
  if (kept >= kMaxEvidence) return;
  if (const Status written = write_file(folder_ + "/refused-" + to_hex(crypto::sha256(body)).substr(0, 16) + ".txt", body); !written) log::error("witness.evidence", written.error());
}

}  // namespace sekisho::outside
