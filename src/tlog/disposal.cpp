#include "tlog/disposal.h"

#include <algorithm>
#include <charconv>

#include "crypto/hash.h"
#include "tlog/leaf.h"

namespace sekisho::tlog {
namespace {

constexpr std::size_t kHexDigits = 64;

Unexpected wrong() { return fail(Code::invalid_argument, "tlog.numbers", "numbers and ranges, ascending: 3,7-9"); }

// Decimal without leading zeros, or nothing.
bool read_number(std::string_view text, std::uint64_t& out) {
  if (text.empty() || (text.size() > 1 && text.front() == '0')) return false;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc() && end == text.data() + text.size() && out <= kMaxSeq;
}

}  // namespace

std::vector<NumberRange> ranges_of(const std::vector<std::uint64_t>& numbers) {
  std::vector<NumberRange> out;
  for (const std::uint64_t n : numbers) {
    if (!out.empty() && out.back().last + 1 == n) out.back().last = n;
    else out.push_back({n, n});
  }
  return out;
}

std::string print_numbers(const std::vector<NumberRange>& ranges) {
  std::string out;
  for (const NumberRange& r : ranges) {
    if (!out.empty()) out += ',';
    out += std::to_string(r.first);
    if (r.last != r.first) out += "-" + std::to_string(r.last);
  }
  return out;
}

Result<std::vector<NumberRange>> parse_numbers(std::string_view text) {
  std::vector<NumberRange> out;
  while (!text.empty()) {
    const std::size_t comma = text.find(',');
    const std::string_view part = text.substr(0, comma);
    const std::size_t dash = part.find('-');
    NumberRange r;
    if (!read_number(part.substr(0, dash), r.first)) return wrong();
    r.last = r.first;
    if (dash != std::string_view::npos && (!read_number(part.substr(dash + 1), r.last) || r.last <= r.first)) return wrong();
    // Neighbours would have been printed as one range.
    if (!out.empty() && r.first <= out.back().last + 1) return wrong();
    out.push_back(r);
    if (comma == std::string_view::npos) break;
    text.remove_prefix(comma + 1);
    if (text.empty()) return wrong();
  }
  return out;
}

bool covers(const std::vector<NumberRange>& ranges, std::uint64_t number) {
  const auto after = std::upper_bound(ranges.begin(), ranges.end(), number, [](std::uint64_t n, const NumberRange& r) { return n < r.first; });
  return after != ranges.begin() && number <= std::prev(after)->last;
}

std::uint64_t count_of(const std::vector<NumberRange>& ranges) {
  std::uint64_t out = 0;
  for (const NumberRange& r : ranges) out += r.last - r.first + 1;
  return out;
}

std::string disposal_object(std::string_view id, std::string_view numbers) { return std::string(id) + ":" + to_hex(crypto::sha256(numbers)); }

std::string_view disposal_id(std::string_view object) {
  const std::size_t colon = object.rfind(':');
  return colon == std::string_view::npos || object.size() - colon - 1 != kHexDigits ? std::string_view() : object.substr(0, colon);
}

}  // namespace sekisho::tlog
