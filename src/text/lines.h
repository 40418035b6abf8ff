// The lines of a text, without their "\n". Pure.
#pragma once
#include <string_view>
#include <vector>

namespace sekisho::text {

// Views into `text`. One more than it has "\n": "" is one empty line.
std::vector<std::string_view> lines_of(std::string_view text);

}  // namespace sekisho::text
