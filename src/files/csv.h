// CSV and TSV records. RFC 4180 quoting; lenient where the RFC leaves off (a quote inside an unquoted field is a character, the last
// quote may be missing). Pure.
#pragma once
#include <string_view>

#include "files/table.h"

namespace sekisho::files {

// Takes one record, with its line end, from the front of `text` (line ends are "\n"). A record without any character is one empty field.
Row take_record(std::string_view& text, char delimiter);

}  // namespace sekisho::files
