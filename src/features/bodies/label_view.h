// A label in the body's own words, with what it means for the reader of a screen: classes, who may read, where it comes from, who could change it.
#pragma once
#include "features/bodies/table.h"
#include "gate/operation.h"
#include "policy/label.h"

namespace sekisho::bodies {

struct LabelView {
  static constexpr const char* kSchemaName = "Label";
  int c = 0;
  int i = 0;
  int a = 0;
  std::vector<std::string> segments;
  std::string state;
  std::string text;
  std::string reason;
  std::vector<std::string> classes;        // the name on each axis that the scheme has
  std::vector<std::string> segment_names;
  std::vector<std::string> readers;        // a reader is in every one of these; none: everybody of the body
  std::string change;                      // who could have it lowered, and by which clause
};
BOOST_DESCRIBE_STRUCT(LabelView, (), (c, i, a, segments, state, text, reason, classes, segment_names, readers, change))

// What the views of one request are written with, read once.
struct LabelWords {
  Profile profile;
  std::vector<Unit> units;
  std::string me;  // the account whose screen it is
  std::string change;
};
Result<LabelWords> label_words(gate::Context& context);
// In the words of the scheme that was in force then: for records that keep a label as it was written.
Result<LabelWords> label_words_at(gate::Context& context, Timestamp then);

LabelView view_of(const policy::Label& label, const LabelWords& words);

}  // namespace sekisho::bodies
