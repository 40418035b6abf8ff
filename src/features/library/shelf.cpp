#include "core/log.h"
#include "features/library/state.h"

namespace sekisho::library {
namespace {

constexpr int kFeedRows = 2000;
constexpr auto kIdleWait = std::chrono::seconds(5);
constexpr auto kRetryWait = std::chrono::seconds(2);
// While files keep coming the index is written out this often, so that what came is found soon and segments stay few. When no more waits it is
// written out at once: whoever saw her file become ready finds it.
constexpr auto kFlushEvery = std::chrono::seconds(2);
// About 10 MB of text.
constexpr std::int64_t kFarBehind = 4 * kFeedRows;
// What waits for being written: as much again is needed while it is sorted. It fills within the first thousand documents, so that memory does
// not depend on how many come after.
constexpr search::Index::Options kIndexOptions{2, 16u << 20};

bool must_rebuild(const Error& error) { return error.key == "search.rebuild"; }

}  // namespace

Shelf::Shelf(gate::Body& body, const text::Analyzer& analyzer, std::unique_ptr<search::Index> index, std::function<void()> room)
    : body_(body), analyzer_(analyzer), index_(std::move(index)), room_(std::move(room)), permitted_(*body.labels) {
  fed_ = index_->covered();
  feeder_ = std::thread([this] { feed_loop(); });
  merger_ = std::thread([this] { merge_loop(); });
}

Result<std::unique_ptr<Shelf>> Shelf::open(gate::Body& body, const text::Analyzer& analyzer, std::function<void()> room) {
  const std::string folder = body.folder + "/index";
  auto index = search::Index::open(folder, analyzer, kIndexOptions);
  std::int64_t last = 0;
  {
    SK_TRY(auto tx, body.db->begin_read());
    SK_TRY(last, Table::last_chunk(*tx));
  }
  // The database is the source of truth: an index that does not verify, or knows more than the database, is made again.
  const bool ahead = index && (*index)->covered() > last;
  if (ahead || (!index && must_rebuild(index.error()))) {
    log::warn("library.index_rebuilt", {{"body", log::Safe(body.code)}});
    index = fail(Code::corrupt, "search.rebuild");
    SK_CHECK(search::Index::erase(folder));
    index = search::Index::open(folder, analyzer, kIndexOptions);
  }
  if (!index) return Unexpected(std::move(index.error()));
  std::unique_ptr<Shelf> out(new Shelf(body, analyzer, std::move(*index), std::move(room)));
  out->stored(last);
  return out;
}

Shelf::~Shelf() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  merge_wake_.notify_all();
  feeder_.join();
  merger_.join();
}

void Shelf::wake() {
  {
    const std::lock_guard lock(mutex_);
    woken_ = true;
  }
  wake_.notify_all();
}

Result<bool> Shelf::caught_up() {
  SK_TRY(auto tx, body_.db->begin_read());
  SK_TRY(const auto rows, Table::chunks_after(*tx, index_->covered(), 1));
  return rows.empty();
}

Result<bool> Shelf::feed_once() {
  const std::int64_t known = stored_;
  SK_TRY(auto tx, body_.db->begin_read());
  SK_TRY(const auto rows, Table::chunks_after(*tx, fed_, kFeedRows));
  tx.reset();
  if (rows.empty()) {
    fed_ = std::max<std::int64_t>(fed_, known);  // the last ones may have been deleted before they came here
    return false;
  }
  std::vector<std::string> headings;
  headings.reserve(rows.size());
  std::vector<search::Passage> passages;
  passages.reserve(rows.size());
  for (const IndexRow& row : rows) {
    headings.push_back(row.context.empty() ? row.section : row.section + "\n" + row.context);
    passages.push_back({static_cast<std::uint32_t>(row.chunk), row.document, headings.back(), row.text});
  }
  SK_CHECK(index_->add(passages));
  fed_ = rows.back().chunk;
  stored(fed_);
  return true;
}

