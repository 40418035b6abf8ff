#include "search/index.h"

#include <algorithm>
#include <filesystem>
#include <mutex>
#include <shared_mutex>
#include <thread>

#include "core/bytes.h"
#include "search/collect.h"
#include "search/manifest.h"
#include "search/merge.h"
#include "search/rank.h"
#include "search/segment_writer.h"

namespace sekisho::search {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxManifest = 16u << 20;

Unexpected rebuild(const std::string& why) { return fail(Code::corrupt, "search.rebuild", why); }

// Postings of a batch in the order of a segment.
Status write_segment(const std::string& path, Batch& batch) {
  SK_TRY(auto writer, SegmentWriter::create(path));
  std::size_t at = 0;
  for (const Analysed& d : batch.documents) {
    SK_CHECK(writer->add_document(d.chunk, d.length, d.title_words, std::string_view(batch.forward).substr(at, d.forward_bytes)));
    at += d.forward_bytes;
  }
  std::sort(batch.occurrences.begin(), batch.occurrences.end(),
            [](const Occurrence& a, const Occurrence& b) { return a.term != b.term ? a.term < b.term : a.document < b.document; });
  PostingsEncoder encoder;
  for (std::size_t i = 0; i < batch.occurrences.size();) {
    const std::uint64_t term = batch.occurrences[i].term;
    encoder.clear();
    for (; i < batch.occurrences.size() && batch.occurrences[i].term == term; ++i) encoder.add(batch.occurrences[i].document, batch.occurrences[i].tf);
    SK_CHECK(writer->add_term(term, encoder));
  }
  return writer->finish();
}

}  // namespace

struct Index::State {
  std::string folder;
  const text::Analyzer& analyzer;
  Options options;
  std::mutex write_mutex;  // add, flush, and the swap of a merge
  std::mutex merge_mutex;
  Manifest manifest;
  Batch buffer;
  std::uint32_t last_added = 0;
  std::vector<std::unique_ptr<Collector>> collectors;
  mutable std::shared_mutex segments_mutex;
  std::shared_ptr<const Segments> segments = std::make_shared<const Segments>();

  State(std::string folder_in, const text::Analyzer& analyzer_in, Options options_in) : folder(std::move(folder_in)), analyzer(analyzer_in), options(options_in) {}

  std::shared_ptr<const Segments> current() const {
    const std::shared_lock lock(segments_mutex);
    return segments;
  }
  void publish(std::shared_ptr<const Segments> next) {
    const std::unique_lock lock(segments_mutex);
    segments = std::move(next);
  }
  Status load();
  void remove_leftovers() const;
  Status flush_locked();
  Result<bool> replace(std::size_t first, std::size_t count, const Bitmap* alive);
};

Status Index::State::load() {
  auto text = read_file(manifest_file(folder), kMaxManifest);
  if (!text && text.error().code != Code::not_found) return Unexpected(std::move(text.error()));
  if (!text) {
    manifest.fingerprint = analyzer.fingerprint();
    remove_leftovers();
    return ok();
  }
  SK_TRY(manifest, decode_manifest(*text));
  if (manifest.fingerprint != analyzer.fingerprint()) return rebuild("made with another dictionary or other rules");
  auto opened = std::make_shared<Segments>();
  for (const ManifestSegment& m : manifest.segments) {
    SK_TRY(auto segment, Segment::open(segment_file(folder, m.number), Segment::Verify::checksum));
    if (segment->checksum() != m.checksum || segment->first_chunk() != m.first_chunk || segment->last_chunk() != m.last_chunk) return rebuild("segment and manifest differ");
    opened->push_back(std::move(segment));
  }
  last_added = manifest.covered;
  publish(std::move(opened));
  remove_leftovers();
  return ok();
}

void Index::State::remove_leftovers() const {
  std::error_code error;
  std::vector<fs::path> old;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    const std::string path = entry.path().string();
    const bool ours = entry.path().extension() == ".seg" || entry.path().extension() == ".tmp";
    const bool named = std::any_of(manifest.segments.begin(), manifest.segments.end(), [&](const ManifestSegment& m) { return segment_file(folder, m.number) == path; });
    if (ours && !named) old.push_back(entry.path());
  }
  for (const fs::path& path : old) fs::remove(path, error);
}

Status Index::State::flush_locked() {
  if (buffer.documents.empty()) return ok();
  Manifest next = manifest;
  const std::uint64_t number = next.next++;
  SK_CHECK(write_segment(segment_file(folder, number), buffer));
  SK_TRY(auto segment, Segment::open(segment_file(folder, number), Segment::Verify::layout_only));
  next.segments.push_back({number, segment->first_chunk(), segment->last_chunk(), segment->checksum()});
  next.covered = last_added;
  SK_CHECK(write_file(manifest_file(folder), encode_manifest(next)));
  manifest = std::move(next);
  buffer = Batch{};
  auto list = std::make_shared<Segments>(*current());
  list->push_back(std::move(segment));
  publish(std::move(list));
  return ok();
}

