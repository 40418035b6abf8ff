// policy import, policy tree, policy diff, policy coverage: the body's own policy as a tree of clauses. policy publish: in commands_publish.cpp.
#include <filesystem>

#include "apps/control.h"
#include "apps/policy_command.h"
#include "apps/publish_command.h"
#include "core/bytes.h"
#include "features/coverage/coverage.h"
#include "features/standard/amending.h"
#include "features/standard/operations.h"
#include "text/utf8.h"

namespace sekisho::apps {
namespace {

constexpr std::size_t kMaxPolicyBytes = std::size_t{8} << 20;

Result<json::Value> run(Engine& engine, Invocation& in, const std::string& user, const char* operation, json::Object input) {
  SK_TRY(gate::Body* const body, in.body(engine));
  const gate::Entry* const entry = engine.registry().find(operation);
  if (entry == nullptr) return fail(Code::internal, "internal", operation);
  return engine.gate().run(*entry, engine.caller(*body, gate::LocalUser{user}), json::Value(std::move(input)));
}

// What a person names: a version, a document (its newest version) or a title; nothing means the newest document.
Result<std::string> version_named(Engine& engine, Invocation& in, const std::string& user, const std::string& name) {
  SK_TRY(const json::Value out, run(engine, in, user, "policies.list", {}));
  SK_TRY(const auto list, json::read<standard::DocumentList>(out));
  for (const auto& document : list.items) {
    if (document.versions.empty()) continue;
    if (name.empty() || document.id.str() == name || document.title == name) return document.versions.front().id.str();
    for (const auto& version : document.versions)
      if (version.id.str() == name) return name;
  }
  return fail(Code::not_found, "policies.not_found", "no policy document '" + name + "'");
}

Result<json::Array> parts_of(const std::string& list) {
  json::Array out;
  std::size_t at = 0;
  while (at < list.size()) {
    const std::size_t end = std::min(list.find(',', at), list.size());
    const std::string one = list.substr(at, end - at);
    if (one.empty() || one.size() > 4 || one.find_first_not_of("0123456789") != std::string::npos) return fail(Code::invalid_argument, "usage", "部分は 2,3 のように番号で指定してください");
    out.emplace_back(std::stoi(one));
    at = end + 1;
  }
  return out;
}

Status import_policy(Invocation& in) {
  SK_TRY(const std::string user, in.arguments.need("user"));
  if (in.arguments.rest().size() != 1) return fail(Code::invalid_argument, "usage", "取り込むファイルを一つ指定してください");
  const std::string& path = in.arguments.rest().front();
  SK_TRY(const std::string bytes, read_file(path, kMaxPolicyBytes));
  const bool plain = path.ends_with(".txt") && text::is_valid_utf8(bytes);
  SK_TRY(auto engine, Engine::open(in.config, plain ? Engine::Reading::no : Engine::Reading::yes));
  json::Object input{{"name", std::filesystem::path(path).filename().string()}, {"content", to_base64(bytes)}};
  if (in.arguments.has("document")) input["document"] = in.arguments.value("document");
  SK_TRY(const json::Value out, run(*engine, in, user, "policies.import", std::move(input)));
  SK_TRY(const auto done, json::read<standard::ImportOut>(out));
  std::string text = "文書 " + done.document.str() + " の第" + std::to_string(done.number) + "版（" + done.version.str() + "）: 条文 " + std::to_string(done.clauses) + "、直した所 " +
                     std::to_string(done.repairs.size()) + "、点検での指摘 " + std::to_string(done.findings) + "\n";
  for (const auto& repair : done.repairs) text += std::to_string(repair.line) + "行\t" + repair.kind + "\t" + repair.from + " → " + repair.to + "\n";
  in.print(out, text);
  return ok();
}

Status show_tree(Invocation& in) {
  SK_TRY(const std::string user, in.arguments.need("user"));
  if (in.arguments.rest().size() > 1) return fail(Code::invalid_argument, "usage", "文書か版を一つ指定してください");
  SK_TRY(auto engine, Engine::open(in.config, Engine::Reading::no));
  SK_TRY(const std::string version, version_named(*engine, in, user, in.arguments.rest().empty() ? "" : in.arguments.rest().front()));
  SK_TRY(const json::Value out, run(*engine, in, user, "policies.tree", {{"version", version}}));
  SK_TRY(const auto tree, json::read<standard::TreeView>(out));
  std::string text;
  for (const auto& clause : tree.clauses) text += clause.ref + "\t" + (clause.title.empty() ? clause.text.substr(0, clause.text.find('\n')) : clause.title) + "\n";
  in.print(out, text);
  return ok();
}

std::string words(const std::optional<standard::SideView>& side) {
  if (!side) return "（なし）";
  std::string out = side->ref;
  for (const auto* pieces : {&side->title, &side->text}) {
    if (!pieces->empty()) out += " ";
    for (const auto& piece : *pieces) out += piece.changed ? "[" + piece.text + "]" : piece.text;
  }
  return out;
}

Status write_comparison(Engine& engine, Invocation& in, const std::string& user, json::Object input, const std::string& path) {
  const std::size_t dot = path.rfind('.');
  input["format"] = dot == std::string::npos ? "" : path.substr(dot + 1);
  if (in.arguments.flag("vertical")) input["vertical"] = true;
  SK_TRY(const json::Value made, run(engine, in, user, "policies.comparison_file", std::move(input)));
  SK_TRY(const auto file, json::read<standard::FileOut>(made));
  SK_TRY(const std::string bytes, from_base64(file.content));
  return write_file(path, bytes);
}

Status write_amending(Engine& engine, Invocation& in, const std::string& user, json::Object input, const std::string& path) {
  if (!path.ends_with(".docx")) return fail(Code::invalid_argument, "usage", "改め文を書き出せるのは .docx です");
  input["format"] = "docx";
  SK_TRY(const json::Value made, run(engine, in, user, "policies.amending_text", std::move(input)));
  SK_TRY(const auto text, json::read<standard::AmendingTextOut>(made));
  if (!text.file) return fail(Code::internal, "internal", "no file");
  SK_TRY(const std::string bytes, from_base64(text.file->content));
  return write_file(path, bytes);
}

Status compare(Invocation& in) {
  SK_TRY(const std::string user, in.arguments.need("user"));
  if (in.arguments.rest().size() != 2) return fail(Code::invalid_argument, "usage", "古い版と新しい版を指定してください");
  SK_TRY(auto engine, Engine::open(in.config, Engine::Reading::no));
  SK_TRY(const std::string before, version_named(*engine, in, user, in.arguments.rest()[0]));
  SK_TRY(const std::string after, version_named(*engine, in, user, in.arguments.rest()[1]));
  json::Object input{{"before", before}, {"after", after}};
  for (const auto& [option, member] : {std::pair("before-parts", "before_parts"), std::pair("after-parts", "after_parts")}) {
    if (!in.arguments.has(option)) continue;
    SK_TRY(input[member], parts_of(in.arguments.value(option)));
  }
  if (in.arguments.has("amending")) SK_CHECK(write_amending(*engine, in, user, input, in.arguments.value("amending")));
  if (in.arguments.flag("whole")) input["whole"] = true;
  if (in.arguments.has("out")) SK_CHECK(write_comparison(*engine, in, user, input, in.arguments.value("out")));
  SK_TRY(const json::Value out, run(*engine, in, user, "policies.compare", std::move(input)));
  SK_TRY(const auto view, json::read<standard::ComparisonView>(out));
  std::string text = "改正 " + std::to_string(view.counts.changed) + "、新設 " + std::to_string(view.counts.added) + "、削除 " + std::to_string(view.counts.dropped) + "、番号の変更 " +
                     std::to_string(view.counts.renumbered) + "、移動 " + std::to_string(view.counts.moved) + "、同じ " + std::to_string(view.counts.same) + "\n";
  for (const auto& row : view.rows) text += words(row.before) + "\n  → " + words(row.after) + "\n";
  in.print(out, text);
  return ok();
}

// Works beside the running server, whose controls are the ones that are looked at then; without one the command looks itself.
Result<json::Value> run_anywhere(Invocation& in, const std::string& user, const char* operation, const json::Object& input) {
  auto engine = Engine::open(in.config, Engine::Reading::no);
  if (engine) return run(**engine, in, user, operation, input);
  if (engine.error().key != "data.locked") return Unexpected(engine.error());
  return ask_server(in.config, {operation, in.arguments.value("body"), user, input, false});
}

std::string mark_of(coverage::State state) {
  switch (state) {
    case coverage::State::green: return "○";
    case coverage::State::amber: return "△";
    case coverage::State::not_applicable: return "―";
    case coverage::State::red: break;
  }
  return "×";
}

std::string count_text(const coverage::Counts& c) {
  return "適合 " + std::to_string(c.green) + "、注意 " + std::to_string(c.amber) + "、不備 " + std::to_string(c.red) + "、対象外 " + std::to_string(c.not_applicable);
}

Status show_coverage(Invocation& in) {
  SK_TRY(const std::string user, in.arguments.need("user"));
  json::Object input;
  if (in.arguments.has("year")) {
    const std::string year = in.arguments.value("year");
    if (year.empty() || year.size() > 4 || year.find_first_not_of("0123456789") != std::string::npos) return fail(Code::invalid_argument, "usage", "年度は 2026 のように指定してください");
    input["year"] = std::stoi(year);
  }
  if (in.arguments.has("dossier")) {
    const std::string path = in.arguments.value("dossier");
    if (!path.ends_with(".html") && !path.ends_with(".pdf")) return fail(Code::invalid_argument, "usage", "書き出せるのは .html と .pdf です");
    input["format"] = path.ends_with(".pdf") ? "pdf" : "html";
    SK_TRY(const json::Value made, run_anywhere(in, user, "coverage.dossier", input));
    SK_TRY(const auto file, json::read<standard::FileOut>(made));
    SK_TRY(const std::string bytes, from_base64(file.content));
    SK_CHECK(write_file(path, bytes));
    input.erase("format");
  }
  SK_TRY(const json::Value out, run_anywhere(in, user, "coverage.read", input));
  SK_TRY(const auto view, json::read<coverage::Coverage>(out));
  std::string text = view.body_name + " " + view.year_label + "（" + to_jst_minutes(view.at) + "）\n条項: " + count_text(view.clause_counts) + "\n統制: " + count_text(view.control_counts) + "\n";
  for (const auto& control : view.controls)
    text += mark_of(control.state) + " " + control.title + ": " + control.reason + "  [" + control.clause + "]\n";
  in.print(out, text);
  return ok();
}

}  // namespace

Result<json::Value> run_on_policy(Engine& engine, Invocation& in, const std::string& user, const char* operation, json::Object input) {
  return run(engine, in, user, operation, std::move(input));
}

Result<std::string> policy_version_named(Engine& engine, Invocation& in, const std::string& user, const std::string& name) { return version_named(engine, in, user, name); }

void add_policy_commands(std::vector<Command>& commands) {
  add_publish_commands(commands);
  add_meaning_commands(commands);
  add_interchange_commands(commands);
  commands.push_back({"policy import", "--body B --user U [--document ID] FILE", "基本方針などの文書を条文の木として取り込む", {"body", "user", "document"}, {}, import_policy});
  commands.push_back({"policy tree", "--body B --user U [文書か版]", "条文の木を見る", {"body", "user"}, {}, show_tree});
  commands.push_back({"policy diff", "--body B --user U [--before-parts 2,3] [--after-parts 1] [--whole] [--out FILE.html|docx|xlsx] [--vertical] [--amending FILE.docx] 古い版 新しい版", "二つの版を比べ、新旧対照表と改め文の案を作る",
                      {"body", "user", "before-parts", "after-parts", "out", "amending"}, {"whole", "vertical"}, compare});
  commands.push_back({"policy coverage", "--body B --user U [--year 年度] [--dossier FILE.html|pdf]", "条項ごとに、統制・証拠・状態を調べ、監査のための一式を作る（サービスの動作中も使えます）", {"body", "user", "year", "dossier"}, {}, show_coverage});
}

}  // namespace sekisho::apps
