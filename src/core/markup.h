// Text as it stands in HTML and XML, between tags and in quoted attributes.
#pragma once
#include <string>
#include <string_view>

namespace sekisho {

// & < > and " are escaped; a new line becomes `line_break`, which is markup. What XML 1.0 forbids is left out, since one such character makes a program
// refuse the whole file: control characters but tab and CR, U+FFFE and U+FFFF (XML 1.0, 2.2). The text must be UTF-8.
std::string escape_markup(std::string_view text, std::string_view line_break = "\n");

}  // namespace sekisho
