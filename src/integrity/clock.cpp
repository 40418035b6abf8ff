#include "integrity/clock.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/timex.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <utility>
#include <vector>

#include "core/descriptor.h"

namespace sekisho::integrity {
namespace {

constexpr const char* kChronyc = "/usr/bin/chronyc";
constexpr std::size_t kMaxAnswer = 4096;
constexpr auto kPatience = std::chrono::seconds(2);

std::int64_t micros(clockid_t clock) {
  struct timespec at = {};
  ::clock_gettime(clock, &at);
  return at.tv_sec * 1'000'000 + at.tv_nsec / 1'000;
}

Unexpected malformed(const std::string& what) { return fail(Code::invalid_argument, "clock.malformed", what); }

Result<double> number(std::string_view text) {
  double out = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(out)) return malformed("not a number");
  return out;
}

// What the child says until it closes its output or time is over; then it is gone.
std::string hear(int fd, pid_t child) {
  std::string out;
  const auto until = std::chrono::steady_clock::now() + kPatience;
  for (;;) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - std::chrono::steady_clock::now()).count();
    struct pollfd wait = {fd, POLLIN, 0};
    std::array<char, 1024> buffer{};
    if (left <= 0 || ::poll(&wait, 1, static_cast<int>(left)) <= 0) break;
    const ssize_t n = ::read(fd, buffer.data(), buffer.size());
    if (n <= 0 || out.size() > kMaxAnswer) break;
    out.append(buffer.data(), static_cast<std::size_t>(n));
  }
  ::kill(child, SIGKILL);
  int status = 0;
  ::waitpid(child, &status, 0);
  return out;
}

Result<std::string> ask_chrony() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return fail(Code::unavailable, "clock.unknown", "pipe");
  const Descriptor reading(ends[0]);
  pid_t child = -1;
  int failed = 0;
  {
    const Descriptor writing(ends[1]);
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    ::posix_spawn_file_actions_adddup2(&actions, writing.get(), 1);
    ::posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
    std::array<char*, 5> arguments = {const_cast<char*>("chronyc"), const_cast<char*>("-n"), const_cast<char*>("-c"), const_cast<char*>("tracking"), nullptr};
    std::array<char*, 1> environment = {nullptr};
    failed = ::posix_spawn(&child, kChronyc, &actions, nullptr, arguments.data(), environment.data());
    ::posix_spawn_file_actions_destroy(&actions);
  }
  if (failed != 0) return fail(Code::unavailable, "clock.unknown", "chronyc does not run");
  return hear(reading.get(), child);
}

}  // namespace

// The wall clock is read between two readings of the other; a pause between them would look like a step.
Reading read_clocks() {
  Reading best;
  std::int64_t shortest = std::numeric_limits<std::int64_t>::max();
  for (int i = 0; i < 5 && shortest > 200; ++i) {
    const std::int64_t before = micros(CLOCK_BOOTTIME);
    const std::int64_t wall = micros(CLOCK_REALTIME);
    const std::int64_t after = micros(CLOCK_BOOTTIME);
    if (after - before >= shortest) continue;
    shortest = after - before;
    best = {wall, before + (after - before) / 2};
  }
  return best;
}

std::optional<std::int64_t> StepWatch::look(const Reading& now) {
  const auto last = std::exchange(last_, now);
  if (!last) return std::nullopt;
  const std::int64_t step = (now.wall_micros - last->wall_micros) - (now.boot_micros - last->boot_micros);
  return std::abs(step) >= least_ ? std::optional(step) : std::nullopt;
}

// reference id, name, stratum, reference time, system time's offset, last offset, ..., leap status
Result<Tracking> parse_tracking(std::string_view line) {
  if (line.ends_with('\n')) line.remove_suffix(1);
  std::vector<std::string_view> fields;
  for (std::size_t begin = 0; begin <= line.size();) {
    const std::size_t end = std::min(line.find(',', begin), line.size());
    fields.push_back(line.substr(begin, end - begin));
    begin = end + 1;
  }
  if (fields.size() != 14) return malformed("not one line of 14 fields");
  SK_TRY(const double stratum, number(fields[2]));
  // chronyc gives how far the clock is behind as a positive number.
  SK_TRY(const double behind, number(fields[4]));
  return Tracking{fields[13] != "Not synchronised" && stratum > 0 && stratum < 16, -behind, "chrony"};
}

Result<Tracking> ask_tracking() {
  if (::access(kChronyc, X_OK) == 0)
    if (const auto answer = ask_chrony())
      if (auto tracking = parse_tracking(*answer)) return std::move(*tracking);
  struct timex kernel = {};
  const int state = ::adjtimex(&kernel);
  if (state < 0) return fail(Code::unavailable, "clock.unknown", "adjtimex");
  return Tracking{state != TIME_ERROR && (kernel.status & STA_UNSYNC) == 0, 0, "kernel"};
}

}  // namespace sekisho::integrity
