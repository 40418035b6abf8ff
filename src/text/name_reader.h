// How a name is read, in Latin letters: 橘 健一 -> "tachibana", "kenichi", "tachibanakenichi", each also with short vowels and in the official
// spelling. What a person's password must not be made of (features/accounts) is found with it.
//
// Threads: pure; any. Encoding: UTF-8 in. Cannot fail.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "text/dictionary.h"

namespace sekisho::text {

std::vector<std::string> read_name(const Dictionary& dictionary, std::string_view utf8);

}  // namespace sekisho::text
