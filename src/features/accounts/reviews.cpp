// Ids that nobody uses, and the end of rights when the last day has come.
#include "features/accounts/operations.h"

namespace sekisho::accounts {
namespace {

constexpr int kPage = 200;
constexpr int kMostDays = 3650;
constexpr std::int64_t kDayMicros = 86'400'000'000;
constexpr std::int64_t kHourMicros = 3'600'000'000;
constexpr std::size_t kMaxText = 500;

}  // namespace

void Accounts::on_end(OnEnd hook) {
  const std::lock_guard lock(mutex_);
  hook_ = std::move(hook);
}

// The record names the person, and the next look at who ends is taken anew.
void Accounts::forget(gate::Context& context, const AccountId& id) {
  context.about(id.str());
  look_again(context);
}

void Accounts::look_again(gate::Context& context) {
  context.after_commit([this, body = context.body.code] {
    const std::lock_guard lock(mutex_);
    next_end_.erase(body);
  });
}

Status Accounts::end_rights(gate::Context& context, const AccountId& id) {
  SK_CHECK(privileges::Table::end_of(context.tx, id.str(), context.now));
  SK_CHECK(Table::delete_sessions_of(context.tx, id));
  SK_CHECK(Table::revoke_keys_of(context.tx, id, context.now));
  context.after_commit([this, body = context.body.code, id] {
    ++ends_;
    OnEnd hook;
    {
      const std::lock_guard lock(mutex_);
      hook = hook_;
    }
    if (hook) hook(body, id.str());
  });
  return ok();
}

Result<Ended> Accounts::end_rights_due(gate::Context& context) {
  SK_TRY(const auto due, Table::over_with_rights(context.tx, context.now));
  json::Array ids;
  for (const AccountId& id : due) {
    SK_CHECK(end_rights(context, id));
    ids.emplace_back(id.str());
  }
  context.note("accounts", std::move(ids));
  return Ended{static_cast<int>(due.size())};
}

Status Accounts::end_due(gate::Gate& gate, gate::Body& body) {
  const Timestamp now = gate.clock().now();
  {
    const std::lock_guard lock(mutex_);
    const auto next = next_end_.find(body.code);
    if (next != next_end_.end() && now < next->second) return ok();
  }
  SK_TRY(auto tx, body.db->begin_read());
  SK_TRY(const auto due, Table::over_with_rights(*tx, now));
  SK_TRY(const auto next, Table::next_end(*tx, now));
  tx.reset();
  if (!due.empty()) {
    const gate::Operation<Nothing, Ended> end = {"users.end_due", "期間の終わった職員の権利を終わらせる", "users.end_due", gate::Access::write, 64,
                                                 gate::no_preparation<Nothing>(), [this](gate::Context& c, Nothing&) { return end_rights_due(c); }};
    SK_CHECK(gate.run(end, gate::Caller{&body, gate::Program{}, 0, "end_due", "local"}, Nothing{}));
  }
  const std::lock_guard lock(mutex_);
  // An end that is set meanwhile erases this entry after its commit and is found by the next call.
  next_end_[body.code] = std::min(next.value_or(Timestamp{now.micros + kHourMicros}), Timestamp{now.micros + kHourMicros});
  return ok();
}

Result<UnusedList> Accounts::unused(gate::Context& context, UnusedIn& in) {
  UnusedList out;
  out.days = in.days.value_or(settings_.unused_days);
  if (out.days < 1 || out.days > kMostDays) return fail(Code::invalid_argument, "accounts.unused_days", "1 to 3650");
  const int limit = std::clamp(in.limit.value_or(kPage), 1, kPage);
  SK_TRY(const auto accounts, Table::unused_since(context.tx, {context.now.micros - out.days * kDayMicros}, context.now, in.after.value_or(""), limit));
  for (const Account& account : accounts) {
    SK_TRY(auto view, user_view(context.tx, account, context.now));
    out.items.push_back(std::move(view));
  }
  if (static_cast<int>(accounts.size()) == limit) out.next = accounts.back().login;
  return out;
}

Result<UserView> Accounts::review(gate::Context& context, ReviewIn& in) {
  SK_TRY(auto account, Table::find(context.tx, in.id));
  if (!account) return fail(Code::not_found, "accounts.not_found", "no such person");
  if (in.decision != "keep" && in.decision != "suspend") return fail(Code::invalid_argument, "accounts.decision", "keep or suspend");
  if (in.reason.empty() || in.reason.size() > kMaxText) return fail(Code::invalid_argument, "accounts.reason", "a reason of at most 500 bytes");
  const std::string& reviewer = context.permit().person().user_id;
  if (reviewer == in.id.str()) return fail(Code::conflict, "accounts.review_self", "nobody decides about himself");
  forget(context, in.id);
  SK_CHECK(Table::insert_review(context.tx, {context.new_id<ReviewTag>().str(), in.id, reviewer, context.now, in.decision, in.reason, account->last_login_at}));
  if (in.decision == "suspend") {
    account->enabled = false;
    SK_CHECK(Table::update(context.tx, *account));
    SK_CHECK(end_rights(context, in.id));
  }
  return user_view(context.tx, *account, context.now);
}

void Accounts::register_review_operations(gate::Registry& registry) {
  registry.add(gate::Operation<UnusedIn, UnusedList>{"users.unused", "しばらく使われていない利用者IDの一覧", "users.review", gate::Access::read, 1024,
                                                     gate::no_preparation<UnusedIn>(), [this](gate::Context& c, UnusedIn& in) { return unused(c, in); }});
  registry.add(gate::Operation<ReviewIn, UserView>{"users.review", "使われていない利用者IDを残すか停止するかを決める", "users.review", gate::Access::write, 4096,
                                                   gate::no_preparation<ReviewIn>(), [this](gate::Context& c, ReviewIn& in) { return review(c, in); }});
}

}  // namespace sekisho::accounts
