// Emergency stops as the gate sees them: what is closed at this moment, held in memory, so that asking costs one atomic read while nothing is.
//
// Whoever keeps the stops (the stops feature) puts the whole picture here on every change; the gate, the streams and the features ask.
// A stop acts in the safe direction, so nothing here needs a database, a log or a disk.
// Threads: every function may be called from any thread.
#pragma once
#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "policy/decide.h"

namespace sekisho::gate {

struct Body;

enum class StopKind { service, body, route, endpoint, collection, uploads, exports, account };
std::string_view name_of(StopKind kind);
std::optional<StopKind> stop_kind(std::string_view name);
// Whether this kind names one thing: a segment's code, or an id.
bool has_target(StopKind kind);

struct Stop {
  StopKind kind = StopKind::service;
  std::string body;    // code; empty: every body
  std::string target;  // route: the segment's code; endpoint, collection, account: the id; otherwise empty
  friend bool operator==(const Stop&, const Stop&) = default;
};

// What a running answer touches; any of it can be stopped.
struct Touched {
  std::string body;
  std::vector<std::string> segments;  // codes of the session's
  std::string person;
  std::string endpoint;
  std::vector<std::string> collections;
};

class StopBoard {
 public:
  explicit StopBoard(std::string who_can_release) : who_(std::move(who_can_release)) {}
  StopBoard(const StopBoard&) = delete;
  StopBoard& operator=(const StopBoard&) = delete;

  void put(std::vector<Stop> stops);
  bool any() const { return any_.load(std::memory_order_acquire); }

  // Before anything else of a request: the service, the body, the segment that it comes from. Some actions go on (rule.while_stopped).
  Status check_request(const Body& body, policy::SegmentSet segment, const policy::ActionRule& rule) const;
  // Once it is known who asks: what is brought in, carried out, and her account.
  Status check_act(const Body& body, const policy::ActionRule& rule, const std::string& person) const;
  // One thing where it is used.
  Status check(StopKind kind, std::string_view body, std::string_view target) const;
  Status check(const Touched& touched) const;

 private:
  std::shared_ptr<const std::vector<Stop>> picture() const;
  const std::string who_;
  std::atomic<bool> any_{false};
  mutable std::mutex mutex_;
  std::shared_ptr<const std::vector<Stop>> stops_ = std::make_shared<const std::vector<Stop>>();
};

}  // namespace sekisho::gate
