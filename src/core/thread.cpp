#include "core/thread.h"

#include <linux/ioprio.h>
#include <pthread.h>
#include <sched.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdint>

namespace sekisho {
namespace {

// The kernel's struct sched_attr in its first form (SCHED_ATTR_SIZE_VER0): glibc 2.36 declares neither it nor the call.
struct SchedAttr {
  std::uint32_t size = sizeof(SchedAttr);
  std::uint32_t policy = SCHED_BATCH;
  std::uint64_t flags = 0;
  std::int32_t nice = 0;
  std::uint32_t priority = 0;
  std::uint64_t runtime = 0;  // nanoseconds
  std::uint64_t deadline = 0;
  std::uint64_t period = 0;
};
static_assert(sizeof(SchedAttr) == 48);

void set_io_class(int value) { static_cast<void>(::syscall(SYS_ioprio_set, IOPRIO_WHO_PROCESS, 0, value)); }

}  // namespace

// Since Linux 6.12 an ordinary thread may ask for its time slice, and one that wakes up with a shorter slice takes the core from one with a
// longer (EEVDF, kernel/sched/fair.c PREEMPT_SHORT). Without it a thread that has begun a slice keeps the core for some milliseconds, which is
// what a stream would wait. Older kernels pass over the number.
void give_way(int niceness) {
  SchedAttr attr;
  attr.nice = niceness;
  attr.runtime = 100'000'000;  // the longest there is
  if (::syscall(SYS_sched_setattr, 0, &attr, 0) == 0) return;
  const sched_param none{};
  static_cast<void>(::pthread_setschedparam(::pthread_self(), SCHED_BATCH, &none));
  static_cast<void>(::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), niceness));
}

Precedence::Precedence() {
  sched_param own{};
  if (::pthread_getschedparam(::pthread_self(), &policy_, &own) != 0 || (policy_ != SCHED_RR && policy_ != SCHED_FIFO)) return;
  if (own.sched_priority >= ::sched_get_priority_max(policy_)) return;
  const sched_param higher{own.sched_priority + 1};
  if (::pthread_setschedparam(::pthread_self(), policy_, &higher) == 0) before_ = own.sched_priority;
}

Precedence::~Precedence() {
  if (before_ == 0) return;
  const sched_param own{before_};
  static_cast<void>(::pthread_setschedparam(::pthread_self(), policy_, &own));
}

LastAtDisk::LastAtDisk() { set_io_class(IOPRIO_PRIO_VALUE(IOPRIO_CLASS_IDLE, 0)); }
LastAtDisk::~LastAtDisk() { set_io_class(IOPRIO_PRIO_VALUE(IOPRIO_CLASS_NONE, 0)); }

}  // namespace sekisho
