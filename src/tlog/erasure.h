// Which payloads an act erased, as it stands in the leaf's `object` for ever: "payloads:120-450,460". Leaves outlive every payload, so a
// verifier can say of each absent payload which act took it away; a payload that is absent without one was removed behind the log's back.
// Pure; thread-safe.
//
// Ranges are inclusive, ascending and apart. Invariant: erased_object(*parse_erased(t)) == t.
// Failures: invalid_argument "erasure.malformed".
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

namespace sekisho::tlog {

struct SeqRange {
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  friend bool operator==(const SeqRange&, const SeqRange&) = default;
};

inline constexpr std::string_view kErasedPrefix = "payloads:";
inline constexpr std::size_t kMaxErasedRanges = 1000;  // fits a leaf; more need another act

Result<std::string> erased_object(const std::vector<SeqRange>& ranges);
Result<std::vector<SeqRange>> parse_erased(std::string_view object);
inline bool names_erased(std::string_view object) { return object.starts_with(kErasedPrefix); }

}  // namespace sekisho::tlog
