#include "tlog/policy.h"

#include <algorithm>
#include <charconv>

namespace sekisho::tlog {
namespace {

constexpr std::size_t kMaxBytes = 64 * 1024;
constexpr std::size_t kMaxLines = 64;  // of each kind

std::vector<std::string_view> words_of(std::string_view line) {
  std::vector<std::string_view> out;
  for (;;) {
    const auto begin = line.find_first_not_of(" \t");
    if (begin == std::string_view::npos) return out;
    line.remove_prefix(begin);
    const auto end = std::min(line.find_first_of(" \t"), line.size());
    out.push_back(line.substr(0, end));
    line.remove_prefix(end);
  }
}

bool clean(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x20 ? c != 0x7f : c == '\t' || c == '\n'; });
}

}  // namespace

struct TrustPolicy::Parser {
  TrustPolicy out;
  bool quorum_seen = false;
  std::size_t line = 0;

  Unexpected malformed(const std::string& what) const { return fail(Code::invalid_argument, "policy.malformed", "line " + std::to_string(line) + ": " + what); }

  int find(std::string_view name) const {
    const auto it = std::find_if(out.nodes_.begin(), out.nodes_.end(), [&](const Node& n) { return n.name == name; });
    return it == out.nodes_.end() ? -1 : static_cast<int>(it - out.nodes_.begin());
  }
  Status fresh(std::string_view name) const {
    if (name == "none" || find(name) >= 0) return malformed("the name is taken: " + std::string(name));
    return ok();
  }
  Result<VerifierKey> key(std::string_view text, KeyType type) const {
    const auto parsed = VerifierKey::parse(text);
    if (!parsed || parsed->type() != type) return malformed("not a key of this kind");
    return *parsed;
  }

  Status log(const std::vector<std::string_view>& words) {
    if (words.size() < 2 || words.size() > 3 || out.logs_.size() == kMaxLines) return malformed("log KEY [URL]");
    SK_TRY(const VerifierKey parsed, key(words[1], KeyType::ed25519));
    for (const VerifierKey& other : out.logs_)
      if (other.key() == parsed.key()) return malformed("the same log's key twice");
    out.logs_.push_back(parsed);
    return ok();
  }
  Status witness(const std::vector<std::string_view>& words) {
    if (words.size() < 3 || words.size() > 4 || out.witnesses_.size() == kMaxLines) return malformed("witness NAME KEY [URL]");
    SK_CHECK(fresh(words[1]));
    SK_TRY(const VerifierKey parsed, key(words[2], KeyType::cosignature));
    for (const WitnessLine& other : out.witnesses_)
      if (other.key.key() == parsed.key() || other.key.name() == parsed.name()) return malformed("the same witness's key or its name twice");
    out.nodes_.push_back({std::string(words[1]), static_cast<int>(out.witnesses_.size()), 0, {}, false});
    out.witnesses_.push_back({std::string(words[1]), parsed, words.size() == 4 ? std::string(words[3]) : std::string()});
    return ok();
  }
  Status group(const std::vector<std::string_view>& words) {
    if (words.size() < 4 || out.nodes_.size() == 2 * kMaxLines) return malformed("group NAME all|any|K NAME…");
    SK_CHECK(fresh(words[1]));
    Node made{std::string(words[1]), -1, 0, {}, false};
    for (auto word = words.begin() + 3; word != words.end(); ++word) {
      const int member = find(*word);
      if (member < 0 || out.nodes_[static_cast<std::size_t>(member)].used) return malformed("not a free name: " + std::string(*word));
      out.nodes_[static_cast<std::size_t>(member)].used = true;
      made.members.push_back(static_cast<std::size_t>(member));
    }
    if (words[2] == "all") made.threshold = made.members.size();
    else if (words[2] == "any") made.threshold = 1;
    else {
      const auto [end, error] = std::from_chars(words[2].data(), words[2].data() + words[2].size(), made.threshold);
      if (error != std::errc() || end != words[2].data() + words[2].size() || words[2][0] == '0') return malformed("all, any or a number");
    }
    if (made.threshold < 1 || made.threshold > made.members.size()) return malformed("the number does not fit the group");
    out.nodes_.push_back(std::move(made));
    return ok();
  }
  Status quorum(const std::vector<std::string_view>& words) {
    if (words.size() != 2 || quorum_seen) return malformed("one line quorum NAME");
    quorum_seen = true;
    if (words[1] == "none") return ok();
    out.quorum_ = find(words[1]);
    if (out.quorum_ < 0) return malformed("not a name: " + std::string(words[1]));
    return ok();
  }
  Status take(std::string_view text) {
    const auto words = words_of(text);
    if (words.empty() || words[0].starts_with('#')) return ok();
    if (words[0] == "log") return log(words);
    if (words[0] == "witness") return witness(words);
    if (words[0] == "group") return group(words);
    if (words[0] == "quorum") return quorum(words);
    return malformed("log, witness, group or quorum");
  }
};

Result<TrustPolicy> TrustPolicy::parse(std::string_view text) {
  Parser parser;
  if (text.size() > kMaxBytes || !clean(text)) return parser.malformed("too long, or control characters");
  while (!text.empty()) {
    ++parser.line;
    const auto end = std::min(text.find('\n'), text.size());
    SK_CHECK(parser.take(text.substr(0, end)));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  if (!parser.quorum_seen) return parser.malformed("no quorum line");
  return std::move(parser.out);
}

std::vector<VerifierKey> TrustPolicy::witness_keys() const {
  std::vector<VerifierKey> out;
  for (const WitnessLine& w : witnesses_) out.push_back(w.key);
  return out;
}

const VerifierKey* TrustPolicy::log(std::string_view origin) const {
  const auto it = std::find_if(logs_.begin(), logs_.end(), [&](const VerifierKey& k) { return k.name() == origin; });
  return it == logs_.end() ? nullptr : &*it;
}

bool TrustPolicy::satisfied_by(const std::vector<VerifiedSignature>& cosignatures) const {
  return quorum_ < 0 || holds(static_cast<std::size_t>(quorum_), cosignatures);
}

bool TrustPolicy::holds(std::size_t node, const std::vector<VerifiedSignature>& cosignatures) const {
  const Node& n = nodes_[node];
  if (n.witness >= 0) {
    const std::string& name = witnesses_[static_cast<std::size_t>(n.witness)].key.name();
    return std::any_of(cosignatures.begin(), cosignatures.end(), [&](const VerifiedSignature& s) { return s.type == KeyType::cosignature && s.name == name; });
  }
  return static_cast<std::size_t>(std::count_if(n.members.begin(), n.members.end(), [&](std::size_t m) { return holds(m, cosignatures); })) >= n.threshold;
}

}  // namespace sekisho::tlog
