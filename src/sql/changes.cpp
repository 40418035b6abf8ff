#include "sql/changes.h"

#include <unistd.h>

#include <array>
#include <limits>

#include "sql/db.h"

namespace sekisho::sql {
namespace {

constexpr std::int64_t kHeader = 32;

}  // namespace

std::string Changes::header_of(int wal) {
  std::array<char, kHeader> bytes{};
  const ssize_t n = ::pread(wal, bytes.data(), bytes.size(), 0);
  return n == kHeader ? std::string(bytes.data(), bytes.size()) : std::string();
}

void Changes::begin(int wal, std::int64_t page_bytes, std::int64_t frames) {
  const std::lock_guard lock(mutex_);
  wal_ = wal;
  page_bytes_ = page_bytes;
  all_ = true;
  mark_ = {header_of(wal_), frames};
}

bool Changes::begun() const {
  const std::lock_guard lock(mutex_);
  return wal_ >= 0;
}

void Changes::committed(std::int64_t frames) {
  const std::lock_guard lock(mutex_);
  if (wal_ < 0) return;
  const std::string header = header_of(wal_);
  const std::int64_t first = header == mark_.header && frames >= mark_.frames ? mark_.frames : 0;
  mark_ = {header, frames};
  if (all_) return;
  for (std::int64_t frame = first; frame < frames; ++frame) {
    std::array<unsigned char, 4> number{};
    if (::pread(wal_, number.data(), number.size(), kHeader + frame * (kFrameHeader + page_bytes_)) != 4) {
      all_ = true;  // what cannot be told is taken for changed
      return;
    }
    const std::uint64_t page = std::uint64_t{number[0]} << 24 | std::uint64_t{number[1]} << 16 | std::uint64_t{number[2]} << 8 | number[3];
    extents_.insert((page - 1) * static_cast<std::uint64_t>(page_bytes_) / Db::kExtentBytes);
  }
}

void Changes::everything() {
  const std::lock_guard lock(mutex_);
  all_ = true;
}

Changes::Taken Changes::take() {
  const std::lock_guard lock(mutex_);
  Taken out{all_, std::move(extents_), mark_};
  all_ = false;
  extents_.clear();
  return out;
}

std::size_t Changes::waiting() const {
  const std::lock_guard lock(mutex_);
  return all_ ? std::numeric_limits<std::size_t>::max() : extents_.size();
}

std::string Changes::header() const {
  const std::lock_guard lock(mutex_);
  return header_of(wal_);
}

}  // namespace sekisho::sql
