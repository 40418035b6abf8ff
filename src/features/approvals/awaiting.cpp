// What waits for the caller's signature, for the page of decisions.
#include <algorithm>

#include "features/approvals/views.h"

namespace sekisho::approvals {
namespace {

// The first thing that was typed into the form. Ids, accounts and labels say nothing to whoever looks at a list.
std::string words_of(const Kind& kind, const Content& content) {
  for (const Field& f : kind.fields) {
    if (f.type == FieldType::account || f.type == FieldType::label) continue;
    const auto it = content.fields.find(f.key);
    if (it != content.fields.end() && !it->second.empty()) return it->second;
  }
  return content.reason;
}

}  // namespace

Result<std::vector<Awaiting>> Views::awaiting(int limit) {
  std::vector<Awaiting> out;
  std::string before;
  const auto take = [&](const Request& r, const Approvals::File& file, const Approvals::Place& place) -> Result<bool> {
    if (place.conflict) {
      if (!file.kind->exception) return true;
      SK_TRY(const auto others, approvals_.candidates(context_.tx, file, place.slot, context_.now));
      if (!others.empty()) return true;
    }
    Awaiting one;
    one.id = r.id;
    one.title = file.kind->title;
    one.clauses = file.kind->clauses;
    one.requester = r.name;
    SK_TRY(one.department, unit_name(r.unit));
    one.since = r.submitted_at;
    one.wanted_by = r.content.starts_at;
    one.after_the_fact = r.content.done_at.has_value();
    one.alone = place.conflict;
    if (open_here(context_, r)) one.what = words_of(*file.kind, r.content);
    else one.elsewhere = context_.body.codes_of(r.segments);
    out.push_back(std::move(one));
    return static_cast<int>(out.size()) < limit;
  };
  SK_CHECK(waiting_here(before, take));
  std::reverse(out.begin(), out.end());
  return out;
}

}  // namespace sekisho::approvals
