// Operations on requests, and what screens see of them. No input names a signer.
#pragma once
#include "features/approvals/approvals.h"
#include "features/bodies/operations.h"

namespace sekisho::approvals {

struct KindView {
  static constexpr const char* kSchemaName = "ApprovalKind";
  std::string key;
  std::string title;
  std::string description;
  std::vector<std::string> clauses;
  std::vector<std::string> approvers;  // the roles that sign, a line each
  std::vector<std::string> notified;
  std::vector<Field> fields;
  bool needs_reason = true;
  std::string period;
  std::optional<int> max_days;
  bool after_the_fact = false;
  bool may_ask = false;
};
BOOST_DESCRIBE_STRUCT(KindView, (), (key, title, description, clauses, approvers, notified, fields, needs_reason, period, max_days, after_the_fact, may_ask))
struct KindList {
  std::vector<KindView> items;
};
BOOST_DESCRIBE_STRUCT(KindList, (), (items))

struct FieldValue {
  std::string key;
  std::string title;
  std::string value;
};
BOOST_DESCRIBE_STRUCT(FieldValue, (), (key, title, value))
struct SlotView {
  std::string roles;   // in the words of the body's profile
  std::string unit;    // empty: anywhere
  bool open = true;
  std::optional<std::string> signed_by;
  std::optional<std::string> on_behalf;  // account's name of the person whose deputy signed
  std::optional<Timestamp> signed_at;
  std::string conditions;
  bool exception = false;
  std::vector<std::string> candidates;  // who could sign it now
};
BOOST_DESCRIBE_STRUCT(SlotView, (), (roles, unit, open, signed_by, on_behalf, signed_at, conditions, exception, candidates))
struct EventView {
  std::string event;
  std::string name;
  std::string note;
  Timestamp at;
};
BOOST_DESCRIBE_STRUCT(EventView, (), (event, name, note, at))
struct SeenView {
  std::string name;
  Timestamp at;
};
BOOST_DESCRIBE_STRUCT(SeenView, (), (name, at))
struct NoticeView {
  std::string event;
  std::string to;
  Timestamp at;
  std::vector<SeenView> seen;
};
BOOST_DESCRIBE_STRUCT(NoticeView, (), (event, to, at, seen))
struct ExceptionView {
  std::string name;
  std::string reason;
  Timestamp at;
};
BOOST_DESCRIBE_STRUCT(ExceptionView, (), (name, reason, at))

struct RequestItem {
  static constexpr const char* kSchemaName = "ApprovalItem";
  RequestId id;
  std::string kind;
  std::string title;
  std::string state;
  std::string requester;
  std::string department;
  std::string reason;
  std::optional<Timestamp> submitted_at;
  std::optional<Timestamp> ends_at;
  std::optional<Timestamp> review_at;
  std::optional<Timestamp> done_at;
  bool exception = false;
  std::optional<std::string> notice;  // what the caller was last told
  bool unseen = false;
  std::vector<std::string> elsewhere;  // asked in these segments, and its text is not shown here
};
BOOST_DESCRIBE_STRUCT(RequestItem, (), (id, kind, title, state, requester, department, reason, submitted_at, ends_at, review_at, done_at, exception, notice, unseen,
                                        elsewhere))
struct RequestList {
  std::vector<RequestItem> items;
  std::optional<std::string> next;
};
BOOST_DESCRIBE_STRUCT(RequestList, (), (items, next))

struct RequestView {
  static constexpr const char* kSchemaName = "Approval";
  RequestId id;
  std::string kind;
  std::string title;
  std::vector<std::string> clauses;
  std::string state;
  int revision = 0;
  std::string content_hash;
  std::string requester;
  std::string department;
  std::string subject;
  std::vector<FieldValue> fields;
  std::map<std::string, std::string> values;  // as they were put in, for the form
  std::string reason;
  std::optional<Timestamp> starts_at;
  std::optional<Timestamp> ends_at;
  std::optional<Timestamp> review_at;
  std::optional<Timestamp> done_at;
  Timestamp created_at;
  std::optional<Timestamp> submitted_at;
  std::optional<Timestamp> decided_at;
  std::vector<SlotView> slots;
  std::vector<ExceptionView> exceptions;
  std::vector<EventView> history;
  std::vector<NoticeView> notices;
  std::vector<std::string> can;  // what the caller may do: edit submit finish grant refuse return revoke override
  std::vector<std::string> elsewhere;  // asked in these segments: its text is not shown here, and nothing is done with it from here
};
BOOST_DESCRIBE_STRUCT(RequestView, (), (id, kind, title, clauses, state, revision, content_hash, requester, department, subject, fields, values, reason, starts_at,
                                        ends_at, review_at, done_at, created_at, submitted_at, decided_at, slots, exceptions, history, notices, can, elsewhere))

struct RequestIn {
  std::string kind;
  std::optional<std::string> subject;
  std::optional<std::map<std::string, std::string>> fields;
  std::optional<std::string> reason;
  std::optional<Timestamp> starts_at;
  std::optional<Timestamp> ends_at;
  std::optional<Timestamp> review_at;
  std::optional<Timestamp> done_at;
  std::optional<bool> submit;
};
BOOST_DESCRIBE_STRUCT(RequestIn, (), (kind, subject, fields, reason, starts_at, ends_at, review_at, done_at, submit))
struct EditIn {
  RequestId id;
  std::optional<std::string> subject;
  std::optional<std::map<std::string, std::string>> fields;
  std::optional<std::string> reason;
  std::optional<Timestamp> starts_at;
  std::optional<Timestamp> ends_at;
  std::optional<Timestamp> review_at;
  std::optional<Timestamp> done_at;
};
BOOST_DESCRIBE_STRUCT(EditIn, (), (id, subject, fields, reason, starts_at, ends_at, review_at, done_at))
struct RequestIdIn {
  RequestId id;
};
BOOST_DESCRIBE_STRUCT(RequestIdIn, (), (id))
struct RuleIn {
  RequestId id;
  std::string content_hash;
  std::optional<std::string> note;
};
BOOST_DESCRIBE_STRUCT(RuleIn, (), (id, content_hash, note))
struct ReasonIn {
  RequestId id;
  std::string reason;
};
BOOST_DESCRIBE_STRUCT(ReasonIn, (), (id, reason))
struct OverrideIn {
  RequestId id;
  std::string content_hash;
  std::string reason;
  std::optional<std::string> note;
};
BOOST_DESCRIBE_STRUCT(OverrideIn, (), (id, content_hash, reason, note))
struct ListIn {
  std::optional<std::string> box;  // "mine" (default), "rule", "notified", "all"
  std::optional<std::string> after;
  std::optional<int> limit;
};
BOOST_DESCRIBE_STRUCT(ListIn, (), (box, after, limit))

// What has come due in this body; each is settled by the operation approvals.settle.
Result<std::vector<RequestId>> due(sql::Tx& tx, Timestamp now);
gate::Operation<RequestIdIn, bodies::Nothing> settle(Approvals& approvals);

}  // namespace sekisho::approvals
