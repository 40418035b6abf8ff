#include "files/pool.h"

#include "files/detect.h"
#include "files/protocol.h"

namespace sekisho::files {
namespace {

constexpr const char* kWorkerInside = "/worker";
constexpr std::uint64_t kScratchBytes = 512ULL << 20;

#if defined(__SANITIZE_ADDRESS__)
constexpr bool kSanitized = true;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
constexpr bool kSanitized = true;
#else
constexpr bool kSanitized = false;
#endif
#else
constexpr bool kSanitized = false;
#endif

sandbox::Spec worker_spec(const ExtractorSettings& settings) {
  sandbox::Spec spec;
  spec.program = kWorkerInside;
  spec.mounts = {{settings.worker_path, kWorkerInside}};
  spec.environment = {{"LC_ALL", "C.UTF-8"}, {"PATH", "/usr/bin"}, {"HOME", "/tmp"}};
  // Its leak check traces the process, which the cage forbids; its shadow memory needs terabytes of addresses.
  if (kSanitized) spec.environment.emplace_back("ASAN_OPTIONS", "detect_leaks=0");
  spec.limits.address_space_bytes = kSanitized ? 0 : settings.memory_bytes;
  spec.limits.cpu_seconds = settings.cpu_seconds;
  spec.limits.file_bytes = kScratchBytes;
  spec.limits.scratch_bytes = kScratchBytes;
  return spec;
}

bool shares_worker(std::string_view name) {
  const Result<Type> type = claimed_type(name);
  return type && (*type == Type::txt || *type == Type::md || *type == Type::csv || *type == Type::tsv);
}

// What became of the worker, in terms of the file that it was reading.
Error file_failure(const Error& error) {
  if (error.key == "sandbox.timeout") return Error{Code::timeout, "files.timeout", error.detail, {}, {}};
  if (error.key == "sandbox.too_large") return Error{Code::too_large, "files.too_much_text", error.detail, {}, {}};
  if (error.key == "sandbox.unavailable") return error;
  // Limits end a process by SIGXCPU (24), SIGXFSZ (25) or SIGKILL (9), seen through bubblewrap as 128 + signal.
  for (const std::string_view limit : {"status 152", "status 153", "status 137", "signal 9"})
    if (error.detail.find(limit) != std::string::npos) return Error{Code::too_large, "files.too_complex", error.detail, {}, {}};
  return Error{Code::corrupt, "files.crashed", error.detail, {}, {}};
}

}  // namespace

Result<std::unique_ptr<Extractor>> Extractor::create(ExtractorSettings settings) {
  if (settings.workers == 0) settings.workers = 1;
  std::unique_ptr<Extractor> out(new Extractor(std::move(settings)));
  std::unique_lock lock(out->mutex_);
  out->wanted_ = 1;
  out->keeper_ = std::thread([self = out.get()] { self->keep_spares(); });
  out->changed_.wait(lock, [&] { return !out->spares_.empty() || !out->last_start_.has_value(); });
  out->wanted_ = 0;
  if (!out->last_start_.has_value()) return fail(out->last_start_.error());
  lock.unlock();
  return out;
}

Extractor::~Extractor() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  if (keeper_.joinable()) keeper_.join();
}

Result<Extractor::Worker> Extractor::start_worker() const {
  const sandbox::Spec spec = worker_spec(settings_);
  const auto deadline = std::chrono::steady_clock::now() + settings_.start_timeout;
  SK_TRY(auto child, sandbox::Child::start(spec));
  const Result<std::string> hello = child->read_message(deadline, kHello.size());
  if (!hello) return fail(Code::unavailable, "sandbox.unavailable", to_string(hello.error()));
  if (*hello != kHello) return fail(Code::unavailable, "sandbox.unavailable", "the worker program is of another build");
  return Worker{std::move(child), 0};
}

