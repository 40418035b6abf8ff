// Starting bubblewrap: its command line, and the fork that leads to it. Internal to the module.
#pragma once
#include <string>
#include <vector>

#include "core/result.h"
#include "sandbox/child.h"

namespace sekisho::sandbox {

// A descriptor that closes itself.
class Fd {
 public:
  explicit Fd(int fd = -1) : fd_(fd) {}
  ~Fd() { reset(); }
  Fd(Fd&& other) noexcept : fd_(other.release()) {}
  Fd& operator=(Fd&& other) noexcept {
    if (this != &other) {
      reset();
      fd_ = other.release();
    }
    return *this;
  }
  int get() const { return fd_; }
  int release() { return std::exchange(fd_, -1); }
  void reset();

 private:
  int fd_;
};

struct Launched {
  int pid = -1;
  Fd input;   // write end of its stdin
  Fd output;  // read ends
  Fd errors;
};

inline constexpr int kSeccompFd = 3;

// The arguments of bwrap, program first. Pure.
std::vector<std::string> bubblewrap_arguments(const Spec& spec);
Result<Launched> launch(const Spec& spec);

}  // namespace sekisho::sandbox
