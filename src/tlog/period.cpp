#include "tlog/period.h"

#include <array>

namespace sekisho::tlog {
namespace {

struct KindRow {
  std::string_view prefix;
  std::string_view kind;
};
// What is in the log stays as it was filed: a row that changes here would move old payloads to another period.
constexpr std::array kKinds = {KindRow{"chats.", "content"},       KindRow{"completions.", "content"}, KindRow{"messages.", "content"}, KindRow{"search.", "content"},
                               KindRow{"guards.check", "content"}, KindRow{"session.", "access"},      KindRow{"sessions.", "access"},  KindRow{"factors.", "access"}};

}  // namespace

std::string_view payload_kind(std::string_view act) {
  for (const KindRow& row : kKinds)
    if (act.starts_with(row.prefix)) return row.kind;
  return "acts";
}

std::string payload_period(std::string_view act, Timestamp ts) {
  constexpr std::size_t kMonth = std::string_view("2026-04").size();
  return to_jst_minutes(ts).substr(0, kMonth).append("/").append(payload_kind(act));
}

}  // namespace sekisho::tlog
