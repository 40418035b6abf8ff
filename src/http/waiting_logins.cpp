#include "http/waiting_logins.h"

#include "crypto/random.h"

namespace sekisho::http {

void WaitingLogins::forget_old(std::chrono::steady_clock::time_point now) {
  std::erase_if(waiting_, [&](const auto& entry) { return now - entry.second->asked_at > kPatience; });
}

std::string WaitingLogins::put(std::shared_ptr<WaitingLogin> waiting) {
  const auto now = std::chrono::steady_clock::now();
  std::string ticket(crypto::random_token().reveal());
  const std::lock_guard lock(mutex_);
  forget_old(now);
  waiting->asked_at = now;
  waiting_.emplace(ticket, std::move(waiting));
  return ticket;
}

std::shared_ptr<WaitingLogin> WaitingLogins::find(const std::string& ticket, const std::string& peer) {
  const auto now = std::chrono::steady_clock::now();
  const std::lock_guard lock(mutex_);
  forget_old(now);
  const auto it = waiting_.find(ticket);
  if (it == waiting_.end() || it->second->caller.peer != peer) return nullptr;
  it->second->asked_at = now;
  return it->second;
}

bool WaitingLogins::take(const std::string& ticket) {
  const std::lock_guard lock(mutex_);
  return waiting_.erase(ticket) == 1;
}

}  // namespace sekisho::http
