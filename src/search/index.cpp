#include "search/index.h"

#include <algorithm>
#include <atomic>
#include <cstring>
#include <filesystem>
#include <functional>
#include <mutex>
#include <thread>

#include "search/manifest.h"
#include "search/merge.h"
#include "search/ranking.h"
#include "search/write_buffer.h"

namespace sekisho::search {
namespace {

namespace fs = std::filesystem;

// Objects with buffers that are worth keeping between calls.
template <class T>
class Pool {
 public:
  explicit Pool(std::function<std::unique_ptr<T>()> make) : make_(std::move(make)) {}

  class Lease {
   public:
    Lease(Pool& pool, std::unique_ptr<T> object) : pool_(pool), object_(std::move(object)) {}
    ~Lease() {
      const std::lock_guard lock(pool_.mutex_);
      if (pool_.free_.size() < kKept) pool_.free_.push_back(std::move(object_));
    }
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;
    T& operator*() const { return *object_; }
    T* operator->() const { return object_.get(); }

   private:
    Pool& pool_;
    std::unique_ptr<T> object_;
  };

  Lease take() {
    {
      const std::lock_guard lock(mutex_);
      if (!free_.empty()) {
        std::unique_ptr<T> object = std::move(free_.back());
        free_.pop_back();
        return Lease(*this, std::move(object));
      }
    }
    return Lease(*this, make_());
  }

 private:
  static constexpr std::size_t kKept = 8;
  std::function<std::unique_ptr<T>()> make_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<T>> free_;
};

Status remove_files(const std::string& folder, const std::function<bool(const std::string&)>& unwanted) {
  std::error_code error;
  std::vector<fs::path> found;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    if (is_index_file(name) && unwanted(name)) found.push_back(entry->path());
  }
  for (const fs::path& path : found) {
    if (!error) fs::remove(path, error);
  }
  if (error) return fail(Code::unavailable, "search.io", folder + ": " + error.message());
  return ok();
}

}  // namespace

// What searches see: replaced as a whole.
struct Live {
  Manifest manifest;
  std::vector<SegmentPtr> segments;
};

struct Index::State {
  State(std::string f, const text::Analyzer& a, Options o)
      : folder(std::move(f)),
        analyzer(a),
        options(o),
        sessions([&a] { return std::make_unique<text::Analyzer::Session>(a); }),
        passage_analysers([&a] { return std::make_unique<PassageAnalyser>(a); }),
        scratches([] { return std::make_unique<Scratch>(); }) {}

  std::string path_of(std::uint64_t number) const { return folder + "/" + segment_name(number); }
  std::shared_ptr<const Live> snapshot() const {
    const std::lock_guard lock(live_mutex);
    return live;
  }
  // Saves a changed list and lets searches see it. `change` works on a copy; install_mutex is held.
  Status install(const std::function<void(Live&)>& change);
  Result<SegmentPtr> open_segment(const SegmentRecord& record) const;
  Status flush_locked();
  void analyse(std::span<const Passage> passages, std::vector<AnalysedPassage>& out);
  Status take(std::span<const AnalysedPassage> passages);  // write_mutex is held
  Status merge_run(const Live& from, std::size_t first, std::size_t last, const Bitmap* alive);

  const std::string folder;
  const text::Analyzer& analyzer;
  const Options options;

  // Taken in this order.
  std::mutex write_mutex;            // buffer
  std::mutex merge_mutex;            // one merge at a time
  std::mutex install_mutex;          // the manifest on disk
  mutable std::mutex live_mutex;     // the pointer `live`
  std::shared_ptr<const Live> live = std::make_shared<const Live>();
  std::atomic<std::uint64_t> next_number{1};
  std::atomic<std::uint64_t> buffered{0};
  WriteBuffer buffer;
  // Kept between batches: memory for thousands of small lists, asked for again and again, costs as much as filling it. Under write_mutex, too.
  std::vector<AnalysedPassage> analysed, next_analysed;

  Pool<text::Analyzer::Session> sessions;
  Pool<PassageAnalyser> passage_analysers;
  Pool<Scratch> scratches;
};

