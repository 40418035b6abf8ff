// stop set, list, release: emergency stops from the command line, also while the server runs and when nothing else works.
//
// They only write files in the data folder (features/stops/files.h). A running server obeys them within a moment and records them; when none
// runs, the command records them itself.
#include <filesystem>
#include <unistd.h>

#include "apps/command.h"
#include "core/bytes.h"
#include "crypto/random.h"

namespace sekisho::apps {
namespace {

namespace fs = std::filesystem;

constexpr auto kPatience = std::chrono::seconds(15);  // a server that could not record at once tries again every five

std::string folder_of(const Config& config, const std::string& body) { return config.data_dir + (body.empty() ? "/stops" : "/bodies/" + body + "/stops"); }

std::vector<std::string> body_codes(const Config& config) {
  std::vector<std::string> out;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(config.data_dir + "/bodies", error)) out.push_back(entry.path().filename().string());
  std::sort(out.begin(), out.end());
  return out;
}

// The named body, or the only one.
Result<std::string> body_of(const Invocation& in) {
  const auto codes = body_codes(in.config);
  if (!in.arguments.has("body")) {
    if (codes.size() == 1) return codes[0];
    return fail(Code::invalid_argument, "usage", "--body で団体を指定してください");
  }
  const std::string code = in.arguments.value("body");
  if (std::find(codes.begin(), codes.end(), code) == codes.end()) return fail(Code::not_found, "bodies.not_found", "no body '" + code + "'");
  return code;
}

Result<std::vector<stops::StopFile>> all_stops(const Config& config) {
  SK_TRY(auto out, stops::read_folder(folder_of(config, ""), ""));
  for (const std::string& code : body_codes(config)) {
    SK_TRY(auto more, stops::read_folder(folder_of(config, code), code));
    out.insert(out.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
  }
  return out;
}

const stops::StopFile* find(const std::vector<stops::StopFile>& files, const std::string& id) {
  const auto it = std::find_if(files.begin(), files.end(), [&](const auto& f) { return f.id == id; });
  return it == files.end() ? nullptr : &*it;
}

// Lets the running server, or this command where none runs, do what the files ask. True when `done` came true.
Result<bool> carry_out(const Config& config, const std::function<Result<bool>()>& done) {
  const auto limit = std::chrono::steady_clock::now() + kPatience;
  auto engine = Engine::open(config, Engine::Reading::no);
  if (engine) {
    (*engine)->stops().settle();
    return done();
  }
  for (;;) {
    SK_TRY(const bool finished, done());
    if (finished || std::chrono::steady_clock::now() >= limit || engine.error().key != "data.locked") return finished;
    ::usleep(50'000);
  }
}

std::vector<std::string> names(const std::string& text) {
  std::vector<std::string> out;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    if (end > begin) out.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return out;
}

Status stop_set(Invocation& in) {
  SK_CHECK(crypto::init());
  stops::SetIn what;
  SK_TRY(what.kind, in.arguments.need("kind"));
  if (in.arguments.has("target")) what.target = in.arguments.value("target");
  what.basis = in.arguments.value("basis", "ordered");
  SK_TRY(what.basis_by, in.arguments.need("by"));
  SK_TRY(what.reason, in.arguments.need("reason"));
  what.told = names(in.arguments.value("told"));
  what.incident = in.arguments.value("incident");
  std::string body;
  if (what.kind != gate::name_of(gate::StopKind::service)) {
    SK_TRY(body, body_of(in));
  }
  SystemClock clock;
  SK_TRY(auto file, stops::stop_of(what, body, "運用者", clock.now()));
  SK_CHECK(stops::write_stop(folder_of(in.config, file.stop.body), file));
  const auto recorded = [&]() -> Result<bool> {
    SK_TRY(const auto files, all_stops(in.config));
    const auto* now = find(files, file.id);
    return now != nullptr && now->details.recorded;
  };
  SK_TRY(const bool known, carry_out(in.config, recorded));
  in.print(json::Object{{"id", file.id}, {"kind", what.kind}, {"target", file.stop.target}, {"body", file.stop.body}, {"recorded", known}},
           "止めました（" + file.id + "）。" + (known ? "記録しました。" : "まだ記録できていません。停止は有効で、記録できるようになったときに記録します。"));
  return ok();
}

Status stop_release(Invocation& in) {
  SK_TRY(const std::string id, in.arguments.need("id"));
  SK_TRY(const std::string reason, in.arguments.need("reason"));
  SK_TRY(const auto files, all_stops(in.config));
  const auto* file = find(files, id);
  if (file == nullptr) return fail(Code::not_found, "stops.not_found", "no stop '" + id + "'");
  SK_CHECK(stops::write_release(folder_of(in.config, file->stop.body), id, {reason}));
  const auto gone = [&]() -> Result<bool> {
    SK_TRY(const auto left, all_stops(in.config));
    return find(left, id) == nullptr;
  };
  SK_TRY(const bool released, carry_out(in.config, gone));
  if (!released) return fail(Code::unavailable, "stops.still_closed", "the release could not be recorded yet; the stop stays");
  in.print(json::Object{{"id", id}, {"released", true}}, "解除し、記録しました（" + id + "）。");
  return ok();
}

Status stop_list(Invocation& in) {
  SK_TRY(const auto files, all_stops(in.config));
  json::Array items;
  std::string text;
  for (const auto& f : files) {
    const std::string kind(gate::name_of(f.stop.kind));
    const std::string since = f.details.set_at ? to_rfc3339(*f.details.set_at) : "-";
    items.push_back(json::Object{{"id", f.id}, {"kind", kind}, {"body", f.stop.body}, {"target", f.stop.target}, {"reason", f.details.reason}, {"since", since}, {"recorded", f.details.recorded}});
    text += f.id + "\t" + kind + "\t" + (f.stop.body.empty() ? "全体" : f.stop.body) + "\t" + (f.stop.target.empty() ? "-" : f.stop.target) + "\t" + since + "\t" + f.details.reason + "\n";
  }
  in.print(json::Object{{"items", std::move(items)}}, files.empty() ? "止まっているものはありません。" : text);
  return ok();
}

}  // namespace

void add_stop_commands(std::vector<Command>& commands) {
  commands.push_back({"stop set", "--kind K [--body B] [--target T] --by 命令・決定した人 --reason 理由 [--basis ordered|own_judgement|decided] [--told a,b] [--incident NO]",
                      "緊急停止する（サービスの動作中も使えます）", {"kind", "body", "target", "basis", "by", "reason", "told", "incident"}, {}, stop_set});
  commands.push_back({"stop release", "--id ID --reason 理由", "緊急停止を解く", {"id", "reason"}, {}, stop_release});
  commands.push_back({"stop list", "", "今の緊急停止の一覧", {}, {}, stop_list});
}

}  // namespace sekisho::apps
