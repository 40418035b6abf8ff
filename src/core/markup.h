// Text as it stands in HTML and XML, between tags and in quoted attributes.
#pragma once
#include <string>
#include <string_view>

namespace sekisho {

// & < > and " are escaped; a new line becomes `line_break`, which is markup. Everything else stays, so the text must be UTF-8 without what the
// format forbids (XML 1.0: control characters).
std::string escape_markup(std::string_view text, std::string_view line_break = "\n");

}  // namespace sekisho
