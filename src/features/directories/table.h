// The directory of one body, and the people whose passwords it checks. The service's password is not here but in a file.
#pragma once
#include <optional>
#include <string>

#include "features/factors/table.h"

namespace sekisho::directories {

using factors::PersonId;

struct Record {
  static constexpr const char* kSchemaName = "Directory";
  std::string url;
  bool start_tls = false;
  std::string ca_file;
  std::optional<std::string> user_dn;
  std::optional<std::string> base;
  std::optional<std::string> filter;
  std::optional<std::string> service_dn;
  std::optional<std::string> service_password_file;
  int timeout_ms = 5000;
};
BOOST_DESCRIBE_STRUCT(Record, (), (url, start_tls, ca_file, user_dn, base, filter, service_dn, service_password_file, timeout_ms))

class Table {
 public:
  static Status put(sql::Tx& tx, const Record& record);
  static Result<std::optional<Record>> get(sql::Tx& tx);
  static Status assign(sql::Tx& tx, const PersonId& person, bool uses);
  static Result<bool> uses(sql::Tx& tx, const PersonId& person);
};

}  // namespace sekisho::directories
