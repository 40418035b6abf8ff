#include "features/changes/changes.h"

#include <algorithm>

#include "core/bytes.h"
#include "crypto/hash.h"
#include "features/endpoints/operations.h"
#include "features/flows/operations.h"
#include "features/services/operations.h"

namespace sekisho::changes {
namespace {

std::string subject_of(const bodies::SystemChange& change) { return change.what + ":" + change.id; }
// For people who read the request.
std::string name_of(const std::string& what) { return what == "services" ? "承認された外部サービス" : what == "flows" ? "許可された通信" : "モデル接続先"; }
std::string hash_of(const std::string& content) { return to_hex(crypto::sha256(content)); }

// A record that waits: what it is now, and for which request. Puts it into force.
struct Waiting {
  std::string content;
  std::optional<std::string> request;
  std::function<Status(const std::string& by)> checked;
};

template <class Table, class Id, class Row>
std::optional<Waiting> waiting_of(sql::Tx& tx, const Id& id, const std::optional<Row>& row, std::string (*content)(const Row&)) {
  if (!row) return std::nullopt;
  return Waiting{content(*row), row->waits_for, [&tx, id](const std::string& by) { return Table::checked(tx, id, by); }};
}

Result<std::optional<Waiting>> find(sql::Tx& tx, const std::string& subject) {
  const std::size_t colon = subject.find(':');
  const std::string what = subject.substr(0, colon);
  const std::string id = colon == std::string::npos ? "" : subject.substr(colon + 1);
  if (what == "services") {
    SK_TRY(const auto key, services::ServiceId::parse(id));
    SK_TRY(const auto row, services::Table::find(tx, key));
    return waiting_of<services::Table>(tx, key, row, services::content_of);
  }
  if (what == "flows") {
    SK_TRY(const auto key, flows::FlowId::parse(id));
    SK_TRY(const auto row, flows::Table::find(tx, key));
    return waiting_of<flows::Table>(tx, key, row, flows::content_of);
  }
  if (what == "endpoints") {
    SK_TRY(const auto key, endpoints::EndpointId::parse(id));
    SK_TRY(const auto row, endpoints::Table::find(tx, key));
    return waiting_of<endpoints::Table>(tx, key, row, endpoints::content_of);
  }
  return std::optional<Waiting>();
}

Status put_into_force(gate::Context& context, const approvals::Grant& grant) {
  SK_TRY(const auto waiting, find(context.tx, grant.content.subject));
  if (!waiting || waiting->request != grant.id.str() || hash_of(waiting->content) != grant.content.subject_hash)
    return fail(Code::conflict, "changes.other", "no longer what was asked for");
  context.note("change", json::Value(grant.content.subject));
  return waiting->checked(grant.signatures.front().person);
}

Result<std::optional<bodies::WaitsFor>> ask(gate::Context& context, const bodies::SystemChange& change, approvals::Approvals& approvals) {
  SK_TRY(const auto body, bodies::Table::profile(context.tx));
  const auto asked = body.profile.two_person_changes.value_or(std::vector<std::string>{});
  if (std::find(asked.begin(), asked.end(), change.what) == asked.end()) return std::optional<bodies::WaitsFor>();
  if (!approvals.caller(context)) return fail(Error{Code::denied, "changes.person", "nobody is signed in", "11(1)エ(ウ)", "system_manager"});
  approvals::NewRequest request;
  request.kind = kKind;
  request.subject = subject_of(change);
  request.subject_hash = hash_of(change.content);
  request.fields = {{"what", name_of(change.what)}, {"name", change.title}, {"change", change.text}};
  SK_TRY(const approvals::Request filed, approvals.open(context, std::move(request)));
  context.about(change.id);
  context.note("approval", json::Value(filed.id.str()));
  return std::optional(bodies::WaitsFor{filed.id.str(), filed.person});
}

}  // namespace

bodies::AskSecond ask_second(approvals::Approvals& approvals) {
  return [&approvals](gate::Context& context, const bodies::SystemChange& change) { return ask(context, change, approvals); };
}

void register_handler(approvals::Approvals& approvals) { approvals.handle(kKind, {nullptr, put_into_force, nullptr}); }

}  // namespace sekisho::changes
