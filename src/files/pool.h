// Extractor: the server's door to file contents. Owns the sandboxed workers; no byte of an uploaded file is parsed in the server.
//
// Plain-text types (txt, md, csv, tsv) share living workers, each replaced after a number of files and after any failure. Structured types
// (html, pdf, docx, xlsx, pptx) get a worker of their own that has seen no other file and dies with it. One thread owns every start and
// keeps a spare running, so that a file seldom waits for a cage.
// Threads: extract() blocks and may be called from any number of threads; at most `workers` files are read at once, the rest wait.
// Failures: the file's own (reasons.h), or for this file only files.crashed, files.timeout, files.too_complex (memory, processor time);
// sandbox.unavailable when no cage can be built (nothing is ever parsed outside one); files.stopped while shutting down.
// The destructor kills what runs; callers inside extract() must have returned before.
#pragma once
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "core/result.h"
#include "files/extract.h"
#include "files/model.h"
#include "sandbox/child.h"

namespace sekisho::files {

struct ExtractorSettings {
  std::string worker_path;  // the program sekisho-worker on the host
  std::size_t workers = 2;  // files read at the same time
  std::chrono::milliseconds file_timeout{60'000};
  std::chrono::milliseconds start_timeout{20'000};
  std::uint32_t files_per_worker = 500;
  std::uint64_t memory_bytes = 2ULL << 30;
  std::uint32_t cpu_seconds = 120;
};

class Extractor {
 public:
  // Starts the first worker, and fails (sandbox.unavailable) if its cage cannot be built.
  static Result<std::unique_ptr<Extractor>> create(ExtractorSettings settings);
  ~Extractor();
  Extractor(const Extractor&) = delete;
  Extractor& operator=(const Extractor&) = delete;

  Result<Extracted> extract(std::string_view name, std::string_view bytes, const Options& options);

 private:
  struct Worker {
    std::unique_ptr<sandbox::Child> child;
    std::uint32_t files = 0;
  };

  explicit Extractor(ExtractorSettings settings) : settings_(std::move(settings)) {}
  void keep_spares();
  Result<Worker> start_worker() const;
  Result<Worker> take(bool shared_type);
  void give_back(Worker worker);
  Result<Extracted> run(Worker& worker, std::string_view name, std::string_view bytes, const Options& options) const;

  ExtractorSettings settings_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t busy_ = 0;
  std::size_t wanted_ = 0;      // callers waiting for a fresh worker
  std::vector<Worker> living_;  // idle, for plain text
  std::vector<Worker> spares_;  // idle, never used
  std::vector<Worker> dead_;    // to be reaped by the keeper, which started them
  Result<void> last_start_ = ok();
  bool stopping_ = false;
  std::thread keeper_;
};

}  // namespace sekisho::files
