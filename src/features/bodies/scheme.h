// Taking up another classification scheme: what the profile says of it, the record of the changes, and reading what was written before one.
//
// The version that comes into force says what each level of the one before becomes (carried_over). In its transaction every feature that keeps
// ranks moves its own rows (Follower): labels rise, clearances and ceilings sink (policy/scheme.h). What is never rewritten, such as the log's
// labels, is read through the changes made since. Failures: conflict bodies.cannot_follow with the place in the document.
#pragma once
#include <functional>

#include "features/bodies/profile.h"
#include "gate/operation.h"
#include "policy/scheme.h"

namespace sekisho::bodies {

using Follower = std::function<Status(gate::Context&, const policy::SchemeChange&)>;

// None where the levels stay, or are only called otherwise: as many of them in the same order, and nothing said.
Result<std::optional<policy::SchemeChange>> scheme_change(const ProfileFile& before, const ProfileFile& after);

// All changes that the body made, oldest first.
class Schemes {
 public:
  static Status put(sql::Tx& tx, int version, Timestamp now, const policy::SchemeChange& change);
  static Result<Schemes> read(sql::Tx& tx);

  int current() const { return changes_.empty() ? 0 : changes_.back().version; }  // the version that made the last one; 0: none yet
  // A label as it stands in the scheme now: written at a time, or in the scheme of a version.
  policy::Label now(policy::Label label, Timestamp written) const;
  policy::Label now(policy::Label label, int scheme) const;
  bool changed_since(Timestamp written) const { return !changes_.empty() && changes_.back().at >= written; }

 private:
  struct Row {
    int version = 0;
    Timestamp at;
    policy::SchemeChange change;
  };
  std::vector<Row> changes_;
};

// For tables that keep a rank as a number: UPDATE t SET x = SK_PERMITTED_RANK("x"), bound by bind_permitted(). A scheme has at most 8 levels.
#define SK_PERMITTED_RANK(column) \
  "CASE " column " WHEN 1 THEN :r1 WHEN 2 THEN :r2 WHEN 3 THEN :r3 WHEN 4 THEN :r4 WHEN 5 THEN :r5 WHEN 6 THEN :r6 WHEN 7 THEN :r7 WHEN 8 THEN :r8 ELSE 0 END"
Status move_permitted(sql::Tx& tx, const char* statement, const policy::AxisChange& axis);

}  // namespace sekisho::bodies
