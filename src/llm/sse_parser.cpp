#include "llm/sse_parser.h"

#include <algorithm>

namespace sekisho::llm {

void SseParser::clear() {
  name_.clear();
  data_.clear();
  has_data_ = false;
}

Result<bool> SseParser::take_line(std::string_view& bytes) {
  if (skip_lf_ && bytes.front() == '\n') bytes.remove_prefix(1);
  skip_lf_ = false;
  // Two searches for one letter each: a search for either looks at every byte by a call.
  const std::size_t feed = bytes.find('\n');
  const std::size_t end = std::min(feed, bytes.substr(0, feed).find('\r'));
  const std::string_view piece = bytes.substr(0, end);
  if (line_.size() + piece.size() + data_.size() > max_event_bytes_)
    return fail(Code::upstream, "llm.garbage", "an event over the size limit");
  line_ += piece;
  if (end == std::string_view::npos) {
    bytes = {};
    return false;
  }
  skip_lf_ = bytes[end] == '\r';
  bytes.remove_prefix(end + 1);
  return true;
}

bool SseParser::event_ended() {
  std::string_view line = line_;
  if (at_start_ && line.starts_with("\xEF\xBB\xBF")) line.remove_prefix(3);
  at_start_ = false;
  if (line.empty()) {
    line_.clear();
    if (!has_data_) name_.clear();
    return has_data_;
  }
  const std::size_t colon = line.find(':');
  const std::string_view field = line.substr(0, colon);
  std::string_view value = colon == std::string_view::npos ? std::string_view() : line.substr(colon + 1);
  if (value.starts_with(' ')) value.remove_prefix(1);
  if (field == "event") {
    name_ = value;
  } else if (field == "data") {
    if (has_data_) data_ += '\n';
    data_ += value;
    has_data_ = true;
  }
  line_.clear();
  return false;
}

}  // namespace sekisho::llm
