#include "files/extract.h"

#include "files/detect.h"
#include "files/encoding.h"
#include "files/utf8.h"

namespace sekisho::files {
namespace {

// HTML says its encoding in the first bytes: <meta charset="Shift_JIS"> or http-equiv.
std::string declared_charset(std::string_view bytes) {
  std::string head(bytes.substr(0, 2048));
  for (char& c : head) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  const std::size_t meta = head.find("<meta");
  const std::size_t at = meta == std::string::npos ? meta : head.find("charset", meta);
  if (at == std::string::npos) return {};
  const std::size_t from = head.find_first_not_of("\"' =", at + 7);
  if (from == std::string::npos) return {};
  const std::size_t end = head.find_first_of("\"' />;", from);
  return head.substr(from, end == std::string::npos ? 0 : end - from);
}

struct Text {
  std::string utf8;
  std::string encoding;
  bool certain = true;
  bool replaced = false;
};

Result<Text> decode_chosen(std::string_view bytes, std::string_view name) {
  SK_TRY(const Encoding encoding, encoding_from_name(name));
  Decoded decoded = decode_lossy(bytes, encoding);
  // A person's choice may fail in places (a record cut inside a character), but not everywhere.
  if (decoded.replaced * 20 > bytes.size())
    return fail(Code::invalid_argument, "files.invalid_encoding", "the chosen encoding does not fit");
  return Text{std::move(decoded.text), std::string(encoding_name(encoding)), true, decoded.replaced > 0};
}

Result<Text> decode_text(std::string_view bytes, const Options& options, Type type) {
  if (!options.encoding.empty()) return decode_chosen(bytes, options.encoding);
  if (type == Type::html) {
    // What the page declares holds if it fits without a gap.
    const Result<Encoding> declared = encoding_from_name(declared_charset(bytes));
    if (declared && *declared != Encoding::utf16le && *declared != Encoding::utf16be) {
      Decoded decoded = decode_lossy(bytes, *declared);
      if (decoded.replaced == 0) return Text{std::move(decoded.text), std::string(encoding_name(*declared)), true, false};
    }
  }
  SK_TRY(const Guess guess, detect_encoding(bytes));
  SK_TRY(std::string text, decode_strict(bytes, guess.encoding));
  return Text{std::move(text), std::string(encoding_name(guess.encoding)), guess.certain, false};
}

Result<Extracted> extract_text_type(Type type, std::string_view bytes, const Options& options) {
  SK_TRY(Text text, decode_text(bytes, options, type));
  const std::string utf8 = clean(std::move(text.utf8));
  Result<Extracted> out;
  switch (type) {
    case Type::md:
      out = extract_markdown(utf8);
      break;
    case Type::csv:
      out = extract_delimited(utf8, ',');
      break;
    case Type::tsv:
      out = extract_delimited(utf8, '\t');
      break;
    case Type::html:
      out = extract_html(utf8);
      break;
    default:
      out = extract_plain(utf8);
      break;
  }
  if (!out) return out;
  out->encoding = text.encoding;
  out->encoding_certain = text.certain;
  if (text.replaced) out->warnings.emplace_back("files.replaced_characters");
  return out;
}

Result<Extracted> extract_by_type(Type type, std::string_view bytes, const Options& options) {
  switch (type) {
    case Type::pdf:
      return extract_pdf(bytes, options);
    case Type::docx:
      return extract_docx(bytes);
    case Type::xlsx:
      return options.cells ? extract_xlsx_cells(bytes) : extract_xlsx(bytes);
    case Type::pptx:
      return extract_pptx(bytes);
    default:
      return extract_text_type(type, bytes, options);
  }
}

std::string clean_utf8(std::string text) {
  if (!valid_utf8(text)) text = decode_lossy(text, Encoding::utf8).text;
  return clean(std::move(text));
}

bool all_blank(std::string_view text) { return trim(text).empty(); }

// The invariants of model.h, whatever a format's extractor produced.
Result<Extracted> finish(Extracted out, Type type) {
  out.type = type;
  std::uint64_t characters = 0;
  for (Block& block : out.blocks) {
    block.text = clean_utf8(std::move(block.text));
    block.label = clean_utf8(std::move(block.label));
    block.context = clean_utf8(std::move(block.context));
    characters += count_code_points(block.text);
  }
  std::erase_if(out.blocks, [](const Block& block) { return all_blank(block.text); });
  out.title = squeeze(clean_utf8(std::move(out.title)));
  if (characters > kMaxOutputCharacters || out.blocks.size() > kMaxBlocks)
    return fail(Code::too_large, "files.too_much_text", std::to_string(characters) + " characters");
  if (out.blocks.empty()) return fail(Code::invalid_argument, "files.no_text", "nothing but white space");
  if (out.title.empty()) {
    const auto heading = std::find_if(out.blocks.begin(), out.blocks.end(), [](const Block& b) { return b.kind == Kind::heading; });
    if (heading != out.blocks.end()) out.title = squeeze(heading->text);
  }
  return out;
}

}  // namespace

Result<Extracted> extract_bytes(std::string_view name, std::string_view bytes, const Options& options) {
  if (bytes.size() > kMaxInputBytes) return fail(Code::too_large, "files.too_large", std::to_string(bytes.size()) + " bytes");
  SK_TRY(const Type type, detect_type(name, bytes));
  SK_TRY(Extracted out, extract_by_type(type, bytes, options));
  return finish(std::move(out), type);
}

}  // namespace sekisho::files
