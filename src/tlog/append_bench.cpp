// How fast leaves are encoded, read, appended and verified, beside the bare hash that bounds them. One core; prints one JSON object of
// operations per second.
#include <chrono>
#include <cstdio>
#include <string>
#include <vector>

#include "crypto/hash.h"
#include "crypto/random.h"
#include "tlog/leaf.h"
#include "tlog/merkle.h"

using namespace sekisho;
using namespace sekisho::tlog;

namespace {

constexpr int kAppends = 1000000;
constexpr int kLeaves = 200000;
unsigned used = 0;  // printed, so that nothing is optimised away

template <class Work>
double per_second(int count, Work work) {
  const auto start = std::chrono::steady_clock::now();
  for (int i = 0; i < count; ++i) work(i);
  return count / std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

Leaf example(int seq) {
  Leaf leaf;
  leaf.seq = static_cast<std::uint64_t>(seq);
  leaf.ts = Timestamp{1774832523000004};
  leaf.actor = "01J0QZ8R9V5T7W3X1Y2Z3A4B5C";
  leaf.act = "chat.ask";
  leaf.clause = "10(1)ア(ウ)a";
  leaf.object = "01J0QZ8R9V5T7W3X1Y2Z3A4B5D";
  leaf.label = "{\"c\":\"2\",\"i\":\"2\",\"a\":\"1\"}";
  leaf.decision = "allow";
  leaf.policy_version = "2026-04-01";
  return leaf;
}

}  // namespace

int main() {
  if (!crypto::init().has_value()) return 1;
  const Hash hash = leaf_hash("x");
  CompactRange range;
  const double append = per_second(kAppends, [&](int) { range.append(hash); });
  std::string block(65, '\1');
  const double bare = per_second(kAppends, [&](int i) {
    block[1] = static_cast<char>(i);
    used += crypto::sha256(block)[0];
  });
  std::vector<std::string> entries;
  const double encode = per_second(kLeaves, [&](int i) { entries.push_back(encode_leaf(example(i)).value()); });
  const auto entry = [&](int i) -> const std::string& { return entries[static_cast<std::size_t>(i)]; };
  const double decode = per_second(kLeaves, [&](int i) { used += decode_leaf(entry(i))->seq & 1; });
  CompactRange verified;
  const double verify = per_second(kLeaves, [&](int i) {
    used += decode_leaf(entry(i))->seq & 1;
    verified.append(leaf_hash(entry(i)));
  });
  used += range.root()[0] + verified.root()[0];
  std::printf("{\"leaf_bytes\":%zu,\"append\":%.0f,\"sha256_of_65_bytes\":%.0f,"
              "\"encode\":%.0f,\"decode\":%.0f,\"verify\":%.0f,\"used\":%u}\n",
              entries[0].size(), append, bare, encode, decode, verify, used);
  return 0;
}
