// A definition: one register or workflow as data (packs/office/*.yaml; the format is packs/office/schema.json, explained in docs/office.md).
//
// These structs are the format after reading: for one body, so that what the body has not is gone and its terms stand in the texts, and with one
// shape where the file allows several (a clause given as text is a ClauseRef, `required: true` is {always}). Names that are words of C++ are longer:
// not -> negate (in a condition, a list of one) or other_than (in a separation), if -> only_if, for -> each. Pure.
#pragma once
#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "json/json.h"
#include "workflow/organisation.h"
#include "workflow/yaml.h"

namespace sekisho::workflow {

using Keys = std::vector<std::string>;
inline bool contains(const Keys& keys, std::string_view key) { return std::find(keys.begin(), keys.end(), key) != keys.end(); }

struct ClauseRef {
  static constexpr const char* kSchemaName = "OfficeClause";
  std::string ref;
  std::optional<std::string> source;
  std::optional<std::string> title;
  std::optional<Keys> words;  // by which the body's own clause is found
};
BOOST_DESCRIBE_STRUCT(ClauseRef, (), (ref, source, title, words))

struct Who {
  static constexpr const char* kSchemaName = "OfficeWho";
  std::optional<std::string> post;
  std::optional<std::string> power;
  std::optional<std::string> in;  // body, unit, field:<key>
  std::optional<std::string> person;
  std::optional<std::string> field;
  std::optional<bool> anyone;
  std::optional<bool> program;
};
BOOST_DESCRIBE_STRUCT(Who, (), (post, power, in, person, field, anyone, program))
using Whos = std::vector<Who>;

struct Condition {
  static constexpr const char* kSchemaName = "OfficeCondition";
  std::optional<std::vector<Condition>> all;
  std::optional<std::vector<Condition>> any;
  std::optional<std::vector<Condition>> negate;  // one
  std::optional<std::string> field;
  std::optional<std::string> is;
  std::optional<json::Value> equals;
  std::optional<json::Value> not_equals;
  std::optional<std::vector<json::Value>> in;
  std::optional<double> at_least;
  std::optional<double> at_most;
  std::optional<std::string> axis;
  std::optional<std::string> before;
  std::optional<std::string> after;
  std::optional<std::string> region;
  std::optional<Keys> state;
  std::optional<std::string> passed;
  std::optional<std::string> reference;
  std::optional<std::string> linked;
  std::optional<Keys> kind;
  std::optional<std::string> count;
  std::optional<std::string> notices;
};
BOOST_DESCRIBE_STRUCT(Condition, (), (all, any, negate, field, is, equals, not_equals, in, at_least, at_most, axis, before, after, region, state, passed, reference, linked, kind, count,
                                      notices))

struct Guard {
  static constexpr const char* kSchemaName = "OfficeGuard";
  Condition that;
  std::string say;
};
BOOST_DESCRIBE_STRUCT(Guard, (), (that, say))

struct Span {
  static constexpr const char* kSchemaName = "OfficeSpan";
  std::optional<int> days;
  std::optional<int> hours;
  std::optional<int> months;
  std::optional<std::string> word;
  std::optional<Keys> process;
};
BOOST_DESCRIBE_STRUCT(Span, (), (days, hours, months, word, process))

struct Remind {
  std::optional<Span> before;
  std::optional<Span> after;
  std::optional<Span> every;
  Whos to;
};
BOOST_DESCRIBE_STRUCT(Remind, (), (before, after, every, to))
struct Overdue {
  std::optional<Whos> to;
  std::optional<std::string> say;
  std::optional<std::string> move;
};
BOOST_DESCRIBE_STRUCT(Overdue, (), (to, say, move))
struct Deadline {
  static constexpr const char* kSchemaName = "OfficeDeadline";
  std::optional<Span> within;
  std::optional<std::string> from;
  std::optional<std::string> field;
  std::optional<std::vector<Remind>> remind;
  std::optional<Overdue> overdue;
};
BOOST_DESCRIBE_STRUCT(Deadline, (), (within, from, field, remind, overdue))

struct NoticeRule {
  static constexpr const char* kSchemaName = "OfficeNoticeRule";
  Whos to;
  std::optional<std::string> say;
  std::optional<Span> within;
  std::optional<std::vector<ClauseRef>> clauses;
  std::optional<Condition> only_if;
};
BOOST_DESCRIBE_STRUCT(NoticeRule, (), (to, say, within, clauses, only_if))
struct Effect {
  std::string run;
  std::optional<std::map<std::string, std::string>> with;
  std::optional<Condition> only_if;
};
BOOST_DESCRIBE_STRUCT(Effect, (), (run, with, only_if))
// A switch of the product that is on while the case is in the state (features/switches).
struct SwitchUse {
  static constexpr const char* kSchemaName = "OfficeSwitchUse";
  std::string turn;
  std::optional<std::map<std::string, std::string>> with;  // argument -> field, field.column of a table, or @opener
  std::optional<std::map<std::string, Keys>> where;        // of a table's rows: column -> values that count
  std::optional<Condition> only_if;
};
BOOST_DESCRIBE_STRUCT(SwitchUse, (), (turn, with, where, only_if))
struct Separation {
  static constexpr const char* kSchemaName = "OfficeSeparation";
  std::optional<std::string> other_than;  // opener, assigned, mover:<transition>, field:<key>
  std::optional<std::string> outside;
  std::optional<bool> unavoidable;
  std::optional<std::vector<ClauseRef>> clauses;
};
BOOST_DESCRIBE_STRUCT(Separation, (), (other_than, outside, unavoidable, clauses))
// Rows of a table that answer a sheet (`rows`) with a gap go on to another table of the case: column there -> column here.
struct Gather {
  static constexpr const char* kSchemaName = "OfficeGather";
  std::string from;
  std::string into;
  std::map<std::string, std::string> copy;
};
BOOST_DESCRIBE_STRUCT(Gather, (), (from, into, copy))
struct Opens {
  std::string definition;
  std::optional<std::map<std::string, std::string>> copy;
  std::optional<std::map<std::string, json::Value>> set;
  std::optional<std::string> each;
  std::optional<Condition> only_if;
};
BOOST_DESCRIBE_STRUCT(Opens, (), (definition, copy, set, each, only_if))

enum class StateKind { open, waiting, closed };
BOOST_DESCRIBE_ENUM(StateKind, open, waiting, closed)

struct State {
  static constexpr const char* kSchemaName = "OfficeState";
  std::string key;
  std::string title;
  StateKind kind = StateKind::open;
  std::optional<std::string> help;
  std::optional<Deadline> deadline;
  std::optional<Whos> edit;
  std::optional<std::vector<SwitchUse>> switches;
};
BOOST_DESCRIBE_STRUCT(State, (), (key, title, kind, help, deadline, edit, switches))

struct Transition {
  static constexpr const char* kSchemaName = "OfficeTransition";
  std::string key;
  std::string title;
  Keys from;
  std::optional<std::string> to;
  Whos by;
  std::optional<int> joint;  // 0: all places of `by`
  std::optional<bool> same_person;
  std::optional<std::vector<Separation>> separate;
  std::vector<ClauseRef> clauses;
  std::optional<std::vector<Guard>> guards;
  std::optional<Keys> ask;
  std::optional<bool> reason;
  std::optional<bool> choice_recorded;
  std::optional<std::map<std::string, json::Value>> set;
  std::optional<std::vector<NoticeRule>> notices;
  std::optional<std::vector<Effect>> effects;
  std::optional<std::vector<Opens>> opens;
  std::optional<Keys> renew;  // tables whose rows are made anew from the policy that is in force now; answers to unchanged words stay
  std::optional<std::vector<Gather>> gather;
  std::optional<bool> danger;

