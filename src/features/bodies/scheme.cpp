#include "features/bodies/scheme.h"

#include <algorithm>

namespace sekisho::bodies {
namespace {

Unexpected cannot_follow(const std::string& axis, const std::string& what) { return fail(Code::conflict, "bodies.cannot_follow", "$." + axis + ": " + what); }

bool same_names(const std::vector<Level>& a, const std::vector<Level>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const Level& x, const Level& y) { return x.name == y.name; });
}

int rank_of(const std::vector<Level>& levels, const std::string& name) {
  for (std::size_t n = 0; n < levels.size(); ++n)
    if (levels[n].name == name) return static_cast<int>(n) + 1;
  return 0;
}

// The lists in the order of the old ranks. That the levels named exist in `after` is checked with the document.
Result<policy::AxisChange> lists_of(const std::vector<Level>& before, const std::vector<Level>& after, const std::vector<CarriedLevel>& carried, const std::string& axis) {
  policy::AxisChange out;
  for (const CarriedLevel& level : carried)
    if (rank_of(before, level.from) == 0) return cannot_follow(axis, "the version in force has no level '" + level.from + "'");
  for (const Level& old : before) {
    const auto at = std::find_if(carried.begin(), carried.end(), [&](const CarriedLevel& level) { return level.from == old.name; });
    if (at == carried.end()) return cannot_follow(axis, "what becomes of '" + old.name + "'?");
    std::vector<policy::Rank> ranks;
    for (const std::string& name : at->to) ranks.push_back(rank_of(after, name));
    std::sort(ranks.begin(), ranks.end());
    if (!out.to.empty() && (ranks.front() < out.to.back().front() || ranks.back() < out.to.back().back()))
      return cannot_follow(axis, "'" + old.name + "' was stricter than the level before it and becomes less");
    out.to.push_back(std::move(ranks));
  }
  // What was held most closely is so again: no mapping pours it among what more people read.
  if (out.to.back().back() != static_cast<policy::Rank>(after.size())) return cannot_follow(axis, "'" + before.back().name + "' is the highest level and may be the highest again");
  return out;
}

Result<policy::AxisChange> axis_change(const std::vector<Level>& before, const std::vector<Level>& after, const std::optional<std::vector<CarriedLevel>>& carried,
                                       const std::string& axis) {
  if (same_names(before, after)) return policy::AxisChange{};
  if (carried) return lists_of(before, after, *carried, "carried_over." + axis);
  if (before.size() != after.size()) return cannot_follow(axis, "the number of levels changes; $.carried_over." + axis + " says what becomes of each");
  return policy::AxisChange{};
}

policy::Label moved(policy::Label label, const policy::SchemeChange& change) { return policy::strictest(std::move(label), change); }

}  // namespace

Result<std::optional<policy::SchemeChange>> scheme_change(const ProfileFile& before, const ProfileFile& after) {
  const CarriedOver carried = after.carried_over.value_or(CarriedOver{});
  policy::SchemeChange out;
  SK_TRY(out.c, axis_change(before.confidentiality, after.confidentiality, carried.confidentiality, "confidentiality"));
  SK_TRY(out.i, axis_change(before.integrity, after.integrity, carried.integrity, "integrity"));
  SK_TRY(out.a, axis_change(before.availability, after.availability, carried.availability, "availability"));
  return out == policy::SchemeChange{} ? std::optional<policy::SchemeChange>() : std::optional(std::move(out));
}

policy::Label Schemes::now(policy::Label label, Timestamp written) const {
  for (const Row& row : changes_)
    if (row.at >= written) label = moved(std::move(label), row.change);
  return label;
}

policy::Label Schemes::now(policy::Label label, int scheme) const {
  for (const Row& row : changes_)
    if (row.version > scheme) label = moved(std::move(label), row.change);
  return label;
}

}  // namespace sekisho::bodies
