// What goes in and out of the security office's operations. A screen is drawn from `OfficeDefinition` and `OfficeCase` alone (docs/office.md).
#pragma once
#include "features/bodies/label_view.h"
#include "features/bodies/operations.h"
#include "features/office/duty_table.h"
#include "features/office/office.h"

namespace sekisho::office {

struct FindingView {
  static constexpr const char* kSchemaName = "OfficeFinding";
  int line = 0;
  std::string place;
  std::string text;
};
BOOST_DESCRIBE_STRUCT(FindingView, (), (line, place, text))

struct RegisterView {
  static constexpr const char* kSchemaName = "OfficeRegister";
  std::string name;
  std::string title;
  std::string summary;
  std::string kind;
  std::string group;
  std::vector<std::string> clauses;
  bool own = false;
  int number = 0;  // of the version; 0: as shipped, not used yet
  bool may_open = false;
  bool broken = false;
  std::vector<FindingView> findings;  // why it is broken
};
BOOST_DESCRIBE_STRUCT(RegisterView, (), (name, title, summary, kind, group, clauses, own, number, may_open, broken, findings))
struct RegisterList {
  std::vector<RegisterView> items;
  int tasks = 0;    // that wait for the caller, at most 200
  int notices = 0;  // unseen ones, at most 200
  bool may_define = false;
};
BOOST_DESCRIBE_STRUCT(RegisterList, (), (items, tasks, notices, may_define))

struct DefinitionIn {
  std::string definition;
  std::optional<std::string> version;  // of an older case; left out: the one in force
};
BOOST_DESCRIBE_STRUCT(DefinitionIn, (), (definition, version))
struct VersionView {
  static constexpr const char* kSchemaName = "OfficeVersion";
  DefinitionId id;
  int number = 0;
  bool own = false;
  std::string note;
  std::string put_by;
  Timestamp put_at;
  std::optional<Timestamp> withdrawn_at;
};
BOOST_DESCRIBE_STRUCT(VersionView, (), (id, number, own, note, put_by, put_at, withdrawn_at))
struct RoleWords {
  static constexpr const char* kSchemaName = "OfficePostWords";
  std::string post;
  std::string role;
};
BOOST_DESCRIBE_STRUCT(RoleWords, (), (post, role))
struct DefinitionView {
  static constexpr const char* kSchemaName = "OfficeDefinitionView";
  workflow::Definition definition;
  std::string source;  // the YAML
  bool own = false;
  int number = 0;
  std::vector<VersionView> versions;
  std::vector<RoleWords> posts;        // what the body calls whoever stands behind a post
  std::vector<std::string> open_edit;  // fields that the caller can fill in when opening
  bool may_open = false;
  int fiscal_year = 0;  // now
};
BOOST_DESCRIBE_STRUCT(DefinitionView, (), (definition, source, own, number, versions, posts, open_edit, may_open, fiscal_year))
struct DefineIn {
  std::string source;
  std::optional<std::string> note;
};
BOOST_DESCRIBE_STRUCT(DefineIn, (), (source, note))
struct CheckOut {
  static constexpr const char* kSchemaName = "OfficeCheck";
  bool usable = false;
  bool absent = false;
  std::string name;
  std::vector<FindingView> findings;
};
BOOST_DESCRIBE_STRUCT(CheckOut, (), (usable, absent, name, findings))
struct WithdrawIn {
  std::string definition;
};
BOOST_DESCRIBE_STRUCT(WithdrawIn, (), (definition))

struct CaseIdIn {
  CaseId id;
};
BOOST_DESCRIBE_STRUCT(CaseIdIn, (), (id))
struct ListIn {
  std::string definition;
  std::optional<std::string> kind;
  std::optional<std::string> state;
  std::optional<std::string> unit;
  std::optional<std::string> field;  // an indexed one
  std::optional<std::string> value;
  std::optional<std::string> words;
  std::optional<std::string> after;
  std::optional<int> limit;
};
BOOST_DESCRIBE_STRUCT(ListIn, (), (definition, kind, state, unit, field, value, words, after, limit))
struct CellView {
  static constexpr const char* kSchemaName = "OfficeCell";
  std::string key;
  std::string text;
};
BOOST_DESCRIBE_STRUCT(CellView, (), (key, text))
struct ItemView {
  static constexpr const char* kSchemaName = "OfficeItemRow";
  CaseId id;
  std::string definition;
  std::string definition_title;
  std::string number;
  std::string subject;
  std::string state;
  std::string state_title;
  std::string kind;
  std::string unit;
  std::optional<Timestamp> due_at;
  bool overdue = false;
  Timestamp opened_at;
  Timestamp updated_at;
  std::vector<CellView> cells;  // of the definition's list columns
};
BOOST_DESCRIBE_STRUCT(ItemView, (), (id, definition, definition_title, number, subject, state, state_title, kind, unit, due_at, overdue, opened_at, updated_at, cells))
struct ItemList {
  std::vector<ItemView> items;
  std::optional<std::string> next;
};
BOOST_DESCRIBE_STRUCT(ItemList, (), (items, next))

struct OpenIn {
  std::string definition;
  std::map<std::string, json::Value> fields;
};
BOOST_DESCRIBE_STRUCT(OpenIn, (), (definition, fields))
struct EditIn {
  CaseId id;
  std::string hash;
  std::map<std::string, json::Value> fields;
};
BOOST_DESCRIBE_STRUCT(EditIn, (), (id, hash, fields))
struct StepIn {
  CaseId id;
  std::string transition;
  std::string hash;
  std::optional<std::map<std::string, json::Value>> fields;
  std::optional<std::string> note;
  std::optional<std::string> unavoidable;
};
BOOST_DESCRIBE_STRUCT(StepIn, (), (id, transition, hash, fields, note, unavoidable))
struct CommentIn {
  CaseId id;
  std::string text;
};
BOOST_DESCRIBE_STRUCT(CommentIn, (), (id, text))
struct ParticipantIn {
  CaseId id;
  std::string login;
};
BOOST_DESCRIBE_STRUCT(ParticipantIn, (), (id, login))
struct LinkIn {
  CaseId id;
  CaseId other;
};
BOOST_DESCRIBE_STRUCT(LinkIn, (), (id, other))
struct AttachIn {
  CaseId id;
  std::string field;
  std::string name;
  Secret content;                    // base64: read, never written, so that the record holds its hash alone
  std::optional<std::string> dated;  // the day of the evidence itself
  std::shared_ptr<Attachment> made;  // not part of the input
};
BOOST_DESCRIBE_STRUCT(AttachIn, (), (id, field, name, content, dated))
struct AttachmentIdIn {
  AttachmentId attachment;
};
BOOST_DESCRIBE_STRUCT(AttachmentIdIn, (), (attachment))
struct FileOut {
  static constexpr const char* kSchemaName = "OfficeFile";
  std::string name;
  std::string sha256;
  std::string content;  // base64
};
BOOST_DESCRIBE_STRUCT(FileOut, (), (name, sha256, content))

struct ActionView {
  static constexpr const char* kSchemaName = "OfficeAction";
  std::string transition;
  std::string title;
  std::string region;
  std::string to;            // title of the state that it leads to
  std::string clause;
  std::vector<std::string> ask;
  bool reason = false;
  bool danger = false;
  std::string hindered;         // what does not hold now, in words; what the step asks for may lift it. Empty: nothing
  std::vector<std::string> needs;  // fields that are empty and must be filled in by then
  std::string separation;    // clause of a separation of duties that stands between; empty: none
  bool unavoidable = false;  // it may be crossed with a reason
  std::vector<std::string> others;  // who could instead
  int signed_places = 0;     // of a joint step
  int places = 0;
};
BOOST_DESCRIBE_STRUCT(ActionView, (), (transition, title, region, to, clause, ask, reason, danger, hindered, needs, separation, unavoidable, others, signed_places, places))
struct FieldView {
  static constexpr const char* kSchemaName = "OfficeFieldValue";
  std::string key;
  json::Value value;
  std::string text;
  std::vector<std::vector<std::string>> rows;  // of a table its cells by column; of a checklist item, whether it is done, and the note; else none
  bool editable = false;
  bool missing = false;  // needed where the case stands, and empty
};
BOOST_DESCRIBE_STRUCT(FieldView, (), (key, value, text, rows, editable, missing))
struct RegionView {
  static constexpr const char* kSchemaName = "OfficeRegionState";
  std::string region;
  std::string title;
  std::string state;
  std::string state_title;
  std::string kind;
  bool live = false;
};
BOOST_DESCRIBE_STRUCT(RegionView, (), (region, title, state, state_title, kind, live))
struct EventView {
  static constexpr const char* kSchemaName = "OfficeEvent";
  int n = 0;
  std::string event;
  std::string title;  // of the step or, of an edit, the fields
  std::string region;
  std::string from;
  std::string to;
  std::string name;
  std::string note;
  bool unavoidable = false;
  bool same_content = false;  // the content was what it is now
  Timestamp at;
  std::string hash;
};
BOOST_DESCRIBE_STRUCT(EventView, (), (n, event, title, region, from, to, name, note, unavoidable, same_content, at, hash))
struct ExceptionView {
  static constexpr const char* kSchemaName = "OfficeException";
  std::string title;
  std::string name;
  std::string reason;
  Timestamp at;
};
BOOST_DESCRIBE_STRUCT(ExceptionView, (), (title, name, reason, at))
struct SeenView {
  static constexpr const char* kSchemaName = "OfficeSeen";
  std::string name;
  Timestamp at;
};
BOOST_DESCRIBE_STRUCT(SeenView, (), (name, at))
struct NoticeView {
  static constexpr const char* kSchemaName = "OfficeNotice";
  NoticeId id;
  CaseId about;
  std::string number;
  std::string text;
  std::string clause;
  std::optional<Timestamp> due_at;
  Timestamp at;
  std::optional<Timestamp> seen_at;  // by the first that it was for
  bool mine = false;                 // it is for the caller
  bool unseen = false;               // and the caller has not seen it
  std::vector<SeenView> seen;
};
BOOST_DESCRIBE_STRUCT(NoticeView, (), (id, about, number, text, clause, due_at, at, seen_at, mine, unseen, seen))
struct NoticeList {
  std::vector<NoticeView> items;
  std::optional<std::string> next;
};
BOOST_DESCRIBE_STRUCT(NoticeList, (), (items, next))
struct AttachmentView {
  static constexpr const char* kSchemaName = "OfficeAttachment";
  AttachmentId id;
  std::string field;
  std::string name;
  std::int64_t bytes = 0;
  std::string sha256;
  std::string dated;
  std::string by;
  Timestamp at;
};
BOOST_DESCRIBE_STRUCT(AttachmentView, (), (id, field, name, bytes, sha256, dated, by, at))
struct LinkView {
  static constexpr const char* kSchemaName = "OfficeLink";
  CaseId id;
  std::string number;
  std::string definition;
  std::string why;
  bool from_here = true;
  std::string subject;  // where the caller may read it
  std::string state;
};
BOOST_DESCRIBE_STRUCT(LinkView, (), (id, number, definition, why, from_here, subject, state))
struct SealView {
  static constexpr const char* kSchemaName = "OfficeSeal";
  std::string title;
  std::string name;
  std::optional<Timestamp> at;
  bool same_content = false;
};
BOOST_DESCRIBE_STRUCT(SealView, (), (title, name, at, same_content))
struct KeptView {
  static constexpr const char* kSchemaName = "OfficeKept";
  std::string name;
  std::string text;
};
BOOST_DESCRIBE_STRUCT(KeptView, (), (name, text))
struct CaseView : ItemView {
  static constexpr const char* kSchemaName = "OfficeCase";
  DefinitionId version;
  std::string hash;  // goes with every step
  std::string opener;
  std::string assigned;
  bodies::LabelView label;
  std::vector<FieldView> fields;
  std::vector<RegionView> regions;
  std::vector<ActionView> actions;
  std::vector<EventView> history;
  std::vector<ExceptionView> exceptions;
  std::vector<NoticeView> notices;
  std::vector<AttachmentView> attachments;
  std::vector<LinkView> links;
  std::vector<SealView> seals;
  std::vector<KeptView> kept;  // columns of the ledger that the case came from
  bool may_comment = true;
};
BOOST_DESCRIBE_STRUCT(CaseView, (ItemView), (version, hash, opener, assigned, label, fields, regions, actions, history, exceptions, notices, attachments, links, seals, kept, may_comment))

struct PageIn {
  std::optional<std::string> after;
  std::optional<int> limit;
};
BOOST_DESCRIBE_STRUCT(PageIn, (), (after, limit))
struct NoticeIn {
  NoticeId id;
};
BOOST_DESCRIBE_STRUCT(NoticeIn, (), (id))
struct DutiesIn {
  std::optional<int> fiscal_year;
};
BOOST_DESCRIBE_STRUCT(DutiesIn, (), (fiscal_year))
struct DutyView {
  static constexpr const char* kSchemaName = "OfficeDutyRow";
  std::string definition;
  std::string duty;
  std::string title;
  std::string period;
  std::string about;       // department or number of a case, in words
  std::string opens_on;
  std::string due_on;
  std::string state;       // undecided, waits, open, overdue, done, done_late
  std::optional<CaseId> id;  // where the caller may read the case
  std::string number;
  std::vector<std::string> clauses;
};
BOOST_DESCRIBE_STRUCT(DutyView, (), (definition, duty, title, period, about, opens_on, due_on, state, id, number, clauses))
struct DutyList {
  int fiscal_year = 0;
  std::string label;  // 令和8年度
  std::vector<DutyView> items;
};
BOOST_DESCRIBE_STRUCT(DutyList, (), (fiscal_year, label, items))
struct ExportIn {
  std::string definition;
  std::optional<std::string> format;  // csv, csv-cp932, xlsx; left out: csv
  std::optional<std::string> kind;
  std::optional<std::string> state;
  std::optional<std::string> unit;
  std::optional<std::string> field;
  std::optional<std::string> value;
  std::optional<std::string> words;
  std::optional<std::string> table;  // key of a table: its rows, one by one, instead of the cases
};
BOOST_DESCRIBE_STRUCT(ExportIn, (), (definition, format, kind, state, unit, field, value, words, table))
struct LedgerFileOut {
  static constexpr const char* kSchemaName = "OfficeLedgerFile";
  std::string name;
  std::string sha256;
  std::string content;  // base64
  int rows = 0;
  std::vector<std::string> missing;  // characters that CP932 has not, at most 30: they are written as &#x9AD9;
};
BOOST_DESCRIBE_STRUCT(LedgerFileOut, (), (name, sha256, content, rows, missing))

// The operations keep the office.
void register_operations(gate::Registry& registry, const std::shared_ptr<Office>& office);

// The program's own part, for the clockwork of apps: what is due now goes to "office.settle", one by one; "office.run_duties" wants nothing.
Result<std::vector<Timer>> due(sql::Tx& tx, Timestamp now);
struct HappenedIn {
  std::string event;
  std::string detail;
};
BOOST_DESCRIBE_STRUCT(HappenedIn, (), (event, detail))
struct TimerIn {
  std::string id;
  CaseId about;
  std::string region;
  std::string state;
  std::string what;
  Timestamp at;
};
BOOST_DESCRIBE_STRUCT(TimerIn, (), (id, about, region, state, what, at))

}  // namespace sekisho::office
