// What a grant is worth: its effect comes and goes with it, and every use looks again at what it stands on.
#include <algorithm>

#include "core/log.h"
#include "features/approvals/approvals.h"

namespace sekisho::approvals {
namespace {

Grant grant_of(const Request& request, const std::vector<Ruling>& rulings) {
  Grant out{request.id, request.content, request.account, request.person, {}, {}};
  for (const Ruling& r : rulings) {
    if (r.ruling != "grant" || r.revision != request.revision) continue;
    out.signatures.push_back({r.slot, r.person});
    if (!r.note.empty()) out.conditions.push_back(r.note);
  }
  return out;
}

}  // namespace

Status Approvals::apply(gate::Context& context, File& file) {
  const auto handler = handlers_.find(file.kind->key);
  if (handler != handlers_.end() && handler->second.apply) SK_CHECK(handler->second.apply(context, grant_of(file.request, file.rulings)));
  file.request.applied = true;
  return ok();
}

Status Approvals::undo(gate::Context& context, File& file) {
  const auto handler = handlers_.find(file.kind->key);
  if (file.request.applied && handler != handlers_.end() && handler->second.undo)
    SK_CHECK(handler->second.undo(context, grant_of(file.request, file.rulings)));
  file.request.applied = false;
  return ok();
}

// Every place signed, on this very content, by people who did not ask: then as it was recorded, and now as the accounts stand.
Result<bool> Approvals::still_separate(sql::Tx& tx, const File& file, Timestamp now) const {
  const Request& r = file.request;
  if (hash_of(r.content) != r.hash || !open_slots(r, file.rulings).empty()) return false;
  std::set<std::string> asks = file.asks;
  asks.insert(r.person);
  SK_TRY(const auto requester, directory_.standing(tx, r.account, now));
  if (requester) asks.insert(requester->person);
  for (const Ruling& ruling : file.rulings) {
    if (ruling.ruling != "grant" || ruling.revision != r.revision || ruling.exception) continue;
    if (asks.contains(ruling.person) || asks.contains(ruling.on_behalf)) return false;
    SK_TRY(const auto signer, directory_.standing(tx, ruling.account, now));
    if (signer && asks.contains(signer->person)) return false;
  }
  return true;
}

Result<std::optional<Grant>> Approvals::valid_grant(sql::Tx& tx, const Request& request, Timestamp now) const {
  if (state_at(request, now) != State::in_force) return std::optional<Grant>();
  SK_TRY(const File file, load(tx, request.id));
  SK_TRY(const bool separate, still_separate(tx, file, now));
  if (!separate) {
    log::warn("approvals.grant_without_separation", {});
    return std::optional<Grant>();
  }
  return std::optional<Grant>(grant_of(request, file.rulings));
}

Result<std::optional<Grant>> Approvals::in_force(sql::Tx& tx, const std::string& kind, const std::string& subject, const std::string& subject_hash, Timestamp now) const {
  SK_TRY(const auto requests, Table::granted(tx, kind, subject));
  for (const Request& r : requests) {
    if (!subject_hash.empty() && r.content.subject_hash != subject_hash) continue;
    SK_TRY(auto grant, valid_grant(tx, r, now));
    if (grant) return grant;
  }
  return std::optional<Grant>();
}

Result<std::vector<Grant>> Approvals::all_in_force(sql::Tx& tx, const std::string& kind, Timestamp now) const {
  SK_TRY(const auto requests, Table::granted_of_kind(tx, kind));
  std::vector<Grant> out;
  for (const Request& r : requests) {
    SK_TRY(auto grant, valid_grant(tx, r, now));
    if (grant) out.push_back(std::move(*grant));
  }
  return out;
}

Status Approvals::use(gate::Context& context, const Grant& grant) {
  SK_TRY(File file, load(context.tx, grant.id));
  SK_CHECK(clock(context, file));
  SK_TRY(const auto valid, valid_grant(context.tx, file.request, context.now));
  if (!valid) return refused(*file.kind, Code::denied, "approvals.not_in_force", "the grant does not hold now");
  const std::string by = context.has_permit() ? context.permit().person().name : "";
  if (file.kind->single_use) return move(context, file, Move::use, by, "");
  return Table::add_event(context.tx, file.request.id, {std::string(name_of(Move::use)), by, "", file.request.revision, context.now});
}

Result<Request> Approvals::settle(gate::Context& context, const RequestId& id) {
  SK_TRY(File file, require(context, id));
  return file.request;
}

}  // namespace sekisho::approvals
