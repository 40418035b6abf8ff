// How a body lives a version of its policy, as OSCAL 1.2 models: what implements it (component-definition, system-security-plan), how that is looked
// at (assessment-plan), what was found (assessment-results), what is open (plan-of-action-and-milestones). Pure; written only.
//
// Controls are the clauses of the catalog of the same version (control_id()), which the models import by a relative name: "catalog.json" beside them.
// The five refer to each other by the names of file_name(). The same state gives the same bytes.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "oscal/catalog.h"

namespace sekisho::oscal {

// implemented: in order; partial: in part, or soon no more; planned: not; not_applicable: nothing to do here.
enum class Standing { implemented, partial, planned, not_applicable };

struct Evidence {
  std::string what;
  std::optional<Timestamp> at;  // none: it stands all the time
  std::string sha256;           // hex, or empty
  std::string link;             // where it lies, or empty
};

// A control of the product or of the body: what keeps clauses.
struct Component {
  std::string id;
  std::string title;
  std::string kind;         // enforced, workflow, register, document, check, physical
  Standing standing = Standing::planned;
  std::string reason;       // one line
  std::string responsible;  // who answers, in the body's words
  std::string mend;         // what is to be done where it is not in order
  std::vector<std::string> facts;  // "name: value", as they were found
  std::vector<Evidence> evidence;
};

struct Requirement {
  std::string clause;  // its id
  std::string ref;
  std::string title;
  bool worded = true;  // the clause has a statement; without one the control itself is what is found about
  Standing standing = Standing::planned;
  std::string reason;
  std::vector<std::string> components;  // ids; none: nothing answers for it
};

struct Gap {
  std::string id;
  std::string component;
  std::string title;
  std::string reason;
  std::string responsible;
  std::string mend;
  Timestamp opened_at;
};

struct Named {
  std::string code;
  std::string name;
};

struct Implementation {
  Heading heading;                    // modified: what it is the state of
  std::string description;            // of the system
  std::vector<Named> segments;        // of the network
  std::vector<Named> classes;         // of information; code: what belongs there
  std::vector<Component> components;
  std::vector<Requirement> requirements;
  std::vector<Gap> gaps;              // open ones
};

inline constexpr std::string_view kModels[] = {"catalog", "component-definition", "ssp", "assessment-plan", "assessment-results", "poam"};
std::string file_name(std::string_view model);  // "component-definition.json"

std::string write_component_definition(const Implementation& implementation);
std::string write_ssp(const Implementation& implementation);
std::string write_assessment_plan(const Implementation& implementation);
std::string write_assessment_results(const Implementation& implementation);
std::string write_poam(const Implementation& implementation);

}  // namespace sekisho::oscal
