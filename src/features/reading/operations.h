// Operations of reading: what I am asked to read, the page, the acknowledgement and the consent; showing a document to the staff; who has not read.
#pragma once
#include "features/bodies/operations.h"
#include "features/office/office.h"
#include "features/reading/reading.h"
#include "features/standard/operations.h"

namespace sekisho::reading {

struct ItemView {
  static constexpr const char* kSchemaName = "Reading";
  standard::DocumentId document;
  standard::VersionId version;
  std::string title;
  int number = 1;
  std::string effective_on;
  int clauses = 0;    // addressed to me
  std::string state;  // unread, opened, acknowledged, extended
  Timestamp since;    // asked since
  std::optional<Timestamp> acknowledged_at;
  std::optional<Timestamp> closes_at;  // when the AI closes; none: nothing hangs on it
  bool consent_asked = false;          // of my category
  std::optional<Timestamp> consented_at;
};
BOOST_DESCRIBE_STRUCT(ItemView, (), (document, version, title, number, effective_on, clauses, state, since, acknowledged_at, closes_at, consent_asked, consented_at))
struct ItemList {
  static constexpr const char* kSchemaName = "Readings";
  std::vector<ItemView> items;
  bool closed = false;          // the AI is closed until all is acknowledged
  bool may_see_people = false;  // of some unit at least
};
BOOST_DESCRIBE_STRUCT(ItemList, (), (items, closed, may_see_people))

struct StateView {
  static constexpr const char* kSchemaName = "ReadingState";
  bool closed = false;  // the AI, until all is acknowledged
};
BOOST_DESCRIBE_STRUCT(StateView, (), (closed))

struct RuleIn {
  bool before_ai = false;
  int grace_days = 0;  // 0 to kMostGraceDays
};
BOOST_DESCRIBE_STRUCT(RuleIn, (), (before_ai, grace_days))
inline constexpr int kMostGraceDays = 365;
struct RuleView {
  static constexpr const char* kSchemaName = "ReadingRule";
  bool before_ai = false;
  int grace_days = 0;
  std::optional<std::string> set_by;
  std::optional<Timestamp> set_at;
};
BOOST_DESCRIBE_STRUCT(RuleView, (), (before_ai, grace_days, set_by, set_at))

struct DocumentIn {
  standard::DocumentId document;
};
BOOST_DESCRIBE_STRUCT(DocumentIn, (), (document))
struct PageView {
  static constexpr const char* kSchemaName = "ReadingPage";
  ItemView reading;
  std::string sha256;
  std::vector<ReadingClause> clauses;
};
BOOST_DESCRIBE_STRUCT(PageView, (), (reading, sha256, clauses))
struct AcknowledgeIn {
  standard::DocumentId document;
  standard::VersionId version;  // that she read
  std::string sha256;           // of what she was shown
};
BOOST_DESCRIBE_STRUCT(AcknowledgeIn, (), (document, version, sha256))

struct ShownView {
  static constexpr const char* kSchemaName = "ShownToStaff";
  standard::DocumentId document;
  bool shown = false;
  bool held = false;      // the version in force is not shown until a person has looked: show it again
  bool in_force = false;
  std::optional<std::string> shown_by;
  std::optional<Timestamp> shown_at;
  std::optional<standard::VersionId> version;
};
BOOST_DESCRIBE_STRUCT(ShownView, (), (document, shown, held, in_force, shown_by, shown_at, version))

struct PeopleIn {
  std::optional<standard::DocumentId> document;
  std::optional<std::string> department;  // id
  std::optional<std::string> show;        // unread (default; consents that are waited for too), all: those who have read too
};
BOOST_DESCRIBE_STRUCT(PeopleIn, (), (document, department, show))
struct PersonView {
  static constexpr const char* kSchemaName = "Reader";
  standard::DocumentId document;
  std::string title;
  int number = 1;
  std::string person;  // id
  std::string name;
  std::string department;
  std::string category;
  bool consent_asked = false;  // of her category
  std::string state;
  std::optional<Timestamp> opened_at;
  std::optional<Timestamp> acknowledged_at;
  std::optional<Timestamp> consented_at;
  std::optional<Timestamp> closes_at;
};
BOOST_DESCRIBE_STRUCT(PersonView, (), (document, title, number, person, name, department, category, consent_asked, state, opened_at, acknowledged_at, consented_at, closes_at))
struct UnitView {
  static constexpr const char* kSchemaName = "ReadersOfDepartment";
  std::string department;  // id
  std::string name;
  int people = 0;        // who are asked, once for each document
  int acknowledged = 0;
  int consents_asked = 0;  // of those people
  int consented = 0;
};
BOOST_DESCRIBE_STRUCT(UnitView, (), (department, name, people, acknowledged, consents_asked, consented))
struct PeopleList {
  static constexpr const char* kSchemaName = "Readers";
  std::vector<UnitView> departments;  // in the profile's order
  std::vector<PersonView> items;      // by department and login; at most kMostReaders
};
BOOST_DESCRIBE_STRUCT(PeopleList, (), (departments, items))
inline constexpr std::size_t kMostReaders = 20'000;

// What is asked of the caller in a document that is shown to the staff (operations.cpp).
struct Mine {
  Asked asked;
  Audience audience;
  std::vector<Acknowledgement> rows;  // hers, of the version in force
  std::optional<Rule> rule;
};
// not_found "policies.not_found": not shown, or nobody of the body asks.
Result<Mine> require_mine(gate::Context& context, const standard::Pack& pack, const standard::DocumentId& id);
Result<bodies::PersonId> caller_of(gate::Context& context);
bool reads_all(const gate::Context& context);

void register_operations(gate::Registry& registry, std::shared_ptr<const standard::Pack> pack, std::shared_ptr<office::Office> office);

}  // namespace sekisho::reading
