#include "tlog/checkpoint.h"

#include <algorithm>
#include <charconv>

#include "tlog/utf8.h"

namespace sekisho::tlog {
namespace {

Unexpected malformed(const char* what) { return fail(Code::invalid_argument, "checkpoint.malformed", what); }

bool is_line(std::string_view text) {
  const auto control = [](char c) { return static_cast<std::uint8_t>(c) < 0x20; };
  return !text.empty() && is_utf8(text) && std::none_of(text.begin(), text.end(), control);
}

// Takes one non-empty line with its newline from the front.
bool take_line(std::string_view& text, std::string_view& line) {
  const auto end = text.find('\n');
  if (end == std::string_view::npos) return false;
  line = text.substr(0, end);
  text.remove_prefix(end + 1);
  return is_line(line);
}

bool parse_size(std::string_view text, std::uint64_t& out) {
  if (text.size() > 1 && text[0] == '0') return false;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc() && end == text.data() + text.size();
}

}  // namespace

Result<std::string> checkpoint_text(const Checkpoint& checkpoint) {
  if (!is_line(checkpoint.origin)) return malformed("origin");
  std::string out = checkpoint.origin + "\n" + std::to_string(checkpoint.size) + "\n" + to_base64(as_view(checkpoint.root)) + "\n";
  for (const auto& line : checkpoint.extensions) {
    if (!is_line(line)) return malformed("extension line");
    out.append(line).append("\n");
  }
  return out;
}

Result<Checkpoint> parse_checkpoint_text(std::string_view text) {
  Checkpoint out;
  std::string_view line;
  if (!take_line(text, line)) return malformed("origin");
  out.origin = line;
  if (!take_line(text, line) || !parse_size(line, out.size)) return malformed("tree size");
  if (!take_line(text, line)) return malformed("root hash");
  const auto root = from_base64(line);
  if (!root.has_value() || root->size() != out.root.size()) return malformed("root hash");
  std::copy(root->begin(), root->end(), out.root.begin());
  while (!text.empty()) {
    if (!take_line(text, line)) return malformed("extension line");
    out.extensions.emplace_back(line);
  }
  return out;
}

Result<std::string> sign_checkpoint(const Checkpoint& checkpoint, const crypto::SigningKey& key) {
  Note note;
  SK_TRY(note.text, checkpoint_text(checkpoint));
  SK_TRY(const VerifierKey verifier, VerifierKey::create(checkpoint.origin, KeyType::ed25519, key.public_key()));
  SK_TRY(NoteSignature signature, sign_note(note.text, verifier, key));
  note.signatures.push_back(std::move(signature));
  return encode_note(note);
}

Result<std::string> add_signature(std::string_view signed_checkpoint, const NoteSignature& signature) {
  SK_TRY(Note note, parse_note(signed_checkpoint));
  note.signatures.push_back(signature);
  return encode_note(note);
}

Result<OpenedCheckpoint> open_checkpoint(std::string_view bytes, const VerifierKey& log, const std::vector<VerifierKey>& witnesses) {
  if (log.type() != KeyType::ed25519) return fail(Code::invalid_argument, "note.wrong_key", "a log signs with type ed25519");
  SK_TRY(const Note note, parse_note(bytes));
  const auto by_log = verify_note(note, {log});
  if (!by_log.has_value()) return fail(by_log.error());
  OpenedCheckpoint out;
  SK_TRY(out.checkpoint, parse_checkpoint_text(note.text));
  if (out.checkpoint.origin != log.name()) return fail(Code::corrupt, "note.unverified", "the key belongs to another log");
  // A note without a known witness is no failure here, a wrong cosignature is: so the log's key goes in as well and comes out again.
  std::vector<VerifierKey> known = witnesses;
  known.push_back(log);
  SK_TRY(std::vector<VerifiedSignature> all, verify_note(note, known));
  for (auto& signature : all)
    if (signature.type == KeyType::cosignature) out.witnesses.push_back(std::move(signature));
  return out;
}

}  // namespace sekisho::tlog
