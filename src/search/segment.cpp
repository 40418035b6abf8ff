#include "search/segment.h"

#include <algorithm>
#include <cstring>

#include "search/checksum.h"
#include "search/varint.h"

namespace sekisho::search {
namespace {

template <class T>
T load(std::string_view bytes, std::size_t at) {
  T value;
  std::memcpy(&value, bytes.data() + at, sizeof value);
  return value;
}

Unexpected corrupt(std::string detail) { return fail(Code::corrupt, "search.rebuild", std::move(detail)); }

}  // namespace

bool Postings::next(std::uint32_t& document, std::uint32_t& tf) {
  std::uint64_t value;
  if (left_ == 0 || !read_varint(at_, end_, value)) return false;
  const std::uint64_t found = next_document_ + (value >> 1);
  if (found >= documents_) return false;
  tf = 1;
  if (value & 1) {
    if (at_ == end_) return false;
    tf = static_cast<unsigned char>(*at_++);
  }
  document = static_cast<std::uint32_t>(found);
  next_document_ = found + 1;
  --left_;
  return true;
}

Result<std::shared_ptr<const Segment>> Segment::open(const std::string& path, Verify verify) {
  auto file = MappedFile::open(path);
  if (!file && file.error().code == Code::not_found) return corrupt(path + " is missing");
  if (!file) return fail(Code::unavailable, "search.io", file.error().detail);
  if (file->bytes().empty()) return corrupt(path + " is empty");
  std::shared_ptr<Segment> segment(new Segment());
  segment->file_ = std::move(*file);
  segment->bytes_ = segment->file_.bytes();
  SK_CHECK(segment->layout(verify).context(path));
  if (verify == Verify::checksum) segment->release_pages();
  return std::shared_ptr<const Segment>(std::move(segment));
}

Result<std::shared_ptr<const Segment>> Segment::from_bytes(std::string bytes, Verify verify) {
  std::shared_ptr<Segment> segment(new Segment());
  segment->owned_ = std::move(bytes);
  segment->bytes_ = segment->owned_;
  SK_CHECK(segment->layout(verify));
  return std::shared_ptr<const Segment>(std::move(segment));
}

Status Segment::layout(Verify verify) {
  if (bytes_.size() < kFooterBytes) return corrupt("too short");
  const std::string_view footer = bytes_.substr(bytes_.size() - kFooterBytes);
  if (footer.substr(0, 8) != kSegmentMagic) return corrupt("not a segment of this version");
  const auto forward = load<std::uint64_t>(footer, 8), terms = load<std::uint64_t>(footer, 16);
  blocks_ = load<std::uint64_t>(footer, 24);
  terms_ = load<std::uint64_t>(footer, 32);
  const auto documents = load<std::uint64_t>(footer, 40);
  checksum_ = load<std::uint64_t>(footer, 56);
  // Each part is compared with what is left, so that no sum can overflow.
  std::uint64_t left = bytes_.size() - kFooterBytes;
  const auto take = [&](std::uint64_t count, std::uint64_t each) {
    if (count > left / each) return false;
    left -= count * each;
    return true;
  };
  if (!take(forward, 1) || !take(terms, 1) || !take(blocks_, 16) || !take(documents, kDocumentBytes) || left != 0) return corrupt("parts do not add up");
  if (documents == 0 || documents > 0xFFFFFFFFu || forward % 2 != 0 || blocks_ != (terms_ + kTermsPerBlock - 1) / kTermsPerBlock) return corrupt("counts do not fit");
  if (verify == Verify::checksum) {
    Checksum sum;
    constexpr std::size_t kStep = 4u << 20;  // no more of the file than this is resident for it
    for (std::size_t at = 0; at < bytes_.size() - 8; at += kStep) {
      sum.update(bytes_.substr(at, std::min(kStep, bytes_.size() - 8 - at)));
      release_pages();
    }
    if (sum.value() != checksum_) return corrupt("checksum differs");
  }
  forward_ = bytes_.substr(0, forward);
  term_data_ = bytes_.substr(forward, terms);
  block_table_ = bytes_.substr(forward + terms, blocks_ * 16);
  document_table_ = bytes_.substr(forward + terms + blocks_ * 16, documents * kDocumentBytes);
  documents_ = static_cast<std::uint32_t>(documents);
  first_chunk_ = document(0).chunk;
  last_chunk_ = document(documents_ - 1).chunk;
  if (last_chunk_ < first_chunk_ || last_chunk_ - first_chunk_ < documents_ - 1) return corrupt("chunk ids are not increasing");
  // A bit for each id up to the last; where chunks lie far apart counting one by one is cheaper than the bits.
  constexpr std::uint32_t kIdsPerDocument = 64;
  if (contiguous() || last_chunk_ / kIdsPerDocument > documents_) return ok();
  for (std::uint32_t i = 0; i < documents_; ++i) {
    const std::uint32_t id = document(i).chunk;
    if (id > last_chunk_) return corrupt("chunk ids are not increasing");
    present_.set(id);
  }
  return ok();
}

std::uint64_t Segment::count_permitted(const Bitmap& permitted) const {
  if (contiguous()) return permitted.count_range(first_chunk_, last_chunk_);
  if (!present_.empty()) return present_.count_common(permitted);
  std::uint64_t total = 0;
  for (std::uint32_t i = 0; i < documents_; ++i) total += permitted.test(document(i).chunk) ? 1 : 0;
  return total;
}

Document Segment::document(std::uint32_t index) const {
  const std::size_t at = std::size_t{index} * kDocumentBytes;
  return {load<std::uint32_t>(document_table_, at), load<std::uint32_t>(document_table_, at + 4), load<std::uint16_t>(document_table_, at + 8),
          load<std::uint16_t>(document_table_, at + 10)};
}

std::string_view Segment::forward(std::uint32_t index) const {
  const std::size_t begin = std::size_t{document(index).forward_at} * 2;
  const std::size_t end = index + 1 < documents_ ? std::size_t{document(index + 1).forward_at} * 2 : forward_.size();
  if (begin > end || end > forward_.size()) return {};
  return forward_.substr(begin, end - begin);
}

std::uint64_t Segment::block_term(std::uint64_t block) const { return load<std::uint64_t>(block_table_, block * 16); }
std::uint64_t Segment::block_at(std::uint64_t block) const { return load<std::uint64_t>(block_table_, block * 16 + 8); }

// Reads one term and moves `at` behind its postings. `previous` is the hash before it in the block.
bool Segment::read_entry(const char*& at, std::uint64_t& previous, bool first, TermEntry& entry) const {
  const char* end = term_data_.data() + term_data_.size();
  std::uint64_t delta;
  if (!read_varint(at, end, delta) || !read_varint(at, end, entry.df)) return false;
  if (entry.df == 0 || entry.df > documents_) return false;
  entry.term = first ? previous : previous + delta;
  previous = entry.term;
  if (entry.df > 1) {
    std::uint64_t size;
    if (!read_varint(at, end, size) || size > static_cast<std::uint64_t>(end - at)) return false;
    entry.postings = Postings(at, at + size, entry.df, documents_);
    at += size;
    return true;
  }
  entry.postings = Postings(at, end, 1, documents_);
  Postings walk = entry.postings;
  std::uint32_t document, tf;
  if (!walk.next(document, tf)) return false;
  at = walk.position();
  return true;
}

bool Segment::find(std::uint64_t term, TermEntry& entry) const {
  std::uint64_t low = 0, high = blocks_;
  while (low < high) {
    const std::uint64_t middle = low + (high - low) / 2;
    if (block_term(middle) <= term) low = middle + 1;
    else high = middle;
  }
  if (low == 0) return false;
  const std::uint64_t block = low - 1;
  const std::uint64_t offset = block_at(block);
  if (offset > term_data_.size()) return false;
  const char* at = term_data_.data() + offset;
  std::uint64_t previous = block_term(block);
  const std::uint64_t count = std::min<std::uint64_t>(kTermsPerBlock, terms_ - block * kTermsPerBlock);
  for (std::uint64_t i = 0; i < count; ++i) {
    if (!read_entry(at, previous, i == 0, entry) || entry.term > term) return false;
    if (entry.term == term) return true;
  }
  return false;
}

bool Segment::Cursor::next(TermEntry& entry) {
  if (done_ == segment_.terms_) return false;
  const bool first = done_ % kTermsPerBlock == 0;
  if (first) {
    const std::uint64_t block = done_ / kTermsPerBlock;
    if (segment_.block_at(block) > segment_.term_data_.size()) return false;
    at_ = segment_.term_data_.data() + segment_.block_at(block);
    previous_ = segment_.block_term(block);
  }
  ++done_;
  return segment_.read_entry(at_, previous_, first, entry);
}

void Segment::release_pages() const {
  file_.release_pages();
}

}  // namespace sekisho::search
