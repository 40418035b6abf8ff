// sekisho-worker: reads files for the server, inside the cage that src/sandbox builds. Frames in on stdin, frames out on stdout
// (files/protocol.h), until the server closes. It has no options, no configuration and no way out; started by hand it only answers frames.
#include <sys/resource.h>

#include "files/protocol.h"
#include "sandbox/frame.h"

namespace {

// The kernel counts processes per user namespace, so this holds for the cage alone. pdftotext is the only other process.
constexpr rlim_t kMaxProcesses = 16;

int serve() {
  using namespace sekisho;
  const rlimit processes{kMaxProcesses, kMaxProcesses};
  if (::setrlimit(RLIMIT_NPROC, &processes) != 0) return 1;
  if (!sandbox::write_frame(1, files::kHello).has_value()) return 1;
  while (true) {
    const Result<std::optional<std::string>> request = sandbox::read_frame(0, files::kMaxRequestBytes);
    if (!request) return 1;
    if (!request->has_value()) return 0;
    if (!sandbox::write_frame(1, files::answer_request(**request)).has_value()) return 1;
  }
}

}  // namespace

int main() {
  try {
    return serve();
  } catch (const std::exception&) {
    return 1;
  }
}
