// The outline of the national guideline as a catalogue, and which clauses of a policy speak of which of its topics. Pure; thread-safe.
//
// The catalogue holds facts alone: numbers of sections and topics in words of our own (packs/standard/guideline.json).
// Source: 総務省「地方公共団体における情報セキュリティポリシーに関するガイドライン」.
#pragma once
#include <boost/describe.hpp>
#include <string>
#include <vector>

#include "clauses/meaning.h"

namespace sekisho::clauses {

struct GuidelineSection {
  std::string number;
  std::string title;
};
BOOST_DESCRIBE_STRUCT(GuidelineSection, (), (number, title))

// A clause may speak of it when it is of one of the capabilities and one of the headings above it or of its words is there.
struct GuidelineItem {
  std::string code;  // unique, stable: what mappings are stored by
  std::string section;
  std::string topic;
  std::vector<std::string> headings;
  std::vector<std::string> words;
  std::vector<std::string> capabilities;
};
BOOST_DESCRIBE_STRUCT(GuidelineItem, (), (code, section, topic, headings, words, capabilities))

// A level of the scheme of three, and those of the scheme of five that it may become. Strictest first, both.
struct LevelPair {
  std::string three;
  std::vector<std::string> five;
  std::string note;
};
BOOST_DESCRIBE_STRUCT(LevelPair, (), (three, five, note))

struct Guideline {
  std::string version;
  std::string source;
  std::vector<GuidelineSection> sections;
  std::vector<GuidelineItem> items;
  std::vector<LevelPair> crosswalk;
};
BOOST_DESCRIBE_STRUCT(Guideline, (), (version, source, sections, items, crosswalk))

// invalid_argument "standard.rules", detail with the place.
Status check(const Guideline& guideline, const MeaningRules& rules);

// For each clause the places of the items that it seems to speak of, the likeliest first, at most three. `capability` of each clause, empty for one
// without a meaning: it speaks of nothing.
std::vector<std::vector<std::size_t>> match(const Document& document, const std::vector<std::string>& capability, const Guideline& guideline);

}  // namespace sekisho::clauses
