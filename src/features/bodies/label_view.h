// A label in the body's own words, with what it means for the reader of a screen.
#pragma once
#include "features/bodies/table.h"
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
};
BOOST_DESCRIBE_STRUCT(LabelView, (), (c, i, a, segments, state, text, reason))

LabelView view_of(const policy::Label& label, const Profile& profile);

}  // namespace sekisho::bodies
