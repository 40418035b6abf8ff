// Child: one program in a cage, spoken to by frames over its stdin and stdout (frame.h).
//
// The cage is bubblewrap: every namespace of its own (no network interface but a dead loopback, no other process visible), an empty
// read-only root holding /usr and the mounts named in Spec, a private tmpfs on /tmp, no environment but what Spec names, no
// capability, no new privilege, the seccomp allow-list of seccomp.h, and resource limits. If any of that cannot be had, nothing
// runs: "sandbox.unavailable". It needs bubblewrap and user namespaces; it works as root and as an ordinary user.
//
// Ownership: a Child owns its process; the destructor kills it with everything it started (process namespace) and reaps it.
// Threads: one at a time per Child; different Children are independent. The thread that called start() must outlive the Child:
// the kernel kills the cage when that thread ends (so that no cage outlives a killed server).
// Failures (keys): sandbox.unavailable, sandbox.timeout, sandbox.exited (died or closed its output; detail says how),
// sandbox.too_large (a frame above the caller's limit), sandbox.pipe.
// Invariants: 1. after any failure of write_message/read_message the child is dead; 2. no call waits beyond its deadline;
// 3. never more than the caller's max_bytes plus one read is buffered from the child.
#pragma once
#include <chrono>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/result.h"

namespace sekisho::sandbox {

using Deadline = std::chrono::steady_clock::time_point;

struct Mount {
  std::string from;  // on the host
  std::string to;    // inside; read-only
};

struct Limits {
  std::uint64_t address_space_bytes = 0;  // 0: unlimited (sanitizer builds reserve terabytes)
  std::uint32_t cpu_seconds = 60;
  std::uint64_t file_bytes = 0;     // largest file it may write
  std::uint64_t scratch_bytes = 0;  // size of /tmp
  std::uint32_t open_files = 64;
};

struct Spec {
  std::string program;  // path inside the cage
  std::vector<std::string> arguments;
  std::vector<Mount> mounts;
  std::vector<std::pair<std::string, std::string>> environment;
  Limits limits;
};

class Child {
 public:
  // Returns when the process exists; whether the cage could be built shows at the first read_message.
  static Result<std::unique_ptr<Child>> start(const Spec& spec);
  ~Child();
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  // One frame whose payload is the pieces in order (so that a large file need not be copied behind its header).
  Status write_message(std::initializer_list<std::string_view> pieces, Deadline deadline);
  Result<std::string> read_message(Deadline deadline, std::size_t max_bytes);

  void kill();
  bool running();

 private:
  Child() = default;
  enum class Interest { read, write };
  Status pump(std::string_view& outgoing, Interest interest, Deadline deadline);
  Status write_some(std::string_view& outgoing);
  Status read_some();
  // Whether the frame is whole; too_large as soon as its header says so, also when that came before anyone asked for it.
  Result<bool> has_frame(std::size_t max_bytes);
  void drain_errors();
  Error exited();
  void close_pipes();

  int pid_ = -1;
  int status_ = 0;
  int stdin_ = -1;
  int stdout_ = -1;
  int stderr_ = -1;
  bool spoke_ = false;  // a whole frame has come, so the cage stood
  std::string inbox_;
  std::string errors_;
};

}  // namespace sekisho::sandbox
