// Detectors of what must not leave unseen: 個人番号, cards, accounts, telephone numbers, addresses, names in their context, the body's words.
//
// Threads: a Detector is immutable and shared. Encoding: UTF-8 in, any bytes (malformed parts count as U+FFFD, one each).
// Time: linear in the text; no backtracking. Failures: none.
// Invariants: 1. findings are in order of their begin, lie within the text, and do not overlap (those of ng_word may overlap others).
//             2. half and full width, kanji digits, spaces, hyphens, line breaks and table cells inside a number do not hide it.
//             3. a number that is part of a longer one is not found.
#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "text/analyse.h"
#include "text/findings.h"
#include "text/word_set.h"

namespace sekisho::text {

class Detector {
 public:
  // The analyzer must outlive the detector. Words: the body's NG words, in any spelling.
  Detector(const Analyzer& analyzer, const std::vector<std::string>& words);
  std::vector<Finding> find(std::string_view utf8) const;

 private:
  const Analyzer& analyzer_;
  WordSet words_;
};

}  // namespace sekisho::text
