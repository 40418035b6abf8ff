// Commands of the tamper-evident log: verify, sign, export, prove. They work while the server runs: what is recorded is handed to it
// (control.h), what is read is read beside it.
#include <algorithm>
#include <cstdio>
#include <filesystem>

#include "apps/command.h"
#include "apps/control.h"
#include "apps/migrations.h"
#include "core/bytes.h"
#include "features/bodies/table.h"
#include "features/logs/operations.h"
#include "gate/log_export.h"
#include "gate/log_read_table.h"
#include "gate/log_table.h"
#include "outside/paper.h"

namespace sekisho::apps {
namespace {

Status sign_head(gate::Body& body) {
  SystemClock clock;
  return body.writer->run([&](sql::Tx& tx, gate::LogTable& log) { return log.checkpoint(tx, clock.now(), true); });
}

// The codes of the bodies in the data folder, or the wanted one.
Result<std::vector<std::string>> codes_of(const Invocation& in) {
  std::vector<std::string> out;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(in.config.data_dir + "/bodies", error))
    if (entry.is_directory() && good_code(entry.path().filename().string())) out.push_back(entry.path().filename().string());
  std::sort(out.begin(), out.end());
  if (!in.arguments.has("body")) return out;
  const std::string code = in.arguments.value("body");
  std::string known;
  for (const std::string& each : out) known += (known.empty() ? "" : ", ") + each;
  if (std::find(out.begin(), out.end(), code) == out.end()) return fail(Code::not_found, "bodies.not_found", "no body '" + code + "'; bodies: " + known);
  return std::vector<std::string>{code};
}

// The one body that a command is about.
Result<std::string> code_of(const Invocation& in) {
  SK_TRY(const auto codes, codes_of(in));
  if (codes.size() == 1) return codes[0];
  return fail(Code::not_found, "bodies.not_found", codes.empty() ? "no bodies" : "--body is needed");
}

Result<std::unique_ptr<gate::Body>> open_reading(const Config& config, const std::string& code) {
  return gate::open_body_reading(config.data_dir + "/bodies/" + code, code, migrations());
}

// One body with an act recorded in it: by this command where no server runs, else by the server. The body is then open for reading.
class Acting {
 public:
  static Result<Acting> open(Invocation& in) {
    SK_TRY(const std::string code, code_of(in));
    Acting out(in, code);
    auto engine = Engine::open(in.config, Engine::Reading::no);
    if (engine) {
      out.engine_ = std::move(*engine);
      SK_TRY(out.body_, in.body(*out.engine_));
      return out;
    }
    if (engine.error().key != "data.locked") return Unexpected(engine.error());
    SK_TRY(out.reading_, open_reading(in.config, code));
    out.body_ = out.reading_.get();
    return out;
  }
  // Signs the head before the act and after it.
  Result<json::Value> run(const std::string& operation, const json::Value& input) {
    if (!engine_) {
      ControlRequest request{operation, code_, std::nullopt, input, true};
      if (in_->arguments.has("user")) request.user = in_->arguments.value("user");
      return ask_server(in_->config, request);
    }
    SK_CHECK(sign_head(*body_));
    SK_TRY(json::Value out, engine_->gate().run(*engine_->registry().find(operation), engine_->caller(*body_, credential_of(in_->arguments)), input));
    SK_CHECK(sign_head(*body_));
    return out;
  }
  gate::Body& body() { return *body_; }