Status Index::State::install(const std::function<void(Live&)>& change) {
  auto changed = std::make_shared<Live>(*snapshot());
  change(*changed);
  changed->manifest.next = next_number;
  SK_CHECK(save_manifest(folder, changed->manifest));
  const std::lock_guard lock(live_mutex);
  live = std::move(changed);
  return ok();
}

Result<SegmentPtr> Index::State::open_segment(const SegmentRecord& record) const {
  SK_TRY(SegmentPtr segment, Segment::open(path_of(record.number), Segment::Verify::checksum));
  if (segment->bytes() != record.bytes || segment->documents() != record.documents || segment->checksum() != record.checksum) {
    return fail(Code::corrupt, "search.rebuild", segment_name(record.number) + " is not the one the manifest names");
  }
  return segment;
}

namespace {

SegmentRecord record_of(std::uint64_t number, const Segment& segment) { return {number, segment.bytes(), segment.documents(), segment.checksum()}; }

}  // namespace

Result<std::unique_ptr<Index>> Index::open(std::string folder, const text::Analyzer& analyzer, Options options) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) return fail(Code::unavailable, "search.io", folder + ": " + error.message());
  auto state = std::make_unique<State>(std::move(folder), analyzer, options);
  SK_TRY(std::optional<Manifest> manifest, load_manifest(state->folder));
  auto live = std::make_shared<Live>();
  live->manifest.analyser = analyzer.fingerprint();
  if (manifest) {
    if (manifest->analyser != analyzer.fingerprint()) return fail(Code::corrupt, "search.rebuild", "made with another analyser");
    live->manifest = std::move(*manifest);
  }
  std::uint32_t last = 0;
  for (const SegmentRecord& record : live->manifest.segments) {
    SK_TRY(SegmentPtr segment, state->open_segment(record));
    if (segment->first_chunk() <= last || segment->last_chunk() > live->manifest.covered) return fail(Code::corrupt, "search.rebuild", "segments overlap");
    last = segment->last_chunk();
    live->segments.push_back(std::move(segment));
  }
  state->next_number = live->manifest.next;
  std::vector<std::string> known{std::string(kManifestName)};
  for (const SegmentRecord& record : live->manifest.segments) known.push_back(segment_name(record.number));
  SK_CHECK(remove_files(state->folder, [&](const std::string& name) { return std::find(known.begin(), known.end(), name) == known.end(); }));
  state->live = std::move(live);
  return std::unique_ptr<Index>(new Index(std::move(state)));
}

Status Index::erase(const std::string& folder) {
  std::error_code error;
  if (!fs::exists(folder, error)) return ok();
  // The manifest first: what a crash leaves then counts for nothing.
  SK_CHECK(remove_files(folder, [](const std::string& name) { return name == kManifestName; }));
  return remove_files(folder, [](const std::string&) { return true; });
}

Index::Index(std::unique_ptr<State> state) : state_(std::move(state)) {}
Index::~Index() = default;

void Index::State::analyse(std::span<const Passage> passages, std::vector<AnalysedPassage>& out) {
  constexpr std::size_t kStep = 8;  // neighbours stay together: they share their title
  out.resize(std::max(out.size(), passages.size()));
  std::atomic<std::size_t> next{0};
  const auto work = [&] {
    const auto analyser = passage_analysers.take();
    for (std::size_t at = next.fetch_add(kStep); at < passages.size(); at = next.fetch_add(kStep)) {
      for (std::size_t i = at; i < std::min(at + kStep, passages.size()); ++i) analyser->analyse(passages[i], out[i]);
    }
  };
  std::vector<std::jthread> helpers;
  const std::size_t wanted = std::min<std::size_t>(std::max(options.threads, 1u), (passages.size() + kStep - 1) / kStep);
  for (std::size_t i = 1; i < wanted; ++i) helpers.emplace_back(work);
  work();
}

Status Index::State::take(std::span<const AnalysedPassage> passages) {
  buffer.reserve(options.buffer_bytes);
  for (const AnalysedPassage& passage : passages) {
    buffer.add(passage);
    if (buffer.bytes() >= options.buffer_bytes) SK_CHECK(flush_locked());
  }
  buffered = buffer.bytes();
  return ok();
}

