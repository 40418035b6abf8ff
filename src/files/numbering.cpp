#include "files/numbering.h"

#include <algorithm>

#include "files/package.h"
#include "files/utf8.h"

namespace sekisho::files {
namespace {

std::string from_sequence(std::u32string_view sequence, int value) {
  if (value < 1 || value > static_cast<int>(sequence.size())) return std::to_string(value);
  std::string out;
  append_utf8(out, sequence[static_cast<std::size_t>(value) - 1]);
  return out;
}

std::string japanese_counting(int value) {
  if (value < 1 || value > 9999) return std::to_string(value);
  constexpr std::array<std::string_view, 10> kDigits = {"", "一", "二", "三", "四", "五", "六", "七", "八", "九"};
  constexpr std::array<std::pair<int, std::string_view>, 3> kUnits = {{{1000, "千"}, {100, "百"}, {10, "十"}}};
  std::string out;
  for (const auto& [unit, name] : kUnits) {
    const int digit = value / unit % 10;
    if (digit == 0) continue;
    if (digit > 1) out += kDigits[static_cast<std::size_t>(digit)];
    out += name;
  }
  out += kDigits[static_cast<std::size_t>(value % 10)];
  return out;
}

std::string full_width(int value) {
  std::string out;
  for (const char c : std::to_string(value)) append_utf8(out, c >= '0' && c <= '9' ? static_cast<char32_t>(U'０' + (c - '0')) : U'－');
  return out;
}

std::string letters(int value, char first) {
  if (value < 1 || value > 26 * 20) return std::to_string(value);
  return std::string(static_cast<std::size_t>((value - 1) / 26 + 1), static_cast<char>(first + (value - 1) % 26));
}

std::string roman(int value, bool upper) {
  if (value < 1 || value > 3999) return std::to_string(value);
  constexpr std::array<std::pair<int, std::string_view>, 13> kParts = {{{1000, "m"},
                                                                        {900, "cm"},
                                                                        {500, "d"},
                                                                        {400, "cd"},
                                                                        {100, "c"},
                                                                        {90, "xc"},
                                                                        {50, "l"},
                                                                        {40, "xl"},
                                                                        {10, "x"},
                                                                        {9, "ix"},
                                                                        {5, "v"},
                                                                        {4, "iv"},
                                                                        {1, "i"}}};
  std::string out;
  for (const auto& [part, text] : kParts) {
    for (; value >= part; value -= part) out += text;
  }
  if (upper)
    for (char& c : out) c = static_cast<char>(c - 'a' + 'A');
  return out;
}

}  // namespace

std::string format_number(int value, std::string_view format) {
  constexpr std::u32string_view kAiueo = U"アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワヲン";
  constexpr std::u32string_view kIroha =
      U"イロハニホヘトチリヌルヲワカヨタレソツネナラムウヰノオクヤマケフコエテアサキユメミシヱヒモセスン";
  constexpr std::u32string_view kCircles = U"①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳";
  if (format == "decimalFullWidth" || format == "decimalFullWidth2") return full_width(value);
  if (format == "japaneseCounting" || format == "japaneseLegal" || format == "ideographDigital" || format == "japaneseDigitalTenThousand")
    return japanese_counting(value);
  if (format == "aiueo" || format == "aiueoFullWidth") return from_sequence(kAiueo, value);
  if (format == "iroha" || format == "irohaFullWidth") return from_sequence(kIroha, value);
  if (format == "decimalEnclosedCircle") return from_sequence(kCircles, value);
  if (format == "lowerLetter") return letters(value, 'a');
  if (format == "upperLetter") return letters(value, 'A');
  if (format == "lowerRoman" || format == "upperRoman") return roman(value, format == "upperRoman");
  if (format == "none") return {};
  return std::to_string(value);
}

Numbering::Numbering(pugi::xml_node numbering) {
  for (const pugi::xml_node node : numbering.children()) {
    if (local_name(node) == "abstractNum") {
      List& list = lists_[int_of(node, "abstractNumId", -1)];
      for (const pugi::xml_node level : node.children())
        if (local_name(level) == "lvl") read_level(level, list);
    } else if (local_name(node) == "num") {
      abstract_of_[int_of(node, "numId", -1)] = int_of(child_of(node, "abstractNumId"), "val", -1);
    }
  }
}

void Numbering::read_level(pugi::xml_node node, List& list) {
  const int index = int_of(node, "ilvl", -1);
  if (index < 0 || index >= kLevels) return;
  Level& level = list.levels[static_cast<std::size_t>(index)];
  level.start = int_of(child_of(node, "start"), "val", 1);
  level.format = attribute_of(child_of(node, "numFmt"), "val").as_string("decimal");
  level.text = attribute_of(child_of(node, "lvlText"), "val").as_string();
}

std::string Numbering::next(int list_id, int level) {
  const auto abstract = abstract_of_.find(list_id);
  if (abstract == abstract_of_.end() || level < 0 || level >= kLevels) return {};
  const auto found = lists_.find(abstract->second);
  if (found == lists_.end()) return {};
  List& list = found->second;
  const auto at = static_cast<std::size_t>(level);
  list.counts[at] = list.begun[at] ? list.counts[at] + (list.counts[at] < 1'000'000 ? 1 : 0) : list.levels[at].start;
  list.begun[at] = true;
  for (std::size_t i = at + 1; i < kLevels; ++i) list.begun[i] = false;
  if (list.levels[at].format == "bullet") return {};
  std::string out;
  const std::string& text = list.levels[at].text;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool place = text[i] == '%' && i + 1 < text.size() && text[i + 1] >= '1' && text[i + 1] <= '9';
    if (!place) {
      out.push_back(text[i]);
      continue;
    }
    const auto which = static_cast<std::size_t>(text[++i] - '1');
    out += format_number(list.begun[which] ? list.counts[which] : list.levels[which].start, list.levels[which].format);
  }
  return out;
}

}  // namespace sekisho::files
