// The library's inside: one index and its feeder per body, and the ingestion threads. Private to the feature.
#pragma once
#include <atomic>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <thread>

#include "features/library/library.h"
#include "features/library/permitted.h"
#include "features/library/table.h"
#include "search/index.h"

namespace sekisho::library {

// One body's index, the thread that feeds it from the chunk table in the order of the ids, and the thread that joins its segments.
class Shelf {
 public:
  // `room` is called, on the feeding thread, when the index has come near enough again for more to be stored (far_behind).
  static Result<std::unique_ptr<Shelf>> open(gate::Body& body, const text::Analyzer& analyzer, std::function<void()> room);
  ~Shelf();
  Shelf(const Shelf&) = delete;
  Shelf& operator=(const Shelf&) = delete;

  gate::Body& body() { return body_; }
  const search::Index& index() const { return *index_; }
  std::uint32_t covered() const { return index_->covered(); }
  void wake();
  PermittedSets& permitted() { return permitted_; }
  // True when every chunk of the table is in the index.
  Result<bool> caught_up();
  // Writes the index anew without chunks whose rows are gone; what was read before the rows went is in it by then. Blocks; done on the
  // feeder's thread, so that nothing is added behind it.
  Status forget();
  // Chunks up to this id are in the table.
  void stored(std::int64_t last_chunk);
  // So much waits for the index that reading more files would only lengthen the time until what was read is found. Never while the index fails:
  // that is no reason not to read.
  bool far_behind() const;

 private:
  Shelf(gate::Body& body, const text::Analyzer& analyzer, std::unique_ptr<search::Index> index, std::function<void()> room);
  void feed_loop();
  void merge_loop();
  Result<bool> feed_once();  // false: nothing to add
  Status write_out();
  Status drop_dead();        // flush, merge everything
  void answer_forgetting();  // those who wait in forget()
  Status merge();

  gate::Body& body_;
  const text::Analyzer& analyzer_;
  std::unique_ptr<search::Index> index_;
  const std::function<void()> room_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::condition_variable merge_wake_;
  std::atomic<std::int64_t> fed_ = 0;
  std::atomic<std::int64_t> stored_ = 0;
  std::atomic<bool> failing_ = false;
  bool woken_ = true;
  bool to_merge_ = true;
  bool stopping_ = false;
  std::uint64_t forget_asked_ = 0;
  std::uint64_t forget_done_ = 0;
  std::optional<Error> forget_failed_;  // of the last
  PermittedSets permitted_;
  std::thread feeder_;
  std::thread merger_;
};

struct Library::State {
  State(const text::Analyzer& analyzer_in, files::Extractor* extractor_in, gate::Gate& gate_in, Settings settings_in)
      : analyzer(analyzer_in), extractor(extractor_in), gate(gate_in), settings(settings_in) {}

  const text::Analyzer& analyzer;
  files::Extractor* const extractor;
  gate::Gate& gate;
  const Settings settings;
  std::mutex mutex;
  std::condition_variable wake;
  bool stopping = false;
  std::uint64_t signals = 0;  // counts wakes, so that none is lost
  std::map<std::string, std::unique_ptr<Shelf>> shelves;
  std::set<std::string> requeue;  // bodies with files that were being read when the program died or an emergency stop came
  std::vector<std::thread> ingesters;

  Shelf* shelf(const gate::Body& body);
  Result<Shelf*> require_shelf(const gate::Body& body);
  std::vector<Shelf*> all_shelves();
  void signal();
  void ingest_loop();
  // Files whose reading was cut short wait again. Nothing happens while ingestion is stopped.
  Status requeue_cut_short(Shelf& shelf, const gate::Caller& program);
  // Reads one batch of waiting files of the body. False: nothing waits.
  Result<bool> ingest_batch(Shelf& shelf);
};

// Changing a collection is for its own unit: reading it gives no right to it.
Status require_own_unit(gate::Context& context, const Collection& collection);

}  // namespace sekisho::library
