#include "files/detect.h"

#include <optional>

#include "files/utf8.h"

namespace sekisho::files {
namespace {

struct Extension {
  std::string_view name;
  Type type;
};
constexpr std::array kExtensions = {
    Extension{"txt", Type::txt},     Extension{"text", Type::txt},  Extension{"log", Type::txt},    Extension{"md", Type::md},
    Extension{"markdown", Type::md}, Extension{"csv", Type::csv},   Extension{"tsv", Type::tsv},    Extension{"tab", Type::tsv},
    Extension{"html", Type::html},   Extension{"htm", Type::html},  Extension{"xhtml", Type::html}, Extension{"pdf", Type::pdf},
    Extension{"docx", Type::docx},   Extension{"xlsx", Type::xlsx}, Extension{"pptx", Type::pptx},
};
constexpr std::array<std::string_view, 8> kLegacy = {"doc", "xls", "ppt", "dot", "xlt", "pot", "jtd", "rtf"};
constexpr std::array<std::string_view, 6> kMacro = {"docm", "xlsm", "pptm", "dotm", "xltm", "xlsb"};

constexpr std::string_view kCompoundFile{"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", 8};
constexpr std::array kForeign = {
    std::string_view{"\x7F"
                     "ELF"},
    std::string_view{"MZ\x90", 3},
    std::string_view{"\x89PNG"},
    std::string_view{"\xFF\xD8\xFF"},
    std::string_view{"GIF8"},
    std::string_view{"\x1F\x8B"},
    std::string_view{"7z\xBC\xAF"},
    std::string_view{"Rar!"},
    std::string_view{"{\\rtf"},
    std::string_view{"SQLite format 3"},
    std::string_view{"II*\0", 4},
    std::string_view{"MM\0*", 4},
};

std::string extension_of(std::string_view name) {
  const std::size_t dot = name.rfind('.');
  if (dot == std::string_view::npos) return {};
  std::string extension(name.substr(dot + 1));
  for (char& c : extension) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return extension;
}

bool is_text(Type type) { return type == Type::txt || type == Type::md || type == Type::csv || type == Type::tsv; }

// Member names lie uncompressed in a ZIP's local headers and central directory.
std::optional<Type> ooxml_type(std::string_view bytes) {
  if (bytes.find("word/document.xml") != std::string_view::npos) return Type::docx;
  if (bytes.find("xl/workbook.xml") != std::string_view::npos) return Type::xlsx;
  if (bytes.find("ppt/presentation.xml") != std::string_view::npos) return Type::pptx;
  return std::nullopt;
}

bool holds_utf16(std::string_view bytes, std::string_view ascii) {
  std::string wide;
  for (const char c : ascii) wide.append({c, '\0'});
  return bytes.find(wide) != std::string_view::npos;
}

bool starts_like_html(std::string_view bytes) {
  std::string head(bytes.substr(0, 1024));
  for (char& c : head) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  if (head.starts_with("\xEF\xBB\xBF")) head.erase(0, 3);
  const std::string_view body = trim(head);
  return body.starts_with("<!doctype html") || body.starts_with("<html") ||
         (body.starts_with("<?xml") && body.find("<html") != std::string_view::npos);
}

Unexpected mislabelled(std::string_view what) {
  return fail(Code::invalid_argument, "files.mislabelled", "the content is " + std::string(what));
}

Result<Type> detect_container(std::optional<Type> claimed, std::string_view bytes) {
  const std::optional<Type> type = ooxml_type(bytes);
  // A damaged package that still claims to be one: broken, which the unpacker will say better than "mislabelled".
  const bool claims_package = claimed && (*claimed == Type::docx || *claimed == Type::xlsx || *claimed == Type::pptx);
  if (!type && claims_package) return *claimed;
  if (!type)
    return claimed ? Result<Type>(mislabelled("a ZIP archive")) : fail(Code::unsupported, "files.unsupported_type", "a ZIP archive");
  if (claimed && claimed != type) return mislabelled(type_name(*type));
  return *type;
}

Result<Type> detect_compound_file(std::string_view extension, std::string_view bytes) {
  if (holds_utf16(bytes, "EncryptedPackage")) return fail(Code::invalid_argument, "files.encrypted", "an encrypted OOXML package");
  const bool legacy = std::find(kLegacy.begin(), kLegacy.end(), extension) != kLegacy.end();
  if (legacy || holds_utf16(bytes, "WordDocument") || holds_utf16(bytes, "Workbook") || holds_utf16(bytes, "PowerPoint Document"))
    return fail(Code::unsupported, "files.legacy_format", "an OLE compound file");
  return fail(Code::unsupported, "files.unsupported_type", "an OLE compound file of another kind");
}

}  // namespace

Result<Type> claimed_type(std::string_view name) {
  const std::string extension = extension_of(name);
  for (const Extension& known : kExtensions)
    if (known.name == extension) return known.type;
  if (std::find(kLegacy.begin(), kLegacy.end(), extension) != kLegacy.end())
    return fail(Code::unsupported, "files.legacy_format", "extension of an older format");
  if (std::find(kMacro.begin(), kMacro.end(), extension) != kMacro.end())
    return fail(Code::unsupported, "files.macro", "extension of a format that can hold macros");
  return fail(Code::unsupported, "files.unsupported_type", "extension not known");
}

Result<Type> detect_type(std::string_view name, std::string_view bytes) {
  if (bytes.empty()) return fail(Code::invalid_argument, "files.empty", "no bytes");
  const Result<Type> from_name = claimed_type(name);
  const std::optional<Type> claimed = from_name ? std::optional<Type>(*from_name) : std::nullopt;

  // PDF readers accept the mark within the first 1024 bytes; so do the files in the wild.
  const bool pdf = bytes.substr(0, 1024).find("%PDF-") != std::string_view::npos;
  if (bytes.starts_with(kCompoundFile)) return detect_compound_file(extension_of(name), bytes);
  if (!claimed && from_name.error().key != "files.unsupported_type") return fail(from_name.error());
  if (bytes.starts_with("PK\x03\x04") || bytes.starts_with("PK\x05\x06")) return detect_container(claimed, bytes);
  if (bytes.starts_with("%PDF-") || (pdf && claimed == Type::pdf)) {
    if (claimed && *claimed != Type::pdf) return mislabelled("pdf");
    return Type::pdf;
  }
  for (const std::string_view magic : kForeign) {
    if (!bytes.starts_with(magic)) continue;
    if (claimed) return mislabelled("another, binary format");
    return fail(Code::unsupported, "files.unsupported_type", "a binary format");
  }
  if (!claimed) return fail(from_name.error());
  if (is_text(*claimed)) {
    if (starts_like_html(bytes) && (*claimed == Type::csv || *claimed == Type::tsv)) return mislabelled("html");
    return *claimed;
  }
  if (*claimed == Type::html) return Type::html;
  if (*claimed == Type::pdf && pdf) return Type::pdf;
  return mislabelled("not what its name says");
}

}  // namespace sekisho::files
