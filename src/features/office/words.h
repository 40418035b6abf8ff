// Values of fields in words: for subjects, lists, exports and searching. One object per request; it remembers names that it looked up.
#pragma once
#include "features/office/office.h"

namespace sekisho::office {

class Words {
 public:
  Words(gate::Context& context, const approvals::Directory& directory) : context_(context), directory_(directory) {}
  // A short text, "" for nothing. People as "name", dates in the Japanese calendar, classes as the body's names of the levels.
  Result<std::string> of(const workflow::Field& field, const json::Value& value);
  // What stands in the rows of a table or a checklist, for whoever draws it as one; of every other type, and of nothing, none.
  Result<std::vector<std::vector<std::string>>> cells(const workflow::Field& field, const json::Value& value);
  Result<std::string> person(const std::string& account);
  Result<std::string> unit(const std::string& id);
  Result<std::string> case_number(const std::string& id);

 private:
  Result<std::string> one(const std::string& type, const std::optional<std::vector<workflow::Choice>>& choices, const json::Value& value);
  Result<std::string> class_words(const json::Value& value);
  Result<std::string> rows(const workflow::Field& field, const json::Value& value);
  gate::Context& context_;
  const approvals::Directory& directory_;
  std::map<std::string, std::string> people_, cases_;
  std::optional<std::vector<bodies::Unit>> units_;
  std::optional<bodies::Profile> profile_;
};

}  // namespace sekisho::office
