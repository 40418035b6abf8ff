#include "core/id.h"

#include <array>

namespace sekisho {
namespace {
constexpr std::string_view kCrockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
}

std::string make_ulid(Timestamp at, std::string_view entropy) {
  const auto ms = static_cast<std::uint64_t>(at.micros / 1000);
  std::array<std::uint8_t, 16> b{};
  for (std::size_t i = 0; i < 6; ++i) b[i] = static_cast<std::uint8_t>(ms >> (40 - 8 * i));
  for (std::size_t i = 0; i < 10 && i < entropy.size(); ++i) b[6 + i] = static_cast<std::uint8_t>(entropy[i]);
  std::string out(26, '0');
  // 128 bits, read from the low end five at a time; the first character carries the top three.
  for (std::size_t i = 0; i < 26; ++i) {
    const std::size_t bit = i * 5;
    std::uint32_t v = 0;
    for (std::size_t k = 0; k < 5; ++k) {
      const std::size_t at_bit = bit + k;
      if (at_bit >= 128) break;
      const std::size_t byte = 15 - at_bit / 8;
      v |= (static_cast<std::uint32_t>(b[byte]) >> (at_bit % 8) & 1u) << k;
    }
    out[25 - i] = kCrockford[v];
  }
  return out;
}

bool is_ulid(std::string_view text) {
  if (text.size() != 26 || text[0] > '7') return false;
  for (const char c : text)
    if (kCrockford.find(c) == std::string_view::npos) return false;
  return true;
}

}  // namespace sekisho
