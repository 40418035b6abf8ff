// serve: the server. openapi: its description, made from the registry and the routes.
#include <cstdio>

#include "apps/backup_tasks.h"
#include "apps/clockwork.h"
#include "apps/office.h"
#include "apps/command.h"
#include "apps/control.h"
#include "apps/log_watch.h"
#include "apps/mailing.h"
#include "apps/policy_clock.h"
#include "apps/self_check.h"
#include "apps/serving.h"
#include "core/log.h"
#include "http/openapi.h"

namespace sekisho::apps {
namespace {

Status serve(Invocation& in) {
  // A folder that is not there now may come back, and is an alarm until then.
  if (const Status checked = backup::check_settings(backup_settings(in.config)); !checked && checked.error().code == Code::invalid_argument) return checked;
  SK_TRY(auto engine, Engine::open(in.config, Engine::Reading::yes));
  SK_TRY(auto watch, LogWatch::create(*engine));
  SK_CHECK(watch->compare_at_start());
  SK_TRY(const auto mailing, Mailing::create(*engine));
  SelfCheck self(*engine);
  SK_CHECK(manifest_keys(in.config));  // a security setting that cannot be read stops the start
  self.compare_at_start();
  self.look_files();
  SK_TRY(auto serving, Serving::start(*engine));
  json::Array urls;
  std::string text;
  for (const Serving::Place& place : serving->places()) {
    urls.emplace_back(json::Object{{"url", place.url}, {"segment", place.segment}});
    text += place.url + "（" + place.segment + "）で待ち受けています。\n";
  }
  in.print(json::Object{{"url", urls[0].at("url")}, {"listeners", urls}, {"pid", static_cast<std::int64_t>(::getpid())}}, text + "止めるには Ctrl-C。");
  std::fflush(stdout);
  OfficeClock office_clock(*engine);
  // Uses ask the clock themselves; this only writes down what has begun and ended, and tells those concerned.
  auto clockwork = std::make_unique<Clockwork>(std::chrono::milliseconds(in.config.approvals_settle_ms), [&engine, &office_clock] {
    engine->settle_approvals();
    settle_policies(*engine);
    office_clock.look();
  });
  auto mail = mailing ? std::make_unique<Clockwork>(std::chrono::milliseconds(in.config.mail_interval_ms), [&mailing] { mailing->look(); }) : nullptr;
  auto witnessing = std::make_unique<Clockwork>(std::chrono::milliseconds(in.config.witness_interval_ms), [&watch] { watch->look(); });
  auto forwarding = watch->forwards() ? std::make_unique<Clockwork>(std::chrono::seconds(1), [&watch] { watch->forward(); }) : nullptr;
  auto retention = std::make_unique<Clockwork>(std::chrono::milliseconds(in.config.retention_run_ms), [&engine] { engine->run_retention(); });
  auto reviews = std::make_unique<Clockwork>(std::chrono::milliseconds(in.config.retention_run_ms), [&engine] { engine->run_reviews(); });
  engine->failures_from([&watch] { return watch->failures(); });
  auto coverage = std::make_unique<Clockwork>(std::chrono::milliseconds(in.config.retention_run_ms), [&engine] { engine->run_coverage(); });
  auto disposals = std::make_unique<Clockwork>(std::chrono::milliseconds(in.config.approvals_settle_ms), [&engine] { engine->run_disposals(); });
  const auto alarms = std::make_unique<Clockwork>(std::chrono::milliseconds(500), [&engine] { engine->record_alarms(); });
  auto clock = std::make_unique<Clockwork>(std::chrono::milliseconds(in.config.clock_interval_ms), [&self] { self.look_clock(); });
  auto files = std::make_unique<Clockwork>(std::chrono::milliseconds(in.config.integrity_interval_ms), [&self] { self.look_files(); });
  const auto runner = engine->backups();
  Control::Tasks tasks;
  tasks["backup"] = [&runner, rate = backup_settings(in.config).rate_bytes](const json::Value& input) -> Result<json::Value> {
    SK_TRY(const BackupTask task, json::read<BackupTask>(input));
    SK_TRY(const BackupTold told, carry_out(*runner, task, rate));
    return json::to_value(told);
  };
  SK_TRY(auto control, Control::start(*engine, {"log.check", "log.export", "log.head", "log.prove", "log.prove_consistency", "coverage.read", "coverage.dossier"}, std::move(tasks), [&watch] { return watch->failures(); }));
  auto backups = std::make_unique<Clockwork>(std::chrono::seconds(1), [&runner] { runner->look(); });
  const int signal = serving->runtime().wait_for_stop();
  log::info("serve.stopping", {{"signal", signal}});
  runner->stop();
  control.reset();
  clock.reset();
  files.reset();
  backups.reset();
  clockwork.reset();
  mail.reset();
  retention.reset();
  reviews.reset();
  disposals.reset();
  coverage.reset();
  serving.reset();
  engine->failures_from(nullptr);
  witnessing.reset();
  forwarding.reset();
  return ok();
}

Status openapi(Invocation& in) {
  SK_TRY(auto engine, Engine::open(in.config, Engine::Reading::no));
  const std::string text = http::openapi_yaml(engine->registry(), SK_VERSION);
  in.print(json::Value(text), text);
  return ok();
}

}  // namespace

void add_serve_commands(std::vector<Command>& commands) {
  commands.push_back({"serve", "[--set listen.port=N]", "サービスを動かす", {}, {}, serve});
  commands.push_back({"openapi", "", "HTTPインターフェースの記述を出す", {}, {}, openapi});
}

}  // namespace sekisho::apps
