// The coverage of a body: clause x control x evidence, joined. Pure; nothing here reads the system or the clock.
//
// Coverage is the whole result as one value: what the interface gives out, the dossier prints and exports (OSCAL) are made from.
//   controls   each control of the catalogue with what was found of it: live for enforced ones (reason, facts, position in the log), by evidence
//              for the others (newest first; the program's own, and what people recorded)
//   clauses    each clause of the body's policy documents with its meaning, the controls that answer for it and the worst of their states.
//              A clause that asks for nothing (definition, permission, a heading) is not_applicable; one that nothing answers is red
//   chapters   how many clauses of each chapter are in which state
//   gaps       what is not in order, as tasks with the role that mends it
// Texts are Japanese; times are instants; `role` is the body's own word for who answers.
#pragma once
#include <map>

#include "features/coverage/controls.h"
#include "features/coverage/table.h"

namespace sekisho::coverage {

struct EvidenceView {
  static constexpr const char* kSchemaName = "CoverageEvidence";
  std::optional<EvidenceId> id;         // none: the program's own
  std::string what;
  std::optional<Timestamp> dated_at;    // none: it stands all the time
  std::optional<Timestamp> expires_at;  // counts until then
  std::string sha256;
  std::string link;
  std::string recorded_by;
  std::optional<Timestamp> recorded_at;
  std::optional<std::string> withdrawn_by;
  std::optional<std::string> withdraw_reason;
};
BOOST_DESCRIBE_STRUCT(EvidenceView, (), (id, what, dated_at, expires_at, sha256, link, recorded_by, recorded_at, withdrawn_by, withdraw_reason))

struct ControlView {
  static constexpr const char* kSchemaName = "CoverageControl";
  std::string id;
  std::string title;
  std::string kind;
  std::vector<std::string> capabilities;
  std::string clause;  // of the reference standard
  State state = State::red;
  std::string reason;
  std::vector<Fact> facts;
  std::optional<std::int64_t> log_seq;
  std::vector<EvidenceView> evidence;
  std::optional<Timestamp> due_at;  // of a duty that returns, or when the evidence stops counting
  std::string responsible;
  std::string role;
  std::string mend;
  std::vector<std::string> clauses;  // of the body's policy that it answers for, by their references
};
BOOST_DESCRIBE_STRUCT(ControlView, (), (id, title, kind, capabilities, clause, state, reason, facts, log_seq, evidence, due_at, responsible, role, mend, clauses))

struct ClauseView {
  static constexpr const char* kSchemaName = "CoverageClause";
  std::string version;  // of the policy document
  std::string id;
  std::string ref;
  std::string chapter;  // reference of the clause at the top
  std::string title;
  std::string text;     // shortened
  std::string modality;
  std::string actor;
  std::string kind;
  std::string capability;
  bool confirmed = false;  // a person confirmed the meaning
  State state = State::red;
  std::string reason;
  std::vector<std::string> controls;  // ids
  std::string words;    // what controls' words are looked for in: title, whole text, gist; not given out
  int part = 1;         // of the documents bound into one file
};
BOOST_DESCRIBE_STRUCT(ClauseView, (), (version, id, ref, chapter, title, text, modality, actor, kind, capability, confirmed, state, reason, controls, part))

struct Counts {
  static constexpr const char* kSchemaName = "CoverageCounts";
  std::int64_t green = 0;
  std::int64_t amber = 0;
  std::int64_t red = 0;
  std::int64_t not_applicable = 0;
  void add(State state);
};
BOOST_DESCRIBE_STRUCT(Counts, (), (green, amber, red, not_applicable))
struct ChapterView {
  static constexpr const char* kSchemaName = "CoverageChapter";
  std::string version;
  std::string document;  // title, of the part where several are bound into one file
  std::string chapter;   // reference
  std::string title;
  Counts counts;
  int part = 1;
};
BOOST_DESCRIBE_STRUCT(ChapterView, (), (version, document, chapter, title, counts, part))
struct DocumentRow {
  static constexpr const char* kSchemaName = "CoverageDocument";
  std::string document;  // id
  std::string version;
  std::string title;
  std::string sha256;
};
BOOST_DESCRIBE_STRUCT(DocumentRow, (), (document, version, title, sha256))

struct GapView {
  static constexpr const char* kSchemaName = "CoverageGap";
  GapId id;
  std::string control;
  std::string title;
  std::string clause;
  std::string state;
  std::string reason;
  std::string role;
  std::string mend;
  Timestamp opened_at;
  std::optional<Timestamp> closed_at;
  std::optional<std::string> closed_by;
  std::optional<std::string> close_reason;
};
BOOST_DESCRIBE_STRUCT(GapView, (), (id, control, title, clause, state, reason, role, mend, opened_at, closed_at, closed_by, close_reason))

struct Coverage {
  static constexpr const char* kSchemaName = "Coverage";
  std::string body;
  std::string body_name;
  int year = 0;            // fiscal year
  std::string year_label;  // 令和8年度
  bool live = true;        // the year that runs; of years that are over the state at their end
  Timestamp at;            // what it is the state of
  std::string catalogue;   // version of the controls
  Counts clause_counts;
  Counts control_counts;
  std::vector<DocumentRow> documents;
  std::vector<ChapterView> chapters;
  std::vector<ClauseView> clauses;
  std::vector<ControlView> controls;
  std::vector<GapView> gaps;
  bool may_manage = false;
};
BOOST_DESCRIBE_STRUCT(Coverage, (), (body, body_name, year, year_label, live, at, catalogue, clause_counts, control_counts, documents, chapters, clauses, controls, gaps, may_manage))

// The evidence of a control that is not enforced, put together: what counts, until when, and what that makes of it.
struct Judged {
  State state = State::red;
  std::string reason;
  std::optional<Timestamp> due_at;
};
// `year_end`: of the fiscal year that the newest evidence has to be of, where the control gives no days of its own.
Judged judge(const Control& control, const std::vector<EvidenceView>& evidence, Timestamp at, Timestamp year_begin, Timestamp year_end);

// Fills in the controls of each clause, its state and reason, the controls' clauses, and the counts.
void join(Coverage& coverage, const Controls& controls);

std::string_view name_of(State state);
State state_named(std::string_view name);  // what is not known is red

}  // namespace sekisho::coverage
