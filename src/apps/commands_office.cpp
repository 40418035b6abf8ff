// office check, office list, office define, office export, office import: the definitions of registers and workflows, and registers as files.
#include <algorithm>
#include <filesystem>

#include "apps/office.h"
#include "apps/policy_files.h"
#include "core/bytes.h"
#include "features/alarms/alarms.h"
#include "features/office/ledger.h"
#include "files/sheet.h"

namespace sekisho::apps {
namespace {

namespace fs = std::filesystem;

Result<json::Value> run(Engine& engine, Invocation& in, const std::string& user, const char* operation, json::Object input) {
  SK_TRY(gate::Body* const body, in.body(engine));
  const gate::Entry* const entry = engine.registry().find(operation);
  if (entry == nullptr) return fail(Code::internal, "internal", operation);
  return engine.gate().run(*entry, engine.caller(*body, gate::LocalUser{user}), json::Value(std::move(input)));
}

// Names that a definition may use, without a data folder.
Result<workflow::Names> names_of(const Config& config, const std::vector<std::string>& files) {
  SK_TRY(const PolicyFiles policy_files, PolicyFiles::load(config.packs_dir));
  workflow::Names out;
  out.powers = policy_files.vocabulary().powers;
  for (const std::string_view name : office_hook_names()) out.hooks.insert(std::string(name));
  out.events = office_event_names();
  out.switches = office::switch_names();
  for (const alarms::Kind& kind : alarms::kKinds) out.alarms.insert(std::string(kind.name));
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(config.packs_dir + "/office", error))
    if (entry.path().extension() == ".yaml") out.definitions.insert(entry.path().stem().string());
  for (const std::string& file : files) out.definitions.insert(fs::path(file).stem().string());
  SK_TRY(const auto instructions, office::load_instructions(config.packs_dir + "/office"));
  for (const office::Instruction& i : instructions) out.instructions.insert(i.key);
  return out;
}

Result<std::vector<workflow::Organisation>> organisations(Invocation& in) {
  std::vector<std::string> profiles;
  if (in.arguments.has("profile")) {
    profiles.push_back(in.arguments.value("profile"));
  } else {
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(in.config.packs_dir + "/bodies", error))
      if (entry.path().extension() == ".json" && entry.path().stem() != "schema") profiles.push_back(entry.path().string());
    if (error) return fail(Code::unavailable, "file.io", "cannot read " + in.config.packs_dir + "/bodies");
  }
  std::sort(profiles.begin(), profiles.end());
  std::vector<workflow::Organisation> out;
  for (const std::string& path : profiles) {
    SK_TRY(const auto profile, read_profile(path));
    out.push_back(office::organisation_of(profile));
  }
  return out;
}

// Each file for each kind of body; every mistake with its line. A definition that no body has a use for is a mistake too.
Status check(Invocation& in) {
  const auto& files = in.arguments.rest();
  if (files.empty()) return fail(Code::invalid_argument, "usage", "確かめるファイルを指定してください");
  SK_TRY(const workflow::Names names, names_of(in.config, files));
  SK_TRY(const auto bodies, organisations(in));
  json::Array found;
  std::string text;
  for (const std::string& file : files) {
    SK_TRY(const std::string source, read_file(file, workflow::kMaxBytes));
    std::map<std::pair<int, std::string>, std::string> told;
    for (const workflow::Organisation& body : bodies)
      for (const workflow::Finding& f : workflow::load(source, body, names).findings) {
        auto& where = told[{f.line, f.text}];
        where += (where.empty() ? "" : "、") + body.name;
      }
    for (const auto& [finding, where] : told) {
      text += file + ":" + std::to_string(finding.first) + ": " + finding.second + (bodies.size() == 1 ? "" : "（" + where + "）") + "\n";
      found.push_back(json::Object{{"file", file}, {"line", finding.first}, {"text", finding.second}, {"bodies", where}});
    }
    if (told.empty()) text += file + ": 誤りはありません\n";
  }
  const bool good = found.empty();
  in.print(json::Object{{"findings", std::move(found)}}, text);
  return good ? ok() : Status(fail(Code::invalid_argument, "office.definition", "see above"));
}

