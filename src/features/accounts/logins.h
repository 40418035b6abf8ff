// What a login may be. Pure.
#pragma once
#include <string_view>

namespace sekisho::accounts {

// a-z, 0-9, '.', '_' and '-', at most 64.
bool good_login(std::string_view login);

// A name that whoever should not be in tries first, also with a number behind it ("admin", "root01", "test-2"): refused for new accounts, because
// no id may stay as it came out of a box (11(2)ア(ウ)f).
bool default_login(std::string_view login);

}  // namespace sekisho::accounts
