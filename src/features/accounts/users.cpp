#include "crypto/hash.h"
#include "crypto/random.h"
#include "features/accounts/appointments.h"
#include "features/accounts/people.h"
#include "features/accounts/staff_import.h"

namespace sekisho::accounts {
namespace {

using bodies::Nothing;

constexpr int kPage = 200;
constexpr std::size_t kMaxLogin = 64;
constexpr std::size_t kPrefixCharacters = 8;

bool good_login(std::string_view login) {
  if (login.empty() || login.size() > kMaxLogin) return false;
  return std::all_of(login.begin(), login.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
  });
}

Result<bodies::UnitId> unit_for(sql::Tx& tx, const UserCreateIn& in) {
  SK_TRY(const auto units, bodies::Table::units(tx));
  for (const auto& unit : units)
    if ((in.department_id && unit.id == *in.department_id) || (in.department && unit.code == *in.department)) return unit.id;
  return fail(Code::invalid_argument, "accounts.department", "no such department");
}

Result<UserCreated> create(gate::Context& context, UserCreateIn& in) {
  if (!good_login(in.login)) return fail(Code::invalid_argument, "accounts.login", "a-z, 0-9, '.', '_' and '-', at most 64");
  if (in.name.empty()) return fail(Code::invalid_argument, "accounts.name", "empty");
  SK_TRY(const auto taken, Table::find_login(context.tx, in.login));
  if (taken) return fail(Code::conflict, "accounts.login_taken", "login is in use");
  SK_TRY(const auto unit, unit_for(context.tx, in));
  SK_CHECK(check_roles(context.tx, in.roles));
  Account account{context.new_id<AccountTag>(), in.login, in.name, unit, in.clearance.value_or(2), true, in.hash, !in.one_time.empty(), 0, {0}, std::nullopt};
  SK_TRY(const auto profile, bodies::Table::profile(context.tx));
  if (account.clearance < 1 || account.clearance > static_cast<int>(profile.profile.confidentiality.size()))
    return fail(Code::invalid_argument, "accounts.clearance", "not a rank of the scheme");
  SK_CHECK(Table::insert(context.tx, account, context.now));
  SK_CHECK(set_main(context, account.id, unit, in.roles, context.now, ""));
  context.about(account.id.str());
  SK_TRY(auto view, user_view(context.tx, account, context.now));
  return UserCreated{std::move(view), in.one_time.empty() ? std::optional<std::string>() : in.one_time};
}

Result<UserList> list(gate::Context& context, UserListIn& in) {
  const int limit = std::clamp(in.limit.value_or(kPage), 1, kPage);
  SK_TRY(const auto accounts, Table::page(context.tx, in.after.value_or(""), limit));
  UserList out;
  for (const Account& account : accounts) {
    SK_TRY(auto view, user_view(context.tx, account, context.now));
    out.items.push_back(std::move(view));
  }
  if (static_cast<int>(accounts.size()) == limit) out.next = accounts.back().login;
  return out;
}

Result<Account> require(sql::Tx& tx, const AccountId& id) {
  SK_TRY(auto account, Table::find(tx, id));
  if (!account) return fail(Code::not_found, "accounts.not_found", "no such person");
  return std::move(*account);
}

Result<UserView> update(gate::Context& context, UserUpdateIn& in) {
  SK_TRY(Account account, require(context.tx, in.id));
  context.about(in.id.str());
  if (in.enabled && !*in.enabled && context.permit().person().user_id == in.id.str())
    return fail(Code::conflict, "accounts.self", "nobody suspends himself");
  account.name = in.name.value_or(account.name);
  account.enabled = in.enabled.value_or(account.enabled);
  if (in.department_id) {
    SK_CHECK(bodies::Table::lineage(context.tx, *in.department_id));
    account.unit_id = *in.department_id;
  }
  SK_CHECK(Table::update(context.tx, in.id, account.name, account.unit_id, account.enabled));
  if (in.roles) SK_CHECK(check_roles(context.tx, *in.roles));
  if (in.roles || in.department_id) {
    SK_TRY(const auto held, main_roles(context.tx, in.id, context.now));
    SK_CHECK(set_main(context, in.id, account.unit_id, in.roles.value_or(held), context.now, ""));
  }
  if (!account.enabled) SK_CHECK(Table::delete_sessions_of(context.tx, in.id));
  return user_view(context.tx, account, context.now);
}

Result<OneTimePassword> reset_password(gate::Context& context, UserIdIn& in) {
  SK_CHECK(require(context.tx, in.id));
  context.about(in.id.str());
  SK_CHECK(Table::set_password(context.tx, in.id, in.hash, true));
  SK_CHECK(Table::delete_sessions_of(context.tx, in.id));
  return OneTimePassword{in.one_time};
}

KeyView view_of(const ApiKeyRow& row) { return {row.id, row.name, row.prefix, row.created_at, row.last_used_at}; }

Result<KeyList> list_keys(gate::Context& context, bodies::WholeListIn&) {
  SK_TRY(const auto rows, Table::keys_of(context.tx, AccountId::trusted(context.permit().person().user_id)));
  KeyList out;
  for (const auto& row : rows) out.items.push_back(view_of(row));
  return out;
}

Result<KeyCreated> create_key(gate::Context& context, KeyCreateIn& in) {
  if (in.name.empty() || in.name.size() > 200) return fail(Code::invalid_argument, "keys.name", "1 to 200 bytes");
  // The key carries the body's code, so that a request finds its body: sk-<body>-<random>.
  const std::string random(crypto::random_token().reveal());
  const std::string key = "sk-" + context.body.code + "-" + random;
  const ApiKeyRow row{context.new_id<KeyTag>(), AccountId::trusted(context.permit().person().user_id), in.name,
                      "sk-" + context.body.code + "-" + random.substr(0, kPrefixCharacters), context.now, std::nullopt};
  SK_CHECK(Table::insert_key(context.tx, row, crypto::sha256(key)));
  context.about(row.id.str());
  return KeyCreated{row.id, row.name, row.prefix, row.created_at, key};
}

Result<Nothing> revoke_key(gate::Context& context, KeyIdIn& in) {
  SK_TRY(const bool done, Table::revoke_key(context.tx, in.id, AccountId::trusted(context.permit().person().user_id), context.now));
  if (!done) return fail(Code::not_found, "keys.not_found", "no such key");
  context.about(in.id.str());
  return Nothing{};
}

}  // namespace

