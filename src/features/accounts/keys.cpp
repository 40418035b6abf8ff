// API keys: a person's own, with his rights.
#include "core/network.h"
#include "crypto/hash.h"
#include "crypto/random.h"
#include "features/accounts/operations.h"

namespace sekisho::accounts {
namespace {

using bodies::Nothing;

constexpr std::size_t kPrefixCharacters = 8;

KeyView view_of(const gate::Body& body, const ApiKeyRow& row) {
  return {row.id, row.name, row.prefix, row.created_at, row.last_used_at, body.codes_of(row.segments.value_or(0)), row.sources};
}

Result<KeyList> list_keys(gate::Context& context, bodies::WholeListIn&) {
  SK_TRY(const auto rows, Table::keys_of(context.tx, AccountId::trusted(context.permit().person().user_id)));
  KeyList out;
  for (const auto& row : rows) out.items.push_back(view_of(context.body, row));
  return out;
}

Result<KeyCreated> create_key(gate::Context& context, KeyCreateIn& in) {
  if (in.name.empty() || in.name.size() > 200) return fail(Code::invalid_argument, "keys.name", "1 to 200 bytes");
  const policy::SegmentSet segments = context.caller.segment;  // a key belongs to the segment that it is made in, as a session does
  const std::string sources = in.sources.value_or("");
  if (sources.size() > 500 || !parse_networks(sources)) return fail(Code::invalid_argument, "keys.sources", "networks");
  // The key carries the body's code, so that a request finds its body: sk-<body>-<random>.
  const std::string random(crypto::random_token().reveal());
  const std::string key = "sk-" + context.body.code + "-" + random;
  const ApiKeyRow row{context.new_id<KeyTag>(), AccountId::trusted(context.permit().person().user_id), in.name,
                      "sk-" + context.body.code + "-" + random.substr(0, kPrefixCharacters), context.now, std::nullopt, segments, sources};
  SK_CHECK(Table::insert_key(context.tx, row, crypto::sha256(key)));
  context.about(row.id.str());
  return KeyCreated{row.id, row.name, row.prefix, row.created_at, context.body.codes_of(segments), sources, key};
}

Result<Nothing> revoke_key(gate::Context& context, KeyIdIn& in) {
  SK_TRY(const bool done, Table::revoke_key(context.tx, in.id, AccountId::trusted(context.permit().person().user_id), context.now));
  if (!done) return fail(Code::not_found, "keys.not_found", "no such key");
  context.about(in.id.str());
  return Nothing{};
}

}  // namespace

void Accounts::register_key_operations(gate::Registry& registry) {
  registry.add(gate::Operation<bodies::WholeListIn, KeyList>{"keys.list", "自分のAPIキーの一覧", "keys.list", gate::Access::read, 1024, gate::no_preparation<bodies::WholeListIn>(), list_keys});
  registry.add(gate::Operation<KeyCreateIn, KeyCreated>{"keys.create", "APIキーを発行する", "keys.create", gate::Access::write, 4096,
                                                        gate::no_preparation<KeyCreateIn>(), create_key});
  registry.add(gate::Operation<KeyIdIn, Nothing>{"keys.revoke", "APIキーを失効させる", "keys.revoke", gate::Access::write, 1024,
                                                 gate::no_preparation<KeyIdIn>(), revoke_key});
}

}  // namespace sekisho::accounts
