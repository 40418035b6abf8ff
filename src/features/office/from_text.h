// Cells of a ledger as values of fields: what people write in a spreadsheet, in the form that is stored (workflow/rules.h).
//
//   date       2026-04-01  2026/4/1  2026年4月1日  令和8年4月1日  R8.4.1        yes_no  はい いいえ 有 無 あり なし ○ × 済 未 1 0
//   class      機密性2  2  or the body's name of the level; with several axes what the program itself writes      number  1,200  １２００  1200人
//   choice     the title or the key          person  the name or the login          department  the name or the code          reference  the number
//
// What a list field holds stands between 、 , ; or line ends. Nothing is guessed: two people of one name are told. Errors are sentences for the person
// who imports. One object per request; it remembers what it looked up.
#pragma once
#include "features/bodies/table.h"
#include "features/office/words.h"

namespace sekisho::office {

class FromText {
 public:
  FromText(gate::Context& context, const Office& office, Words& words) : context_(context), office_(office), words_(words) {}

  // A field that a cell can fill: not computed, no file, no checklist, no table.
  static bool takes(const workflow::Field& field);
  // null for an empty cell. `axis`: one axis of a class ("c", "i", "a"), or "" for the whole.
  Result<json::Value> value(const workflow::Field& field, const std::string& axis, std::string_view text);

 private:
  Result<json::Value> one(const workflow::Field& field, const std::string& type, const std::string& text);
  Result<json::Value> person(const std::string& text);
  Result<json::Value> department(const std::string& text);
  Result<json::Value> reference(const workflow::Field& field, const std::string& text);
  Result<json::Value> ranks(const std::string& axis, const std::string& text);

  gate::Context& context_;
  const Office& office_;
  Words& words_;
  std::map<std::string, std::vector<std::string>> people_by_name_;
  bool people_read_ = false;
  std::optional<std::vector<bodies::UnitRow>> units_;
  std::optional<bodies::Profile> profile_;
};

// Days as above; nullopt: not a day.
std::optional<CivilDate> day_from_text(std::string_view text);

}  // namespace sekisho::office
