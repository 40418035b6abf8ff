// How a thread of this program stands to the others when all of them want a core.
#pragma once

namespace sekisho {

// For a thread that computes for long while people wait for others: it gets less of a contended core (`niceness` 0 to 19, setpriority(2)) and is
// interrupted at once by those that wake up for a moment. It is never starved, so it may hold locks. Acts on the calling thread, for its life;
// where the system refuses or knows none of it, the thread merely competes with the rest. Source: sched(7), sched_setattr(2).
void give_way(int niceness);

// For a thread that does a little for many who wait for it: when it wakes up it takes the core from a thread in the middle of its slice, and soon gives
// it back. It gets no more of a contended core than the others. Acts, and may be refused, as above.
void wake_first();

// While it lives, what the calling thread writes and reads reaches the disk after what others do (class idle of ioprio_set(2); schedulers mq-deadline and
// bfq). For moments without locks: a busy disk may leave such a request for seconds. Where the system or the disk's scheduler knows no classes, nothing changes.
class LastAtDisk {
 public:
  LastAtDisk();
  ~LastAtDisk();
  LastAtDisk(const LastAtDisk&) = delete;
  LastAtDisk& operator=(const LastAtDisk&) = delete;
};

}  // namespace sekisho
