// What parses as a note, a checkpoint or a verifier key must print to the same bytes,
// and nothing may verify under a key that signed nothing.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "tlog/checkpoint.h"

using namespace sekisho::tlog;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  static const auto key = sekisho::crypto::SigningKey::from_seed(std::string(32, 'k')).value();
  static const auto log = VerifierKey::create("log.example/body", KeyType::ed25519, key.public_key()).value();
  static const auto witness = VerifierKey::create("witness.example", KeyType::cosignature, key.public_key()).value();

  if (const auto note = parse_note(bytes); note.has_value()) {
    const auto again = encode_note(*note);
    if (!again.has_value() || *again != bytes) std::abort();
    if (verify_note(*note, {log, witness}).has_value()) std::abort();
    if (open_checkpoint(bytes, log, {witness}).has_value()) std::abort();
  }
  if (const auto checkpoint = parse_checkpoint_text(bytes); checkpoint.has_value()) {
    const auto again = checkpoint_text(*checkpoint);
    if (!again.has_value() || *again != bytes) std::abort();
  }
  if (const auto verifier = VerifierKey::parse(bytes); verifier.has_value() && verifier->text() != bytes) std::abort();
  return 0;
}
