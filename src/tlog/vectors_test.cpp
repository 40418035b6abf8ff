// The proof vectors of transparency-dev/merkle (Apache-2.0). They are not part of this repository: the test looks for them in
// tests/vectors/rfc6962 and in $SEKISHO_VECTORS/rfc6962, and says so when it finds none.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <optional>

#include "core/bytes.h"
#include "tlog/merkle.h"

namespace sekisho::tlog {
namespace {

// Reads the flat JSON objects of the vectors: numbers, strings, and one array of strings.
class Vector {
 public:
  explicit Vector(std::string text) : text_(std::move(text)) {}
  std::uint64_t number(const std::string& key) const { return std::strtoull(text_.c_str() + value_of(key), nullptr, 10); }
  bool flag(const std::string& key) const { return text_.compare(value_of(key), 4, "true") == 0; }
  // nothing when it is no hash
  std::optional<Hash> hash(const std::string& key) const {
    std::size_t at = value_of(key);
    return next_hash(at);
  }
  bool same_text(const std::string& a, const std::string& b) const {
    const auto text = [&](const std::string& key) { return text_.substr(value_of(key), text_.find('\n', value_of(key)) - value_of(key)); };
    return text(a) == text(b);
  }
  std::optional<Proof> proof() const {
    std::size_t at = value_of("proof");
    if (text_[at] != '[') return Proof{};  // null
    const std::size_t end = text_.find(']', at);
    Proof out;
    for (at = text_.find('"', at); at < end; at = text_.find('"', at)) {
      const auto hash = next_hash(at);
      if (!hash.has_value()) return std::nullopt;
      out.push_back(*hash);
    }
    return out;
  }

 private:
  std::size_t value_of(const std::string& key) const {
    std::size_t at = text_.find("\"" + key + "\":");
    if (at == std::string::npos) ADD_FAILURE() << "no " << key << " in " << text_;
    at += key.size() + 3;
    return text_.find_first_not_of(" \n", at);
  }
  std::optional<Hash> next_hash(std::size_t& at) const {
    if (text_[at] != '"') return std::nullopt;
    const std::size_t end = text_.find('"', at + 1);
    const auto bytes = from_base64(std::string_view(text_).substr(at + 1, end - at - 1));
    at = end + 1;
    Hash out{};
    if (!bytes.has_value() || bytes->size() != out.size()) return std::nullopt;
    std::copy(bytes->begin(), bytes->end(), out.begin());
    return out;
  }
  std::string text_;
};

Status refused() { return fail(Code::corrupt, "test.no_hash"); }

Status check(const std::string& kind, const Vector& v) {
  const auto proof = v.proof();
  if (kind == "inclusion" || kind == "subtreeinclusion") {
    const auto leaf = v.hash("leafHash");
    const auto root = v.hash("root");
    if (!proof || !leaf || !root) return refused();
    if (kind == "inclusion") return verify_inclusion(v.number("leafIdx"), v.number("treeSize"), *leaf, *proof, *root);
    return verify_subtree_inclusion(v.number("leafIdx"), v.number("start"), v.number("end"), *leaf, *proof, *root);
  }
  auto old_root = v.hash("root1");
  auto new_root = v.hash("root2");
  // Where both roots are one text that is no hash, the vectors ask about equality alone: any hash stands in.
  if (!old_root && v.same_text("root1", "root2")) old_root = new_root = Hash{};
  if (kind == "consistency") {
    if (!proof || !old_root || !new_root) return refused();
    return verify_consistency(v.number("size1"), v.number("size2"), *old_root, *new_root, *proof);
  }
  // An empty subtree says nothing of the tree: there the vectors leave the new root out of the question.
  if (!proof || !old_root || (!new_root && v.number("start") != v.number("end"))) return refused();
  return verify_subtree_consistency(v.number("start"), v.number("end"), v.number("size"), *old_root, new_root.value_or(Hash{}), *proof);
}

std::filesystem::path vector_folder() {
  const char* named = std::getenv("SEKISHO_VECTORS");
  if (named != nullptr) return std::filesystem::path(named) / "rfc6962";
  return std::filesystem::path(SK_SOURCE_DIR) / "tests" / "vectors" / "rfc6962";
}

TEST(MerkleVectors, AgreeWithTheSharedProofVectors) {
  const auto folder = vector_folder();
  if (!std::filesystem::is_directory(folder)) GTEST_SKIP() << "no vectors at " << folder << " (set SEKISHO_VECTORS)";
  int count = 0;
  for (const auto& file : std::filesystem::recursive_directory_iterator(folder)) {
    if (file.path().extension() != ".json") continue;
    const std::string kind = std::filesystem::relative(file.path(), folder).begin()->string();
    const Vector v(read_file(file.path().string(), 1 << 20).value());
    EXPECT_EQ(check(kind, v).has_value(), !v.flag("wantErr")) << file.path();
    ++count;
  }
  EXPECT_GT(count, 500);
}

}  // namespace
}  // namespace sekisho::tlog
