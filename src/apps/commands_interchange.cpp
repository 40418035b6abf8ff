// policy oscal, policy table: policies as OSCAL files and as tables of clauses, both ways.
#include <filesystem>

#include "apps/policy_command.h"
#include "core/bytes.h"
#include "features/interchange/operations.h"

namespace sekisho::apps {
namespace {

constexpr std::size_t kMaxFileBytes = std::size_t{8} << 20;

Result<json::Object> file_input(const std::string& path) {
  SK_TRY(const std::string bytes, read_file(path, kMaxFileBytes));
  return json::Object{{"name", std::filesystem::path(path).filename().string()}, {"content", to_base64(bytes)}};
}

Status import_oscal(Invocation& in, const std::string& user) {
  SK_TRY(json::Object input, file_input(in.arguments.value("import")));
  if (in.arguments.has("document")) input["document"] = in.arguments.value("document");
  SK_TRY(auto engine, Engine::open(in.config, Engine::Reading::no));
  const bool dry = in.arguments.flag("dry-run");
  SK_TRY(const json::Value out, run_on_policy(*engine, in, user, dry ? "policies.oscal_preview" : "policies.oscal_import", std::move(input)));
  SK_TRY(const auto done, json::read<interchange::OscalImportOut>(out));
  std::string text = "「" + done.title + "」の第" + std::to_string(done.number) + "版" + (done.version ? "（" + done.version->str() + "）" : "") + (dry ? "になります" : "として取り込みました") + ": 条文 " +
                     std::to_string(done.clauses) + "\n";
  if (done.counts)
    text += "改正 " + std::to_string(done.counts->changed) + "、新設 " + std::to_string(done.counts->added) + "、削除 " + std::to_string(done.counts->dropped) + "、番号の変更 " +
            std::to_string(done.counts->renumbered) + "、移動 " + std::to_string(done.counts->moved) + "、同じ " + std::to_string(done.counts->same) + "\n";
  for (const auto& loss : done.losses) text += loss.text + "\t" + std::to_string(loss.count) + "か所\t" + loss.pointer + "\n";
  in.print(out, text);
  return ok();
}

Status oscal(Invocation& in) {
  SK_TRY(const std::string user, in.arguments.need("user"));
  if (in.arguments.has("import")) {
    if (!in.arguments.rest().empty()) return fail(Code::invalid_argument, "usage", "取り込むときは、版ではなく --document を指定してください");
    return import_oscal(in, user);
  }
  if (in.arguments.rest().size() > 1) return fail(Code::invalid_argument, "usage", "文書か版を一つ指定してください");
  SK_TRY(auto engine, Engine::open(in.config, Engine::Reading::no));
  SK_TRY(const std::string version, policy_version_named(*engine, in, user, in.arguments.rest().empty() ? "" : in.arguments.rest().front()));
  json::Object input{{"version", version}};
  if (in.arguments.has("model")) input["model"] = in.arguments.value("model");
  SK_TRY(const json::Value out, run_on_policy(*engine, in, user, "policies.oscal", std::move(input)));
  SK_TRY(const auto file, json::read<standard::FileOut>(out));
  SK_TRY(const std::string bytes, from_base64(file.content));
  if (!in.arguments.has("out")) {
    in.print(out, bytes);
    return ok();
  }
  SK_CHECK(write_file(in.arguments.value("out"), bytes));
  in.print(json::Object{{"file", in.arguments.value("out")}, {"bytes", bytes.size()}}, in.arguments.value("out") + " に書き出しました\n");
  return ok();
}

std::string plan_text(const interchange::TablePlan& plan) {
  std::string text = "行 " + std::to_string(plan.rows) + "、変わる所 " + std::to_string(plan.changes.size()) + "、誤り " + std::to_string(plan.errors.size()) + "\n";
  for (const auto& change : plan.changes) text += std::to_string(change.row) + "行\t" + change.ref + "\t" + change.column + "\t" + change.before + " → " + change.after + "\n";
  for (const auto& error : plan.errors) text += std::to_string(error.row) + "行\t" + error.column + "\t" + error.text + "\n";
  for (const std::string& column : plan.own_columns) text += "加えた列を保ちます: " + column + "\n";
  return text;
}

// A table with a mistake is shown and changes nothing.
Status import_table(Invocation& in, Engine& engine, const std::string& user, const std::string& version) {
  SK_TRY(json::Object input, file_input(in.arguments.value("import")));
  input["version"] = version;
  SK_TRY(const json::Value shown, run_on_policy(engine, in, user, "policies.table_preview", input));
  SK_TRY(auto plan, json::read<interchange::TablePlan>(shown));
  if (in.arguments.flag("dry-run") || !plan.errors.empty()) {
    in.print(shown, plan_text(plan));
    return plan.errors.empty() ? ok() : Status(fail(Code::invalid_argument, "policies.table_refused", std::to_string(plan.errors.front().row) + "行: " + plan.errors.front().text));
  }
  SK_TRY(const json::Value out, run_on_policy(engine, in, user, "policies.table_import", std::move(input)));
  SK_TRY(plan, json::read<interchange::TablePlan>(out));
  in.print(out, plan_text(plan));
  return ok();
}

Status table(Invocation& in) {
  SK_TRY(const std::string user, in.arguments.need("user"));
  if (in.arguments.rest().size() > 1 || in.arguments.has("out") == in.arguments.has("import")) return fail(Code::invalid_argument, "usage", "--out か --import のどちらかと、文書か版を一つ指定してください");
  const bool book = in.arguments.has("import") && in.arguments.value("import").ends_with(".xlsx");
  SK_TRY(auto engine, Engine::open(in.config, book ? Engine::Reading::yes : Engine::Reading::no));
  SK_TRY(const std::string version, policy_version_named(*engine, in, user, in.arguments.rest().empty() ? "" : in.arguments.rest().front()));
  if (in.arguments.has("import")) return import_table(in, *engine, user, version);
  const std::string path = in.arguments.value("out");
  const std::size_t dot = path.rfind('.');
  std::string format = dot == std::string::npos ? "" : path.substr(dot + 1);
  if (in.arguments.flag("cp932")) format += "-cp932";
  SK_TRY(const json::Value out, run_on_policy(*engine, in, user, "policies.table_file", {{"version", version}, {"format", format}}));
  SK_TRY(const auto file, json::read<interchange::TableFileOut>(out));
  SK_TRY(const std::string bytes, from_base64(file.content));
  SK_CHECK(write_file(path, bytes));
  std::string text = path + " に書き出しました\n";
  json::Array missing;
  for (const auto& one : file.missing) {
    text += "CP932にない文字「" + one.character + "」は " + one.written + " と書きました（";
    for (std::size_t i = 0; i < one.refs.size(); ++i) text += (i == 0 ? "" : "、") + one.refs[i];
    text += "）\n";
    missing.push_back(json::to_value(one));
  }
  in.print(json::Object{{"file", path}, {"bytes", bytes.size()}, {"missing", std::move(missing)}}, text);
  return ok();
}

}  // namespace

void add_interchange_commands(std::vector<Command>& commands) {
  commands.push_back({"policy oscal", "--body B --user U [--model catalog|component-definition|ssp|assessment-plan|assessment-results|poam] [--out FILE] [文書か版] | --import FILE [--document ID] [--dry-run]", "OSCAL 1.2のファイルにする、OSCALのカタログを版として取り込む",
                      {"body", "user", "model", "out", "import", "document"}, {"dry-run"}, oscal});
  commands.push_back({"policy table", "--body B --user U --out FILE.xlsx|csv [--cp932] | --import FILE.xlsx|csv [--dry-run] [文書か版]", "条文の表をExcelかCSVにする、直した表を取り込む",
                      {"body", "user", "out", "import"}, {"cp932", "dry-run"}, table});
}

}  // namespace sekisho::apps
