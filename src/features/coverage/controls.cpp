#include "features/coverage/controls.h"

#include <algorithm>
#include <array>

#include "core/bytes.h"

namespace sekisho::coverage {
namespace {

constexpr std::size_t kMaxFileBytes = std::size_t{1} << 20;
constexpr std::array kKinds = {"enforced", "workflow", "register", "document", "check", "physical"};

struct File {
  std::string version;
  std::vector<Control> controls;
};
BOOST_DESCRIBE_STRUCT(File, (), (version, controls))

// The line of an id in the file, for people who mend it.
std::string line_of(std::string_view text, const std::string& id) {
  const std::size_t at = text.find("\"" + id + "\"");
  if (at == std::string_view::npos) return "";
  return "line " + std::to_string(1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n')) + ", ";
}

// What is wrong with one control, after its path; empty: nothing.
std::string fault_of(const Control& c, const Known& known) {
  if (c.id.empty() || c.id.size() > 40 || c.id.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") != std::string::npos) return ".id: a-z, 0-9 and _ only";
  if (c.title.empty()) return ".title: missing";
  if (std::find(kKinds.begin(), kKinds.end(), c.kind) == kKinds.end()) return ".kind: no kind '" + c.kind + "'";
  if (c.capabilities.empty()) return ".capabilities: none";
  if (c.clause.empty()) return ".clause: missing";
  if (c.mend.empty()) return ".mend: missing";
  if (c.words && (c.words->empty() || std::any_of(c.words->begin(), c.words->end(), [](const std::string& w) { return w.empty(); }))) return ".words: an empty word";
  if (!known.permitters.contains(c.responsible)) return ".responsible: no permitter '" + c.responsible + "'";
  const bool enforced = c.kind == "enforced";
  if (enforced != c.probe.has_value()) return enforced ? ".probe: an enforced control needs one" : ".probe: only enforced controls have one";
  if (c.probe && !known.probes.contains(*c.probe)) return ".probe: no probe '" + *c.probe + "'";
  if (enforced && (c.sources || c.fresh_days || c.period_days)) return ".sources: an enforced control takes no evidence";
  for (const std::string& source : c.sources.value_or(std::vector<std::string>{}))
    if (!known.sources.contains(source.substr(0, source.find(':')))) return ".sources: no source '" + source + "'";
  for (const auto& days : {c.fresh_days, c.period_days})
    if (days && (*days < 1 || *days > 3660)) return ".fresh_days, .period_days: 1 to 3660";
  return "";
}

bool has_word(const Control& c, std::string_view text) {
  return std::any_of(c.words->begin(), c.words->end(), [&](const std::string& word) { return text.find(word) != std::string_view::npos; });
}

}  // namespace

Result<Controls> Controls::parse(std::string_view text, const Known& known) {
  SK_TRY(File file, json::read_text<File>(text));
  std::set<std::string> ids, probes;
  for (std::size_t i = 0; i < file.controls.size(); ++i) {
    const Control& c = file.controls[i];
    std::string fault = fault_of(c, known);
    if (fault.empty() && !ids.insert(c.id).second) fault = ".id: '" + c.id + "' stands twice";
    if (fault.empty() && c.probe && !probes.insert(*c.probe).second) fault = ".probe: '" + *c.probe + "' has a control already";
    if (!fault.empty()) return fail(Code::corrupt, "policy.controls", line_of(text, c.id) + "$.controls[" + std::to_string(i) + "]" + fault);
  }
  for (const std::string& probe : known.probes)
    if (!probes.contains(probe)) return fail(Code::corrupt, "policy.controls", "$.controls: no control for probe '" + probe + "'");
  Controls out;
  out.version_ = std::move(file.version);
  out.controls_ = std::move(file.controls);
  return out;
}

Result<Controls> Controls::load(const std::string& path, const Known& known) {
  SK_TRY(const std::string text, read_file(path, kMaxFileBytes).context("controls"));
  return parse(text, known).context(path);
}

const Control* Controls::find(std::string_view id) const {
  const auto it = std::find_if(controls_.begin(), controls_.end(), [&](const Control& c) { return c.id == id; });
  return it == controls_.end() ? nullptr : &*it;
}

std::vector<std::size_t> Controls::answering(std::string_view capability, std::string_view kind, std::string_view text) const {
  const std::string_view own = kind == "enforce" ? "enforced" : kind;
  // Better first: a word and the own kind, a word, the own kind in general, anything in general (a check before the rest, kind by kind).
  constexpr std::array kInstead = {"check", "workflow", "register", "document", "physical", "enforced"};
  std::array<std::vector<std::size_t>, 3 + kInstead.size()> ranks;
  for (std::size_t i = 0; i < controls_.size(); ++i) {
    const Control& c = controls_[i];
    if (std::find(c.capabilities.begin(), c.capabilities.end(), capability) == c.capabilities.end()) continue;
    if (c.words && !has_word(c, text)) continue;
    const auto instead = static_cast<std::size_t>(std::find(kInstead.begin(), kInstead.end(), c.kind) - kInstead.begin());
    ranks[c.words ? (c.kind == own ? 0u : 1u) : c.kind == own ? 2u : 3u + instead].push_back(i);
  }
  for (auto& rank : ranks)
    if (!rank.empty()) return std::move(rank);
  return {};
}

}  // namespace sekisho::coverage
