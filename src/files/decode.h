// Decoders behind encoding.h. Internal to the module.
#pragma once
#include "files/encoding.h"

namespace sekisho::files {

Decoded decode_utf8(std::string_view bytes);
Decoded decode_utf16(std::string_view bytes, bool big_endian);
Decoded decode_cp932(std::string_view bytes);
Decoded decode_euc_jp(std::string_view bytes);
Decoded decode_iso2022_jp(std::string_view bytes);

}  // namespace sekisho::files