// Joins `count` neighbouring segments from `first` on. The caller holds merge_mutex; only the swap holds write_mutex.
Result<bool> Index::State::replace(std::size_t first, std::size_t count, const Bitmap* alive) {
  const auto before = current();
  const Segments run(before->begin() + static_cast<std::ptrdiff_t>(first), before->begin() + static_cast<std::ptrdiff_t>(first + count));
  std::uint64_t number = 0;
  {
    const std::lock_guard lock(write_mutex);
    number = manifest.next++;
  }
  const std::string path = segment_file(folder, number);
  SK_TRY(const bool any, merge_segments(run, alive, path));
  std::shared_ptr<const Segment> merged;
  if (any) {
    SK_TRY(merged, Segment::open(path, Segment::Verify::layout_only));
  }
  const std::lock_guard lock(write_mutex);
  Manifest next = manifest;
  const auto begin = next.segments.begin() + static_cast<std::ptrdiff_t>(first);
  std::vector<std::uint64_t> old;
  for (auto it = begin; it != begin + static_cast<std::ptrdiff_t>(count); ++it) old.push_back(it->number);
  const auto at = next.segments.erase(begin, begin + static_cast<std::ptrdiff_t>(count));
  if (merged) next.segments.insert(at, {number, merged->first_chunk(), merged->last_chunk(), merged->checksum()});
  SK_CHECK(write_file(manifest_file(folder), encode_manifest(next)));
  manifest = std::move(next);
  auto list = std::make_shared<Segments>(*current());
  const auto place = list->begin() + static_cast<std::ptrdiff_t>(first);
  const auto after = list->erase(place, place + static_cast<std::ptrdiff_t>(count));
  if (merged) list->insert(after, merged);
  publish(std::move(list));
  std::error_code error;
  for (const std::uint64_t n : old) fs::remove(segment_file(folder, n), error);  // readers keep their mapping
  return true;
}

Index::Index(std::unique_ptr<State> state) : state_(std::move(state)) {}
Index::~Index() = default;

Result<std::unique_ptr<Index>> Index::open(std::string folder, const text::Analyzer& analyzer, Options options) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) return fail(Code::unavailable, "search.io", "cannot create " + folder);
  auto state = std::make_unique<State>(std::move(folder), analyzer, options);
  SK_CHECK(state->load());
  for (unsigned i = 0; i < std::max(1u, options.threads); ++i) state->collectors.push_back(std::make_unique<Collector>(analyzer));
  return std::unique_ptr<Index>(new Index(std::move(state)));
}

Status Index::erase(const std::string& folder) {
  std::error_code error;
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    const auto extension = entry.path().extension();
    if (extension == ".seg" || extension == ".tmp" || entry.path().filename() == "MANIFEST") files.push_back(entry.path());
  }
  for (const fs::path& path : files) fs::remove(path, error);
  if (error && error != std::errc::no_such_file_or_directory) return fail(Code::unavailable, "search.io", "cannot empty " + folder);
  return ok();
}

Status Index::add(std::span<const Passage> passages) {
  const std::lock_guard lock(state_->write_mutex);
  for (const Passage& p : passages) {
    if (p.chunk <= state_->last_added) return fail(Code::invalid_argument, "search.order", "chunk ids must increase");
    state_->last_added = p.chunk;
  }
  const std::size_t workers = std::min(state_->collectors.size(), (passages.size() + 7) / 8);
  std::vector<Batch> parts(workers);
  std::vector<std::thread> threads;
  const auto work = [&](std::size_t k) {
    const std::size_t begin = passages.size() * k / workers;
    const std::size_t end = passages.size() * (k + 1) / workers;
    for (std::size_t i = begin; i < end; ++i) state_->collectors[k]->add(passages[i], parts[k]);
  };
  for (std::size_t k = 1; k < workers; ++k) threads.emplace_back(work, k);
  if (workers > 0) work(0);
  for (std::thread& t : threads) t.join();
  for (Batch& part : parts) state_->buffer.append(std::move(part));
  return state_->buffer.bytes() > state_->options.buffer_bytes ? state_->flush_locked() : ok();
}

Status Index::flush() {
  const std::lock_guard lock(state_->write_mutex);
  return state_->flush_locked();
}

std::uint32_t Index::covered() const {
  const std::lock_guard lock(state_->write_mutex);
  return state_->manifest.covered;
}

std::vector<text::QueryTerm> Index::analyse_query(std::string_view question) const {
  text::Analyzer::Session session(state_->analyzer);
  return session.analyse_query(question);
}

Result<std::vector<Hit>> Index::search(std::string_view question, const Bitmap& permitted, std::size_t limit) const {
  const auto terms = analyse_query(question);
  return search(terms, permitted, limit);
}

Result<std::vector<Hit>> Index::search(std::span<const text::QueryTerm> terms, const Bitmap& permitted, std::size_t limit) const {
  return rank(*state_->current(), terms, permitted, limit);
}

Result<bool> Index::merge_some(const Bitmap* alive) {
  const std::lock_guard lock(state_->merge_mutex);
  const auto segments = state_->current();
  const auto [first, count] = next_merge(*segments);
  if (count == 0) return false;
  return state_->replace(first, count, alive);
}

Status Index::merge_all(const Bitmap* alive) {
  const std::lock_guard lock(state_->merge_mutex);
  const std::size_t count = state_->current()->size();
  if (count == 0) return ok();
  SK_CHECK(state_->replace(0, count, alive));
  return ok();
}

IndexStats Index::stats() const {
  IndexStats out;
  for (const auto& segment : *state_->current()) {
    ++out.segments;
    out.chunks += segment->documents();
    out.disk_bytes += segment->bytes();
  }
  const std::lock_guard lock(state_->write_mutex);
  out.buffered_bytes = state_->buffer.bytes();
  return out;
}

}  // namespace sekisho::search
