// From stored requests to what a caller sees of them.
#pragma once
#include <functional>

#include "features/approvals/operations.h"

namespace sekisho::approvals {

// A request that waits for the caller's signature, as the page of decisions shows it.
struct Awaiting {
  RequestId id;
  std::string title;            // of the kind
  std::string what;             // the first thing that the form says of it, else the reason; empty where it cannot be read from here
  std::vector<std::string> clauses;
  std::string requester;
  std::string department;
  std::optional<Timestamp> since;
  std::optional<Timestamp> wanted_by;  // the day from which it is asked for
  bool after_the_fact = false;  // done already, in an emergency
  bool alone = false;           // he asks himself, and nobody else could sign: by a recorded exception only
  std::vector<std::string> elsewhere;  // in these segments it can be read and signed
};

class Views {
 public:
  Views(const Approvals& approvals, gate::Context& context, Standing caller) : approvals_(approvals), context_(context), caller_(std::move(caller)) {}
  Result<KindList> kinds();
  Result<RequestView> full(const RequestId& id);
  Result<RequestList> mine(const std::string& after, int limit);
  Result<RequestList> to_rule(const std::string& after, int limit);
  Result<RequestList> notified(const std::string& after, int limit);
  Result<RequestList> all(const std::string& after, int limit);
  // What the caller can sign, oldest first; at most `limit`.
  Result<std::vector<Awaiting>> awaiting(int limit);
  // Marks every notice of the request that is the caller's as seen.
  Status see(const RequestId& id);

 private:
  // What waits and has a place for the caller, newest first, from before `before` on, which is left at the last one that was looked at. `take` says whether
  // to go on. true: there may be more.
  using Take = std::function<Result<bool>(const Request& request, const Approvals::File& file, const Approvals::Place& place)>;
  Result<bool> waiting_here(std::string& before, const Take& take);
  Result<RequestItem> item(const Request& request);
  Result<RequestList> items(const std::vector<Request>& requests, int limit);
  Result<RequestView> from_elsewhere(const Approvals::File& file);
  Result<std::vector<SlotView>> slots(const Approvals::File& file, bool with_candidates);
  Result<std::vector<NoticeView>> notices(const RequestId& id);
  Result<std::vector<std::string>> can(const Approvals::File& file);
  Result<bool> addressed(const Notice& notice);
  Result<std::string> unit_name(const std::string& id);
  Result<std::string> person_name(const std::string& account);
  Result<std::string> label_text(const std::string& encoded, Timestamp written);
  Result<std::string> roles(const std::string& power, const std::string& instead);

  const Approvals& approvals_;
  gate::Context& context_;
  const Standing caller_;
  std::optional<std::vector<bodies::Unit>> units_;
  std::map<std::string, bool> addressed_;  // by power and unit
};

}  // namespace sekisho::approvals