Status Index::add(std::span<const Passage> passages) {
  State& s = *state_;
  constexpr std::size_t kBatch = 512;
  const std::lock_guard lock(s.write_mutex);
  std::uint32_t last = std::max(s.buffer.last_chunk(), covered());
  for (const Passage& passage : passages) {
    if (passage.chunk <= last) return fail(Code::invalid_argument, "search.order", "chunk " + std::to_string(passage.chunk) + " after " + std::to_string(last));
    last = passage.chunk;
  }
  // While one batch is taken in, and now and then sorted and written, the next is analysed.
  std::span<const AnalysedPassage> analysed;
  for (std::size_t at = 0; at < passages.size(); at += kBatch) {
    const std::span<const Passage> batch = passages.subspan(at, std::min(kBatch, passages.size() - at));
    Status taken = ok();
    {
      std::jthread taker;
      if (!analysed.empty()) taker = std::jthread([&] { taken = s.take(analysed); });
      s.analyse(batch, s.next_analysed);
    }
    SK_CHECK(taken);
    s.analysed.swap(s.next_analysed);
    analysed = std::span(s.analysed).first(batch.size());
  }
  return s.take(analysed);
}

Status Index::flush() {
  const std::lock_guard lock(state_->write_mutex);
  return state_->flush_locked();
}

void Index::rest() {
  const std::lock_guard lock(state_->write_mutex);
  state_->buffer.give_back();
  state_->analysed = {};
  state_->next_analysed = {};
}

std::uint32_t Index::taken() const {
  const std::lock_guard lock(state_->write_mutex);
  return std::max(state_->buffer.last_chunk(), covered());
}

Status Index::State::flush_locked() {
  if (buffer.empty()) return ok();
  const std::uint64_t number = next_number.fetch_add(1);
  SK_TRY(const auto writer, SegmentWriter::create(path_of(number)));
  SK_CHECK(buffer.write(*writer));
  SK_CHECK(writer->finish());
  SK_TRY(SegmentPtr segment, Segment::open(path_of(number), Segment::Verify::layout_only));
  {
    const std::lock_guard lock(install_mutex);
    SK_CHECK(install([&](Live& to) {
      to.manifest.segments.push_back(record_of(number, *segment));
      to.manifest.covered = buffer.last_chunk();
      to.segments.push_back(segment);
    }));
  }
  buffer.clear();
  buffered = 0;
  return ok();
}

std::uint32_t Index::covered() const { return state_->snapshot()->manifest.covered; }

Result<std::vector<Hit>> Index::search(std::string_view question, const Bitmap& permitted, std::size_t limit) const {
  return search(analyse_query(question), permitted, limit);
}

Result<std::vector<Hit>> Index::search(std::span<const text::QueryTerm> terms, const Bitmap& permitted, std::size_t limit) const {
  if (terms.size() > text::Analyzer::kMaxQueryTerms) return fail(Code::too_large, "search.question_too_long");
  const std::shared_ptr<const Live> live = state_->snapshot();
  const auto scratch = state_->scratches.take();
  return rank(live->segments, terms, permitted, limit, *scratch);
}

std::vector<text::QueryTerm> Index::analyse_query(std::string_view question) const { return state_->sessions.take()->analyse_query(question); }

Status Index::State::merge_run(const Live& from, std::size_t first, std::size_t last, const Bitmap* alive) {
  const std::span<const SegmentPtr> inputs(from.segments.data() + first, last - first);
  const std::uint64_t number = next_number.fetch_add(1);
  SegmentPtr merged;
  {
    SK_TRY(const auto writer, SegmentWriter::create(path_of(number)));
    SK_CHECK(merge_segments(inputs, alive, *writer));
    if (writer->documents() > 0) {
      SK_CHECK(writer->finish());
      SK_TRY(merged, Segment::open(path_of(number), Segment::Verify::checksum));
    }
  }
  {
    // Meanwhile flushes may have appended segments; the run itself is where it was, since only merges take segments away.
    const std::lock_guard lock(install_mutex);
    SK_CHECK(install([&](Live& to) {
      const auto begin = static_cast<std::ptrdiff_t>(first), end = static_cast<std::ptrdiff_t>(last);
      to.segments.erase(to.segments.begin() + begin, to.segments.begin() + end);
      to.manifest.segments.erase(to.manifest.segments.begin() + begin, to.manifest.segments.begin() + end);
      if (!merged) return;
      to.segments.insert(to.segments.begin() + begin, merged);
      to.manifest.segments.insert(to.manifest.segments.begin() + begin, record_of(number, *merged));
    }));
  }
  // Searches under way keep their mapping; open() removes what a crash leaves here.
  std::error_code error;
  for (std::size_t i = first; i < last; ++i) fs::remove(path_of(from.manifest.segments[i].number), error);
  return ok();
}