  // How many places must be signed; 1 where nobody signs jointly.
  std::size_t places() const { return !joint ? 1 : *joint == 0 ? by.size() : static_cast<std::size_t>(*joint); }
};
BOOST_DESCRIBE_STRUCT(Transition, (), (key, title, from, to, by, joint, same_person, separate, clauses, guards, ask, reason, choice_recorded, set, notices, effects, opens, renew, gather, danger))

struct Region {
  static constexpr const char* kSchemaName = "OfficeRegion";
  std::string key;
  std::string title;
  Keys live_in;
  std::vector<State> states;
  std::vector<Transition> transitions;
};
BOOST_DESCRIBE_STRUCT(Region, (), (key, title, live_in, states, transitions))

struct Choice {
  static constexpr const char* kSchemaName = "OfficeChoice";
  std::string key;
  std::string title;
};
BOOST_DESCRIBE_STRUCT(Choice, (), (key, title))
struct Item {
  static constexpr const char* kSchemaName = "OfficeItem";
  std::string key;
  std::string title;
  std::optional<bool> required;
  std::optional<std::vector<ClauseRef>> clauses;
};
BOOST_DESCRIBE_STRUCT(Item, (), (key, title, required, clauses))
struct Column {
  static constexpr const char* kSchemaName = "OfficeColumn";
  std::string key;
  std::string title;
  std::string type;
  std::optional<std::vector<Choice>> choices;
  std::optional<std::string> of;
  std::optional<bool> required;
  std::optional<std::string> unit;
  std::optional<std::string> given;  // of a table with `rows`: what the program writes there, and nobody else (kGiven)
};
BOOST_DESCRIBE_STRUCT(Column, (), (key, title, type, choices, of, required, unit, given))
// A table whose rows are the clauses of the body's policy that is in force: those whose meaning a person has confirmed and that all three lists let
// pass. Made when the case is opened; people answer, and can neither add nor drop one.
struct RowsFrom {
  static constexpr const char* kSchemaName = "OfficeRowsFrom";
  std::string from;                // "clauses"
  Keys actors;                     // staff, body, or a post: one of them is asked something
  Keys modality;
  Keys kinds;
  std::optional<Keys> first;       // kinds and modalities whose clauses come before the others
  std::string answer;              // column of type choice
  Keys good;                       // answers that count as kept
  Keys gaps;                       // answers that count as not kept; the others are not counted
  std::optional<std::string> say;  // column that must be filled in beside a gap
  std::optional<std::string> evidence;  // column that names the evidence
};
BOOST_DESCRIBE_STRUCT(RowsFrom, (), (from, actors, modality, kinds, first, answer, good, gaps, say, evidence))
// The fields that a draft of this one is made of, and the instructions (packs/drafts/instructions.json) that it follows.
struct Draft {
  static constexpr const char* kSchemaName = "OfficeDraft";
  Keys from;
  std::string instruction;
};
BOOST_DESCRIBE_STRUCT(Draft, (), (from, instruction))
struct Derive {
  std::string op;
  std::string of;
  std::optional<std::string> with;
};
BOOST_DESCRIBE_STRUCT(Derive, (), (op, of, with))
struct Required {
  std::optional<bool> always;  // from the opening on
  std::optional<Keys> states;  // to enter them
};
BOOST_DESCRIBE_STRUCT(Required, (), (always, states))

struct Field {
  static constexpr const char* kSchemaName = "OfficeField";
  std::string key;
  std::string title;
  std::string type;
  std::optional<std::string> help;
  std::optional<std::vector<Choice>> choices;
  std::optional<std::string> of;
  std::optional<std::string> unit;
  std::optional<Keys> axes;
  std::optional<double> min;
  std::optional<double> max;
  std::optional<Required> required;
  std::optional<Condition> required_if;
  std::optional<Whos> edit;
  std::optional<Whos> visible;
  std::optional<std::vector<Item>> items;
  std::optional<std::vector<Column>> columns;
  std::optional<bool> evidence;
  std::optional<bool> several;
  std::optional<Derive> derive;
  std::optional<bool> index;
  std::optional<bool> unique;
  std::optional<RowsFrom> rows;
  std::optional<Draft> draft;
};
BOOST_DESCRIBE_STRUCT(Field, (), (key, title, type, help, choices, of, unit, axes, min, max, required, required_if, edit, visible, items, columns, evidence, several, derive, index, unique,
                                  rows, draft))
// What the program writes into given columns: the document's id, the version's, the clause's (which stays when it is renumbered), its number, its words,
// and what the same department answered the year before.
inline constexpr const char* kGiven[] = {"document", "version", "clause", "label", "text", "before"};

struct Opening {
  static constexpr const char* kSchemaName = "OfficeOpening";
  Whos by;
  std::vector<ClauseRef> clauses;
  std::optional<Keys> ask;
  std::optional<std::string> state;
  std::optional<bool> opener_hidden;
  std::optional<std::vector<NoticeRule>> notices;
};
BOOST_DESCRIBE_STRUCT(Opening, (), (by, clauses, ask, state, opener_hidden, notices))
struct Sensitivity {
  std::optional<std::string> field;
  std::optional<int> at_least;
};
BOOST_DESCRIBE_STRUCT(Sensitivity, (), (field, at_least))
struct Numbering {
  std::string prefix;
  std::optional<bool> yearly;
};
BOOST_DESCRIBE_STRUCT(Numbering, (), (prefix, yearly))
struct Opener {
  std::optional<std::string> alarm;
  std::optional<std::string> event;
  std::optional<std::map<std::string, json::Value>> set;
  std::optional<std::string> detail;
  std::optional<std::vector<ClauseRef>> clauses;
};
BOOST_DESCRIBE_STRUCT(Opener, (), (alarm, event, set, detail, clauses))

struct DutyEvery {
  std::optional<std::string> period;  // fiscal_year, half_year, quarter, month
  std::optional<std::string> word;
  std::optional<Keys> process;
};
BOOST_DESCRIBE_STRUCT(DutyEvery, (), (period, word, process))
struct DutyEach {
  std::optional<std::string> scope;      // body, each_unit
  std::optional<std::string> each_case;  // of this definition
  std::optional<std::string> link;
};
BOOST_DESCRIBE_STRUCT(DutyEach, (), (scope, each_case, link))
struct DutyDay {
  std::optional<int> month;
  std::optional<int> day;
  std::optional<int> days;
};
BOOST_DESCRIBE_STRUCT(DutyDay, (), (month, day, days))
struct Duty {
  static constexpr const char* kSchemaName = "OfficeDuty";
  std::string key;
  std::string title;
  DutyEvery every;
  DutyEach each;
  std::optional<DutyDay> opens;
  std::optional<DutyDay> due;
  std::optional<Keys> unit_kinds;
  std::optional<Whos> assign;
  std::optional<std::map<std::string, json::Value>> set;
  std::vector<ClauseRef> clauses;
  std::optional<Keys> done;
};
BOOST_DESCRIBE_STRUCT(Duty, (), (key, title, every, each, opens, due, unit_kinds, assign, set, clauses, done))

struct PrintSection {
  std::string title;
  std::optional<Keys> fields;
  std::optional<bool> history;
};
BOOST_DESCRIBE_STRUCT(PrintSection, (), (title, fields, history))
struct Seal {
  std::string title;
  std::optional<std::string> transition;
  std::optional<std::string> post;
};
BOOST_DESCRIBE_STRUCT(Seal, (), (title, transition, post))
// The papers of a meeting: what its cases are put together with (features/papers). All but `figures` name fields.
struct Dossier {
  static constexpr const char* kSchemaName = "OfficeDossier";
  std::optional<std::string> agenda;  // a table
  std::optional<std::string> from;    // first day of the period that is counted; without it the fiscal year's
  std::optional<std::string> to;      // last day; without it today
  std::optional<std::string> drafts;  // versions of policy documents, one a line
  std::optional<Keys> figures;        // registers that are counted
};
BOOST_DESCRIBE_STRUCT(Dossier, (), (agenda, from, to, drafts, figures))
struct Print {
  static constexpr const char* kSchemaName = "OfficePrint";
  std::optional<std::string> title;
  std::vector<PrintSection> sections;
  std::optional<std::vector<Seal>> seals;
  std::optional<Dossier> dossier;
};
BOOST_DESCRIBE_STRUCT(Print, (), (title, sections, seals, dossier))
struct Listing {
  static constexpr const char* kSchemaName = "OfficeListing";
  Keys columns;
  std::optional<Keys> filters;
  std::optional<std::string> sort;
};
BOOST_DESCRIBE_STRUCT(Listing, (), (columns, filters, sort))
struct ExchangeColumn {
  std::string field;
  Keys headers;
  std::optional<std::string> axis;
};
BOOST_DESCRIBE_STRUCT(ExchangeColumn, (), (field, headers, axis))
struct Exchange {
  static constexpr const char* kSchemaName = "OfficeExchange";
  std::vector<ExchangeColumn> columns;
  std::optional<std::string> match;
  std::optional<std::string> state;
};
BOOST_DESCRIBE_STRUCT(Exchange, (), (columns, match, state))

struct Definition {
  static constexpr const char* kSchemaName = "OfficeDefinition";
  int format = 1;
  std::string id;
  std::string title;
  std::optional<std::string> summary;
  std::string kind;
  std::string group;
  Keys capabilities;
  std::vector<ClauseRef> clauses;
  Opening open;
  std::optional<Whos> visible;
  std::optional<Keys> hidden_from;
  std::optional<Sensitivity> sensitivity;
  std::optional<Numbering> number;
  Keys subject;
  std::optional<std::string> department;
  std::optional<std::string> assigned;
  std::vector<Field> fields;
  std::vector<State> states;
  std::optional<std::vector<Region>> regions;
  std::vector<Transition> transitions;
  std::optional<std::vector<Separation>> separate;
  std::optional<std::vector<Opener>> openers;
  std::optional<std::vector<Duty>> duties;
  std::optional<Print> print;
  Listing list;
  std::optional<Exchange> exchange;

