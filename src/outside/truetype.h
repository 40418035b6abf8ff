// A TrueType font (OpenType with glyf outlines, ISO/IEC 14496-22), read as far as printing needs: characters to glyphs, advances, and a smaller
// font with only the glyphs that a document uses. Reads stay within the file whatever its bytes are. A value; reading is thread-safe.
// Failures: corrupt "font.unreadable".
#pragma once
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>

#include "core/result.h"

namespace sekisho::outside {

class TrueType {
 public:
  static Result<TrueType> from_bytes(std::string bytes);

  std::uint16_t glyph(char32_t character) const;  // 0: the font has none
  int advance(std::uint16_t glyph) const;         // in thousandths of the size, as PDF counts
  int ascent() const { return scaled(ascent_); }
  int descent() const { return scaled(descent_); }
  // The outlines of these glyphs (and of the parts that they are put together from) under their own numbers; all others are empty.
  std::string subset(const std::set<std::uint16_t>& glyphs) const;

 private:
  std::string_view table(std::string_view tag) const;
  std::uint32_t offset_of(std::uint32_t glyph) const;  // in glyf
  std::string_view outline(std::uint16_t glyph) const;
  void add_parts(std::uint16_t glyph, std::set<std::uint16_t>& out) const;
  int scaled(int units) const { return units * 1000 / units_per_em_; }
  Status read_characters();

  std::string bytes_;
  struct Place {
    std::uint32_t at = 0, size = 0;
  };
  std::map<std::string, Place, std::less<>> tables_;
  std::map<char32_t, std::uint16_t> characters_;
  int units_per_em_ = 1000;
  int ascent_ = 0;
  int descent_ = 0;
  bool long_offsets_ = false;
  std::uint32_t glyphs_ = 0;
  std::uint32_t advances_ = 0;
};

// The font of the package fonts-ipaexfont-gothic. unavailable "font.missing" when it is not installed.
Result<TrueType> japanese_font();

}  // namespace sekisho::outside
