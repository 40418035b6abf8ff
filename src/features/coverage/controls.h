// Controls as data (packs/standard/controls.json): what answers for which clauses, how it is looked at, and where a gap is mended.
//
// Pure but for load(). A clause goes to controls by its capability, its kind and the words of its text, never by its number, so that the same
// file serves every body's own policy. A catalogue that is not right refuses to load, with one error that names line and path.
#pragma once
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "json/json.h"

namespace sekisho::coverage {

struct Control {
  std::string id;
  std::string title;
  std::string kind;                       // enforced, workflow, register, document, check, physical
  std::vector<std::string> capabilities;  // slugs of the capability map
  std::string clause;                     // of the reference standard: what the control stands on where no policy was imported
  std::optional<std::vector<std::string>> words;  // a clause's text has one of them; none: every clause of the capability that no other takes
  std::optional<std::string> probe;               // of enforced ones: who looks
  std::optional<std::vector<std::string>> sources;  // of the others: what the program itself can show ("approvals:carry_out")
  std::optional<int> fresh_days;                  // evidence counts for so long; none: for the fiscal year
  std::optional<int> period_days;                 // a duty that returns; evidence is due again then
  std::string responsible;                        // key of a permitter: the profile says which role that is
  std::string mend;                               // where and how, one line
};
BOOST_DESCRIBE_STRUCT(Control, (), (id, title, kind, capabilities, clause, words, probe, sources, fresh_days, period_days, responsible, mend))

// What a catalogue may name: probes and sources that the program has, permitters that profiles name.
struct Known {
  std::set<std::string> probes;
  std::set<std::string> sources;     // without what stands after the colon
  std::set<std::string> permitters;
};

class Controls {
 public:
  // Also refused: a probe that no control names, so that nothing is looked at for nobody.
  static Result<Controls> parse(std::string_view text, const Known& known);
  static Result<Controls> load(const std::string& path, const Known& known);
  const std::vector<Control>& all() const { return controls_; }
  const Control* find(std::string_view id) const;
  const std::string& version() const { return version_; }

  // Which controls answer for a clause: positions in all(). `kind`: of the clause's meaning (enforce, workflow, …). First those of its own kind
  // whose words its text has, then others whose words it has, then its kind's general ones, then general ones of another kind. Empty: nothing answers.
  std::vector<std::size_t> answering(std::string_view capability, std::string_view kind, std::string_view text) const;

 private:
  std::string version_;
  std::vector<Control> controls_;
};

}  // namespace sekisho::coverage
