#include "clauses/regions.h"

#include <algorithm>
#include <array>

#include "clauses/label.h"
#include "clauses/prose.h"
#include "text/lines.h"

namespace sekisho::clauses {
namespace {

constexpr std::size_t kMaxTitle = 45;
constexpr std::size_t kMaxHeading = 12;
constexpr std::size_t kTitleReach = 12;     // lines behind a title that may show that a document begins
constexpr std::size_t kSignatureLines = 6;
constexpr std::size_t kSignatureLength = 30;

bool one_of(std::u32string_view set, char32_t c) { return set.find(c) != std::u32string_view::npos; }
bool is_digit(char32_t c) { return (c >= U'0' && c <= U'9') || (c >= U'０' && c <= U'９'); }
bool is_hiragana(char32_t c) { return c >= U'ぁ' && c <= U'ん'; }
bool is_leader(char32_t c) { return one_of(U".．・･…‥。-‐―─", c); }

std::u32string bare(std::u32string_view line) {
  std::u32string out;
  for (const char32_t c : squeezed(line))
    if (!one_of(U"-－‐―─〜~【】[]〔〕〈〉《》<>■□◆◇●○・*=", c)) out += c;
  return out;
}

// Behind 別表 or 様式: how much of the text is its number. 第1, 1, 第3号, 様式第3号の2
std::size_t number_length(std::u32string_view text) {
  std::size_t at = text.starts_with(U"様式") ? 2 : 0;
  while (at < text.size() && (is_digit(text[at]) || one_of(U"第号一二三四五六七八九十", text[at]) || (text[at] == U'の' && at + 1 < text.size() && is_digit(text[at + 1])))) ++at;
  return at;
}

template <std::size_t N>
bool ends_with_any(std::u32string_view line, const std::array<std::u32string_view, N>& words) {
  return std::any_of(words.begin(), words.end(), [&](std::u32string_view w) { return line.ends_with(w); });
}

}  // namespace

bool is_contents_heading(std::u32string_view line) {
  const std::u32string text = line.size() > 3 * kMaxHeading ? std::u32string() : bare(line);
  return text == U"目次" || text == U"もくじ";
}

bool is_history_heading(std::u32string_view line) {
  const std::u32string text = line.size() > 3 * kMaxHeading ? std::u32string() : bare(line);
  static constexpr std::array<std::u32string_view, 3> kEnds = {U"履歴", U"履歴表", U"経緯"};
  static constexpr std::array<std::u32string_view, 6> kBegins = {U"改版", U"改訂", U"改定", U"改正", U"更新", U"制定"};
  return text.size() <= kMaxHeading && ends_with_any(text, kEnds) && std::any_of(kBegins.begin(), kBegins.end(), [&](std::u32string_view w) { return text.starts_with(w); });
}

bool is_preamble_heading(std::u32string_view line) {
  static constexpr std::array<std::u32string_view, 6> kNames = {U"序", U"序文", U"前文", U"はじめに", U"まえがき", U"総則"};
  const std::u32string text = line.size() > kMaxHeading ? std::u32string() : bare(line);
  // 序 この方針の構成
  const bool named = line.size() > 2 && line.size() <= kMaxTitle && line[0] == U'序' && is_space(line[1]) && !ends_sentence(line);
  return named || std::find(kNames.begin(), kNames.end(), text) != kNames.end();
}

bool is_supplement_heading(std::u32string_view line) {
  if (line.size() > kMaxTitle) return false;
  const std::u32string text = bare(line);
  return text == U"附則" || text == U"付則" || text.starts_with(U"附則(") || text.starts_with(U"付則(");
}

std::u32string annex_label(std::u32string_view line) {
  if (line.size() > kMaxTitle || ends_sentence(line) || reads_like_sentence(line)) return {};
  const std::u32string text = bare(line);
  static constexpr std::array<std::u32string_view, 6> kWords = {U"別表", U"別紙", U"別記", U"別添", U"別図", U"様式"};
  const auto word = std::find_if(kWords.begin(), kWords.end(), [&](std::u32string_view w) { return text.starts_with(w); });
  std::size_t end = word == kWords.end() ? number_length(text) : word->size() + number_length(std::u32string_view(text).substr(word->size()));
  if (word == kWords.end()) {
    if (end == 0 || text[0] != U'第' || text[end - 1] != U'号' || text.substr(end, 2) != U"様式") return {};
    end += 2;
  }
  const bool apart = word != kWords.end() && line.size() > word->size() && is_space(line[word->size()]);
  const bool named = end == text.size() || text[end] == U'(' || ((apart || (word != kWords.end() && end > word->size())) && !is_hiragana(text[end]));
  return named ? text.substr(0, end) : std::u32string();
}

bool is_closing(std::u32string_view line) { return line.size() <= 8 && bare(line) == U"以上"; }

bool is_caption(std::u32string_view line) {
  return line.size() >= 3 && line.size() <= kMaxTitle && one_of(U"（(", line.front()) && one_of(U"）)", line.back()) &&
         std::count_if(line.begin(), line.end(), [](char32_t c) { return one_of(U"（(", c); }) == 1;
}

bool is_answer_mark(std::u32string_view line) {
  const std::u32string text = line.size() > kMaxHeading ? std::u32string() : bare(line);
  return text == U"質問" || text == U"回答" || text == U"問" || text == U"答";
}

bool is_title(std::u32string_view line) {
  if (line.size() > kMaxTitle || ends_sentence(line) || reads_like_sentence(line) || !read_labels(line).empty()) return false;
  if (line.find_first_of(U">＞›»|") != std::u32string_view::npos) return false;  // the way to a page, a row of a table
  std::u32string text = squeezed(line);
  if (!text.empty() && text.back() == U')') text.erase(std::min(text.rfind(U'('), text.size()));
  static constexpr std::array<std::u32string_view, 25> kKinds = {U"方針", U"基準", U"ポリシー", U"手順", U"手順書", U"要綱", U"要領", U"要項", U"規程", U"規定", U"規則", U"細則", U"内規",
                                                                  U"会則", U"条例", U"憲章", U"綱領", U"申合せ", U"計画", U"指針", U"ガイドライン", U"宣言", U"応答集", U"回答集", U"約款"};
  return ends_with_any(text, kKinds);
}

std::string title_on_cover(std::string_view cover) {
  const auto lines = text::lines_of(cover);
  const auto named = std::find_if(lines.begin(), lines.end(), [](std::string_view line) { return is_title(decode(line)); });
  return std::string(named == lines.end() ? lines.front() : *named);
}

std::u32string contents_entry(std::u32string_view line) {
  std::size_t end = line.size();
  while (end > 0 && is_space(line[end - 1])) --end;
  std::size_t digits = end;
  while (digits > 0 && is_digit(line[digits - 1])) --digits;
  if (digits == end || end - digits > 4) return {};
  std::size_t text = digits;
  bool leader = false;
  std::size_t spaces = 0;
  while (text > 0 && (is_leader(line[text - 1]) || is_space(line[text - 1]))) {
    leader = leader || (is_leader(line[text - 1]) && text >= 2 && (is_leader(line[text - 2]) || line[text - 1] == U'…')) || line[text - 1] == U'\t';
    spaces += is_space(line[text - 1]) ? 1 : 0;
    --text;
  }
  if (!leader && spaces < 2) return {};
  std::u32string out(line.substr(0, text));
  if (out.empty()) out = U" ";  // leaders of an entry whose words stand on the line above
  return out;
}

std::u32string contents_words(std::u32string_view entry) {
  std::u32string words = squeezed(entry);
  const auto range = words.rfind(U"(第");
  if (range != std::u32string::npos && range > 0 && words.back() == U')' && words.find(U'条', range) != std::u32string::npos) words.resize(range);
  return words;
}

std::u32string history_version(std::u32string_view line) {
  std::size_t end = 0;
  while (end < line.size() && !is_space(line[end])) ++end;
  std::u32string word = squeezed(line.substr(0, end));
  std::u32string_view core = word;
  if (core.starts_with(U"第")) core.remove_prefix(1);
  if (core.starts_with(U"Ver.") || core.starts_with(U"ver.")) core.remove_prefix(4);
  if (core.ends_with(U"版")) core.remove_suffix(1);
  if (core == U"初") return word;
  if (core.empty() || !is_digit(core.front()) || !is_digit(core.back())) return {};
  if (!std::all_of(core.begin(), core.end(), [](char32_t c) { return is_digit(c) || c == U'.'; })) return {};
  return word;
}

bool starts_signature(const std::vector<Line>& lines, std::size_t at) {
  if (!lines[at].blank_before || !is_date_line(lines[at].text)) return false;
  for (std::size_t i = at + 1; i < lines.size(); ++i) {
    if (starts_part(lines, i) || is_contents_heading(lines[i].text) || is_supplement_heading(lines[i].text)) return true;
    if (i - at > kSignatureLines || lines[i].text.size() > kSignatureLength || ends_sentence(lines[i].text) || !read_labels(lines[i].text).empty()) return false;
  }
  return true;
}

bool begins_document(const std::vector<Line>& lines, std::size_t at) {
  if (!is_title(lines[at].text)) return false;
  for (std::size_t i = at + 1; i < lines.size() && i <= at + kTitleReach; ++i) {
    if (is_date_line(lines[i].text) || is_contents_heading(lines[i].text)) return true;
    const auto labels = read_labels(lines[i].text);
    if (!labels.empty()) return std::any_of(labels.begin(), labels.end(), [](const Label& label) { return label.ordinal == 1; });
  }
  return false;
}

bool starts_part(const std::vector<Line>& lines, std::size_t at) {
  return lines[at].blank_before && (at + 1 == lines.size() || lines[at + 1].blank_before) && begins_document(lines, at);
}

}  // namespace sekisho::clauses
