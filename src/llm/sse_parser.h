// SseParser: server-sent events out of bytes as they come. Pure; one parser per stream.
//
// Lines end with LF, CRLF or CR; several data lines are joined with LF; comments, ids, retry times and unknown fields are skipped; an
// event without data is not reported; a BOM at the start is dropped. An event that is not ended by an empty line is never reported.
// Memory: one event of at most max_event_bytes; its buffers are reused.
// Failures: {upstream, "llm.garbage"} when one event is larger than allowed. Source: HTML standard, "Parsing an event stream".
#pragma once
#include <cstddef>
#include <string>
#include <string_view>

#include "core/result.h"

namespace sekisho::llm {

struct SseEvent {
  std::string_view name;  // empty: "message"
  std::string_view data;  // valid during the call
};

class SseParser {
 public:
  explicit SseParser(std::size_t max_event_bytes) : max_event_bytes_(max_event_bytes) {}

  // Calls on_event(const SseEvent&) -> Status for each event; its failure ends the feed and is returned.
  template <class F>
  Status feed(std::string_view bytes, F&& on_event) {
    while (!bytes.empty()) {
      SK_TRY(const bool ended, take_line(bytes));
      if (!ended) break;
      if (!event_ended()) continue;
      const Status handled = on_event(SseEvent{name_, data_});
      clear();
      if (!handled) return handled;
    }
    return ok();
  }
  // True when an event was begun but not ended.
  bool in_event() const { return has_data_ || !line_.empty(); }

 private:
  // Consumes up to one line end. False when the bytes ended first.
  Result<bool> take_line(std::string_view& bytes);
  // Treats line_ and empties it. True when it was the empty line after an event with data.
  bool event_ended();
  void clear();

  const std::size_t max_event_bytes_;
  std::string line_;
  std::string name_;
  std::string data_;
  bool has_data_ = false;
  bool skip_lf_ = false;
  bool at_start_ = true;
};

}  // namespace sekisho::llm
