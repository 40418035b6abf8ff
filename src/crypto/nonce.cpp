#include "crypto/nonce.h"

#include <pthread.h>
#include <sodium.h>

#include <array>
#include <atomic>
#include <cstring>

namespace sekisho::crypto {
namespace {

std::atomic<unsigned> forks{0};  // of the ancestors of this process: a block that was drawn before belongs to the parent

struct Block {
  std::array<char, 2048> bytes;
  std::size_t left = 0;  // at the end of it
  unsigned drawn_at = 0;
};

}  // namespace

std::string nonce_bytes(std::size_t count) {
  [[maybe_unused]] static const int told_of_forks = ::pthread_atfork(nullptr, nullptr, [] { ++forks; });
  thread_local Block block;
  std::string out(count, '\0');
  if (count > block.bytes.size()) {
    randombytes_buf(out.data(), count);
    return out;
  }
  const unsigned now = forks.load(std::memory_order_relaxed);
  if (block.left < count || block.drawn_at != now) {
    randombytes_buf(block.bytes.data(), block.bytes.size());
    block.left = block.bytes.size();
    block.drawn_at = now;
  }
  char* const from = block.bytes.data() + (block.bytes.size() - block.left);
  std::memcpy(out.data(), from, count);
  sodium_memzero(from, count);
  block.left -= count;
  return out;
}

}  // namespace sekisho::crypto
