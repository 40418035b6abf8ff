// How a spreadsheet shows a number: dates (with Japanese eras), times, percentages, thousands. Pure.
//
// Enough of the number format language (ECMA-376 part 1, 18.8.30/31) to read what is on the screen: the first section decides; colours,
// conditions and padding are ignored; an unknown format shows the plain number.
#pragma once
#include <string>
#include <string_view>

namespace sekisho::files {

// The code behind a built-in format id, as Japanese Excel has them; empty for General and unknown ids.
std::string_view builtin_format(int id);
bool is_date_format(std::string_view code);
// Serial days since 1899-12-30 (1904-01-01 with date1904). Out of range: the plain number.
std::string format_date(double serial, std::string_view code, bool date1904);
// Not a date. "General" and unknown: up to 15 digits as Excel shows.
std::string format_plain_number(double value, std::string_view code);

}  // namespace sekisho::files
