#include "apps/doctor.h"

#include <algorithm>
#include <array>
#include <filesystem>

#include "apps/control.h"
#include "apps/migrations.h"
#include "core/log.h"
#include "crypto/random.h"

namespace sekisho::apps {
namespace {

namespace fs = std::filesystem;

struct Check {
  std::string_view name;
  std::string_view clause;
  std::string_view title;
  Finding (*look)(const Patient&);
  bool of_body;
};

// One line each, in the order in which they are shown.
constexpr std::array kChecks = {
    Check{"data_folder", "11(1)ア(ア)", "データのフォルダ", checks::data_folder, false},
    Check{"disk", "11(1)カ(ア)", "ディスクの空き", checks::disk, false},
    Check{"program_files", "11(5)ア(ウ)", "プログラムのファイル", checks::files, false},
    Check{"clock", "12(1)イ", "時計", checks::clock, false},
    Check{"sandbox", "11(4)ア(ア)", "ファイルを読む隔離環境", checks::sandbox, false},
    Check{"dictionary", "11(3)オ(ア)", "言葉の辞書", checks::dictionary, false},
    Check{"recognition", "11(3)オ(ア)", "文字認識（OCR）", checks::recognition, false},
    Check{"sessions", "11(2)ウ", "ログインの時間", checks::sessions, false},
    Check{"keys", "10(4)ウ", "鍵のファイル", checks::keys, true},
    Check{"schema", "11(3)カ", "データの形", checks::schema, true},
    Check{"database", "11(3)オ(イ)", "データベース", checks::database, true},
    Check{"log_tree", "11(1)カ(ウ)", "記録の一致", checks::log_tree, true},
    Check{"log_written", "11(1)カ(イ)", "記録への書込み", checks::log_written, true},
    Check{"log_head", "11(5)イ", "前に見た先頭の続き", checks::head, true},
    Check{"witness", "11(5)イ", "記録の立会い", checks::witness, true},
    Check{"syslog", "11(1)カ(ア)", "別のホストへの記録の送り", checks::syslog, true},
    Check{"alarms", "12(1)ア", "プログラムからの知らせ", checks::alarms, true},
    Check{"endpoints", "13(2)エ", "モデルの接続先", checks::endpoints, true},
    Check{"second_factor", "9(4)ウ", "2つ目の要素", checks::factors, true},
    Check{"retention", "11(1)カ(ア)", "記録の保存の期間", checks::retention, true},
    Check{"reviews", "11(1)カ(ウ)", "利用の記録の点検", checks::reviews, true},
    Check{"backups", "11(1)イ", "控え", checks::backups, true},
    Check{"storage", "11(1)ア(ア)", "資料の容量", checks::storage, true},
    Check{"mail", "10(3)ア(ア)", "お知らせのメール", checks::mail, true},
};

std::vector<std::string> codes_in(const std::string& data_folder) {
  std::vector<std::string> out;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(data_folder + "/bodies", error))
    if (entry.is_directory(error) && good_code(entry.path().filename().string())) out.push_back(entry.path().filename().string());
  std::sort(out.begin(), out.end());
  return out;
}

// Where no server runs, the command writes the record itself.
class Writing {
 public:
  explicit Writing(const Config& config) : config_(config), engine_(Engine::open(config, Engine::Reading::no)) {}
  bool serving() const { return !engine_ && engine_.error().key == "data.locked"; }
  Status check(const std::string& code) {
    if (serving()) {
      SK_CHECK(ask_server(config_, {"log.check", code, std::nullopt, json::Object{}, false}));
      return ok();
    }
    if (!engine_) return Unexpected(engine_.error());
    SK_TRY(gate::Body* const body, (*engine_)->body(code));
    SK_CHECK((*engine_)->gate().run(*(*engine_)->registry().find("log.check"), (*engine_)->caller(*body, gate::Operator{}), json::Object{}));
    return ok();
  }

 private:
  const Config& config_;
  Result<std::unique_ptr<Engine>> engine_;
};

struct Opened {
  std::unique_ptr<gate::Body> body;
  Status closed = ok();
};
Opened open_for_reading(const Config& config, const std::string& code) {
  auto body = gate::open_body_reading(config.data_dir + "/bodies/" + code, code, migrations());
  if (!body) return {nullptr, Unexpected(body.error())};
  return {std::move(*body), ok()};
}

std::map<std::string, std::string> failures_of(const Config& config) {
  std::map<std::string, std::string> out;
  const auto state = ask_server(config, {});
  if (!state || !state->is_object()) return out;
  const auto* failures = state->get_object().if_contains("failures");
  if (failures == nullptr || !failures->is_object()) return out;
  for (const auto& [matter, key] : failures->get_object())
    if (key.is_string()) out.emplace(std::string(matter), std::string(std::string_view(key.get_string())));
  return out;
}

}  // namespace

Result<std::vector<Examined>> examine(const Config& config) {
  SK_CHECK(crypto::init());
  std::error_code error;
  if (!fs::is_directory(config.data_dir, error)) return fail(Code::not_found, "storage.io", "no folder " + config.data_dir);
  const std::vector<std::string> codes = codes_in(config.data_dir);
  std::vector<Examined> out;
  SystemClock clock;
  // First what opening would mend.
  const Patient whole{config, "", nullptr, ok(), false, {}, ok(), clock.now()};
  for (const Check& c : kChecks)
    if (!c.of_body) out.push_back({std::string(c.name), std::string(c.title), "", c.look(whole), std::string(c.clause)});
  // Data of another version is not opened for writing here: that would bring it to this one.
  std::vector<Opened> bodies;
  bool current = true;
  for (const std::string& code : codes) {
    bodies.push_back(open_for_reading(config, code));
    current = current && (bodies.back().closed || !bodies.back().closed.error().key.starts_with("sql.schema"));
  }
  std::optional<Writing> writing;
  if (current) writing.emplace(config);
  const bool serving = writing && writing->serving();
  const auto failures = serving ? failures_of(config) : std::map<std::string, std::string>();
  for (std::size_t i = 0; i < codes.size(); ++i) {
    Patient patient{config, codes[i], bodies[i].body.get(), bodies[i].closed, serving, failures, ok(), clock.now()};
    patient.written = writing ? writing->check(codes[i]) : Status(fail(Code::unavailable, "sql.schema_older", "not tried"));
    for (const Check& c : kChecks)
      if (c.of_body) out.push_back({std::string(c.name), std::string(c.title), codes[i], c.look(patient), std::string(c.clause)});
  }
  return out;
}

}  // namespace sekisho::apps
