// Logins that wait for their turn to be checked, between the first answer (202 with a ticket) and the last poll.
//
// A ticket is random, works from the address that got it, and is forgotten when it was not asked about for kPatience; with it goes the
// place in the queue. Threads: any.
#pragma once
#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

#include "features/accounts/operations.h"
#include "net/sync.h"

namespace sekisho::http {

struct WaitingLogin {
  gate::Caller caller;
  std::string login;
  std::string agent;
  accounts::Accounts::Asked asked;
  net::Event event;
  std::atomic<bool> done{false};
  std::atomic<bool> watched{false};  // one poll at a time waits for the event
  std::chrono::steady_clock::time_point asked_at;
};

class WaitingLogins {
 public:
  static constexpr auto kPatience = std::chrono::seconds(20);

  std::string put(std::shared_ptr<WaitingLogin> waiting);
  // Null: no such ticket, over, or another address.
  std::shared_ptr<WaitingLogin> find(const std::string& ticket, const std::string& peer);
  // True for the one caller that may finish it.
  bool take(const std::string& ticket);

 private:
  void forget_old(std::chrono::steady_clock::time_point now);
  std::mutex mutex_;
  std::unordered_map<std::string, std::shared_ptr<WaitingLogin>> waiting_;
};

}  // namespace sekisho::http
