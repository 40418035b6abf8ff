// HTML by libxml2's tolerant parser: headings, lists, tables (spans repeated), paragraphs. No network, no entity but the predefined ones;
// scripts, styles, forms' values and what is hidden are dropped.
#include <libxml/HTMLparser.h>
#include <libxml/tree.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdlib>

#include "files/extract.h"
#include "files/grid.h"
#include "files/lines.h"
#include "files/outline.h"
#include "files/table.h"
#include "files/utf8.h"

namespace sekisho::files {
namespace {

constexpr long kMaxItem = 1000;

using Document = std::unique_ptr<xmlDoc, void (*)(xmlDocPtr)>;
using Parser = std::unique_ptr<htmlParserCtxt, void (*)(htmlParserCtxtPtr)>;

std::string_view name_of(const xmlNode* node) {
  return node->name == nullptr ? std::string_view{} : reinterpret_cast<const char*>(node->name);
}

bool any_of_names(std::string_view name, std::initializer_list<std::string_view> names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::string attribute(const xmlNode* node, const char* name) {
  xmlChar* value = xmlGetNoNsProp(node, reinterpret_cast<const xmlChar*>(name));
  if (value == nullptr) return {};
  std::string out = reinterpret_cast<const char*>(value);
  xmlFree(value);
  return out;
}

bool is_hidden(const xmlNode* node) {
  if (xmlHasProp(node, reinterpret_cast<const xmlChar*>("hidden")) != nullptr) return true;
  std::string style = attribute(node, "style");
  std::erase(style, ' ');
  return style.find("display:none") != std::string::npos || style.find("visibility:hidden") != std::string::npos;
}

bool is_dropped(const xmlNode* node) {
  return any_of_names(name_of(node),
                      {"script", "style", "noscript", "template", "iframe", "object", "embed", "svg", "select", "textarea", "head"}) ||
         is_hidden(node);
}

bool is_block(std::string_view name) {
  return any_of_names(name, {"p",       "div",     "section",  "article",    "main", "header", "footer", "nav",   "aside", "blockquote",
                             "pre",     "address", "figure",   "figcaption", "ul",   "ol",     "li",     "dl",    "dt",    "dd",
                             "table",   "form",    "fieldset", "h1",         "h2",   "h3",     "h4",     "h5",    "h6",    "hr",
                             "details", "summary", "body",     "html",       "tr",   "td",     "th",     "center"});
}

int heading_level(std::string_view name) {
  return name.size() == 2 && name[0] == 'h' && name[1] >= '1' && name[1] <= '6' ? name[1] - '0' : 0;
}

// Text of a subtree, for cells and titles; ruby readings are left out, line breaks kept as spaces.
void inner_text(const xmlNode* node, int depth, std::string& out) {
  if (depth > kMaxDepth) return;
  for (const xmlNode* child = node->children; child != nullptr; child = child->next) {
    if (child->type == XML_TEXT_NODE || child->type == XML_CDATA_SECTION_NODE) {
      if (child->content != nullptr) out += reinterpret_cast<const char*>(child->content);
    } else if (child->type == XML_ELEMENT_NODE && !is_dropped(child) && !any_of_names(name_of(child), {"rt", "rp"})) {
      const bool breaks = is_block(name_of(child)) || name_of(child) == "br";
      if (breaks) out += ' ';
      inner_text(child, depth + 1, out);
      if (breaks) out += ' ';
    }
  }
}

std::string letters_of(std::size_t n, char first) {
  std::string out;
  for (; n > 0; n = (n - 1) / 26) out.insert(out.begin(), static_cast<char>(first + (n - 1) % 26));
  return out;
}

std::string roman_of(std::size_t n) {
  static constexpr std::array<std::pair<std::size_t, std::string_view>, 13> kSigns = {{{1000, "m"}, {900, "cm"}, {500, "d"}, {400, "cd"}, {100, "c"}, {90, "xc"}, {50, "l"}, {40, "xl"},
                                                                                        {10, "x"}, {9, "ix"}, {5, "v"}, {4, "iv"}, {1, "i"}}};
  std::string out;
  for (const auto& [value, sign] : kSigns)
    for (; n >= value; n -= value) out += sign;
  return out;
}

// The numbers of one list, as a browser shows them.
class Numbers {
 public:
  explicit Numbers(const xmlNode* list) : type_(attribute(list, "type")) {
    const std::string start = attribute(list, "start");
    if (!start.empty()) next_ = std::atol(start.c_str());
    shown_ = name_of(list) == "ol" && !hides_numbers(list);
  }

  // "2." of the second item; empty where the reader sees none.
  std::string take(const xmlNode* item) {
    if (const std::string value = attribute(item, "value"); !value.empty()) next_ = std::atol(value.c_str());
    const long n = next_ < kMaxItem ? next_++ : next_;
    if (!shown_ || n < 1 || n >= kMaxItem || hides_numbers(item)) return {};
    const auto ordinal = static_cast<std::size_t>(n);
    if (type_ == "a" || type_ == "A") return letters_of(ordinal, type_[0]) + ".";
    if (type_ != "i" && type_ != "I") return std::to_string(ordinal) + ".";
    std::string roman = roman_of(ordinal);
    if (type_ == "I") std::transform(roman.begin(), roman.end(), roman.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    return roman + ".";
  }

 private:
  static bool hides_numbers(const xmlNode* node) {
    std::string style = attribute(node, "style");
    std::erase(style, ' ');
    return style.find("list-style:none") != std::string::npos || style.find("list-style-type:none") != std::string::npos;
  }

  std::string type_;
  long next_ = 1;
  bool shown_ = false;
};

class Walker {
 public:
  explicit Walker(Extracted& out) : out_(out) {}

  void walk(const xmlNode* node, int depth) {
    if (depth > kMaxDepth) {
      too_deep_ = true;
      return;
    }
    for (const xmlNode* child = node->children; child != nullptr && !too_deep_; child = child->next) {
      if (child->type == XML_TEXT_NODE || child->type == XML_CDATA_SECTION_NODE) {
        if (child->content != nullptr) text_ += reinterpret_cast<const char*>(child->content);
      } else if (child->type == XML_ELEMENT_NODE && !is_dropped(child)) {
        element(child, depth);
      }
    }
  }
  void flush(Kind kind = Kind::paragraph, int level = 0) {
    std::string text = squeeze(std::exchange(text_, {}));
    if (text.empty()) return;
    // The number that a reader sees before the item, unless its own words bring one.
    const std::string number = std::exchange(number_, {});
    if (!number.empty() && classify_line(text).mark == Mark::none) text = number + "　" + text;  // as a document of Word shows it
    const Line line = classify_line(text);
    const std::string& label = labels_.enter(line);
    Block& block = out_.blocks.emplace_back();
    block.kind = kind == Kind::paragraph && line.mark == Mark::article ? Kind::clause : kind;
    block.level = static_cast<std::uint8_t>(block.kind == Kind::clause ? line.level : level);
    block.text = text;
    block.label = label;
  }
  bool too_deep() const { return too_deep_; }
  bool too_large() const { return too_large_; }

 private:
  void element(const xmlNode* node, int depth) {
    const std::string_view name = name_of(node);
    if (name == "br") {
      text_ += ' ';
    } else if (any_of_names(name, {"rt", "rp"})) {
      return;
    } else if (name == "table") {
      flush();
      table(node, depth);
    } else if (const int level = heading_level(name); level > 0) {
      flush();
      inner_text(node, depth, text_);
      flush(Kind::heading, level);
    } else if (name == "nav") {
      flush();
      ++navigation_depth_;
      walk(node, depth + 1);
      flush();
      --navigation_depth_;
    } else if (any_of_names(name, {"ol", "ul"})) {
      flush();
      lists_.emplace_back(node);
      walk(node, depth + 1);
      flush();
      lists_.pop_back();
    } else if (any_of_names(name, {"li", "dt", "dd"})) {
      flush();
      ++list_depth_;
      if (name == "li" && !lists_.empty() && navigation_depth_ == 0) number_ = lists_.back().take(node);
      walk(node, depth + 1);
      flush(Kind::list_item, std::min(list_depth_, 9));
      number_.clear();
      --list_depth_;
    } else if (is_block(name)) {
      flush();
      walk(node, depth + 1);
      flush();
    } else {
      walk(node, depth + 1);
    }
  }

  // Layout tables (one column, or holding headings or other tables) are read as running text.
  static bool is_layout(const xmlNode* node, int depth) {
    for (const xmlNode* child = node->children; child != nullptr && depth < kMaxDepth; child = child->next) {
      if (child->type != XML_ELEMENT_NODE) continue;
      if (name_of(child) == "table" || heading_level(name_of(child)) > 0 || is_layout(child, depth + 1)) return true;
    }
    return false;
  }

  void table(const xmlNode* node, int depth) {
    if (is_layout(node, depth)) {
      walk(node, depth + 1);
      flush();
      return;
    }
    Grid grid;
    Table table;
    bool first_is_header = false;
    rows(node, depth, grid, table, first_is_header);
    if (grid.full()) too_large_ = true;
    table.rows = grid.take();
    table.header = first_is_header && table.rows.size() > 1 ? Header::first_row : Header::guess;
    table.label = labels_.current();
    append_table(table, out_.blocks);
  }

  void rows(const xmlNode* node, int depth, Grid& grid, Table& table, bool& first_is_header) {
    if (depth > kMaxDepth) return;
    for (const xmlNode* child = node->children; child != nullptr; child = child->next) {
      if (child->type != XML_ELEMENT_NODE || is_dropped(child)) continue;
      const std::string_view name = name_of(child);
      if (name == "tr") {
        const bool all_header = cells(child, depth, grid);
        if (grid.row_count() == 1) first_is_header = all_header;
      } else if (name == "caption") {
        std::string caption;
        inner_text(child, depth, caption);
        table.context = squeeze(caption);
      } else if (any_of_names(name, {"thead", "tbody", "tfoot"})) {
        rows(child, depth + 1, grid, table, first_is_header);
      }
    }
  }

  static bool cells(const xmlNode* row, int depth, Grid& grid) {
    bool all_header = true;
    bool any = false;
    grid.begin_row();
    for (const xmlNode* child = row->children; child != nullptr; child = child->next) {
      if (child->type != XML_ELEMENT_NODE || !any_of_names(name_of(child), {"td", "th"})) continue;
      std::string text;
      inner_text(child, depth, text);
      const int columns = std::atoi(attribute(child, "colspan").c_str());
      const int height = std::atoi(attribute(child, "rowspan").c_str());
      grid.add_cell(squeeze(text), columns, height);
      all_header = all_header && name_of(child) == "th";
      any = true;
    }
    return any && all_header;
  }

  Extracted& out_;
  Labels labels_;
  std::string text_;
  std::vector<Numbers> lists_;
  std::string number_;  // of the list item whose first words come next
  int list_depth_ = 0;
  int navigation_depth_ = 0;
  bool too_deep_ = false;
  bool too_large_ = false;
};

const xmlNode* find_element(const xmlNode* node, std::string_view name, int depth) {
  for (const xmlNode* child = node; child != nullptr && depth < 8; child = child->next) {
    if (child->type != XML_ELEMENT_NODE) continue;
    if (name_of(child) == name) return child;
    if (const xmlNode* found = find_element(child->children, name, depth + 1)) return found;
  }
  return nullptr;
}

}  // namespace

Result<Extracted> extract_html(std::string_view utf8) {
  constexpr int kParse =
      HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING | HTML_PARSE_NONET | HTML_PARSE_COMPACT | HTML_PARSE_IGNORE_ENC;
  const Parser parser(htmlNewParserCtxt(), htmlFreeParserCtxt);
  if (!parser) return fail(Code::too_large, "files.too_complex", "no memory for the HTML parser");
  const Document document(htmlCtxtReadMemory(parser.get(), utf8.data(), static_cast<int>(utf8.size()), nullptr, "UTF-8", kParse),
                          xmlFreeDoc);
  // The library stops midway at its limits (nesting, size of one text) and hands out what it has; half a page is not a page.
  if (parser->disableSAX != 0) return fail(Code::too_large, "files.too_complex", "HTML parser stopped at a limit");
  if (!document) return fail(Code::invalid_argument, "files.broken", "HTML parser gave nothing");
  Extracted out;
  out.type = Type::html;
  const xmlNode* const root = xmlDocGetRootElement(document.get());
  if (root == nullptr) return out;
  if (const xmlNode* title = find_element(root, "title", 0)) inner_text(title, 0, out.title);
  Walker walker(out);
  walker.walk(reinterpret_cast<const xmlNode*>(document.get()), 0);
  walker.flush();
  promote_headings(out.blocks);
  if (walker.too_deep() || walker.too_large())
    return fail(Code::too_large, "files.too_complex", "HTML nested too deep or too large a table");
  return out;
}

}  // namespace sekisho::files
