// Commands on people's accounts: suspending, the days of validity, unlocking, provisional passwords, unused ids.
#include "apps/command.h"

namespace sekisho::apps {
namespace {

using Reading = Engine::Reading;
using Text = std::function<std::string(const json::Value&)>;

std::string member(const json::Value& v, const char* name) {
  const auto* m = v.as_object().if_contains(name);
  if (m == nullptr || m->is_null()) return "-";
  return m->is_string() ? std::string(std::string_view(m->as_string())) : json::serialise(*m);
}

std::string line_of(const json::Value& user) {
  std::string text;
  for (const char* name : {"login", "name", "department", "state", "password", "last_login_at", "locked_until", "valid_from", "valid_to"})
    text += (text.empty() ? "" : "\t") + member(user, name);
  return text;
}

// "2026-04-01" begins at midnight in Japan; `after` days later.
Result<std::string> midnight(const std::string& day, int after) {
  if (day == "-") return std::string();
  auto begin = json::parse_rfc3339(day + "T00:00:00+09:00");
  if (!begin) return fail(Code::invalid_argument, "usage", "日付は 2026-04-01 の形、期限をなくすには - です");
  return to_rfc3339({begin->micros + after * std::int64_t{86'400'000'000}});
}

Status run_on(Invocation& in, const std::string& operation, json::Object input, const Text& text, bool needs_login) {
  SK_TRY(auto engine, Engine::open(in.config, Reading::no));
  SK_TRY(gate::Body* const body, in.body(*engine));
  if (needs_login) {
    SK_TRY(const std::string login, in.arguments.need("login"));
    SK_TRY(auto tx, body->db->begin_read());
    SK_TRY(const auto account, accounts::Table::find_login(*tx, login));
    if (!account) return fail(Code::not_found, "accounts.not_found", "no login " + login);
    input["id"] = account->id.str();
  }
  const gate::Entry* entry = engine->registry().find(operation);
  if (entry == nullptr) return fail(Code::internal, "internal", "no operation " + operation);
  SK_TRY(const json::Value out, engine->gate().run(*entry, engine->caller(*body, credential_of(in.arguments)), input));
  in.print(out, text(out));
  return ok();
}

Status suspend(Invocation& in) {
  SK_TRY(const std::string reason, in.arguments.need("reason"));
  return run_on(in, "users.update", {{"enabled", false}, {"reason", reason}}, line_of, true);
}

Status restore(Invocation& in) { return run_on(in, "users.update", {{"enabled", true}}, line_of, true); }

Status period(Invocation& in) {
  json::Object input;
  if (in.arguments.has("from")) {
    SK_TRY(const std::string from, midnight(in.arguments.value("from"), 0));
    input["valid_from"] = from;
  }
  if (in.arguments.has("to")) {
    SK_TRY(const std::string to, midnight(in.arguments.value("to"), 1));
    input["valid_to"] = to;
  }
  return run_on(in, "users.update", std::move(input), line_of, true);
}

Status unlock(Invocation& in) {
  SK_TRY(const std::string check, in.arguments.need("identity-check"));
  return run_on(in, "users.unlock", {{"identity_check", check}}, line_of, true);
}

Status password(Invocation& in) {
  return run_on(in, "users.reset_password", {}, [](const json::Value& out) { return "仮パスワード（一度だけ表示します。期限 " + member(out, "until") + "）: " + member(out, "password"); }, true);
}

Status unused(Invocation& in) {
  json::Object input;
  if (in.arguments.has("days")) input["days"] = std::atoi(in.arguments.value("days").c_str());
  return run_on(in, "users.unused", std::move(input), [](const json::Value& out) {
    std::string text;
    for (const json::Value& user : out.at("items").as_array()) text += line_of(user) + "\n";
    return text;
  }, false);
}

Status review(Invocation& in) {
  SK_TRY(const std::string decision, in.arguments.need("decision"));
  SK_TRY(const std::string reason, in.arguments.need("reason"));
  return run_on(in, "users.review", {{"decision", decision}, {"reason", reason}}, line_of, true);
}

}  // namespace

void add_user_commands(std::vector<Command>& commands) {
  commands.push_back({"user suspend", "--body B --login L --reason R [--user U]", "職員の利用を止める（ログイン・APIキー・回答の流れも終わる）", {"body", "login", "reason", "user"}, {}, suspend});
  commands.push_back({"user restore", "--body B --login L [--user U]", "止めた利用を再開する", {"body", "login", "user"}, {}, restore});
  commands.push_back({"user period", "--body B --login L [--from DAY|-] [--to DAY|-] [--user U]", "使える期間を決める（- で期限なし）", {"body", "login", "from", "to", "user"}, {}, period});
  commands.push_back({"user unlock", "--body B --login L --identity-check TEXT [--user U]", "ログインの失敗による制限を解く", {"body", "login", "identity-check", "user"}, {}, unlock});
  commands.push_back({"user password", "--body B --login L [--user U]", "仮パスワードを発行する", {"body", "login", "user"}, {}, password});
  commands.push_back({"user unused", "--body B [--days N] [--user U]", "しばらく使われていない利用者IDの一覧", {"body", "days", "user"}, {}, unused});
  commands.push_back({"user review", "--body B --login L --decision keep|suspend --reason R [--user U]", "使われていない利用者IDを残すか停止するかを決める", {"body", "login", "decision", "reason", "user"}, {}, review});
}

}  // namespace sekisho::apps