// The only thread that starts and ends workers: the kernel ties a cage to the thread that made it.
void Extractor::keep_spares() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [&] { return stopping_ || !dead_.empty() || spares_.size() < std::max<std::size_t>(wanted_, 1); });
    std::vector<Worker> dead = std::exchange(dead_, {});
    if (stopping_) break;
    if (spares_.size() >= std::max<std::size_t>(wanted_, 1)) {
      lock.unlock();
      dead.clear();
      lock.lock();
      continue;
    }
    lock.unlock();
    dead.clear();
    Result<Worker> worker = start_worker();
    lock.lock();
    last_start_ = worker ? ok() : Status(fail(worker.error()));
    if (worker) spares_.push_back(std::move(*worker));
    changed_.notify_all();
    // Without a cage there is no use in trying at full speed; the next caller's request asks again.
    if (!worker) changed_.wait_for(lock, std::chrono::seconds(1), [&] { return stopping_; });
  }
  living_.clear();
  spares_.clear();
  dead_.clear();
}

Result<Extractor::Worker> Extractor::take(bool shared_type) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return stopping_ || busy_ < settings_.workers; });
  if (stopping_) return fail(Code::cancelled, "files.stopped", "shutting down");
  ++busy_;
  if (shared_type && !living_.empty()) {
    Worker worker = std::move(living_.back());
    living_.pop_back();
    return worker;
  }
  ++wanted_;
  if (!last_start_.has_value()) last_start_ = ok();
  changed_.notify_all();
  changed_.wait(lock, [&] { return stopping_ || !spares_.empty() || !last_start_.has_value(); });
  --wanted_;
  if (!spares_.empty() && !stopping_) {
    Worker worker = std::move(spares_.back());
    spares_.pop_back();
    changed_.notify_all();
    return worker;
  }
  --busy_;
  changed_.notify_all();
  if (stopping_) return fail(Code::cancelled, "files.stopped", "shutting down");
  return fail(last_start_.error());
}

void Extractor::give_back(Worker worker) {
  const std::lock_guard lock(mutex_);
  --busy_;
  if (worker.child && worker.files > 0 && worker.files < settings_.files_per_worker) {
    living_.push_back(std::move(worker));
  } else {
    dead_.push_back(std::move(worker));
  }
  changed_.notify_all();
}

Result<Extracted> Extractor::run(Worker& worker, std::string_view name, std::string_view bytes, const Options& options) const {
  const auto deadline = std::chrono::steady_clock::now() + settings_.file_timeout;
  const std::string head = encode_request_head(name, options);
  SK_CHECK(worker.child->write_message({head, bytes}, deadline));
  SK_TRY(const std::string answer, worker.child->read_message(deadline, kMaxAnswerBytes));
  return decode_answer(answer);
}

Result<Extracted> Extractor::extract(std::string_view name, std::string_view bytes, const Options& options) {
  if (bytes.empty()) return fail(Code::invalid_argument, "files.empty", "no bytes");
  if (bytes.size() > kMaxInputBytes) return fail(Code::too_large, "files.too_large", std::to_string(bytes.size()) + " bytes");
  const bool shared_type = shares_worker(name);
  SK_TRY(Worker worker, take(shared_type));
  const bool used_before = worker.files > 0;
  Result<Extracted> out = run(worker, name, bytes, options);
  if (!out && used_before && out.error().key == "sandbox.exited") {
    // The worker may have died of an earlier file, or of nothing to do with this one: judge the file by a fresh one.
    give_back(Worker{});
    SK_TRY(worker, take(false));
    out = run(worker, name, bytes, options);
  }
  const bool child_failed =
      !out && (out.error().key.starts_with("sandbox.") || out.error().key == "files.crashed" || out.error().key == "files.too_complex");
  worker.files = shared_type && !child_failed ? worker.files + 1 : 0;
  give_back(std::move(worker));
  if (!out && out.error().key.starts_with("sandbox.")) return fail(file_failure(out.error()));
  return out;
}

}  // namespace sekisho::files
