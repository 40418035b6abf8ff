// usage, usage export, usage budget: what models were used for, and what may be. retention, retention run: what is kept, and what goes.
#include "apps/command.h"
#include "core/bytes.h"
#include "features/metering/operations.h"

namespace sekisho::apps {
namespace {

// 1234567 -> "1,234,567"
std::string grouped(std::int64_t n) {
  std::string digits = std::to_string(n);
  for (int at = static_cast<int>(digits.size()) - 3; at > (n < 0 ? 1 : 0); at -= 3) digits.insert(static_cast<std::size_t>(at), ",");
  return digits;
}

Result<json::Value> run(Engine& engine, const Invocation& in, const char* operation, json::Object input) {
  SK_TRY(gate::Body* const body, engine.body(in.arguments.value("body")));
  const gate::Entry* const entry = engine.registry().find(operation);
  if (entry == nullptr) return fail(Code::internal, "internal", operation);
  return engine.gate().run(*entry, engine.caller(*body, credential_of(in.arguments)), json::Value(std::move(input)));
}

json::Object month_of(const Invocation& in) {
  json::Object out;
  if (in.arguments.has("month")) out["month"] = in.arguments.value("month");
  return out;
}

Status usage(Invocation& in) {
  SK_TRY(auto engine, Engine::open(in.config, Engine::Reading::no));
  SK_TRY(const json::Value out, run(*engine, in, "usage.read", month_of(in)));
  SK_TRY(const auto usage, json::read<metering::UsageOut>(out));
  std::string text = usage.month + " の利用量: " + grouped(usage.counted) + " / " + grouped(usage.budget) + " 文字（取り置き " + grouped(usage.reserved) + "、残り " +
                     grouped(usage.remaining) + "、月末の見込み " + grouped(usage.forecast) + "）\n";
  if (usage.level > 0) text += "予算の" + std::to_string(usage.level) + "%に達しています。\n";
  for (const auto& d : usage.departments)
    text += d.name + "\t" + grouped(d.counted) + " 文字\t" + grouped(d.uses) + " 回" + (d.budget ? "\t予算 " + grouped(*d.budget) : "") + "\n";
  text += "保存容量: " + grouped(usage.storage.bytes) + " / " + grouped(usage.storage.limit) + " バイト";
  in.print(out, text);
  return ok();
}

Status usage_export(Invocation& in) {
  SK_TRY(const std::string path, in.arguments.need("out"));
  SK_TRY(auto engine, Engine::open(in.config, Engine::Reading::no));
  json::Object input = month_of(in);
  input["by"] = in.arguments.value("by", "department");
  SK_TRY(const json::Value out, run(*engine, in, "usage.export", std::move(input)));
  SK_TRY(const auto file, json::read<metering::ExportOut>(out));
  SK_TRY(const std::string bytes, from_base64(file.bytes_base64));
  SK_CHECK(write_file(path, bytes));
  in.print(json::Object{{"file", path}, {"bytes", bytes.size()}}, path + " に書きました。");
  return ok();
}

Status usage_budget(Invocation& in) {
  SK_TRY(auto engine, Engine::open(in.config, Engine::Reading::no));
  json::Object input{{"scope", in.arguments.value("scope", "body")}};
  if (in.arguments.has("target")) input["target"] = in.arguments.value("target");
  if (!in.arguments.flag("default")) {
    SK_TRY(const std::string text, in.arguments.need("monthly"));
    if (text.empty() || text.size() > 13 || text.find_first_not_of("0123456789") != std::string::npos) return fail(Code::invalid_argument, "usage", "--monthly は数字です");
    input["monthly"] = std::stoll(text);
  }
  SK_TRY(const json::Value out, run(*engine, in, "usage.set_budget", std::move(input)));
  SK_TRY(const auto list, json::read<metering::BudgetList>(out));
  std::string text;
  for (const auto& b : list.items) text += b.scope + "\t" + b.name + "\t" + grouped(b.monthly) + " 文字/月" + (b.is_default ? "（設定の初期値）" : "") + "\n";
  in.print(out, text);
  return ok();
}

Status retention_show(Invocation& in) {
  SK_TRY(auto engine, Engine::open(in.config, Engine::Reading::no));
  SK_TRY(const json::Value out, run(*engine, in, "retention.read", {}));
  SK_TRY(const auto read, json::read<retention::RetentionOut>(out));
  std::string text;
  for (const auto& r : read.rules) text += r.kind + "\t" + (r.months ? std::to_string(*r.months) + " か月" : "決まるまで消さない") + "\t最も古い月 " + (r.earliest.empty() ? "-" : r.earliest) + "\n";
  for (const auto& p : read.plan) text += to_jst_minutes(p.due_at) + "\t" + p.kind + " " + p.month + "\t" + (p.state == "held" ? "保全: " + p.held_by : p.state == "due" ? "消す時期です" : "待ち") + "\n";
  in.print(out, text);
  return ok();
}

Status retention_run(Invocation& in) {
  SK_TRY(auto engine, Engine::open(in.config, Engine::Reading::no));
  SK_TRY(gate::Body* const body, in.body(*engine));
  SK_TRY(const auto done, retention::run(engine->gate(), *body, engine->kept_chats()));
  in.print(json::Object{{"periods", done.periods}, {"chats", done.chats}}, std::to_string(done.periods) + " か月分の記録の内容と、" + std::to_string(done.chats) + " 件の会話を消しました。");
  return ok();
}

}  // namespace

void add_usage_commands(std::vector<Command>& commands) {
  commands.push_back({"usage", "[--body B] [--month 2026-11]", "利用量（文字数、予算、部署ごと、保存容量）", {"body", "user", "month"}, {}, usage});
  commands.push_back({"usage export", "[--body B] [--month 2026-11] [--by department|person|endpoint|purpose|day] --out FILE", "利用量をCSVに書く",
                      {"body", "user", "month", "by", "out"}, {}, usage_export});
  commands.push_back({"usage budget", "[--body B] [--scope body|department|person] [--target ID] --monthly 文字数 | --default", "文字数の予算を決める",
                      {"body", "user", "scope", "target", "monthly"}, {"default"}, usage_budget});
  commands.push_back({"retention", "[--body B]", "保存の期間と、これから消えるもの", {"body", "user"}, {}, retention_show});
  commands.push_back({"retention run", "[--body B]", "保存の期間が過ぎたものを、今消す（サービスが止まっているとき）", {"body"}, {}, retention_run});
}

}  // namespace sekisho::apps
