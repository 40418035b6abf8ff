#include "policy/scheme.h"

#include <algorithm>

namespace sekisho::policy {
namespace {

// The list of the old rank; a rank that the old scheme did not have is unknown.
const std::vector<Rank>* list_of(const AxisChange& axis, Rank old) {
  if (old > static_cast<Rank>(axis.to.size())) return nullptr;
  return &axis.to[static_cast<std::size_t>(std::max(old, 1)) - 1];
}

}  // namespace

Rank AxisChange::strictest(Rank old) const {
  if (to.empty()) return old;
  const auto* list = list_of(*this, old);
  return list == nullptr ? kTopRank : list->back();
}

Rank AxisChange::lowest(Rank old) const {
  if (to.empty()) return old;
  const auto* list = list_of(*this, old);
  return list == nullptr ? kTopRank : list->front();
}

Rank AxisChange::permits(Rank old) const {
  if (to.empty()) return old;
  if (old < 1) return 0;
  const Rank within = std::min(old, static_cast<Rank>(to.size()));
  Rank out = lowest(within);
  for (Rank above = within + 1; above <= static_cast<Rank>(to.size()); ++above) out = std::min(out, lowest(above) - 1);
  return out;
}

Label strictest(Label label, const SchemeChange& change) {
  label.c = change.c.strictest(label.c);
  label.i = change.i.strictest(label.i);
  label.a = change.a.strictest(label.a);
  return label;
}

Label lowest(Label label, const SchemeChange& change) {
  label.c = change.c.lowest(label.c);
  label.i = change.i.lowest(label.i);
  label.a = change.a.lowest(label.a);
  return label;
}

}  // namespace sekisho::policy
