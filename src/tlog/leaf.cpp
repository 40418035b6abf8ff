#include "tlog/leaf.h"

#include <algorithm>
#include <charconv>
#include <chrono>

#include "crypto/hash.h"
#include "tlog/utf8.h"

namespace sekisho::tlog {
namespace {

constexpr std::int64_t kEndOfYear9999 = 253402300800LL * 1000000;

void append_string(std::string& out, std::string_view text) {
  constexpr char kHexDigits[] = "0123456789abcdef";
  out += '"';
  std::size_t plain = 0;  // start of the bytes that stand for themselves and are not yet written
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const auto b = static_cast<std::uint8_t>(c);
    if (b >= 0x20 && c != '"' && c != '\\') continue;
    out.append(text, plain, i - plain);
    plain = i + 1;
    if (c == '"' || c == '\\') (out += '\\') += c;
    else if (c == '\b') out += "\\b";
    else if (c == '\t') out += "\\t";
    else if (c == '\n') out += "\\n";
    else if (c == '\f') out += "\\f";
    else if (c == '\r') out += "\\r";
    else ((out += "\\u00") += kHexDigits[b >> 4]) += kHexDigits[b & 15];
  }
  out.append(text, plain);
  out += '"';
}

Unexpected malformed(const char* what) { return fail(Code::corrupt, "tlog.leaf_malformed", what); }

// Reads the one shape that encode_leaf writes.
class Reader {
 public:
  explicit Reader(std::string_view in) : in_(in) {}

  bool literal(std::string_view text) {
    if (!in_.starts_with(text)) return false;
    in_.remove_prefix(text.size());
    return true;
  }
  bool at_end() const { return in_.empty(); }

  bool string(std::string& out) {
    if (!literal("\"")) return false;
    for (;;) {
      std::size_t plain = 0;
      while (plain < in_.size() && in_[plain] != '"' && in_[plain] != '\\' && static_cast<std::uint8_t>(in_[plain]) >= 0x20) ++plain;
      out.append(in_, 0, plain);
      in_.remove_prefix(plain);
      if (literal("\"")) return true;
      if (!literal("\\") || !escape(out)) return false;
    }
  }

  bool number(std::uint64_t& out) {
    const auto [end, error] = std::from_chars(in_.data(), in_.data() + in_.size(), out);
    if (error != std::errc()) return false;
    in_.remove_prefix(static_cast<std::size_t>(end - in_.data()));
    return true;
  }

 private:
  // Accepts a superset of what the writer uses; decode_leaf compares with the canonical form afterwards.
  bool escape(std::string& out) {
    constexpr std::string_view kNames = "\"\\btnfr";
    constexpr std::string_view kValues = "\"\\\b\t\n\f\r";
    if (in_.empty()) return false;
    const char name = in_[0];
    in_.remove_prefix(1);
    if (const auto at = kNames.find(name); at != std::string_view::npos) {
      out += kValues[at];
      return true;
    }
    unsigned value = 0;
    if (name != 'u' || in_.size() < 4) return false;
    const auto [end, error] = std::from_chars(in_.data(), in_.data() + 4, value, 16);
    if (error != std::errc() || end != in_.data() + 4 || value >= 0x20) return false;
    in_.remove_prefix(4);
    out += static_cast<char>(value);
    return true;
  }

  std::string_view in_;
};

bool digits(std::string_view text, std::size_t at, std::size_t count, int& out) {
  out = 0;
  for (const char c : text.substr(at, count)) {
    if (c < '0' || c > '9') return false;
    out = out * 10 + (c - '0');
  }
  return true;
}

// "2026-03-30T01:02:03.000004Z" exactly; the caller's comparison with the canonical form checks the punctuation.
bool parse_time(std::string_view text, Timestamp& out) {
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, micros = 0;
  if (text.size() != 27 || !digits(text, 0, 4, year) || !digits(text, 5, 2, month) || !digits(text, 8, 2, day) ||
      !digits(text, 11, 2, hour) || !digits(text, 14, 2, minute) || !digits(text, 17, 2, second) || !digits(text, 20, 6, micros))
    return false;
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok() || year < 1970 || hour > 23 || minute > 59 || second > 59) return false;
  const std::int64_t days = std::chrono::sys_days(date).time_since_epoch().count();
  out.micros = (((days * 24 + hour) * 60 + minute) * 60 + second) * 1000000 + micros;
  return true;
}

