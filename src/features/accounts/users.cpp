// People: entering, changing, provisional passwords, unlocking.
#include "crypto/random.h"
#include "features/accounts/appointments.h"
#include "features/accounts/contractors.h"
#include "features/accounts/finding.h"
#include "features/accounts/logins.h"
#include "features/accounts/operations.h"
#include "features/accounts/people.h"
#include "features/accounts/staff_import.h"
#include "features/directories/table.h"

namespace sekisho::accounts {
namespace {

constexpr int kPage = 200;
constexpr std::size_t kMaxText = 500;

Result<bodies::UnitId> unit_for(sql::Tx& tx, const UserCreateIn& in) {
  SK_TRY(const auto units, bodies::Table::units(tx));
  for (const auto& unit : units)
    if ((in.department_id && unit.id == *in.department_id) || (in.department && unit.code == *in.department)) return unit.id;
  return fail(Code::invalid_argument, "accounts.department", "no such department");
}

Status check_validity(const Account& account) {
  if (account.valid_from && account.valid_to && *account.valid_to <= *account.valid_from)
    return fail(Code::invalid_argument, "accounts.validity", "the end is not after the beginning");
  return ok();
}

// "" opens the side again; nullopt leaves it.
Status set_day(std::optional<Timestamp>& day, const std::optional<std::string>& text) {
  if (!text) return ok();
  day.reset();
  if (text->empty()) return ok();
  SK_TRY(day, json::parse_rfc3339(*text));
  return ok();
}

Result<Account> require(sql::Tx& tx, const AccountId& id) {
  SK_TRY(auto account, Table::find(tx, id));
  if (!account) return fail(Code::not_found, "accounts.not_found", "no such person");
  return std::move(*account);
}

std::string state_of(const Account& account, Timestamp now) {
  if (!account.enabled) return "suspended";
  if (account.valid_to && *account.valid_to <= now) return "over";
  return account.valid_from && now < *account.valid_from ? "not_yet" : "active";
}

std::string password_of(const Account& account, Timestamp now) {
  if (!account.provisional_until) return "own";
  return account.provisional_used_at || *account.provisional_until <= now ? "provisional_over" : "provisional";
}

}  // namespace

Result<UserView> Accounts::user_view(sql::Tx& tx, const Account& account, Timestamp now) {
  SK_TRY(const auto posts, main_posts(tx, account.id, now));
  SK_TRY(const auto units, bodies::Table::units(tx));
  UserView out;
  out.id = account.id;
  out.login = account.login;
  out.name = account.name;
  out.department_id = posts.empty() ? account.unit_id : posts.front().unit_id;
  for (const auto& unit : units)
    if (unit.id == out.department_id) out.department = unit.name;
  for (const auto& post : posts)
    if (post.role) out.roles.push_back(*post.role);
  std::sort(out.roles.begin(), out.roles.end());
  out.enabled = account.enabled;
  out.clearance = account.clearance;
  out.last_login_at = account.last_login_at;
  out.valid_from = account.valid_from;
  out.valid_to = account.valid_to;
  SK_TRY(out.privileged, privileged(tx, account.id, now));
  const LockRule& rule = out.privileged ? settings_.lock.privileged : settings_.lock.login;
  SK_TRY(const Guard guard, Table::guard(tx, login_key(account.login)));
  if (const Timestamp until = locked_until(at(guard, rule, now), rule); until > now) out.locked_until = until;
  out.password = password_of(account, now);
  out.state = state_of(account, now);
  return out;
}

Result<UserCreated> Accounts::create(gate::Context& context, UserCreateIn& in) {
  if (!good_login(in.login)) return fail(Code::invalid_argument, "accounts.login", "a-z, 0-9, '.', '_' and '-', at most 64");
  if (default_login(in.login)) return fail(Error{Code::denied, "accounts.default_login", "a default name", "11(2)ア(ウ)f", {}});
  if (in.name.empty()) return fail(Code::invalid_argument, "accounts.name", "empty");
  SK_TRY(const auto taken, Table::find_login(context.tx, in.login));
  if (taken) return fail(Code::conflict, "accounts.login_taken", "login is in use");
  SK_TRY(const auto unit, unit_for(context.tx, in));
  SK_CHECK(check_roles(context.tx, in.roles));
  Account account;
  account.id = context.new_id<AccountTag>();
  account.login = in.login;
  account.name = in.name;
  account.unit_id = unit;
  account.clearance = in.clearance.value_or(2);
  account.enabled = true;
  account.password = in.hash;
  account.must_change = !in.one_time.empty();
  if (account.must_change) account.provisional_until = {context.now.micros + settings_.provisional_micros};
  account.valid_from = in.valid_from;
  account.valid_to = in.valid_to;
  SK_CHECK(check_validity(account));
  SK_TRY(const auto profile, bodies::Table::profile(context.tx));
  if (account.clearance < 1 || account.clearance > static_cast<int>(profile.profile.confidentiality.size()))
    return fail(Code::invalid_argument, "accounts.clearance", "not a rank of the scheme");
  SK_CHECK(Table::insert(context.tx, account, context.now));
  SK_CHECK(set_main(context, account.id, unit, in.roles, context.now, ""));
  forget(context, account.id);
  SK_TRY(auto view, user_view(context.tx, account, context.now));
  return UserCreated{std::move(view), in.one_time.empty() ? std::optional<std::string>() : in.one_time};
}

Result<UserList> Accounts::list(gate::Context& context, UserListIn& in) {
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

Result<UserView> Accounts::update(gate::Context& context, UserUpdateIn& in) {
  SK_TRY(Account account, require(context.tx, in.id));
  account.name = in.name.value_or(account.name);
  account.enabled = in.enabled.value_or(account.enabled);
  SK_CHECK(set_day(account.valid_from, in.valid_from));
  SK_CHECK(set_day(account.valid_to, in.valid_to));
  SK_CHECK(check_validity(account));
  if (in.reason && in.reason->size() > kMaxText) return fail(Code::invalid_argument, "accounts.text_long", "reason");
  const bool open = account.open_at(context.now);
  if (!open && context.permit().person().user_id == in.id.str()) return fail(Code::conflict, "accounts.self", "nobody suspends himself");
  if (in.department_id) {
    SK_CHECK(bodies::Table::lineage(context.tx, *in.department_id));
    account.unit_id = *in.department_id;
  }
  SK_CHECK(Table::update(context.tx, account));
  if (in.roles) SK_CHECK(check_roles(context.tx, *in.roles));
  if (in.roles) SK_CHECK(check_contractor(context.tx, in.id, *in.roles, settings_.credential_powers));
  if (in.roles || in.department_id) {
    SK_TRY(const auto held, main_roles(context.tx, in.id, context.now));
    SK_CHECK(set_main(context, in.id, account.unit_id, in.roles.value_or(held), context.now, ""));
  }
  forget(context, in.id);
  if (!open) SK_CHECK(end_rights(context, in.id));
  return user_view(context.tx, account, context.now);
}

Result<OneTimePassword> Accounts::reset_password(gate::Context& context, UserIdIn& in) {
  SK_TRY(const Account account, require(context.tx, in.id));
  context.about(in.id.str());
  SK_TRY(const bool elsewhere, in_directory(context.tx, in.id));
  if (elsewhere) return kept_elsewhere();
  const Timestamp until{context.now.micros + settings_.provisional_micros};
  SK_CHECK(Table::set_provisional(context.tx, in.id, in.hash, context.now, until));
  SK_CHECK(privileges::Table::end_of(context.tx, in.id.str(), context.now));
  SK_CHECK(Table::delete_sessions_of(context.tx, in.id));
  SK_CHECK(Table::drop_guard(context.tx, login_key(account.login)));
  context.after_commit([this] { ++ends_; });
  return OneTimePassword{in.one_time, until};
}

Result<UserView> Accounts::unlock(gate::Context& context, UnlockIn& in) {
  SK_TRY(const Account account, require(context.tx, in.id));
  context.about(in.id.str());
  if (in.identity_check.empty() || in.identity_check.size() > kMaxText) return fail(Code::invalid_argument, "accounts.identity_check", "how the person was identified");
  if (context.permit().person().user_id == in.id.str()) return fail(Code::conflict, "accounts.unlock_self", "nobody unlocks himself");
  SK_CHECK(Table::drop_guard(context.tx, login_key(account.login)));
  return user_view(context.tx, account, context.now);
}

Status Accounts::prepare_user(gate::Preparation& preparation, UserCreateIn& in) {
  if (in.password) {
    SK_TRY(auto tx, preparation.body.db->begin_read());
    SK_TRY(const auto unit, unit_for(*tx, in));
    SK_TRY(const auto names, around(*tx, preparation.body, in.login, in.name, &unit));
    const PasswordVerdict verdict = passwords_.judge(in.password->reveal(), 1, names);
    if (!verdict.key.empty()) return fail(Passwords::error_of(verdict));
  } else {
    in.one_time = std::string(crypto::temporary_password().reveal());
  }
  SK_TRY(in.hash, hash(preparation.caller.peer, in.password ? in.password->copy() : Secret(in.one_time)));
  return ok();
}

Status Accounts::prepare_provisional(gate::Preparation& preparation, UserIdIn& in) {
  in.one_time = std::string(crypto::temporary_password().reveal());
  SK_TRY(in.hash, hash(preparation.caller.peer, Secret(in.one_time)));
  return ok();
}

gate::Operation<UserCreateIn, UserCreated> Accounts::create_user() {
  return {"users.create", "職員を登録する", "users.create", gate::Access::write, 8192,
          [this](gate::Preparation& p, UserCreateIn& in) { return prepare_user(p, in); },
          [this](gate::Context& c, UserCreateIn& in) { return create(c, in); }};
}

void Accounts::register_user_operations(gate::Registry& registry) {
  registry.add(create_user());
  registry.add(gate::Operation<UserListIn, UserList>{"users.list", "職員の一覧", "users.list", gate::Access::read, 1024, gate::no_preparation<UserListIn>(),
                                                     [this](gate::Context& c, UserListIn& in) { return list(c, in); }});
  registry.add(gate::Operation<UserUpdateIn, UserView>{"users.update", "職員の所属・役割・期間・停止を変える", "users.update", gate::Access::write, 8192,
                                                       gate::no_preparation<UserUpdateIn>(), [this](gate::Context& c, UserUpdateIn& in) { return update(c, in); }});
  registry.add(gate::Operation<UserIdIn, OneTimePassword>{"users.reset_password", "仮パスワードを発行する", "users.reset_password", gate::Access::write, 1024,
                                                          [this](gate::Preparation& p, UserIdIn& in) { return prepare_provisional(p, in); },
                                                          [this](gate::Context& c, UserIdIn& in) { return reset_password(c, in); }});
  registry.add(gate::Operation<UnlockIn, UserView>{"users.unlock", "ログインの失敗による制限を解く", "users.unlock", gate::Access::write, 4096,
                                                   gate::no_preparation<UnlockIn>(), [this](gate::Context& c, UnlockIn& in) { return unlock(c, in); }});
}

void Accounts::register_operations(gate::Registry& registry) {
  const PostsChanged changed = [this](gate::Context& context, const AccountId* left) {
    look_again(context);
    return left == nullptr ? ok() : end_rights(context, *left);
  };
  register_appointment_operations(registry, changed, settings_.credential_powers);
  registry.add(preview_staff(settings_.credential_powers));
  registry.add(import_staff(settings_.credential_powers, changed));
  register_session_operations(registry);
  register_password_operations(registry);
  register_user_operations(registry);
  register_review_operations(registry);
  register_key_operations(registry);
  registry.add(find_people());
}

}  // namespace sekisho::accounts
