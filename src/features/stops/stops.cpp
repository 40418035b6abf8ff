#include "features/stops/stops.h"

#include <algorithm>

#include "core/bytes.h"
#include "core/log.h"
#include "crypto/random.h"

namespace sekisho::stops {
namespace {

using bodies::Nothing;

constexpr std::size_t kMaxText = 2000;
constexpr std::size_t kMaxTold = 50;
constexpr int kReleasedShown = 50;
constexpr auto kRetryRecord = std::chrono::seconds(5);

bool good_target(gate::StopKind kind, const std::string& target) {
  if (kind != gate::StopKind::route) return is_ulid(target);
  return !target.empty() && target.size() <= 64 && target != "-" &&
         std::all_of(target.begin(), target.end(), [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-'; });
}

StopView view_of(const StopFile& f) {
  const Details& d = f.details;
  return {f.id, std::string(gate::name_of(f.stop.kind)), f.stop.target, f.stop.body.empty(), d.basis, d.basis_by, d.reason, d.told, d.incident, d.set_by, d.set_at,
          d.recorded, !f.path.empty(), {}, {}, {}};
}

StopView view_of(const StopRecord& r) {
  const Details& d = r.details;
  return {r.id, r.kind, r.target, r.whole_service, d.basis, d.basis_by, d.reason, d.told, d.incident, d.set_by, d.set_at, true, true, r.released_by, r.released_at, r.release_reason};
}

std::string name_of(const policy::Person& person) { return person.name.empty() ? person.user_id : person.name; }

Error not_yours() {
  return {Code::denied, "stops.whole_service", "the service is shared by several bodies", "6(2)カ", "運用者"};
}

struct RecordIn {
  std::string id;
  std::string kind;
  std::string target;
  bool whole_service = false;
  Details details;
};
BOOST_DESCRIBE_STRUCT(RecordIn, (), (id, kind, target, whole_service, details))

}  // namespace

Result<StopFile> stop_of(const SetIn& in, const std::string& body, const std::string& set_by, Timestamp now) {
  const auto kind = gate::stop_kind(in.kind);
  if (!kind) return fail(Code::invalid_argument, "stops.kind", "no such kind of stop");
  const std::string target = in.target.value_or("");
  if (gate::has_target(*kind) ? !good_target(*kind, target) : !target.empty()) return fail(Code::invalid_argument, "stops.target", "what to stop");
  if (in.basis != "ordered" && in.basis != "own_judgement" && in.basis != "decided") return fail(Code::invalid_argument, "stops.basis", "ordered, own_judgement or decided");
  if (in.basis_by.empty() || in.reason.empty()) return fail(Code::invalid_argument, "stops.reason", "who and why");
  StopFile out;
  out.id = make_ulid(now, crypto::random_bytes(10));
  out.stop = {*kind, *kind == gate::StopKind::service ? std::string() : body, target};
  out.details = {in.basis, in.basis_by, in.reason, in.told.value_or(std::vector<std::string>()), in.incident.value_or(""), set_by, now, false};
  if (out.stop.kind != gate::StopKind::service && body.empty()) return fail(Code::invalid_argument, "stops.target", "which body");
  std::size_t text = in.basis_by.size() + in.reason.size() + out.details.incident.size();
  for (const std::string& person : out.details.told) text += person.size();
  if (text > kMaxText || out.details.told.size() > kMaxTold) return fail(Code::too_large, "stops.text", "too long");
  return out;
}

Stops::Stops(gate::StopBoard& board, gate::Gate& gate, std::string data_folder) : board_(board), gate_(gate), data_folder_(std::move(data_folder)) {}

Result<std::unique_ptr<Stops>> Stops::open(gate::StopBoard& board, gate::Gate& gate, std::string data_folder) {
  std::unique_ptr<Stops> out(new Stops(board, gate, std::move(data_folder)));
  SK_CHECK(out->look());
  keep_reserve(out->folder(""));
  out->watcher_ = std::thread([self = out.get()] { self->watch(); });
  return out;
}

Stops::~Stops() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  if (watcher_.joinable()) watcher_.join();
}

std::string Stops::folder(const std::string& body) const { return data_folder_ + (body.empty() ? "/stops" : "/bodies/" + body + "/stops"); }

Status Stops::attach(gate::Body& body) {
  {
    const std::lock_guard lock(mutex_);
    bodies_[body.code] = &body;
  }
  keep_reserve(folder(body.code));
  return look();
}

void Stops::publish() {
  std::vector<gate::Stop> stops;
  for (const StopFile& f : files_) stops.push_back(f.stop);
  board_.put(std::move(stops));
}

Status Stops::look() {
  const std::lock_guard lock(mutex_);
  SK_TRY(std::vector<StopFile> seen, read_folder(folder(""), ""));
  for (const auto& [code, body] : bodies_) {
    SK_TRY(auto more, read_folder(folder(code), code));
    seen.insert(seen.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
  }
  // What could not be written yet stands until it is released.
  for (StopFile& f : files_)
    if (f.path.empty()) {
      const Status written = write_stop(folder(f.stop.body), f);
      static_cast<void>(written);  // said by `stored`
      seen.push_back(std::move(f));
    }
  files_ = std::move(seen);
  publish();
  return ok();
}

void Stops::on_look(std::function<void()> act) {
  const std::lock_guard lock(mutex_);
  on_look_ = std::move(act);
}

void Stops::watch() {
  auto retry = std::chrono::steady_clock::now();
  for (;;) {
    if (auto looked = look(); !looked) log::error("stops.folder_unreadable", looked.error());
    bool pending = false;
    {
      const std::lock_guard lock(mutex_);
      if (on_look_ && !files_.empty()) on_look_();
      pending = std::any_of(files_.begin(), files_.end(), [](const StopFile& f) { return !f.details.recorded || f.release; });
    }
    if (pending && std::chrono::steady_clock::now() >= retry) {
      settle();
      retry = std::chrono::steady_clock::now() + kRetryRecord;
    } else if (!pending) {
      retry = std::chrono::steady_clock::now();
    }
    std::unique_lock lock(mutex_);
    if (wake_.wait_for(lock, kTick, [&] { return stopping_; })) return;
  }
}

std::optional<StopFile> Stops::find(const std::string& id, const std::string& body) const {
  const std::lock_guard lock(mutex_);
  for (const StopFile& f : files_)
    if (f.id == id && (f.stop.body.empty() || f.stop.body == body)) return f;
  return std::nullopt;
}

void Stops::mark_recorded(const std::string& id) {
  const std::lock_guard lock(mutex_);
  for (StopFile& f : files_) {
    if (f.id != id || f.details.recorded) continue;
    f.details.recorded = true;
    if (f.path.empty()) continue;
    // A file made by hand keeps its name; what is known of it goes into the record alone.
    if (const std::string known = f.id + "." + std::string(gate::name_of(f.stop.kind)); f.path.find("/" + known + ".") != std::string::npos) {
      if (auto written = write_stop(folder(f.stop.body), f); !written) log::error("stops.not_rewritten", written.error());
    } else if (auto written = write_file(f.path, json::write(f.details)); !written) {
      log::error("stops.not_rewritten", written.error());
    }
  }
}

// The stop is in force when this returns; only what cannot be a stop at all fails.
Status Stops::apply(const gate::Body& body, SetIn& in, const std::string& set_by, Timestamp now) {
  SK_TRY(StopFile file, stop_of(in, body.code, set_by, now));
  if (file.stop.kind == gate::StopKind::route && body.segment(file.stop.target) == 0) return fail(Code::invalid_argument, "stops.target", "no such segment");
  in.applied = file.id;
  const std::lock_guard lock(mutex_);
  if (auto written = write_stop(folder(file.stop.body), file); !written) log::error("stops.not_stored", written.error());
  files_.push_back(std::move(file));
  publish();
  if (on_look_) on_look_();
  return ok();
}

gate::Operation<SetIn, StopView> Stops::set_operation() {
  return {"stops.set", "緊急停止する", "stops.set", gate::Access::write, 16384,
          [this](gate::Preparation& preparation, SetIn& in) -> Status {
            if (in.kind == "service") {
              const std::lock_guard lock(mutex_);
              if (bodies_.size() > 1 && !std::holds_alternative<gate::Operator>(preparation.caller.credential)) return fail(not_yours());
            }
            return apply(preparation.body, in, preparation.person == nullptr ? std::string() : name_of(*preparation.person), preparation.now);
          },
          [this](gate::Context& context, SetIn& in) -> Result<StopView> {
            auto file = find(in.applied, context.body.code);
            if (!file) return fail(Code::conflict, "stops.gone", "released meanwhile");
            context.about(file->id);
            context.note("stop", json::to_value(view_of(*file)));
            SK_CHECK(Table::insert(context.tx, *file, context.now));
            context.after_commit([this, id = file->id] { mark_recorded(id); });
            StopView out = view_of(*file);
            out.recorded = true;
            return out;
          }};
}

Result<StopView> Stops::set(const gate::Caller& caller, SetIn in) {
  gate::Operation<SetIn, StopView> operation = set_operation();
  // Whatever becomes of the record, the caller must learn which stop is in force.
  auto applied = std::make_shared<std::string>();
  operation.prepare = [prepare = operation.prepare, applied](gate::Preparation& preparation, SetIn& asked) -> Status {
    SK_CHECK(prepare(preparation, asked));
    *applied = asked.applied;
    return ok();
  };
  auto done = gate_.run(operation, caller, std::move(in));
  if (done || applied->empty()) return done;
  const auto file = find(*applied, caller.body->code);
  if (!file) return done;
  log::error("stops.not_recorded", done.error());
  return view_of(*file);
}

Result<StopList> Stops::list(gate::Context& context) {
  StopList out;
  {
    const std::lock_guard lock(mutex_);
    for (const StopFile& f : files_)
      if (f.stop.body.empty() || f.stop.body == context.body.code) out.items.push_back(view_of(f));
  }
  SK_TRY(const auto released, Table::released(context.tx, kReleasedShown));
  for (const StopRecord& r : released) out.released.push_back(view_of(r));
  return out;
}

std::vector<StopView> Stops::releasable(const std::string& body) const {
  std::vector<StopView> out;
  const std::lock_guard lock(mutex_);
  for (const StopFile& f : files_)
    if (f.stop.body == body || (f.stop.body.empty() && bodies_.size() <= 1)) out.push_back(view_of(f));
  return out;
}

Result<Nothing> Stops::release(gate::Context& context, const ReleaseIn& in, Opens opens) {
  const auto file = find(in.id, context.body.code);
  if (!file) return fail(Code::not_found, "stops.not_found", "no such stop");
  context.about(file->id);
  if (in.reason.empty() || in.reason.size() > kMaxText) return fail(Code::invalid_argument, "stops.reason", "why it is released");
  if (file->stop.body.empty() && !std::holds_alternative<gate::Operator>(context.caller.credential)) {
    const std::lock_guard lock(mutex_);
    if (bodies_.size() > 1) return fail(not_yours());
  }
  context.note("stop", json::to_value(view_of(*file)));
  SK_CHECK(Table::insert(context.tx, *file, context.now));
  SK_CHECK(Table::release(context.tx, file->id, name_of(context.permit().person()), in.reason, context.now));
  if (opens == Opens::no) return Nothing{};
  context.after_commit([this, file = *file] {
    const std::lock_guard lock(mutex_);
    if (auto removed = remove_stop(folder(file.stop.body), file); !removed) {
      log::error("stops.not_removed", removed.error());  // stays closed
      return;
    }
    std::erase_if(files_, [&](const StopFile& f) { return f.id == file.id; });
    publish();
  });
  return Nothing{};
}

gate::Operation<ReleaseIn, Nothing> Stops::release_operation(Opens opens) {
  return {"stops.release", "緊急停止を解く", "stops.release", gate::Access::write, 8192, gate::no_preparation<ReleaseIn>(),
          [this, opens](gate::Context& context, ReleaseIn& in) { return release(context, in, opens); }};
}

Status Stops::release_by_operator(const StopFile& file, const std::map<std::string, gate::Body*>& bodies) {
  std::vector<gate::Body*> closed;
  for (const auto& [code, body] : bodies)
    if (file.stop.body.empty() || file.stop.body == code) closed.push_back(body);
  for (gate::Body* const body : closed)
    SK_CHECK(gate_.run(release_operation(body == closed.back() ? Opens::yes : Opens::no), {body, gate::Operator{}, body->listener_segment, "stop", "local"},
                       ReleaseIn{file.id, file.release->reason}));
  return ok();
}

// True when every body that it closes has it in its log.
bool Stops::record(const StopFile& file) {
  const gate::Operation<RecordIn, Nothing> operation{"stops.record", "緊急停止を記録する", "stops.set", gate::Access::write, 0, gate::no_preparation<RecordIn>(),
                                                     [&file](gate::Context& context, RecordIn&) -> Result<Nothing> {
                                                       context.about(file.id);
                                                       SK_CHECK(Table::insert(context.tx, file, context.now));
                                                       return Nothing{};
                                                     }};
  std::map<std::string, gate::Body*> bodies;
  {
    const std::lock_guard lock(mutex_);
    bodies = bodies_;
  }
  bool all = true;
  for (const auto& [code, body] : bodies) {
    if (!file.stop.body.empty() && file.stop.body != code) continue;
    const auto done = gate_.run(operation, {body, gate::Operator{}, body->listener_segment, "stop", "local"},
                                RecordIn{file.id, std::string(gate::name_of(file.stop.kind)), file.stop.target, file.stop.body.empty(), file.details});
    if (!done) log::error("stops.not_recorded", done.error());
    all = all && done.has_value();
  }
  return all;
}

void Stops::settle() {
  const std::lock_guard one_at_a_time(settling_);
  std::vector<StopFile> files;
  std::map<std::string, gate::Body*> bodies;
  {
    const std::lock_guard lock(mutex_);
    files = files_;
    bodies = bodies_;
  }
  for (const StopFile& f : files) {
    // A whole service's stop without any body to record it stays unrecorded until there is one.
    if (!f.details.recorded && !bodies.empty() && record(f)) mark_recorded(f.id);
    if (!f.release) continue;
    if (auto done = release_by_operator(f, bodies); !done) log::error("stops.not_released", done.error());
  }
}

void Stops::register_operations(gate::Registry& registry) {
  registry.add(set_operation());
  registry.add(release_operation(Opens::yes));
  registry.add(gate::Operation<bodies::WholeListIn, StopList>{"stops.list", "今の緊急停止と、解かれたもの", "stops.list", gate::Access::read, 1024,
                                                              gate::no_preparation<bodies::WholeListIn>(),
                                                              [this](gate::Context& context, bodies::WholeListIn&) { return list(context); }});
}

}  // namespace sekisho::stops
