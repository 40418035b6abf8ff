// Which cases of a register have parts of texts: exact, whatever the length of a part, without looking at the whole register.
//
// Texts of a register are gathered into blocks of kBlock cases. A block is written once, when that many texts wait, in the transaction of the write that
// filled it: for each gram the places of the cases that have it. A gram is a character, two neighbours, or three neighbours of ASCII letters and digits
// (pairs of digits are in nearly every number). What the grams leave is looked at in the text itself, with the block that the text belongs to now: a text
// that has changed since waits again, and its old places answer nothing. Waiting texts are looked through.
//
//   find("支所"):  places of 支所 in each block  ->  ids, newest first  ->  the text has it  ->  each()
//
// Who may read a case is no matter of this index: whoever asks looks at each id by himself. Threads: those of the transaction.
#pragma once
#include <functional>
#include <string>

#include "features/office/case.h"
#include "sql/db.h"

namespace sekisho::office {

class TextIndex {
 public:
  static constexpr int kBlock = 2048;  // cases

  // `words` normalised (text/normalise.h). Writes nothing if they are what is there.
  static Status put(sql::Tx& tx, const CaseId& id, const std::string& definition, const std::string& words);
  static Result<std::string> words(sql::Tx& tx, const CaseId& id);
  static bool has_all(std::string_view words, std::string_view asked);
  // Calls `each` with the cases whose words contain every one of `asked`, which are normalised and stand between spaces; newest first, older than `before`,
  // until it says false. Nothing asked: nothing found.
  static Status find(sql::Tx& tx, const std::string& definition, const std::string& asked, const std::string& before, const std::function<Result<bool>(const CaseId&)>& each);
};

}  // namespace sekisho::office
