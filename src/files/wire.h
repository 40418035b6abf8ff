// The few primitives of the worker's binary frames: little-endian integers and length-prefixed strings. Internal to the module.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace sekisho::files {

class Writer {
 public:
  explicit Writer(std::string& out) : out_(out) {}
  void u8(std::uint8_t v) { out_.push_back(static_cast<char>(v)); }
  void u32(std::uint32_t v) {
    for (int shift = 0; shift < 32; shift += 8) out_.push_back(static_cast<char>(v >> shift));
  }
  void u64(std::uint64_t v) {
    u32(static_cast<std::uint32_t>(v));
    u32(static_cast<std::uint32_t>(v >> 32));
  }
  void text(std::string_view v) {
    u32(static_cast<std::uint32_t>(v.size()));
    out_.append(v);
  }

 private:
  std::string& out_;
};

// Reads past the end give zeros and set failed(); the caller checks once, before using what it read.
class Reader {
 public:
  explicit Reader(std::string_view in) : in_(in) {}
  std::uint8_t u8() { return static_cast<std::uint8_t>(little_endian(1)); }
  std::uint32_t u32() { return static_cast<std::uint32_t>(little_endian(4)); }
  std::uint64_t u64() { return little_endian(8); }
  std::string_view text() {
    const std::size_t length = u32();
    return take(length);
  }
  std::string_view rest() { return take(in_.size()); }
  bool failed() const { return failed_; }
  bool finished() const { return !failed_ && in_.empty(); }
  std::size_t left() const { return in_.size(); }

 private:
  std::string_view take(std::size_t count) {
    if (failed_ || count > in_.size()) {
      failed_ = true;
      return {};
    }
    const std::string_view out = in_.substr(0, count);
    in_.remove_prefix(count);
    return out;
  }
  std::uint64_t little_endian(std::size_t bytes) {
    const std::string_view raw = take(bytes);
    std::uint64_t v = 0;
    for (std::size_t i = raw.size(); i-- > 0;) v = v << 8 | static_cast<unsigned char>(raw[i]);
    return v;
  }

  std::string_view in_;
  bool failed_ = false;
};

}  // namespace sekisho::files
