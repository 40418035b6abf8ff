#include "features/endpoints/operations.h"

#include "core/bytes.h"
#include "crypto/seal.h"

namespace sekisho::endpoints {
namespace {

using bodies::Nothing;
using bodies::WholeListIn;

constexpr std::size_t kMaxText = 500;

Result<Secret> key_for_keys(const gate::Body& body) { return crypto::derive_key(body.key, "endpoint-keys"); }

Result<sql::Blob> seal_key(const gate::Body& body, const EndpointId& id, const Secret& key) {
  SK_TRY(const Secret sealing, key_for_keys(body));
  SK_TRY(auto sealed, crypto::seal(sealing, key.reveal(), id.str()));
  return sql::Blob{std::move(sealed)};
}

Result<policy::SegmentSet> segment_set(const bodies::Profile& profile, const std::vector<std::string>& codes) {
  policy::SegmentSet out = 0;
  for (const std::string& code : codes) {
    bool known = false;
    for (std::size_t i = 0; i < profile.segments.size(); ++i)
      if (profile.segments[i].code == code) {
        out |= 1u << i;
        known = true;
      }
    if (!known) return fail(Code::invalid_argument, "endpoints.segment", "no such segment");
  }
  return out;
}

// http and https, a host, no user, query or fragment: an address that can carry nothing but the request itself.
bool good_url(const std::string& url) {
  const std::size_t scheme = url.starts_with("https://") ? 8 : url.starts_with("http://") ? 7 : 0;
  if (scheme == 0 || url.size() > kMaxText || url.size() == scheme || url[scheme] == '/') return false;
  return std::none_of(url.begin(), url.end(), [](char c) { return c == '@' || c == '?' || c == '#' || c == '\\' || static_cast<unsigned char>(c) <= ' '; });
}

Status check(const Endpoint& e, const bodies::Profile& profile) {
  if (e.name.empty() || e.name.size() > 100) return fail(Code::invalid_argument, "endpoints.name", "1 to 100 bytes");
  if (e.protocol != "openai") return fail(Code::invalid_argument, "endpoints.protocol", "protocols: openai");
  if (!good_url(e.url)) return fail(Code::invalid_argument, "endpoints.url", "http(s)://host[:port]/path");
  if (e.model.empty() || e.model.size() > kMaxText) return fail(Code::invalid_argument, "endpoints.model", "1 to 500 bytes");
  if (e.ceiling < 1 || e.ceiling > static_cast<int>(profile.confidentiality.size())) return fail(Code::invalid_argument, "endpoints.ceiling", "not a class");
  if (e.region.size() > kMaxText || e.governing_law.size() > kMaxText)
    return fail(Code::invalid_argument, "endpoints.text", "too long");
  return ok();
}

// The service that the input names by id or by number. An approval is not made here: a number that no record in force has is refused.
Result<std::optional<services::ServiceId>> service_for(gate::Context& context, const std::string& id, const std::string& approval) {
  if (id.empty() && approval.empty()) return std::optional<services::ServiceId>();
  SK_TRY(const auto all, services::Table::all(context.tx));
  for (const auto& service : all)
    if (service.in_force(context.now) && (id.empty() ? service.approval == approval : service.id.str() == id)) return std::optional(service.id);
  return fail(Code::invalid_argument, "endpoints.service", "no approved service in force of that id or number");
}

Result<policy::SegmentSet> home_of(const gate::Body& body, const std::string& code) {
  if (code.empty()) return policy::SegmentSet{0};
  const policy::SegmentSet home = body.segment(code);
  if (home == 0) return fail(Code::invalid_argument, "endpoints.segment", "no such segment");
  return home;
}

// The flow from the session's segment to the endpoint, when one is in force.
Result<std::optional<flows::Flow>> flow_to(gate::Context& context, const Endpoint& e, policy::SegmentSet from) {
  const auto homes = context.body.codes_of(e.home);
  for (const std::string& segment : context.body.codes_of(from)) {
    SK_TRY(const auto flows, flows::Table::from(context.tx, segment));
    for (const flows::Flow& f : flows)
      if (f.in_force(context.now) && (f.to_endpoint == e.id.str() || std::find(homes.begin(), homes.end(), f.to_segment) != homes.end())) return std::optional(f);
  }
  return std::optional<flows::Flow>();
}

Status check_flow(gate::Context& context, const Endpoint& e) {
  if (context.body.segments.empty()) return ok();  // a body without segments has no edges
  const policy::Person& person = context.permit().person();
  const policy::SegmentSet from = person.session_segment;
  const policy::Matrix& matrix = context.permit().matrix();
  // From a segment without export nothing is asked but of what lives there, whatever the question is made of and whatever flow is registered.
  if ((from & person.closed) != 0 && e.home != from) return fail(policy::denial(policy::refusal(matrix, policy::Axis::endpoint_segment)));
  SK_TRY(const auto flow, flow_to(context, e, from));
  if (!flow) return fail(policy::denial(policy::refusal(matrix, policy::Axis::no_flow)));
  const policy::Flow edge{from, e.home, flow->forms(), true};
  if (const auto d = policy::decide_edge(matrix, &edge, from, e.home, policy::Form::text); !d.allow) return fail(policy::denial(d));
  return ok();
}

// The service behind the endpoint, when it may be used at this moment.
Result<std::optional<services::Service>> approved(gate::Context& context, const Endpoint& e) {
  if (!e.enabled || !e.service_id || e.waits_for) return std::optional<services::Service>();
  SK_TRY(auto service, services::Table::find(context.tx, *e.service_id));
  if (service && !service->in_force(context.now)) service.reset();
  return service;
}

Result<EndpointView> view_of(gate::Context& context, const Endpoint& e) {
  EndpointView out{e.id, e.name, e.protocol, e.url, e.model, e.ceiling, context.body.codes_of(e.segments), e.sealed_key.has_value(), e.region, e.governing_law,
                   e.service_id, "", "", e.enabled, "", e.waits_for};
  for (const std::string& home : context.body.codes_of(e.home)) out.home = home;
  if (e.service_id) {
    SK_TRY(const auto service, services::Table::find(context.tx, *e.service_id));
    if (service) out.approval = service->approval;
  }
  SK_TRY(const auto good, approved(context, e));
  const Status flow = check_flow(context, e);
  if (!flow && flow.error().code != Code::denied) return Unexpected(flow.error());
  out.state = !e.enabled ? "disabled" : e.waits_for ? "waiting" : !good ? "not approved" : !flow ? "no flow" : "usable";
  return out;
}

// A second person checks what is set, the key by its sealed bytes.
Status check_by_second(gate::Context& context, const bodies::Profile& profile, Endpoint& e, const bodies::AskSecond& ask_second) {
  std::string text = e.url + "、" + e.model + "、" + profile.confidentiality[static_cast<std::size_t>(e.ceiling) - 1].name + "まで";
  for (const std::string& segment : context.body.codes_of(e.segments)) text += "、" + segment;
  SK_TRY(const auto waits, ask_second(context, {"endpoints", e.id.str(), content_of(e), e.name, text}));
  if (!waits) return ok();
  e.waits_for = waits->request;
  return Table::wait(context.tx, e.id, waits->request, waits->person);
}

Result<EndpointView> create_endpoint(gate::Context& context, CreateIn& in, const bodies::AskSecond& ask_second) {
  SK_TRY(const auto body, bodies::Table::profile(context.tx));
  Endpoint e;
  e.id = context.new_id<EndpointTag>();
  e.name = in.name;
  e.protocol = in.protocol;
  e.url = in.url;
  e.model = in.model;
  e.ceiling = in.ceiling;
  SK_TRY(e.segments, segment_set(body.profile, in.segments));
  if (in.api_key && !in.api_key->empty()) {
    SK_TRY(auto sealed, seal_key(context.body, e.id, *in.api_key));
    e.sealed_key = std::move(sealed);
  }
  e.region = in.region.value_or("");
  e.governing_law = in.governing_law.value_or("");
  SK_TRY(e.service_id, service_for(context, in.service ? in.service->str() : "", in.approval.value_or("")));
  SK_TRY(e.home, home_of(context.body, in.home.value_or("")));
  e.enabled = in.enabled.value_or(true);
  SK_CHECK(check(e, body.profile));
  context.about(e.id.str());
  if (auto inserted = Table::insert(context.tx, e, context.now); !inserted) {
    if (inserted.error().key == "sql.constraint") return fail(Code::conflict, "endpoints.name_taken", "name is in use");
    return Unexpected(std::move(inserted.error()));
  }
  SK_CHECK(check_by_second(context, body.profile, e, ask_second));
  return view_of(context, e);
}

Result<Endpoint> require(sql::Tx& tx, const EndpointId& id) {
  SK_TRY(auto found, Table::find(tx, id));
  if (!found) return fail(Code::not_found, "endpoints.not_found", "no such endpoint");
  return std::move(*found);
}

Result<EndpointView> update_endpoint(gate::Context& context, UpdateIn& in, const bodies::AskSecond& ask_second) {
  SK_TRY(const auto body, bodies::Table::profile(context.tx));
  SK_TRY(Endpoint e, require(context.tx, in.id));
  context.about(e.id.str());
  const std::string before = content_of(e);
  const bool was_enabled = e.enabled;
  e.name = in.name.value_or(e.name);
  e.protocol = in.protocol.value_or(e.protocol);
  e.url = in.url.value_or(e.url);
  e.model = in.model.value_or(e.model);
  e.ceiling = in.ceiling.value_or(e.ceiling);
  if (in.segments) {
    SK_TRY(e.segments, segment_set(body.profile, *in.segments));
  }
  if (in.api_key) {
    if (in.api_key->empty()) {
      e.sealed_key.reset();
    } else {
      SK_TRY(auto sealed, seal_key(context.body, e.id, *in.api_key));
      e.sealed_key = std::move(sealed);
    }
  }
  e.region = in.region.value_or(e.region);
  e.governing_law = in.governing_law.value_or(e.governing_law);
  if (in.service || in.approval) {
    SK_TRY(e.service_id, service_for(context, in.service.value_or(""), in.approval.value_or("")));
  }
  if (in.home) {
    SK_TRY(e.home, home_of(context.body, *in.home));
  }
  e.enabled = in.enabled.value_or(e.enabled);
  SK_CHECK(check(e, body.profile));
  SK_CHECK(Table::update(context.tx, e, context.now));
  // Taking it out of use waits for nobody; whatever waits is asked about anew.
  if (content_of(e) != before || (e.enabled && !was_enabled) || e.waits_for) SK_CHECK(check_by_second(context, body.profile, e, ask_second));
  return view_of(context, e);
}

Result<EndpointList> list_endpoints(gate::Context& context, WholeListIn&) {
  SK_TRY(const auto rows, Table::all(context.tx));
  EndpointList out;
  for (const Endpoint& e : rows) {
    SK_TRY(auto view, view_of(context, e));
    out.items.push_back(std::move(view));
  }
  return out;
}

Result<Nothing> remove_endpoint(gate::Context& context, IdIn& in) {
  context.about(in.id.str());
  SK_TRY(const bool removed, Table::remove(context.tx, in.id));
  if (!removed) return fail(Code::not_found, "endpoints.not_found", "no such endpoint");
  return Nothing{};
}

}  // namespace

Result<policy::Ceiling> ceiling_now(gate::Context& context, const Endpoint& e) {
  SK_CHECK(context.not_stopped(gate::StopKind::endpoint, e.id.str()));
  for (const std::string& home : context.body.codes_of(e.home)) SK_CHECK(context.not_stopped(gate::StopKind::route, home));
  SK_CHECK(check_flow(context, e));
  SK_TRY(const auto service, approved(context, e));
  const policy::Rank highest = service ? std::min(e.ceiling, service->ceiling) : e.ceiling;
  return policy::Ceiling{e.id.str(), highest, e.segments, {}, service.has_value(), e.home, context.permit().person().closed};
}

Result<Secret> open_key(const gate::Body& body, const Endpoint& endpoint) {
  if (!endpoint.sealed_key) return Secret();
  SK_TRY(const Secret sealing, key_for_keys(body));
  SK_TRY(auto plain, crypto::open(sealing, endpoint.sealed_key->bytes, endpoint.id.str()));
  return Secret(std::move(plain));
}

std::string content_of(const Endpoint& e) {
  const std::string key = e.sealed_key ? to_hex(std::string_view(e.sealed_key->bytes)) : "";
  return json::write(std::vector<std::string>{e.id.str(), e.name, e.protocol, e.url, e.model, std::to_string(e.ceiling), std::to_string(e.segments), key, e.region,
                                              e.governing_law, e.service_id ? e.service_id->str() : "", std::to_string(e.home)});
}

void register_operations(gate::Registry& registry, const bodies::AskSecond& ask_second) {
  registry.add(gate::Operation<CreateIn, EndpointView>{"endpoints.create", "モデル接続先を登録する", "endpoints.manage", gate::Access::write, 16384,
                                                       gate::no_preparation<CreateIn>(),
                                                       [ask_second](gate::Context& context, CreateIn& in) { return create_endpoint(context, in, ask_second); }});
  registry.add(gate::Operation<WholeListIn, EndpointList>{"endpoints.list", "モデル接続先の一覧", "endpoints.list", gate::Access::read, 1024,
                                                          gate::no_preparation<WholeListIn>(), list_endpoints});
  registry.add(gate::Operation<UpdateIn, EndpointView>{"endpoints.update", "モデル接続先を変える", "endpoints.manage", gate::Access::write, 16384,
                                                       gate::no_preparation<UpdateIn>(),
                                                       [ask_second](gate::Context& context, UpdateIn& in) { return update_endpoint(context, in, ask_second); }});
  registry.add(gate::Operation<IdIn, Nothing>{"endpoints.delete", "モデル接続先を消す", "endpoints.manage", gate::Access::write, 1024,
                                              gate::no_preparation<IdIn>(), remove_endpoint});
}

}  // namespace sekisho::endpoints
