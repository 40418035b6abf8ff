// Texts that are too long for a place. Cut between characters (code points); lengths are bytes of UTF-8. Pure.
#pragma once
#include <string>
#include <string_view>

namespace sekisho::text {

// The beginning, of at most so many bytes.
std::string beginning(std::string_view utf8, std::size_t most);
// The same, with "…" behind it where something was left out.
std::string shortened(std::string_view utf8, std::size_t most);

}  // namespace sekisho::text
