// For the tests of verify: a log in memory that is written as an export, by whoever holds a key. Honest or not.
#pragma once
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <vector>

#include "core/bytes.h"
#include "json/json.h"
#include "tlog/checkpoint.h"
#include "tlog/export_names.h"
#include "tlog/leaf.h"
#include "tlog/test_tree.h"
#include "tlog/tile.h"

namespace sekisho::verify {

namespace fs = std::filesystem;

inline void put(const fs::path& path, const std::string& bytes) {
  fs::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

inline tlog::VerifierKey verifier_of(const crypto::SigningKey& key, const std::string& origin = "sekisho/shiken") {
  return tlog::VerifierKey::create(origin, tlog::KeyType::ed25519, key.public_key()).value();
}

class TestLog {
  char seed_;

 public:
  explicit TestLog(char seed = 'k', std::string origin_ = "sekisho/shiken")
      : seed_(seed), origin(std::move(origin_)) {}
  crypto::SigningKey key() const { return crypto::SigningKey::from_seed(std::string(32, seed_)).value(); }

  struct Payload {
    std::string salt;
    std::string text;
  };
  struct Signed {
    std::uint64_t size;
    std::string note;
  };

  // Of 2026-03 in Japan; `act` decides the kind.
  void add(const std::string& act = "chats.ask", const std::string& object = "") {
    const std::uint64_t seq = leaves.size();
    Payload payload{std::string(tlog::kSaltBytes, static_cast<char>(seq)), "{\"in\":\"" + std::to_string(seq) + "\"}"};
    tlog::Leaf leaf{seq, {1'774'832'523'000'004 + static_cast<std::int64_t>(seq)}, "actor", act, "7(2)エ(イ)", object, "", "allow", "2026-04-01", {}};
    leaf.commit = tlog::commitment(payload.salt, payload.text).value();
    leaves.push_back(tlog::encode_leaf(leaf).value());
    payloads.push_back(payload);
  }
  void add_many(int count) {
    while (count-- > 0) add();
  }
  tlog::TestTree tree() const {
    tlog::TestTree out(0);
    for (const std::string& leaf : leaves) out.add(leaf);
    return out;
  }
  void sign() { heads.push_back({leaves.size(), tlog::sign_checkpoint({origin, leaves.size(), tree().edge.root(), {}}, key()).value()}); }
  std::string trust(const std::string& more = "quorum none\n") const { return "log " + verifier_of(key(), origin).text() + "\n" + more; }

  void write(const fs::path& folder) const {
    fs::remove_all(folder);
    const std::uint64_t size = heads.back().size;
    tlog::TestTree shown(0);
    for (std::uint64_t i = 0; i < size; ++i) shown.add(leaves[i]);
    for (const tlog::Tile& tile : tlog::tiles_added(0, size)) {
      put(folder / tlog::tile_path(tile), tlog::tile_data(tile, shown.reader()).value());
      if (tile.level > 0) continue;
      const auto first = leaves.begin() + static_cast<std::ptrdiff_t>(tile.index * 256);
      put(folder / tlog::bundle_path(tile.index, tile.width), tlog::encode_bundle({first, first + tile.width}).value());
    }
    std::string lines;
    for (const Signed& head : heads) lines += json::serialise(json::Object{{"at", "2026-04-01T00:00:00.000000Z"}, {"note", head.note}, {"size", head.size}}) + "\n";
    put(folder / tlog::kHistoryFile, lines);
    lines.clear();
    for (std::size_t i = 0; i < size; ++i)
      if (payloads[i]) lines += json::serialise(json::Object{{"payload", payloads[i]->text}, {"salt", to_base64(payloads[i]->salt)}, {"seq", i}}) + "\n";
    put(folder / tlog::kPayloadsFile, lines);
    put(folder / tlog::kCheckpointFile, heads.back().note);
    put(folder / tlog::kTrustFile, trust());
  }

  std::string origin;
  std::vector<std::string> leaves;
  std::vector<std::optional<Payload>> payloads;
  std::vector<Signed> heads;
};

}  // namespace sekisho::verify
