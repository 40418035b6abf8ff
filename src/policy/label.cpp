#include "policy/label.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace sekisho::policy {
namespace {

// The stored form is one line of fields in a fixed order, so that equal labels are equal text:
//   v1;c=2;i=1;a=1;r=unit:X,unit:Y&user:Z;s=2;o=mask;t=1;k=0
// Principals and obligations are drawn from [A-Za-z0-9:_.-].
bool plain(std::string_view word) {
  if (word.empty()) return false;
  return std::all_of(word.begin(), word.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == ':' || c == '_' || c == '.' || c == '-';
  });
}

std::string joined(const std::set<std::string>& words) {
  std::string out;
  for (const std::string& w : words) out += (out.empty() ? "" : ",") + w;
  return out;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> out;
  if (text.empty()) return out;
  for (;;) {
    const std::size_t at = text.find(separator);
    out.push_back(text.substr(0, at));
    if (at == std::string_view::npos) return out;
    text.remove_prefix(at + 1);
  }
}

Result<std::set<std::string>> words(std::string_view text) {
  std::set<std::string> out;
  for (const std::string_view w : split(text, ',')) {
    if (!plain(w)) return fail(Code::corrupt, "label.format", "word");
    out.emplace(w);
  }
  return out;
}

template <class T>
bool number(std::string_view text, T& out) {
  const auto r = std::from_chars(text.data(), text.data() + text.size(), out);
  return r.ec == std::errc() && r.ptr == text.data() + text.size();
}

}  // namespace

Readers Readers::any_of(Clause clause) { return all_of({std::move(clause)}); }

Readers Readers::all_of(std::vector<Clause> clauses) {
  Readers out;
  out.clauses_ = std::move(clauses);
  out.normalise();
  return out;
}

void Readers::normalise() {
  std::sort(clauses_.begin(), clauses_.end());
  clauses_.erase(std::unique(clauses_.begin(), clauses_.end()), clauses_.end());
  // A clause that contains another is implied by it.
  std::vector<Clause> kept;
  for (const Clause& c : clauses_) {
    const bool implied = std::any_of(clauses_.begin(), clauses_.end(), [&](const Clause& other) {
      return other.size() < c.size() && std::includes(c.begin(), c.end(), other.begin(), other.end());
    });
    if (!implied) kept.push_back(c);
  }
  clauses_ = std::move(kept);
}

bool Readers::satisfied_by(const std::set<Principal>& holder) const {
  return std::all_of(clauses_.begin(), clauses_.end(), [&](const Clause& clause) {
    return std::any_of(clause.begin(), clause.end(), [&](const Principal& p) { return holder.contains(p); });
  });
}

Readers join(const Readers& a, const Readers& b) {
  std::vector<Clause> all = a.clauses_;
  all.insert(all.end(), b.clauses_.begin(), b.clauses_.end());
  return Readers::all_of(std::move(all));
}

Label join(const Label& a, const Label& b) {
  Label out;
  out.c = std::max(a.c, b.c);
  out.i = std::max(a.i, b.i);
  out.a = std::max(a.a, b.a);
  out.readers = join(a.readers, b.readers);
  out.segments = a.segments | b.segments;
  out.obligations = a.obligations;
  out.obligations.insert(b.obligations.begin(), b.obligations.end());
  out.trust = std::min(a.trust, b.trust);
  out.state = std::max(a.state, b.state);
  return out;
}

bool covers(const Label& high, const Label& low) { return join(high, low) == high; }

std::string encode(const Label& label) {
  std::string readers;
  for (const Clause& clause : label.readers.clauses()) readers += (readers.empty() ? "" : "&") + joined(clause);
  return "v1;c=" + std::to_string(label.c) + ";i=" + std::to_string(label.i) + ";a=" + std::to_string(label.a) + ";r=" + readers +
         ";s=" + std::to_string(label.segments) + ";o=" + joined(label.obligations) + ";t=" + std::to_string(static_cast<int>(label.trust)) +
         ";k=" + std::to_string(static_cast<int>(label.state));
}

Result<Label> decode(std::string_view text) {
  constexpr std::array<std::string_view, 9> kPrefixes = {"v1", "c=", "i=", "a=", "r=", "s=", "o=", "t=", "k="};
  const auto fields = split(text, ';');
  if (fields.size() != kPrefixes.size()) return fail(Code::corrupt, "label.format", "number of fields");
  for (std::size_t n = 0; n < fields.size(); ++n)
    if (!fields[n].starts_with(kPrefixes[n])) return fail(Code::corrupt, "label.format", "field order");
  const auto value = [&](std::size_t n) { return fields[n].substr(2); };
  Label out;
  int trust = 0;
  int state = 0;
  if (!number(value(1), out.c) || !number(value(2), out.i) || !number(value(3), out.a) || !number(value(5), out.segments) ||
      !number(value(7), trust) || !number(value(8), state))
    return fail(Code::corrupt, "label.format", "number");
  if (trust < 0 || trust > 3 || state < 0 || state > 1) return fail(Code::corrupt, "label.format", "range");
  std::vector<Clause> clauses;
  for (const std::string_view clause : split(value(4), '&')) {
    SK_TRY(auto principals, words(clause));
    clauses.push_back(std::move(principals));
  }
  out.readers = Readers::all_of(std::move(clauses));
  SK_TRY(out.obligations, words(value(6)));
  out.trust = static_cast<Trust>(trust);
  out.state = static_cast<State>(state);
  return out;
}

}  // namespace sekisho::policy
