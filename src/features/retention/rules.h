// When what is kept may go. Pure; time is an argument.
//
// The log's payloads go by whole months (Japan's calendar), because a month of a kind is what one key seals. A month may go when all of it
// is older than the rule says: with "1 month" November goes on 1 January, so that at least one whole month back is always there (the
// floor: one calendar month). A rule that is new or shorter binds after a notice of seven days, so that people can see what would go.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/time.h"

namespace sekisho::retention {

inline constexpr int kLeastMonths = 1;
inline constexpr int kMostMonths = 1200;
inline constexpr std::int64_t kNoticeMicros = 7LL * 86'400 * 1'000'000;

// The kinds that rules are made for. The first three are the log's (gate/payload_table.h), the last are people's conversations.
inline constexpr std::string_view kKinds[] = {"content", "access", "acts", "chats"};
bool known_kind(std::string_view kind);

struct Rule {
  std::string kind;
  int months = 0;
  std::string set_by;
  Timestamp set_at;
};

struct Hold {
  std::string id;
  std::string kind;        // empty: every kind
  std::string from_month;  // "2026-11"; empty: from the beginning
  std::string to_month;    // the last month that is held; empty: without end
  std::string incident;
  std::string reason;
  std::string set_by;
  Timestamp set_at;
  std::optional<std::string> released_by;
  std::optional<Timestamp> released_at;
  std::optional<std::string> release_reason;
};
bool holds(const Hold& hold, std::string_view kind, std::string_view month);

// "2026-11" -> its first moment; months after it with n. invalid_argument "retention.month".
Result<Timestamp> month_begin(std::string_view month, int n = 0);
std::string month_of(Timestamp at);

// The moment from which the month may go.
Result<Timestamp> due_at(const Rule& rule, std::string_view month);
// Conversations that nobody touched since this moment may go; nullopt while the notice runs.
std::optional<Timestamp> idle_before(const Rule& rule, Timestamp now);

}  // namespace sekisho::retention
