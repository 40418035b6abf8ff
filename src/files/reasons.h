// Why a file could not be read, in Japanese: one line for the person who put it in, saying what they can do. Keys are stable. Pure.
#pragma once
#include <span>
#include <string_view>

namespace sekisho::files {

struct Reason {
  std::string_view key;
  std::string_view text;
};

// Every key that extract_bytes, Extractor and warnings can carry.
std::span<const Reason> reasons();
// The sentence for a key; for a key not in the table, a general one.
std::string_view reason_text(std::string_view key);

}  // namespace sekisho::files
