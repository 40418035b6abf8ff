// From stored requests to what a caller sees of them.
#pragma once
#include "features/approvals/operations.h"

namespace sekisho::approvals {

class Views {
 public:
  Views(const Approvals& approvals, gate::Context& context, Standing caller) : approvals_(approvals), context_(context), caller_(std::move(caller)) {}
  Result<KindList> kinds();
  Result<RequestView> full(const RequestId& id);
  Result<RequestList> mine(const std::string& after, int limit);
  Result<RequestList> to_rule(const std::string& after, int limit);
  Result<RequestList> notified(const std::string& after, int limit);
  Result<RequestList> all(const std::string& after, int limit);
  // Marks every notice of the request that is the caller's as seen.
  Status see(const RequestId& id);

 private:
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
