// Encoding detection, plain text, Markdown and chunking. The first byte chooses the name and the encoding.
#include <cstdint>
#include <cstdlib>

#include "files/chunk.h"
#include "files/encoding.h"
#include "files/extract.h"
#include "files/utf8.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sekisho::files;
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  constexpr const char* kEncodings[] = {"", "UTF-8", "CP932", "EUC-JP", "ISO-2022-JP", "UTF-16LE", "UTF-16BE", ""};
  const auto out = extract_bytes((data[0] & 1) != 0 ? "a.md" : "a.txt", bytes, {kEncodings[data[0] >> 1 & 7]});
  if (!out) return 0;
  for (const Block& block : out->blocks)
    if (!valid_utf8(block.text) || !valid_utf8(block.label)) std::abort();
  const Chunked chunked = chunk(*out);
  if (count_code_points(chunked.text) != chunked.characters) std::abort();
  for (const Chunk& piece : chunked.chunks) {
    const std::string_view text = chunked.slice(piece.span);
    if (text.empty() || count_code_points(text) != piece.span.end - piece.span.start) std::abort();
  }
  return 0;
}
