// 意見 on a draft: given on a clause or on the whole by whoever reads policies while the version is open for them, and answered with the reason.
// Threads: the operations are thread-safe. Failures: policies.* keys.
#pragma once
#include "features/standard/versions.h"

namespace sekisho::standard {

struct OpinionView {
  static constexpr const char* kSchemaName = "PolicyOpinion";
  OpinionId id;
  std::optional<ClauseId> clause;
  std::string ref;
  std::string content;
  std::string given_by;
  Timestamp given_at;
  std::string state;  // open, adopted, not_adopted
  std::string answer;
  std::optional<std::string> answered_by;
  std::optional<Timestamp> answered_at;
};
BOOST_DESCRIBE_STRUCT(OpinionView, (), (id, clause, ref, content, given_by, given_at, state, answer, answered_by, answered_at))
struct OpinionList {
  std::vector<OpinionView> items;
};
BOOST_DESCRIBE_STRUCT(OpinionList, (), (items))
// Words about a text that is not public yet: read, never written, so that the record holds their hash alone.
struct GiveOpinionIn {
  VersionId version;
  std::optional<ClauseId> clause;  // left out: on the whole
  Secret content;
};
BOOST_DESCRIBE_STRUCT(GiveOpinionIn, (), (version, clause, content))
struct AnswerOpinionIn {
  OpinionId opinion;
  bool adopted = false;
  Secret answer;
};
BOOST_DESCRIBE_STRUCT(AnswerOpinionIn, (), (opinion, adopted, answer))

void register_opinions(gate::Registry& registry);

}  // namespace sekisho::standard
