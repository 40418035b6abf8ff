// Bytes and their printed forms. Binary data is std::string throughout (UTF-8 text says so where it matters).
#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/result.h"

namespace sekisho {

using Hash = std::array<std::uint8_t, 32>;  // SHA-256

std::string to_hex(std::string_view bytes);
std::string to_hex(const Hash& hash);
Result<std::string> from_hex(std::string_view hex);

// RFC 4648, standard alphabet with padding; decoding refuses anything else.
std::string to_base64(std::string_view bytes);
Result<std::string> from_base64(std::string_view text);
// RFC 4648 section 5, without padding.
std::string to_base64url(std::string_view bytes);

std::string_view as_view(const Hash& hash);

// Whole files. write_file is atomic: temporary name, fsync, rename, fsync of the folder.
Result<std::string> read_file(const std::string& path, std::size_t max_bytes);
Status write_file(const std::string& path, std::string_view bytes);

}  // namespace sekisho
