// Writes one segment (segment.h) as a stream: forward parts and documents first, then terms in order. Nothing under the final name exists
// before finish() has written, synced and renamed the file. One thread.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "search/checksum.h"
#include "search/segment.h"

namespace sekisho::search {

// A term's postings in their stored form.
class PostingsEncoder {
 public:
  void clear() {
    bytes_.clear();
    count_ = 0;
    next_ = 0;
  }
  // Documents in increasing order.
  void add(std::uint32_t document, std::uint32_t tf);
  std::uint64_t count() const { return count_; }
  std::string_view bytes() const { return bytes_; }

 private:
  std::string bytes_;
  std::uint64_t count_ = 0;
  std::uint64_t next_ = 0;
};

class SegmentWriter {
 public:
  static Result<std::unique_ptr<SegmentWriter>> create(std::string path);
  ~SegmentWriter();  // removes an unfinished file
  SegmentWriter(const SegmentWriter&) = delete;
  SegmentWriter& operator=(const SegmentWriter&) = delete;

  // In order of the chunk id; `forward` holds 2 bytes a fingerprint.
  Status add_document(std::uint32_t chunk, std::uint16_t length, std::uint16_t title_words, std::string_view forward);
  // After all documents, in order of the hash; terms without postings are skipped.
  Status add_term(std::uint64_t term, const PostingsEncoder& postings);
  Status finish();
  std::uint32_t documents() const { return static_cast<std::uint32_t>(documents_.size()); }

 private:
  SegmentWriter(std::string path, int file) : path_(std::move(path)), file_(file) {}
  Status write(std::string_view bytes);
  Status drain();

  std::string path_;
  int file_;
  std::string buffer_;
  Checksum checksum_;
  std::vector<Document> documents_;
  std::uint64_t forward_bytes_ = 0;
  std::uint64_t term_bytes_ = 0;
  std::uint64_t terms_ = 0;
  std::uint64_t previous_term_ = 0;
  std::string block_table_;
  std::string entry_;
};

}  // namespace sekisho::search
