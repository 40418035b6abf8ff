// Which payloads are kept and erased together: those of one month in Japan and one kind of act ("2026-11/content").
//
// The period of a payload follows from its leaf alone (act and ts), so whoever has the leaves can tell: a payload that is absent went lawfully
// when a later leaf of the act "retention.erase", decision "allow", names its period as the object. Pure; thread-safe.
#pragma once
#include <string>
#include <string_view>

#include "core/time.h"

namespace sekisho::tlog {

inline constexpr std::string_view kErasingAct = "retention.erase";

// "content" (questions, answers, searches), "access" (logins, sessions, second factors), "acts" (the rest).
std::string_view payload_kind(std::string_view act);
std::string payload_period(std::string_view act, Timestamp ts);

}  // namespace sekisho::tlog
