#include "files/decode.h"

#include <unicode/ucnv.h>
#include <unicode/ucnv_cb.h>

#include "files/utf8.h"

namespace sekisho::files {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

// Counts what ICU cannot map and puts U+FFFD there.
void count_and_substitute(const void* context, UConverterToUnicodeArgs* arguments, const char*, std::int32_t,
                          UConverterCallbackReason reason, UErrorCode* error) {
  if (reason > UCNV_IRREGULAR) return;  // reset, close, clone
  ++*static_cast<std::uint64_t*>(const_cast<void*>(context));
  *error = U_ZERO_ERROR;
  const UChar replacement = 0xFFFD;
  ucnv_cbToUWriteUChars(arguments, &replacement, 1, 0, error);
}

class Converter {
 public:
  explicit Converter(const char* name) {
    UErrorCode error = U_ZERO_ERROR;
    converter_ = ucnv_open(name, &error);
    if (U_SUCCESS(error)) ucnv_setToUCallBack(converter_, count_and_substitute, &replaced_, nullptr, nullptr, &error);
    ready_ = U_SUCCESS(error);
  }
  ~Converter() {
    if (converter_ != nullptr) ucnv_close(converter_);
  }
  Converter(const Converter&) = delete;
  Converter& operator=(const Converter&) = delete;

  // The last piece has flush set. Appends UTF-8.
  void convert(std::string_view bytes, bool flush, std::string& out) {
    const char* source = bytes.data();
    const char* const end = source + bytes.size();
    while (ready_) {
      UChar* target = units_.data() + held_;
      UErrorCode error = U_ZERO_ERROR;
      ucnv_toUnicode(converter_, &target, units_.data() + units_.size(), &source, end, nullptr, flush, &error);
      emit(static_cast<std::size_t>(target - units_.data()), out);
      if (error != U_BUFFER_OVERFLOW_ERROR) break;
    }
    if (!ready_) ++replaced_;
  }
  std::uint64_t replaced() const { return replaced_; }

 private:
  void emit(std::size_t count, std::string& out) {
    // A surrogate pair may straddle two rounds.
    held_ = count > 0 && U16_IS_LEAD(units_[count - 1]) ? 1 : 0;
    for (std::size_t i = 0; i < count - held_; ++i) {
      char32_t c = units_[i];
      if (U16_IS_LEAD(c) && i + 1 < count) c = static_cast<char32_t>(U16_GET_SUPPLEMENTARY(c, units_[++i]));
      append_utf8(out, c);
    }
    if (held_ == 1) units_[0] = units_[count - 1];
  }

  UConverter* converter_ = nullptr;
  bool ready_ = false;
  std::size_t held_ = 0;
  std::uint64_t replaced_ = 0;
  std::array<UChar, 16384> units_{};
};

bool in(unsigned char c, unsigned char low, unsigned char high) { return c >= low && c <= high; }

// JIS X 0208 row and cell (each 1..94) as the two bytes of Shift_JIS.
void append_shift_jis(std::string& out, unsigned row, unsigned cell) {
  const unsigned pair = (row - 1) / 2;
  const unsigned lead = pair < 31 ? 0x81 + pair : 0xC1 + pair;
  unsigned trail = 0;
  if (row % 2 == 1) {
    trail = cell + (cell <= 63 ? 0x3F : 0x40);
  } else {
    trail = cell + 0x9E;
  }
  out.push_back(static_cast<char>(lead));
  out.push_back(static_cast<char>(trail));
}

// JIS bytes collected as Shift_JIS, converted in pieces; broken places are written straight into the UTF-8 output.
class JisSink {
 public:
  void pair(unsigned char high, unsigned char low) {
    append_shift_jis(pending_, high - 0x20U, low - 0x20U);
    flush_if_large();
  }
  void byte(unsigned char c) {
    pending_.push_back(static_cast<char>(c));
    flush_if_large();
  }
  void broken() {
    flush();
    result_.text.append(kReplacement);
    ++result_.replaced;
  }
  void text(std::string_view utf8) {
    flush();
    result_.text.append(utf8);
  }
  Decoded finish() {
    flush();
    result_.replaced += cp932_.replaced();
    return std::move(result_);
  }

 private:
  void flush_if_large() {
    if (pending_.size() > 60000) flush();
  }
  void flush() {
    if (!pending_.empty()) cp932_.convert(pending_, true, result_.text);
    pending_.clear();
  }

  Converter cp932_{"ibm-943_P15A-2003"};
  std::string pending_;
  Decoded result_;
};

std::string jis_x_0212(Converter& euc, std::string_view three_bytes, bool& good) {
  std::string out;
  const std::uint64_t before = euc.replaced();
  euc.convert(three_bytes, true, out);
  good = euc.replaced() == before;
  return out;
}

}  // namespace

