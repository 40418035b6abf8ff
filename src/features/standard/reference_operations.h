// Operations on a body's policy beside the national guideline: which clauses speak of which topic, and what is missing on either side.
#pragma once
#include <memory>

#include "features/standard/meaning.h"
#include "gate/operation.h"

namespace sekisho::standard {

struct MappedClause {
  static constexpr const char* kSchemaName = "GuidelineClause";
  DocumentId document;
  VersionId version;
  ClauseId clause;
  std::string ref;
  std::string words;  // title, or how the text begins
  std::string state;  // suggested, confirmed
};
BOOST_DESCRIBE_STRUCT(MappedClause, (), (document, version, clause, ref, words, state))
struct TopicView {
  static constexpr const char* kSchemaName = "GuidelineTopic";
  std::string code;
  std::string section;
  std::string section_title;
  std::string topic;
  std::vector<MappedClause> clauses;  // empty: a gap
};
BOOST_DESCRIBE_STRUCT(TopicView, (), (code, section, section_title, topic, clauses))
struct LevelPairView {
  static constexpr const char* kSchemaName = "LevelPair";
  std::string three;
  std::vector<std::string> five;  // strictest first
  std::string note;
};
BOOST_DESCRIBE_STRUCT(LevelPairView, (), (three, five, note))
struct ReviewedVersion {
  static constexpr const char* kSchemaName = "GuidelineVersion";
  VersionId version;
  std::string title;
  int number = 1;
};
BOOST_DESCRIBE_STRUCT(ReviewedVersion, (), (version, title, number))
struct GuidelineView {
  static constexpr const char* kSchemaName = "GuidelineReview";
  std::string source;
  std::vector<ReviewedVersion> versions;  // what was looked at
  std::vector<TopicView> topics;
  std::vector<MappedClause> unmapped;     // clauses that bind somebody and speak of no topic
  int gaps = 0;                           // topics without a clause
  std::vector<LevelPairView> crosswalk;   // strictest first
  bool may_manage = false;
};
BOOST_DESCRIBE_STRUCT(GuidelineView, (), (source, versions, topics, unmapped, gaps, crosswalk, may_manage))

struct GuidelineIn {
  std::optional<VersionId> version;  // left out: of every document the one in force, else the newest
};
BOOST_DESCRIBE_STRUCT(GuidelineIn, (), (version))
struct DecideReferenceIn {
  VersionId version;
  ClauseId clause;
  std::string item;
  std::string state;  // confirmed, refused; suggested: as the rules say again
};
BOOST_DESCRIBE_STRUCT(DecideReferenceIn, (), (version, clause, item, state))

void register_references(gate::Registry& registry, std::shared_ptr<const Pack> pack);

}  // namespace sekisho::standard
