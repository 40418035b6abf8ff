// Days as profiles and appointments write them ("2026-04-01", in JST) and the instants they begin at. Pure.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "core/time.h"

namespace sekisho::bodies {

// "2026-04-01" (also "2026/4/1", as spreadsheets write it). Anything else, or a day that no calendar has: invalid_argument "bodies.date".
Result<CivilDate> parse_day(std::string_view text);
// The instant at which the day begins in Japan.
Timestamp begin_of(const CivilDate& day);
// The instant at which the day is over.
Timestamp end_of(const CivilDate& day);
std::string to_iso_day(const CivilDate& day);
std::string to_iso_month(const CivilDate& day);  // "2026-04"
// The day on which something that begins (or, with its exclusive end, last holds) at that instant.
std::string first_day(Timestamp from);
std::string last_day(Timestamp to);

}  // namespace sekisho::bodies
