// CSV for charging: one row for each department, person, endpoint or day of a month.
#include "features/metering/operations.h"
#include "text/csv.h"

namespace sekisho::metering {
namespace {

constexpr const char* kNowhere = "（所属なし）";
constexpr const char* kBuiltIn = "組み込みの抽出エンジン";

void put_sums(text::CsvWriter& csv, const Sums& sums) {
  csv.cell(sums.uses).cell(sums.characters_in).cell(sums.characters_out).cell(sums.counted).cell(sums.characters_context).end_row();
}

void put_head(text::CsvWriter& csv, std::initializer_list<const char*> first) {
  for (const char* name : first) csv.cell(name);
  for (const char* name : {"回数", "入力した文字数", "回答の文字数", "計上した文字数", "資料の文字数（計上しない）"}) csv.cell(name);
  csv.end_row();
}

}  // namespace

std::string Names::unit(const std::string& id) const {
  const auto it = units.find(id);
  return it != units.end() ? it->second.name : id.empty() ? kNowhere : id;
}

std::string Names::code(const std::string& id) const {
  const auto it = units.find(id);
  return it == units.end() ? "" : it->second.code;
}

std::string groups_csv(const std::string& month, By by, const std::vector<Group>& groups, const Names& names) {
  text::CsvWriter csv;
  if (by == By::department) put_head(csv, {"年月", "部署コード", "部署"});
  else if (by == By::person) put_head(csv, {"年月", "部署コード", "部署", "職員"});
  else if (by == By::endpoint) put_head(csv, {"年月", "接続先"});
  else put_head(csv, {"年月", "用途"});
  for (const Group& g : groups) {
    csv.cell(month);
    if (by == By::department) csv.cell(names.code(g.key)).cell(names.unit(g.key));
    else if (by == By::person) csv.cell(names.code(g.parent)).cell(names.unit(g.parent)).cell(g.name);
    else if (by == By::endpoint) csv.cell(g.key.empty() ? kBuiltIn : g.name);
    else csv.cell(g.key);
    put_sums(csv, g.sums);
  }
  return std::move(csv).take();
}

std::string days_csv(const Month& month, const std::map<std::int64_t, Sums>& days) {
  text::CsvWriter csv;
  put_head(csv, {"日"});
  for (std::int64_t day = month.first_day; day < month.first_day + month.days; ++day) {
    csv.cell(day_text(day));
    const auto it = days.find(day);
    put_sums(csv, it == days.end() ? Sums{} : it->second);
  }
  return std::move(csv).take();
}

}  // namespace sekisho::metering
