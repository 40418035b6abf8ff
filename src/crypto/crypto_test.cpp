#include <fcntl.h>
#include <gtest/gtest.h>
#include <sodium.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cctype>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <set>
#include <thread>

#include "crypto/hash.h"
#include "crypto/key_file.h"
#include "crypto/nonce.h"
#include "crypto/password.h"
#include "crypto/random.h"
#include "crypto/seal.h"
#include "crypto/sign.h"

namespace sekisho::crypto {
namespace {

std::string unhex(std::string_view text) { return from_hex(text).value(); }

class CryptoTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(init().has_value());
    folder_ = std::filesystem::temp_directory_path() / ("sekisho_crypto_" + to_hex(random_bytes(8)));
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  std::filesystem::path folder_;
};

using Hashing = CryptoTest;
using Signing = CryptoTest;
using Sealing = CryptoTest;
using Passwords = CryptoTest;
using KeyFiles = CryptoTest;
using Randomness = CryptoTest;

TEST_F(Hashing, Sha256MatchesFips180Examples) {
  EXPECT_EQ(to_hex(sha256("")), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(to_hex(sha256("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST_F(Hashing, IncrementalSha256EqualsWholeAtEverySplit) {
  const std::string text = random_bytes(200);
  for (std::size_t i = 0; i <= text.size(); ++i) {
    Sha256 h;
    h.update(std::string_view(text).substr(0, i));
    h.update(std::string_view(text).substr(i));
    EXPECT_EQ(h.finish(), sha256(text));
  }
}

TEST_F(Hashing, HmacMatchesRfc4231Case2) {
  EXPECT_EQ(to_hex(hmac_sha256("Jefe", "what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

TEST_F(Hashing, KeyedHashDependsOnKeyAndRefusesShortKeys) {
  const Secret a(std::string(32, 'a'));
  const Secret b(std::string(32, 'b'));
  EXPECT_EQ(keyed_hash(a, "x").value(), keyed_hash(a, "x").value());
  EXPECT_NE(keyed_hash(a, "x").value(), keyed_hash(b, "x").value());
  EXPECT_EQ(keyed_hash(Secret("short"), "x").error().code, Code::invalid_argument);
}

TEST_F(Hashing, EqualComparesLengthAndBytes) {
  EXPECT_TRUE(equal("", ""));
  EXPECT_TRUE(equal("same", "same"));
  EXPECT_FALSE(equal("same", "sama"));
  EXPECT_FALSE(equal("same", "same "));
}

TEST_F(Signing, MatchesRfc8032Test2) {
  const auto key = SigningKey::from_seed(unhex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb")).value();
  EXPECT_EQ(to_hex(key.public_key().view()), "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
  EXPECT_EQ(to_hex(key.sign("\x72").view()),
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
            "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");
}

TEST_F(Signing, RefusesEveryFlippedBitOfMessageSignatureAndKey) {
  const auto key = SigningKey::generate();
  const std::string message = "head of the log";
  const Signature good = key.sign(message);
  EXPECT_TRUE(verify(key.public_key(), message, good));
  for (std::size_t i = 0; i < message.size() * 8; ++i) {
    std::string m = message;
    m[i / 8] = static_cast<char>(m[i / 8] ^ (1 << (i % 8)));
    EXPECT_FALSE(verify(key.public_key(), m, good));
  }
  for (std::size_t i = 0; i < 64 * 8; ++i) {
    Signature s = good;
    s.bytes[i / 8] = static_cast<std::uint8_t>(s.bytes[i / 8] ^ (1 << (i % 8)));
    EXPECT_FALSE(verify(key.public_key(), message, s));
  }
  for (std::size_t i = 0; i < 32 * 8; ++i) {
    PublicKey k = key.public_key();
    k.bytes[i / 8] = static_cast<std::uint8_t>(k.bytes[i / 8] ^ (1 << (i % 8)));
    EXPECT_FALSE(verify(k, message, good));
  }
}

TEST_F(Signing, RefusesWrongSizes) {
  EXPECT_FALSE(SigningKey::from_seed("short").has_value());
  EXPECT_FALSE(PublicKey::from_bytes(std::string(33, 'x')).has_value());
  EXPECT_FALSE(Signature::from_bytes("").has_value());
}

TEST_F(Sealing, OpensOnlyWithSameKeyBytesAndAssociatedData) {
  const Secret key = random_key();
  for (const std::size_t size : {0u, 1u, 63u, 64u, 1000u}) {
    const std::string plain = random_bytes(size);
    const std::string sealed = seal(key, plain, "row 1").value();
    EXPECT_EQ(sealed.size(), size + kSealOverhead);
    EXPECT_EQ(open(key, sealed, "row 1").value(), plain);
    EXPECT_EQ(open(key, sealed, "row 2").error().code, Code::corrupt);
    EXPECT_EQ(open(random_key(), sealed, "row 1").error().code, Code::corrupt);
    EXPECT_NE(seal(key, plain, "row 1").value(), sealed) << "nonces must differ";
  }
}

TEST_F(Sealing, RefusesEveryFlippedBitAndEveryTruncation) {
  const Secret key = random_key();
  const std::string sealed = seal(key, "個人番号ではない本文", "a").value();
  for (std::size_t i = 0; i < sealed.size() * 8; ++i) {
    std::string broken = sealed;
    broken[i / 8] = static_cast<char>(broken[i / 8] ^ (1 << (i % 8)));
    EXPECT_FALSE(open(key, broken, "a").has_value());
  }
  for (std::size_t n = 0; n < sealed.size(); ++n) EXPECT_FALSE(open(key, sealed.substr(0, n), "a").has_value());
}

// The construction is put together from two libraries; libsodium has the whole of it.
TEST_F(Sealing, IsXChaCha20Poly1305AsLibsodiumHasIt) {
  const Secret key = random_key();
  const auto* const k = reinterpret_cast<const unsigned char*>(key.reveal().data());
  for (const std::size_t size : {0u, 1u, 16u, 63u, 64u, 65u, 2080u, 65536u}) {
    for (const std::string& associated : {std::string(), std::string("row 1"), std::string(100, 'a')}) {
      const std::string plain = random_bytes(size);
      const auto* const a = reinterpret_cast<const unsigned char*>(associated.data());
      const std::string sealed = seal(key, plain, associated).value();
      const auto* const s = reinterpret_cast<const unsigned char*>(sealed.data());
      std::string theirs(size, '\0');
      ASSERT_EQ(crypto_aead_xchacha20poly1305_ietf_decrypt(reinterpret_cast<unsigned char*>(theirs.data()), nullptr, nullptr, s + kNonceBytes, sealed.size() - kNonceBytes, a,
                                                           associated.size(), s, k), 0);
      EXPECT_EQ(theirs, plain);
      std::string sealed_by_them = sealed.substr(0, kNonceBytes) + std::string(size + kTagBytes, '\0');
      auto* const out = reinterpret_cast<unsigned char*>(sealed_by_them.data());
      crypto_aead_xchacha20poly1305_ietf_encrypt(out + kNonceBytes, nullptr, reinterpret_cast<const unsigned char*>(plain.data()), size, a, associated.size(), nullptr, out, k);
      EXPECT_EQ(sealed_by_them, sealed);
      EXPECT_EQ(open(key, sealed_by_them, associated).value(), plain);
    }
  }
}

TEST_F(Sealing, FramesOpenOnlyAtTheirOwnNumber) {
  const Secret key = random_key();
  const std::string sealed = seal_frame(key, 7, "frame", "").value();
  EXPECT_EQ(open_frame(key, 7, sealed, "").value(), "frame");
  EXPECT_EQ(open_frame(key, 8, sealed, "").error().code, Code::corrupt);
  EXPECT_EQ(open_frame(key, 7 + (std::uint64_t{1} << 32), sealed, "").error().code, Code::corrupt);
  EXPECT_EQ(open_frame(key, 7, "short", "").error().code, Code::corrupt);
}

TEST_F(Sealing, DerivedKeysDifferByContextIdAndMaster) {
  const Secret master = random_key();
  std::set<std::string> seen;
  for (const std::string_view context : {"payloads", "sessions"})
    for (std::uint64_t id = 0; id < 4; ++id) seen.insert(std::string(derive_key(master, context, id)->reveal()));
  seen.insert(std::string(derive_key(master, "payloads")->reveal()));
  seen.insert(std::string(derive_key(random_key(), "payloads", 0)->reveal()));
  EXPECT_EQ(seen.size(), 10u);
  EXPECT_EQ(derive_key(master, "payloads", 3)->reveal(), derive_key(master, "payloads", 3)->reveal());
  EXPECT_FALSE(derive_key(master, "short", 1).has_value());
  EXPECT_FALSE(derive_key(Secret("short"), "payloads", 1).has_value());
  EXPECT_FALSE(seal(Secret("short"), "", "").has_value());
}

TEST_F(Passwords, VerifyTellsWrongFromBroken) {
  const std::string stored = password_hash(Secret("正しいパスワード")).value();
  EXPECT_TRUE(stored.starts_with("$argon2id$v=19$m=65536,t=3,p=1$"));
  EXPECT_TRUE(password_verify(stored, Secret("正しいパスワード")).value());
  EXPECT_FALSE(password_verify(stored, Secret("違うパスワード")).value());
  EXPECT_EQ(password_verify("", Secret("x")).error().code, Code::corrupt);
  EXPECT_EQ(password_verify("$argon2id$v=19$m=65536,t=3,p=1$bad", Secret("x")).error().code, Code::corrupt);
  EXPECT_EQ(password_hash(Secret(std::string(2000, 'x'))).error().code, Code::invalid_argument);
  EXPECT_FALSE(needs_rehash(stored));
  EXPECT_TRUE(needs_rehash(password_hash(Secret("x"), {1, 8 * 1024 * 1024}).value()));
}

TEST_F(Passwords, DecoyIsCheckedLikeAStoredOneAndMatchesNothing) {
  const std::string decoy = password_decoy();
  EXPECT_EQ(decoy.size(), password_hash(Secret("x")).value().size());
  EXPECT_FALSE(needs_rehash(decoy)) << "another cost would take another time";
  EXPECT_FALSE(password_verify(decoy, Secret("正しいパスワード")).value());
  EXPECT_NE(decoy, password_decoy());
}

TEST_F(Passwords, TemporaryPasswordsHaveEveryClassAndNoAmbiguousCharacter) {
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) {
    const std::string text(temporary_password().reveal());
    EXPECT_EQ(text.size(), 16u);
    EXPECT_EQ(text.find_first_of("0Oo1Il"), std::string::npos) << text;
    EXPECT_TRUE(std::any_of(text.begin(), text.end(), [](unsigned char c) { return std::isupper(c); }));
    EXPECT_TRUE(std::any_of(text.begin(), text.end(), [](unsigned char c) { return std::islower(c); }));
    EXPECT_TRUE(std::any_of(text.begin(), text.end(), [](unsigned char c) { return std::isdigit(c); }));
    seen.insert(text);
  }
  EXPECT_EQ(seen.size(), 1000u);
}

TEST_F(Randomness, TokensAreLongUrlSafeAndDifferent) {
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) seen.insert(std::string(random_token().reveal()));
  EXPECT_EQ(seen.size(), 1000u);
  for (const auto& token : seen) EXPECT_EQ(token.size(), 43u);
  EXPECT_NE(random_bytes(16), random_bytes(16));
  for (int i = 0; i < 100; ++i) EXPECT_LT(random_below(3), 3u);
}

TEST_F(Randomness, NoncesNeverComeTwiceNotEvenInAForkedChild) {
  std::set<std::string> seen;
  const auto fresh = [&](const std::string& nonce) { return seen.insert(nonce).second; };
  for (int i = 0; i < 5000; ++i) ASSERT_TRUE(fresh(nonce_bytes(i % 2 == 0 ? 24 : 32)));
  EXPECT_EQ(nonce_bytes(5000).size(), 5000u);
  EXPECT_EQ(nonce_bytes(0), "");
  std::mutex mutex;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&] {
      for (int i = 0; i < 500; ++i) {
        const std::string nonce = nonce_bytes(24);
        const std::lock_guard lock(mutex);
        EXPECT_TRUE(fresh(nonce));
      }
    });
  for (std::thread& thread : threads) thread.join();
  static_cast<void>(nonce_bytes(24));  // most of a block is left, in the child as well
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    const std::string nonce = nonce_bytes(24);
    ::_exit(::write(ends[1], nonce.data(), nonce.size()) == 24 ? 0 : 1);
  }
  int status = -1;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  std::string of_child(24, '\0');
  EXPECT_EQ(::read(ends[0], of_child.data(), of_child.size()), 24);
  EXPECT_TRUE(fresh(of_child));
  for (int i = 0; i < 100; ++i) EXPECT_TRUE(fresh(nonce_bytes(24))) << "the child's is not the parent's next";
  ::close(ends[0]);
  ::close(ends[1]);
}

TEST_F(KeyFiles, AreCreatedPrivateAndReadBack) {
  const std::string path = folder_ / "master.key";
  EXPECT_EQ(load_key(path).error().code, Code::not_found);
  const Secret first = load_or_create_key(path).value();
  EXPECT_EQ(first.reveal().size(), kKeyBytes);
  struct stat info {};
  ASSERT_EQ(::stat(path.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);
  EXPECT_EQ(load_or_create_key(path)->reveal(), first.reveal());
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder_), {}), 1) << "no temporary file stays";
}

TEST_F(KeyFiles, RefusesLooseModesLinksAndWrongSizes) {
  const std::string path = folder_ / "master.key";
  ASSERT_TRUE(load_or_create_key(path).has_value());
  for (const mode_t mode : {0640u, 0604u, 0660u, 0620u}) {
    ::chmod(path.c_str(), mode);
    EXPECT_EQ(load_or_create_key(path).error().code, Code::denied) << std::oct << mode;
  }
  ::chmod(path.c_str(), 0600);
  std::filesystem::create_symlink(path, folder_ / "link.key");
  EXPECT_EQ(load_or_create_key(folder_ / "link.key").error().code, Code::denied);
  std::ofstream(path, std::ios::app) << "x";
  EXPECT_EQ(load_key(path).error().code, Code::corrupt);
  EXPECT_EQ(load_or_create_key(folder_ / "missing" / "k").error().code, Code::not_found);
}

TEST_F(KeyFiles, ConcurrentCreatorsAgreeOnOneKey) {
  const std::string path = folder_ / "master.key";
  std::array<std::string, 8> keys;
  std::vector<std::thread> threads;
  for (auto& key : keys)
    threads.emplace_back([&key, &path] { key = std::string(load_or_create_key(path)->reveal()); });
  for (auto& t : threads) t.join();
  for (const auto& key : keys) EXPECT_EQ(key, keys[0]);
}

}  // namespace
}  // namespace sekisho::crypto
