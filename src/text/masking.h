// Masking and restoring: values go out as placeholders (〔電話1〕) and come back in the answer.
//
// A Masker makes the placeholders of one request: the same value of the same kind always gets the same one, and none that the request's own
// texts already hold. A Restorer puts the values back into a text that arrives in pieces: it holds back only what may still become a
// placeholder, and leaves alone what the model has changed.
// Threads: values, one owner each. Encoding: UTF-8; findings in code points. Failures: none.
// Invariant: however a text is cut into pieces, take() of all pieces and end() give the same text.
#pragma once
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "text/findings.h"

namespace sekisho::text {

class Restorer {
 public:
  Restorer() = default;
  explicit Restorer(std::map<std::string, std::string, std::less<>> values);
  bool empty() const { return values_.empty(); }
  // What can be shown of the text so far, beyond what earlier calls gave.
  std::string take(std::string_view piece);
  // The rest: a placeholder that was never finished.
  std::string end();

 private:
  std::map<std::string, std::string, std::less<>> values_;  // placeholder -> value
  std::string held_;
  std::size_t longest_ = 0;
};

class Masker {
 public:
  // Placeholders in a text that is part of the request are not given to values. To be called for each text before mask().
  void reserve(std::string_view text);
  // The text with the findings replaced. They are in order of their begin; one that overlaps an earlier one is covered by it.
  std::string mask(std::string_view text, const std::vector<Finding>& findings);
  bool empty() const { return values_.empty(); }
  Restorer restorer() const { return Restorer(values_); }

 private:
  std::string placeholder(FindingKind kind, const std::string& value);
  std::set<std::string> reserved_;
  std::map<std::pair<FindingKind, std::string>, std::string> given_;
  std::map<FindingKind, int> last_;
  std::map<std::string, std::string, std::less<>> values_;
};

}  // namespace sekisho::text
