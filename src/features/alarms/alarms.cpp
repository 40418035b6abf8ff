#include "features/alarms/alarms.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include "core/bytes.h"
#include "core/log.h"
#include "crypto/random.h"

namespace sekisho::alarms {
namespace {

namespace fs = std::filesystem;
using bodies::Nothing;

constexpr std::size_t kMaxDetail = 500;    // bytes
constexpr std::size_t kMaxFinding = 2000;  // bytes
constexpr std::size_t kMaxWaiting = 1000;  // of one body
constexpr int kShown = 200;

std::string folder_of(const std::string& body_folder) { return body_folder + "/alarms"; }
std::string path_of(const std::string& body_folder, const Alarm& a) { return folder_of(body_folder) + "/" + a.id.str() + "." + a.kind; }

std::string name_of(const policy::Person& person) { return person.name.empty() ? person.user_id : person.name; }

AlarmView view_of(const Alarm& a) {
  const Kind* const kind = find_kind(a.kind);
  return {a.id.str(), a.kind, a.detail, kind == nullptr ? "" : std::string(kind->clause), a.opened_at, a.times, {}, {}, {}, {}};
}

AlarmView view_of(const Recorded& r) {
  AlarmView out = view_of(r.alarm);
  out.recorded_at = r.recorded_at;
  out.confirmed_by = r.confirmed_by;
  out.confirmed_at = r.confirmed_at;
  out.finding = r.finding;
  return out;
}

// On a full disk the content may not fit; the name still may.
void keep(const std::string& body_folder, const Alarm& a) {
  ::mkdir(folder_of(body_folder).c_str(), 0700);
  const std::string path = path_of(body_folder, a);
  if (write_file(path, json::serialise(json::to_value(a)))) return;
  if (std::FILE* const file = std::fopen(path.c_str(), "wx")) std::fclose(file);
}

// A name that is not ours is nobody's notice; one whose content did not fit, or came to harm, is told by its name.
std::optional<Alarm> read_one(const fs::path& path) {
  const std::string name = path.filename().string();
  const std::size_t dot = name.find('.');
  if (dot == std::string::npos || find_kind(name.substr(dot + 1)) == nullptr) return std::nullopt;
  const auto id = AlarmId::parse(name.substr(0, dot));
  if (!id) return std::nullopt;
  if (const auto text = read_file(path.string(), 64 * 1024))
    if (auto read = json::read_text<Alarm>(*text); read && read->id == *id && read->kind == name.substr(dot + 1)) return std::move(*read);
  struct stat about = {};
  if (::lstat(path.c_str(), &about) != 0) return std::nullopt;
  return Alarm{*id, name.substr(dot + 1), "", {about.st_mtim.tv_sec * 1'000'000 + about.st_mtim.tv_nsec / 1'000}, 1};
}

}  // namespace

const Kind* find_kind(std::string_view name) {
  const auto it = std::find_if(kKinds.begin(), kKinds.end(), [&](const Kind& k) { return k.name == name; });
  return it == kKinds.end() ? nullptr : &*it;
}

Result<std::vector<Alarm>> waiting_in(const std::string& body_folder) {
  std::vector<Alarm> out;
  std::error_code error;
  if (!fs::exists(folder_of(body_folder), error)) return out;
  for (const auto& entry : fs::directory_iterator(folder_of(body_folder), error)) {
    if (out.size() == kMaxWaiting) break;
    if (auto one = read_one(entry.path())) out.push_back(std::move(*one));
  }
  if (error) return fail(Code::unavailable, "storage.io", "cannot read " + folder_of(body_folder) + ": " + error.message());
  std::sort(out.begin(), out.end(), [](const Alarm& a, const Alarm& b) { return a.id < b.id; });
  return out;
}

Status Alarms::attach(gate::Body& body) {
  Place place;
  place.body = &body;
  SK_TRY(place.waiting, waiting_in(body.folder));
  SK_TRY(auto tx, body.db->begin_read());
  SK_TRY(const auto rows, Table::standing(*tx, kShown));
  for (const Recorded& r : rows) place.standing.emplace(r.alarm.kind, r.alarm.detail);
  const std::lock_guard lock(mutex_);
  places_[body.code] = std::move(place);
  return ok();
}

void Alarms::raise(const std::string& body, std::string_view kind, const std::string& detail) {
  const std::lock_guard lock(mutex_);
  for (auto& [code, place] : places_)
    if (body.empty() || body == code) raise_in(place, kind, detail.substr(0, kMaxDetail));
}

void Alarms::raise_in(Place& place, std::string_view kind, const std::string& detail) {
  if (place.standing.contains({std::string(kind), detail})) return;
  for (Alarm& a : place.waiting)
    if (a.kind == kind && a.detail == detail) {
      ++a.times;
      return;
    }
  if (place.waiting.size() == kMaxWaiting) return;
  const Timestamp now = clock_.now();
  const Alarm made{AlarmId::make(now, crypto::random_bytes(10)), std::string(kind), detail, now, 1};
  log::error("alarm.opened", Error{Code::unavailable, "alarm." + made.kind, place.body->code + ": " + detail, {}, {}});
  keep(place.body->folder, made);
  place.waiting.push_back(made);
}

bool Alarms::waits() const {
  const std::lock_guard lock(mutex_);
  return std::any_of(places_.begin(), places_.end(), [](const auto& place) { return !place.second.waiting.empty(); });
}

gate::Operation<Alarm, Nothing> Alarms::open_operation() {
  return {"alarms.open", "プログラムが見つけたことを知らせる", "alarms.open", gate::Access::write, 0, gate::no_preparation<Alarm>(),
          [this](gate::Context& context, Alarm& in) -> Result<Nothing> {
            context.about(in.id.str());
            if (const Kind* const kind = find_kind(in.kind)) context.note("ground", json::Value(kind->clause));
            SK_CHECK(Table::insert(context.tx, in, context.now));
            if (on_recorded_) SK_CHECK(on_recorded_(context, in));
            return Nothing{};
          }};
}

void Alarms::settle(gate::Gate& gate) {
  std::vector<std::pair<gate::Body*, Alarm>> due;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [code, place] : places_)
      for (const Alarm& a : place.waiting) due.emplace_back(place.body, a);
  }
  const auto operation = open_operation();
  for (const auto& [body, alarm] : due) {
    const auto done = gate.run(operation, gate::Caller{body, gate::Program{}, 0, "alarms", "program", ""}, alarm);
    if (!done) {
      if (done.error().key != "log.unavailable") log::error("alarms.settle", done.error());
      continue;
    }
    const std::lock_guard lock(mutex_);
    Place& place = places_[body->code];
    std::erase_if(place.waiting, [&](const Alarm& a) { return a.id == alarm.id; });
    place.standing.emplace(alarm.kind, alarm.detail);
    ::unlink(path_of(body->folder, alarm).c_str());
  }
}

Result<AlarmList> Alarms::list(gate::Context& context) {
  AlarmList out;
  {
    const std::lock_guard lock(mutex_);
    if (const auto place = places_.find(context.body.code); place != places_.end())
      for (const Alarm& a : place->second.waiting) out.items.push_back(view_of(a));
  }
  SK_TRY(const auto standing, Table::standing(context.tx, kShown));
  for (const Recorded& r : standing)
    if (std::none_of(out.items.begin(), out.items.end(), [&](const AlarmView& v) { return v.id == r.alarm.id.str(); })) out.items.push_back(view_of(r));
  SK_TRY(const auto confirmed, Table::confirmed(context.tx, kShown));
  for (const Recorded& r : confirmed) out.confirmed.push_back(view_of(r));
  return out;
}

Result<AlarmView> Alarms::confirm(gate::Context& context, const ConfirmIn& in) {
  context.about(in.id.str());
  if (in.finding.empty() || in.finding.size() > kMaxFinding) return fail(Code::invalid_argument, "alarms.finding", "what was found");
  SK_TRY(const auto before, Table::find(context.tx, in.id));
  if (!before) return fail(Code::not_found, "alarms.not_found", "no such notice");
  SK_TRY(const bool done, Table::confirm(context.tx, in.id, name_of(context.permit().person()), in.finding, context.now));
  if (!done) return fail(Code::conflict, "alarms.confirmed", "confirmed already");
  context.note("kind", json::Value(std::string_view(before->alarm.kind)));
  context.after_commit([this, code = context.body.code, kind = before->alarm.kind, detail = before->alarm.detail] {
    const std::lock_guard lock(mutex_);
    if (const auto place = places_.find(code); place != places_.end()) place->second.standing.erase({kind, detail});
  });
  SK_TRY(const auto after, Table::find(context.tx, in.id));
  if (!after) return fail(Code::internal, "internal", "the notice is gone");
  return view_of(*after);
}

void Alarms::register_operations(gate::Registry& registry) {
  using gate::Access;
  registry.add(gate::Operation<Nothing, AlarmList>{"alarms.list", "プログラムからの知らせ", "alarms.list", Access::read, 1024, gate::no_preparation<Nothing>(),
                                                   [this](gate::Context& c, Nothing&) { return list(c); }});
  registry.add(gate::Operation<ConfirmIn, AlarmView>{"alarms.confirm", "知らせを確かめたことを書く", "alarms.confirm", Access::write, 8192, gate::no_preparation<ConfirmIn>(),
                                                     [this](gate::Context& c, ConfirmIn& in) { return confirm(c, in); }});
}

}  // namespace sekisho::alarms
