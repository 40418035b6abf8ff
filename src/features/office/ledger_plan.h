// What the rows of a ledger would do (ledger.h): used by the preview and by the import itself.
#pragma once
#include "features/office/ledger.h"
#include "files/sheet.h"

namespace sekisho::office {

struct ReadLedger {
  files::Sheet sheet;
  std::vector<int> rows;  // of the file, for each line of the sheet
  std::string encoding;
  bool encoding_certain = true;
  std::string sha256;
};

// A column with what it fills.
struct Target {
  const workflow::Field* field = nullptr;
  std::string axis;
  enum class Kind { field, number, keep, leave } kind = Kind::leave;
};

struct RowPlan {
  int row = 0;
  std::optional<CaseId> existing;
  json::Object fields;  // of a new case: all; of an existing one: what changes
  std::string hash;     // of the existing one
  std::vector<Kept> kept;  // what is new or changes
};

class LedgerPlanner {
 public:
  LedgerPlanner(gate::Context& context, const Office& office, const Actor& actor) : context_(context), office_(office), actor_(actor), words_(context, office.directory()), from_text_(context, office, words_) {}

  // Fills what the person sees; rows() is what an import does.
  Status plan(const LedgerIn& in, LedgerOut& out);
  const std::vector<RowPlan>& rows() const { return rows_; }
  const ReadVersion& version() const { return version_; }
  // The definition's state for ledgers that are taken over, for whoever may; empty: where every case begins.
  const std::string& state() const { return state_; }

 private:
  const workflow::Definition& d() const { return *version_.loaded->definition; }
  Status look_up(const LedgerIn& in, LedgerOut& out);
  Status targets(LedgerOut& out);
  int header_of(const ReadLedger& ledger) const;
  std::string known_header(const std::string& header) const;
  Result<bool> of_these_cases(const ReadLedger& ledger, std::size_t header) const;
  Status columns(const LedgerIn& in, std::size_t header, LedgerOut& out);
  Status choose_key(const LedgerIn& in, LedgerOut& out);
  Result<Target> target(const std::string& to) const;
  Status read_row(const files::Row& line, int row, LedgerOut& out);
  Result<bool> place(const files::Row& line, RowPlan& plan, LedgerOut& out);
  Result<std::optional<File>> matched(const std::string& key, bool& several);
  Status read_cells(const files::Row& line, const File* existing, RowPlan& plan, std::size_t& errors, LedgerOut& out);
  Status check_new(RowPlan& plan, std::size_t& errors, LedgerOut& out);
  void wrong(LedgerOut& out, int row, const std::string& column, const std::string& value, std::string text) const;
  std::string cell(const files::Row& line, std::size_t column) const { return column < line.size() ? line[column] : std::string(); }

  gate::Context& context_;
  const Office& office_;
  const Actor& actor_;
  Words words_;
  FromText from_text_;
  ReadVersion version_;
  Organisation organisation_;
  std::string state_;
  std::vector<std::string> writable_;  // what may be filled in at the opening
  std::vector<Target> targets_;        // by column
  std::vector<std::string> headers_;
  std::string key_;
  std::optional<std::map<std::string, std::vector<CaseId>>> by_key_;
  std::set<std::string> seen_;
  std::vector<RowPlan> rows_;
};

}  // namespace sekisho::office
