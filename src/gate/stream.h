// Long answers: two operations round a stream. open (authorise, record the prompt; its own Tx) -> produce (no Tx held) -> close (usage, label,
// sealed answer; its own Tx), and only then is the stream complete.
//
// A Stream lives on the server, not on a connection: it goes on when the client leaves, so that close() always runs, and it can be read
// again from any event (Last-Event-ID) until `keep` after its end. A feature gives a Plan made of plain functions and never sees a
// socket; this file is the only one of the gate that knows coroutines.
//
// Threads: producing runs on the runtime's first loop; subscribe() and stop() are called on that loop too (the HTTP layer does).
// Memory per stream: its text and 4 bytes a chunk.
#pragma once
#include <boost/intrusive/list.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/id.h"
#include "gate/plan.h"
#include "gate/stop.h"
#include "llm/client.h"
#include "net/runtime.h"
#include "net/tasks.h"

namespace sekisho::gate {

// Who waits for a stream.
struct Follower : boost::intrusive::list_base_hook<> {
  net::Event event;
  net::TimePoint until;
  const std::function<bool()>* take = nullptr;
};

class Stream {
 public:
  const std::string& id() const { return id_; }
  const std::string& owner() const { return touched_.person; }
  const std::string& body() const { return touched_.body; }
  const Touched& touched() const { return touched_; }
  bool ended() const { return ended_; }
  // Events count from 1. nullopt: not there yet (or none more, when ended).
  std::optional<Event> event(std::uint64_t number) const;
  std::uint64_t size() const { return entries_.size(); }

 private:
  friend class Streams;
  struct Entry {
    std::uint32_t text_end;  // a delta ends here in text_; other events stand in others_ and have no text
    std::int32_t other;
  };
  void add(Event event);
  void add_text(std::string_view text);
  std::string id_;
  Touched touched_;
  std::string text_;
  std::vector<Entry> entries_;
  std::vector<Event> others_;
  std::vector<Follower*> waiting_;
  bool stop_requested_ = false;
  std::optional<Error> closed_by_;  // the emergency stop that ended it
  bool ended_ = false;
  llm::ChatStream* upstream_ = nullptr;
};

class Streams {
 public:
  struct Options {
    std::size_t max_parallel = 1000;         // model calls at once; the rest queue and are told their place
    net::Duration keep = std::chrono::minutes(10);
  };
  Streams(net::Runtime& runtime, llm::Client& client, Options options);
  ~Streams();

  // Starts producing. Never fails: what goes wrong is an event of the stream.
  std::shared_ptr<Stream> start(Plan plan);
  std::shared_ptr<Stream> find(const std::string& id) const;
  void stop(Stream& stream);
  // Ends every running or queued stream that an emergency stop closes. From any thread; done within the loop's next turn.
  void obey(const StopBoard& board);
  // Stops all streams of a person (his rights ended). From any thread; takes effect on the loop.
  void stop_of(std::string body, std::string owner);
  // Waits until event `number` is there or the stream has ended. False: neither within the limit (looked at every kTick).
  net::Task<bool> wait(std::shared_ptr<Stream> stream, std::uint64_t number, net::Duration limit);
  // Offers what is there, and then what comes, to `take`, which says whether it has taken all of it: what comes on the spot, from within the transfer that
  // brings it. Returns when it has not, when the stream has ended, or when the limit is over. `take` does not throw; it may stop the stream.
  net::Task<void> follow(std::shared_ptr<Stream> stream, net::Duration limit, const std::function<bool()>& take);
  // Stops every stream and waits until each has been closed. For the end of the program, from outside the loops.
  void shutdown();

 private:
  net::Task<void> produce(std::shared_ptr<Stream> stream, Plan plan);
  net::Task<Outcome> answer(std::shared_ptr<Stream> stream, Plan& plan);
  net::Task<Outcome> call_model(std::shared_ptr<Stream> stream, ModelCall& call);
  net::Task<bool> take_turn(std::shared_ptr<Stream> stream);
  void leave_turn();
  class Following;
  void wake(Stream& stream);
  // One timer for the time limits of all who wait: a timer of each one's own would be set and cancelled with every piece of text.
  void tick();

  net::Runtime& runtime_;
  llm::Client& client_;
  const Options options_;
  net::TaskGroup group_;
  std::unordered_map<std::string, std::shared_ptr<Stream>> streams_;
  std::vector<std::shared_ptr<Stream>> queue_;
  std::size_t running_ = 0;
  bool stopping_ = false;
  bool ticking_ = false;
  bool closed_ = false;  // no tick more
  boost::intrusive::list<Follower> followers_;  // that wait now
  net::asio::steady_timer ticker_;
};

}  // namespace sekisho::gate