Result<bool> Index::merge_some(const Bitmap* alive, std::uint32_t known) {
  const std::lock_guard lock(state_->merge_mutex);
  const std::shared_ptr<const Live> live = state_->snapshot();
  const auto later = std::find_if(live->segments.begin(), live->segments.end(), [&](const SegmentPtr& s) { return s->last_chunk() > known; });
  const auto [first, last] = choose_merge(std::span(live->segments.data(), static_cast<std::size_t>(later - live->segments.begin())), alive);
  if (first == last) return false;
  SK_CHECK(state_->merge_run(*live, first, last, alive));
  return true;
}

Status Index::merge_all(const Bitmap* alive) {
  const std::lock_guard lock(state_->merge_mutex);
  const std::shared_ptr<const Live> live = state_->snapshot();
  if (live->segments.empty()) return ok();
  const bool whole = !alive || live->segments[0]->count_permitted(*alive) == live->segments[0]->documents();
  if (live->segments.size() == 1 && whole) return ok();
  return state_->merge_run(*live, 0, live->segments.size(), alive);
}

std::uint64_t Index::count(const Bitmap& chunks) const {
  const std::shared_ptr<const Live> live = state_->snapshot();
  std::uint64_t out = 0;
  for (const SegmentPtr& segment : live->segments) out += segment->count_permitted(chunks);
  return out;
}

namespace {

// Whether every posting is of one of the chunks; `some`: whether any is.
bool only_of(const Segment& segment, Postings postings, const Bitmap& chunks, bool& some) {
  std::uint32_t document, tf;
  bool only = true;
  while (postings.next(document, tf)) {
    const bool in = chunks.test(segment.chunk(document));
    some = some || in;
    only = only && in;
  }
  return only;
}

}  // namespace

std::vector<std::uint64_t> Index::terms_only_of(const Bitmap& chunks, std::size_t limit) const {
  const std::shared_ptr<const Live> live = state_->snapshot();
  std::vector<std::uint64_t> out;
  for (const SegmentPtr& segment : live->segments) {
    if (segment->count_permitted(chunks) == 0) continue;
    Segment::Cursor cursor(*segment);
    for (TermEntry entry; out.size() < limit && cursor.next(entry);) {
      bool some = false, only = only_of(*segment, entry.postings, chunks, some);
      if (!some || !only) continue;
      for (const SegmentPtr& other : live->segments) {
        TermEntry there;
        if (only && other != segment && other->find(entry.term, there)) only = only_of(*other, there.postings, chunks, some);
      }
      if (only && (out.empty() || std::find(out.begin(), out.end(), entry.term) == out.end())) out.push_back(entry.term);
    }
  }
  return out;
}

bool Index::has_any(std::span<const std::uint64_t> terms, std::uint32_t last) const {
  const std::shared_ptr<const Live> live = state_->snapshot();
  const auto stands = [last](const Segment& segment, std::uint64_t term) {
    TermEntry entry;
    std::uint32_t document = 0, tf = 0;
    return segment.find(term, entry) && (!entry.postings.next(document, tf) || segment.chunk(document) <= last);
  };
  return std::any_of(live->segments.begin(), live->segments.end(), [&](const SegmentPtr& segment) {
    return std::any_of(terms.begin(), terms.end(), [&](std::uint64_t term) { return stands(*segment, term); });
  });
}

IndexStats Index::stats() const {
  const std::shared_ptr<const Live> live = state_->snapshot();
  IndexStats out;
  out.segments = live->segments.size();
  for (const SegmentPtr& segment : live->segments) {
    out.chunks += segment->documents();
    out.disk_bytes += segment->bytes();
  }
  out.buffered_bytes = state_->buffered;
  return out;
}

}  // namespace sekisho::search
