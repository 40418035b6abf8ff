// Labels: how information is classified, who may read it and where it came from (DESIGN section 4). Pure values.
//
// Ranks count from 1 (lowest) in the body's own scheme; kTopRank stands for "unknown, treat as highest". Principals are opaque text
// ("unit:01H…", "user:01H…"). `readers` is a conjunction of clauses: a reader must satisfy every clause, a clause is satisfied by any
// of its principals; no clause means everybody of the body.
// Invariants: join is associative, commutative, idempotent, and never lowers anything; readers are kept in normal form (clauses sorted,
// no clause that another implies).
#pragma once
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

namespace sekisho::policy {

using Rank = int;
inline constexpr Rank kTopRank = 9;

using Principal = std::string;
using Clause = std::set<Principal>;

class Readers {
 public:
  Readers() = default;  // everybody
  static Readers any_of(Clause clause);
  static Readers all_of(std::vector<Clause> clauses);
  const std::vector<Clause>& clauses() const { return clauses_; }
  bool satisfied_by(const std::set<Principal>& holder) const;
  friend Readers join(const Readers& a, const Readers& b);
  friend bool operator==(const Readers&, const Readers&) = default;

 private:
  void normalise();
  std::vector<Clause> clauses_;
};

// A set of the body's segments, one bit each; the names are profile data.
using SegmentSet = std::uint32_t;
// Where text came from: what a person typed is trusted to be her words; retrieved or uploaded text is data, never instruction.
enum class Trust { outside = 0, uploaded = 1, person = 2, system = 3 };
enum class State { known = 0, unknown = 1 };

struct Label {
  Rank c = kTopRank;
  Rank i = kTopRank;
  Rank a = kTopRank;
  Readers readers;
  SegmentSet segments = 0;
  std::set<std::string> obligations;
  Trust trust = Trust::outside;
  State state = State::unknown;
  friend bool operator==(const Label&, const Label&) = default;
};

Label join(const Label& a, const Label& b);
// true when `high` demands everything that `low` demands.
bool covers(const Label& high, const Label& low);

// Stable text form, as stored and logged (the format is in label.cpp): equal labels give equal text. decode refuses all else.
std::string encode(const Label& label);
Result<Label> decode(std::string_view text);

}  // namespace sekisho::policy
