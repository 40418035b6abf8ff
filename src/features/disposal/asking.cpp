#include "features/disposal/asking.h"

#include <algorithm>

#include "features/accounts/table.h"
#include "features/chat/table.h"
#include "features/disposal/erase_table.h"
#include "features/library/table.h"
#include "text/graphemes.h"

namespace sekisho::disposal {
namespace {

constexpr const char* kOfUnit = "decide.section";  // who decides for a unit's information
constexpr const char* kOfBody = "decide.top";      // who may in his place, and alone for the whole body
constexpr std::size_t kMostItems = 10'000;
constexpr std::size_t kMostBackups = 50;
constexpr std::size_t kMaxText = 400;

// As the request for permission shows it (packs/approvals/kinds.json).
const std::map<std::string, std::string, std::less<>> kScopeWords = {
    {"documents", "資料"}, {"collection", "資料の置き場"}, {"chat", "会話"}, {"person", "利用者"}, {"contract", "契約（団体のすべて）"}};

struct Asked {
  std::string target;
  std::vector<Item> items;
  std::vector<std::string> units;     // that answer for it; none: the whole body
  std::vector<std::string> asks_too;  // accounts that do not sign
};

Unexpected hidden(const char* key, const std::string& why) { return fail(Code::not_found, key, why); }

// An act that this one stands for: the person needs its power too.
Status need(gate::Context& context, const char* action) {
  const auto decision = policy::decide(context.permit().matrix(), &context.permit().person(), action);
  return decision.allow ? ok() : Status(fail(policy::denial(decision)));
}

Status own_unit(gate::Context& context, const library::Collection& c) {
  if (context.permit().person().principals.contains("unit:" + c.unit_id.str())) return ok();
  return fail(Error{Code::denied, "collections.other_unit", "the collection is another unit's", "11(1)ア(イ)", "manager"});
}

Result<library::Collection> require_collection(gate::Context& context, const library::CollectionId& id) {
  SK_TRY(auto found, library::Table::collection(context.tx, id));
  if (!found) return hidden("collections.not_found", "no such collection");
  auto opened = std::move(*found).open(context.permit());
  if (!opened) return hidden("collections.not_found", "not readable: " + opened.error().key);
  SK_CHECK(own_unit(context, *opened));
  SK_CHECK(context.not_stopped(gate::StopKind::collection, id.str()));
  return opened;
}

void add_unit(Asked& out, const std::string& unit) {
  if (std::find(out.units.begin(), out.units.end(), unit) == out.units.end()) out.units.push_back(unit);
}

Status add_document(gate::Context& context, const std::string& id, Asked& out) {
  SK_TRY(const auto parsed, library::DocumentId::parse(id));
  SK_TRY(auto found, library::Table::document(context.tx, parsed));
  if (!found) return hidden("documents.not_found", "no such document");
  auto d = std::move(*found).open(context.permit());
  if (!d) return hidden("documents.not_found", "not readable: " + d.error().key);
  SK_TRY(const auto collection, require_collection(context, d->collection_id));
  add_unit(out, collection.unit_id.str());
  out.items.push_back({"document", id, d->sha256, policy::encode(d->label)});
  return ok();
}

// Documents that go with something else: listed by what they are, without being read.
Status list_document(gate::Context& context, const std::string& id, Asked& out) {
  SK_TRY(const auto d, library::Table::document_to_relabel(context.tx, library::DocumentId::trusted(id)));
  if (d) out.items.push_back({"document", id, d->sha256, policy::encode(d->label)});
  return ok();
}

Status ask_documents(gate::Context& context, const AskIn& in, Asked& out) {
  SK_CHECK(need(context, "documents.delete"));
  if (!in.documents || in.documents->empty() || in.documents->size() > kMostItems || in.target) return fail(Code::invalid_argument, "disposal.documents", "1 to 10,000 ids");
  std::vector<std::string> ids = *in.documents;
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  for (const std::string& id : ids) SK_CHECK(add_document(context, id, out));
  out.target = ids.front();
  return ok();
}

Status ask_collection(gate::Context& context, const std::string& target, Asked& out) {
  SK_CHECK(need(context, "collections.delete"));
  SK_TRY(const auto id, library::CollectionId::parse(target));
  SK_TRY(const auto collection, require_collection(context, id));
  out.target = target;
  out.items.push_back({"collection", target, "", policy::encode(collection.label)});
  SK_TRY(const auto documents, EraseTable::documents_in(context.tx, target));
  if (documents.size() > kMostItems) return fail(Code::too_large, "disposal.documents", "more than 10,000 documents");
  for (const std::string& d : documents) SK_CHECK(list_document(context, d, out));
  add_unit(out, collection.unit_id.str());
  return ok();
}

Status ask_chat(gate::Context& context, const std::string& target, Asked& out) {
  SK_CHECK(need(context, "chats.write"));
  SK_TRY(const auto id, chat::ChatId::parse(target));
  const std::string& me = context.permit().person().user_id;
  SK_TRY(const auto found, chat::Table::find(context.tx, id, me));
  if (!found) return hidden("chat.not_found", "no such chat of this person");
  SK_TRY(const auto account, accounts::Table::find(context.tx, accounts::AccountId::trusted(me)));
  if (!account) return hidden("chat.not_found", "no such person");
  out.target = target;
  out.items.push_back({"chat", target, "", policy::encode(found->label())});
  add_unit(out, account->unit_id.str());
  return ok();
}

Status ask_person(gate::Context& context, const AskIn& in, const std::string& target, Asked& out) {
  SK_CHECK(need(context, "disposal.ask_person"));
  auto account = is_ulid(target) ? accounts::Table::find(context.tx, accounts::AccountId::trusted(target)) : accounts::Table::find_login(context.tx, target);
  if (!account) return Unexpected(account.error());
  if (!*account) return hidden("users.not_found", "no such person");
  const accounts::Account& person = **account;
  out.target = person.id.str();
  out.items.push_back({"person", out.target, "", ""});
  if (in.with_documents.value_or(false)) {
    SK_TRY(const auto documents, EraseTable::documents_by(context.tx, out.target));
    if (documents.size() > kMostItems) return fail(Code::too_large, "disposal.documents", "more than 10,000 documents");
    for (const std::string& d : documents) SK_CHECK(list_document(context, d, out));
  }
  add_unit(out, person.unit_id.str());
  out.asks_too.push_back(out.target);
  return ok();
}

Result<Asked> list_of(gate::Context& context, const AskIn& in) {
  Asked out;
  if (!known_scope(in.scope)) return fail(Code::invalid_argument, "disposal.scope", "documents, collection, chat, person or contract");
  if (in.scope == "documents") {
    SK_CHECK(ask_documents(context, in, out));
    return out;
  }
  if (in.documents || (in.with_documents && in.scope != "person")) return fail(Code::invalid_argument, "disposal.documents", "not of this scope");
  if (in.scope == "contract") {
    SK_CHECK(need(context, "disposal.ask_contract"));
    out.target = context.body.code;
    out.items.push_back({"contract", out.target, "", ""});
    return out;
  }
  if (!in.target || in.target->empty()) return fail(Code::invalid_argument, "disposal.target", "what is to go");
  SK_CHECK(in.scope == "collection" ? ask_collection(context, *in.target, out) : in.scope == "chat" ? ask_chat(context, *in.target, out) : ask_person(context, in, *in.target, out));
  return out;
}

Status check_words(const AskIn& in) {
  if (in.what.empty() || in.what.size() > kMaxText) return fail(Code::invalid_argument, "disposal.what", "what it is, in words");
  if (!in.backups) return ok();
  if (in.backups->size() > kMostBackups) return fail(Code::invalid_argument, "disposal.backups", "at most 50");
  for (const BackupPlace& b : *in.backups)
    if (b.place.empty() || b.place.size() > kMaxText || (!b.until.empty() && (b.until.size() != 10 || !json::parse_rfc3339(b.until + "T00:00:00Z"))))
      return fail(Code::invalid_argument, "disposal.backups", "a place, and a day YYYY-MM-DD or nothing");
  return ok();
}

std::vector<approvals::Slot> slots_for(const Asked& asked) {
  std::vector<approvals::Slot> out;
  for (const std::string& unit : asked.units) out.push_back({kOfUnit, unit, kOfBody});
  if (out.empty()) out.push_back({kOfBody, "", ""});
  return out;
}

}  // namespace

Result<DisposalView> ask(gate::Context& context, AskIn& in, approvals::Approvals& approvals) {
  SK_CHECK(check_words(in));
  SK_TRY(const Asked asked, list_of(context, in));
  SK_TRY(const bool under_way, Table::under_way(context.tx, in.scope, asked.target));
  if (under_way) return fail(Code::conflict, "disposal.under_way", "permitted already");
  Disposal d;
  d.id = context.new_id<DisposalTag>();
  d.scope = in.scope;
  d.target = asked.target;
  d.what = in.what;
  d.items = asked.items;
  d.items_hash = hash_of(d.items);
  d.backups = in.backups.value_or(std::vector<BackupPlace>());
  d.state = "asked";
  d.requested_by = context.permit().person().user_id;
  d.requested_at = context.now;
  approvals::NewRequest request;
  request.kind = kKind;
  request.subject = d.id.str();
  request.subject_hash = d.items_hash;
  request.fields = {{"scope", kScopeWords.at(d.scope)}, {"what", d.what}, {"items", std::to_string(d.items.size())}};
  request.reason = in.reason;
  request.slots = slots_for(asked);
  request.asks_too = asked.asks_too;
  SK_TRY(const approvals::Request made, approvals.open(context, std::move(request)));
  d.approval_id = made.id.str();
  SK_CHECK(Table::insert(context.tx, d));
  context.about(d.id.str());
  context.note("approval", json::Value(d.approval_id));
  context.note("items_hash", json::Value(d.items_hash));
  return view_of(context, d);
}

Status permit(gate::Context& context, const approvals::Grant& grant, const approvals::Approvals& approvals) {
  SK_TRY(const auto id, DisposalId::parse(grant.content.subject));
  SK_TRY(auto found, Table::find(context.tx, id));
  if (!found || found->state != "asked") return fail(Code::conflict, "disposal.not_asked", "nothing waits for this permission");
  Disposal& d = *found;
  if (hash_of(d.items) != grant.content.subject_hash || d.items_hash != grant.content.subject_hash) return fail(Code::conflict, "disposal.changed", "the list is another one");
  if (d.scope == "collection") {
    SK_TRY(const auto documents, EraseTable::documents_in(context.tx, d.target));
    for (const std::string& document : documents)
      if (std::none_of(d.items.begin(), d.items.end(), [&](const Item& i) { return i.kind == "document" && i.id == document; }))
        return fail(Code::conflict, "disposal.changed", "documents came since it was asked");
  }
  SK_TRY(const bool under_way, Table::under_way(context.tx, d.scope, d.target));
  if (under_way) return fail(Code::conflict, "disposal.under_way", "permitted already");
  for (const approvals::Signature& s : grant.signatures) {
    SK_TRY(const auto who, approvals.directory().standing(context.tx, s.person, context.now));
    d.permitted.push_back({s.person, who ? who->name : ""});
  }
  d.permitted_at = context.now;
  d.state = "permitted";
  context.note("disposal", json::Value(d.id.str()));
  return Table::update(context.tx, d);
}

Result<DisposalView> view_of(gate::Context& context, const Disposal& d) {
  DisposalView out;
  out.id = d.id;
  out.scope = d.scope;
  out.target = d.target;
  out.what = d.what;
  out.items = static_cast<std::int64_t>(d.items.size());
  out.items_hash = d.items_hash;
  out.approval = d.approval_id;
  SK_TRY(const auto request, approvals::Table::find(context.tx, approvals::RequestId::trusted(d.approval_id)));
  if (request) out.approval_state = approvals::name_of(approvals::state_at(*request, context.now));
  out.state = d.state;
  if (is_ulid(d.requested_by)) {
    SK_TRY(const auto account, accounts::Table::find(context.tx, accounts::AccountId::trusted(d.requested_by)));
    if (account) out.requested_by = account->name;
  }
  out.requested_at = d.requested_at;
  out.permitted = d.permitted;
  out.permitted_at = d.permitted_at;
  out.done_at = d.done_at;
  out.counts = d.counts;
  out.remaining = d.remaining;
  out.rest_at = d.rest_at;
  out.verification = d.verification;
  out.trouble = d.trouble;
  SK_TRY(const auto certificates, Table::certificates(context.tx, d.id));
  out.certificates = static_cast<std::int64_t>(certificates.size());
  return out;
}

}  // namespace sekisho::disposal
