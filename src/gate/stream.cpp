#include "gate/stream.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "core/log.h"

namespace sekisho::gate {

namespace {
constexpr auto kTick = std::chrono::milliseconds(100);
}

std::optional<Event> Stream::event(std::uint64_t number) const {
  if (number == 0 || number > entries_.size()) return std::nullopt;
  const Entry& entry = entries_[number - 1];
  if (entry.other >= 0) return others_[static_cast<std::size_t>(entry.other)];
  const std::uint32_t begin = number == 1 ? 0 : entries_[number - 2].text_end;
  return Event{"delta", text_.substr(begin, entry.text_end - begin)};
}

void Stream::add(Event event) {
  others_.push_back(std::move(event));
  entries_.push_back({static_cast<std::uint32_t>(text_.size()), static_cast<std::int32_t>(others_.size() - 1)});
}

void Stream::add_text(std::string_view text) {
  text_.append(text);
  entries_.push_back({static_cast<std::uint32_t>(text_.size()), -1});
}

// Stands among those who wait for the stream for as long as it lives.
class Streams::Following {
 public:
  Following(Streams& streams, Stream& stream, net::Duration limit, const std::function<bool()>* take = nullptr) : streams_(streams), stream_(stream) {
    follower_.until = std::chrono::steady_clock::now() + limit;
    follower_.take = take;
    stream_.waiting_.push_back(&follower_);
    streams_.followers_.push_back(follower_);
    streams_.tick();
  }
  ~Following() {
    streams_.followers_.erase(streams_.followers_.iterator_to(follower_));
    std::erase(stream_.waiting_, &follower_);
  }
  Following(const Following&) = delete;
  Following& operator=(const Following&) = delete;
  // By a new event, or because the time is over.
  net::Task<void> woken() { return follower_.event.wait(); }
  bool over() const { return std::chrono::steady_clock::now() >= follower_.until; }

