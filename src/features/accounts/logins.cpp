#include "features/accounts/logins.h"

#include <algorithm>
#include <array>

namespace sekisho::accounts {
namespace {

constexpr std::size_t kLongest = 64;
constexpr std::array<std::string_view, 22> kDefaults = {"admin",   "administrator", "root",  "system", "sysadmin", "super", "superuser", "supervisor", "manager", "operator", "user",
                                                        "default", "guest",         "test",  "tester", "demo",     "master", "sa",       "service",    "kanrisha", "sekisho", "sysop"};

}  // namespace

bool good_login(std::string_view login) {
  return !login.empty() && login.size() <= kLongest && login.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789._-") == std::string_view::npos;
}

bool default_login(std::string_view login) {
  const std::string_view stem = login.substr(0, login.find_last_not_of("0123456789._-") + 1);
  return std::find(kDefaults.begin(), kDefaults.end(), stem) != kDefaults.end();
}

}  // namespace sekisho::accounts
