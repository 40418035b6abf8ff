// The system calls a sandboxed program may make, compiled to the classic BPF program that bubblewrap loads (--seccomp).
//
// An allow-list: memory, files (of the few mounts there are), pipes, waiting, own processes and threads. Anything else is EPERM;
// in particular sockets of every family, ptrace, mount, bpf, keyctl, io_uring, userfaultfd, perf, namespaces, modules.
// Calls of another architecture's table (32-bit on x86-64) kill the process. Pure apart from libseccomp.
#pragma once
#include <string>

#include "core/result.h"

namespace sekisho::sandbox {

// An array of struct sock_filter, as bytes. Failure: unavailable "sandbox.unavailable".
Result<std::string> seccomp_program();

}  // namespace sekisho::sandbox
