// Operations on guards: the rules, the body's NG words, and looking at a text before it is sent.
#pragma once
#include <map>
#include <memory>
#include <mutex>

#include "features/bodies/scheme.h"
#include "features/bodies/table.h"
#include "features/endpoints/table.h"
#include "features/guards/guard.h"
#include "features/guards/table.h"
#include "gate/operation.h"

namespace sekisho::guards {

inline constexpr const char* kBuiltIn = "extractive";  // the endpoint of answers that no model makes

// A rule as JSON: in the pack, in the table and on the screen. The words are those of policy::GuardRule.
struct RuleView {
  static constexpr const char* kSchemaName = "GuardRule";
  std::vector<std::string> kinds;
  std::vector<std::string> parts;
  std::vector<std::string> segments;
  std::vector<std::string> accepts;
  std::string endpoint;
  int class_from = 1;
  int class_to = policy::kTopRank;
  int least = 1;
  std::string action;
  int raise_to = 0;
  std::string clause;
  std::string who_can_permit;
};
BOOST_DESCRIBE_STRUCT(RuleView, (), (kinds, parts, segments, accepts, endpoint, class_from, class_to, least, action, raise_to, clause, who_can_permit))

struct RulesOut {
  static constexpr const char* kSchemaName = "GuardRules";
  std::vector<RuleView> own;       // asked first
  std::vector<RuleView> standard;  // what comes with the product
  std::vector<std::string> kinds;  // every kind that can be found
};
BOOST_DESCRIBE_STRUCT(RulesOut, (), (own, standard, kinds))
struct RulesIn {
  std::vector<RuleView> rules;
};
BOOST_DESCRIBE_STRUCT(RulesIn, (), (rules))

struct WordView {
  static constexpr const char* kSchemaName = "NgWord";
  std::string word;
  std::string note;
};
BOOST_DESCRIBE_STRUCT(WordView, (), (word, note))
struct WordsIn {
  std::optional<std::string> q;
  std::optional<std::string> after;
  std::optional<int> limit;
};
BOOST_DESCRIBE_STRUCT(WordsIn, (), (q, after, limit))
struct WordsOut {
  std::vector<WordView> items;
  std::optional<std::string> next;
  std::int64_t total = 0;
};
BOOST_DESCRIBE_STRUCT(WordsOut, (), (items, next, total))
struct ChangeWordsIn {
  std::optional<std::vector<WordView>> add;
  std::optional<std::vector<std::string>> remove;
};
BOOST_DESCRIBE_STRUCT(ChangeWordsIn, (), (add, remove))
struct ImportIn {
  std::string csv_base64;  // UTF-8 (with or without BOM) or CP932: word, note
  bool dry_run = false;
};
BOOST_DESCRIBE_STRUCT(ImportIn, (), (csv_base64, dry_run))
struct ImportOut {
  std::string encoding;
  std::int64_t words = 0;
  std::vector<std::string> added;    // at most 100 of each are told
  std::vector<std::string> removed;
  bool done = false;
};
BOOST_DESCRIBE_STRUCT(ImportOut, (), (encoding, words, added, removed, done))
struct ExportIn {
  std::string encoding;  // "utf8", "cp932"
};
BOOST_DESCRIBE_STRUCT(ExportIn, (), (encoding))
struct ExportOut {
  std::string name;
  std::string bytes_base64;
};
BOOST_DESCRIBE_STRUCT(ExportOut, (), (name, bytes_base64))

struct CheckIn {
  std::string text;
  std::optional<endpoints::EndpointId> endpoint;  // none: the built-in engine
  std::optional<int> c;                           // class of what it would be added to
};
BOOST_DESCRIBE_STRUCT(CheckIn, (), (text, endpoint, c))
struct FindingView {
  static constexpr const char* kSchemaName = "GuardFinding";
  std::string kind;
  std::int64_t start = 0;  // code points
  std::int64_t end = 0;
  int confidence = 0;
  std::string masked;
  std::string action;  // "allow", "warn", "mask", "block"
  std::string clause;
  std::string who_can_permit;
};
BOOST_DESCRIBE_STRUCT(FindingView, (), (kind, start, end, confidence, masked, action, clause, who_can_permit))
struct CheckOut {
  std::string action;  // the strongest
  std::vector<FindingView> findings;
};
BOOST_DESCRIBE_STRUCT(CheckOut, (), (action, findings))

class Guards {
 public:
  // The standard rules of packs/policy/guards.json.
  static Result<std::unique_ptr<Guards>> create(const text::Analyzer& analyzer, const std::string& rules_json);

  void register_operations(gate::Registry& registry);
  gate::Operation<CheckIn, CheckOut> check_operation();
  // The body's guard as it is in this transaction; kept in memory until something changes.
  Result<std::shared_ptr<const Guard>> guard(sql::Tx& tx, const gate::Body& body, const bodies::Profile& profile) const;

 private:
  Guards(const text::Analyzer& analyzer, std::vector<RuleView> standard) : analyzer_(analyzer), standard_(std::move(standard)) {}
  Result<CheckOut> check(gate::Context& context, CheckIn& in) const;
  Result<RulesOut> rules(gate::Context& context) const;
  Result<RulesOut> update_rules(gate::Context& context, RulesIn& in) const;

  struct Kept {
    std::string revision;
    policy::Rank top = 0;
    std::shared_ptr<const Guard> guard;
  };
  const text::Analyzer& analyzer_;
  const std::vector<RuleView> standard_;
  mutable std::mutex mutex_;
  mutable std::map<std::string, Kept> kept_;  // by the body's code
};

Result<policy::GuardRule> rule_of(const RuleView& view);
// Where content would go: this session, and the endpoint or the built-in engine.
policy::GuardPlace place_of(const policy::Person& person, const endpoints::Endpoint* endpoint, const bodies::Profile& profile, policy::Rank c);

// The body's own rules in another scheme: what blocks or covers reaches as far as before at least, what lets through at most as far.
Status carry_over(gate::Context& context, const policy::SchemeChange& change);

// NG words as CSV. words.cpp.
void register_word_operations(gate::Registry& registry);

}  // namespace sekisho::guards
