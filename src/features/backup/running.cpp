#include "features/backup/running.h"

#include <algorithm>
#include <filesystem>

#include "core/log.h"
#include "core/thread.h"
#include "features/bodies/operations.h"

namespace sekisho::backup {
namespace {

namespace fs = std::filesystem;
using bodies::Nothing;

constexpr std::int64_t kTryAgainMicros = 300'000'000;
constexpr const char* kShared = "shared";

// Acts of the program: what is written down, and that it is in the log.
template <class In>
Status record(gate::Gate& gate, gate::Body& body, const char* name, const char* summary, In in, std::function<Status(gate::Context&, In&)> write) {
  const gate::Operation<In, Nothing> operation{name, summary, "backup.record", gate::Access::write, 0, gate::no_preparation<In>(),
                                               [write = std::move(write)](gate::Context& context, In& given) -> Result<Nothing> {
                                                 SK_CHECK(write(context, given));
                                                 return Nothing{};
                                               }};
  const auto done = gate.run(operation, {&body, gate::Program{}, 0, "backup", "program", ""}, std::move(in));
  return done ? ok() : Status(Unexpected(done.error()));
}

// Work on the folder: one at a time, and it gives way to what people wait for. Not idle: it holds locks of the database for moments, which others then wait
// for.
class Turn {
 public:
  explicit Turn(std::mutex& mutex) : lock_(mutex) {
    constexpr int kNice = 10;
    static thread_local const bool done = (give_way(kNice), true);
    static_cast<void>(done);
  }

