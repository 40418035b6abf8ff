#include "sandbox/seccomp.h"

#include <sched.h>
#include <seccomp.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <memory>

#include "core/bytes.h"

namespace sekisho::sandbox {
namespace {

constexpr std::array kAllowed = {
    // memory
    "brk",
    "mmap",
    "munmap",
    "mremap",
    "mprotect",
    "madvise",
    "mincore",
    "memfd_create",
    "membarrier",
    // files that are mounted, and the private /tmp
    "read",
    "write",
    "readv",
    "writev",
    "pread64",
    "pwrite64",
    "open",
    "openat",
    "creat",
    "close",
    "close_range",
    "lseek",
    "stat",
    "lstat",
    "fstat",
    "newfstatat",
    "statx",
    "statfs",
    "fstatfs",
    "access",
    "faccessat",
    "faccessat2",
    "readlink",
    "readlinkat",
    "getdents",
    "getdents64",
    "unlink",
    "unlinkat",
    "mkdir",
    "mkdirat",
    "rmdir",
    "rename",
    "renameat",
    "renameat2",
    "ftruncate",
    "truncate",
    "fallocate",
    "fadvise64",
    "fsync",
    "fdatasync",
    "getcwd",
    "chdir",
    "umask",
    "fcntl",
    "flock",
    "dup",
    "dup2",
    "dup3",
    "pipe",
    "pipe2",
    "sendfile",
    "copy_file_range",
    // waiting
    "poll",
    "ppoll",
    "select",
    "pselect6",
    "epoll_create1",
    "epoll_ctl",
    "epoll_wait",
    "epoll_pwait",
    "eventfd2",
    "nanosleep",
    "clock_nanosleep",
    "futex",
    "sched_yield",
    "pause",
    "restart_syscall",
    // signals, processes and threads of its own process namespace
    "rt_sigaction",
    "rt_sigprocmask",
    "rt_sigreturn",
    "rt_sigtimedwait",
    "rt_sigsuspend",
    "rt_sigpending",
    "sigaltstack",
    "kill",
    "tgkill",
    "fork",
    "vfork",
    "execve",
    "exit",
    "exit_group",
    "wait4",
    "waitid",
    "set_tid_address",
    "set_robust_list",
    "rseq",
    "arch_prctl",
    "prctl",
    "setpgid",
    "getpgrp",
    "getpgid",
    "getsid",
    "setsid",
    "alarm",
    "setitimer",
    "getitimer",
    "sched_getaffinity",
    "sched_getscheduler",
    "sched_getparam",
    "getpriority",
    // questions about oneself and the time
    "getpid",
    "getppid",
    "gettid",
    "getuid",
    "geteuid",
    "getgid",
    "getegid",
    "getresuid",
    "getresgid",
    "getgroups",
    "getrlimit",
    "setrlimit",
    "prlimit64",
    "getrusage",
    "times",
    "sysinfo",
    "uname",
    "gettimeofday",
    "time",
    "clock_gettime",
    "clock_getres",
    "getrandom",
    "getcpu",
    "capget",
};

using Context = std::unique_ptr<void, void (*)(void*)>;

int add_conditional_rules(void* context) {
  // fork and threads, but no new namespace.
  constexpr scmp_datum_t kNamespaces =
      CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWCGROUP;
  const scmp_arg_cmp no_namespace{0, SCMP_CMP_MASKED_EQ, kNamespaces, 0};
  int rc = seccomp_rule_add_array(context, SCMP_ACT_ALLOW, SCMP_SYS(clone), 1, &no_namespace);
  // clone3 hides its flags in memory; ENOSYS makes the C library fall back to clone.
  if (rc == 0) rc = seccomp_rule_add(context, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);
  // isatty(), sizes of pipes, close-on-exec; nothing that pushes bytes into a terminal.
  for (const scmp_datum_t request : {TCGETS, TIOCGWINSZ, FIONREAD, FIOCLEX, FIONCLEX}) {
    const scmp_arg_cmp same{1, SCMP_CMP_EQ, request, 0};
    if (rc == 0) rc = seccomp_rule_add_array(context, SCMP_ACT_ALLOW, SCMP_SYS(ioctl), 1, &same);
  }
  return rc;
}

Result<std::string> export_program(void* context) {
  const int fd = ::memfd_create("seccomp", MFD_CLOEXEC);
  if (fd < 0) return fail(Code::unavailable, "sandbox.unavailable", "memfd_create");
  const int rc = seccomp_export_bpf(context, fd);
  const off_t size = rc == 0 ? ::lseek(fd, 0, SEEK_END) : -1;
  std::string program(size > 0 ? static_cast<std::size_t>(size) : 0, '\0');
  const ssize_t got = ::pread(fd, program.data(), program.size(), 0);
  ::close(fd);
  if (program.empty() || got != static_cast<ssize_t>(program.size()))
    return fail(Code::unavailable, "sandbox.unavailable", "cannot export the seccomp program");
  return program;
}

}  // namespace

Result<std::string> seccomp_program() {
  const Context context(seccomp_init(SCMP_ACT_ERRNO(EPERM)), seccomp_release);
  if (!context) return fail(Code::unavailable, "sandbox.unavailable", "seccomp_init");
  if (seccomp_attr_set(context.get(), SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS) != 0)
    return fail(Code::unavailable, "sandbox.unavailable", "seccomp_attr_set");
  for (const char* name : kAllowed) {
    const int number = seccomp_syscall_resolve_name(name);
    // Not every architecture has every call (open, fork ...).
    if (number == __NR_SCMP_ERROR || number < 0) continue;
    if (seccomp_rule_add(context.get(), SCMP_ACT_ALLOW, number, 0) != 0)
      return fail(Code::unavailable, "sandbox.unavailable", std::string("seccomp rule for ") + name);
  }
  if (add_conditional_rules(context.get()) != 0) return fail(Code::unavailable, "sandbox.unavailable", "seccomp conditional rules");
  return export_program(context.get());
}

}  // namespace sekisho::sandbox
