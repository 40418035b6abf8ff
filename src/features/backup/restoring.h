// From a backup folder back to a data folder; and what makes a backup believable: reading all of it, and restoring it beside the data.
//
// restore() works in "<target>.restoring" and gives the folder its name when all of it is there and durable: whoever finds the target finds it whole.
// What a program that died left of that folder, the next one takes away. Threads: one at a time for a target.
// Failures: backup.target (not empty, or not possible), backup.no_set (none as old as asked), those of Store; file.io, storage.full (the target).
#pragma once
#include "features/backup/store.h"

namespace sekisho::backup {

struct Chosen {
  std::string place;  // of the store
  std::string file;   // of the set
  Manifest manifest;
};
// Of every store the newest set that is not after `at`; without `at` the newest. A body that had none yet is left out; without any: backup.no_set.
// `place`: only this one.
Result<std::vector<Chosen>> choose(const Folder& folder, const std::optional<Timestamp>& at, const std::string& place = {});

struct Restored {
  std::int64_t files = 0;
  std::int64_t bytes = 0;
  std::int64_t took_ms = 0;
};
Result<Restored> restore(const Folder& folder, const std::vector<Chosen>& chosen, const std::string& target);

struct Comparison {
  std::string body;
  std::string set;
  Timestamp at;
  std::int64_t tables = 0;       // whose rows were counted and hashed, and are the same
  std::int64_t rows = 0;
  std::int64_t originals = 0;    // all there, as long as the manifest says
  std::int64_t leaves = 0;       // of the log, verified
  std::string root;              // 64 hex digits
  std::vector<std::string> faults;
};
BOOST_DESCRIBE_STRUCT(Comparison, (), (body, set, at, tables, rows, originals, leaves, root, faults))
// A restored folder with its manifests: pages and references, rows, originals, the log's tree and its signed heads.
Result<std::vector<Comparison>> compare(const std::vector<Chosen>& chosen, const std::string& folder);

struct Drill {
  bool good = false;
  Timestamp at;
  Restored restored;
  std::int64_t compare_ms = 0;
  std::vector<Comparison> bodies;
};
// Restores into `scratch` (made, and taken away again), compares. What is wrong with the backup is in `faults`, also when it does not open.
Result<Drill> drill(const Folder& folder, const std::optional<Timestamp>& at, const std::string& scratch, Timestamp now);

struct Verified {
  std::int64_t sets = 0;
  std::int64_t chunks = 0;
  std::int64_t bytes = 0;  // of content
  std::vector<std::string> faults;  // "bodies/x 2026…-full.set: backup.missing …"
};
// Opens every chunk that the sets name: of the newest set of each store, or of all.
enum class Which { newest, all };
Result<Verified> verify(const Folder& folder, Which which);

}  // namespace sekisho::backup
