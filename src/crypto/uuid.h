// UUIDs that follow from a name (RFC 9562 section 5.5, version 5: SHA-1 of a namespace and a name). They identify, they prove nothing. Pure.
#pragma once
#include <string>
#include <string_view>

namespace sekisho::crypto {

// `space`: 16 bytes. "2ed6657d-e927-568b-95e1-2665a8aea6a2", lower case.
std::string uuid_v5(std::string_view space, std::string_view name);

}  // namespace sekisho::crypto