Status list(Invocation& in) {
  SK_TRY(const std::string user, in.arguments.need("user"));
  SK_TRY(auto engine, Engine::open(in.config, Engine::Reading::no));
  SK_TRY(const json::Value out, run(*engine, in, user, "office.registers", {}));
  SK_TRY(const auto all, json::read<office::RegisterList>(out));
  std::string text;
  for (const auto& one : all.items) {
    text += one.name + "\t" + one.title + "\t" + (one.own ? "団体の第" + std::to_string(one.number) + "版" : "標準") + (one.broken ? "\t使えません" : "") + "\n";
    for (const auto& f : one.findings) text += "  " + std::to_string(f.line) + ": " + f.text + "\n";
  }
  in.print(out, text);
  return ok();
}

Status define(Invocation& in) {
  SK_TRY(const std::string user, in.arguments.need("user"));
  if (in.arguments.rest().size() != 1) return fail(Code::invalid_argument, "usage", "定義のファイルを一つ指定してください");
  SK_TRY(const std::string source, read_file(in.arguments.rest().front(), workflow::kMaxBytes));
  SK_TRY(auto engine, Engine::open(in.config, Engine::Reading::no));
  json::Object input{{"source", source}};
  if (in.arguments.has("note")) input["note"] = in.arguments.value("note");
  SK_TRY(const json::Value checked, run(*engine, in, user, "office.check", input));
  SK_TRY(const auto findings, json::read<office::CheckOut>(checked));
  if (!findings.usable) {
    std::string text;
    for (const auto& f : findings.findings) text += in.arguments.rest().front() + ":" + std::to_string(f.line) + ": " + f.text + "\n";
    in.print(checked, text);
    return fail(Code::invalid_argument, "office.definition", "see above");
  }
  SK_TRY(const json::Value out, run(*engine, in, user, "office.define", std::move(input)));
  SK_TRY(const auto version, json::read<office::VersionView>(out));
  in.print(out, findings.name + " の第" + std::to_string(version.number) + "版を置きました。\n");
  return ok();
}

Status export_register(Invocation& in) {
  SK_TRY(const std::string user, in.arguments.need("user"));
  SK_TRY(const std::string path, in.arguments.need("out"));
  if (in.arguments.rest().size() != 1) return fail(Code::invalid_argument, "usage", "台帳の名前を一つ指定してください");
  SK_TRY(auto engine, Engine::open(in.config, Engine::Reading::no));
  json::Object input{{"definition", in.arguments.rest().front()}, {"format", in.arguments.value("format", fs::path(path).extension() == ".xlsx" ? "xlsx" : "csv")}};
  for (const char* name : {"kind", "state", "unit", "field", "value", "words", "table"})
    if (in.arguments.has(name)) input[name] = in.arguments.value(name);
  SK_TRY(const json::Value out, run(*engine, in, user, "office.export", std::move(input)));
  SK_TRY(const auto file, json::read<office::LedgerFileOut>(out));
  SK_TRY(const std::string bytes, from_base64(file.content));
  SK_CHECK(write_file(path, bytes));
  std::string missing;
  for (const std::string& character : file.missing) missing += " " + character;
  in.print(json::Object{{"file", path}, {"rows", file.rows}, {"sha256", file.sha256}, {"missing", json::to_value(file.missing)}},
           path + "（" + std::to_string(file.rows) + "件）\n" + (missing.empty() ? "" : "CP932にない文字を &#x…; の形で書きました:" + missing + "\n"));
  return ok();
}

// "見出し=欄": by the header or the number of the column.
Result<json::Array> columns_of(const std::vector<std::string>& wanted, const office::LedgerOut& seen) {
  json::Array out;
  for (const std::string& one : wanted) {
    const std::size_t at = one.rfind('=');
    const std::string header = one.substr(0, at);
    const auto column = std::find_if(seen.columns.begin(), seen.columns.end(), [&](const auto& c) { return c.header == header || std::to_string(c.column) == header; });
    if (at == std::string::npos || column == seen.columns.end()) return fail(Code::invalid_argument, "usage", "--column 見出し=欄 の見出しがファイルにありません: " + one);
    out.push_back(json::Object{{"column", column->column}, {"to", one.substr(at + 1)}});
  }
  return out;
}