 private:
  Streams& streams_;
  Stream& stream_;
  Follower follower_;
};

Streams::Streams(net::Runtime& runtime, llm::Client& client, Options options)
    : runtime_(runtime), client_(client), options_(options), ticker_(runtime.executor()) {}
Streams::~Streams() { shutdown(); }

std::shared_ptr<Stream> Streams::start(Plan plan) {
  auto stream = std::make_shared<Stream>();
  stream->id_ = plan.id;
  stream->touched_ = {plan.body, plan.segments, plan.owner, plan.call ? plan.call->request.endpoint_id() : std::string(), plan.collections};
  for (Event& event : plan.first) stream->add(std::move(event));
  streams_[stream->id_] = stream;
  group_.spawn(runtime_.executor(), produce(stream, std::move(plan)));
  return stream;
}

std::shared_ptr<Stream> Streams::find(const std::string& id) const {
  const auto it = streams_.find(id);
  return it == streams_.end() ? nullptr : it->second;
}

void Streams::stop(Stream& stream) {
  stream.stop_requested_ = true;
  if (stream.upstream_ != nullptr) stream.upstream_->cancel();
  wake(stream);
}

void Streams::obey(const StopBoard& board) {
  net::asio::post(runtime_.executor(), [this, &board] {
    for (auto& [id, stream] : streams_) {
      if (stream->ended_ || stream->closed_by_) continue;
      Status open = board.check(stream->touched_);
      if (open) continue;
      stream->closed_by_ = std::move(open.error());
      stop(*stream);
    }
  });
}

void Streams::stop_of(std::string body, std::string owner) {
  net::asio::post(runtime_.executor(), [this, body = std::move(body), owner = std::move(owner)] {
    for (auto& [id, stream] : streams_)
      if (stream->owner() == owner && stream->body() == body && !stream->ended_) stop(*stream);
  });
}

void Streams::wake(Stream& stream) {
  for (Follower* follower : stream.waiting_) {
    const bool taken = follower->take != nullptr && (*follower->take)();
    if (!taken || stream.ended_) follower->event.set();
  }
}

void Streams::tick() {
  if (ticking_ || closed_ || followers_.empty()) return;
  ticking_ = true;
  ticker_.expires_after(kTick);
  ticker_.async_wait([this](net::ErrorCode code) {
    if (code) return;
    ticking_ = false;
    const auto now = std::chrono::steady_clock::now();
    for (Follower& follower : followers_)
      if (follower.until <= now) follower.event.set();
    tick();
  });
}

net::Task<bool> Streams::wait(std::shared_ptr<Stream> stream, std::uint64_t number, net::Duration limit) {
  if (stream->size() >= number || stream->ended_) co_return true;
  Following following(*this, *stream, limit);
  while (stream->size() < number && !stream->ended_ && !following.over()) co_await following.woken();
  co_return stream->size() >= number || stream->ended_;
}

net::Task<void> Streams::follow(std::shared_ptr<Stream> stream, net::Duration limit, const std::function<bool()>& take) {
  if (!take() || stream->ended_) co_return;
  Following following(*this, *stream, limit, &take);
  co_await following.woken();
}

net::Task<bool> Streams::take_turn(std::shared_ptr<Stream> stream) {
  if (running_ < options_.max_parallel) {
    ++running_;
    co_return true;
  }
  queue_.push_back(stream);
  std::size_t told = 0;
  for (;;) {
    const auto at = std::find(queue_.begin(), queue_.end(), stream);
    if (at == queue_.end()) co_return true;  // leave_turn() handed its place over
    if (stream->stop_requested_ || stopping_) {
      queue_.erase(at);
      co_return false;
    }
    const auto position = static_cast<std::size_t>(at - queue_.begin()) + 1;
    if (position != told) {
      told = position;
      stream->add({"queue", "{\"position\":" + std::to_string(position) + "}"});
      wake(*stream);
    }
    Following following(*this, *stream, std::chrono::seconds(1));
    co_await following.woken();
  }
}

void Streams::leave_turn() {
  if (queue_.empty()) {
    --running_;
    return;
  }
  const auto next = queue_.front();
  queue_.erase(queue_.begin());
  for (const auto& stream : queue_) wake(*stream);
  wake(*next);
}

net::Task<Outcome> Streams::call_model(std::shared_ptr<Stream> stream, ModelCall& call) {
  Outcome out;
  auto opened = client_.open_chat(call.endpoint, call.request);
  if (!opened) {
    out.error = opened.error();
    co_return out;
  }
  const std::unique_ptr<llm::ChatStream> upstream = std::move(*opened);
  stream->upstream_ = upstream.get();
  // Straight into the stream, from within the transfer: nothing between the model and the followers waits a turn of its own.
  std::function<void(std::string_view)> take = [this, &call, at = stream.get()](std::string_view piece) {
    const std::string text = call.restorer.take(piece);
    if (text.empty()) return;
    at->add_text(text);
    wake(*at);
  };
  upstream->deliver_to(std::move(take));
  if (stream->stop_requested_) upstream->cancel();
  for (;;) {
    auto next = co_await upstream->next();
    if (!next) {
      out.error = next.error();
      break;
    }
    if (const auto* finish = std::get_if<llm::Finish>(&*next)) {
      out.usage = finish->usage;
      out.ending = Ending::complete;
      break;
    }
  }
  if (const std::string rest = call.restorer.end(); !rest.empty()) {
    stream->add_text(rest);
    wake(*stream);
  }
  stream->upstream_ = nullptr;
  co_return out;
}

net::Task<Outcome> Streams::answer(std::shared_ptr<Stream> stream, Plan& plan) {
  Outcome out;
  if (!plan.call) {
    stream->add_text(plan.text);
    wake(*stream);
    out.ending = Ending::complete;
  } else {
    const bool turn = co_await take_turn(stream);
    if (turn) {
      out = co_await call_model(stream, *plan.call);
      leave_turn();
    }
  }
  if (stream->closed_by_ && out.ending != Ending::complete) {
    out.ending = Ending::failed;
    out.error = stream->closed_by_;
  } else if (stream->stop_requested_ && out.ending != Ending::complete) {
    out.ending = Ending::stopped;
    out.error.reset();
  }
  out.text = stream->text_;
  co_return out;
}

net::Task<void> Streams::produce(std::shared_ptr<Stream> stream, Plan plan) {
  Outcome outcome;
  try {
    outcome = co_await answer(stream, plan);
  } catch (const std::exception& e) {
    outcome.error = Error{Code::internal, "internal", e.what(), {}, {}};
  }
  auto close = std::move(plan.close);
  auto work = [close = std::move(close), outcome = std::move(outcome)]() mutable { return close(std::move(outcome)); };
  auto last = co_await net::offload(runtime_.workers(), std::move(work));
  if (last) {
    stream->add(std::move(*last));
  } else {
    log::error("stream.close_failed", last.error());
    stream->add({"error", "{\"key\":\"" + last.error().key + "\"}"});
  }
  stream->ended_ = true;
  wake(*stream);
  // Kept for a while, so that a client that lost its connection can read the rest.
  if (!stopping_) {
    net::asio::steady_timer timer(runtime_.executor(), options_.keep);
    try {
      co_await timer.async_wait(net::asio::use_awaitable);
    } catch (const std::exception&) {
      // shutting down: the stream goes now
    }
  }
  streams_.erase(stream->id_);
}

void Streams::shutdown() {
  const auto all = net::run_blocking(runtime_.executor(), [this]() -> net::Task<void> {
    stopping_ = true;
    for (auto& [id, stream] : streams_) stop(*stream);
    co_return;
  });
  static_cast<void>(all);
  // Each stream that still runs ends by its stop and is closed; only then are the kept ones dropped.
  const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  for (bool open = true; open && std::chrono::steady_clock::now() < limit;) {
    open = false;
    const auto looked = net::run_blocking(runtime_.executor(), [this, &open]() -> net::Task<void> {
      for (auto& [id, stream] : streams_) open = open || !stream->ended_;
      co_return;
    });
    if (!looked) break;
    if (open) std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  group_.cancel();
  group_.wait(std::chrono::seconds(10));
  const auto stopped = net::run_blocking(runtime_.executor(), [this]() -> net::Task<void> {
    closed_ = true;
    ticker_.cancel();
    co_return;
  });
  // A tick that was due already stands before this in the loop's queue.
  const auto last_tick_over = net::run_blocking(runtime_.executor(), []() -> net::Task<void> { co_return; });
  static_cast<void>(stopped);
  static_cast<void>(last_tick_over);
}

}  // namespace sekisho::gate
