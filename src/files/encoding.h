// Character encodings of Japanese text files: which one, how sure, and the conversion to UTF-8. Pure (ICU's tables).
//
// UTF-8, UTF-16LE/BE, CP932 (Windows' Shift_JIS with NEC and IBM extensions: ①, ㈱, 髙), EUC-JP and ISO-2022-JP with the same extensions,
// as Windows writes them. EUC-JP and ISO-2022-JP are carried over to CP932 code points first, so the three agree on every character. A
// guess is never silent: `certain` is false when another reading is nearly as good, and a person's choice overrides.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "core/result.h"

namespace sekisho::files {

enum class Encoding { utf8, utf16le, utf16be, cp932, euc_jp, iso2022_jp };
std::string_view encoding_name(Encoding encoding);  // "UTF-8", "UTF-16LE", "UTF-16BE", "CP932", "EUC-JP", "ISO-2022-JP"
// Also the usual other names (Shift_JIS, windows-31j, x-sjis, UTF8 ...), without case. Unknown: invalid_argument "files.unknown_encoding".
Result<Encoding> encoding_from_name(std::string_view name);

struct Guess {
  Encoding encoding = Encoding::utf8;
  bool certain = true;
  std::size_t bom_bytes = 0;
};
// Failure: invalid_argument "files.invalid_encoding" when no encoding fits all of the bytes.
Result<Guess> detect_encoding(std::string_view bytes);

struct Decoded {
  std::string text;            // UTF-8; the byte order mark is gone
  std::uint64_t replaced = 0;  // undecodable places, each now U+FFFD
};
// Everything that cannot be decoded becomes U+FFFD and is counted.
Decoded decode_lossy(std::string_view bytes, Encoding encoding);
// All or nothing: "files.invalid_encoding".
Result<std::string> decode_strict(std::string_view bytes, Encoding encoding);

}  // namespace sekisho::files