std::string report_of(const office::LedgerOut& out) {
  std::string text = out.encoding.empty() ? "" : "文字コード: " + out.encoding + (out.encoding_certain ? "" : "（ほかの読み方もできます）") + "\n";
  for (const auto& c : out.columns) text += "  " + std::to_string(c.column) + " " + c.header + " → " + c.to + "\n";
  text += std::to_string(out.rows) + "行: 新しく開く " + std::to_string(out.opened) + "、変わる " + std::to_string(out.changed) + "、変わらない " + std::to_string(out.same) + "、読み込めない " + std::to_string(out.bad) + "\n";
  for (const auto& e : out.errors) text += "  " + std::to_string(e.row) + "行 " + e.column + (e.value.empty() ? "" : "「" + e.value + "」") + ": " + e.text + "\n";
  return text;
}

Status import_register(Invocation& in) {
  SK_TRY(const std::string user, in.arguments.need("user"));
  if (in.arguments.rest().size() != 2) return fail(Code::invalid_argument, "usage", "ファイルと台帳の名前を指定してください");
  const fs::path path = in.arguments.rest()[0];
  SK_TRY(const std::string bytes, read_file(path.string(), files::kMaxSheetBytes));
  SK_TRY(auto engine, Engine::open(in.config, path.extension() == ".xlsx" ? Engine::Reading::yes : Engine::Reading::no));
  json::Object input{{"definition", in.arguments.rest()[1]}, {"name", path.filename().string()}, {"content", to_base64(bytes)}};
  for (const char* name : {"encoding", "key"})
    if (in.arguments.has(name)) input[name] = in.arguments.value(name);
  if (in.arguments.has("header")) input["header"] = std::atoi(in.arguments.value("header").c_str());
  const bool only_shown = in.arguments.flag("check");
  SK_TRY(json::Value out, run(*engine, in, user, "office.import_preview", input));
  SK_TRY(auto report, json::read<office::LedgerOut>(out));
  if (const auto wanted = in.arguments.values("column"); !wanted.empty()) {
    SK_TRY(input["columns"], columns_of(wanted, report));
    SK_TRY(out, run(*engine, in, user, "office.import_preview", input));
    SK_TRY(report, json::read<office::LedgerOut>(out));
  }
  if (!only_shown) {
    input["good_only"] = in.arguments.flag("good-only");
    SK_TRY(out, run(*engine, in, user, "office.import", input));
    SK_TRY(report, json::read<office::LedgerOut>(out));
  }
  in.print(out, report_of(report) + (only_shown ? "" : report.done ? "読み込みました。\n" : "何も変えていません。\n"));
  return only_shown || report.done ? ok() : Status(fail(Code::invalid_argument, "office.import_rows", std::to_string(report.bad)));
}

}  // namespace

void add_office_commands(std::vector<Command>& commands) {
  commands.push_back({"office check", "[--profile FILE.json] FILE.yaml…", "台帳や手続の定義を確かめる（誤りは行の番号とともに）", {"profile"}, {}, check});
  commands.push_back({"office list", "--body B --user U", "台帳と手続を見る", {"body", "user"}, {}, list});
  commands.push_back({"office define", "--body B --user U [--note N] FILE.yaml", "団体の定義を置く。今ある案件は元の定義のまま", {"body", "user", "note"}, {}, define});
  commands.push_back({"office export", "--body B --user U --out FILE [--format csv|csv-cp932|xlsx] [--kind K] [--state S] [--unit U] [--field F --value V] [--words W] [--table T] 台帳",
                      "台帳（--table なら、その表の行）をCSVかExcelのファイルにする", {"body", "user", "out", "format", "kind", "state", "unit", "field", "value", "words", "table"}, {}, export_register});
  commands.push_back({"office import", "--body B --user U [--check] [--good-only] [--encoding E] [--header 行] [--key 欄] [--column 見出し=欄]… FILE 台帳",
                      "台帳のファイル（CSV、Excel）を読み込む。同じ行は増えない", {"body", "user", "encoding", "header", "key", "column"}, {"check", "good-only"}, import_register});
}

}  // namespace sekisho::apps
