// Commands of the operator: bodies, people, keys, endpoints, collections, settings, the log.
#include <cstdio>
#include <unistd.h>

#include "apps/command.h"
#include "apps/policy_files.h"
#include "core/bytes.h"
#include "features/bodies/operations.h"
#include "features/endpoints/operations.h"

namespace sekisho::apps {
namespace {

using Reading = Engine::Reading;

Result<std::unique_ptr<Engine>> engine_of(const Invocation& in, Reading reading = Reading::no) { return Engine::open(in.config, reading); }

std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> out;
  std::size_t begin = 0;
  while (begin <= text.size() && !text.empty()) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    if (end > begin) out.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return out;
}

Result<int> whole_number(const std::string& text, const std::string& name) {
  if (text.empty() || text.size() > 9 || text.find_first_not_of("0123456789") != std::string::npos) return fail(Code::invalid_argument, "usage", "--" + name + " は数字です");
  return std::stoi(text);
}

// --profile FILE: an organisation profile (packs/bodies/schema.json).
Status body_create(Invocation& in) {
  SK_TRY(const std::string code, in.arguments.need("code"));
  SK_TRY(const std::string path, in.arguments.need("profile"));
  SK_TRY(auto profile, read_profile(path));
  SK_TRY(const PolicyFiles policy_files, PolicyFiles::load(in.config.packs_dir));
  SK_CHECK(bodies::check(profile, policy_files.vocabulary()).context(path));
  SK_TRY(auto engine, engine_of(in));
  if (engine->bodies().contains(code)) return fail(Code::conflict, "bodies.already_set_up", "body " + code + " exists");
  SK_TRY(gate::Body* const body, engine->create_body(code));
  SK_CHECK(engine->gate().run(bodies::set_up(engine->vocabulary()), engine->caller(*body, gate::Operator{}), std::move(profile)));
  SK_CHECK(engine->name_body(*body));
  in.print(json::Object{{"code", code}, {"name", body->name}}, body->name + "（" + code + "）を作りました。");
  return ok();
}

// Reads no data: a profile can be checked anywhere, by itself or as what comes after another.
Status body_check(Invocation& in) {
  if (in.arguments.rest().size() != 1) return fail(Code::invalid_argument, "usage", "body check [--after FILE.json] FILE.json");
  const std::string& path = in.arguments.rest().front();
  SK_TRY(const auto profile, read_profile(path));
  SK_TRY(const PolicyFiles policy_files, PolicyFiles::load(in.config.packs_dir));
  SK_CHECK(bodies::check(profile, policy_files.vocabulary()).context(path));
  if (const std::string before = in.arguments.value("after", ""); !before.empty()) {
    SK_TRY(const auto old, read_profile(before));
    SK_CHECK(bodies::scheme_change(old, profile).context(path));
  }
  in.print(json::Object{{"name", profile.name}, {"units", profile.units.size()}, {"roles", profile.roles.size()}, {"segments", profile.segments.size()}},
           path + ": " + profile.name + "（" + profile.kind + "）。部署 " + std::to_string(profile.units.size()) + "、役割 " + std::to_string(profile.roles.size()) +
               "、セグメント " + std::to_string(profile.segments.size()) + "。誤りはありません。");
  return ok();
}

Status body_schema(Invocation& in) {
  json::Object components;
  static_cast<void>(json::schema_of<bodies::ProfileFile>(components));
  json::Object schema{{"$schema", "https://json-schema.org/draft/2020-12/schema"}};
  for (const auto& member : components.at(bodies::ProfileFile::kSchemaName).as_object()) schema[member.key()] = member.value();
  const json::Value out(std::move(schema));
  in.print(out, json::serialise(out));
  return ok();
}

std::string outline(const bodies::ProfileFile& p) {
  std::string text = p.name + "（" + p.kind + "、" + p.self_name + "）\n年度の始まり: " + std::to_string(p.fiscal_year_start) + "月\n";
  const auto levels = [&](const char* axis, const std::vector<bodies::Level>& all) {
    text += axis;
    for (const auto& level : all) text += " " + level.name;
    text += "\n";
  };
  levels("機密性:", p.confidentiality);
  levels("完全性:", p.integrity);
  levels("可用性:", p.availability);
  for (const auto& s : p.segments) text += "セグメント: " + s.code + "\t" + s.name + "\n";
  for (const auto& u : p.units) text += "部署: " + u.code + "\t" + u.name + (u.parent ? "\t（" + *u.parent + "）" : "") + "\n";
  for (const auto& r : p.roles) text += "役割: " + r.code + "\t" + r.name + "\n";
  return text;
}

// The version in force, in the form that body create reads.
Status body_show(Invocation& in) {
  SK_TRY(auto engine, engine_of(in));
  SK_TRY(gate::Body* const body, in.body(*engine));
  SK_TRY(auto tx, body->db->begin_read());
  SK_TRY(const auto version, bodies::Table::version_in_force(*tx));
  if (!version) return fail(Code::conflict, "bodies.not_set_up", "the body has no profile");
  SK_TRY(const auto profile, json::read_text<bodies::ProfileFile>(version->document));
  in.print(json::to_value(profile), outline(profile));
  return ok();
}

Status body_list(Invocation& in) {
  SK_TRY(auto engine, engine_of(in));
  json::Array items;
  std::string text;
  for (const auto& [code, body] : engine->bodies()) {
    items.push_back(json::Object{{"code", code}, {"name", body->name}});
    text += code + "\t" + body->name + "\n";
  }
  in.print(json::Object{{"items", std::move(items)}}, text);
  return ok();
}

// A password never stands on the command line: --password-file FILE, or a provisional one is made and printed once.
Status user_create(Invocation& in) {
  accounts::UserCreateIn user;
  SK_TRY(user.login, in.arguments.need("login"));
  SK_TRY(user.name, in.arguments.need("name"));
  SK_TRY(user.department, in.arguments.need("department"));
  user.roles = split(in.arguments.value("roles"));
  if (in.arguments.has("clearance")) {
    SK_TRY(user.clearance, whole_number(in.arguments.value("clearance"), "clearance"));
  }
  if (in.arguments.has("password-file")) {
    SK_TRY(std::string password, read_file(in.arguments.value("password-file"), 4096));
    while (!password.empty() && (password.back() == '\n' || password.back() == '\r')) password.pop_back();
    user.password = Secret(std::move(password));
  }
  SK_TRY(auto engine, engine_of(in));
  SK_TRY(gate::Body* const body, in.body(*engine));
  SK_TRY(const auto created, engine->gate().run(engine->accounts().create_user(), engine->caller(*body, gate::Operator{}), std::move(user)));
  const std::string shown = created.password ? "仮パスワード（一度だけ表示します）: " + *created.password : "指定されたパスワードで登録しました。";
  in.print(json::to_value(created), created.user.name + "（" + created.user.login + "）を登録しました。" + shown);
  return ok();
}

using Complete = std::function<void(const gate::Body&, json::Object&)>;

Status run_named(Invocation& in, const std::string& operation, json::Object input, const std::function<std::string(const json::Value&)>& text,
                 const Complete& complete = nullptr) {
  SK_TRY(auto engine, engine_of(in));
  SK_TRY(gate::Body* const body, in.body(*engine));
  if (complete) complete(*body, input);
  const gate::Entry* entry = engine->registry().find(operation);
  if (entry == nullptr) return fail(Code::internal, "internal", "no operation " + operation);
  SK_TRY(const json::Value out, engine->gate().run(*entry, engine->caller(*body, credential_of(in.arguments)), input));
  in.print(out, text(out));
  return ok();
}

std::string member(const json::Value& v, const char* name) {
  const auto* m = v.as_object().if_contains(name);
  if (m == nullptr || m->is_null()) return "-";
  return m->is_string() ? std::string(std::string_view(m->as_string())) : json::serialise(*m);
}

std::string table(const json::Value& out, std::initializer_list<const char*> columns) {
  std::string text;
  for (const json::Value& item : out.at("items").as_array()) {
    std::string line;
    for (const char* c : columns) line += (line.empty() ? "" : "\t") + member(item, c);
    text += line + "\n";
  }
  return text;
}

Status user_list(Invocation& in) {
  return run_named(in, "users.list", json::Object{}, [](const json::Value& out) { return table(out, {"login", "name", "department", "enabled", "clearance"}); });
}

Status key_create(Invocation& in) {
  SK_TRY(const std::string name, in.arguments.need("name"));
  SK_CHECK(in.arguments.need("user"));
  return run_named(in, "keys.create", json::Object{{"name", name}},
                   [](const json::Value& out) { return "APIキー（一度だけ表示します）: " + member(out, "secret"); });
}

// Option of the command and the member of the operation's input that it fills.
using Names = std::initializer_list<std::pair<const char*, const char*>>;

Status service_register(Invocation& in) {
  json::Object object;
  for (const char* name : {"provider", "name", "approval"}) {
    SK_TRY(const std::string value, in.arguments.need(name));
    object[name] = value;
  }
  SK_TRY(const std::string approved_by, in.arguments.need("approved-by"));
  object["approved_by"] = approved_by;
  SK_TRY(const int ceiling, whole_number(in.arguments.value("ceiling", "1"), "ceiling"));
  object["ceiling"] = ceiling;
  for (const auto& [option, member_name] : Names{{"region", "region"}, {"governing-law", "governing_law"}, {"valid-to", "valid_to"}})
    if (in.arguments.has(option)) object[member_name] = in.arguments.value(option);
  return run_named(in, "services.register", std::move(object), [](const json::Value& out) { return member(out, "id") + "\t" + member(out, "approval") + "（" + member(out, "state") + "）"; });
}

Status service_list(Invocation& in) {
  return run_named(in, "services.list", json::Object{}, [](const json::Value& out) { return table(out, {"id", "approval", "name", "state", "valid_to"}); });
}

// Ends a service's approval or a flow.
Status end_record(Invocation& in, const std::string& operation) {
  SK_TRY(const std::string id, in.arguments.need("id"));
  SK_TRY(const std::string reason, in.arguments.need("reason"));
  return run_named(in, operation, json::Object{{"id", id}, {"reason", reason}}, [&](const json::Value&) { return id + " を終えました。"; });
}

Status flow_open(Invocation& in) {
  json::Object object;
  for (const auto& [option, member_name] : Names{{"from", "from_segment"}, {"purpose", "purpose"}, {"permitted-by", "permitted_by"}}) {
    SK_TRY(const std::string value, in.arguments.need(option));
    object[member_name] = value;
  }
  for (const auto& [option, member_name] : Names{{"to-segment", "to_segment"}, {"to-endpoint", "to_endpoint"}, {"route", "route"}, {"valid-to", "valid_to"}})
    if (in.arguments.has(option)) object[member_name] = in.arguments.value(option);
  json::Array content;
  for (const std::string& form : split(in.arguments.value("content", "text"))) content.emplace_back(form);
  object["content"] = std::move(content);
  return run_named(in, "flows.open", std::move(object), [](const json::Value& out) { return member(out, "id") + "\t" + member(out, "from_segment") + "（" + member(out, "state") + "）"; });
}

Status flow_list(Invocation& in) {
  return run_named(in, "flows.list", json::Object{}, [](const json::Value& out) { return table(out, {"id", "from_segment", "to_segment", "to_endpoint", "state", "purpose", "valid_to"}); });
}

// The segments that --segments names; without it that of the listener, where the body has segments.
json::Array segments_of(const Invocation& in, const gate::Body& body) {
  json::Array out;
  for (const std::string& s : split(in.arguments.value("segments", body.listener_segment == 0 ? "" : in.config.listen_segment))) out.emplace_back(s);
  return out;
}

// --approved-by: the approved service, the endpoint and the flows from its segments in one go, each an operation of its own.
Status endpoint_with_its_records(Invocation& in, json::Object object) {
  SK_TRY(auto engine, engine_of(in));
  SK_TRY(gate::Body* const body, in.body(*engine));
  const gate::Caller caller = engine->caller(*body, credential_of(in.arguments));
  const auto run = [&](const char* operation, const json::Value& input) { return engine->gate().run(*engine->registry().find(operation), caller, input); };
  const std::string who = in.arguments.value("approved-by");
  const std::string name = in.arguments.value("name");
  SK_TRY(const std::string approval, in.arguments.need("approval"));
  SK_TRY(const json::Value service, run("services.register", json::Object{{"provider", in.arguments.value("provider", name)}, {"name", name}, {"ceiling", object["ceiling"]},
                                                                          {"region", in.arguments.value("region")}, {"governing_law", in.arguments.value("governing-law")},
                                                                          {"approved_by", who}, {"approval", approval}}));
  object.erase("approval");
  object["service"] = service.at("id");
  const json::Array segments = segments_of(in, *body);
  object["segments"] = segments;
  SK_TRY(const json::Value made, run("endpoints.create", object));
  for (const json::Value& segment : segments)
    SK_CHECK(run("flows.open", json::Object{{"from_segment", segment}, {"to_endpoint", made.at("id")}, {"purpose", name + "への質問"}, {"content", json::Array{"text"}}, {"permitted_by", who}}));
  // As it stands now, with its flows.
  SK_TRY(const json::Value out, run("endpoints.update", json::Object{{"id", made.at("id")}}));
  in.print(out, member(out, "name") + "を登録しました（" + member(out, "state") + "）。");
  return ok();
}

Status endpoint_create(Invocation& in) {
  json::Object object;
  for (const char* name : {"name", "url", "model"}) {
    SK_TRY(const std::string value, in.arguments.need(name));
    object[name] = value;
  }
  object["protocol"] = in.arguments.value("protocol", "openai");
  SK_TRY(const int ceiling, whole_number(in.arguments.value("ceiling", "1"), "ceiling"));
  object["ceiling"] = ceiling;
  for (const char* name : {"region", "approval", "home"})
    if (in.arguments.has(name)) object[name] = in.arguments.value(name);
  if (in.arguments.has("governing-law")) object["governing_law"] = in.arguments.value("governing-law");
  if (in.arguments.has("key-file")) {
    SK_TRY(std::string key, read_file(in.arguments.value("key-file"), 65536));
    while (!key.empty() && (key.back() == '\n' || key.back() == '\r')) key.pop_back();
    object["api_key"] = key;
  }
  if (in.arguments.has("approved-by")) return endpoint_with_its_records(in, object);
  return run_named(in, "endpoints.create", std::move(object), [](const json::Value& out) { return member(out, "name") + "を登録しました（" + member(out, "state") + "）。"; },
                   [&in](const gate::Body& body, json::Object& input) { input["segments"] = segments_of(in, body); });
}

Status endpoint_list(Invocation& in) {
  SK_CHECK(in.arguments.need("user"));
  return run_named(in, "endpoints.list", json::Object{}, [](const json::Value& out) { return table(out, {"name", "state", "ceiling", "url", "model"}); });
}

Status collection_create(Invocation& in) {
  SK_CHECK(in.arguments.need("user"));
  SK_TRY(const std::string name, in.arguments.need("name"));
  SK_TRY(const int confidentiality, whole_number(in.arguments.value("confidentiality", "2"), "confidentiality"));
  json::Object object{{"name", name}, {"confidentiality", confidentiality}, {"readers", in.arguments.value("readers", "all")}};
  if (in.arguments.has("description")) object["description"] = in.arguments.value("description");
  return run_named(in, "collections.create", std::move(object), [](const json::Value& out) { return member(out, "id") + "\t" + member(out, "name"); });
}

Status collection_list(Invocation& in) {
  SK_CHECK(in.arguments.need("user"));
  return run_named(in, "collections.list", json::Object{}, [](const json::Value& out) { return table(out, {"id", "name", "documents", "bytes", "readers"}); });
}

Status class_waiting(Invocation& in) {
  SK_CHECK(in.arguments.need("user"));
  json::Object object;
  if (in.arguments.has("after")) object["after"] = in.arguments.value("after");
  return run_named(in, "documents.unruled", std::move(object), [](const json::Value& out) {
    return table(out, {"id", "what", "waits_for", "name", "department", "given", "least"}) + (member(out, "next") == "-" ? "" : "--after " + member(out, "next") + "\n");
  });
}

// For what another classification scheme left several classes to choose from.
Status class_choose(Invocation& in) {
  SK_CHECK(in.arguments.need("user"));
  const bool whole = in.arguments.has("collection");
  if (whole == in.arguments.has("document")) return fail(Code::invalid_argument, "usage", "--document ID or --collection ID");
  json::Object object;
  object["id"] = in.arguments.value(whole ? "collection" : "document");
  SK_TRY(object["reason"], in.arguments.need("reason"));
  for (const char* axis : {"confidentiality", "integrity", "availability"})
    if (in.arguments.has(axis)) {
      SK_TRY(const int rank, whole_number(in.arguments.value(axis), axis));
      object[axis] = rank;
    }
  return run_named(in, whole ? "collections.choose" : "documents.choose", std::move(object), [](const json::Value& out) {
    const std::string now = std::string(std::string_view(out.at("label").at("text").as_string()));
    return member(out, "approval") == "-" ? now + " に決まりました。" : "分類を下げる申請 " + member(out, "approval") + " を出しました。許可されるまで " + now + " です。";
  });
}

Status directory_set(Invocation& in) {
  json::Object object;
  for (const char* name : {"url", "ca-file"}) {
    SK_TRY(const std::string value, in.arguments.need(name));
    object[std::string_view(name) == "url" ? "url" : "ca_file"] = value;
  }
  object["start_tls"] = in.arguments.flag("start-tls");
  SK_TRY(const int timeout, whole_number(in.arguments.value("timeout-ms", "5000"), "timeout-ms"));
  object["timeout_ms"] = timeout;
  for (const auto& [option, name] : {std::pair{"user-dn", "user_dn"}, {"base", "base"}, {"filter", "filter"}, {"service-dn", "service_dn"}, {"service-password-file", "service_password_file"}})
    if (in.arguments.has(option)) object[name] = in.arguments.value(option);
  return run_named(in, "directory.set", std::move(object), [](const json::Value&) { return std::string("ディレクトリを登録しました。body directory test で確かめてください。"); });
}

Status directory_show(Invocation& in) {
  return run_named(in, "directory.describe", json::Object{}, [](const json::Value& out) {
    std::string text;
    for (const auto& item : out.as_object()) text += std::string(item.key()) + "\t" + member(out, std::string(item.key()).c_str()) + "\n";
    return text;
  });
}

Status directory_test(Invocation& in) {
  return run_named(in, "directory.test", json::Object{}, [](const json::Value&) { return std::string("ディレクトリにつながりました。"); });
}

Status user_directory(Invocation& in) {
  SK_TRY(const std::string login, in.arguments.need("login"));
  const bool uses = !in.arguments.flag("off");
  return run_named(in, "directory.assign", json::Object{{"login", login}, {"uses", uses}},
                   [&](const json::Value&) { return login + (uses ? " のパスワードは、ディレクトリで確かめます。" : " のパスワードは、このシステムで確かめます。"); });
}

// What the person sees on the screen; deciding is done there, by the person.
Status approval_list(Invocation& in) {
  SK_CHECK(in.arguments.need("user"));
  json::Object object{{"box", in.arguments.value("box", "mine")}};
  if (in.arguments.has("after")) object["after"] = in.arguments.value("after");
  return run_named(in, "approvals.list", std::move(object), [](const json::Value& out) {
    const std::string next = member(out, "next");
    return table(out, {"id", "state", "title", "requester", "department", "ends_at"}) + (next == "-" ? "" : "続き: --after " + next + "\n");
  });
}

std::string approval_text(const json::Value& out) {
  std::string text = member(out, "title") + "\t" + member(out, "state") + "\t" + member(out, "requester") + "（" + member(out, "department") + "）\n";
  for (const json::Value& f : out.at("fields").as_array()) text += "  " + member(f, "title") + ": " + member(f, "value") + "\n";
  text += "  理由: " + member(out, "reason") + "\n";
  for (const json::Value& s : out.at("slots").as_array()) text += "判断\t" + member(s, "roles") + "\t" + member(s, "signed_by") + "\t" + member(s, "conditions") + "\n";
  for (const json::Value& e : out.at("exceptions").as_array()) text += "例外\t" + member(e, "name") + "\t" + member(e, "reason") + "\n";
  for (const json::Value& e : out.at("history").as_array()) text += member(e, "at") + "\t" + member(e, "event") + "\t" + member(e, "name") + "\t" + member(e, "note") + "\n";
  return text;
}

Status approval_show(Invocation& in) {
  SK_CHECK(in.arguments.need("user"));
  SK_TRY(const std::string id, in.arguments.need("id"));
  return run_named(in, "approvals.describe", json::Object{{"id", id}}, approval_text);
}

Status config_show(Invocation& in) {
  const std::string text = in.arguments.flag("markdown") ? config_markdown() : config_sample();
  in.print(json::Value(text), text);
  return ok();
}

}  // namespace

