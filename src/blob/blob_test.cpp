#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "blob/store.h"
#include "core/bytes.h"
#include "crypto/random.h"
#include "crypto/seal.h"

namespace sekisho::blob {
namespace {

class BlobStore : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(crypto::init().has_value());
    char name[] = "/tmp/sekisho-blob-XXXXXX";
    folder_ = ::mkdtemp(name);
    store_ = Store::open(folder_, crypto::random_key()).value();
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  std::string path(const std::string& id) const { return folder_ + "/" + id.substr(0, 2) + "/" + id; }
  std::string raw(const std::string& id) const { return read_file(path(id), 1 << 24).value(); }
  std::string folder_;
  std::unique_ptr<Store> store_;
};

TEST_F(BlobStore, ContentOfEverySizeRoundTrips) {
  for (const std::size_t size : {0, 1, 65535, 65536, 65537, 131072, 200000}) {
    const std::string bytes = crypto::random_bytes(size);
    const std::string id = store_->put(bytes).value();
    EXPECT_EQ(store_->get(id).value(), bytes) << size;
  }
  EXPECT_EQ(store_->list().value().size(), 7u);
}

TEST_F(BlobStore, ContentIsNotReadableInTheFolder) {
  const std::string id = store_->put("canary-in-the-mine").value();
  EXPECT_EQ(raw(id).find("canary"), std::string::npos);
}

TEST_F(BlobStore, EveryFlippedByteAndEveryCutIsNoticed) {
  const std::string id = store_->put("a short text").value();
  const std::string good = raw(id);
  for (std::size_t i = 0; i < good.size(); ++i) {
    std::string bad = good;
    bad[i] = static_cast<char>(bad[i] ^ 1);
    ASSERT_TRUE(write_file(path(id), bad).has_value());
    EXPECT_EQ(store_->get(id).error().key, "blob.corrupt") << i;
    ASSERT_TRUE(write_file(path(id), good.substr(0, i)).has_value());
    EXPECT_EQ(store_->get(id).error().key, "blob.corrupt") << i;
  }
}

TEST_F(BlobStore, CutAtAFrameAndExchangedFilesAreNoticed) {
  const std::string a = store_->put(std::string(65536 * 2, 'a')).value();
  const std::string b = store_->put(std::string(65536 * 2, 'b')).value();
  const std::string raw_a = raw(a);
  const std::size_t frame = (raw_a.size() - 4) / 2;
  ASSERT_TRUE(write_file(path(a), raw_a.substr(0, 4 + frame)).has_value());
  EXPECT_FALSE(store_->get(a).has_value());
  ASSERT_TRUE(write_file(path(a), raw(b)).has_value());
  EXPECT_FALSE(store_->get(a).has_value());
}

TEST_F(BlobStore, RemovedIsGoneAndNamesAreChecked) {
  const std::string id = store_->put("x").value();
  EXPECT_TRUE(store_->remove(id).has_value());
  EXPECT_EQ(store_->get(id).error().key, "blob.not_found");
  EXPECT_TRUE(store_->remove(id).has_value());
  EXPECT_EQ(store_->get("../../etc/passwd").error().key, "blob.not_found");
}

}  // namespace
}  // namespace sekisho::blob
