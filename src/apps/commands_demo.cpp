// demo: the fictional city of packs/demo. Its files are made by the pack's own script; then everything goes the way of every body.
#include <cstdlib>
#include <filesystem>

#include "apps/command.h"
#include "apps/send_files.h"
#include "core/bytes.h"
#include "features/bodies/operations.h"

namespace sekisho::apps {
namespace {

namespace fs = std::filesystem;

constexpr const char* kDemoPassword = "toudai-no-akari-58";

std::string text_of(const json::Value& object, const char* name) {
  const auto* value = object.as_object().if_contains(name);
  return value != nullptr && value->is_string() ? std::string(std::string_view(value->as_string())) : std::string();
}

// body.json is the city's profile; city.json names its people and collections (and what the pack's own script writes into documents).
struct City {
  std::string code;
  bodies::ProfileFile profile;
  std::map<std::string, std::string> department_codes;  // by name
  json::Array people;
  json::Array collections;
};

Result<City> read_city(const std::string& pack) {
  City out;
  SK_TRY(out.profile, read_profile(pack + "/body.json"));
  for (const bodies::UnitIn& unit : out.profile.units) out.department_codes[unit.name] = unit.code;
  const std::string path = pack + "/city.json";
  SK_TRY(const std::string text, read_file(path, 1 << 20));
  SK_TRY(const json::Value file, json::parse(text).context(path));
  try {
    out.code = text_of(file.at("body"), "code");
    out.people = file.at("people").as_array();
    out.collections = file.at("collections").as_array();
  } catch (const std::exception& e) {
    return fail(Code::corrupt, "demo.build_failed", path + ": " + e.what());
  }
  return out;
}

Status make_people(Engine& engine, gate::Body& body, const City& city) {
  for (const json::Value& p : city.people) {
    accounts::UserCreateIn user;
    user.login = text_of(p, "login");
    user.name = text_of(p, "name");
    const auto code = city.department_codes.find(text_of(p, "department"));
    if (code != city.department_codes.end()) user.department = code->second;
    SK_TRY(user.roles, json::read<std::vector<std::string>>(p.at("roles")));
    user.clearance = static_cast<int>(p.at("clearance").as_int64());
    user.password = Secret(std::string(kDemoPassword));
    SK_CHECK(engine.gate().run(engine.accounts().create_user(), engine.caller(body, gate::Operator{}), std::move(user)));
  }
  return ok();
}

// A collection as the pack names it, or the part of it that only one department reads.
struct Place {
  std::string name;
  std::string description;
  std::string department;
  std::string readers;
  int confidentiality = 1;
  std::vector<std::string> files;
};

Result<std::vector<Place>> places_of(const City& city, const std::string& built) {
  SK_TRY(const std::string text, read_file(built + "/manifest.json", 16u << 20));
  SK_TRY(const json::Value manifest, json::parse(text));
  std::map<std::string, Place> places;
  for (const json::Value& c : city.collections)
    places[text_of(c, "name")] = {text_of(c, "name"), text_of(c, "description"), text_of(c, "department"), "all", static_cast<int>(c.at("confidentiality").as_int64()), {}};
  for (const json::Value& d : manifest.as_array()) {
    const std::string collection = text_of(d, "collection");
    const std::string readers = text_of(d, "readers");
    std::string name = collection;
    if (readers != "all") {
      name = collection + "（" + readers + "限り）";
      if (!places.contains(name)) places[name] = {name, collection + "のうち、" + readers + "だけが読むもの", readers, "department", static_cast<int>(d.at("confidentiality").as_int64()), {}};
    }
    places[name].files.push_back(built + "/" + text_of(d, "file"));
  }
  std::vector<Place> out;
  for (auto& [name, place] : places) out.push_back(std::move(place));
  return out;
}

Status make_collections(Engine& engine, gate::Body& body, const City& city, const std::string& built) {
  const gate::Caller caller = engine.caller(body, gate::Operator{});
  SK_TRY(const auto places, places_of(city, built));
  for (const Place& p : places) {
    const auto code = city.department_codes.find(p.department);
    if (code == city.department_codes.end()) return fail(Code::corrupt, "demo.build_failed", "unknown department " + p.department);
    SK_TRY(const auto made, engine.gate().run(engine.library().create_collection_operation(), caller,
                                              library::CollectionCreateIn{p.name, p.description, p.confidentiality, p.readers, code->second}));
    if (p.files.empty()) continue;
    std::string upload;
    SK_CHECK(send_files(engine, caller, made.id, p.files, upload));
  }
  return ok();
}

Status demo(Invocation& in) {
  const std::string pack = in.config.packs_dir + "/demo";
  SK_TRY(City city, read_city(pack));
  std::error_code error;
  const std::string folder = in.config.data_dir + "/bodies/" + city.code;
  if (fs::exists(folder, error)) {
    in.print(json::Object{{"body", city.code}, {"made", false}}, "デモの市はすでにあります（" + folder + "）。");
    return ok();
  }
  const std::string built = in.config.data_dir + "/demo-files";
  const std::string command = "/usr/bin/python3 -B '" + pack + "/build.py' --out '" + built + "' >&2";
  if (built.find('\'') != std::string::npos || std::system(command.c_str()) != 0)
    return fail(Code::internal, "demo.build_failed", "packs/demo/build.py failed (python3-docx, python3-openpyxl and python3-reportlab are needed)");
  SK_TRY(auto engine, Engine::open(in.config, Engine::Reading::yes));
  SK_TRY(gate::Body* const body, engine->create_body(city.code));
  SK_CHECK(engine->gate().run(bodies::set_up(engine->vocabulary()), engine->caller(*body, gate::Operator{}), std::move(city.profile)));
  SK_CHECK(engine->name_body(*body));
  SK_CHECK(make_people(*engine, *body, city));
  SK_CHECK(make_collections(*engine, *body, city, built));
  engine->library().wait_until_idle(*body);
  std::string people;
  json::Array logins;
  for (const json::Value& p : city.people) {
    people += "  " + text_of(p, "login") + "\t" + text_of(p, "name") + "（" + text_of(p, "department") + "・" + text_of(p, "title") + "）\n";
    logins.push_back(json::Object{{"login", p.at("login")}, {"name", p.at("name")}, {"department", p.at("department")}});
  }
  in.print(json::Object{{"body", city.code}, {"made", true}, {"people", std::move(logins)}, {"password", kDemoPassword}},
           body->name + "（" + city.code + "）を作りました。\nログイン（パスワードはみな " + std::string(kDemoPassword) + "）:\n" + people);
  return ok();
}

}  // namespace

void add_demo_commands(std::vector<Command>& commands) { commands.push_back({"demo", "", "架空の市（デモ）を作る", {}, {}, demo}); }

}  // namespace sekisho::apps
