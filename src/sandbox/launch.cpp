#include "sandbox/launch.h"

#include <fcntl.h>
#include <linux/close_range.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

#include "sandbox/seccomp.h"

namespace sekisho::sandbox {
namespace {

constexpr const char* kBubblewrap = "/usr/bin/bwrap";
// What an ordinary user may ask for (/proc/sys/fs/pipe-max-size); fewer wake-ups for large files.
constexpr int kPipeBytes = 1 << 20;

struct Pipe {
  Fd read;
  Fd write;
};

Result<Pipe> make_pipe() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return fail(Code::unavailable, "sandbox.unavailable", std::string("pipe: ") + std::strerror(errno));
  ::fcntl(ends[0], F_SETPIPE_SZ, kPipeBytes);  // a wish; refusal changes nothing but speed
  return Pipe{Fd(ends[0]), Fd(ends[1])};
}

Result<Fd> program_descriptor(const std::string& program) {
  Fd fd(::memfd_create("seccomp", MFD_CLOEXEC));
  if (fd.get() < 0 || ::write(fd.get(), program.data(), program.size()) != static_cast<ssize_t>(program.size()) ||
      ::lseek(fd.get(), 0, SEEK_SET) != 0)
    return fail(Code::unavailable, "sandbox.unavailable", "memfd for the seccomp program");
  return fd;
}

bool limit(int resource, rlim_t value) {
  const rlimit both{value, value};
  return ::setrlimit(static_cast<__rlimit_resource>(resource), &both) == 0;
}

bool apply_limits(const Limits& limits) {
  if (limits.address_space_bytes != 0 && !limit(RLIMIT_AS, limits.address_space_bytes)) return false;
  return limit(RLIMIT_CPU, limits.cpu_seconds) && limit(RLIMIT_FSIZE, limits.file_bytes) && limit(RLIMIT_NOFILE, limits.open_files) &&
         limit(RLIMIT_CORE, 0);
}

// Runs between fork and exec in a copy of a threaded program: only async-signal-safe calls. Never returns.
[[noreturn]] void become_bubblewrap(const Limits& limits, int in, int out, int err, int seccomp, char* const* arguments) {
  // Move everything above the target numbers first, so that no dup2 overwrites a source.
  in = ::fcntl(in, F_DUPFD, 10);
  out = ::fcntl(out, F_DUPFD, 10);
  err = ::fcntl(err, F_DUPFD, 10);
  seccomp = ::fcntl(seccomp, F_DUPFD, 10);
  const bool placed = ::dup2(in, 0) == 0 && ::dup2(out, 1) == 1 && ::dup2(err, 2) == 2 && ::dup2(seccomp, kSeccompFd) == kSeccompFd;
  ::close_range(kSeccompFd + 1, ~0U, 0);
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::signal(SIGPIPE, SIG_DFL);
  char* const environment[] = {nullptr};
  if (placed && apply_limits(limits)) ::execve(kBubblewrap, arguments, environment);
  constexpr std::string_view kFailed = "bwrap: cannot be started or limits cannot be set\n";
  [[maybe_unused]] const auto ignored = ::write(2, kFailed.data(), kFailed.size());
  ::_exit(127);
}

void add(std::vector<std::string>& list, std::initializer_list<std::string> more) { list.insert(list.end(), more); }

// /bin, /lib ... are links into /usr on a merged system and folders elsewhere.
void add_system_folders(std::vector<std::string>& list) {
  for (const char* name : {"/bin", "/lib", "/lib32", "/lib64", "/libx32"}) {
    std::error_code ec;
    if (std::filesystem::is_symlink(name, ec)) {
      add(list, {"--symlink", std::filesystem::read_symlink(name, ec).string(), name});
    } else if (std::filesystem::is_directory(name, ec)) {
      add(list, {"--ro-bind", name, name});
    }
  }
}

}  // namespace

void Fd::reset() {
  if (fd_ >= 0) ::close(fd_);
  fd_ = -1;
}

std::vector<std::string> bubblewrap_arguments(const Spec& spec) {
  std::vector<std::string> list = {"bwrap", "--unshare-all", "--unshare-user", "--disable-userns", "--die-with-parent", "--new-session"};
  add(list, {"--clearenv", "--cap-drop", "ALL", "--uid", "65534", "--gid", "65534", "--hostname", "sandbox"});
  for (const auto& [name, value] : spec.environment) add(list, {"--setenv", name, value});
  add(list, {"--ro-bind", "/usr", "/usr"});
  add_system_folders(list);
  add(list, {"--ro-bind-try", "/etc/ld.so.cache", "/etc/ld.so.cache", "--dev-bind", "/dev/null", "/dev/null"});
  for (const Mount& mount : spec.mounts) add(list, {"--ro-bind", mount.from, mount.to});
  if (spec.limits.scratch_bytes != 0)
    add(list, {"--size", std::to_string(spec.limits.scratch_bytes), "--tmpfs", "/tmp", "--chdir", "/tmp"});
  add(list, {"--remount-ro", "/", "--seccomp", std::to_string(kSeccompFd), "--", spec.program});
  list.insert(list.end(), spec.arguments.begin(), spec.arguments.end());
  return list;
}

Result<Launched> launch(const Spec& spec) {
  static const Result<std::string> program = seccomp_program();  // depends on the build alone
  if (!program) return fail(program.error());
  SK_TRY(const Fd seccomp, program_descriptor(*program));
  SK_TRY(Pipe in, make_pipe());
  SK_TRY(Pipe out, make_pipe());
  SK_TRY(Pipe err, make_pipe());
  std::vector<std::string> arguments = bubblewrap_arguments(spec);
  std::vector<char*> pointers;
  for (std::string& argument : arguments) pointers.push_back(argument.data());
  pointers.push_back(nullptr);

  // No handler of this process may run in the copy.
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &before);
  const pid_t pid = ::fork();
  if (pid == 0) become_bubblewrap(spec.limits, in.read.get(), out.write.get(), err.write.get(), seccomp.get(), pointers.data());
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  if (pid < 0) return fail(Code::unavailable, "sandbox.unavailable", std::string("fork: ") + std::strerror(errno));

  for (const int fd : {in.write.get(), out.read.get(), err.read.get()}) ::fcntl(fd, F_SETFL, O_NONBLOCK);
  return Launched{pid, std::move(in.write), std::move(out.read), std::move(err.read)};
}

}  // namespace sekisho::sandbox
