#include "directory/directory.h"

#include <gtest/gtest.h>
#include <ldap.h>

namespace sekisho::directory {
namespace {

// RFC 4514, section 4 and 2.4; RFC 4515, section 4.
TEST(Escaping, OfNamesFollowsTheStandard) {
  EXPECT_EQ(escape_dn("hanako"), "hanako");
  EXPECT_EQ(escape_dn("James \"Jim\" Smith, III"), "James \\22Jim\\22 Smith\\2c III");
  EXPECT_EQ(escape_dn(" a b "), "\\20a b\\20");
  EXPECT_EQ(escape_dn("#a#"), "\\23a#");
  EXPECT_EQ(escape_dn("a=b+c;d<e>f\\"), "a\\3db\\2bc\\3bd\\3ce\\3ef\\5c");
  EXPECT_EQ(escape_dn(std::string("a\0b", 3)), "a\\00b");
  EXPECT_EQ(escape_dn("花子"), "花子");
}

TEST(Escaping, OfFiltersFollowsTheStandard) {
  EXPECT_EQ(escape_filter("Parens R Us (for all your parenthetical needs)"), "Parens R Us \\28for all your parenthetical needs\\29");
  EXPECT_EQ(escape_filter("*"), "\\2a");
  EXPECT_EQ(escape_filter("C:\\MyFile"), "C:\\5cMyFile");
  EXPECT_EQ(escape_filter(std::string("\0\4", 2)), std::string("\\00\4"));
  EXPECT_EQ(escape_filter("č"), "\\c4\\8d");
}

// Whatever is put in, libldap reads one name of two parts back, with the value as its first.
TEST(Escaping, OfNamesIsReadBackWhole) {
  for (const char* value : {"a", "a,uid=root", "a+b=c", " ", "#", "\\", "a\\,b", "\"", "<>;", "花 子"}) {
    LDAPDN name = nullptr;
    const std::string text = "uid=" + escape_dn(value) + ",dc=example";
    ASSERT_EQ(ldap_str2dn(text.c_str(), &name, LDAP_DN_FORMAT_LDAPV3), LDAP_SUCCESS) << text;
    ASSERT_TRUE(name[0] != nullptr && name[1] != nullptr && name[2] == nullptr && name[0][1] == nullptr) << text;
    EXPECT_EQ(std::string(name[0][0]->la_value.bv_val, name[0][0]->la_value.bv_len), value);
    ldap_dnfree(name);
  }
}

Server good() {
  Server out;
  out.url = "ldaps://directory.example:636";
  out.ca_file = "/nowhere/ca.pem";
  out.user_dn = "uid={login},ou=people,dc=example";
  return out;
}

TEST(Settings, MustBeEncryptedAndComplete) {
  EXPECT_TRUE(check(good()));
  const auto refused = [](auto change) {
    Server server = good();
    change(server);
    return !check(server);
  };
  EXPECT_TRUE(refused([](Server& s) { s.url = "ldap://directory.example"; }));
  EXPECT_TRUE(refused([](Server& s) { s.url = "http://directory.example"; }));
  EXPECT_TRUE(refused([](Server& s) { s.url = "ldaps://directory.example/dc=example"; }));
  EXPECT_TRUE(refused([](Server& s) { s.url = "ldaps://a ldap://b"; }));
  EXPECT_TRUE(refused([](Server& s) { s.ca_file = ""; }));
  EXPECT_TRUE(refused([](Server& s) { s.user_dn = "uid=x,dc=example"; }));
  EXPECT_TRUE(refused([](Server& s) { s.filter = "(uid={login})"; }));
  EXPECT_TRUE(refused([](Server& s) { s.service_dn = "cn=service"; }));
  EXPECT_TRUE(refused([](Server& s) { s.timeout_ms = 0; }));
  Server search = good();
  search.user_dn = "";
  search.filter = "(uid={login})";
  EXPECT_FALSE(check(search));
  search.base = "dc=example";
  EXPECT_TRUE(check(search));
}

TEST(Password, EmptyIsWrongWithoutAsking) {
  EXPECT_EQ(right_password(good(), "hanako", Secret()).value(), false);
  EXPECT_EQ(right_password(good(), "hanako", Secret(std::string("\0x", 2))).value(), false);
  EXPECT_EQ(right_password(good(), "", Secret("x")).value(), false);
}

TEST(Password, UnreachableDirectoryIsAnErrorNotAWrongPassword) {
  Server server = good();
  server.url = "ldaps://127.0.0.1:1";
  server.timeout_ms = 500;
  const auto answer = right_password(server, "hanako", Secret("x"));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, Code::unavailable);
}

}  // namespace
}  // namespace sekisho::directory
