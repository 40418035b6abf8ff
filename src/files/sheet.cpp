#include "files/sheet.h"

#include <algorithm>
#include <charconv>

#include "files/csv.h"
#include "files/encode.h"
#include "files/encoding.h"
#include "files/utf8.h"
#include "text/csv.h"
#include "text/utf8.h"

namespace sekisho::files {
namespace {

constexpr std::string_view kBom = "\xEF\xBB\xBF";
constexpr std::string_view kReference = "&#x";
constexpr std::string_view kPlainReference = "&#x26;#x";

bool quoted_formula(std::string_view text) { return text::looks_like_formula(text.substr(std::min(text.size(), text.find_first_not_of('\'')))); }

std::string replaced(std::string_view text, std::string_view from, std::string_view to) {
  std::string out;
  for (std::size_t at = 0;;) {
    const std::size_t found = text.find(from, at);
    out += text.substr(at, found == std::string_view::npos ? found : found - at);
    if (found == std::string_view::npos) return out;
    out += to;
    at = found + from.size();
  }
}

std::string harmless(std::string_view text) { return (quoted_formula(text) ? "'" : "") + replaced(text, kReference, kPlainReference); }

// Undoes harmless() and the references of csv_cp932_of().
std::string plain(std::string_view cell) {
  std::string out;
  for (std::size_t at = 0; at < cell.size();) {
    if (cell.substr(at).starts_with(kReference)) {
      const std::size_t end = cell.find(';', at);
      std::uint32_t code = 0;
      const char* const last = end == std::string_view::npos ? cell.data() : cell.data() + end;
      const auto read = std::from_chars(cell.data() + at + kReference.size(), std::max(last, cell.data() + at + kReference.size()), code, 16);
      const bool scalar = code > 0 && code < 0x110000 && (code < 0xD800 || code > 0xDFFF);
      if (end != std::string_view::npos && read.ec == std::errc() && read.ptr == last && scalar) {
        text::append_utf8(out, code);
        at = end + 1;
        continue;
      }
    }
    out += cell[at++];
  }
  if (out.starts_with("'") && quoted_formula(out)) out.erase(0, 1);
  return out;
}

std::string records(const Sheet& sheet) {
  std::string out;
  for (const Row& line : sheet) {
    for (std::size_t i = 0; i < line.size(); ++i) out += (i == 0 ? "\"" : ",\"") + replaced(harmless(line[i]), "\"", "\"\"") + "\"";
    out += "\r\n";
  }
  return out;
}

std::string unix_lines(std::string_view text) { return replaced(replaced(text, "\r\n", "\n"), "\r", "\n"); }

Result<bool> in_cp932(std::string_view character) {
  const auto bytes = encode_cp932(character);
  if (!bytes && bytes.error().code == Code::unavailable) return fail(bytes.error());
  if (!bytes) return false;
  // Some are written as a neighbour that is read back as itself: 〜 would become ～.
  return decode_lossy(*bytes, Encoding::cp932).text == character;
}

}  // namespace

std::string cell_text(std::string_view text) { return clean(std::string(text)); }

std::string csv_of(const Sheet& sheet) { return std::string(kBom) + records(sheet); }

std::string reference_of(std::string_view character) {
  std::size_t at = 0;
  char digits[16];
  const auto end = std::to_chars(digits, digits + sizeof digits, static_cast<std::uint32_t>(text::decode_utf8(character, at)), 16).ptr;
  std::string out = std::string(kReference) + std::string(digits, end);
  std::transform(out.begin() + 3, out.end(), out.begin() + 3, [](char c) { return c >= 'a' ? static_cast<char>(c - 32) : c; });
  return out + ";";
}

Result<Cp932> csv_cp932_of(const Sheet& sheet) {
  Cp932 out;
  std::map<std::string, bool, std::less<>> known;
  std::string text;
  for (std::size_t line = 0; line < sheet.size(); ++line) {
    const std::string record = records({sheet[line]});
    for (std::size_t at = 0; at < record.size();) {
      const std::size_t begin = at;
      text::decode_utf8(record, at);
      const std::string character = record.substr(begin, at - begin);
      if (at - begin > 1) {
        auto it = known.find(character);
        if (it == known.end()) {
          SK_TRY(const bool there, in_cp932(character));
          it = known.emplace(character, there).first;
        }
        if (!it->second) {
          out.missing[character].insert(line);
          text += reference_of(character);
          continue;
        }
      }
      text += character;
    }
  }
  SK_TRY(out.bytes, encode_cp932(text));
  return out;
}

Row read_record(std::string_view record) { return take_record(record, ','); }

Result<CsvRead> read_csv(std::string_view bytes, std::string_view encoding, std::size_t max_columns) {
  CsvRead out;
  if (encoding.empty()) {
    const auto guess = detect_encoding(bytes);
    if (!guess) return fail(Code::invalid_argument, "files.table_encoding", guess.error().detail);
    out.encoding = guess->encoding;
    out.certain = guess->certain;
  } else {
    SK_TRY(out.encoding, encoding_from_name(encoding));
  }
  const auto decoded = decode_strict(bytes, out.encoding);
  if (!decoded) return fail(Code::invalid_argument, "files.table_encoding", decoded.error().detail);
  const std::string text = unix_lines(*decoded);
  std::string_view rest = text;
  if (rest.starts_with(kBom)) rest.remove_prefix(kBom.size());
  for (int row = 1; !rest.empty(); ++row) {
    Row line = take_record(rest, ',');
    if (out.sheet.size() >= kMaxSheetRows || line.size() > max_columns) return fail(Code::too_large, "files.table_size", "over 20,000 rows or " + std::to_string(max_columns) + " columns");
    for (std::string& cell : line) cell = plain(cell);
    if (std::all_of(line.begin(), line.end(), [](const std::string& cell) { return cell.empty(); })) continue;
    out.sheet.push_back(std::move(line));
    out.rows.push_back(row);
  }
  return out;
}

}  // namespace sekisho::files
