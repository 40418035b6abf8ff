#include "features/disposal/asking.h"
#include "features/disposal/erasing.h"

namespace sekisho::disposal {
namespace {

constexpr std::size_t kPage = 200;

// Who asked sees her own; who answers for the body's records sees all.
bool sees_all(const policy::Person& person) { return person.powers.contains("log.read") || person.powers.contains("decide.central") || person.powers.contains("decide.top"); }

Result<Disposal> require(gate::Context& context, const DisposalId& id) {
  context.about(id.str());
  SK_TRY(auto found, Table::find(context.tx, id));
  const policy::Person& person = context.permit().person();
  if (!found || (!sees_all(person) && found->requested_by != person.user_id)) return fail(Code::not_found, "disposal.not_found", "no such disposal, or another's");
  return std::move(*found);
}

Result<DisposalList> list(gate::Context& context, ListIn& in) {
  const policy::Person& person = context.permit().person();
  SK_TRY(const auto rows, Table::page(context.tx, sees_all(person) ? "" : person.user_id, in.after.value_or("")));
  DisposalList out;
  for (const Disposal& d : rows) {
    SK_TRY(auto view, view_of(context, d));
    out.items.push_back(std::move(view));
  }
  if (rows.size() == kPage) out.next = rows.back().id.str();
  return out;
}

Result<DisposalDetail> describe(gate::Context& context, DisposalIdIn& in) {
  SK_TRY(const Disposal d, require(context, in.id));
  SK_TRY(auto view, view_of(context, d));
  return DisposalDetail{std::move(view), d.items, d.backups};
}

Result<CertificateOut> certificate(gate::Context& context, DisposalIdIn& in) {
  SK_TRY(const Disposal d, require(context, in.id));
  SK_TRY(const auto certificates, Table::certificates(context.tx, d.id));
  if (certificates.empty()) return fail(Code::conflict, "disposal.not_certified", "not certified yet");
  const Certificate& newest = certificates.front();
  SK_TRY(const std::string pdf, certificate_page(newest));
  return CertificateOut{newest.number, newest.at, "haiki-" + d.id.str() + "-" + std::to_string(newest.number), certificate_file(newest), to_base64(pdf)};
}

}  // namespace

void register_operations(gate::Registry& registry, approvals::Approvals& approvals) {
  using gate::Access;
  approvals.handle(kKind, {nullptr, [&approvals](gate::Context& context, const approvals::Grant& grant) { return permit(context, grant, approvals); }, nullptr});
  registry.add(gate::Operation<AskIn, DisposalView>{"disposal.ask", "廃棄の申請を出す", "disposal.ask", Access::write, 1 << 20, gate::no_preparation<AskIn>(),
                                                    [&approvals](gate::Context& context, AskIn& in) { return ask(context, in, approvals); }});
  registry.add(gate::Operation<ListIn, DisposalList>{"disposal.list", "廃棄の一覧", "disposal.read", Access::read, 1024, gate::no_preparation<ListIn>(), list});
  registry.add(gate::Operation<DisposalIdIn, DisposalDetail>{"disposal.describe", "廃棄の対象と経過", "disposal.read", Access::read, 1024, gate::no_preparation<DisposalIdIn>(), describe});
  registry.add(gate::Operation<DisposalIdIn, CertificateOut>{"disposal.certificate", "廃棄の証明書", "disposal.certificate", Access::read, 1024, gate::no_preparation<DisposalIdIn>(),
                                                             certificate});
}

}  // namespace sekisho::disposal
