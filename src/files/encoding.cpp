#include "files/encoding.h"

#include "files/decode.h"
#include "files/utf8.h"

namespace sekisho::files {
namespace {

constexpr std::size_t kSample = 256 * 1024;
// Points per byte by which one reading must beat the other to be called certain.
constexpr double kClearMargin = 0.5;
// Below this many non-ASCII bytes two readings are hard to tell apart.
constexpr std::size_t kFewBytes = 8;

struct Alias {
  std::string_view name;
  Encoding encoding;
};
constexpr std::array kAliases = {
    Alias{"utf-8", Encoding::utf8},        Alias{"utf8", Encoding::utf8},
    Alias{"utf-16le", Encoding::utf16le},  Alias{"utf-16be", Encoding::utf16be},
    Alias{"utf-16", Encoding::utf16le},    Alias{"cp932", Encoding::cp932},
    Alias{"shift_jis", Encoding::cp932},   Alias{"shift-jis", Encoding::cp932},
    Alias{"sjis", Encoding::cp932},        Alias{"x-sjis", Encoding::cp932},
    Alias{"windows-31j", Encoding::cp932}, Alias{"ms932", Encoding::cp932},
    Alias{"euc-jp", Encoding::euc_jp},     Alias{"eucjp", Encoding::euc_jp},
    Alias{"x-euc-jp", Encoding::euc_jp},   Alias{"iso-2022-jp", Encoding::iso2022_jp},
    Alias{"jis", Encoding::iso2022_jp},    Alias{"us-ascii", Encoding::utf8},
};

bool starts_with(std::string_view bytes, std::string_view mark) { return bytes.substr(0, mark.size()) == mark; }

bool has_high_byte(std::string_view bytes) {
  return std::any_of(bytes.begin(), bytes.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
}

bool is_kana_letter(char32_t c) { return c >= 0xFF66 && c <= 0xFF9F; }

// How Japanese a character looks in an administrative text. The weights only need to order readings of the same bytes.
int weight(char32_t c, char32_t before) {
  if (c < 0x80) return 0;
  if (c >= 0x3041 && c <= 0x3096) return 4;
  if (c >= 0x3001 && c <= 0x3011) return 4;
  if (c >= 0x30A1 && c <= 0x30FC) return 3;
  if (c >= 0xFF10 && c <= 0xFF5A) return 3;
  if (is_kana_letter(c)) return is_kana_letter(before) ? 1 : -1;
  if (c >= 0xFF61 && c <= 0xFF65) return -2;
  if (c >= 0xE000 && c <= 0xF8FF) return -6;
  if (c == 0xFFFD) return -20;
  if (c >= 0x4E00 && c <= 0x9FFF) return 2;
  return 0;
}

// JIS level 2 (lead bytes 0x98.. in Shift_JIS) and the extension rows are rare in running text; ICU does not tell levels, the bytes do.
int rare_kanji(std::string_view bytes, Encoding encoding) {
  int rare = 0;
  for (std::size_t i = 0; i + 1 < bytes.size(); ++i) {
    const auto c = static_cast<unsigned char>(bytes[i]);
    if (c < 0x80) continue;
    if (encoding == Encoding::euc_jp) {
      if (c != 0x8E) rare += c >= 0xD0 || (c >= 0xA9 && c <= 0xAF) ? 1 : 0;
      ++i;
    } else if (c <= 0x9F || c >= 0xE0) {
      rare += c >= 0x99 || (c >= 0x85 && c <= 0x87) ? 1 : 0;
      ++i;
    }
  }
  return rare;
}

// Points per non-ASCII byte of the sample.
double plausibility(std::string_view bytes, Encoding encoding) {
  const Decoded decoded = decode_lossy(bytes, encoding);
  double points = -3.0 * rare_kanji(bytes, encoding) - 20.0 * static_cast<double>(decoded.replaced);
  char32_t before = 0;
  for (std::size_t at = 0; at < decoded.text.size();) {
    const char32_t c = next_code_point(decoded.text, at);
    points += weight(c, before);
    before = c;
  }
  const auto high = std::count_if(bytes.begin(), bytes.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
  return points / static_cast<double>(std::max<std::ptrdiff_t>(high, 1));
}

// A sample ends at a line end where possible, so that no character is cut.
std::string_view sample_of(std::string_view bytes) {
  if (bytes.size() <= kSample) return bytes;
  const std::size_t line_end = bytes.rfind('\n', kSample);
  return bytes.substr(0, line_end == std::string_view::npos ? kSample : line_end + 1);
}

// Share of UTF-16 units that a Japanese or English text would contain.
double utf16_share(std::string_view bytes, bool big_endian) {
  std::size_t good = 0;
  const std::size_t units = bytes.size() / 2;
  for (std::size_t i = 0; i < units; ++i) {
    const auto a = static_cast<unsigned char>(bytes[2 * i]);
    const auto b = static_cast<unsigned char>(bytes[2 * i + 1]);
    const unsigned c = big_endian ? a << 8 | b : b << 8 | a;
    good += (c >= 0x20 && c < 0x7F) || c == '\n' || c == '\r' || c == '\t' || (c >= 0x3000 && c <= 0x30FF) ||
            (c >= 0x4E00 && c <= 0x9FFF) || (c >= 0xFF01 && c <= 0xFFE6) || (c >= 0x2010 && c <= 0x2600);
  }
  return units == 0 ? 0 : static_cast<double>(good) / static_cast<double>(units);
}

Result<Guess> detect_utf16(std::string_view bytes) {
  if (bytes.size() % 2 == 0) {
    const std::string_view sample = sample_of(bytes).substr(0, kSample & ~std::size_t{1});
    const double little = utf16_share(sample.substr(0, sample.size() & ~std::size_t{1}), false);
    const double big = utf16_share(sample.substr(0, sample.size() & ~std::size_t{1}), true);
    const Encoding best = little >= big ? Encoding::utf16le : Encoding::utf16be;
    if (std::max(little, big) > 0.9 && decode_lossy(bytes, best).replaced == 0)
      return Guess{best, std::max(little, big) > 0.98 && std::min(little, big) < 0.7, 0};
  }
  return fail(Code::invalid_argument, "files.invalid_encoding", "zero bytes, but not UTF-16");
}

// UTF-8 by accident: a few half-width kana of CP932 can look like two-byte sequences.
Guess utf8_guess(std::string_view bytes) {
  std::size_t pairs = 0;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0xE0) return Guess{};
    pairs += byte >= 0xC2 ? 1 : 0;
    if (pairs > 4) return Guess{};
  }
  return Guess{Encoding::utf8, false, 0};
}

Result<Guess> detect_legacy(std::string_view bytes) {
  const std::string_view sample = sample_of(bytes);
  const auto high =
      static_cast<std::size_t>(std::count_if(sample.begin(), sample.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; }));
  const double cp932 = plausibility(sample, Encoding::cp932);
  const double euc = plausibility(sample, Encoding::euc_jp);
  const Encoding best = euc > cp932 ? Encoding::euc_jp : Encoding::cp932;
  const Encoding other = euc > cp932 ? Encoding::cp932 : Encoding::euc_jp;
  const auto fits = [&](Encoding encoding) { return decode_lossy(bytes, encoding).replaced == 0; };
  const bool clear = std::abs(euc - cp932) > kClearMargin && high >= kFewBytes;
  if (fits(best)) return Guess{best, clear || !fits(other), 0};
  if (fits(other)) return Guess{other, true, 0};
  return fail(Code::invalid_argument, "files.invalid_encoding", "not UTF-8, UTF-16, CP932, EUC-JP or ISO-2022-JP throughout");
}

}  // namespace

