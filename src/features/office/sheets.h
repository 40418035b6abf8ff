// Sheets: tables whose rows are the clauses of the body's policy in force (workflow: RowsFrom), and what departments answered, put together.
#pragma once
#include "features/office/operations.h"

namespace sekisho::office {

struct SheetIn {
  std::string definition;
  std::optional<int> fiscal_year;
};
BOOST_DESCRIBE_STRUCT(SheetIn, (), (definition, fiscal_year))
struct AnswerCount {
  static constexpr const char* kSchemaName = "OfficeAnswerCount";
  std::string key;  // of the answer; empty: nobody answered yet
  std::string title;
  int count = 0;
};
BOOST_DESCRIBE_STRUCT(AnswerCount, (), (key, title, count))
// Counts of answers in a table made of clauses, in the order of the definition; then of rows without one, if there are any. The field outlives it.
class AnswerTally {
 public:
  explicit AnswerTally(const workflow::Field& field) : field_(&field) {}
  void add(const std::string& answer);
  std::vector<AnswerCount> counts() const;
  std::optional<double> rate() const;  // of good answers among those that are good or gaps; 0 to 1
  int good() const { return good_; }
  int gaps() const { return gaps_; }

 private:
  const workflow::Field* field_;
  std::map<std::string, int> counts_;
  int good_ = 0, gaps_ = 0;
};
struct SheetUnit {
  static constexpr const char* kSchemaName = "OfficeSheetUnit";
  CaseId id;
  std::string number;
  std::string unit;
  std::string state_title;
  std::vector<AnswerCount> counts;
  std::optional<double> rate;  // of good answers among those that are good or gaps; 0 to 1
};
BOOST_DESCRIBE_STRUCT(SheetUnit, (), (id, number, unit, state_title, counts, rate))
struct SheetClause {
  static constexpr const char* kSchemaName = "OfficeSheetClause";
  std::string clause;   // id: the same through the versions of the document
  std::string version;  // the newest one that a sheet was made of
  std::string label;
  std::string text;
  std::vector<AnswerCount> counts;
  std::optional<double> rate;
};
BOOST_DESCRIBE_STRUCT(SheetClause, (), (clause, version, label, text, counts, rate))
struct SheetGap {
  static constexpr const char* kSchemaName = "OfficeSheetGap";
  CaseId id;
  std::string number;
  std::string unit;
  std::string clause;
  std::string label;
  std::string answer;
  std::string why;
  std::string evidence;
};
BOOST_DESCRIBE_STRUCT(SheetGap, (), (id, number, unit, clause, label, answer, why, evidence))
struct SheetOut {
  static constexpr const char* kSchemaName = "OfficeSheet";
  std::string definition;
  std::string title;
  std::string field;  // title of the table
  std::string table;  // its key
  int fiscal_year = 0;
  std::string label;  // 令和8年度
  std::optional<double> rate;  // of the whole
  std::vector<SheetUnit> units;
  std::vector<SheetClause> clauses;  // lowest rate first, then by number
  std::vector<SheetGap> gaps;        // at most 2,000
  bool more = false;                 // there are more cases than are looked at
};
BOOST_DESCRIBE_STRUCT(SheetOut, (), (definition, title, field, table, fiscal_year, label, rate, units, clauses, gaps, more))

// Of cases that the caller may read.
void register_sheets(gate::Registry& registry, const std::shared_ptr<Office>& office);

// Numbers alone, for coverage: cases of one register that were taken further than their first state, in [from, to).
struct SheetTotals {
  int cases = 0;
  int good = 0;
  int gaps = 0;
  std::optional<Timestamp> newest;
};
Result<SheetTotals> sheet_totals(sql::Tx& tx, const Definitions& definitions, const std::string& body, const std::string& definition, Timestamp from, Timestamp to);

}  // namespace sekisho::office
