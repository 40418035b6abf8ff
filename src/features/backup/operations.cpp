#include "features/backup/operations.h"

#include "features/bodies/operations.h"

namespace sekisho::backup {
namespace {

using bodies::Nothing;

constexpr int kSetsShown = 60;
constexpr int kTestsShown = 12;
constexpr std::int64_t kMinute = 60'000'000;
constexpr std::int64_t kSecond = 1'000'000;

Result<BackupsOut> read(gate::Context& context, const Settings& settings, const States& states) {
  BackupsOut out;
  out.made = !settings.folder.empty();
  out.interval_minutes = settings.interval_micros / kMinute;
  out.tick_seconds = settings.tick_micros / kSecond;
  out.keep_days = settings.keeping.days;
  out.keep_tick_days = settings.keeping.tick_days;
  out.last_set = states.of(context.body.code).last_set;
  SK_TRY(out.alarm, Table::open_alarm(context.tx));
  SK_TRY(out.sets, Table::sets(context.tx, kSetsShown));
  SK_TRY(out.tests, Table::tests(context.tx, kTestsShown));
  const auto newest = std::find_if(out.sets.begin(), out.sets.end(), [](const SetRow& set) { return !set.gone_at; });
  out.late = out.made && (newest == out.sets.end() || context.now.micros - newest->at.micros > 2 * settings.interval_micros);
  return out;
}

}  // namespace

void register_operations(gate::Registry& registry, Settings settings, const States& states) {
  registry.add(gate::Operation<Nothing, BackupsOut>{"backup.list", "控えと、戻して確かめた記録", "backup.read", gate::Access::read, 1024, gate::no_preparation<Nothing>(),
                                                    [settings = std::move(settings), &states](gate::Context& context, Nothing&) { return read(context, settings, states); }});
}

}  // namespace sekisho::backup
