// The doctor: every check of this installation with its state, the reason in Japanese and the clause that asks for it.
//
// It works beside the running server: bodies are opened for reading alone, what only the server knows is asked of it (control.h). Nothing is
// changed, but for one record per body: that of the doctor's own look, which shows that the log can be written.
// A check is one line of kChecks (doctor.cpp): its name, clause, title and function. Functions of a body run once for each.
#pragma once
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "apps/engine.h"

namespace sekisho::apps {

enum class Health { green, amber, red };

struct Finding {
  Health health = Health::red;
  std::string reason;  // Japanese, one line
};

// What checks look at.
struct Patient {
  const Config& config;
  std::string code;                     // of the body; empty: checks of the whole
  gate::Body* body = nullptr;           // open for reading alone; null: it could not be, see `closed`
  Status closed = ok();
  bool serving = false;                 // a server holds the folder
  std::map<std::string, std::string> failures;  // what the server says is wrong
  Status written = ok();                // whether the log took a record just now
  Timestamp now;
};

struct Examined {
  std::string check;
  std::string title;
  std::string body;
  Finding finding;
  std::string clause;
};

Result<std::vector<Examined>> examine(const Config& config);

// Checks of one part each; the table in doctor.cpp names them.
namespace checks {
Finding data_folder(const Patient&);
Finding disk(const Patient&);
Finding keys(const Patient&);
Finding schema(const Patient&);
Finding database(const Patient&);
Finding log_tree(const Patient&);
Finding log_written(const Patient&);
Finding head(const Patient&);
Finding witness(const Patient&);
Finding syslog(const Patient&);
Finding alarms(const Patient&);
Finding files(const Patient&);
Finding clock(const Patient&);
Finding sandbox(const Patient&);
Finding dictionary(const Patient&);
Finding recognition(const Patient&);
Finding endpoints(const Patient&);
Finding sessions(const Patient&);
Finding factors(const Patient&);
Finding retention(const Patient&);
Finding storage(const Patient&);
Finding reviews(const Patient&);
Finding backups(const Patient&);
Finding mail(const Patient&);
}  // namespace checks

}  // namespace sekisho::apps
