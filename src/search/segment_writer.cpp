#include "search/segment_writer.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

#include "search/varint.h"

namespace sekisho::search {
namespace {

constexpr std::size_t kWriteBytes = 96u << 10;  // small enough to come from the heap and go back to it

template <class T>
void append_number(std::string& out, T value) {
  char bytes[sizeof value];
  std::memcpy(bytes, &value, sizeof value);
  out.append(bytes, sizeof value);
}

Unexpected io_error(const std::string& what) { return fail(Code::unavailable, "search.io", what + ": " + std::strerror(errno)); }

std::string temporary(const std::string& path) { return path + ".tmp"; }

Status sync_folder(const std::string& path) {
  const std::string folder = std::filesystem::path(path).parent_path().string();
  const int file = ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (file < 0) return io_error(folder);
  const bool done = ::fsync(file) == 0;
  ::close(file);
  if (!done) return io_error("fsync " + folder);
  return ok();
}

}  // namespace

void PostingsEncoder::add(std::uint32_t document, std::uint32_t tf) {
  const bool more = tf > 1;
  append_varint(bytes_, (document - next_) << 1 | (more ? 1 : 0));
  if (more) bytes_.push_back(static_cast<char>(std::min(tf, kMaxTf)));
  next_ = std::uint64_t{document} + 1;
  ++count_;
}

Result<std::unique_ptr<SegmentWriter>> SegmentWriter::create(std::string path) {
  const int file = ::open(temporary(path).c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file < 0) return io_error(path);
  std::unique_ptr<SegmentWriter> out(new SegmentWriter(std::move(path), file));
  out->buffer_.reserve(kWriteBytes + kWriteBytes / 4);
  return out;
}

SegmentWriter::~SegmentWriter() {
  if (file_ < 0) return;
  ::close(file_);
  ::unlink(temporary(path_).c_str());
}

Status SegmentWriter::drain() {
  std::string_view left = buffer_;
  while (!left.empty()) {
    const ssize_t written = ::write(file_, left.data(), left.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return io_error("while writing " + path_);
    left.remove_prefix(static_cast<std::size_t>(written));
  }
  buffer_.clear();
  return ok();
}

Status SegmentWriter::write(std::string_view bytes) {
  checksum_.update(bytes);
  buffer_.append(bytes);
  return buffer_.size() < kWriteBytes ? ok() : drain();
}

Status SegmentWriter::add_document(std::uint32_t chunk, std::uint16_t length, std::uint16_t title_words, std::string_view forward) {
  if (forward_bytes_ / 2 + forward.size() / 2 > 0xFFFFFFFFu) return fail(Code::too_large, "search.segment_full");
  documents_.push_back({chunk, static_cast<std::uint32_t>(forward_bytes_ / 2), length, title_words});
  forward_bytes_ += forward.size();
  return write(forward);
}

Status SegmentWriter::add_term(std::uint64_t term, const PostingsEncoder& postings) {
  if (postings.count() == 0) return ok();
  entry_.clear();
  const bool first = terms_ % kTermsPerBlock == 0;
  if (first) {
    append_number(block_table_, term);
    append_number(block_table_, term_bytes_);
  }
  append_varint(entry_, first ? 0 : term - previous_term_);
  append_varint(entry_, postings.count());
  if (postings.count() > 1) append_varint(entry_, postings.bytes().size());
  previous_term_ = term;
  ++terms_;
  term_bytes_ += entry_.size() + postings.bytes().size();
  SK_CHECK(write(entry_));
  return write(postings.bytes());
}

Status SegmentWriter::finish() {
  SK_CHECK(write(block_table_));
  std::string tail;
  for (const Document& document : documents_) {
    append_number(tail, document.chunk);
    append_number(tail, document.forward_at);
    append_number(tail, document.length);
    append_number(tail, document.title_words);
  }
  tail.append(kSegmentMagic);
  const std::uint64_t blocks = block_table_.size() / 16;
  for (const std::uint64_t number : {forward_bytes_, term_bytes_, blocks, terms_, std::uint64_t{documents_.size()}, std::uint64_t{0}}) append_number(tail, number);
  SK_CHECK(write(tail));
  append_number(buffer_, checksum_.value());
  SK_CHECK(drain());
  if (::fsync(file_) != 0) return io_error("fsync " + path_);
  const bool closed = ::close(file_) == 0;
  file_ = -1;
  if (!closed || ::rename(temporary(path_).c_str(), path_.c_str()) != 0) {
    const Unexpected error = io_error("rename " + path_);
    ::unlink(temporary(path_).c_str());
    return error;
  }
  return sync_folder(path_);
}

}  // namespace sekisho::search
