#include "sandbox/child.h"

#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "sandbox/frame.h"
#include "sandbox/launch.h"

namespace sekisho::sandbox {
namespace {

constexpr std::size_t kReadBytes = 1 << 20;
constexpr std::size_t kPipeBytes = 64 * 1024;
constexpr std::size_t kMaxErrorText = 4096;

// write() without SIGPIPE, whatever the program's disposition: blocked for this thread, and taken back if it was raised.
ssize_t write_quietly(int fd, std::string_view bytes) {
  sigset_t pipe_only;
  sigset_t before;
  sigset_t pending;
  sigemptyset(&pipe_only);
  sigaddset(&pipe_only, SIGPIPE);
  ::pthread_sigmask(SIG_BLOCK, &pipe_only, &before);
  ::sigpending(&pending);
  const ssize_t n = ::write(fd, bytes.data(), bytes.size());
  const int error = errno;
  if (n < 0 && error == EPIPE && sigismember(&pending, SIGPIPE) == 0) {
    const timespec now{};
    ::sigtimedwait(&pipe_only, nullptr, &now);
  }
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  errno = error;
  return n;
}

int milliseconds_left(Deadline deadline) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now()).count();
  return static_cast<int>(std::clamp<std::int64_t>(left, 0, 3'600'000));
}

void close_one(int& fd) {
  if (fd >= 0) ::close(fd);
  fd = -1;
}

}  // namespace

Result<std::unique_ptr<Child>> Child::start(const Spec& spec) {
  SK_TRY(Launched launched, launch(spec));
  std::unique_ptr<Child> child(new Child);
  child->pid_ = launched.pid;
  child->stdin_ = launched.input.release();
  child->stdout_ = launched.output.release();
  child->stderr_ = launched.errors.release();
  return child;
}

Child::~Child() { kill(); }

void Child::close_pipes() {
  close_one(stdin_);
  close_one(stdout_);
  close_one(stderr_);
}

void Child::kill() {
  close_pipes();
  if (pid_ < 0) return;
  // Bubblewrap's own death takes the process namespace with it (--die-with-parent).
  ::kill(pid_, SIGKILL);
  while (::waitpid(pid_, &status_, 0) < 0 && errno == EINTR) {
  }
  pid_ = -1;
}

bool Child::running() {
  if (pid_ < 0) return false;
  if (::waitpid(pid_, &status_, WNOHANG) != pid_) return true;
  pid_ = -1;
  close_pipes();
  return false;
}

void Child::drain_errors() {
  char buffer[kMaxErrorText];
  while (stderr_ >= 0) {
    const ssize_t n = ::read(stderr_, buffer, sizeof buffer);
    if (n < 0 && errno == EINTR) continue;
    if (n == 0) close_one(stderr_);
    if (n <= 0) return;
    errors_.append(buffer, std::min<std::size_t>(static_cast<std::size_t>(n), kMaxErrorText - errors_.size()));
  }
}

Error Child::exited() {
  // Closing its output and dying are the same to us; give the status a moment, then make sure.
  for (int i = 0; i < 50 && pid_ >= 0; ++i) {
    drain_errors();
    if (::waitpid(pid_, &status_, WNOHANG) == pid_) {
      pid_ = -1;
      break;
    }
    ::usleep(2000);
  }
  drain_errors();
  kill();
  std::string how = WIFSIGNALED(status_) ? "signal " + std::to_string(WTERMSIG(status_)) : "status " + std::to_string(WEXITSTATUS(status_));
  if (!spoke_ && errors_.starts_with("bwrap:"))
    return Error{Code::unavailable, "sandbox.unavailable", "the sandbox could not be built (" + how + "): " + errors_, {}, {}};
  return Error{Code::internal, "sandbox.exited", "child ended with " + how + (errors_.empty() ? "" : ": " + errors_), {}, {}};
}

