// What waits for the caller's signature, for the page of decisions.
#include <algorithm>

#include "features/approvals/views.h"

namespace sekisho::approvals {
namespace {

constexpr int kScan = 200;
constexpr int kMostScans = 20;

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
  for (int scan = 0; scan < kMostScans; ++scan) {
    SK_TRY(const auto rows, Table::page_in(context_.tx, State::submitted, before, kScan));
    for (const Request& r : rows) {
      before = r.id.str();
      if (state_at(r, context_.now) != State::submitted) continue;
      const auto file = approvals_.read(context_.tx, caller_, r.id, context_.now);
      if (!file) {
        if (file.error().code == Code::not_found || file.error().key == "approvals.kind_gone") continue;
        return Unexpected(file.error());
      }
      SK_TRY(const auto place, approvals_.place_of(context_.tx, *file, caller_));
      if (!place) continue;
      if (place->conflict) {
        if (!file->kind->exception) continue;
        SK_TRY(const auto others, approvals_.candidates(context_.tx, *file, place->slot, context_.now));
        if (!others.empty()) continue;
      }
      Awaiting one;
      one.id = r.id;
      one.title = file->kind->title;
      one.clauses = file->kind->clauses;
      one.requester = r.name;
      SK_TRY(one.department, unit_name(r.unit));
      one.since = r.submitted_at;
      one.wanted_by = r.content.starts_at;
      one.after_the_fact = r.content.done_at.has_value();
      one.alone = place->conflict;
      if (open_here(context_, r)) one.what = words_of(*file->kind, r.content);
      else one.elsewhere = context_.body.codes_of(r.segments);
      out.push_back(std::move(one));
      if (static_cast<int>(out.size()) == limit) break;
    }
    if (static_cast<int>(rows.size()) < kScan || static_cast<int>(out.size()) == limit) break;
  }
  std::reverse(out.begin(), out.end());
  return out;
}

}  // namespace sekisho::approvals