 private:
  const std::lock_guard<std::mutex> lock_;
};

struct GoneIn {
  std::vector<std::string> files;
};
BOOST_DESCRIBE_STRUCT(GoneIn, (), (files))

std::string place_of(const gate::Body& body) { return "bodies/" + body.code; }

SetRow row_of(const Made& made, const std::string& folder) {
  const Manifest& m = made.manifest;
  return {made.file, m.at, m.kind, folder, m.label, m.database ? m.database->bytes : 0, m.originals.count, m.originals.bytes, m.new_bytes, m.took_ms, std::nullopt};
}

bool inside(const std::string& folder, const std::string& of) {
  std::error_code error;
  const std::string inner = fs::weakly_canonical(folder, error).string() + "/";
  const std::string outer = fs::weakly_canonical(of, error).string() + "/";
  return inner.starts_with(outer);
}

}  // namespace

State States::of(const std::string& body) const {
  const std::lock_guard lock(mutex_);
  const auto it = states_.find(body);
  return it == states_.end() ? State{} : it->second;
}

void States::put(const std::string& body, const State& state) {
  const std::lock_guard lock(mutex_);
  states_[body] = state;
}

Status check_settings(const Settings& settings) {
  if (settings.folder.empty()) return ok();
  std::error_code error;
  if (inside(settings.folder, settings.data_folder) || inside(settings.data_folder, settings.folder))
    return fail(Code::invalid_argument, "backup.folder", settings.folder + " and " + settings.data_folder + " lie in one another");
  if (!fs::is_directory(settings.folder, error)) return fail(Code::unavailable, "backup.folder", settings.folder + " is not there");
  return ok();
}

Runner::Runner(gate::Gate& gate, Settings settings, std::vector<gate::Body*> bodies, States& states, Tell tell)
    : gate_(gate), settings_(std::move(settings)), bodies_(std::move(bodies)), states_(states), tell_(std::move(tell)) {
  // What a program that died in a drill left: whole copies of the data.
  std::error_code error;
  for (const char* left : {"/drill", "/drill.restoring", "/rehearsal"}) fs::remove_all(settings_.data_folder + left, error);
}

Result<std::unique_ptr<Folder>> Runner::open_folder(Folder::Purpose purpose) const {
  if (settings_.folder.empty()) return fail(Code::invalid_argument, "backup.folder", "backup.folder is not set");
  SK_CHECK(check_settings(settings_));
  SK_TRY(Secret key, read_key(settings_.key_file));
  return Folder::open(settings_.folder, std::move(key), purpose);
}

Result<Store*> Runner::store_of(const Folder& folder, const std::string& place) {
  auto& held = stores_[place];
  std::error_code error;
  if (!held || !fs::exists(held->path() + "/store", error)) {
    held.reset();
    SK_TRY(held, folder.store(place));
  }
  return held.get();
}

Result<std::optional<Made>> Runner::make(Folder& folder, gate::Body& body, Kind kind, bool afresh, const Pace& pace) {
  auto& maker = makers_[body.code];
  if (!maker) maker = std::make_unique<BodyMaker>(body, settings_.version);
  SK_TRY(Store* const store, store_of(folder, place_of(body)));
  SK_TRY(auto made, maker->make(*store, kind, gate_.clock(), pace, afresh));
  State state = states_.of(body.code);
  if (made) {
    state.last_set = made->manifest.at;
    if (kind == Kind::full) state.last_full = made->manifest.at;
    states_.put(body.code, state);
  }
  if (made && kind == Kind::full) SK_CHECK(record_made(body, *made));
  return made;
}

Status Runner::record_made(gate::Body& body, const Made& made) {
  return record<SetRow>(gate_, body, "backup.made", "控えを取った", row_of(made, settings_.folder), [](gate::Context& context, SetRow& row) {
    context.about(row.file);
    return Table::add_set(context.tx, row);
  });
}

// What the database holds to be there and the folder does not.
Status Runner::record_gone(gate::Body& body, const Store& store) {
  std::set<std::string> there;
  SK_TRY(const auto sets, store.sets());
  for (const SetInfo& set : sets) there.insert(set.file);
  GoneIn gone;
  {
    SK_TRY(auto tx, body.db->begin_read());
    SK_TRY(const auto rows, Table::there(*tx));
    for (const SetRow& row : rows)
      if (row.place == settings_.folder && !there.contains(row.file)) gone.files.push_back(row.file);
  }
  if (gone.files.empty()) return ok();
  return record<GoneIn>(gate_, body, "backup.gone", "控えを消した", std::move(gone), [](gate::Context& context, GoneIn& in) -> Status {
    for (const std::string& file : in.files) SK_CHECK(Table::set_gone(context.tx, file, context.now));
    return ok();
  });
}

void Runner::alarm(gate::Body& body, const Error& error) {
  std::string& told = told_[body.code];
  if (told == error.key) return;
  told = error.key;
  log::error("backup.failed", error);
  if (tell_) tell_(body.code, error.key);
  {
    // A program that was started anew finds the alarm on.
    auto tx = body.db->begin_read();
    const auto open = tx ? Table::open_alarm(**tx) : Result<std::optional<AlarmRow>>(Unexpected(tx.error()));
    if (open && *open && (*open)->reason == error.key) return;
  }
  const Status written = record<AlarmRow>(gate_, body, "backup.alarm", "控えが取れていない", {gate_.clock().now(), error.key, std::nullopt}, [](gate::Context& context, AlarmRow& row) -> Status {
    SK_TRY(const bool ended, Table::end_alarm(context.tx, context.now));
    static_cast<void>(ended);
    return Table::begin_alarm(context.tx, {context.now, row.reason, std::nullopt});
  });
  if (!written) log::error("backup.alarm", written.error());
}

void Runner::alarm_over(gate::Body& body) {
  if (const auto told = told_.find(body.code); told != told_.end() && told->second.empty()) return;
  told_[body.code].clear();
  {
    auto tx = body.db->begin_read();
    const auto open = tx ? Table::open_alarm(**tx) : Result<std::optional<AlarmRow>>(Unexpected(tx.error()));
    if (open && !*open) return;
  }
  log::info("backup.again", {{"body", log::Safe(body.code)}});
  const Status written = record<Nothing>(gate_, body, "backup.alarm_over", "控えがまた取れた", {}, [](gate::Context& context, Nothing&) -> Status {
    SK_TRY(const bool ended, Table::end_alarm(context.tx, context.now));
    static_cast<void>(ended);
    return ok();
  });
  if (!written) log::error("backup.alarm", written.error());
}

// People of all bodies wait for the same disk and the same cores.
Pace Runner::pace_of(std::int64_t rate_bytes, const std::atomic<bool>* stop) const {
  auto written = [this] {
    std::uint64_t sum = 0;
    for (const gate::Body* body : bodies_) sum += body->db->log_bytes();
    return sum;
  };
  return {rate_bytes, stop, std::move(written)};
}

// One body: the full set when it is due, else what changed since the last tick.
Status Runner::look_at(Folder& folder, gate::Body& body, Timestamp now) {
  State state = states_.of(body.code);
  SK_TRY(Store* const store, store_of(folder, place_of(body)));
  if (!state.last_set) {
    SK_TRY(const auto sets, store->sets());
    for (const SetInfo& set : sets) {
      state.last_set = set.at;
      if (set.kind == "full") state.last_full = set.at;
    }
    states_.put(body.code, state);
  }
  const Pace pace = pace_of(settings_.rate_bytes, &stopping_);
  if (!state.last_full || now.micros - state.last_full->micros >= settings_.interval_micros) {
    SK_TRY(const auto made, make(folder, body, Kind::full, false, pace));
    looked_[body.code] = now;
    SK_TRY(const auto sets, store->sets());
    SK_CHECK(store->prune(over(sets, settings_.keeping, now)));
    return record_gone(body, *store);
  }
  if (settings_.tick_micros == 0 || now.micros - looked_[body.code].micros < settings_.tick_micros) return ok();
  looked_[body.code] = now;
  SK_CHECK(make(folder, body, Kind::tick, false, pace));
  return ok();
}

Status Runner::look_at_shared(Folder& folder, Timestamp now) {
  SK_TRY(Store* const store, store_of(folder, kShared));
  SK_TRY(const auto made, make_shared_set(*store, settings_.data_folder, settings_.version, Kind::tick, gate_.clock()));
  if (!made) return ok();
  SK_TRY(const auto sets, store->sets());
  SK_CHECK(store->prune(over(sets, settings_.keeping, now)));
  return ok();
}

void Runner::look() {
  if (settings_.folder.empty()) return;
  const Turn turn(turn_);
  const Timestamp now = gate_.clock().now();
  {
    std::vector<gate::Body*> due;
    bool any_full = false;
    for (gate::Body* body : bodies_) {
      const State state = states_.of(body->code);
      const bool full = !state.last_full || now.micros - state.last_full->micros >= settings_.interval_micros;
      any_full = any_full || full;
      const bool tick = settings_.tick_micros > 0 && now.micros - looked_[body->code].micros >= settings_.tick_micros;
      if ((full || tick) && now >= next_try_[body->code]) due.push_back(body);
    }
    if (due.empty()) return;
    const auto folder = open_folder(Folder::Purpose::write);
    for (gate::Body* body : due) {
      const Status done = folder ? look_at(**folder, *body, now) : Status(Unexpected(folder.error()));
      if (done) {
        alarm_over(*body);
        continue;
      }
      if (done.error().key == "backup.stopped" || done.error().key.starts_with("stops.")) continue;
      next_try_[body->code] = {now.micros + std::min(kTryAgainMicros, settings_.interval_micros)};
      const State state = states_.of(body->code);
      const bool missed = !state.last_full || now.micros - state.last_full->micros >= 2 * settings_.interval_micros;
      // Somebody else works on the folder: only when it lasts.
      if (done.error().key != "backup.busy" || missed) alarm(*body, done.error());
    }
    if (folder && any_full)
      if (const Status shared = look_at_shared(**folder, now); !shared) log::error("backup.failed", shared.error());
  }
  drill_if_due(now);
}

void Runner::drill_if_due(Timestamp now) {
  if (settings_.drill_micros == 0 || bodies_.empty() || stopping_.load()) return;
  for (gate::Body* body : bodies_) {
    auto tx = body->db->begin_read();
    const auto tests = tx ? Table::tests(**tx, 1) : Result<std::vector<TestRow>>(Unexpected(tx.error()));
    if (!tests || (!tests->empty() && now.micros - tests->front().at.micros < settings_.drill_micros)) continue;
    if (now < next_try_["drill"]) return;
    next_try_["drill"] = {now.micros + kTryAgainMicros};
    if (tx) tx->reset();
    const auto done = drill_and_record(std::nullopt);
    if (!done) log::error("backup.drill", done.error());
    else if (!done->good) log::error("backup.drill", Error{Code::corrupt, "backup.drill_failed", "a restored copy differs", {}, {}});
    return;
  }
}

Result<std::vector<Runner::MadeAt>> Runner::make_all(const std::string& only, bool afresh, std::int64_t rate_bytes, const std::atomic<bool>* stop) {
  const Turn turn(turn_);
  SK_TRY(const auto folder, open_folder(Folder::Purpose::write));
  std::vector<MadeAt> out;
  for (gate::Body* body : bodies_) {
    if (!only.empty() && body->code != only) continue;
    auto made = make(*folder, *body, Kind::full, afresh, pace_of(rate_bytes, stop != nullptr ? stop : &stopping_));
    if (!made) {
      alarm(*body, made.error());
      return Unexpected(made.error());
    }
    alarm_over(*body);
    if (*made) out.push_back({place_of(*body), std::move(**made)});
  }
  SK_TRY(Store* const store, store_of(*folder, kShared));
  SK_TRY(auto made, make_shared_set(*store, settings_.data_folder, settings_.version, Kind::full, gate_.clock()));
  if (made) out.push_back({kShared, std::move(*made)});
  return out;
}

Result<Drill> Runner::drill_now(const std::optional<Timestamp>& at) {
  const Turn turn(turn_);
  return drill_and_record(at);
}

Result<Drill> Runner::drill_and_record(const std::optional<Timestamp>& at) {
  SK_TRY(const auto folder, open_folder(Folder::Purpose::read));
  SK_TRY(Drill done, drill(*folder, at, settings_.data_folder + "/drill", gate_.clock().now()));
  SK_CHECK(record_drill(done));
  return done;
}

Status Runner::record_drill(const Drill& done) {
  for (const Comparison& compared : done.bodies)
    for (gate::Body* body : bodies_) {
      if (body->code != compared.body) continue;
      const TestRow row{done.at, compared.set, compared.faults.empty(), done.restored.took_ms, done.compare_ms, done.restored.bytes, compared};
      SK_CHECK(record<TestRow>(gate_, *body, "backup.tested", "控えから戻して確かめた", row, [](gate::Context& context, TestRow& in) {
        context.about(in.file);
        return Table::add_test(context.tx, in);
      }));
    }
  return ok();
}

Result<Pruned> Runner::prune_now(const std::optional<Timestamp>& before) {
  const Turn turn(turn_);
  SK_TRY(const auto folder, open_folder(Folder::Purpose::write));
  Pruned out;
  Keeping keeping = settings_.keeping;
  keeping.before = before;
  SK_TRY(const auto places, folder->places());
  for (const std::string& place : places) {
    SK_TRY(Store* const store, store_of(*folder, place));
    SK_TRY(const auto sets, store->sets());
    SK_TRY(const Pruned pruned, store->prune(over(sets, keeping, gate_.clock().now())));
    out.sets += pruned.sets;
    out.chunks += pruned.chunks;
    out.bytes += pruned.bytes;
    for (gate::Body* body : bodies_)
      if (place_of(*body) == place) SK_CHECK(record_gone(*body, *store));
  }
  return out;
}

}  // namespace sekisho::backup
