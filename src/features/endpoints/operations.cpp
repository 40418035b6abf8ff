#include "features/endpoints/operations.h"

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
  if (e.region.size() > kMaxText || e.governing_law.size() > kMaxText || e.approval.size() > kMaxText)
    return fail(Code::invalid_argument, "endpoints.text", "too long");
  return ok();
}

EndpointView view_of(const Endpoint& e, const bodies::Profile& profile) {
  EndpointView out{e.id, e.name, e.protocol, e.url, e.model, e.ceiling, {}, e.sealed_key.has_value(), e.region, e.governing_law, e.approval, e.enabled, ""};
  for (std::size_t i = 0; i < profile.segments.size(); ++i)
    if ((e.segments >> i & 1u) != 0) out.segments.push_back(profile.segments[i].code);
  out.state = !e.enabled ? "disabled" : e.approval.empty() ? "not approved" : "usable";
  return out;
}

Result<EndpointView> create_endpoint(gate::Context& context, CreateIn& in) {
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
  e.approval = in.approval.value_or("");
  e.enabled = in.enabled.value_or(true);
  SK_CHECK(check(e, body.profile));
  context.about(e.id.str());
  if (auto inserted = Table::insert(context.tx, e, context.now); !inserted) {
    if (inserted.error().key == "sql.constraint") return fail(Code::conflict, "endpoints.name_taken", "name is in use");
    return Unexpected(std::move(inserted.error()));
  }
  return view_of(e, body.profile);
}

Result<Endpoint> require(sql::Tx& tx, const EndpointId& id) {
  SK_TRY(auto found, Table::find(tx, id));
  if (!found) return fail(Code::not_found, "endpoints.not_found", "no such endpoint");
  return std::move(*found);
}

Result<EndpointView> update_endpoint(gate::Context& context, UpdateIn& in) {
  SK_TRY(const auto body, bodies::Table::profile(context.tx));
  SK_TRY(Endpoint e, require(context.tx, in.id));
  context.about(e.id.str());
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
  e.approval = in.approval.value_or(e.approval);
  e.enabled = in.enabled.value_or(e.enabled);
  SK_CHECK(check(e, body.profile));
  SK_CHECK(Table::update(context.tx, e, context.now));
  return view_of(e, body.profile);
}

Result<EndpointList> list_endpoints(gate::Context& context, WholeListIn&) {
  SK_TRY(const auto body, bodies::Table::profile(context.tx));
  SK_TRY(const auto rows, Table::all(context.tx));
  EndpointList out;
  for (const Endpoint& e : rows) out.items.push_back(view_of(e, body.profile));
  return out;
}

Result<Nothing> remove_endpoint(gate::Context& context, IdIn& in) {
  context.about(in.id.str());
  SK_TRY(const bool removed, Table::remove(context.tx, in.id));
  if (!removed) return fail(Code::not_found, "endpoints.not_found", "no such endpoint");
  return Nothing{};
}

}  // namespace

Result<Secret> open_key(const gate::Body& body, const Endpoint& endpoint) {
  if (!endpoint.sealed_key) return Secret();
  SK_TRY(const Secret sealing, key_for_keys(body));
  SK_TRY(auto plain, crypto::open(sealing, endpoint.sealed_key->bytes, endpoint.id.str()));
  return Secret(std::move(plain));
}

gate::Operation<CreateIn, EndpointView> create() {
  return {"endpoints.create", "モデル接続先を登録する", "endpoints.manage", gate::Access::write, 16384, gate::no_preparation<CreateIn>(), create_endpoint};
}
gate::Operation<WholeListIn, EndpointList> list() {
  return {"endpoints.list", "モデル接続先の一覧", "endpoints.list", gate::Access::read, 1024, gate::no_preparation<WholeListIn>(), list_endpoints};
}

void register_operations(gate::Registry& registry) {
  registry.add(create());
  registry.add(list());
  registry.add(gate::Operation<UpdateIn, EndpointView>{"endpoints.update", "モデル接続先を変える", "endpoints.manage", gate::Access::write, 16384,
                                                       gate::no_preparation<UpdateIn>(), update_endpoint});
  registry.add(gate::Operation<IdIn, Nothing>{"endpoints.delete", "モデル接続先を消す", "endpoints.manage", gate::Access::write, 1024,
                                              gate::no_preparation<IdIn>(), remove_endpoint});
}

}  // namespace sekisho::endpoints