  const Field* field(std::string_view key) const;
  const State* state(std::string_view key) const;
  const Region* region(std::string_view key) const;
  // Of the case itself, or of a region; `region` is set to its place then.
  const Transition* transition(std::string_view key, const Region** region = nullptr) const;
  const std::string& first_state() const;
  std::vector<const Field*> indexed() const;
};
BOOST_DESCRIBE_STRUCT(Definition, (), (format, id, title, summary, kind, group, capabilities, clauses, open, visible, hidden_from, sensitivity, number, subject, department, assigned,
                                       fields, states, regions, transitions, separate, openers, duties, print, list, exchange))

const State* find_state(const std::vector<State>& states, std::string_view key);

struct Loaded {
  std::optional<Definition> definition;  // none when it cannot be used; then there are findings
  bool absent = false;                   // the body has no use for it (`when` of the whole)
  std::vector<Finding> findings;         // mistakes, all of them as far as they could be looked for
};

// Reads and checks for one body.
Loaded load(std::string_view yaml, const Organisation& organisation, const Names& names);

// Reads the shape alone: mistakes of spelling and type.
Loaded read_definition(std::string_view yaml, const Organisation& organisation, std::map<std::string, int>& lines);
// What cannot work: names that nothing bears, states that nobody reaches or leaves, movers whom the body has not. check.cpp, machine.cpp.
void check(const Definition& definition, const Organisation& organisation, const Names& names, const std::map<std::string, int>& lines, std::vector<Finding>& findings);
void check_machine(const Definition& definition, const std::map<std::string, int>& lines, std::vector<Finding>& findings);
// The line of the nearest known place around a path.
int line_of(const std::map<std::string, int>& lines, std::string_view path);

}  // namespace sekisho::workflow
