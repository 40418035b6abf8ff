// dispose: what is asked and how far it is. dispose ask, dispose certificate: as a person. dispose run: goes on with what is permitted.
// dispose contract: the end of a body, with the service stopped.
#include <filesystem>

#include "apps/command.h"
#include "core/bytes.h"
#include "features/disposal/contract.h"
#include "features/disposal/erasing.h"
#include "gate/log_export.h"
#include "verify/export.h"

namespace sekisho::apps {
namespace {

Result<json::Value> run(Engine& engine, const Invocation& in, const char* operation, json::Object input) {
  SK_TRY(gate::Body* const body, engine.body(in.arguments.value("body")));
  const gate::Entry* const entry = engine.registry().find(operation);
  if (entry == nullptr) return fail(Code::internal, "internal", operation);
  return engine.gate().run(*entry, engine.caller(*body, credential_of(in.arguments)), json::Value(std::move(input)));
}

std::string line_of(const disposal::DisposalView& d) {
  return d.id.str() + "\t" + d.state + "\t" + d.scope + "\t" + d.what + "\t" + std::to_string(d.items) + " 件\t" + to_jst_minutes(d.requested_at) +
         (d.trouble.empty() ? "" : "\t" + d.trouble);
}

Status show(Invocation& in) {
  SK_TRY(auto engine, Engine::open(in.config, Engine::Reading::no));
  SK_TRY(const json::Value out, run(*engine, in, "disposal.list", {}));
  SK_TRY(const auto list, json::read<disposal::DisposalList>(out));
  std::string text;
  for (const auto& d : list.items) text += line_of(d) + "\n";
  in.print(out, text.empty() ? "廃棄はありません。" : text);
  return ok();
}

Status ask(Invocation& in) {
  SK_TRY(const std::string scope, in.arguments.need("scope"));
  SK_TRY(const std::string what, in.arguments.need("what"));
  SK_TRY(const std::string reason, in.arguments.need("reason"));
  json::Object input{{"scope", scope}, {"what", what}, {"reason", reason}};
  if (in.arguments.has("target")) input["target"] = in.arguments.value("target");
  if (in.arguments.has("document")) input["documents"] = json::to_value(in.arguments.values("document"));
  if (in.arguments.flag("with-documents")) input["with_documents"] = true;
  SK_TRY(auto engine, Engine::open(in.config, Engine::Reading::no));
  SK_TRY(const json::Value out, run(*engine, in, "disposal.ask", std::move(input)));
  SK_TRY(const auto made, json::read<disposal::DisposalView>(out));
  in.print(out, line_of(made) + "\n申請 " + made.approval + " の許可を待ちます。");
  return ok();
}

Status run_now(Invocation& in) {
  SK_TRY(auto engine, Engine::open(in.config, Engine::Reading::no));
  SK_TRY(gate::Body* const body, in.body(*engine));
  SK_TRY(const auto done, disposal::run(engine->gate(), *body, engine->disposal_parts(*body)));
  in.print(json::Object{{"certified", done.certified}, {"waiting", done.waiting}}, std::to_string(done.certified) + " 件を終えて証明書を出しました。待つもの " + std::to_string(done.waiting) + " 件。");
  return ok();
}

Status certificate(Invocation& in) {
  SK_TRY(const std::string id, in.arguments.need("id"));
  SK_TRY(const std::string folder, in.arguments.need("out"));
  SK_TRY(auto engine, Engine::open(in.config, Engine::Reading::no));
  SK_TRY(const json::Value out, run(*engine, in, "disposal.certificate", json::Object{{"id", id}}));
  SK_TRY(const auto made, json::read<disposal::CertificateOut>(out));
  SK_TRY(const std::string pdf, from_base64(made.pdf_base64));
  const std::string path = (std::filesystem::path(folder) / made.name).string();
  SK_CHECK(write_file(path + ".json", made.file));
  SK_CHECK(write_file(path + ".pdf", pdf));
  in.print(json::Object{{"file", path + ".json"}, {"pdf", path + ".pdf"}}, path + ".json と .pdf に書きました。sekisho-verify --certificate で確かめられます。");
  return ok();
}

// The log as it was at the last head, readable by whoever keeps it: it has to verify before anything goes.
Status export_and_check(gate::Body& body, const std::string& folder) {
  SK_TRY(const auto exported, gate::export_log(*body.db, *body.log_keys, {folder, true, {}}));
  SK_TRY(const std::string text, gate::trust_text(*body.log_keys, {}));
  SK_TRY(const auto trust, tlog::TrustPolicy::parse(text));
  verify::Options options;
  options.trust = &trust;
  const verify::Report report = verify::verify_folder(folder, options);
  if (!report.good()) return fail(Code::corrupt, "log.broken", "the export does not verify: " + report.findings.front().key);
  return report.leaves == exported.size ? ok() : Status(fail(Code::corrupt, "log.broken", "the export is short"));
}

Status contract(Invocation& in) {
  SK_TRY(const std::string id, in.arguments.need("id"));
  SK_TRY(const std::string folder, in.arguments.need("export"));
  SK_TRY(auto engine, Engine::open(in.config, Engine::Reading::no));
  {
    SK_TRY(gate::Body* const body, in.body(*engine));
    const disposal::Parts parts = engine->disposal_parts(*body);
    SK_TRY(const auto parsed, disposal::DisposalId::parse(id));
    SK_TRY(const auto d, disposal::begin_contract(engine->gate(), *body, parts, parsed));
    SK_CHECK(engine->gate().run(*engine->registry().find("log.export"), engine->caller(*body, gate::Operator{}), json::Object{{"payloads", true}}));
    SK_TRY(const json::Object head, disposal::signed_head(*body, engine->gate().clock().now()));
    SK_CHECK(export_and_check(*body, folder));
    SK_CHECK(disposal::end_contract(engine->gate(), *body, parts, d, head));
  }
  engine.reset();
  SK_TRY(engine, Engine::open(in.config, Engine::Reading::no));
  if (engine->ended().empty()) return fail(Code::internal, "internal", "nothing was ended");
  const disposal::Ended& ended = engine->ended().front();
  in.print(json::Object{{"body", ended.body}, {"certificate", ended.certificate}, {"export", folder}},
           ended.body + " のすべてを消しました。証明書: " + ended.certificate + "（PDFは同じ名前の .pdf）。記録の書き出し: " + folder);
  return ok();
}

}  // namespace

void add_disposal_commands(std::vector<Command>& commands) {
  commands.push_back({"dispose", "[--body B] [--user U]", "廃棄の一覧と経過", {"body", "user"}, {}, show});
  commands.push_back({"dispose ask", "--user U --scope documents|collection|chat|person|contract [--target ID] [--document ID …] [--with-documents] --what 何を --reason 理由", "廃棄の申請を出す",
                      {"body", "user", "scope", "target", "document", "what", "reason"}, {"with-documents"}, ask});
  commands.push_back({"dispose run", "[--body B]", "許可された廃棄を、今進める（サービスが止まっているとき）", {"body"}, {}, run_now});
  commands.push_back({"dispose certificate", "--id ID --out DIR [--body B] [--user U]", "廃棄の証明書（JSONとPDF）を書く", {"body", "user", "id", "out"}, {}, certificate});
  commands.push_back({"dispose contract", "--body B --id ID --export DIR", "契約の終わり: 記録を書き出してから、団体のすべてを消し、証明書を出す（サービスを止めて）", {"body", "id", "export"}, {}, contract});
}

}  // namespace sekisho::apps