void Shelf::stored(std::int64_t last_chunk) {
  std::int64_t known = stored_;
  while (known < last_chunk && !stored_.compare_exchange_weak(known, last_chunk)) {
  }
}

bool Shelf::far_behind() const { return !failing_ && stored_ - fed_ > kFarBehind; }

Status Shelf::write_out() {
  SK_CHECK(index_->flush());
  {
    const std::lock_guard lock(mutex_);
    to_merge_ = true;
  }
  merge_wake_.notify_one();
  return ok();
}

Status Shelf::drop_dead() {
  SK_CHECK(index_->flush());
  search::Bitmap alive;
  {
    SK_TRY(auto tx, body_.db->begin_read());
    SK_TRY(alive, permitted_.alive(*tx));
  }
  return index_->merge_all(&alive);
}

Status Shelf::forget() {
  std::unique_lock lock(mutex_);
  const std::uint64_t mine = ++forget_asked_;
  woken_ = true;
  wake_.notify_all();
  wake_.wait(lock, [&] { return forget_done_ >= mine || stopping_; });
  if (forget_done_ < mine) return fail(Code::unavailable, "library.not_open", "the program ends");
  return forget_failed_ ? Status(fail(*forget_failed_)) : ok();
}

void Shelf::answer_forgetting() {
  std::uint64_t asked = 0;
  {
    const std::lock_guard lock(mutex_);
    if (forget_asked_ == forget_done_) return;
    asked = forget_asked_;
  }
  const Status done = drop_dead();
  {
    const std::lock_guard lock(mutex_);
    forget_done_ = asked;
    forget_failed_ = done ? std::nullopt : std::optional(done.error());
  }
  wake_.notify_all();
}

void Shelf::feed_loop() {
  auto flushed = std::chrono::steady_clock::now() - kFlushEvery;
  bool unflushed = false;
  for (;;) {
    answer_forgetting();
    auto fed = feed_once();
    failing_ = !fed;
    const bool more = fed && *fed;
    // Each time: who found it far behind may have done so while it was feeding.
    if (!fed || (more && !far_behind())) room_();
    unflushed = unflushed || more || !fed;  // what fails may have taken a part
    const auto now = std::chrono::steady_clock::now();
    Status written = ok();
    if (fed && unflushed && (!more || now - flushed >= kFlushEvery)) {
      written = write_out();
      if (written && !more) index_->rest();
      unflushed = unflushed && !written;
      flushed = std::chrono::steady_clock::now();
    }
    std::unique_lock lock(mutex_);
    if (stopping_) return;
    if (!fed || !written) {
      failing_ = true;
      log::error("library.index_failed", fed ? written.error() : fed.error());
      wake_.wait_for(lock, kRetryWait, [&] { return stopping_; });
      lock.unlock();
      fed_ = index_->taken();  // what it took waits there for the next write
      lock.lock();
    } else if (!more) {
      wake_.wait_for(lock, kIdleWait, [&] { return stopping_ || woken_ || forget_asked_ != forget_done_; });
      woken_ = false;
    }
    if (stopping_) return;
  }
}

Status Shelf::merge() {
  for (bool merged = true; merged;) {
    // Asked before the rows are read: what is written out meanwhile is not in the bitmap and yet alive.
    const std::uint32_t known = index_->covered();
    search::Bitmap alive;
    {
      SK_TRY(auto tx, body_.db->begin_read());
      SK_TRY(alive, permitted_.alive(*tx));
    }
    SK_TRY(merged, index_->merge_some(&alive, known));
    const std::lock_guard lock(mutex_);
    if (stopping_) return ok();
  }
  return ok();
}

// Beside the feeding: a merge of large segments takes seconds, in which new files must be found all the same.
void Shelf::merge_loop() {
  std::unique_lock lock(mutex_);
  for (;;) {
    merge_wake_.wait(lock, [&] { return stopping_ || to_merge_; });
    if (stopping_) return;
    to_merge_ = false;
    lock.unlock();
    if (const Status merged = merge(); !merged) log::error("library.index_failed", merged.error());
    lock.lock();
  }
}

}  // namespace sekisho::library
