// The staff list as the personnel office exports it, and what it would change. Pure: bytes and what is known in, a plan out.
//
// A row is one person with the main post she holds from a day on; the staff number is what stays the same over the years. Rows that cannot be
// taken are refused with line and reason; the plan of a list that was taken already is empty.
#pragma once
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "features/bodies/dates.h"
#include "json/json.h"

namespace sekisho::accounts {

struct StaffRow {
  int line = 0;  // of the file, from 1
  std::string number;
  std::string login;
  std::string name;
  std::string unit;                  // code
  std::vector<std::string> roles;    // codes, sorted
  std::string category;              // code
  std::optional<int> clearance;
  std::optional<CivilDate> from;     // of the post
  std::optional<CivilDate> last_day; // 退職日
};

struct Refusal {
  static constexpr const char* kSchemaName = "StaffRefusal";
  int line = 0;
  std::string key;
  std::string reason;  // Japanese
};
BOOST_DESCRIBE_STRUCT(Refusal, (), (line, key, reason))

// What the words of a list may mean in this body: by code and by name.
struct StaffWords {
  std::map<std::string, std::string> units;
  std::map<std::string, std::string> roles;
  std::map<std::string, std::string> categories;
  std::set<std::string> contractors;       // codes of categories
  std::set<std::string> credential_roles;  // codes of roles that no contractor's person holds
  int levels = 0;
};

struct StaffFile {
  std::string encoding;
  bool encoding_certain = true;
  std::vector<StaffRow> rows;
  std::vector<Refusal> refused;
};

// encoding: empty to detect it. Fails as a whole where nothing can be read: "import.encoding", "import.columns", "import.empty", "import.too_many".
Result<StaffFile> read_staff(std::string_view bytes, const std::string& encoding, const StaffWords& words);

struct KnownPost {
  std::string unit;
  std::optional<std::string> role;
  Timestamp from;
  std::optional<Timestamp> to;
  bool main = true;
};
struct KnownPerson {
  std::string id;
  std::string login;
  std::string name;
  std::string number;  // empty: not of the staff list
  std::string category;
  int clearance = 0;
  std::vector<KnownPost> posts;  // in force or to come
};

enum class StaffChange { joins, returns, changes, moves, leaves };
BOOST_DESCRIBE_ENUM(StaffChange, joins, returns, changes, moves, leaves)
struct Difference {
  std::string field;
  std::string before;
  std::string after;
};
BOOST_DESCRIBE_STRUCT(Difference, (), (field, before, after))
struct PlannedChange {
  static constexpr const char* kSchemaName = "StaffChange";
  StaffChange kind = StaffChange::joins;
  std::optional<int> line;  // none: the person is missing in a complete list
  std::string number;
  std::string name;
  std::string day;  // first day of the post, or last day in office
  std::vector<Difference> differences;
};
BOOST_DESCRIBE_STRUCT(PlannedChange, (), (kind, line, number, name, day, differences))

struct Planned {
  PlannedChange shown;
  StaffRow row;
  std::string person;  // id; empty: new
  Timestamp at;        // from when the post holds
  bool posted = false; // the main post becomes the row's
  std::optional<Timestamp> end;  // of everything
};
struct StaffPlan {
  std::vector<Planned> changes;
  std::vector<Refusal> refused;
  int same = 0;
};

struct PlanOptions {
  CivilDate day;          // of posts whose row names none; of those missing in a complete list
  bool complete = false;  // whoever is missing has left; only where no row is refused, because a refused row is somebody
  std::string importer;   // id: nobody changes his own post
  Timestamp now;
};
StaffPlan plan_staff(const StaffFile& file, const std::vector<KnownPerson>& known, const PlanOptions& options);

}  // namespace sekisho::accounts
