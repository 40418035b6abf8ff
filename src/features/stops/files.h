// Emergency stops as files: what is closed is what lies in the folder, so that a stop needs no database, no log and no running program.
//
//   <data>/stops/                  stops of the whole service        <data>/bodies/<code>/stops/    stops of one body
//   <id>.<kind>.<target or ->      one stop; its name alone closes, its content (JSON) says why. It may be empty.
//   <id>.release                   the operator asks to release <id>; the program does it, with a record, and removes both
//   .anything, anything.tmp        not yet whole, ignored
// A file of any other name closes the folder's whole reach: to stop a service in need, `touch <data>/stops/stop` is enough.
// Files appear and vanish by rename and unlink only. Threads: any; the file system keeps order.
#pragma once
#include <string>
#include <vector>

#include "core/time.h"
#include "gate/stop.h"
#include "json/json.h"

namespace sekisho::stops {

// What is kept about a stop beside what it closes.
struct Details {
  std::string basis;     // "ordered", "own_judgement", "decided"
  std::string basis_by;  // who ordered or decided, or who was absent
  std::string reason;
  std::vector<std::string> told;
  std::string incident;
  std::string set_by;
  std::optional<Timestamp> set_at;
  bool recorded = false;  // the log of each body it closes knows it
};
BOOST_DESCRIBE_STRUCT(Details, (), (basis, basis_by, reason, told, incident, set_by, set_at, recorded))

struct ReleaseWish {
  std::string reason;
};
BOOST_DESCRIBE_STRUCT(ReleaseWish, (), (reason))

struct StopFile {
  std::string id;
  gate::Stop stop;
  Details details;
  std::string path;  // empty: it could not be written and stands in memory alone
  std::optional<ReleaseWish> release;
};

// The stops in one folder; body empty: the whole service's. A folder that is not there holds none.
Result<std::vector<StopFile>> read_folder(const std::string& folder, const std::string& body);
// Writes or rewrites one stop and sets its path. On a full disk the folder's reserve is given up first, then the content.
Status write_stop(const std::string& folder, StopFile& file);
Status write_release(const std::string& folder, const std::string& id, const ReleaseWish& wish);
// The stop and a wish to release it. True when neither is there afterwards.
Status remove_stop(const std::string& folder, const StopFile& file);
// Room that a full disk cannot take away from a stop. Made when it is missing.
void keep_reserve(const std::string& folder);

}  // namespace sekisho::stops
