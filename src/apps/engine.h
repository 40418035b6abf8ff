// The program's parts, built in module order. One Engine per process; it holds the data folder's lock, so that two programs never write one log.
//
//   <data>/lock                       held while a program runs
//   <data>/stops/                     emergency stops of the whole service
//   <data>/bodies/<code>/             one body: body.db, keys, blobs/, index/, stops/
#pragma once
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "core/config.h"
#include "features/accounts/operations.h"
#include "features/alarms/alarms.h"
#include "features/approvals/operations.h"
#include "features/backup/operations.h"
#include "features/bodies/profile.h"
#include "features/chat/operations.h"
#include "features/disposal/contract.h"
#include "features/library/library.h"
#include "features/retention/retention.h"
#include "features/privileges/privileges.h"
#include "features/stops/stops.h"
#include "files/pool.h"
#include "gate/run.h"
#include "text/analyse.h"

namespace sekisho::standard {
struct Pack;
}

namespace sekisho::coverage {
class Coverages;
}

namespace sekisho::office {
class Office;
}

namespace sekisho::drafts {
class Drafts;
}

namespace sekisho::apps {

class PolicyFiles;

class Engine {
 public:
  // `reading`: also start the sandboxed readers and ingestion (serve, ingest, demo); other commands do without.
  enum class Reading { no, yes };
  static Result<std::unique_ptr<Engine>> open(const Config& config, Reading reading);
  ~Engine();

  const Config& config() const { return config_; }
  gate::Gate& gate() { return *gate_; }
  gate::Registry& registry() { return registry_; }
  accounts::Accounts& accounts() { return *accounts_; }
  alarms::Alarms& alarms() { return alarms_; }
  approvals::Approvals& approvals() { return *approvals_; }
  chat::Chats& chats() { return *chats_; }
  drafts::Drafts& drafts() { return *drafts_; }
  const office::Office& office() const { return *office_; }
  guards::Guards& guards() { return *guards_; }
  library::Library& library() { return *library_; }
  const bodies::Vocabulary& vocabulary() const { return vocabulary_; }
  stops::Stops& stops() { return *stops_; }
  const gate::StopBoard& stop_board() const { return *board_; }
  const text::Analyzer& analyzer() const { return *analyzer_; }
  const std::map<std::string, std::unique_ptr<gate::Body>>& bodies() const { return bodies_; }

  // The only body, or the named one. Errors name what there is.
  Result<gate::Body*> body(const std::string& code);
  // A new, empty body: folder, keys, database, log.
  Result<gate::Body*> create_body(const std::string& code);
  // Moves every request of every body that the clock has made due. One that fails is logged and leaves the others alone.
  void settle_approvals();
  // Records the notices that wait, once the log can be written.
  void record_alarms();
  // Erases what is over its retention, in every body; likewise.
  void run_retention();
  // Makes the review of a period that is over, in every body; likewise.
  void run_reviews();
  // Notes what turned among the controls of every body, and opens and closes gaps; likewise.
  void run_coverage();
  // What is wrong with what the server watches, by matter (log_watch.h); before the server says where to ask: nothing.
  void failures_from(std::function<std::map<std::string, std::string>()> failures);
  std::map<std::string, std::string> failures() const;
  // Goes on with disposals that are permitted, in every body; likewise.
  void run_disposals();
  disposal::Parts disposal_parts(const gate::Body& body) const;
  // Of all bodies that are open now.
  std::unique_ptr<backup::Runner> backups();
  // Contracts whose end this start carried out.
  const std::vector<disposal::Ended>& ended() const { return ended_; }
  const retention::Chats& kept_chats() const { return kept_chats_; }
  Status name_body(gate::Body& body);  // after its profile was set: name, words, listener's segment
  gate::Caller caller(gate::Body& body, gate::Credential credential) const;

 private:
  explicit Engine(Config config) : config_(std::move(config)) {}
  Status build(Reading reading);
  Status make_accounts(const PolicyFiles& policy_files);
  Status open_bodies();

  Config config_;
  SystemClock clock_;
  int lock_ = -1;
  alarms::Alarms alarms_{clock_};
  std::unique_ptr<const text::Analyzer> analyzer_;
  std::unique_ptr<files::Extractor> extractor_;
  factors::Factors factors_;
  bodies::Vocabulary vocabulary_;
  std::unique_ptr<privileges::Privileges> privileges_;
  std::unique_ptr<accounts::Accounts> accounts_;
  std::unique_ptr<gate::StopBoard> board_;
  std::unique_ptr<approvals::Approvals> approvals_;
  std::unique_ptr<gate::Gate> gate_;
  std::map<std::string, std::unique_ptr<gate::Body>> bodies_;
  std::unique_ptr<library::Library> library_;
  std::unique_ptr<guards::Guards> guards_;
  std::unique_ptr<chat::Chats> chats_;
  std::unique_ptr<stops::Stops> stops_;
  std::shared_ptr<const standard::Pack> standard_;  // what the program knows of policies in general
  retention::Chats kept_chats_;
  std::vector<disposal::Ended> ended_;
  backup::States backup_states_;
  std::shared_ptr<coverage::Coverages> coverages_;
  std::function<std::map<std::string, std::string>()> failures_;
  mutable std::mutex failures_mutex_;
  gate::Registry registry_;
  std::shared_ptr<const office::Office> office_;
  std::shared_ptr<drafts::Drafts> drafts_;  // it looks at office_
};

// Folders beside the program, in the build tree or installed: packs, web, worker. Empty settings are filled in.
backup::Settings backup_settings(const Config& config);
void fill_in_paths(Config& config, const std::string& program);
// status.read, and log.check: an act that does nothing but be recorded, so that who asks knows that the log can be written.
void register_status(gate::Registry& registry);
bool good_code(const std::string& code);  // of a body

}  // namespace sekisho::apps
