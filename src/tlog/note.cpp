#include "tlog/note.h"

#include <algorithm>
#include <array>

#include "core/bytes.h"
#include "crypto/hash.h"
#include "tlog/utf8.h"

namespace sekisho::tlog {
namespace {

constexpr std::string_view kDash = "\xe2\x80\x94 ";  // U+2014 and a space
constexpr std::size_t kSignatureBytes = 64;
constexpr std::size_t kTimeBytes = 8;

Unexpected malformed(const char* what) { return fail(Code::invalid_argument, "note.malformed", what); }
Unexpected unverified(const char* what) { return fail(Code::corrupt, "note.unverified", what); }

template <std::size_t N>
std::string big_endian(std::uint64_t value) {
  std::string out(N, '\0');
  for (std::size_t i = 0; i < N; ++i) out[N - 1 - i] = static_cast<char>(value >> (8 * i) & 255);
  return out;
}

std::uint64_t from_big_endian(std::string_view bytes) {
  std::uint64_t out = 0;
  for (const char c : bytes) out = out << 8 | static_cast<std::uint8_t>(c);
  return out;
}

bool is_key_name(std::string_view name) {
  if (name.empty()) return false;
  char32_t c = 0;
  while (take_code_point(name, c))
    if (c == '+' || c < 0x20 || is_unicode_space(c)) return false;
  return name.empty();
}

bool is_note_text(std::string_view text) {
  return is_utf8(text) && std::none_of(text.begin(), text.end(), [](char c) { return static_cast<std::uint8_t>(c) < 0x20 && c != '\n'; });
}

std::uint32_t key_id(std::string_view name, KeyType type, const crypto::PublicKey& key) {
  crypto::Sha256 hash;
  hash.update(name);
  const std::array<char, 2> middle{'\n', static_cast<char>(type)};
  hash.update(std::string_view(middle.data(), middle.size()));
  hash.update(key.view());
  const Hash digest = hash.finish();
  return static_cast<std::uint32_t>(from_big_endian(as_view(digest).substr(0, 4)));
}

Result<NoteSignature> parse_signature(std::string_view line) {
  if (!line.starts_with(kDash)) return malformed("signature line does not begin with a dash");
  line.remove_prefix(kDash.size());
  const auto space = line.find(' ');
  if (space == std::string_view::npos || !is_key_name(line.substr(0, space))) return malformed("key name of a signature");
  const auto bytes = from_base64(line.substr(space + 1));
  if (!bytes.has_value() || bytes->size() < 5) return malformed("base64 of a signature");
  NoteSignature out;
  out.name = line.substr(0, space);
  out.key_id = static_cast<std::uint32_t>(from_big_endian(std::string_view(*bytes).substr(0, 4)));
  out.bytes = bytes->substr(4);
  return out;
}

// What a witness signs: header, time, then the note text (tlog-cosignature, "Ed25519 signed message").
std::string cosigned_message(std::string_view text, std::uint64_t unix_seconds) {
  return "cosignature/v1\ntime " + std::to_string(unix_seconds) + "\n" + std::string(text);
}

Result<VerifiedSignature> verify_signature(std::string_view text, const NoteSignature& signature, const VerifierKey& key) {
  VerifiedSignature out{key.name(), key.type(), 0};
  std::string_view bytes = signature.bytes;
  std::string message(text);
  if (key.type() == KeyType::cosignature) {
    if (bytes.size() != kTimeBytes + kSignatureBytes) return unverified("cosignature has the wrong length");
    out.unix_seconds = from_big_endian(bytes.substr(0, kTimeBytes));
    if (out.unix_seconds >> 63 != 0) return unverified("time of the cosignature is out of range");
    bytes.remove_prefix(kTimeBytes);
    message = cosigned_message(text, out.unix_seconds);
  }
  const auto raw = crypto::Signature::from_bytes(bytes);
  if (!raw.has_value()) return unverified("signature has the wrong length");
  if (!crypto::verify(key.key(), message, *raw)) return unverified("signature by a known key does not verify");
  return out;
}

Status check_signer(std::string_view text, const VerifierKey& verifier, KeyType type, const crypto::SigningKey& key) {
  if (verifier.type() != type || verifier.key() != key.public_key())
    return fail(Code::invalid_argument, "note.wrong_key", "verifier key and signing key do not belong together");
  if (!text.ends_with('\n') || !is_note_text(text)) return malformed("text of the note");
  return ok();
}

}  // namespace

Result<VerifierKey> VerifierKey::create(std::string name, KeyType type, const crypto::PublicKey& key) {
  if (!is_key_name(name)) return fail(Code::invalid_argument, "note.key_name", "key name is empty, or has a space or plus sign");
  VerifierKey out;
  out.id_ = key_id(name, type, key);
  out.name_ = std::move(name);
  out.type_ = type;
  out.key_ = key;
  return out;
}

Result<VerifierKey> VerifierKey::parse(std::string_view text) {
  const auto bad = [] { return fail(Code::invalid_argument, "note.verifier_key", "not a verifier key"); };
  const auto first = text.find('+');
  if (first == std::string_view::npos) return bad();
  const auto second = text.find('+', first + 1);
  if (second == std::string_view::npos) return bad();
  const auto material = from_base64(text.substr(second + 1));
  if (!material.has_value() || material->size() != 33) return bad();
  const auto type = static_cast<KeyType>((*material)[0]);
  if (type != KeyType::ed25519 && type != KeyType::cosignature) return bad();
  SK_TRY(const crypto::PublicKey key, crypto::PublicKey::from_bytes(std::string_view(*material).substr(1)));
  SK_TRY(VerifierKey out, create(std::string(text.substr(0, first)), type, key));
  if (out.text() != text) return bad();  // the id must fit, in lower case
  return out;
}

std::string VerifierKey::text() const {
  return name_ + "+" + to_hex(big_endian<4>(id_)) + "+" + to_base64(static_cast<char>(type_) + std::string(key_.view()));
}

Result<Note> parse_note(std::string_view bytes) {
  if (bytes.size() > kMaxNoteBytes) return malformed("note is too long");
  if (!is_note_text(bytes)) return malformed("note is not UTF-8 without control characters");
  const auto split = bytes.rfind("\n\n");
  if (split == std::string_view::npos || !bytes.ends_with('\n')) return malformed("no signatures");
  Note note;
  note.text = bytes.substr(0, split + 1);
  std::string_view rest = bytes.substr(split + 2);
  while (!rest.empty()) {
    if (note.signatures.size() == kMaxSignatures) return malformed("too many signatures");
    const auto end = rest.find('\n');
    SK_TRY(NoteSignature signature, parse_signature(rest.substr(0, end)));
    note.signatures.push_back(std::move(signature));
    rest.remove_prefix(end + 1);
  }
  if (note.signatures.empty()) return malformed("no signatures");
  return note;
}

Result<std::string> encode_note(const Note& note) {
  if (!note.text.ends_with('\n') || !is_note_text(note.text)) return malformed("text of the note");
  if (note.signatures.empty() || note.signatures.size() > kMaxSignatures) return malformed("number of signatures");
  std::string out = note.text + "\n";
  for (const auto& s : note.signatures) {
    if (!is_key_name(s.name) || s.bytes.empty()) return malformed("signature");
    out.append(kDash).append(s.name).append(" ").append(to_base64(big_endian<4>(s.key_id) + s.bytes)).append("\n");
  }
  if (out.size() > kMaxNoteBytes) return malformed("note is too long");
  return out;
}

Result<NoteSignature> sign_note(std::string_view text, const VerifierKey& verifier, const crypto::SigningKey& key) {
  SK_CHECK(check_signer(text, verifier, KeyType::ed25519, key));
  return NoteSignature{verifier.name(), verifier.id(), std::string(key.sign(text).view())};
}

Result<NoteSignature> cosign_note(std::string_view text, const VerifierKey& witness, const crypto::SigningKey& key,
                                  std::uint64_t unix_seconds) {
  SK_CHECK(check_signer(text, witness, KeyType::cosignature, key));
  if (unix_seconds >> 63 != 0) return malformed("time of the cosignature");
  const auto signature = key.sign(cosigned_message(text, unix_seconds));
  return NoteSignature{witness.name(), witness.id(), big_endian<kTimeBytes>(unix_seconds) + std::string(signature.view())};
}

Result<std::vector<VerifiedSignature>> verify_note(const Note& note, const std::vector<VerifierKey>& known) {
  std::vector<VerifiedSignature> out;
  for (const auto& signature : note.signatures) {
    const auto key = std::find_if(known.begin(), known.end(),
                                  [&](const VerifierKey& k) { return k.name() == signature.name && k.id() == signature.key_id; });
    if (key == known.end()) continue;
    SK_TRY(VerifiedSignature verified, verify_signature(note.text, signature, *key));
    out.push_back(std::move(verified));
  }
  if (out.empty()) return unverified("no signature by a known key");
  return out;
}

}  // namespace sekisho::tlog
