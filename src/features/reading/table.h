// Which policy documents the staff are asked to read, who has acknowledged and consented to which version, and who asked about which clause, as rows
// (migrations 0049 and 0063).
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "features/bodies/table.h"
#include "features/standard/table.h"

namespace sekisho::reading {

struct AcknowledgementTag;
using AcknowledgementId = Id<AcknowledgementTag>;

struct Shown {
  standard::DocumentId document;
  standard::VersionId looked;  // in force when a person last looked at what the staff are shown
  std::string shown_by;
  Timestamp shown_at;
};

struct Acknowledgement {
  AcknowledgementId id;
  bodies::PersonId person;
  standard::DocumentId document;
  standard::VersionId version;
  std::string audience;  // codes of whom the person was, sorted, separated by ","
  int clauses = 0;       // addressed to her
  std::string sha256;    // of what was shown
  Timestamp opened_at;
  std::optional<Timestamp> acknowledged_at;
  std::optional<Timestamp> consented_at;
  std::optional<std::string> consented_sha256;
};

// What a case of the security office asks about.
struct Question {
  std::string asked_case;  // id
  bodies::PersonId person;
  standard::DocumentId document;
  standard::VersionId version;
  std::optional<standard::ClauseId> clause;  // none: the document as a whole
  Timestamp asked_at;
};

// Whether the AI waits for the acknowledgement. Without a row it does not.
struct Rule {
  bool before_ai = false;
  int grace_days = 0;  // of 24 hours, from whichever came last: in force, shown to the staff, her first appointment
  std::string set_by;
  Timestamp set_at;
};

class Table {
 public:
  static Result<std::optional<Rule>> rule(sql::Tx& tx);
  static Status put_rule(sql::Tx& tx, const Rule& rule);
  static Result<std::vector<Shown>> shown(sql::Tx& tx);
  static Result<std::optional<Shown>> shown(sql::Tx& tx, const standard::DocumentId& document);
  static Status show(sql::Tx& tx, const Shown& shown);  // in the place of an earlier row
  static Result<bool> hide(sql::Tx& tx, const standard::DocumentId& document);  // false: it was not shown

  static Status open(sql::Tx& tx, const Acknowledgement& row);
  static Status acknowledge(sql::Tx& tx, const Acknowledgement& row);
  static Status consent(sql::Tx& tx, const Acknowledgement& row);
  // In the order in which they were opened.
  static Result<std::vector<Acknowledgement>> of(sql::Tx& tx, const standard::VersionId& version, const bodies::PersonId& person);
  static Result<std::vector<Acknowledgement>> of(sql::Tx& tx, const standard::VersionId& version);
  struct Counts {
    std::int64_t acknowledged = 0;
    std::int64_t consented = 0;
  };
  // In [from, to).
  static Result<Counts> count(sql::Tx& tx, Timestamp from, Timestamp to);

  static Status ask(sql::Tx& tx, const Question& question);
  // Hers about the document, the newest first; at most 200.
  static Result<std::vector<Question>> questions(sql::Tx& tx, const bodies::PersonId& person, const standard::DocumentId& document);
};

}  // namespace sekisho::reading
