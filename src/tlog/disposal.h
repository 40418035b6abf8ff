// Which payloads a disposal took away, so that whoever has the leaves can tell a lawful absence from a theft.
//
// A disposal of single objects names the numbers of the leaves whose payloads went, as text: ascending, "3,7-9,12". Its leaf has the act
// "disposal.erase", the decision "allow" and the object "<id of the disposal>:<SHA-256 of that text, 64 hex digits>". The text travels beside the
// log (disposals.jsonl of an export); the leaf proves it. Pure; thread-safe.
// Failures: invalid_argument "tlog.numbers" for a text that print_numbers() cannot have written.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

namespace sekisho::tlog {

inline constexpr std::string_view kDisposingAct = "disposal.erase";

// What the log's key signs of a certificate of disposal: this and the certificate as canonical JSON (RFC 8785).
inline constexpr std::string_view kCertificateContext = "sekisho-disposal-certificate/v1\n";

struct NumberRange {
  std::uint64_t first = 0;
  std::uint64_t last = 0;  // belongs to it
  friend bool operator==(const NumberRange&, const NumberRange&) = default;
};

// `numbers`: ascending, each once.
std::vector<NumberRange> ranges_of(const std::vector<std::uint64_t>& numbers);
std::string print_numbers(const std::vector<NumberRange>& ranges);
Result<std::vector<NumberRange>> parse_numbers(std::string_view text);
bool covers(const std::vector<NumberRange>& ranges, std::uint64_t number);
std::uint64_t count_of(const std::vector<NumberRange>& ranges);

std::string disposal_object(std::string_view id, std::string_view numbers);
// The id in such an object; empty when it is none.
std::string_view disposal_id(std::string_view object);

}  // namespace sekisho::tlog