Status Accounts::prepare_user(gate::Preparation&, UserCreateIn& in) {
  if (!in.password) in.one_time = std::string(crypto::temporary_password().reveal());
  else if (in.password->reveal().size() < kMinPasswordCharacters)
    return fail(Error{Code::invalid_argument, "accounts.password_short", "at least 12 characters", "10(4)ウ(ウ)", {}});
  SK_TRY(in.hash, hash(in.password ? in.password->copy() : Secret(in.one_time)));
  return ok();
}

gate::Operation<UserCreateIn, UserCreated> Accounts::create_user() {
  return {"users.create", "職員を登録する", "users.create", gate::Access::write, 8192,
          [this](gate::Preparation& p, UserCreateIn& in) { return prepare_user(p, in); }, create};
}

void Accounts::register_user_operations(gate::Registry& registry) {
  registry.add(create_user());
  registry.add(gate::Operation<UserListIn, UserList>{"users.list", "職員の一覧", "users.list", gate::Access::read, 1024, gate::no_preparation<UserListIn>(), list});
  registry.add(gate::Operation<UserUpdateIn, UserView>{"users.update", "職員の所属・役割・停止を変える", "users.update", gate::Access::write, 8192,
                                                       gate::no_preparation<UserUpdateIn>(), update});
  registry.add(gate::Operation<UserIdIn, OneTimePassword>{"users.reset_password", "仮パスワードを発行する", "users.reset_password", gate::Access::write, 1024,
                                                          [this](gate::Preparation&, UserIdIn& in) -> Status {
                                                            in.one_time = std::string(crypto::temporary_password().reveal());
                                                            SK_TRY(in.hash, hash(Secret(in.one_time)));
                                                            return ok();
                                                          },
                                                          reset_password});
}

void Accounts::register_key_operations(gate::Registry& registry) {
  registry.add(gate::Operation<bodies::WholeListIn, KeyList>{"keys.list", "自分のAPIキーの一覧", "keys.list", gate::Access::read, 1024, gate::no_preparation<bodies::WholeListIn>(), list_keys});
  registry.add(gate::Operation<KeyCreateIn, KeyCreated>{"keys.create", "APIキーを発行する", "keys.create", gate::Access::write, 4096,
                                                        gate::no_preparation<KeyCreateIn>(), create_key});
  registry.add(gate::Operation<KeyIdIn, Nothing>{"keys.revoke", "APIキーを失効させる", "keys.revoke", gate::Access::write, 1024,
                                                 gate::no_preparation<KeyIdIn>(), revoke_key});
}

void Accounts::register_operations(gate::Registry& registry) {
  register_appointment_operations(registry);
  registry.add(preview_staff());
  registry.add(import_staff());
  register_session_operations(registry);
  register_user_operations(registry);
  register_key_operations(registry);
}

}  // namespace sekisho::accounts