Decoded decode_utf8(std::string_view bytes) {
  if (valid_utf8(bytes)) return {std::string(bytes), 0};
  Decoded out;
  out.text.reserve(bytes.size());
  for (std::size_t at = 0; at < bytes.size();) {
    const std::size_t from = at;
    const char32_t c = next_code_point(bytes, at);
    const bool broken = c == 0xFFFD && bytes.substr(from, at - from) != kReplacement;
    out.replaced += broken ? 1 : 0;
    append_utf8(out.text, c);
  }
  return out;
}

Decoded decode_utf16(std::string_view bytes, bool big_endian) {
  Decoded out;
  out.text.reserve(bytes.size() + bytes.size() / 2);
  const std::size_t units = bytes.size() / 2;
  const auto unit = [&](std::size_t i) {
    const auto a = static_cast<unsigned char>(bytes[2 * i]);
    const auto b = static_cast<unsigned char>(bytes[2 * i + 1]);
    return static_cast<char32_t>(big_endian ? a << 8 | b : b << 8 | a);
  };
  for (std::size_t i = 0; i < units; ++i) {
    char32_t c = unit(i);
    if (U16_IS_LEAD(c) && i + 1 < units && U16_IS_TRAIL(unit(i + 1))) {
      c = static_cast<char32_t>(U16_GET_SUPPLEMENTARY(c, unit(++i)));
    } else if (U16_IS_SURROGATE(c)) {
      ++out.replaced;
    }
    append_utf8(out.text, c);
  }
  if (bytes.size() % 2 == 1) {
    ++out.replaced;
    out.text.append(kReplacement);
  }
  return out;
}

Decoded decode_cp932(std::string_view bytes) {
  Decoded out;
  out.text.reserve(bytes.size() + bytes.size() / 2);
  Converter converter("ibm-943_P15A-2003");
  converter.convert(bytes, true, out.text);
  out.replaced = converter.replaced();
  return out;
}

Decoded decode_euc_jp(std::string_view bytes) {
  JisSink sink;
  Converter euc("euc-jp-2007");
  const auto at = [&](std::size_t i) { return i < bytes.size() ? static_cast<unsigned char>(bytes[i]) : static_cast<unsigned char>(0); };
  for (std::size_t i = 0; i < bytes.size();) {
    const unsigned char c = at(i);
    if (c < 0x80) {
      sink.byte(c);
      ++i;
    } else if (c == 0x8E && in(at(i + 1), 0xA1, 0xDF)) {
      sink.byte(at(i + 1));
      i += 2;
    } else if (c == 0x8F && in(at(i + 1), 0xA1, 0xFE) && in(at(i + 2), 0xA1, 0xFE)) {
      bool good = false;
      const std::string text = jis_x_0212(euc, bytes.substr(i, 3), good);
      good ? sink.text(text) : sink.broken();
      i += 3;
    } else if (in(c, 0xA1, 0xFE) && in(at(i + 1), 0xA1, 0xFE)) {
      sink.pair(c & 0x7F, at(i + 1) & 0x7F);
      i += 2;
    } else {
      sink.broken();
      ++i;
    }
  }
  return sink.finish();
}

Decoded decode_iso2022_jp(std::string_view bytes) {
  enum class Set { ascii, kanji, kana };
  JisSink sink;
  Set set = Set::ascii;
  bool shifted = false;  // SO: half-width kana in seven bits, as CP50222 writes
  for (std::size_t i = 0; i < bytes.size();) {
    const auto c = static_cast<unsigned char>(bytes[i]);
    if (c == 0x1B) {
      const std::string_view sequence = bytes.substr(i, 3);
      const bool kanji = sequence == "\x1B$B" || sequence == "\x1B$@";
      const bool single = sequence == "\x1B(B" || sequence == "\x1B(J";
      if (!kanji && !single && sequence != "\x1B(I") {
        sink.broken();
        ++i;
        continue;
      }
      set = kanji ? Set::kanji : single ? Set::ascii : Set::kana;
      i += 3;
    } else if (c == 0x0E || c == 0x0F) {
      shifted = c == 0x0E;
      ++i;
    } else if (c < 0x20) {
      if (c == '\n') set = Set::ascii;  // RFC 1468: lines end in ASCII
      sink.byte(c);
      ++i;
    } else if (set == Set::kanji && c != 0x20) {
      const unsigned char next = i + 1 < bytes.size() ? static_cast<unsigned char>(bytes[i + 1]) : static_cast<unsigned char>(0);
      if (!in(c, 0x21, 0x7E) || !in(next, 0x21, 0x7E)) {
        sink.broken();
        ++i;
        continue;
      }
      sink.pair(c, next);
      i += 2;
    } else if ((set == Set::kana || shifted) && in(c, 0x21, 0x5F)) {
      sink.byte(c | 0x80);
      ++i;
    } else {
      c < 0x80 ? sink.byte(c) : sink.broken();
      ++i;
    }
  }
  return sink.finish();
}

}  // namespace sekisho::files
