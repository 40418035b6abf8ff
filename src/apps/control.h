// Asking the running server: commands that need an act recorded while the server holds the data folder hand it over here.
//
// A Unix socket in the data folder (0700, so only who may run commands may ask; the peer's user is compared besides). One connection, one JSON
// request that ends with the writer's half, one JSON answer. Only operations that are named at construction are carried out, with the same
// credentials and through the same door as from the command itself.
//
//   <data>/control.sock      {"operation":"log.export","body":"reiji","user":null,"input":{},"sign":true}  ->  {"value":…} or {"error":{…}}
//
// Threads: the server has one thread; a request is answered before the next is taken. What takes long (a Task) is answered from a thread of its own, one
// at a time. Requests are at most 64 KiB and may take five seconds to come.
#pragma once
#include <atomic>
#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <thread>

#include "apps/engine.h"
#include "core/descriptor.h"

namespace sekisho::apps {

struct ControlRequest {
  std::string operation;             // empty: only the state of the watches; or a task's name
  std::string body;
  std::optional<std::string> user;   // none: the operator
  json::Value input;
  bool sign = false;                 // sign the log's head before it and after
};
BOOST_DESCRIBE_STRUCT(ControlRequest, (), (operation, body, user, input, sign))

class Control {
 public:
  // What is wrong with what the server watches, by matter.
  using State = std::function<std::map<std::string, std::string>()>;
  // Something of the whole program's, no operation of a body's; it writes its own records.
  using Task = std::function<Result<json::Value>(const json::Value& input)>;
  using Tasks = std::map<std::string, Task>;
  static Result<std::unique_ptr<Control>> start(Engine& engine, std::set<std::string> operations, Tasks tasks, State state);
  ~Control();  // waits for the task that runs
  Control(const Control&) = delete;
  Control& operator=(const Control&) = delete;

 private:
  Control(Engine& engine, std::set<std::string> operations, Tasks tasks, State state)
      : engine_(engine), operations_(std::move(operations)), tasks_(std::move(tasks)), state_(std::move(state)) {}
  void serve();
  void answer(std::unique_ptr<Descriptor> peer);
  void begin(const Task& task, json::Value input, std::unique_ptr<Descriptor> peer);
  Result<json::Value> carry_out(const ControlRequest& request);

  Engine& engine_;
  const std::set<std::string> operations_;
  const Tasks tasks_;
  const State state_;
  std::string path_;
  int listening_ = -1;
  int waking_ = -1;
  std::thread thread_;
  std::thread task_;
  std::atomic<bool> task_runs_ = false;
};

// The answer's value, or the error that the server answered with. unavailable "control.silent" when no server answers within `longest`.
Result<json::Value> ask_server(const Config& config, const ControlRequest& request, std::chrono::seconds longest = std::chrono::seconds(60));

}  // namespace sekisho::apps
