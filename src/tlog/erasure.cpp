#include "tlog/erasure.h"

#include <charconv>

#include "tlog/leaf.h"

namespace sekisho::tlog {
namespace {

Unexpected malformed(const char* what) { return fail(Code::invalid_argument, "erasure.malformed", what); }

bool take_number(std::string_view& text, std::uint64_t& out) {
  if (text.empty() || (text.size() > 1 && text[0] == '0' && text[1] >= '0' && text[1] <= '9')) return false;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (error != std::errc() || out > kMaxSeq) return false;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return true;
}

Status check(const std::vector<SeqRange>& ranges) {
  if (ranges.empty() || ranges.size() > kMaxErasedRanges) return malformed("number of ranges");
  const SeqRange* before = nullptr;
  for (const SeqRange& r : ranges) {
    if (r.last < r.first || r.last > kMaxSeq || (before != nullptr && r.first < before->last + 2)) return malformed("ranges ascend and lie apart");
    before = &r;
  }
  return ok();
}

}  // namespace

Result<std::string> erased_object(const std::vector<SeqRange>& ranges) {
  SK_CHECK(check(ranges));
  std::string out(kErasedPrefix);
  for (const SeqRange& r : ranges) {
    if (out.size() > kErasedPrefix.size()) out += ',';
    out += std::to_string(r.first);
    if (r.last != r.first) out.append("-").append(std::to_string(r.last));
  }
  return out;
}

Result<std::vector<SeqRange>> parse_erased(std::string_view object) {
  if (!names_erased(object)) return malformed("prefix");
  object.remove_prefix(kErasedPrefix.size());
  std::vector<SeqRange> out;
  for (;;) {
    SeqRange range;
    if (!take_number(object, range.first)) return malformed("number");
    range.last = range.first;
    if (object.starts_with('-')) {
      object.remove_prefix(1);
      if (!take_number(object, range.last) || range.last == range.first) return malformed("range");
    }
    if (out.size() == kMaxErasedRanges) return malformed("number of ranges");
    out.push_back(range);
    if (object.empty()) break;
    if (!object.starts_with(',')) return malformed("comma");
    object.remove_prefix(1);
  }
  SK_CHECK(check(out));
  return out;
}

}  // namespace sekisho::tlog
