#include "apps/probes.h"

#include <array>

namespace sekisho::apps {
namespace {

struct Row {
  std::string_view name;
  bool of_machine;
  coverage::Finding (*look)(const Observed&);
};

// One line each.
constexpr std::array kProbes = {
    Row{"second_factor", false, probes::second_factor},
    Row{"password_rule", false, probes::password_rule},
    Row{"provisional_password", false, probes::provisional_password},
    Row{"lockout", false, probes::lockout},
    Row{"idle_timeout", false, probes::idle_timeout},
    Row{"absolute_timeout", false, probes::absolute_timeout},
    Row{"login_banner", false, probes::login_banner},
    Row{"access_rules", false, probes::access_rules},
    Row{"default_accounts", false, probes::default_accounts},
    Row{"unused_accounts", false, probes::unused_accounts},
    Row{"elevation", false, probes::elevation},
    Row{"two_person_changes", false, probes::two_person_changes},
    Row{"acknowledgement", false, probes::acknowledgement},
    Row{"separation_of_duties", false, probes::separation_of_duties},
    Row{"flows", false, probes::flows},
    Row{"no_export", false, probes::no_export},
    Row{"listener_sources", false, probes::listener_sources},
    Row{"transport", false, probes::transport},
    Row{"forwarded_header", false, probes::forwarded_header},
    Row{"endpoints", false, probes::endpoints},
    Row{"guards", false, probes::guards},
    Row{"sandbox", true, probes::sandbox},
    Row{"storage_limit", false, probes::storage_limit},
    Row{"disk_space", false, probes::disk_space},
    Row{"log_verifies", false, probes::log_verifies},
    Row{"log_payloads", false, probes::log_payloads},
    Row{"log_forwarding", false, probes::log_forwarding},
    Row{"log_retention", false, probes::log_retention},
    Row{"log_reviews", false, probes::log_reviews},
    Row{"notices", false, probes::notices},
    Row{"clock", false, probes::clock},
    Row{"program_files", true, probes::program_files},
    Row{"data_folder", false, probes::data_folder},
    Row{"key_files", false, probes::key_files},
    Row{"backups", false, probes::backups},
    Row{"restore_drill", false, probes::restore_drill},
    Row{"emergency_stop", false, probes::emergency_stop},
};

}  // namespace

std::vector<coverage::Probe> coverage_probes(Engine& engine) {
  std::vector<coverage::Probe> out;
  for (const Row& row : kProbes)
    out.push_back({std::string(row.name), row.of_machine,
                   [&engine, look = row.look](gate::Body& body, sql::Tx& tx, Timestamp now) { return look(Observed{engine, body, tx, now}); }});
  return out;
}

namespace probes {

Finding green(std::string reason) { return {coverage::State::green, std::move(reason), {}, {}}; }
Finding amber(std::string reason) { return {coverage::State::amber, std::move(reason), {}, {}}; }
Finding red(std::string reason) { return {coverage::State::red, std::move(reason), {}, {}}; }
Finding idle(std::string reason) { return {coverage::State::not_applicable, std::move(reason), {}, {}}; }
Finding failed(const Error& error) { return red("確かめられませんでした（" + error.key + "）"); }

Finding of(apps::Finding found) {
  switch (found.health) {
    case Health::green: return green(std::move(found.reason));
    case Health::amber: return amber(std::move(found.reason));
    case Health::red: break;
  }
  return red(std::move(found.reason));
}

Patient patient(const Observed& o) { return Patient{o.config(), o.body.code, &o.body, ok(), true, o.engine.failures(), ok(), o.now}; }

std::optional<bodies::Profile> profile_of(const Observed& o, Finding& out) {
  auto named = bodies::Table::profile(o.tx);
  if (named) return std::move(named->profile);
  out = named.error().key == "bodies.not_set_up" ? amber("団体の設定がまだありません") : failed(named.error());
  return std::nullopt;
}

}  // namespace probes
}  // namespace sekisho::apps
