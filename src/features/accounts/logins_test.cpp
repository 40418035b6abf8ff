#include "features/accounts/logins.h"

#include <gtest/gtest.h>

#include <string>

namespace sekisho::accounts {
namespace {

TEST(Logins, DefaultNamesAreKnownWithNumbersBehindThem) {
  for (const char* name : {"admin", "root", "administrator", "sekisho", "guest", "test", "admin1", "admin01", "root-2", "test_3", "user.4", "sa"})
    EXPECT_TRUE(default_login(name)) << name;
}

TEST(Logins, NamesOfPeopleAreNotTakenForDefaults) {
  for (const char* name : {"k.sato", "adminami", "testuya", "rootaro", "sakura", "demoto", "1admin", "u1", "7", "", "admin.sato"}) EXPECT_FALSE(default_login(name)) << name;
}

TEST(Logins, AreShortAndPlain) {
  for (const char* name : {"k.sato", "a", "0", "k_s-1"}) EXPECT_TRUE(good_login(name)) << name;
  for (const char* name : {"", "K.Sato", "佐藤", "a b", "a/b", "a\n"}) EXPECT_FALSE(good_login(name)) << name;
  EXPECT_TRUE(good_login(std::string(64, 'a')));
  EXPECT_FALSE(good_login(std::string(65, 'a')));
}

}  // namespace
}  // namespace sekisho::accounts
