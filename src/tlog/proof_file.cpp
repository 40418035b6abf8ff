#include "tlog/proof_file.h"

#include <algorithm>
#include <charconv>

#include "tlog/note.h"

namespace sekisho::tlog {
namespace {

constexpr std::string_view kHeader = "c2sp.org/tlog-proof@v1";
constexpr std::size_t kMaxText = kMaxNoteBytes + 256 * 1024;

Unexpected malformed(const char* what) { return fail(Code::invalid_argument, "proof.malformed", what); }

// Takes one line without its newline from the front; false when there is no whole line.
bool take_line(std::string_view& text, std::string_view& line) {
  const auto end = text.find('\n');
  if (end == std::string_view::npos) return false;
  line = text.substr(0, end);
  text.remove_prefix(end + 1);
  return true;
}

// "index 60": the word, one space, a decimal without leading zeros.
bool numbered(std::string_view line, std::string_view word, std::uint64_t& out) {
  if (!line.starts_with(word)) return false;
  line.remove_prefix(word.size());
  if (line.empty() || (line.size() > 1 && line[0] == '0')) return false;
  const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), out);
  return error == std::errc() && end == line.data() + line.size();
}

std::string lines_of(const Proof& proof) {
  std::string out;
  for (const Hash& hash : proof) out.append(to_base64(as_view(hash))).append("\n");
  return out;
}

// The proof's lines up to the empty one, then the checkpoint.
Status take_proof(std::string_view& text, Proof& proof, std::string& checkpoint) {
  std::string_view line;
  while (take_line(text, line)) {
    if (line.empty()) {
      if (text.empty()) return malformed("no checkpoint");
      checkpoint = text;
      return ok();
    }
    const auto bytes = from_base64(line);
    if (!bytes || bytes->size() != sizeof(Hash) || proof.size() == kMaxProofLines) return malformed("line of the proof");
    Hash& hash = proof.emplace_back();
    std::copy(bytes->begin(), bytes->end(), hash.begin());
  }
  return malformed("no empty line before the checkpoint");
}

}  // namespace

std::string encode_inclusion(const InclusionText& in) {
  std::string out(kHeader);
  if (!in.extra.empty()) out += "\nextra " + to_base64(in.extra);
  out += "\nindex " + std::to_string(in.index) + "\n" + lines_of(in.proof) + "\n" + in.checkpoint;
  return out;
}

Result<InclusionText> parse_inclusion(std::string_view text) {
  constexpr std::string_view kExtra = "extra ";
  InclusionText out;
  std::string_view line;
  if (text.size() > kMaxText || !take_line(text, line) || line != kHeader || !take_line(text, line)) return malformed("first line");
  if (line.starts_with(kExtra)) {
    auto bytes = from_base64(line.substr(kExtra.size()));
    if (!bytes || bytes->empty() || !take_line(text, line)) return malformed("extra");
    out.extra = std::move(*bytes);
  }
  if (!numbered(line, "index ", out.index)) return malformed("index");
  SK_CHECK(take_proof(text, out.proof, out.checkpoint));
  return out;
}

std::string encode_consistency(const ConsistencyText& in) { return "old " + std::to_string(in.old_size) + "\n" + lines_of(in.proof) + "\n" + in.checkpoint; }

Result<ConsistencyText> parse_consistency(std::string_view text) {
  ConsistencyText out;
  std::string_view line;
  if (text.size() > kMaxText || !take_line(text, line) || !numbered(line, "old ", out.old_size)) return malformed("old size");
  SK_CHECK(take_proof(text, out.proof, out.checkpoint));
  return out;
}

}  // namespace sekisho::tlog
