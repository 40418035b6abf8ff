// What the measurements over real HTTP share: a body with people and an endpoint, a model on a port of its own, and a client.
//
// Threads: asking from any; a BenchModel answers on threads of its own until it goes.
#pragma once
#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "apps/engine.h"

namespace sekisho::apps {

using Steady = std::chrono::steady_clock;

inline constexpr const char* kBenchPassword = "kawara-ni-tatsu-keisokushitsu";

inline double seconds_since(Steady::time_point begin) { return std::chrono::duration<double>(Steady::now() - begin).count(); }

// The value below which `share` (0.5, 0.95, …) of them lie; 0 of none.
double quantile(std::vector<double> all, double share);

struct Answer {
  int status = 0;
  std::string cookie;
  std::string body;
};
Answer ask(std::uint16_t port, std::string_view method, std::string_view path, std::string_view headers, const json::Value& body);

class Wire;  // a connection

// Somebody who has logged in.
class Person {
 public:
  Person(std::uint16_t port, int number);
  std::string new_chat(const std::string& endpoint) const;  // its id; empty: refused
  // Asks in the chat and hands out the lines of the answer's stream as they come, until it says false, or the end.
  void question(const std::string& chat, const json::Value& parent, const std::function<bool(const std::string& line)>& line) const;

 private:
  std::uint16_t port_;
  std::string headers_;
};
json::Object login_of(int number);

// A model with the OpenAI protocol. Every answer is what `answering` says, piece by piece; `say` returns false when nobody listens any more.
class BenchModel {
 public:
  using Say = std::function<bool(const std::string& piece)>;
  explicit BenchModel(std::function<void(const Say& say)> answering);
  ~BenchModel();
  BenchModel(const BenchModel&) = delete;
  BenchModel& operator=(const BenchModel&) = delete;
  std::uint16_t port() const { return port_; }

 private:
  void serve(int fd);
  bool answer(Wire& wire);
  const std::function<void(const Say&)> answering_;
  int listener_;
  std::uint16_t port_ = 0;
  std::mutex mutex_;
  std::vector<int> open_;  // connections, to be shut down at the end
  std::vector<std::thread> connections_;
  std::thread acceptor_;
};

// People u0, u1, … of one department and role.
Result<gate::Body*> make_bench_body(Engine& engine, int people);
// The endpoint, the approved service behind it and the flow to it, as an administrator registers them. Its id.
Result<std::string> make_bench_endpoint(Engine& engine, gate::Body& body, std::uint16_t port);

}  // namespace sekisho::apps
