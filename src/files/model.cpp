#include "files/model.h"

#include "files/utf8.h"
#include "files/wire.h"

namespace sekisho::files {
namespace {

constexpr std::array<std::string_view, 9> kTypeNames = {"txt", "md", "csv", "tsv", "html", "pdf", "docx", "xlsx", "pptx"};
constexpr std::uint32_t kMaxWarnings = 64;
// The smallest encoded block: three integers and three empty strings.
constexpr std::size_t kMinBlock = 1 + 1 + 4 + 3 * 4;

Unexpected corrupt(std::string_view what) { return fail(Code::corrupt, "files.crashed", "worker's answer: " + std::string(what)); }

}  // namespace

std::string_view type_name(Type type) { return kTypeNames[static_cast<std::size_t>(type)]; }

void encode(const Extracted& extracted, std::string& out) {
  std::size_t size = 64 + extracted.title.size();
  for (const Block& block : extracted.blocks) size += kMinBlock + block.text.size() + block.label.size() + block.context.size();
  out.reserve(out.size() + size);
  Writer w(out);
  w.u8(static_cast<std::uint8_t>(extracted.type));
  w.u8(extracted.encoding_certain ? 1 : 0);
  w.text(extracted.encoding);
  w.text(extracted.title);
  w.u32(extracted.pages);
  w.u32(static_cast<std::uint32_t>(extracted.warnings.size()));
  for (const std::string& warning : extracted.warnings) w.text(warning);
  w.u32(static_cast<std::uint32_t>(extracted.blocks.size()));
  for (const Block& block : extracted.blocks) {
    w.u8(static_cast<std::uint8_t>(block.kind));
    w.u8(block.level);
    w.u32(block.page);
    w.text(block.text);
    w.text(block.label);
    w.text(block.context);
  }
}

Result<Extracted> decode_extracted(std::string_view bytes) {
  Reader r(bytes);
  Extracted out;
  const std::uint8_t type = r.u8();
  const std::uint8_t certain = r.u8();
  out.encoding = r.text();
  out.title = r.text();
  out.pages = r.u32();
  const std::uint32_t warnings = r.u32();
  if (r.failed() || type >= kTypeNames.size() || certain > 1 || warnings > kMaxWarnings) return corrupt("header");
  out.type = static_cast<Type>(type);
  out.encoding_certain = certain == 1;
  if (!valid_utf8(out.encoding) || !valid_utf8(out.title)) return corrupt("not UTF-8");
  for (std::uint32_t i = 0; i < warnings; ++i) {
    out.warnings.emplace_back(r.text());
    if (!valid_utf8(out.warnings.back())) return corrupt("not UTF-8");
  }
  const std::uint32_t blocks = r.u32();
  if (r.failed() || blocks > r.left() / kMinBlock) return corrupt("block count");
  out.blocks.reserve(blocks);
  for (std::uint32_t i = 0; i < blocks; ++i) {
    Block& block = out.blocks.emplace_back();
    const std::uint8_t kind = r.u8();
    block.level = r.u8();
    block.page = r.u32();
    block.text = r.text();
    block.label = r.text();
    block.context = r.text();
    if (r.failed() || kind > static_cast<std::uint8_t>(Kind::table_row)) return corrupt("block");
    if (!valid_utf8(block.text) || !valid_utf8(block.label) || !valid_utf8(block.context)) return corrupt("not UTF-8");
    block.kind = static_cast<Kind>(kind);
  }
  if (!r.finished()) return corrupt("bytes after the end");
  return out;
}

}  // namespace sekisho::files
