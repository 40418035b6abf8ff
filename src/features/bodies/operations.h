// Operations on the organisation: setting it up, the words that screens use, and the lists that they choose from.
#pragma once
#include "features/bodies/scheme.h"
#include "features/bodies/table.h"
#include "gate/operation.h"

namespace sekisho::bodies {

struct UnitList {
  std::vector<Unit> items;
};
BOOST_DESCRIBE_STRUCT(UnitList, (), (items))

struct RoleItem {
  std::string code;
  std::string name;
};
BOOST_DESCRIBE_STRUCT(RoleItem, (), (code, name))
struct RoleList {
  std::vector<RoleItem> items;
};
BOOST_DESCRIBE_STRUCT(RoleList, (), (items))

// What screens need to speak the body's language. Ranks count from 1: the n-th level.
struct WordsView {
  static constexpr const char* kSchemaName = "ProfileWords";
  std::string name;
  std::string self_name;
  std::string kind;
  std::string word_for_security;
  int fiscal_year_start = 4;
  std::vector<Level> confidentiality;
  std::vector<Level> integrity;
  std::vector<Level> availability;
  std::vector<Segment> segments;
  std::map<std::string, std::string> terms;
};
BOOST_DESCRIBE_STRUCT(WordsView, (), (name, self_name, kind, word_for_security, fiscal_year_start, confidentiality, integrity, availability, segments, terms))

gate::Operation<ProfileFile, Nothing> set_up(const Vocabulary& vocabulary);
// followers: what moves its ranks when another scheme is taken up, in this order.
void register_operations(gate::Registry& registry, const Vocabulary& vocabulary, std::vector<Follower> followers);

// Of the profile in force, for gate::Body::words.
Result<gate::BodyWords> words_of(sql::Tx& tx);

}  // namespace sekisho::bodies
