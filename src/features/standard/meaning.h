// What the clauses of a body's policy ask for: suggested by rules, confirmed by persons. For coverage, interchange and the screens.
//
// A meaning belongs to a clause of a document, whatever the version. A confirmed meaning is of the words that were confirmed (content_hash of title
// and text; a new number alone changes nothing): where the version's words differ it is stale, and what was confirmed is still shown.
// An actor is one or several, separated by ",": codes of roles of the body's profile; "@staff", "@body", "@contractor", "@provider" for
// all who work there, the body itself, contractors, providers of outside services; or the policy's own words where the profile knows nobody so called.
#pragma once
#include <string>
#include <vector>

#include "clauses/guideline.h"
#include "clauses/meaning.h"
#include "features/bodies/profile.h"
#include "features/standard/table.h"

namespace sekisho::standard {

// packs/standard/, read once; immutable, any thread.
struct Pack {
  clauses::MeaningRules rules;
  clauses::Structure structure;
  clauses::Guideline guideline;
  static Result<Pack> load(const std::string& packs_dir);
};

struct Meaning {
  ClauseId clause;
  std::string ref;
  std::string modality;    // must, must_not, should, may, is
  std::string actor;
  std::string object;
  std::string kind;        // enforce, workflow, register, document, check, physical
  std::string capability;
  bool confirmed = false;
  bool stale = false;      // the words changed since it was confirmed or refused
  bool refused = false;    // a person says that nothing is asked here: all fields above are empty
  std::string gist;        // what a clause of the standard like this one asks for, in words of our own; empty: none is like it
  std::string content_hash;
  std::optional<std::string> decided_by;
  std::optional<Timestamp> decided_at;
};

// In order of the version's clauses; clauses without words of their own (title page, contents, bare headings) are left out. Suggestions are computed
// where nothing is stored. not_found "policies.not_found": no such version.
Result<std::vector<Meaning>> meanings_of(sql::Tx& tx, const Pack& pack, const VersionId& version);
// The same of a version that was read already.
Result<std::vector<Meaning>> meanings_of(sql::Tx& tx, const Pack& pack, const Content& content);
// What the rules say, whatever is stored; of a version read already. As many as clauses.
Result<std::vector<std::optional<clauses::Suggestion>>> suggestions_of(sql::Tx& tx, const Pack& pack, const Content& content);
Result<bodies::ProfileFile> profile_in_force(sql::Tx& tx);
std::vector<std::string> actors_of(const std::string& actor);
// As a person reads it: names of roles, the body's own words.
std::string actor_name(const bodies::ProfileFile& profile, const std::string& actor);
// SHA-256 of what is confirmed, in hex.
std::string content_hash(const clauses::Clause& clause);

}  // namespace sekisho::standard
