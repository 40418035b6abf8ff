#include "core/log.h"
#include "features/library/state.h"

namespace sekisho::library {
namespace {

constexpr int kFeedRows = 2000;
constexpr auto kIdleWait = std::chrono::seconds(5);
constexpr auto kRetryWait = std::chrono::seconds(2);
// While files keep coming the index is written out this often, so that what came is found soon and segments stay few.
constexpr auto kFlushEvery = std::chrono::seconds(2);
// What waits for being written: as much again is needed while it is sorted. It fills within the first thousand documents, so that memory does
// not depend on how many come after.
constexpr search::Index::Options kIndexOptions{2, 16u << 20};

bool must_rebuild(const Error& error) { return error.key == "search.rebuild"; }

}  // namespace

Shelf::Shelf(gate::Body& body, std::string folder, const text::Analyzer& analyzer, std::unique_ptr<search::Index> index)
    : body_(body), folder_(std::move(folder)), analyzer_(analyzer), index_(std::move(index)), permitted_(*body.labels) {
  fed_ = index_->covered();
  feeder_ = std::thread([this] { feed_loop(); });
}

Result<std::unique_ptr<Shelf>> Shelf::open(gate::Body& body, const text::Analyzer& analyzer) {
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
  return std::unique_ptr<Shelf>(new Shelf(body, folder, analyzer, std::move(*index)));
}

Shelf::~Shelf() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  feeder_.join();
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
  SK_TRY(auto tx, body_.db->begin_read());
  SK_TRY(const auto rows, Table::chunks_after(*tx, fed_, kFeedRows));
  tx.reset();
  if (rows.empty()) return false;
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
  return true;
}

Status Shelf::settle() {
  SK_CHECK(index_->flush());
  search::Bitmap alive;
  {
    SK_TRY(auto tx, body_.db->begin_read());
    SK_TRY(alive, permitted_.alive(*tx));
  }
  for (bool merged = true; merged;) {
    SK_TRY(merged, index_->merge_some(&alive));
  }
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
  auto flushed = std::chrono::steady_clock::now();
  bool unflushed = false;
  for (;;) {
    answer_forgetting();
    auto fed = feed_once();
    if (fed && *fed) {
      unflushed = true;
      if (std::chrono::steady_clock::now() - flushed < kFlushEvery) continue;
    }
    Status settled = ok();
    if (fed && unflushed) {
      settled = settle();
      unflushed = false;
      flushed = std::chrono::steady_clock::now();
    }
    std::unique_lock lock(mutex_);
    if (stopping_) return;
    if (fed && *fed) continue;
    if (!fed || !settled) {
      log::error("library.index_failed", fed ? settled.error() : fed.error());
      wake_.wait_for(lock, kRetryWait, [&] { return stopping_; });
      fed_ = index_->covered();
      continue;
    }
    wake_.wait_for(lock, kIdleWait, [&] { return stopping_ || woken_ || forget_asked_ != forget_done_; });
    woken_ = false;
    if (stopping_) return;
  }
}

}  // namespace sekisho::library
