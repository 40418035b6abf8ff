// The live looks at this installation that coverage (features/coverage) asks for, and the program's own evidence for what is not enforced.
//
// A probe is one line of kProbes (probes.cpp): its name, how far it reaches and its function. Its control - title, clause, where to mend - is
// data (packs/standard/controls.json), and tests/functional/test_policy_coverage.py turns each off. What the doctor looks at too is the doctor's
// check (doctor.h), called here.
// Threads: a probe runs on the thread of the operation that asks, within its read transaction, and changes nothing.
#pragma once
#include <vector>

#include "apps/doctor.h"
#include "features/coverage/finding.h"

namespace sekisho::apps {

// What probes look at.
struct Observed {
  Engine& engine;
  gate::Body& body;
  sql::Tx& tx;
  Timestamp now;
  const Config& config() const { return engine.config(); }
};

std::vector<coverage::Probe> coverage_probes(Engine& engine);
std::vector<coverage::Source> coverage_sources(std::shared_ptr<const office::Office> office);

namespace probes {
using coverage::Finding;
// Of the settings and the machine (probes_machine.cpp).
Finding lockout(const Observed&);
Finding provisional_password(const Observed&);
Finding password_rule(const Observed&);
Finding login_banner(const Observed&);
Finding clock(const Observed&);
Finding program_files(const Observed&);
Finding sandbox(const Observed&);
Finding transport(const Observed&);
Finding forwarded_header(const Observed&);
Finding listener_sources(const Observed&);
Finding storage_limit(const Observed&);
Finding disk_space(const Observed&);
Finding data_folder(const Observed&);
Finding key_files(const Observed&);
Finding access_rules(const Observed&);
// Of the body's organisation and people (probes_body.cpp).
Finding second_factor(const Observed&);
Finding idle_timeout(const Observed&);
Finding absolute_timeout(const Observed&);
Finding no_export(const Observed&);
Finding flows(const Observed&);
Finding endpoints(const Observed&);
Finding guards(const Observed&);
Finding two_person_changes(const Observed&);
Finding acknowledgement(const Observed&);
Finding elevation(const Observed&);
Finding default_accounts(const Observed&);
Finding unused_accounts(const Observed&);
Finding separation_of_duties(const Observed&);
Finding emergency_stop(const Observed&);
// Of the log and what is kept (probes_log.cpp).
Finding log_verifies(const Observed&);
Finding log_payloads(const Observed&);
Finding log_forwarding(const Observed&);
Finding log_retention(const Observed&);
Finding log_reviews(const Observed&);
Finding notices(const Observed&);
Finding backups(const Observed&);
Finding restore_drill(const Observed&);

Finding green(std::string reason);
Finding amber(std::string reason);
Finding red(std::string reason);
Finding idle(std::string reason);  // not applicable
Finding failed(const Error& error);
// The doctor's word for it, of this body or (code empty) of the machine.
Finding of(apps::Finding found);
Patient patient(const Observed& o);
// The body's profile. nullopt and `out`: there is none.
std::optional<bodies::Profile> profile_of(const Observed& o, Finding& out);
}  // namespace probes

}  // namespace sekisho::apps
