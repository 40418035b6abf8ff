#include "llm/multi.h"

#include <sys/epoll.h>

#include <array>
#include <mutex>

#include "core/log.h"
#include "llm/transfer.h"

namespace sekisho::llm {
namespace {

constexpr std::size_t kIdleHandles = 64;
constexpr long kKeptConnections = 4096;  // all that may stream at once, or each peak connects anew
constexpr std::size_t kTogether = 8;  // answers read, and passed on, before anybody else on the loop has a turn: half a millisecond
constexpr auto kTick = std::chrono::milliseconds(100);

Status start_curl() {
  static std::once_flag once;
  static CURLcode code = CURLE_FAILED_INIT;
  std::call_once(once, [] { code = curl_global_init(CURL_GLOBAL_DEFAULT); });
  return code == CURLE_OK ? ok() : Status(fail(Code::internal, "llm.curl", curl_easy_strerror(code)));
}

class Inside {
 public:
  explicit Inside(int& depth) : depth_(depth) { ++depth_; }
  ~Inside() { --depth_; }
  Inside(const Inside&) = delete;
  Inside& operator=(const Inside&) = delete;

 private:
  int& depth_;
};

}  // namespace

Multi::Multi(net::Executor executor) : executor_(executor), set_(executor), timer_(executor), sweeper_(executor) {}

Multi::~Multi() {
  close();
  for (CURL* const easy : idle_) curl_easy_cleanup(easy);
  if (multi_ != nullptr) curl_multi_cleanup(multi_);
}

Result<std::shared_ptr<Multi>> Multi::create(net::Executor executor) {
  SK_CHECK(start_curl());
  auto multi = std::make_shared<Multi>(executor);
  SK_CHECK(multi->open());
  return multi;
}

Status Multi::open() {
  const int set = ::epoll_create1(EPOLL_CLOEXEC);
  if (set < 0) return fail(Code::unavailable, "llm.curl", "no descriptor is left");
  net::ErrorCode code;
  set_.assign(set, code);
  if (code) {
    ::close(set);
    return fail(Code::internal, "llm.curl", code.message());
  }
  multi_ = curl_multi_init();
  if (multi_ == nullptr) return fail(Code::internal, "llm.curl", "curl_multi_init");
  curl_multi_setopt(multi_, CURLMOPT_SOCKETFUNCTION, &Multi::on_socket);
  curl_multi_setopt(multi_, CURLMOPT_SOCKETDATA, this);
  curl_multi_setopt(multi_, CURLMOPT_TIMERFUNCTION, &Multi::on_timer);
  curl_multi_setopt(multi_, CURLMOPT_TIMERDATA, this);
  curl_multi_setopt(multi_, CURLMOPT_MAXCONNECTS, kKeptConnections);
  curl_multi_setopt(multi_, CURLMOPT_PIPELINING, CURLPIPE_NOTHING);
  watch();
  return ok();
}

CURL* Multi::take_easy() {
  if (idle_.empty()) return curl_easy_init();
  CURL* const easy = idle_.back();
  idle_.pop_back();
  return easy;
}

void Multi::give_back(CURL* easy) {
  if (idle_.size() >= kIdleHandles) return curl_easy_cleanup(easy);
  curl_easy_reset(easy);
  idle_.push_back(easy);
}

Status Multi::start(std::shared_ptr<Transfer> transfer, CURL* easy) {
  if (closed_) return fail(Code::unavailable, "llm.closed", "the client is closed");
  starting_ = true;
  const CURLMcode code = curl_multi_add_handle(multi_, easy);
  starting_ = false;
  if (code != CURLM_OK) return fail(Code::internal, "llm.curl", curl_multi_strerror(code));
  transfers_.insert(std::move(transfer));
  connecting_ = CURL_SOCKET_BAD;
  drive_timeout();  // connects or sends now, instead of after a turn of the loop
  // A connection within one machine stands at once. One that does not yet is looked at in vain, and again when the loop tells of it.
  if (connecting_ != CURL_SOCKET_BAD && !closed_) {
    act_on(connecting_, CURL_CSELECT_OUT);
    collect_finished();
  }
  sweep();
  return ok();
}

void Multi::remove(Transfer& transfer, CURL* easy) {
  if (inside_ > 0) leaving_.emplace_back(transfer.shared_from_this(), easy);
  else take_out(transfer, easy);
}

void Multi::take_out(Transfer& transfer, CURL* easy) {
  curl_multi_remove_handle(multi_, easy);
  give_back(easy);
  transfers_.erase(transfer.shared_from_this());
}

void Multi::resume(CURL* easy) {
  {
    const Inside inside(inside_);
    curl_easy_pause(easy, CURLPAUSE_CONT);
  }
  collect_finished();
}

void Multi::close() {
  if (std::exchange(closed_, true)) return;
  while (!transfers_.empty()) {
    const auto transfer = *transfers_.begin();
    transfer->stop(Error{Code::cancelled, "llm.cancelled", "the client was closed", {}, {}});
    transfers_.erase(transfer);
  }
  net::ErrorCode ignored;
  set_.close(ignored);
  timer_.cancel();
  sweeper_.cancel();
}

void Multi::watch() {
  set_.async_wait(net::asio::posix::stream_descriptor::wait_read, [weak = weak_from_this()](net::ErrorCode code) {
    const auto self = weak.lock();
    if (!code && self) self->on_ready();
  });
}

void Multi::on_ready() {
  if (closed_) return;
  std::array<epoll_event, kTogether> events;
  const int n = ::epoll_wait(set_.native_handle(), events.data(), static_cast<int>(events.size()), 0);
  for (int i = 0; i < n; ++i) {
    const epoll_event& event = events[static_cast<std::size_t>(i)];
    int mask = 0;
    if ((event.events & (EPOLLIN | EPOLLHUP)) != 0) mask |= CURL_CSELECT_IN;
    if ((event.events & EPOLLOUT) != 0) mask |= CURL_CSELECT_OUT;
    if ((event.events & EPOLLERR) != 0) mask |= CURL_CSELECT_ERR;
    act_on(event.data.fd, mask);
  }
  collect_finished();
  if (closed_) return;
  // Asio arms the descriptor anew for each wait, which is a call to the system. It is spared where more is certainly there.
  if (n < static_cast<int>(events.size())) return watch();
  net::asio::post(executor_, [weak = weak_from_this()] {
    if (const auto self = weak.lock()) self->on_ready();
  });
}

void Multi::act_on(curl_socket_t socket, int mask) {
  int running = 0;
  const Inside inside(inside_);
  curl_multi_socket_action(multi_, socket, mask, &running);
}

void Multi::collect_finished() {
  if (inside_ > 0) return;
  for (const auto& [transfer, easy] : std::exchange(leaving_, {})) take_out(*transfer, easy);
  int left = 0;
  while (CURLMsg* const message = curl_multi_info_read(multi_, &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    const CURLcode result = message->data.result;
    void* owner = nullptr;
    curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &owner);
    static_cast<Transfer*>(owner)->finished(result);
  }
}

void Multi::drive_timeout() {
  if (closed_) return;
  act_on(CURL_SOCKET_TIMEOUT, 0);
  collect_finished();
}

void Multi::set_timer(long timeout_ms) {
  if (timeout_ms == 0 && starting_) return;
  if (timeout_ms < 0) {
    timer_.cancel();
    return;
  }
  timer_.expires_after(std::chrono::milliseconds(timeout_ms));
  timer_.async_wait([weak = weak_from_this()](net::ErrorCode code) {
    const auto self = weak.lock();
    if (!code && self) self->drive_timeout();
  });
}

// One timer for the time limits of all transfers, running only while there are any.
void Multi::sweep() {
  if (sweeping_ || closed_ || transfers_.empty()) return;
  sweeping_ = true;
  sweeper_.expires_after(kTick);
  sweeper_.async_wait([weak = weak_from_this()](net::ErrorCode code) {
    const auto self = weak.lock();
    if (!self) return;
    self->sweeping_ = false;
    if (code || self->closed_) return;
    const auto now = std::chrono::steady_clock::now();
    std::vector<std::shared_ptr<Transfer>> all(self->transfers_.begin(), self->transfers_.end());
    for (const auto& transfer : all) transfer->tick(now);
    self->sweep();
  });
}

int Multi::on_socket(CURL*, curl_socket_t socket, int what, void* self, void*) {
  auto* const multi = static_cast<Multi*>(self);
  if (multi->closed_) return 0;
  const int set = multi->set_.native_handle();
  if (what == CURL_POLL_OUT || what == CURL_POLL_INOUT) multi->connecting_ = socket;
  if (what == CURL_POLL_REMOVE) {
    ::epoll_ctl(set, EPOLL_CTL_DEL, socket, nullptr);
    return 0;
  }
  epoll_event event{};
  event.data.fd = socket;
  if (what == CURL_POLL_IN || what == CURL_POLL_INOUT) event.events |= EPOLLIN;
  if (what == CURL_POLL_OUT || what == CURL_POLL_INOUT) event.events |= EPOLLOUT;
  if (::epoll_ctl(set, EPOLL_CTL_ADD, socket, &event) != 0 && ::epoll_ctl(set, EPOLL_CTL_MOD, socket, &event) != 0)
    log::error("llm.epoll_failed", {{"socket", static_cast<int>(socket)}});
  return 0;
}

int Multi::on_timer(CURLM*, long timeout_ms, void* self) {
  static_cast<Multi*>(self)->set_timer(timeout_ms);
  return 0;
}

}  // namespace sekisho::llm
