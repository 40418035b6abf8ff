#include "features/office/mail.h"

#include <algorithm>

#include "features/bodies/operations.h"

namespace sekisho::office {
namespace {

using bodies::Nothing;
using gate::Access;
using gate::Context;

constexpr int kNoticesAtOnce = 500;
constexpr int kBoxesAtOnce = 500;
constexpr std::size_t kMostBoxes = 2'000;  // that are shown
constexpr int kShown = 200;
constexpr std::int64_t kMinute = 60'000'000;
constexpr std::int64_t kKeep = std::int64_t{90} * 86'400'000'000;
constexpr std::size_t kMaxError = 300;
constexpr std::size_t kMaxAddress = 254;
constexpr std::size_t kMaxLocal = 64;

bool atom(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || std::string_view("!#$%&'*+-/=?^_`{|}~.").find(c) != std::string_view::npos; }

const std::string& own(const Context& context) { return context.permit().person().user_id; }

Result<OwnBox> own_view(Context& context) {
  SK_TRY(const auto box, MailTable::box(context.tx, own(context)));
  SK_TRY(const bool may, MailTable::opt_out(context.tx));
  if (!box) return OwnBox{};
  return OwnBox{box->address, box->receives, box->own || may};
}

Result<OwnBox> set_own(Context& context, OwnIn& in) {
  SK_TRY(const auto before, MailTable::box(context.tx, own(context)));
  SK_TRY(const bool may_stop, MailTable::opt_out(context.tx));
  const bool stop = !in.address || in.address->empty();
  if (!stop && !good_address(*in.address)) return fail(Code::invalid_argument, "mail.address", "local@domain");
  // Another address would be a way to stop the mail too.
  if (before && !before->own && !may_stop) return fail(Error{Code::denied, "mail.no_opt_out", "the body has put the address down", "10(3)ア(ア)", "head"});
  if (!stop) {
    SK_CHECK(MailTable::put_box(context.tx, {own(context), *in.address, true, true, context.permit().person().name, context.now}));
  } else if (before && !before->own) {
    MailBox off = *before;
    off.receives = false;
    SK_CHECK(MailTable::put_box(context.tx, off));
  } else if (before) {
    SK_TRY(const bool dropped, MailTable::drop_box(context.tx, own(context)));
    context.note("dropped", json::Value(dropped));
  }
  return own_view(context);
}

template <class Run>
Status each_box(sql::Tx& tx, Run run) {
  std::string after;
  for (;;) {
    SK_TRY(const auto boxes, MailTable::boxes(tx, after, kBoxesAtOnce));
    for (const MailBox& box : boxes) SK_CHECK(run(box));
    if (static_cast<int>(boxes.size()) < kBoxesAtOnce) return ok();
    after = boxes.back().account;
  }
}

struct Queued {
  NoticeId id;
  Addresses told;
};

// How many of them are for this person, who has not seen them.
Result<int> count_for(sql::Tx& tx, const Actor& who, const std::vector<Queued>& notices) {
  int out = 0;
  for (const Queued& n : notices) {
    if (!meet(n.told, who.addresses)) continue;
    SK_TRY(const bool seen, HistoryTable::seen_by(tx, n.id, who.account));
    if (!seen) ++out;
  }
  return out;
}

Status collect(Context& context, const approvals::Directory& directory) {
  SK_CHECK(MailTable::drop_before(context.tx, {context.now.micros - kKeep}));
  std::vector<Queued> notices;
  SK_TRY(const auto ids, MailTable::queued(context.tx, kNoticesAtOnce));
  for (const NoticeId& id : ids) {
    SK_TRY(auto told, HistoryTable::told(context.tx, id));
    notices.push_back({id, std::move(told)});
    SK_CHECK(MailTable::unqueue(context.tx, id));
  }
  int made = 0;
  SK_CHECK(each_box(context.tx, [&](const MailBox& box) -> Status {
    if (!box.receives) return ok();
    // Somebody who has left gets no mail: nobody stands behind the address any more.
    SK_TRY(const auto who, actor_of(context.tx, directory, box.account, context.now));
    if (!who) return ok();
    SK_TRY(const int count, count_for(context.tx, *who, notices));
    if (count == 0) return ok();
    SK_TRY(const auto waits, MailTable::waiting_of(context.tx, box.account));
    if (waits && waits->address == box.address) return MailTable::add(context.tx, waits->id, count);
    ++made;
    return MailTable::insert(context.tx, {context.new_id<LetterTag>(), box.account, box.address, count, "waiting", 0, "", context.now, context.now, {}});
  }));
  context.note("letters", json::Value(made));
  return ok();
}

Result<MailOut> list(Context& context, const approvals::Directory& directory, bool configured) {
  MailOut out;
  out.configured = configured;
  SK_TRY(out.opt_out, MailTable::opt_out(context.tx));
  SK_CHECK(each_box(context.tx, [&](const MailBox& box) -> Status {
    if (out.boxes.size() >= kMostBoxes) return ok();
    SK_TRY(const auto who, directory.standing(context.tx, box.account, context.now));
    out.boxes.push_back({who ? who->login : "", who ? who->name : "登録のない人", box.address, box.receives, box.own});
    return ok();
  }));
  SK_TRY(const auto letters, MailTable::latest(context.tx, kShown));
  for (const Letter& l : letters) {
    SK_TRY(const auto who, directory.standing(context.tx, l.account, context.now));
    out.items.push_back({l.id, who ? who->name : "登録のない人", l.address, l.notices, l.state, l.tries, l.error, l.made_at, l.next_at, l.sent_at});
  }
  return out;
}

Result<MailOut> set_box(Context& context, const BoxIn& in, const approvals::Directory& directory, bool configured) {
  SK_TRY(const auto account, directory.find(context.tx, in.login));
  if (!account) return fail(Code::not_found, "accounts.not_found", "no such person");
  context.about(*account);
  if (!in.address || in.address->empty()) {
    SK_CHECK(MailTable::drop_box(context.tx, *account));
    return list(context, directory, configured);
  }
  if (!good_address(*in.address)) return fail(Code::invalid_argument, "mail.address", "local@domain");
  SK_CHECK(MailTable::put_box(context.tx, {*account, *in.address, true, false, context.permit().person().name, context.now}));
  return list(context, directory, configured);
}

Result<SentOut> sent(Context& context, const SentIn& in) {
  context.about(in.id.str());
  SK_TRY(const auto letter, MailTable::find(context.tx, in.id));
  if (!letter || letter->state != "waiting") return SentOut{};
  const Letter after = after_try(*letter, in.error, in.never, context.now);
  context.note("state", json::Value(std::string_view(after.state)));
  context.note("notices", json::Value(after.notices));
  SK_CHECK(MailTable::settle(context.tx, after));
  return SentOut{after.state == "failed"};
}

}  // namespace

bool good_address(std::string_view text) {
  const std::size_t at = text.find('@');
  if (text.size() > kMaxAddress || at == std::string_view::npos || at == 0 || at > kMaxLocal) return false;
  const std::string_view local = text.substr(0, at), domain = text.substr(at + 1);
  if (!std::all_of(local.begin(), local.end(), atom) || local.front() == '.' || local.front() == '-' || local.back() == '.' || local.find("..") != std::string_view::npos) return false;
  if (domain.empty() || domain.front() == '.' || domain.back() == '.' || domain.front() == '-' || domain.find("..") != std::string_view::npos) return false;
  return std::all_of(domain.begin(), domain.end(), [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.'; });
}

std::string subject_of(const Letter& l) { return std::to_string(l.notices) + " 件のお知らせ（関所）"; }

std::string text_of(const Letter& l, const std::string& link) {
  return std::to_string(l.notices) + " 件のお知らせがあります。\n" + link + "/office/notices\n\nこのメールに内容は書いていません。ログインして確かめてください。\n";
}

Letter after_try(Letter l, const std::optional<std::string>& error, bool never, Timestamp now) {
  ++l.tries;
  l.error = error ? error->substr(0, kMaxError) : "";
  if (!error) {
    l.state = "sent";
    l.sent_at = now;
  } else if (never || l.tries > static_cast<int>(kWaitsMinutes.size())) {
    l.state = "failed";
  } else {
    l.next_at = {now.micros + kWaitsMinutes[static_cast<std::size_t>(l.tries - 1)] * kMinute};
  }
  return l;
}

void register_mail(gate::Registry& registry, const approvals::Directory& directory, bool configured) {
  registry.add(gate::Operation<Nothing, OwnBox>{"mail.own", "お知らせを受け取る自分のメール", "mail.own", Access::read, 1024, gate::no_preparation<Nothing>(),
                                                [](Context& c, Nothing&) { return own_view(c); }});
  registry.add(gate::Operation<OwnIn, OwnBox>{"mail.set_own", "お知らせを受け取る自分のメールを決める", "mail.own", Access::write, 4096, gate::no_preparation<OwnIn>(), set_own});
  registry.add(gate::Operation<Nothing, MailOut>{"mail.list", "お知らせのメールの一覧", "mail.manage", Access::read, 1024, gate::no_preparation<Nothing>(),
                                                 [directory, configured](Context& c, Nothing&) { return list(c, directory, configured); }});
  registry.add(gate::Operation<BoxIn, MailOut>{"mail.set", "お知らせを受け取る人のメールを決める", "mail.manage", Access::write, 4096, gate::no_preparation<BoxIn>(),
                                               [directory, configured](Context& c, BoxIn& in) { return set_box(c, in, directory, configured); }});
  registry.add(gate::Operation<RuleIn, MailOut>{"mail.rule", "お知らせのメールを自分で止めてよいかを決める", "mail.manage", Access::write, 1024, gate::no_preparation<RuleIn>(),
                                                [directory, configured](Context& c, RuleIn& in) -> Result<MailOut> {
                                                  SK_CHECK(MailTable::set_opt_out(c.tx, in.opt_out));
                                                  return list(c, directory, configured);
                                                }});
  registry.add(gate::Operation<Nothing, Nothing>{"mail.collect", "新しいお知らせをメールにする", "mail.send", Access::write, 1024, gate::no_preparation<Nothing>(),
                                                 [directory](Context& c, Nothing&) -> Result<Nothing> {
                                                   SK_CHECK(collect(c, directory));
                                                   return Nothing{};
                                                 }});
  registry.add(gate::Operation<SentIn, SentOut>{"mail.sent", "メールを送った結果を残す", "mail.send", Access::write, 4096, gate::no_preparation<SentIn>(),
                                                [](Context& c, SentIn& in) { return sent(c, in); }});
}

}  // namespace sekisho::office
