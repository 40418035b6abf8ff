// What a clause asks for, read off its words: how binding it is, who acts, on what, how it is kept, and by which capability of the program.
//
// A suggestion that a person confirms; nothing is decided here. Pure: the words to look for are data (packs/standard/rules.json), and so are the
// clauses of the municipal standard, described in words of our own (packs/standard/structure.json) and found by their headings and their likeness,
// whatever the document or its numbers. Time grows with clauses times the entries under one heading. Thread-safe.
// Endings of sentences: 文化審議会「公用文作成の考え方」(令和4年1月7日), 法制執務; です・ます forms read as their plain ones.
#pragma once
#include <boost/describe.hpp>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "clauses/model.h"
#include "core/result.h"

namespace sekisho::clauses {

inline constexpr const char* kModalities[] = {"must", "must_not", "should", "may", "is"};
inline constexpr const char* kMeaningKinds[] = {"enforce", "workflow", "register", "document", "check", "physical"};

// The first row one of whose words the sentence ends in (`ends`) or holds (`holds`) says its modality.
struct ModalityRule {
  std::string modality;
  std::vector<std::string> ends;
  std::vector<std::string> holds;
};
BOOST_DESCRIBE_STRUCT(ModalityRule, (), (modality, ends, holds))

// Words that policies use for somebody. `key`: a permitter's key of the organisation profile, or staff, body, contractor, provider.
struct ActorRule {
  std::string key;
  std::vector<std::string> words;
};
BOOST_DESCRIBE_STRUCT(ActorRule, (), (key, words))

// Points for each word found, longer ones weighing more. `ends` are looked for where the sentence that binds ends, `headings` in the clause's own
// title and, for less, in the headings above it. A word of katakana or Latin letters is found as a word: ログ not in プログラム.
struct PointRule {
  std::string value;  // a kind or a capability
  std::vector<std::string> words;
  std::optional<std::vector<std::string>> ends;
  std::vector<std::string> headings;
};
BOOST_DESCRIBE_STRUCT(PointRule, (), (value, words, ends, headings))

struct MeaningRules {
  std::string version;
  std::vector<ModalityRule> modality;
  std::vector<std::string> list_holds;  // a clause with one of these binds by the entries of the list below it
  std::vector<ActorRule> actors;
  std::vector<PointRule> kinds;
  std::vector<PointRule> capabilities;
};
BOOST_DESCRIBE_STRUCT(MeaningRules, (), (version, modality, list_holds, actors, kinds, capabilities))

// One clause of the standard: what it is about in words of our own.
struct StandardItem {
  std::string gist;
  std::string modality;
  std::string kind;
  std::string capability;
  std::vector<std::string> actors;  // keys of ActorRule
};
BOOST_DESCRIBE_STRUCT(StandardItem, (), (gist, modality, kind, capability, actors))

// The clauses below one heading of the standard, in their order. Each element of `path` lists words, separated by spaces, that a heading holds
// ("文書サーバ|ファイルサーバ": either); the last element is the nearest heading, the others stand above it in this order, perhaps with further headings between.
struct StandardSection {
  std::vector<std::string> path;
  std::vector<StandardItem> items;
};
BOOST_DESCRIBE_STRUCT(StandardSection, (), (path, items))

struct Structure {
  std::string version;
  std::vector<StandardSection> sections;
};
BOOST_DESCRIBE_STRUCT(Structure, (), (version, sections))

// invalid_argument "standard.rules", detail with the place: "$.kinds[2].value: no kind 'x'".
Status check(const MeaningRules& rules);
Status check(const Structure& structure, const MeaningRules& rules);

// What this body calls whom: the words of its profile before those of the rules. `code` is what a meaning stores.
struct ActorWord {
  std::string word;
  std::string code;
};

struct Suggestion {
  std::string modality;
  std::string actor;  // codes or words, separated by ","
  std::string object;
  std::string kind;
  std::string capability;
  std::string gist;   // of the standard's clause that it looks like; empty: none
};

// For each clause of the document; nothing for front matter, headings without words and the like.
// `actors` in order of preference; `codes`: what the keys of the rules are stored as.
std::vector<std::optional<Suggestion>> suggest(const Document& document, const MeaningRules& rules, const Structure& structure, const std::vector<ActorWord>& actors,
                                               const std::map<std::string, std::string>& codes);

}  // namespace sekisho::clauses
