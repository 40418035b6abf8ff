// How ranks follow when a body takes up another classification scheme. Pure.
//
// What is classified rises: an old level becomes the strictest of the levels that it may be in the new scheme, until a person chooses among them.
// What permits sinks: a clearance or a ceiling becomes the highest new level under which nothing lies that was out of its reach before.
// Invariant (scheme_test.cpp): whoever could not read a label before cannot read it after, whatever a person chooses for it.
#pragma once
#include <vector>

#include "policy/label.h"

namespace sekisho::policy {

// One axis. to[n - 1]: what the old rank n may be in the new scheme, lowest first. Empty: the axis stays as it is.
// Invariant: each list has at least one rank; from one old rank to the next neither the lowest nor the strictest falls.
struct AxisChange {
  std::vector<std::vector<Rank>> to;

  Rank strictest(Rank old) const;  // of something classified
  Rank lowest(Rank old) const;     // that something classified may turn out to be
  Rank permits(Rank old) const;    // of a clearance or ceiling; 0: permits nothing any more
  friend bool operator==(const AxisChange&, const AxisChange&) = default;
};

struct SchemeChange {
  AxisChange c;
  AxisChange i;
  AxisChange a;
  friend bool operator==(const SchemeChange&, const SchemeChange&) = default;
};

// A rank of "unknown, treat as highest" stays that.
Label strictest(Label label, const SchemeChange& change);
Label lowest(Label label, const SchemeChange& change);

}  // namespace sekisho::policy
