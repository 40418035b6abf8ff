// From Extracted to what is stored, cited and searched: one canonical text, its sections, and chunks of it. Pure.
//
// Offsets are Unicode code points in `text`. Invariants (property-tested): 1. sections are in order, do not overlap and cover the whole
// text;
// 2. every chunk lies inside its section; chunks are in order and do not overlap; 3. slice(chunk) is exactly the code points [start, end)
// of text, without white space at either end; 4. a table row is never cut unless it alone is longer than kMaxRowCharacters; 5. a chunk has
// at most kMaxChunkCharacters, or is one table row.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "files/model.h"

namespace sekisho::files {

inline constexpr std::uint64_t kGoodChunkCharacters = 300;  // from here on a chunk ends at the next good place
inline constexpr std::uint64_t kMaxChunkCharacters = 600;
inline constexpr std::uint64_t kMaxRowCharacters = 2000;

struct Span {
  std::uint64_t start = 0;  // code points
  std::uint64_t end = 0;
  std::size_t start_byte = 0;  // the same place in UTF-8
  std::size_t end_byte = 0;
};

struct Section {
  std::string heading;  // "第5条（目的）", "防災訓練の流れ"; empty before the first heading
  std::uint8_t level = 0;
  std::string label;
  std::uint32_t page = 0;
  std::vector<std::string> path;  // headings from the outermost to this one
  Span span;
};

struct Chunk {
  std::size_t section = 0;
  std::string label;  // of the first block: 第5条第2項
  std::uint32_t page = 0;
  std::string context;  // table caption or header that the rows need
  Span span;
};

struct Chunked {
  std::string text;  // blocks joined by "\n"
  std::uint64_t characters = 0;
  std::vector<Section> sections;
  std::vector<Chunk> chunks;
  std::string_view slice(const Span& span) const { return std::string_view(text).substr(span.start_byte, span.end_byte - span.start_byte); }
};

Chunked chunk(const Extracted& extracted);
// "第2章 服務 > 第5条（目的）"
std::string path_text(const Section& section);

}  // namespace sekisho::files
