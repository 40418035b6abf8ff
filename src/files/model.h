// Extracted: what is left of a file once its format is gone - text in reading order with the structure that citations need.
//
// A plain value, made in the sandboxed worker and carried over its pipe as a compact binary frame (encode/decode); the server treats
// a decoded value as untrusted text that is at least valid UTF-8 and within its enums. All text is UTF-8 with "\n" line ends and no
// control characters but "\n" and "\t" (invariant kept by finish() of extract.h).
//
// Frame: kind u8 ... see model.cpp; integers are little-endian, strings are a 4-byte length and bytes. The format is internal to one build:
// worker and server are installed together.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

namespace sekisho::files {

enum class Type : std::uint8_t { txt, md, csv, tsv, html, pdf, docx, xlsx, pptx };
std::string_view type_name(Type type);  // "txt", as in the API

enum class Kind : std::uint8_t {
  heading,  // level 1 (chapter, title) .. 9
  clause,   // body text that opens a section of its own (第5条 without a title line); level as for headings
  paragraph,
  list_item,  // level = depth from 1
  table_row,  // "column: value" cells on one line; `context` holds the table's header or caption
};

struct Block {
  Kind kind = Kind::paragraph;
  std::uint8_t level = 0;
  std::uint32_t page = 0;  // page or slide, from 1; 0 = the format has none
  std::string text;
  std::string label;    // where it stands in the document's own words: 第5条第2項, 2(1)ア, シート「予算」 3行, スライド4
  std::string context;  // table rows: the header line
  friend bool operator==(const Block&, const Block&) = default;
};

struct Extracted {
  Type type = Type::txt;
  std::string encoding;  // IANA-like name ("UTF-8", "CP932", "EUC-JP" ...); empty where the format fixes it
  bool encoding_certain = true;
  std::string title;
  std::uint32_t pages = 0;  // 0 = the format has none
  std::vector<Block> blocks;
  std::vector<std::string> warnings;  // keys of reasons.h
  friend bool operator==(const Extracted&, const Extracted&) = default;
};

void encode(const Extracted& extracted, std::string& out);
// Strict: unknown enum, invalid UTF-8, or a byte too few or many is corrupt "files.crashed".
Result<Extracted> decode_extracted(std::string_view bytes);

}  // namespace sekisho::files