 private:
  Acting(Invocation& in, std::string code) : in_(&in), code_(std::move(code)) {}
  Invocation* in_;
  std::string code_;
  std::unique_ptr<Engine> engine_;
  std::unique_ptr<gate::Body> reading_;
  gate::Body* body_ = nullptr;
};

Result<std::int64_t> number(const std::string& text, const std::string& name) {
  if (text.empty() || text.size() > 15 || text.find_first_not_of("0123456789") != std::string::npos) return fail(Code::invalid_argument, "usage", "--" + name + " は数字です");
  return std::stoll(text);
}

// Reads alone, also beside the running server and on a copy. Data of an older version is brought to this one first, which needs the folder.
Status log_verify(Invocation& in) {
  SK_TRY(const auto codes, codes_of(in));
  json::Array items;
  std::string text;
  for (const std::string& code : codes) {
    auto body = open_reading(in.config, code);
    if (!body && body.error().key == "sql.schema_older") {
      SK_CHECK(Engine::open(in.config, Engine::Reading::no));
      body = open_reading(in.config, code);
    }
    if (!body) return Unexpected(body.error());
    SK_TRY(auto tx, (*body)->db->begin_read());
    SK_TRY(const gate::Verification v, gate::verify_log(*tx, *(*body)->log_keys).context(code));
    items.push_back(json::Object{{"body", code}, {"leaves", v.leaves}, {"payloads", v.payloads}, {"checkpoints", v.checkpoints}, {"root", v.root_hex}});
    text += code + ": " + std::to_string(v.leaves) + " 件の記録、署名 " + std::to_string(v.checkpoints) + " 個、すべて一致しています。先頭 " + v.root_hex + "\n";
  }
  in.print(json::Object{{"bodies", std::move(items)}}, text);
  return ok();
}

Status log_checkpoint(Invocation& in) {
  SK_TRY(auto engine, Engine::open(in.config, Engine::Reading::no));
  SK_TRY(gate::Body* const body, in.body(*engine));
  SK_CHECK(sign_head(*body));
  const gate::LogStatus s = body->writer->status();
  SK_TRY(auto tx, body->db->begin_read());
  SK_TRY(const auto head, gate::newest_head(*tx));
  in.print(json::Object{{"size", s.checkpoint_size}, {"root", s.root_hex}, {"checkpoint", head ? head->note : ""}},
           std::to_string(s.checkpoint_size) + " 件までに署名しました。先頭 " + s.root_hex);
  return ok();
}

// The witnesses that the settings name, for trust files.
Result<std::vector<tlog::WitnessLine>> witnesses_of(const Config& config) {
  if (config.witness_file.empty()) return std::vector<tlog::WitnessLine>();
  SK_TRY(const std::string text, read_file(config.witness_file, 64 * 1024));
  SK_TRY(const auto policy, tlog::TrustPolicy::parse(text).context(config.witness_file));
  return policy.witnesses();
}

Status log_trust(Invocation& in) {
  SK_TRY(const std::string code, code_of(in));
  SK_TRY(const auto body, open_reading(in.config, code));
  SK_TRY(const auto witnesses, witnesses_of(in.config));
  SK_TRY(const std::string text, gate::trust_text(*body->log_keys, witnesses));
  in.print(json::Object{{"trust", text}}, text);
  return ok();
}

// The act is recorded first, so that the export holds its own record.
Status log_export(Invocation& in) {
  SK_TRY(const std::string folder, in.arguments.need("out"));
  SK_TRY(auto witnesses, witnesses_of(in.config));
  SK_TRY(Acting act, Acting::open(in));
  const bool payloads = !in.arguments.flag("without-payloads");
  SK_CHECK(act.run("log.export", json::Object{{"payloads", payloads}}));
  SK_TRY(const gate::Exported out, gate::export_log(*act.body().db, *act.body().log_keys, {folder, payloads, std::move(witnesses)}));
  in.print(json::Object{{"folder", folder}, {"size", out.size}, {"root", out.root_hex}, {"payloads", out.payloads}, {"checkpoints", out.checkpoints}},
           std::to_string(out.size) + " 件の記録を " + folder + " に書き出しました。先頭 " + out.root_hex + "\nsekisho-verify " + folder + " で確かめられます。" +
               (payloads ? "内容（質問・回答など）を含みます。取扱いに注意してください。" : ""));
  return ok();
}

Result<std::string> name_of(gate::Body& body) {
  SK_TRY(auto tx, body.db->begin_read());
  SK_TRY(const auto profile, bodies::Table::profile(*tx));
  return profile.name;
}

// The signed head as a page for the minutes. Seeing it is recorded.
Status log_head(Invocation& in) {
  SK_TRY(const std::string path, in.arguments.need("out"));
  SK_TRY(Acting act, Acting::open(in));
  SK_TRY(const json::Value out, act.run("log.head", json::Object{}));
  SK_TRY(auto head, json::read_text<logs::HeadView>(json::serialise(out)));
  SK_TRY(const std::string name, name_of(act.body()));
  SystemClock clock;
  SK_TRY(const std::string page, outside::head_page({name, head.origin, static_cast<std::uint64_t>(head.size), head.root, head.at, head.checkpoint}, clock.now()));
  SK_CHECK(write_file(path, page));
  in.print(out, std::to_string(head.size) + ":" + head.root + "\n" + path + " を印刷して、委員会の記録などに綴じてください。");
  return ok();
}

// --seq N: one record in the newest signed head. --from N: that head as the continuation of an earlier one.
Status log_prove(Invocation& in) {
  const bool one = in.arguments.has("seq");
  if (one == in.arguments.has("from")) return fail(Code::invalid_argument, "usage", "--seq か --from のどちらかを指定してください");
  const std::string option = one ? "seq" : "from";
  SK_TRY(const std::int64_t wanted, number(in.arguments.value(option), option));
  SK_TRY(Acting act, Acting::open(in));
  SK_TRY(const json::Value out, act.run(one ? "log.prove" : "log.prove_consistency", json::Object{{one ? "seq" : "old_size", wanted}}));
  const std::string proof(std::string_view(out.at("proof").as_string()));
  if (!in.arguments.has("out")) {
    in.print(out, proof);
    return ok();
  }
  const std::string path = in.arguments.value("out");
  SK_CHECK(write_file(path, proof));
  in.print(out, path + " に証明を書きました。");
  return ok();
}

}  // namespace

void add_log_commands(std::vector<Command>& commands) {
  commands.push_back({"log verify", "[--body B]", "記録が書き換えられていないことを確かめる", {"body"}, {}, log_verify});
  commands.push_back({"log checkpoint", "--body B", "記録の先頭に今すぐ署名する", {"body"}, {}, log_checkpoint});
  commands.push_back({"log head", "--body B --out FILE.html [--user U]", "記録の署名された先頭を、QRコードつきの1ページにする（印刷して控える）", {"body", "user", "out"}, {}, log_head});
  commands.push_back({"log trust", "--body B", "記録を検証する人に渡す鍵のファイルを出す", {"body"}, {}, log_trust});
  commands.push_back({"log export", "--body B --out DIR [--user U] [--without-payloads]", "記録を、だれでも検証できる形で書き出す", {"body", "user", "out"}, {"without-payloads"}, log_export});
  commands.push_back({"log prove", "--body B --seq N|--from SIZE [--user U] [--out FILE]", "1件の記録の証明、または前に見た先頭の続きである証明を作る", {"body", "user", "seq", "from", "out"}, {}, log_prove});
}

}  // namespace sekisho::apps
