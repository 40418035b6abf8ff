// For tests that play at random: the random bytes of a thread become a fixed sequence, so that a play that failed fails again, on every machine.
// For test programs alone. Source: libsodium, "Random data" (randombytes_set_implementation).
#pragma once
#include <sodium.h>

#include <cstdint>
#include <random>

namespace sekisho::crypto {

inline std::mt19937& test_sequence() {
  thread_local std::mt19937 sequence;
  return sequence;
}

// The calling thread begins the sequence of `seed`; other threads go on with theirs. Call before crypto::init() or after, at any time.
inline void fix_random_bytes(std::uint32_t seed) {
  static randombytes_implementation fixed = {
      [] { return "fixed"; }, [] { return static_cast<std::uint32_t>(test_sequence()()); }, nullptr, nullptr,
      [](void* const out, const std::size_t size) {
        for (std::size_t i = 0; i < size; ++i) static_cast<std::uint8_t*>(out)[i] = static_cast<std::uint8_t>(test_sequence()());
      },
      nullptr};
  static_cast<void>(::randombytes_set_implementation(&fixed));
  test_sequence().seed(seed);
}

}  // namespace sekisho::crypto