Status Child::write_some(std::string_view& outgoing) {
  const ssize_t n = write_quietly(stdin_, outgoing);
  if (n >= 0) {
    outgoing.remove_prefix(static_cast<std::size_t>(n));
  } else if (errno == EPIPE) {
    return fail(exited());
  } else if (errno != EAGAIN && errno != EINTR) {
    return fail(Code::internal, "sandbox.pipe", std::strerror(errno));
  }
  return ok();
}

Status Child::read_some() {
  // By way of a small buffer: a pipe gives no more than that at once, and room made in inbox_ would be zeroed, a megabyte for each short answer.
  std::array<char, kPipeBytes> piece;
  const ssize_t n = ::read(stdout_, piece.data(), piece.size());
  const int error = errno;
  if (n > 0) inbox_.append(piece.data(), static_cast<std::size_t>(n));
  if (n == 0) return fail(exited());
  if (n < 0 && error != EAGAIN && error != EINTR) return fail(Code::internal, "sandbox.pipe", std::strerror(error));
  return ok();
}

Result<bool> Child::has_frame(std::size_t max_bytes) {
  if (inbox_.size() < kFrameHeader) return false;
  const std::size_t announced = frame_length(inbox_);
  if (announced > max_bytes)
    return fail(Code::too_large, "sandbox.too_large", "child announced a frame of " + std::to_string(announced) + " bytes");
  inbox_.reserve(kFrameHeader + announced + 1);
  return inbox_.size() - kFrameHeader >= announced;
}

// One wait and what it brought. Reading goes on while writing, so that a child that answers early cannot stall both sides.
Status Child::pump(std::string_view& outgoing, Interest interest, Deadline deadline) {
  pollfd fds[3] = {{stdout_, POLLIN, 0}, {stderr_, POLLIN, 0}, {interest == Interest::write ? stdin_ : -1, POLLOUT, 0}};
  // While writing, take at most one frame's worth of early output; the rest waits in the pipe.
  if (interest == Interest::write && inbox_.size() > kReadBytes) fds[0].fd = -1;
  const int ready = ::poll(fds, 3, milliseconds_left(deadline));
  if (ready < 0 && errno != EINTR) return fail(Code::internal, "sandbox.pipe", std::strerror(errno));
  if (ready == 0) return fail(Code::timeout, "sandbox.timeout", "no answer before the deadline");
  if (fds[1].revents != 0) drain_errors();
  if (fds[0].revents != 0) SK_CHECK(read_some());
  if (fds[2].revents != 0) SK_CHECK(write_some(outgoing));
  return ok();
}

Status Child::write_message(std::initializer_list<std::string_view> pieces, Deadline deadline) {
  if (stdin_ < 0) return fail(Code::internal, "sandbox.exited", "child has ended");
  std::size_t total = 0;
  for (const std::string_view piece : pieces) total += piece.size();
  if (total > kMaxFrame) return fail(Code::too_large, "sandbox.too_large", "message does not fit a frame");
  const std::string header = frame_header(total);
  std::vector<std::string_view> parts{header};
  parts.insert(parts.end(), pieces.begin(), pieces.end());
  for (std::string_view part : parts) {
    while (!part.empty()) {
      const Status step = pump(part, Interest::write, deadline);
      if (step.has_value()) continue;
      kill();
      return step;
    }
  }
  return ok();
}

Result<std::string> Child::read_message(Deadline deadline, std::size_t max_bytes) {
  if (stdout_ < 0 && inbox_.empty()) return fail(Code::internal, "sandbox.exited", "child has ended");
  std::string_view nothing;
  for (;;) {
    const Result<bool> whole = has_frame(max_bytes);
    if (whole && *whole) break;
    const Status step = whole ? pump(nothing, Interest::read, deadline) : Status(fail(whole.error()));
    if (step.has_value()) continue;
    kill();
    return fail(step.error());
  }
  const std::size_t length = frame_length(inbox_);
  spoke_ = true;
  std::string rest = inbox_.substr(kFrameHeader + length);
  std::string message = std::move(inbox_);
  message.resize(kFrameHeader + length);
  message.erase(0, kFrameHeader);
  inbox_ = std::move(rest);
  return message;
}

}  // namespace sekisho::sandbox
