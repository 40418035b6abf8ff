// Operations on what clauses ask for: read it, with what the rules suggest; confirm, change or refuse it, one clause or many.
#pragma once
#include <memory>

#include "features/standard/meaning.h"
#include "gate/operation.h"

namespace sekisho::standard {

struct MeaningView {
  static constexpr const char* kSchemaName = "PolicyMeaning";
  ClauseId clause;
  std::string ref;
  std::string title;
  std::string text;
  std::string hash;        // of the words: sent back with a decision, so that it is of what was seen
  std::string modality;
  std::string actor;       // codes, separated by ","
  std::string actor_name;  // the same in the body's words
  std::string object;
  std::string kind;
  std::string capability;
  std::string gist;        // of the standard's clause that it is like; empty: none
  std::string state;       // suggested, confirmed, refused
  bool stale = false;      // the words changed since
  std::optional<std::string> decided_by;
  std::optional<Timestamp> decided_at;
};
BOOST_DESCRIBE_STRUCT(MeaningView, (), (clause, ref, title, text, hash, modality, actor, actor_name, object, kind, capability, gist, state, stale, decided_by, decided_at))

struct ActorView {
  static constexpr const char* kSchemaName = "PolicyActor";
  std::string code;
  std::string name;
};
BOOST_DESCRIBE_STRUCT(ActorView, (), (code, name))
struct MeaningCounts {
  static constexpr const char* kSchemaName = "PolicyMeaningCounts";
  int suggested = 0;
  int confirmed = 0;
  int refused = 0;
  int stale = 0;  // of the confirmed and refused
};
BOOST_DESCRIBE_STRUCT(MeaningCounts, (), (suggested, confirmed, refused, stale))
struct MeaningList {
  DocumentId document;
  VersionId version;
  int number = 1;
  std::string title;
  MeaningCounts counts;  // of the whole version, whatever was asked for
  std::vector<MeaningView> items;
  std::vector<std::string> capabilities;  // what may be chosen
  std::vector<ActorView> actors;
  bool may_manage = false;
};
BOOST_DESCRIBE_STRUCT(MeaningList, (), (document, version, number, title, counts, items, capabilities, actors, may_manage))

struct MeaningsIn {
  VersionId version;
  std::optional<std::string> modality;
  std::optional<std::string> actor;  // one code
  std::optional<std::string> kind;
  std::optional<std::string> capability;
  std::optional<std::string> state;  // suggested, confirmed, refused, stale
};
BOOST_DESCRIBE_STRUCT(MeaningsIn, (), (version, modality, actor, kind, capability, state))

struct MeaningDecision {
  static constexpr const char* kSchemaName = "PolicyMeaningDecision";
  ClauseId clause;
  std::string hash;
  std::string state;                   // confirmed, refused; suggested: taken back
  std::optional<std::string> modality;  // left out: as it was shown
  std::optional<std::string> actor;
  std::optional<std::string> object;
  std::optional<std::string> kind;
  std::optional<std::string> capability;
};
BOOST_DESCRIBE_STRUCT(MeaningDecision, (), (clause, hash, state, modality, actor, object, kind, capability))
struct DecideMeaningsIn {
  VersionId version;
  std::vector<MeaningDecision> items;  // all or none
};
BOOST_DESCRIBE_STRUCT(DecideMeaningsIn, (), (version, items))
struct DecidedOut {
  static constexpr const char* kSchemaName = "PolicyMeaningsDecided";
  int decided = 0;
  MeaningCounts counts;
};
BOOST_DESCRIBE_STRUCT(DecidedOut, (), (decided, counts))

struct MeaningRow;
// Whether its values may be confirmed; invalid_argument "policies.meaning_value".
Status check_meaning(const MeaningRow& row, const Pack& pack);
void register_meanings(gate::Registry& registry, std::shared_ptr<const Pack> pack);

}  // namespace sekisho::standard