std::string_view encoding_name(Encoding encoding) {
  switch (encoding) {
    case Encoding::utf8:
      return "UTF-8";
    case Encoding::utf16le:
      return "UTF-16LE";
    case Encoding::utf16be:
      return "UTF-16BE";
    case Encoding::cp932:
      return "CP932";
    case Encoding::euc_jp:
      return "EUC-JP";
    case Encoding::iso2022_jp:
      return "ISO-2022-JP";
  }
  return "UTF-8";
}

Result<Encoding> encoding_from_name(std::string_view name) {
  std::string lower(name);
  for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  for (const Alias& alias : kAliases)
    if (alias.name == lower) return alias.encoding;
  return fail(Code::invalid_argument, "files.unknown_encoding", "encoding name not known");
}

Result<Guess> detect_encoding(std::string_view bytes) {
  if (starts_with(bytes, "\xEF\xBB\xBF")) {
    if (valid_utf8(bytes)) return Guess{Encoding::utf8, true, 3};
    return fail(Code::invalid_argument, "files.invalid_encoding", "UTF-8 byte order mark, but not UTF-8 throughout");
  }
  if (starts_with(bytes, std::string_view("\xFF\xFE\0\0", 4)) || starts_with(bytes, std::string_view("\0\0\xFE\xFF", 4)))
    return fail(Code::invalid_argument, "files.invalid_encoding", "UTF-32");
  if (starts_with(bytes, "\xFF\xFE")) return Guess{Encoding::utf16le, true, 2};
  if (starts_with(bytes, "\xFE\xFF")) return Guess{Encoding::utf16be, true, 2};
  if (bytes.find('\0') != std::string_view::npos) return detect_utf16(bytes);
  if (!has_high_byte(bytes)) {
    const bool escapes = bytes.find("\x1B$B") != std::string_view::npos || bytes.find("\x1B$@") != std::string_view::npos ||
                         bytes.find("\x1B(I") != std::string_view::npos;
    if (escapes && decode_lossy(bytes, Encoding::iso2022_jp).replaced == 0) return Guess{Encoding::iso2022_jp, true, 0};
    return Guess{};
  }
  if (valid_utf8(bytes)) return utf8_guess(bytes);
  return detect_legacy(bytes);
}

Decoded decode_lossy(std::string_view bytes, Encoding encoding) {
  switch (encoding) {
    case Encoding::utf8:
      return decode_utf8(starts_with(bytes, "\xEF\xBB\xBF") ? bytes.substr(3) : bytes);
    case Encoding::utf16le:
      return decode_utf16(starts_with(bytes, "\xFF\xFE") ? bytes.substr(2) : bytes, false);
    case Encoding::utf16be:
      return decode_utf16(starts_with(bytes, "\xFE\xFF") ? bytes.substr(2) : bytes, true);
    case Encoding::cp932:
      return decode_cp932(bytes);
    case Encoding::euc_jp:
      return decode_euc_jp(bytes);
    case Encoding::iso2022_jp:
      return decode_iso2022_jp(bytes);
  }
  return {};
}

Result<std::string> decode_strict(std::string_view bytes, Encoding encoding) {
  Decoded decoded = decode_lossy(bytes, encoding);
  if (decoded.replaced != 0)
    return fail(Code::invalid_argument, "files.invalid_encoding", std::to_string(decoded.replaced) + " undecodable places");
  return std::move(decoded.text);
}

}  // namespace sekisho::files
