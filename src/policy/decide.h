// The decision: may this person do this to information with this label, here? Pure, total, deterministic, deny by default; a forbid
// beats a permit.
//
// The rules are data: the action matrix (packs/policy/actions.json) has for every action the power it needs, the clause that demands it and
// the role that could permit it; the axes (packs/policy/axes.json) have the same two for every reason a question can be refused. A person's
// powers come from the roles of the body's profile; no role, unit, level or segment is known by name here.
// Invariant: every denial names a clause and who could permit it (Matrix::create takes no rule without them).
#pragma once
#include <array>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "core/time.h"
#include "policy/label.h"

namespace sekisho::policy {

// All that a read depends on beside the label. Whoever keeps an answer keeps it under this whole value: nothing else can make it stale.
struct Reader {
  bool program = false;  // the program itself in a job: derives (extracts, indexes) from any content of the body; what it derives keeps the label
  std::set<Principal> principals;  // "user:<id>", "unit:<id>" of the own unit and those above it
  Rank clearance = 0;
  SegmentSet accepted_origins = 0;  // origins that may be read from where the session is
  friend bool operator==(const Reader&, const Reader&) = default;
};

struct Person : Reader {
  std::string user_id;
  std::string name;
  std::set<std::string> powers;
  SegmentSet session_segment = 0;  // where the session is
  int factors = 1;                 // different kinds of proof given in this session
  bool second_factor_due = false;  // nothing is open before it but what leads to it
  bool elevated = false;           // a time-boxed elevation is open, or none is needed here
  std::string elevation;           // its id, for the record
  std::set<std::string> stands_for;  // user ids of absent holders of privileged rights whose deputy this one is now
  bool contractor = false;         // works for a contractor: changes no credentials
  bool may_carry_out = true;       // false where the session's segment knows no export
  SegmentSet closed = 0;           // segments whose information is never carried out, wherever it is read
  bool elsewhere = false;          // the session or key belongs to another segment or network than the request comes from: nothing is open
};

struct ActionRule {
  std::string power;  // empty: every signed-in person (never: everybody)
  std::string clause;
  std::string who_can_permit;
  bool before_login = false;
  int factors = 1;            // kinds of proof that the session must have given
  bool privileged = false;    // only within an open elevation
  bool carries_out = false;   // takes information out of the service: no such verb in a segment without export
  bool brings_in = false;     // takes information into the service
  bool while_stopped = false; // goes on while the service, the body or the segment is stopped: what ends a stop, and what must be closed properly
  bool before_second_factor = false;  // open while a second factor is due: leads to it, or makes the person's access less
  bool credentials = false;   // changes who may come in and with what: not for contractors
};

// Why a question is refused. What each stands on is data; key_of() is the name it has there and in a Decision.
enum class Axis : std::uint8_t {
  unknown_action, elsewhere, no_export, second_factor, not_elevated, contractor,                  // doing
  unknown_label, clearance, readers, segment,                                          // reading
  endpoint_not_approved, endpoint_ceiling, endpoint_segment, endpoint_obligation,      // sending to a model
  no_flow, flow_form,                                                                  // crossing between segments
  export_obligation,                                                                   // carrying out
  lowering_unapproved, lowering_own, lowering_other_content, lowering_reach,           // lowering a label
};
inline constexpr std::size_t kAxes = static_cast<std::size_t>(Axis::lowering_reach) + 1;
std::string_view key_of(Axis axis);

struct Ground {
  std::string clause;
  std::string who_can_permit;
};

class Matrix {
 public:
  // Refuses a rule or an axis without clause or permitter, an axis that is missing and one that is not known.
  static Result<Matrix> create(std::string version, std::map<std::string, ActionRule> rules, const std::map<std::string, Ground>& axes);
  const ActionRule* find(std::string_view action) const;
  const Ground& ground(Axis axis) const { return axes_[static_cast<std::size_t>(axis)]; }
  const std::string& version() const { return version_; }
  const std::map<std::string, ActionRule, std::less<>>& rules() const { return rules_; }

 private:
  std::string version_;
  std::map<std::string, ActionRule, std::less<>> rules_;
  std::array<Ground, kAxes> axes_;
};

struct Decision {
  bool allow = false;
  std::string clause;
  std::string who_can_permit;
  std::string key;  // why not: "policy.not_signed_in", "policy.power", or the key of an axis
};

// person == nullptr: nobody is signed in.
Decision decide(const Matrix& matrix, const Person* person, std::string_view action);

// May the person read content with this label? unknown class, clearance, readers, origin segments.
Decision decide_read(const Matrix& matrix, const Reader& reader, const Label& label);

// What a model endpoint may receive.
struct Ceiling {
  std::string endpoint_id;
  Rank c = 0;
  SegmentSet segments = 0;  // origins it accepts
  std::set<std::string> capabilities;
  bool approved = false;
  SegmentSet home = 0;    // where it lives
  SegmentSet closed = 0;  // segments of the body whose information goes only to endpoints that live there
};
Decision decide_send(const Matrix& matrix, const Ceiling& ceiling, const Label& label);

// A registered flow between two segments. No record, no flow.
enum class Form : std::uint8_t { text = 1, pixels = 2, sanitised_file = 4, verified_file = 8, file = 16 };
struct Flow {
  SegmentSet from = 0;
  SegmentSet to = 0;
  std::uint8_t forms = 0;  // of Form
  bool approved = false;
};
// May information in this form go from one segment to another? Within one segment it stays where it is.
Decision decide_edge(const Matrix& matrix, const Flow* flow, SegmentSet from, SegmentSet to, Form form);

// A way out of the service, such as a file on the person's machine; what it honours of a label's obligations.
struct Exit {
  std::string id;
  std::set<std::string> capabilities;
};
// The person must be able to read it, her segment and those that it comes from must know export, and the way out must honour the obligations.
Decision decide_export(const Matrix& matrix, const Person& person, const Exit& exit, const Label& label);

Decision refusal(const Matrix& matrix, Axis axis);
Error denial(const Decision& decision);

}  // namespace sekisho::policy
