// The body's own guard rules and NG words.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "sql/db.h"

namespace sekisho::guards {

struct Word {
  std::string normal;  // as compared
  std::string word;
  std::string note;
};

class Table {
 public:
  // Each rule as JSON, in their order.
  static Result<std::vector<std::string>> rules(sql::Tx& tx);
  static Status replace_rules(sql::Tx& tx, const std::vector<std::string>& rules);

  // In order of the compared form. `like`: part of it; `after`: the last one of the page before.
  static Result<std::vector<Word>> words(sql::Tx& tx, const std::string& part, const std::string& after, int limit);
  static Result<std::int64_t> count_words(sql::Tx& tx);
  static Status put_word(sql::Tx& tx, const Word& word, Timestamp now);
  static Status remove_word(sql::Tx& tx, const std::string& normal);
  static Status remove_words(sql::Tx& tx);

  // Changes with every change above; empty: nothing was ever changed.
  static Result<std::string> revision(sql::Tx& tx);
  static Status set_revision(sql::Tx& tx, const std::string& revision, Timestamp now);
};

}  // namespace sekisho::guards
