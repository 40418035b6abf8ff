#include "features/services/operations.h"

namespace sekisho::services {
namespace {

using bodies::Nothing;

constexpr std::size_t kMaxText = 500;

ServiceView view_of(const Service& s, Timestamp now) {
  const char* state = s.ended_at ? "ended" : s.waits_for ? "waiting" : now < s.valid_from ? "not yet" : s.in_force(now) ? "in force" : "expired";
  return {s.id, s.provider, s.name, s.ceiling, s.region, s.governing_law, s.approved_by, s.approval, s.valid_from, s.valid_to, state, s.registered_by,
          s.registered_at, s.ended_by, s.ended_at, s.end_reason, s.waits_for};
}

std::string name_of(const policy::Person& person) { return person.name.empty() ? person.user_id : person.name; }

Result<ServiceView> register_service(gate::Context& context, RegisterIn& in, const bodies::AskSecond& ask_second) {
  SK_TRY(const auto body, bodies::Table::profile(context.tx));
  if (in.provider.empty() || in.name.empty() || in.approved_by.empty() || in.approval.empty())
    return fail(Code::invalid_argument, "services.missing", "provider, name, approved_by and approval");
  for (const std::string* text : {&in.provider, &in.name, &in.approved_by, &in.approval})
    if (text->size() > kMaxText) return fail(Code::invalid_argument, "services.text", "too long");
  if (in.region.value_or("").size() > kMaxText || in.governing_law.value_or("").size() > kMaxText) return fail(Code::invalid_argument, "services.text", "too long");
  if (in.ceiling < 1 || in.ceiling > static_cast<int>(body.profile.confidentiality.size())) return fail(Code::invalid_argument, "services.ceiling", "not a class");
  Service s{context.new_id<ServiceTag>(), in.provider, in.name, in.ceiling, in.region.value_or(""), in.governing_law.value_or(""), in.approved_by, in.approval,
                  in.valid_from.value_or(context.now), in.valid_to, name_of(context.permit().person()), context.now, {}, {}, {}, {}};
  if (s.valid_to && *s.valid_to <= s.valid_from) return fail(Code::invalid_argument, "services.period", "ends before it begins");
  SK_CHECK(Table::insert(context.tx, s));
  const std::string text = s.provider + "、" + body.profile.confidentiality[static_cast<std::size_t>(s.ceiling) - 1].name + "まで、承認 " + s.approval + "（" + s.approved_by + "）";
  SK_TRY(const auto waits, ask_second(context, {"services", s.id.str(), content_of(s), s.name, text}));
  if (waits) {
    SK_CHECK(Table::wait(context.tx, s.id, waits->request, waits->person));
    s.waits_for = waits->request;
  }
  context.about(s.id.str());
  return view_of(s, context.now);
}

Result<Nothing> end_service(gate::Context& context, EndIn& in) {
  context.about(in.id.str());
  if (in.reason.empty() || in.reason.size() > kMaxText) return fail(Code::invalid_argument, "services.reason", "why it ends");
  SK_TRY(const auto found, Table::find(context.tx, in.id));
  if (!found) return fail(Code::not_found, "services.not_found", "no such service");
  SK_TRY(const bool ended, Table::end(context.tx, in.id, name_of(context.permit().person()), in.reason, context.now));
  if (!ended) return fail(Code::conflict, "services.ended", "already over");
  return Nothing{};
}

Result<ServiceList> list_services(gate::Context& context, bodies::WholeListIn&) {
  SK_TRY(const auto rows, Table::all(context.tx));
  ServiceList out;
  for (const Service& s : rows) out.items.push_back(view_of(s, context.now));
  return out;
}

}  // namespace

std::string content_of(const Service& s) {
  return json::write(std::vector<std::string>{s.id.str(), s.provider, s.name, std::to_string(s.ceiling), s.region, s.governing_law, s.approved_by, s.approval,
                                              std::to_string(s.valid_from.micros), s.valid_to ? std::to_string(s.valid_to->micros) : ""});
}

void register_operations(gate::Registry& registry, const bodies::AskSecond& ask_second) {
  using gate::Access;
  registry.add(gate::Operation<bodies::WholeListIn, ServiceList>{"services.list", "承認された外部サービスの一覧", "services.list", Access::read, 1024,
                                                                 gate::no_preparation<bodies::WholeListIn>(), list_services});
  registry.add(gate::Operation<RegisterIn, ServiceView>{"services.register", "承認された外部サービスを登録する", "services.manage", Access::write, 16384,
                                                        gate::no_preparation<RegisterIn>(),
                                                        [ask_second](gate::Context& context, RegisterIn& in) { return register_service(context, in, ask_second); }});
  registry.add(gate::Operation<EndIn, Nothing>{"services.end", "外部サービスの承認を終える", "services.manage", Access::write, 4096, gate::no_preparation<EndIn>(), end_service});
}

}  // namespace sekisho::services
