#include "features/flows/operations.h"

namespace sekisho::flows {
namespace {

using bodies::Nothing;

constexpr std::size_t kMaxText = 500;

FlowView view_of(const Flow& f, Timestamp now) {
  const char* state = f.ended_at ? "ended" : f.waits_for ? "waiting" : now < f.valid_from ? "not yet" : f.in_force(now) ? "in force" : "expired";
  return {f.id, f.from_segment, f.to_segment, f.to_endpoint, f.purpose, f.content, f.route, f.permitted_by, f.valid_from, f.valid_to, state, f.opened_by,
          f.opened_at, f.ended_by, f.ended_at, f.end_reason, f.waits_for};
}

std::string name_of(const policy::Person& person) { return person.name.empty() ? person.user_id : person.name; }

Status check(const gate::Body& body, const Flow& f) {
  if (body.segment(f.from_segment) == 0) return fail(Code::invalid_argument, "flows.segment", "no such segment");
  if (f.to_segment.empty() == f.to_endpoint.empty()) return fail(Code::invalid_argument, "flows.destination", "one segment or one endpoint");
  if (!f.to_segment.empty() && body.segment(f.to_segment) == 0) return fail(Code::invalid_argument, "flows.segment", "no such segment");
  if (!f.to_endpoint.empty() && !is_ulid(f.to_endpoint)) return fail(Code::invalid_argument, "flows.destination", "not an endpoint");
  if (f.purpose.empty() || f.permitted_by.empty()) return fail(Code::invalid_argument, "flows.missing", "purpose and permitted_by");
  if (f.purpose.size() > kMaxText || f.permitted_by.size() > kMaxText || f.route.size() > kMaxText) return fail(Code::invalid_argument, "flows.text", "too long");
  if (f.content.empty() || f.content.size() > 5 || std::any_of(f.content.begin(), f.content.end(), [](const std::string& c) { return form_named(c) == 0; }))
    return fail(Code::invalid_argument, "flows.content", "text, pixels, sanitised_file, verified_file, file");
  if (f.valid_to && *f.valid_to <= f.valid_from) return fail(Code::invalid_argument, "flows.period", "ends before it begins");
  return ok();
}

Result<FlowView> open_flow(gate::Context& context, OpenIn& in, const bodies::AskSecond& ask_second) {
  Flow f{context.new_id<FlowTag>(), in.from_segment, in.to_segment.value_or(""), in.to_endpoint.value_or(""), in.purpose, in.content, in.route.value_or(""),
               in.permitted_by, in.valid_from.value_or(context.now), in.valid_to, name_of(context.permit().person()), context.now, {}, {}, {}, {}};
  SK_CHECK(check(context.body, f));
  SK_CHECK(Table::insert(context.tx, f));
  const std::string to = f.to_segment.empty() ? f.to_endpoint : f.to_segment;
  SK_TRY(const auto waits, ask_second(context, {"flows", f.id.str(), content_of(f), f.from_segment + " → " + to, f.purpose + "、" + json::write(f.content) + "、" + f.permitted_by}));
  if (waits) {
    SK_CHECK(Table::wait(context.tx, f.id, waits->request, waits->person));
    f.waits_for = waits->request;
  }
  context.about(f.id.str());
  return view_of(f, context.now);
}

Result<Nothing> end_flow(gate::Context& context, EndIn& in) {
  context.about(in.id.str());
  if (in.reason.empty() || in.reason.size() > kMaxText) return fail(Code::invalid_argument, "flows.reason", "why it ends");
  SK_TRY(const auto found, Table::find(context.tx, in.id));
  if (!found) return fail(Code::not_found, "flows.not_found", "no such flow");
  SK_TRY(const bool ended, Table::end(context.tx, in.id, name_of(context.permit().person()), in.reason, context.now));
  if (!ended) return fail(Code::conflict, "flows.ended", "already over");
  return Nothing{};
}

Result<FlowList> list_flows(gate::Context& context, bodies::WholeListIn&) {
  SK_TRY(const auto rows, Table::all(context.tx));
  FlowList out;
  for (const Flow& f : rows) out.items.push_back(view_of(f, context.now));
  return out;
}

}  // namespace

std::string content_of(const Flow& f) {
  return json::write(std::vector<std::string>{f.id.str(), f.from_segment, f.to_segment, f.to_endpoint, f.purpose, json::write(f.content), f.route, f.permitted_by,
                                              std::to_string(f.valid_from.micros), f.valid_to ? std::to_string(f.valid_to->micros) : ""});
}

void register_operations(gate::Registry& registry, const bodies::AskSecond& ask_second) {
  using gate::Access;
  registry.add(gate::Operation<bodies::WholeListIn, FlowList>{"flows.list", "許可された通信の一覧", "flows.list", Access::read, 1024,
                                                              gate::no_preparation<bodies::WholeListIn>(), list_flows});
  registry.add(gate::Operation<OpenIn, FlowView>{"flows.open", "通信を許可する", "flows.manage", Access::write, 16384, gate::no_preparation<OpenIn>(),
                                                 [ask_second](gate::Context& context, OpenIn& in) { return open_flow(context, in, ask_second); }});
  registry.add(gate::Operation<EndIn, Nothing>{"flows.end", "許可した通信を終える", "flows.manage", Access::write, 4096, gate::no_preparation<EndIn>(), end_flow});
}

}  // namespace sekisho::flows
