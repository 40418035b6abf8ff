// How a thread of this program stands to the others when all of them want a core.
#pragma once

namespace sekisho {

// For a thread that computes for long while people wait for others: it gets less of a contended core (`niceness` 1 to 19, setpriority(2)) and is
// interrupted at once by those that wake up for a moment. It is never starved, so it may hold locks. Acts on the calling thread, for its life;
// where the system refuses or knows none of it, the thread merely competes with the rest. Source: sched(7), sched_setattr(2).
void give_way(int niceness);

// For a moment in which a thread waits again and again, each time shortly, for what many others wait for, where the program runs in real time (SCHED_RR,
// SCHED_FIFO): while this lives the calling thread takes the core from the program's other threads, which would otherwise keep it until they wait. Nothing
// changes in an ordinary program, or where the system refuses. Source: sched(7).
class Precedence {
 public:
  Precedence();
  ~Precedence();
  Precedence(const Precedence&) = delete;
  Precedence& operator=(const Precedence&) = delete;

 private:
  int policy_ = 0;
  int before_ = 0;  // 0: nothing was changed
};

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
