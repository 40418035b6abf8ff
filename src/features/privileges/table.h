// Elevations and deputies for privileged rights. A session is known by the SHA-256 of its token, in hex.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "json/json.h"
#include "sql/db.h"

namespace sekisho::privileges {

struct ElevationTag;
using ElevationId = Id<ElevationTag>;

struct Elevation {
  ElevationId id;
  std::string session;
  std::string account;
  std::string name;
  std::string reason;
  int minutes = 0;    // asked for
  Timestamp from_at;
  Timestamp to_at;    // exclusive; brought forward when it is ended before its time
};

struct Deputy {
  std::string approval;   // the request that recognised him
  std::string deputy;     // accounts
  std::string principal;
  Timestamp from_at;
  Timestamp to_at;        // exclusive
};

class Table {
 public:
  static Status open(sql::Tx& tx, const Elevation& elevation);
  static Result<std::optional<Elevation>> open_of(sql::Tx& tx, const std::string& session, Timestamp now);
  // When the latest one of this session began, whether or not it is over.
  static Result<std::optional<Timestamp>> last_begin(sql::Tx& tx, const std::string& session);
  static Status end(sql::Tx& tx, const std::string& session, Timestamp now);
  static Status end_of(sql::Tx& tx, const std::string& account, Timestamp now);
  // Newest first, backwards from `before` (an id, exclusive; empty: from the newest).
  static Result<std::vector<Elevation>> page(sql::Tx& tx, const std::string& before, int limit);

  static Status put_deputy(sql::Tx& tx, const Deputy& deputy);
  static Status end_deputy(sql::Tx& tx, const std::string& approval, Timestamp now);
  // For whom this account is the deputy now.
  static Result<std::vector<Deputy>> deputies_of(sql::Tx& tx, const std::string& account, Timestamp now);
  // Of everybody, now or to come; at most 200.
  static Result<std::vector<Deputy>> deputies(sql::Tx& tx, Timestamp now);
};

}  // namespace sekisho::privileges
