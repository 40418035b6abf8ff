#include "apps/engine.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <filesystem>

#include "apps/decision_sources.h"
#include "apps/migrations.h"
#include "apps/office.h"
#include "apps/policy_files.h"
#include "apps/probes.h"
#include "core/bytes.h"
#include "core/log.h"
#include "crypto/random.h"
#include "features/accounts/staff.h"
#include "features/accounts/standing.h"
#include "features/bodies/operations.h"
#include "features/changes/changes.h"
#include "features/contentlog/operations.h"
#include "features/coverage/coverage.h"
#include "features/directories/operations.h"
#include "features/drafts/drafts.h"
#include "features/endpoints/operations.h"
#include "features/flows/operations.h"
#include "features/interchange/operations.h"
#include "features/logs/operations.h"
#include "features/lowering/lowering.h"
#include "features/metering/operations.h"
#include "features/office/ledger.h"
#include "features/office/mail.h"
#include "features/office/operations.h"
#include "features/office/overview.h"
#include "features/office/sheets.h"
#include "features/papers/papers.h"
#include "features/reading/operations.h"
#include "features/reviews/reviews.h"
#include "features/services/operations.h"
#include "features/standard/amending.h"
#include "features/standard/meaning_operations.h"
#include "features/standard/operations.h"
#include "features/standard/opinions.h"
#include "features/standard/publishing.h"
#include "features/standard/reference_operations.h"
#include "features/switches/switches.h"
#include "text/name_reader.h"