Result<bodies::ProfileFile> read_profile(const std::string& path) {
  SK_TRY(const std::string text, read_file(path, 4u << 20));
  return json::read_text<bodies::ProfileFile>(text).context(path);
}

void add_admin_commands(std::vector<Command>& commands) {
  commands.push_back({"body create", "--code CODE --profile FILE.json", "団体を作る（設定のファイルから。見本は packs/bodies）", {"code", "profile"}, {}, body_create});
  commands.push_back({"body check", "[--after FILE.json] FILE.json", "団体の設定のファイルを確かめる（データには触れない）。--after は今の設定で、分類の体系が移れるかも見る", {"after"}, {}, body_check});
  commands.push_back({"body schema", "", "団体の設定のファイルの形（JSON Schema）を出す", {}, {}, body_schema});
  commands.push_back({"body show", "--body B", "団体の施行中の設定を出す", {"body"}, {}, body_show});
  commands.push_back({"body list", "", "団体の一覧", {}, {}, body_list});
  commands.push_back({"user create", "--body B --login L --name N --department CODE [--roles a,b] [--clearance N] [--password-file FILE]", "職員を登録する",
                      {"body", "login", "name", "department", "roles", "clearance", "password-file"}, {}, user_create});
  commands.push_back({"class waiting", "--body B --user L [--after CURSOR]", "分類を待つ資料と置き場（分類が不明のもの、体系が変わって選択待ちのもの）", {"body", "user", "after"}, {}, class_waiting});
  commands.push_back({"class choose", "--body B --user L (--document ID | --collection ID) [--confidentiality N] [--integrity N] [--availability N] --reason TEXT",
                      "選択待ちの分類を選ぶ（下げるときは申請になる）", {"body", "user", "document", "collection", "confidentiality", "integrity", "availability", "reason"}, {}, class_choose});
  commands.push_back({"body directory set", "--body B --url ldaps://HOST --ca-file PEM (--user-dn 'uid={login},…' | --base DN --filter '(uid={login})') [--start-tls] [--service-dn DN --service-password-file FILE] [--timeout-ms N]",
                      "団体のディレクトリ（LDAP）を登録する", {"body", "url", "ca-file", "user-dn", "base", "filter", "service-dn", "service-password-file", "timeout-ms"}, {"start-tls"}, directory_set});
  commands.push_back({"body directory show", "--body B", "団体のディレクトリを表示する", {"body"}, {}, directory_show});
  commands.push_back({"body directory test", "--body B", "団体のディレクトリにつながるか試す", {"body"}, {}, directory_test});
  commands.push_back({"user directory", "--body B --login L [--off]", "職員のパスワードをディレクトリで確かめる", {"body", "login"}, {"off"}, user_directory});
  commands.push_back({"user list", "--body B [--user U]", "職員の一覧", {"body", "user"}, {}, user_list});
  commands.push_back({"key create", "--body B --user U --name NAME", "APIキーを発行する", {"body", "user", "name"}, {}, key_create});
  commands.push_back({"endpoint create", "--body B --name N --url URL --model M [--ceiling N] [--segments a,b] [--approval NO [--approved-by WHO [--provider P]]] [--home SEGMENT] [--key-file FILE] [--region R] [--governing-law L]",
                      "モデル接続先を登録する", {"body", "user", "name", "url", "model", "protocol", "ceiling", "segments", "approval", "approved-by", "provider", "home", "key-file", "region", "governing-law"}, {}, endpoint_create});
  commands.push_back({"endpoint list", "--body B --user U", "モデル接続先の一覧", {"body", "user"}, {}, endpoint_list});
  commands.push_back({"service register", "--body B --provider P --name N --approval NO --approved-by WHO [--ceiling N] [--region R] [--governing-law L] [--valid-to TIME]",
                      "承認された外部サービスを登録する", {"body", "user", "provider", "name", "approval", "approved-by", "ceiling", "region", "governing-law", "valid-to"}, {}, service_register});
  commands.push_back({"service list", "--body B", "承認された外部サービスの一覧", {"body", "user"}, {}, service_list});
  commands.push_back({"service end", "--body B --id ID --reason R", "外部サービスの承認を終える", {"body", "user", "id", "reason"}, {},
                      [](Invocation& in) { return end_record(in, "services.end"); }});
  commands.push_back({"flow open", "--body B --from SEGMENT --to-segment S|--to-endpoint ID --purpose P --permitted-by WHO [--content text,…] [--route R] [--valid-to TIME]",
                      "セグメントからの通信を許可する", {"body", "user", "from", "to-segment", "to-endpoint", "purpose", "permitted-by", "content", "route", "valid-to"}, {}, flow_open});
  commands.push_back({"flow list", "--body B", "許可された通信の一覧", {"body", "user"}, {}, flow_list});
  commands.push_back({"flow end", "--body B --id ID --reason R", "許可した通信を終える", {"body", "user", "id", "reason"}, {},
                      [](Invocation& in) { return end_record(in, "flows.end"); }});
  commands.push_back({"collection create", "--body B --user U --name N [--confidentiality N] [--readers all|department] [--description T]", "資料の置き場を作る",
                      {"body", "user", "name", "confidentiality", "readers", "description"}, {}, collection_create});
  commands.push_back({"collection list", "--body B --user U", "読める資料の置き場の一覧", {"body", "user"}, {}, collection_list});
  commands.push_back({"approval list", "--body B --user U [--box mine|rule|notified|all] [--after ID]", "申請の一覧", {"body", "user", "box", "after"}, {}, approval_list});
  commands.push_back({"approval show", "--body B --user U --id ID", "申請の内容と経過", {"body", "user", "id"}, {}, approval_show});
  commands.push_back({"config", "[--markdown]", "設定の見本を出す", {}, {"markdown"}, config_show});
}

}  // namespace sekisho::apps
