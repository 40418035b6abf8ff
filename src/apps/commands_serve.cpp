// serve: the server. openapi: its description, made from the registry and the routes.
#include <cstdio>
#include <sys/resource.h>
#include <unistd.h>

#include "apps/clockwork.h"
#include "apps/command.h"
#include "apps/control.h"
#include "apps/log_watch.h"
#include "apps/policy_clock.h"
#include "apps/self_check.h"
#include "apps/serving.h"
#include "core/log.h"
#include "http/openapi.h"

namespace sekisho::apps {
namespace {

// Backups give way to what people wait for. Not idle: the thread holds locks of the database for moments, which others then wait for.
void give_way() {
  constexpr int kNice = 10;
  static thread_local const bool done = ::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), kNice) == 0;
  static_cast<void>(done);
}

Status serve(Invocation& in) {
  // A folder that is not there now may come back, and is an alarm until then.
  if (const Status checked = backup::check_settings(backup_settings(in.config)); !checked && checked.error().code == Code::invalid_argument) return checked;
  SK_TRY(auto engine, Engine::open(in.config, Engine::Reading::yes));
  SK_TRY(auto watch, LogWatch::create(*engine));
  SK_CHECK(watch->compare_at_start());
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
  // Uses ask the clock themselves; this only writes down what has begun and ended, and tells those concerned.
  auto clockwork = std::make_unique<Clockwork>(std::chrono::milliseconds(in.config.approvals_settle_ms), [&engine] {
    engine->settle_approvals();
    settle_policies(*engine);
  });
  auto witnessing = std::make_unique<Clockwork>(std::chrono::milliseconds(in.config.witness_interval_ms), [&watch] { watch->look(); });
  auto forwarding = watch->forwards() ? std::make_unique<Clockwork>(std::chrono::seconds(1), [&watch] { watch->forward(); }) : nullptr;
  auto retention = std::make_unique<Clockwork>(std::chrono::milliseconds(in.config.retention_run_ms), [&engine] { engine->run_retention(); });
  auto reviews = std::make_unique<Clockwork>(std::chrono::milliseconds(in.config.retention_run_ms), [&engine] { engine->run_reviews(); });
  auto disposals = std::make_unique<Clockwork>(std::chrono::milliseconds(in.config.approvals_settle_ms), [&engine] { engine->run_disposals(); });
  const auto alarms = std::make_unique<Clockwork>(std::chrono::milliseconds(500), [&engine] { engine->record_alarms(); });
  auto clock = std::make_unique<Clockwork>(std::chrono::milliseconds(in.config.clock_interval_ms), [&self] { self.look_clock(); });
  auto files = std::make_unique<Clockwork>(std::chrono::milliseconds(in.config.integrity_interval_ms), [&self] { self.look_files(); });
  SK_TRY(auto control, Control::start(*engine, {"log.check", "log.export", "log.head", "log.prove", "log.prove_consistency"}, [&watch] { return watch->failures(); }));
  const auto runner = engine->backups();
  auto backups = std::make_unique<Clockwork>(std::chrono::seconds(1), [&runner] {
    give_way();
    runner->look();
  });
  const int signal = serving->runtime().wait_for_stop();
  log::info("serve.stopping", {{"signal", signal}});
  control.reset();
  clock.reset();
  files.reset();
  runner->stop();
  backups.reset();
  clockwork.reset();
  retention.reset();
  reviews.reset();
  disposals.reset();
  serving.reset();
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
