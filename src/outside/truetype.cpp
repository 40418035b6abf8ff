#include "outside/truetype.h"

#include <algorithm>
#include <array>

#include "core/bytes.h"

namespace sekisho::outside {
namespace {

// Of the package fonts-ipaexfont-gothic; the second is where its older version lay.
constexpr const char* kFonts[] = {"/usr/share/fonts/opentype/ipaexfont-gothic/ipaexg.ttf", "/usr/share/fonts/truetype/fonts-japanese-gothic.ttf"};
constexpr std::size_t kMaxFont = 32u << 20;
constexpr std::array<std::string_view, 9> kKept = {"cvt ", "fpgm", "glyf", "head", "hhea", "hmtx", "loca", "maxp", "prep"};  // in order of their tags

Unexpected unreadable(const char* what) { return fail(Code::corrupt, "font.unreadable", what); }

std::uint32_t u8(std::string_view b, std::size_t at) { return at < b.size() ? static_cast<unsigned char>(b[at]) : 0u; }
std::uint32_t u16(std::string_view b, std::size_t at) { return u8(b, at) << 8 | u8(b, at + 1); }
std::uint32_t u32(std::string_view b, std::size_t at) { return u16(b, at) << 16 | u16(b, at + 2); }
int s16(std::string_view b, std::size_t at) { return static_cast<std::int16_t>(u16(b, at)); }

void put16(std::string& out, std::uint32_t v) {
  out += static_cast<char>(v >> 8 & 0xff);
  out += static_cast<char>(v & 0xff);
}
void put32(std::string& out, std::uint32_t v) {
  put16(out, v >> 16);
  put16(out, v & 0xffff);
}

std::uint32_t checksum(std::string_view table) {
  std::uint32_t sum = 0;
  for (std::size_t at = 0; at < table.size(); at += 4) sum += u32(table, at);
  return sum;
}

}  // namespace

Result<TrueType> TrueType::from_bytes(std::string bytes) {
  TrueType out;
  out.bytes_ = std::move(bytes);
  const std::string_view all = out.bytes_;
  if (u32(all, 0) != 0x00010000) return unreadable("not a TrueType font");
  for (std::uint32_t i = 0; i < u16(all, 4); ++i) {
    const std::size_t at = 12 + i * 16;
    const Place place{u32(all, at + 8), u32(all, at + 12)};
    if (at + 16 > all.size() || place.at > all.size() || place.size > all.size() - place.at) return unreadable("a table outside the file");
    out.tables_[std::string(all.substr(at, 4))] = place;
  }
  for (const char* need : {"cmap", "glyf", "head", "hhea", "hmtx", "loca", "maxp"})
    if (!out.tables_.contains(need)) return unreadable("a table is missing");
  out.units_per_em_ = static_cast<int>(u16(out.table("head"), 18));
  if (out.units_per_em_ < 16) return unreadable("units");
  out.long_offsets_ = u16(out.table("head"), 50) != 0;
  out.ascent_ = s16(out.table("hhea"), 4);
  out.descent_ = s16(out.table("hhea"), 6);
  out.advances_ = u16(out.table("hhea"), 34);
  out.glyphs_ = u16(out.table("maxp"), 4);
  if (out.advances_ == 0 || out.glyphs_ == 0) return unreadable("no glyphs");
  SK_CHECK(out.read_characters());
  return out;
}

std::string_view TrueType::table(std::string_view tag) const {
  const auto it = tables_.find(tag);
  return it == tables_.end() ? std::string_view() : std::string_view(bytes_).substr(it->second.at, it->second.size);
}

// The Unicode map: format 12 (all planes) or else format 4 (the first plane).
Status TrueType::read_characters() {
  const std::string_view cmap = table("cmap");
  std::string_view four, twelve;
  for (std::uint32_t i = 0; i < u16(cmap, 2); ++i) {
    const std::uint32_t platform = u16(cmap, 4 + i * 8), at = u32(cmap, 8 + i * 8);
    if ((platform != 3 && platform != 0) || at >= cmap.size()) continue;
    const std::string_view map = cmap.substr(at);
    if (u16(map, 0) == 12) twelve = map;
    if (u16(map, 0) == 4) four = map;
  }
  if (!twelve.empty()) {
    const std::uint32_t groups = std::min<std::uint32_t>(u32(twelve, 12), static_cast<std::uint32_t>(twelve.size() / 12));
    for (std::uint32_t g = 0; g < groups; ++g) {
      const std::uint32_t first = u32(twelve, 16 + g * 12), last = u32(twelve, 20 + g * 12), glyph = u32(twelve, 24 + g * 12);
      for (std::uint32_t c = first; c <= last && c - first < glyphs_; ++c) characters_[c] = static_cast<std::uint16_t>(glyph + (c - first));
    }
  } else {
    const std::uint32_t segments = u16(four, 6) / 2;
    for (std::uint32_t s = 0; s < segments; ++s) {
      const std::uint32_t last = u16(four, 14 + s * 2), first = u16(four, 16 + (segments + s) * 2);
      const std::uint32_t delta = u16(four, 16 + (2 * segments + s) * 2), at = 16 + (3 * segments + s) * 2, range = u16(four, at);
      for (std::uint32_t c = first; c <= last && c != 0xffff; ++c) {
        std::uint32_t glyph = range == 0 ? c + delta : u16(four, at + range + (c - first) * 2);
        if (range != 0 && glyph != 0) glyph += delta;
        if ((glyph & 0xffff) != 0) characters_[c] = static_cast<std::uint16_t>(glyph);
      }
    }
  }
  return characters_.empty() ? Status(unreadable("no characters")) : ok();
}

std::uint16_t TrueType::glyph(char32_t character) const {
  const auto it = characters_.find(character);
  return it == characters_.end() || it->second >= glyphs_ ? std::uint16_t{0} : it->second;
}

int TrueType::advance(std::uint16_t glyph) const {
  return scaled(static_cast<int>(u16(table("hmtx"), std::min<std::uint32_t>(glyph, advances_ - 1) * 4)));
}

std::uint32_t TrueType::offset_of(std::uint32_t glyph) const {
  return long_offsets_ ? u32(table("loca"), glyph * 4) : u16(table("loca"), glyph * 2) * 2;
}

std::string_view TrueType::outline(std::uint16_t glyph) const {
  const std::uint32_t begin = offset_of(glyph), end = offset_of(glyph + 1u);
  const std::string_view all = table("glyf");
  return begin < end && end <= all.size() ? all.substr(begin, end - begin) : std::string_view();
}

// A glyph of less than no contours is put together from others.
void TrueType::add_parts(std::uint16_t glyph, std::set<std::uint16_t>& out) const {
  if (glyph >= glyphs_ || !out.insert(glyph).second) return;
  const std::string_view o = outline(glyph);
  if (o.empty() || s16(o, 0) >= 0) return;
  for (std::size_t at = 10; at + 4 <= o.size();) {
    const std::uint32_t flags = u16(o, at);
    add_parts(static_cast<std::uint16_t>(u16(o, at + 2)), out);
    at += 4 + ((flags & 1u) != 0 ? 4 : 2) + ((flags & 8u) != 0 ? 2 : (flags & 0x40u) != 0 ? 4 : (flags & 0x80u) != 0 ? 8 : 0);
    if ((flags & 0x20u) == 0) break;
  }
}

std::string TrueType::subset(const std::set<std::uint16_t>& glyphs) const {
  std::set<std::uint16_t> kept;
  add_parts(0, kept);
  for (const std::uint16_t g : glyphs) add_parts(g, kept);
  std::string glyf, loca;
  for (std::uint32_t g = 0; g < glyphs_; ++g) {
    put32(loca, static_cast<std::uint32_t>(glyf.size()));
    if (!kept.contains(static_cast<std::uint16_t>(g))) continue;
    glyf += outline(static_cast<std::uint16_t>(g));
    glyf.resize((glyf.size() + 3) / 4 * 4);
  }
  put32(loca, static_cast<std::uint32_t>(glyf.size()));
  std::string head(table("head"));
  head.resize(std::max<std::size_t>(head.size(), 54));
  head.replace(8, 4, 4, '\0');             // checksum of the whole: readers of PDF do not look
  head.replace(50, 2, std::string("\0\1", 2));  // long offsets
  std::string directory, data;
  std::uint32_t count = 0;
  for (const std::string_view tag : kKept) count += tables_.contains(tag) ? 1u : 0u;
  for (const std::string_view tag : kKept) {
    if (!tables_.contains(tag)) continue;
    const std::string_view content = tag == "glyf" ? std::string_view(glyf) : tag == "loca" ? std::string_view(loca) : tag == "head" ? std::string_view(head) : table(tag);
    directory += tag;
    put32(directory, checksum(content));
    put32(directory, static_cast<std::uint32_t>(12 + count * 16 + data.size()));
    put32(directory, static_cast<std::uint32_t>(content.size()));
    data += content;
    data.resize((data.size() + 3) / 4 * 4);
  }
  std::string out;
  put32(out, 0x00010000);
  put16(out, count);
  std::uint32_t power = 1, log = 0;
  while (power * 2 <= count) power *= 2, ++log;
  put16(out, power * 16);
  put16(out, log);
  put16(out, count * 16 - power * 16);
  return out + directory + data;
}

Result<TrueType> japanese_font() {
  for (const char* path : kFonts) {
    auto bytes = read_file(path, kMaxFont);
    if (bytes) return TrueType::from_bytes(std::move(*bytes));
  }
  return fail(Code::unavailable, "font.missing", "install fonts-ipaexfont-gothic");
}

}  // namespace sekisho::outside
