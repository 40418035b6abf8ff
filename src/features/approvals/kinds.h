// Kinds of requests as data (packs/approvals/kinds.json): who may ask, who signs, who is told, what the form asks, and what the grant is worth.
//
// Pure but for load(). A catalogue that is not right refuses to load, with one error that names the place ("carry_out: approvers …").
// Source: the approval catalogue of the reference standard; every kind names its clauses.
#pragma once
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "json/json.h"

namespace sekisho::approvals {

// label: a policy label in its stable text form, put in by a feature and shown in the body's words.
enum class FieldType { text, long_text, date, number, choice, account, label };
BOOST_DESCRIBE_ENUM(FieldType, text, long_text, date, number, choice, account, label)
enum class Scope { body, unit };  // unit: the signer sits in the requester's unit or above it
BOOST_DESCRIBE_ENUM(Scope, body, unit)
// none: the grant is for one act, within max_days; end: it ends on a day; end_or_review: it ends, or names the day on which it is looked at again.
enum class Period { none, end, end_or_review };
BOOST_DESCRIBE_ENUM(Period, none, end, end_or_review)
enum class Opens { form, feature };  // a form that people fill in, or a part of the product that files it
BOOST_DESCRIBE_ENUM(Opens, form, feature)

struct Field {
  static constexpr const char* kSchemaName = "ApprovalField";
  std::string key;
  std::string title;
  FieldType type = FieldType::text;
  bool required = false;
  std::optional<std::vector<std::string>> choices;
};
BOOST_DESCRIBE_STRUCT(Field, (), (key, title, type, required, choices))

struct Approver {
  std::string power;
  Scope scope = Scope::body;
  std::optional<std::string> instead;  // another power that may sign in its place
};
BOOST_DESCRIBE_STRUCT(Approver, (), (power, scope, instead))

struct Kind {
  std::string key;
  std::string title;
  std::string description;
  std::vector<std::string> clauses;  // the first is the one that the log names
  std::vector<std::string> requesters;  // any of these powers; none: everybody who may ask at all
  std::vector<Approver> approvers;      // all of them; none only where a feature names them for each request
  std::vector<std::string> notified;    // powers told of the outcome
  std::vector<Field> fields;
  bool same_person = false;      // one person may sign several of the places
  bool needs_reason = true;
  Period period = Period::none;
  std::optional<int> max_days;
  bool content_bound = false;    // names the exact content by its hash
  bool single_use = false;       // the first use ends it
  bool after_the_fact = false;   // may be reported after the act (emergency)
  bool exception = false;        // the text knows 止むを得ない場合: a recorded exception to the separation of duties
  Opens opens = Opens::form;
};
BOOST_DESCRIBE_STRUCT(Kind, (), (key, title, description, clauses, requesters, approvers, notified, fields, same_person, needs_reason, period, max_days,
                                 content_bound, single_use, after_the_fact, exception, opens))

class Kinds {
 public:
  static Result<Kinds> parse(std::string_view text);
  static Result<Kinds> load(const std::string& path);
  const Kind* find(std::string_view key) const;
  const std::vector<Kind>& all() const { return kinds_; }
  const std::string& audit_power() const { return audit_power_; }              // sees all requests
  const std::vector<std::string>& exception_notified() const { return exception_notified_; }  // told of every exception

 private:
  std::vector<Kind> kinds_;
  std::string audit_power_;
  std::vector<std::string> exception_notified_;
};

}  // namespace sekisho::approvals