bool parse_hash(std::string_view hex, Hash& out) {
  const auto bytes = from_hex(hex);
  if (!bytes.has_value() || bytes->size() != out.size()) return false;
  std::copy(bytes->begin(), bytes->end(), out.begin());
  return true;
}

// The text fields and their keys, in canonical order; `commit` comes after `clause`, the numbers at the end.
struct TextField {
  std::string_view before;
  std::string Leaf::*field;
};
constexpr TextField kBeforeCommit[] = {{"{\"act\":", &Leaf::act}, {",\"actor\":", &Leaf::actor}, {",\"clause\":", &Leaf::clause}};
constexpr std::string_view kCommit = ",\"commit\":";
constexpr TextField kAfterCommit[] = {{",\"decision\":", &Leaf::decision},
                                      {",\"label\":", &Leaf::label},
                                      {",\"object\":", &Leaf::object},
                                      {",\"policy_version\":", &Leaf::policy_version}};
constexpr std::string_view kSeq = ",\"seq\":";
constexpr std::string_view kTime = ",\"ts\":";
constexpr std::string_view kVersion = ",\"v\":1}";

}  // namespace

Result<std::string> begin_leaf(const Leaf& leaf) {
  std::string out;
  out.reserve(512);
  for (const auto& [before, field] : kBeforeCommit) append_string(out.append(before), leaf.*field);
  append_string(out.append(kCommit), to_hex(leaf.commit));
  for (const auto& [before, field] : kAfterCommit) append_string(out.append(before), leaf.*field);
  if (!is_utf8(out)) return fail(Code::invalid_argument, "tlog.leaf_invalid", "a field is not UTF-8");
  return out;
}

Result<std::string> end_leaf(std::string begun, std::uint64_t seq, Timestamp ts) {
  if (seq > kMaxSeq) return fail(Code::invalid_argument, "tlog.leaf_invalid", "seq is above 2^53-1");
  if (ts.micros < 0 || ts.micros >= kEndOfYear9999) return fail(Code::invalid_argument, "tlog.leaf_invalid", "ts is out of range");
  begun.append(kSeq).append(std::to_string(seq));
  append_string(begun.append(kTime), to_rfc3339(ts));
  begun.append(kVersion);
  if (begun.size() > kMaxEntryBytes) return fail(Code::too_large, "tlog.leaf_too_large", "leaf is longer than an entry may be");
  return begun;
}

Result<std::string> encode_leaf(const Leaf& leaf) {
  SK_TRY(std::string begun, begin_leaf(leaf));
  return end_leaf(std::move(begun), leaf.seq, leaf.ts);
}

Result<Leaf> decode_leaf(std::string_view bytes) {
  if (bytes.size() > kMaxEntryBytes) return malformed("longer than an entry may be");
  Reader in(bytes);
  Leaf leaf;
  std::string commit, time;
  for (const auto& [before, field] : kBeforeCommit)
    if (!in.literal(before) || !in.string(leaf.*field)) return malformed("text fields before commit");
  if (!in.literal(kCommit) || !in.string(commit) || !parse_hash(commit, leaf.commit)) return malformed("commit");
  for (const auto& [before, field] : kAfterCommit)
    if (!in.literal(before) || !in.string(leaf.*field)) return malformed("text fields after commit");
  if (!in.literal(kSeq) || !in.number(leaf.seq)) return malformed("seq");
  if (!in.literal(kTime) || !in.string(time) || !parse_time(time, leaf.ts)) return malformed("ts");
  if (!in.literal(kVersion) || !in.at_end()) return malformed("version or end");
  const auto canonical = encode_leaf(leaf);
  if (!canonical.has_value() || *canonical != bytes) return malformed("not the canonical form");
  return leaf;
}

Result<Hash> commitment(std::string_view salt, std::string_view payload) {
  if (salt.size() != kSaltBytes) return fail(Code::invalid_argument, "tlog.salt_size", "a salt has 32 bytes");
  std::string whole;
  whole.reserve(salt.size() + payload.size());
  whole.append(salt).append(payload);
  return commitment(whole);
}

Result<Hash> commitment(std::string_view salt_and_payload) {
  if (salt_and_payload.size() < kSaltBytes) return fail(Code::invalid_argument, "tlog.salt_size", "a salt has 32 bytes");
  return crypto::sha256(salt_and_payload);
}

}  // namespace sekisho::tlog
