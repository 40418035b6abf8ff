// UTF-8 to CP932, for tables that older office programs open. Pure (ICU's tables).
#pragma once
#include <string>
#include <string_view>

#include "core/result.h"

namespace sekisho::files {

// invalid_argument "files.not_in_cp932" when a character has no place in it; nothing is replaced silently.
Result<std::string> encode_cp932(std::string_view utf8);

}  // namespace sekisho::files
