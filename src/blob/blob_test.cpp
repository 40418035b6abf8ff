#include <gtest/gtest.h>

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <random>
#include <thread>

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

TEST_F(BlobStore, StreamInAnyPiecesEqualsTheWhole) {
  std::mt19937 random(7);
  for (int round = 0; round < 30; ++round) {
    const std::string bytes = crypto::random_bytes(random() % 300000);
    const auto writer = store_->put_stream().value();
    for (std::size_t at = 0; at < bytes.size();) {
      const std::size_t n = std::min<std::size_t>(1 + random() % 100000, bytes.size() - at);
      ASSERT_TRUE(writer->append(std::string_view(bytes).substr(at, n)).has_value());
      at += n;
    }
    EXPECT_TRUE(store_->list().value().size() == static_cast<std::size_t>(round)) << "not visible before finish()";
    const Stored stored = writer->finish().value();
    EXPECT_EQ(stored.bytes, bytes.size());
    EXPECT_EQ(stored.hash, crypto::sha256(bytes));
    EXPECT_EQ(store_->get(stored.id).value(), bytes);
    EXPECT_EQ(writer->finish().error().code, Code::conflict);
    for (int i = 0; i < 20; ++i) {
      const std::uint64_t offset = random() % (bytes.size() + 10);
      const std::uint64_t length = i == 0 ? ~std::uint64_t{0} : random() % 150000;
      const std::string expected = offset < bytes.size() ? bytes.substr(offset, length) : "";
      EXPECT_EQ(store_->read_range(stored.id, offset, length).value(), expected);
    }
  }
}

TEST_F(BlobStore, RangeReadNoticesDamageItDependsOnAndEveryCut) {
  const std::string id = store_->put(crypto::random_bytes(65536 * 3 + 5)).value();
  const std::string good = raw(id);
  const std::size_t frame = 65536 + 16;
  for (const std::size_t size : {good.size() - 1, good.size() - 5, good.size() - 21, 4 + frame * 2, 4 + frame, frame * 0}) {
    ASSERT_TRUE(write_file(path(id), good.substr(0, size)).has_value());
    EXPECT_EQ(store_->read_range(id, 0, 1).error().key, "blob.corrupt") << size;
  }
  std::string bad = good;
  bad[4 + frame + 100] = static_cast<char>(bad[4 + frame + 100] ^ 1);
  ASSERT_TRUE(write_file(path(id), bad).has_value());
  EXPECT_TRUE(store_->read_range(id, 0, 65536).has_value());
  EXPECT_EQ(store_->read_range(id, 65536, 1).error().key, "blob.corrupt");
  EXPECT_EQ(store_->get(id).error().key, "blob.corrupt");
}

TEST_F(BlobStore, AnotherStoresKeyOpensNothing) {
  const std::string id = store_->put("content").value();
  const auto other = Store::open(folder_, crypto::random_key()).value();
  EXPECT_EQ(other->get(id).error().key, "blob.corrupt");
  EXPECT_TRUE(store_->exists(id).value());
  EXPECT_FALSE(store_->exists(std::string(32, '0')).value());
  EXPECT_FALSE(store_->exists("../x").value());
}

TEST_F(BlobStore, AnAbandonedWriterLeavesNothing) {
  {
    const auto writer = store_->put_stream().value();
    ASSERT_TRUE(writer->append(std::string(200000, 'x')).has_value());
  }
  int files = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder_)) files += entry.is_regular_file();
  EXPECT_EQ(files, 0);
}

TEST_F(BlobStore, ListGoesOnWhileOthersPutAndRemove) {
  std::atomic<bool> stop = false;
  std::thread other([&] {
    while (!stop) {
      const auto id = store_->put("x");
      EXPECT_TRUE(id.has_value() && store_->remove(*id).has_value());
    }
  });
  const std::string kept = store_->put("kept").value();
  for (int i = 0; i < 30; ++i) {
    const auto ids = store_->list().value();
    EXPECT_EQ(std::count(ids.begin(), ids.end(), kept), 1);
  }
  stop = true;
  other.join();
}

TEST_F(BlobStore, AfterAKillEveryListedBlobIsWhole) {
  const Secret key = crypto::random_key();
  std::mt19937 random(11);
  std::size_t seen = 0;
  for (int round = 0; round < 25; ++round) {
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      const auto store = Store::open(folder_, key.copy());
      for (;;)
        if (!store.has_value() || !(*store)->put(std::string(150000, 'k')).has_value()) ::_exit(1);
    }
    ::usleep(2000 + random() % 30000);
    ::kill(child, SIGKILL);
    ASSERT_EQ(::waitpid(child, nullptr, 0), child);
    const auto store = Store::open(folder_, key.copy()).value();
    const auto ids = store->list().value();
    seen = std::max(seen, ids.size());
    for (const auto& id : ids) {
      EXPECT_EQ(store->get(id).value(), std::string(150000, 'k'));
      ASSERT_TRUE(store->remove(id).has_value());
    }
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder_)) EXPECT_FALSE(entry.is_regular_file()) << entry.path();
  }
  EXPECT_GT(seen, 0u);
}

}  // namespace
}  // namespace sekisho::blob