namespace sekisho::apps {
namespace {

namespace fs = std::filesystem;

struct LogView {
  std::int64_t size = 0;
  std::string root;
  std::optional<Timestamp> checkpoint_at;
};
BOOST_DESCRIBE_STRUCT(LogView, (), (size, root, checkpoint_at))
struct StatusView {
  std::string version;
  LogView log;
};
BOOST_DESCRIBE_STRUCT(StatusView, (), (version, log))

// Who keeps ranks, and moves them when a body takes up another classification scheme.
std::vector<bodies::Follower> scheme_followers() {
  using policy::SchemeChange;
  return {[](gate::Context& c, const SchemeChange& s) { return accounts::StaffTable::carry_over(c.tx, s.c); },
          [](gate::Context& c, const SchemeChange& s) { return services::Table::carry_over(c.tx, s.c); },
          [](gate::Context& c, const SchemeChange& s) { return endpoints::Table::carry_over(c.tx, s.c); },
          [](gate::Context& c, const SchemeChange& s) { return guards::carry_over(c, s); },
          [](gate::Context& c, const SchemeChange& s) { return library::Table::carry_over(c.tx, s); },
          [](gate::Context& c, const SchemeChange& s) { return chat::Table::carry_over(c.tx, s); },
          [](gate::Context& c, const SchemeChange& s) { return office::CaseTable::carry_over(c.tx, s); }};
}

}  // namespace

bool good_code(const std::string& code) {
  return !code.empty() && code.size() <= 32 && code.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789") == std::string::npos;
}

void fill_in_paths(Config& config, const std::string& program) {
  std::error_code error;
  const fs::path here = fs::canonical(program, error).parent_path();
  // Installed: <prefix>/bin beside <prefix>/share/sekisho. Built: build/<preset>/bin inside the source tree.
  const fs::path share = here.parent_path() / "share" / "sekisho";
  const bool installed = fs::exists(share, error);
  const fs::path source = installed ? share : fs::path(SK_SOURCE_DIR);
  if (config.packs_dir.empty()) config.packs_dir = (source / "packs").string();
  if (config.web_dir.empty()) config.web_dir = (installed ? share / "web" : source / "web" / "dist").string();
  if (config.integrity_manifest.empty()) config.integrity_manifest = (here / "sekisho.manifest").string();
  if (config.worker_path.empty()) config.worker_path = (here / "sekisho-worker").string();
}

void register_status(gate::Registry& registry) {
  registry.add(gate::Operation<bodies::Nothing, StatusView>{"status.read", "版とログの状態を見る", "status.read", gate::Access::read, 1024,
                                                            gate::no_preparation<bodies::Nothing>(), [](gate::Context& context, bodies::Nothing&) -> Result<StatusView> {
                                                              const gate::LogStatus s = context.body.writer->status();
                                                              LogView log{static_cast<std::int64_t>(s.size), s.root_hex, std::nullopt};
                                                              if (s.checkpoint_size > 0) log.checkpoint_at = s.checkpoint_at;
                                                              return StatusView{SK_VERSION, std::move(log)};
                                                            }});
  registry.add(gate::Operation<bodies::Nothing, bodies::Nothing>{"log.check", "記録に書けることを確かめる", "log.check", gate::Access::write, 1024,
                                                                 gate::no_preparation<bodies::Nothing>(),
                                                                 [](gate::Context&, bodies::Nothing&) -> Result<bodies::Nothing> { return bodies::Nothing{}; }});
}

Result<std::unique_ptr<Engine>> Engine::open(const Config& config, Reading reading) {
  std::unique_ptr<Engine> engine(new Engine(config));
  SK_CHECK(engine->build(reading));
  return engine;
}

Engine::~Engine() {
  stops_.reset();
  library_.reset();
  bodies_.clear();
  if (lock_ >= 0) ::close(lock_);
}

Status Engine::build(Reading reading) {
  SK_CHECK(crypto::init());
  std::error_code error;
  fs::create_directories(config_.data_dir + "/bodies", error);
  if (error) return fail(Code::unavailable, "storage.io", "cannot create " + config_.data_dir + ": " + error.message());
  fs::permissions(config_.data_dir, fs::perms::owner_all, error);
  lock_ = ::open((config_.data_dir + "/lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (lock_ < 0 || ::flock(lock_, LOCK_EX | LOCK_NB) != 0) return fail(Code::unavailable, "data.locked", config_.data_dir + " is in use by another program");
  // A contract that was being ended is ended, before anything of it could be taken for a body.
  SK_TRY(ended_, disposal::finish_contracts(config_.data_dir, config_.heads_folder.empty() ? config_.data_dir + "/heads" : config_.heads_folder, config_.backup_folder));
  SK_TRY(const PolicyFiles policy_files, PolicyFiles::load(config_.packs_dir));
  SK_TRY(policy::Matrix matrix, policy_files.matrix());
  vocabulary_ = policy_files.vocabulary();
  text::Analyzer::Options options;
  options.dictionary = config_.dictionary_dir;
  options.variants = config_.packs_dir + "/analysis/variants.tsv";
  SK_TRY(analyzer_, text::Analyzer::create(options));
  SK_CHECK(make_accounts(policy_files));
  const policy::ActionRule* const release = matrix.find("stops.release");
  if (release == nullptr) return fail(Code::corrupt, "policy.rule", "no row 'stops.release'");
  board_ = std::make_unique<gate::StopBoard>(release->who_can_permit);
  SK_TRY(auto kinds, approvals::Kinds::load(config_.packs_dir + "/approvals/kinds.json"));
  approvals_ = std::make_unique<approvals::Approvals>(std::move(kinds), accounts::directory());
  gate_ = std::make_unique<gate::Gate>(
      std::move(matrix), [this](sql::Tx& tx, const gate::Caller& caller, Timestamp now) { return accounts_->authenticate(tx, caller, now); }, *board_, clock_);
  // What is stopped is stopped before anything runs.
  SK_TRY(stops_, stops::Stops::open(*board_, *gate_, config_.data_dir));
  if (reading == Reading::yes) {
    files::ExtractorSettings settings;
    settings.worker_path = config_.worker_path;
    settings.workers = static_cast<std::size_t>(config_.workers_files);
    SK_TRY(extractor_, files::Extractor::create(std::move(settings)));
  }
  SK_TRY(const auto office, make_office(config_, policy_files));
  office_ = office;
  library_ = std::make_unique<library::Library>(*analyzer_, extractor_.get(), *gate_,
                                                library::Settings{static_cast<std::size_t>(config_.workers_files), static_cast<std::uint64_t>(config_.upload_max_bytes), config_.storage_max_bytes});
  const std::string guard_path = config_.packs_dir + "/policy/guards.json";
  SK_TRY(const std::string guard_rules, read_file(guard_path, 1 << 20).context("guard rules"));
  SK_TRY(guards_, guards::Guards::create(*analyzer_, guard_rules).context(guard_path));
  chat::Settings settings;
  settings.max_prompt_characters = config_.prompt_max_characters;
  settings.connect_timeout = std::chrono::milliseconds(config_.model_connect_timeout_ms);
  settings.first_timeout = std::chrono::milliseconds(config_.model_first_token_timeout_ms);
  settings.idle_timeout = std::chrono::milliseconds(config_.model_idle_timeout_ms);
  settings.max_answer_bytes = static_cast<std::uint64_t>(config_.model_max_answer_bytes);
  settings.proxy = config_.proxy_url;
  settings.usage = {config_.usage_monthly_characters, config_.usage_answer_reserve, config_.storage_max_bytes};
  metering::register_operations(registry_, settings.usage);
  const chat::Admit admit = [this](gate::Context& context) { return reading::may_ask(context, *standard_); };
  drafts_ = std::make_shared<drafts::Drafts>(*office_, *analyzer_, *guards_, admit, settings);
  chats_ = std::make_unique<chat::Chats>(
      *analyzer_, *guards_,
      [this](gate::Context& context, const std::string& question, const std::vector<library::CollectionId>& collections, std::size_t limit) {
        return library_->retrieve(context, question, collections, limit);
      },
      admit, std::move(settings));
  bodies::register_operations(registry_, vocabulary_, scheme_followers());
  factors_.register_operations(registry_, accounts_->people());
  approvals_->register_operations(registry_);
  privileges_->register_operations(registry_, *approvals_, accounts_->privileged_people());
  accounts_->register_operations(registry_);
  const auto second = changes::ask_second(*approvals_);
  changes::register_handler(*approvals_);
  services::register_operations(registry_, second);
  flows::register_operations(registry_, second);
  directories::register_operations(registry_, [](sql::Tx& tx, std::string_view login) -> Result<std::optional<factors::PersonId>> {
    SK_TRY(const auto account, accounts::Table::find_login(tx, login));
    return account ? std::optional(factors::PersonId::trusted(account->id.str())) : std::nullopt;
  });
  endpoints::register_operations(registry_, second);
  guards_->register_operations(registry_);
  library_->register_operations(registry_);
  lowering::register_operations(registry_, *approvals_);
  disposal::register_operations(registry_, *approvals_);
  chats_->register_operations(registry_);
  office::register_operations(registry_, office);
  office::register_ledger_operations(registry_, office, extractor_.get());
  office::register_overviews(registry_, office);
  office::register_sheets(registry_, office);
  office::register_mail(registry_, office->directory(), !config_.mail_host.empty());
  switches::register_operations(registry_);
  alarms_.on_recorded([office](gate::Context& context, const alarms::Alarm& alarm) { return office->happened(context, alarm.kind, "", alarm.detail); });
  stops_->register_operations(registry_);
  alarms_.register_operations(registry_);
  backup::register_operations(registry_, backup_settings(config_), backup_states_);
  logs::register_operations(registry_);
  contentlog::register_operations(registry_);
  reviews::register_operations(registry_);
  kept_chats_ = {[](sql::Tx& tx, Timestamp before, int limit) -> Result<std::vector<std::string>> {
                   SK_TRY(const auto ids, chat::Table::idle_since(tx, before, limit));
                   std::vector<std::string> out;
                   for (const auto& id : ids) out.push_back(id.str());
                   return out;
                 },
                 [](sql::Tx& tx, const std::string& id) { return chat::Table::remove(tx, chat::ChatId::trusted(id)); }};
  retention::register_operations(registry_, kept_chats_);
  standard::register_operations(registry_, extractor_.get());
  standard::register_versions(registry_, *approvals_);
  standard::register_amending(registry_);
  standard::register_opinions(registry_);
  standard::register_publishing(registry_);
  SK_TRY(auto standard_pack, standard::Pack::load(config_.packs_dir));
  standard_ = std::make_shared<const standard::Pack>(std::move(standard_pack));
  office->clauses_from(policy_clauses(standard_));
  standard::register_meanings(registry_, standard_);
  reading::register_operations(registry_, standard_, office);
  std::set<std::string> answering = vocabulary_.permitters;
  for (const auto& actor : standard_->rules.actors) answering.insert(actor.key);
  SK_TRY(coverages_, coverage::Coverages::create(config_.packs_dir, coverage_probes(*this), coverage_sources(office_), answering, standard_));
  coverages_->register_operations(registry_);
  interchange::register_operations(registry_, extractor_.get(), standard_, *coverages_);
  standard::register_references(registry_, standard_);
  papers::register_operations(registry_, office);
  const Deciders deciders{*approvals_, *office, *stops_, *coverages_};
  decisions::register_operations(registry_, decision_sources(deciders), decision_figures(deciders));
  register_status(registry_);
  // An operation without its row in the matrix could only ever be refused: that is a mistake, told at the start.
  for (const auto& [name, entry] : registry_.entries())
    if (gate_->matrix().find(entry.action) == nullptr) return fail(Code::corrupt, "policy.rule", "operation " + name + " has no row '" + entry.action + "'");
  return open_bodies();
}

Status Engine::make_accounts(const PolicyFiles& policy_files) {
  const Config& c = config_;
  if (c.session_privileged_idle_ms >= c.session_idle_ms || c.session_privileged_absolute_ms >= c.session_absolute_ms)
    return fail(Error{Code::invalid_argument, "config.value", "session.privileged_idle_ms and session.privileged_absolute_ms must be below the ordinary ones", "11(2)ア(ウ)e",
                      "head"});
  accounts::Settings settings;
  settings.ordinary = {c.session_idle_ms * 1000, c.session_absolute_ms * 1000};
  settings.privileged = {c.session_privileged_idle_ms * 1000, c.session_privileged_absolute_ms * 1000};
  const std::int64_t forget = c.lockout_forget_ms * 1000;
  settings.lock.login = {static_cast<int>(c.lockout_attempts), c.lockout_first_wait_ms * 1000, c.lockout_longest_wait_ms * 1000, forget, 0};
  settings.lock.privileged = {static_cast<int>(c.lockout_privileged_attempts), c.lockout_privileged_first_wait_ms * 1000, c.lockout_privileged_longest_wait_ms * 1000, forget, 0};
  // An address serves many people: it forgets a failure a minute, and waits shorter.
  settings.lock.source = {static_cast<int>(c.lockout_source_attempts), 10'000'000, 900'000'000, forget, 60'000'000};
  SK_CHECK(accounts::check_rules(settings.lock));
  settings.provisional_micros = c.password_provisional_ms * 1000;
  settings.unused_days = static_cast<int>(c.accounts_unused_days);
  const auto cores = static_cast<std::int64_t>(std::thread::hardware_concurrency());
  settings.hashing.threads = static_cast<std::size_t>(c.login_workers > 0 ? c.login_workers : std::max<std::int64_t>(1, cores - 1));
  settings.privileged_powers = policy_files.privileged_powers();
  settings.credential_powers = policy_files.credential_powers();
  settings.elevation_minutes = static_cast<int>(c.privileges_most_minutes);
  privileges_ = std::make_unique<privileges::Privileges>(privileges::Settings{settings.elevation_minutes, settings.privileged_powers});
  SK_TRY(auto passwords, accounts::Passwords::load(c.packs_dir + "/passwords/words.txt",
                                                   {static_cast<int>(c.password_single_factor_characters), static_cast<int>(c.password_multi_factor_characters)}));
  accounts_ = std::make_unique<accounts::Accounts>(std::move(settings), std::move(passwords),
                                                   [this](const std::string& text) { return text::read_name(analyzer_->dictionary(), text); });
  return ok();
}

Status Engine::open_bodies() {
  std::vector<std::string> codes;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(config_.data_dir + "/bodies", error))
    if (entry.is_directory() && good_code(entry.path().filename().string())) codes.push_back(entry.path().filename().string());
  std::sort(codes.begin(), codes.end());
  for (const std::string& code : codes) {
    SK_TRY(gate::Body* const opened, create_body(code));
    SK_CHECK(name_body(*opened));
    SK_TRY(const int unknown, chats_->settle(*gate_, *opened));
    if (unknown > 0) log::warn("chat.settled_as_unknown", {{"answers", unknown}});
    SK_TRY(const int uncounted, metering::settle_open(*gate_, *opened));
    if (uncounted > 0) log::warn("usage.settled_as_unknown", {{"uses", uncounted}});
  }
  return ok();
}

void Engine::settle_approvals() {
  const auto operation = approvals::settle(*approvals_);
  for (const auto& [code, body] : bodies_) {
    auto tx = body->db->begin_read();
    const auto due = tx ? approvals::due(**tx, clock_.now()) : Result<std::vector<approvals::RequestId>>(Unexpected(tx.error()));
    if (tx) tx->reset();
    if (!due) {
      log::error("approvals.due", due.error());
      continue;
    }
    for (const auto& id : *due)
      if (const auto done = gate_->run(operation, caller(*body, gate::Program{}), approvals::RequestIdIn{id}); !done) log::error("approvals.settle", done.error());
  }
}

void Engine::record_alarms() {
  if (alarms_.waits()) alarms_.settle(*gate_);
}

void Engine::run_retention() {
  for (const auto& [code, body] : bodies_) {
    const auto done = retention::run(*gate_, *body, kept_chats_);
    if (!done) log::error("retention.run", done.error());
    else if (done->periods + done->chats > 0) log::info("retention.erased", {{"periods", done->periods}, {"chats", done->chats}});
  }
}

void Engine::run_coverage() {
  for (const auto& [code, body] : bodies_) {
    const auto done = coverages_->run(*gate_, *body);
    if (!done) log::error("coverage.run", done.error());
    else if (done->opened + done->closed > 0) log::info("coverage.gaps", {{"opened", done->opened}, {"closed", done->closed}});
  }
}

void Engine::failures_from(std::function<std::map<std::string, std::string>()> failures) {
  const std::lock_guard lock(failures_mutex_);
  failures_ = std::move(failures);
}

std::map<std::string, std::string> Engine::failures() const {
  const std::lock_guard lock(failures_mutex_);
  return failures_ ? failures_() : std::map<std::string, std::string>();
}

void Engine::run_reviews() {
  const auto number = [](std::int64_t value) { return static_cast<int>(value); };
  const reviews::Rules rules{number(config_.reviews_burst), number(config_.reviews_day_begins), number(config_.reviews_day_ends), number(config_.lockout_attempts),
                             number(config_.reviews_months)};
  for (const auto& [code, body] : bodies_) {
    const auto made = reviews::run(*gate_, *body, rules);
    if (!made) log::error("reviews.run", made.error());
    else if (*made > 0) log::info("reviews.made", {{"reviews", *made}});
  }
}

disposal::Parts Engine::disposal_parts(const gate::Body& body) const {
  disposal::Parts out{*library_, config_.data_dir, {}, config_.backup_folder, config_.backup_keep_days};
  for (const auto& [code, other] : bodies_)
    if (other.get() != &body) out.others.push_back(other.get());
  return out;
}

void Engine::run_disposals() {
  for (const auto& [code, body] : bodies_) {
    const auto done = disposal::run(*gate_, *body, disposal_parts(*body));
    if (!done) log::error("disposal.run", done.error());
    else if (done->certified > 0) log::info("disposal.certified", {{"disposals", done->certified}});
  }
}

backup::Settings backup_settings(const Config& c) {
  constexpr std::int64_t kMillisecond = 1000;
  constexpr std::int64_t kDay = 86'400'000'000;
  return {c.backup_folder, c.backup_key_file.empty() ? c.data_dir + "/backup.key" : c.backup_key_file, c.data_dir, SK_VERSION, c.backup_interval_ms * kMillisecond,
          c.backup_tick_ms * kMillisecond, c.backup_drill_days * kDay, {c.backup_keep_days, c.backup_keep_tick_days, std::nullopt}, c.backup_rate_bytes};
}

std::unique_ptr<backup::Runner> Engine::backups() {
  std::vector<gate::Body*> all;
  for (const auto& [code, body] : bodies_) all.push_back(body.get());
  return std::make_unique<backup::Runner>(*gate_, backup_settings(config_), std::move(all), backup_states_,
                                          [this](const std::string& body, const std::string& reason) { alarms_.raise(body, "backup_missed", reason); });
}

Result<gate::Body*> Engine::create_body(const std::string& code) {
  if (!good_code(code)) return fail(Code::invalid_argument, "bodies.code", "a body's code has 1 to 32 characters a-z and 0-9");
  gate::BodyOptions options;
  options.writer.checkpoint_interval_micros = config_.checkpoint_interval_ms * 1000;
  options.writer.on_outcome = [this, code](const Status& outcome) {
    if (!outcome) alarms_.raise(code, "log_unwritable", outcome.error().key);
  };
  if (extractor_) options.log_ahead_bytes = static_cast<std::uint64_t>(config_.storage_log_ahead_bytes);  // who reads files runs for long
  SK_TRY(auto opened, gate::open_body(config_.data_dir + "/bodies/" + code, code, migrations(), clock_, options));
  gate::Body* const raw = opened.get();
  bodies_[code] = std::move(opened);
  SK_CHECK(alarms_.attach(*raw));
  SK_CHECK(stops_->attach(*raw));
  SK_CHECK(library_->attach(*raw));
  return raw;
}

Status Engine::name_body(gate::Body& body) {
  SK_TRY(auto tx, body.db->begin_read());
  const auto profile = bodies::Table::profile(*tx);
  if (!profile) return profile.error().key == "bodies.not_set_up" ? ok() : Status(Unexpected(profile.error()));
  body.name = profile->name;
  SK_TRY(auto words, bodies::words_of(*tx));
  body.words.store(std::make_shared<const gate::BodyWords>(std::move(words)));
  const auto& segments = profile->profile.segments;
  body.segments.clear();
  for (const auto& segment : segments) body.segments.push_back(segment.code);
  // The first listener that serves a segment of this body; the command line acts there too.
  body.listener_segment = 0;
  for (const ListenConfig& listen : listeners_of(config_))
    if (body.listener_segment == 0) body.listener_segment = body.segment(listen.segment);
  // A body without segments is valid; a listener whose segment the body does not know is a missing security setting.
  if (!segments.empty() && body.listener_segment == 0)
    return fail(Code::invalid_argument, "config.value", "no listener serves a segment of body " + body.code);
  return ok();
}

Result<gate::Body*> Engine::body(const std::string& code) {
  if (code.empty() && bodies_.size() == 1) return bodies_.begin()->second.get();
  const auto it = bodies_.find(code);
  if (it != bodies_.end()) return it->second.get();
  std::string known;
  for (const auto& [name, body] : bodies_) known += (known.empty() ? "" : ", ") + name;
  return fail(Code::not_found, "bodies.not_found", code.empty() ? "--body is needed; bodies: " + known : "no body '" + code + "'; bodies: " + known);
}

gate::Caller Engine::caller(gate::Body& body, gate::Credential credential) const {
  return {&body, std::move(credential), body.listener_segment, "cli", "local", ""};
}

}  // namespace sekisho::apps
