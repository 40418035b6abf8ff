// One immutable file of the index: the postings of a run of chunks. Little-endian, mapped into memory, read by any number of threads.
//
//   forward      per document its words and numbers in order, 16-bit fingerprints (low bits of the term hash, never 0); 0 ends a
//                sentence of the body. The first `title_words` of a document come from title and heading.
//   terms        blocks of 32 terms in order of their hash. A term:
//                  varint hash - previous hash of the block (first of the block: 0) | varint df | varint bytes of the postings (df > 1 only) | postings
//                a posting: varint (gap << 1 | more) [tf], gap = document - previous document - 1 (first: document), tf one byte 2..255 when more = 1
//   block table  per block: u64 hash of its first term, u64 offset in `terms`
//   documents    per document: u32 chunk id (increasing), u32 offset in `forward` in units of 2 bytes, u16 length in words (clipped), u16 title_words
//   footer       64 bytes: "SKSEG001", u64 bytes of forward, u64 bytes of terms, u64 blocks, u64 terms, u64 documents, u64 reserved 0, u64 checksum of all before
//
// Example: term 0x0A00000000F1 in documents 0 (tf 1) and 5 (tf 3), first of its block:  00 | 02 | 03 | 00 09 03
//   00 = gap 0, tf 1; 09 = gap 4 (5 - 0 - 1), more; 03 = tf 3.
// tf is the ranking's tf': occurrences in the body + 2 x those in title and heading.
//
// Failures: open() answers Code::corrupt "search.rebuild" when the checksum or the layout is wrong. Reading postings of a segment
// that was opened unverified stays within the file whatever its bytes are.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "core/mapped_file.h"
#include "core/result.h"
#include "search/bitmap.h"

namespace sekisho::search {

inline constexpr std::string_view kSegmentMagic = "SKSEG001";
inline constexpr std::size_t kTermsPerBlock = 32;
inline constexpr std::size_t kDocumentBytes = 12;
inline constexpr std::size_t kFooterBytes = 64;
inline constexpr std::uint32_t kMaxTf = 255;

inline std::uint16_t fingerprint_of(std::uint64_t term) {
  const auto low = static_cast<std::uint16_t>(term);
  return low == 0 ? std::uint16_t{1} : low;
}

struct Document {
  std::uint32_t chunk = 0;
  std::uint32_t forward_at = 0;
  std::uint16_t length = 0;
  std::uint16_t title_words = 0;
};

// Walks a term's postings in order of the document.
class Postings {
 public:
  Postings() = default;
  Postings(const char* at, const char* end, std::uint64_t count, std::uint32_t documents) : at_(at), end_(end), left_(count), documents_(documents) {}
  // False at the end, and at bytes that make no sense.
  bool next(std::uint32_t& document, std::uint32_t& tf);
  const char* position() const { return at_; }

 private:
  const char* at_ = nullptr;
  const char* end_ = nullptr;
  std::uint64_t left_ = 0;
  std::uint64_t next_document_ = 0;
  std::uint32_t documents_ = 0;
};

struct TermEntry {
  std::uint64_t term = 0;
  std::uint64_t df = 0;
  Postings postings;
};

class Segment {
 public:
  enum class Verify { checksum, layout_only };
  static Result<std::shared_ptr<const Segment>> open(const std::string& path, Verify verify);
  // For tests and fuzzing: over bytes in memory, which are copied.
  static Result<std::shared_ptr<const Segment>> from_bytes(std::string bytes, Verify verify);
  Segment(const Segment&) = delete;
  Segment& operator=(const Segment&) = delete;

  std::uint32_t documents() const { return documents_; }
  std::uint64_t terms() const { return terms_; }
  std::uint64_t bytes() const { return bytes_.size(); }
  std::uint64_t checksum() const { return checksum_; }
  std::uint32_t first_chunk() const { return first_chunk_; }
  std::uint32_t last_chunk() const { return last_chunk_; }
  // No id between first and last is missing: chunk = first_chunk() + document.
  bool contiguous() const { return last_chunk_ - first_chunk_ + 1 == documents_; }

  Document document(std::uint32_t index) const;
  std::uint32_t chunk(std::uint32_t index) const { return contiguous() ? first_chunk_ + index : document(index).chunk; }
  // How many of the segment's chunks are in the set.
  std::uint64_t count_permitted(const Bitmap& permitted) const;
  // The bytes of a document's forward part (2 per fingerprint).
  std::string_view forward(std::uint32_t index) const;

  bool find(std::uint64_t term, TermEntry& entry) const;

  // All terms in order, for merging.
  class Cursor {
   public:
    explicit Cursor(const Segment& segment) : segment_(segment) {}
    bool next(TermEntry& entry);

   private:
    const Segment& segment_;
    const char* at_ = nullptr;
    std::uint64_t done_ = 0;
    std::uint64_t previous_ = 0;
  };

  // Lets the kernel take back the pages read so far (a merge reads each once).
  void release_pages() const;

 private:
  Segment() = default;
  Status layout(Verify verify);
  bool read_entry(const char*& at, std::uint64_t& previous, bool first, TermEntry& entry) const;
  std::uint64_t block_term(std::uint64_t block) const;
  std::uint64_t block_at(std::uint64_t block) const;

  std::string owned_;
  MappedFile file_;
  std::string_view bytes_;
  std::string_view forward_, term_data_, block_table_, document_table_;
  std::uint32_t documents_ = 0;
  std::uint64_t blocks_ = 0, terms_ = 0, checksum_ = 0;
  std::uint32_t first_chunk_ = 0, last_chunk_ = 0;
  Bitmap present_;  // of a segment with gaps, unless it is sparse
};

}  // namespace sekisho::search
