// Word documents (ECMA-376 WordprocessingML): headings by style or outline level, automatic numbers, lists, tables with merged cells
// repeated, footnotes behind their paragraph. Left out: headers and footers, tracked deletions, moved-away text, hidden text, field codes.
#include "files/extract.h"
#include "files/grid.h"
#include "files/lines.h"
#include "files/numbering.h"
#include "files/outline.h"
#include "files/package.h"
#include "files/utf8.h"

namespace sekisho::files {
namespace {

struct Style {
  std::string based_on;
  int heading = 0;  // 1..9; 0 = body
  int list = -1;
  int list_level = 0;
};

using Notes = std::map<std::string, std::string>;

bool is_on(pugi::xml_node flag) {
  if (!flag) return false;
  const std::string_view value = attribute_of(flag, "val").as_string("1");
  return value != "0" && value != "false" && value != "none";
}

// "heading 2", "Heading 2", "見出し 2"
int heading_by_name(std::string_view name) {
  for (const std::string_view prefix : {"heading ", "Heading ", "見出し ", "見出し"}) {
    if (!name.starts_with(prefix) || name.size() != prefix.size() + 1) continue;
    const char digit = name.back();
    if (digit >= '1' && digit <= '9') return digit - '0';
  }
  return name == "Title" || name == "表題" ? 1 : 0;
}

class Styles {
 public:
  explicit Styles(pugi::xml_node styles) {
    for (const pugi::xml_node node : styles.children()) {
      if (local_name(node) != "style") continue;
      Style& style = styles_[attribute_of(node, "styleId").as_string()];
      style.based_on = attribute_of(child_of(node, "basedOn"), "val").as_string();
      const pugi::xml_node properties = child_of(node, "pPr");
      const int outline = int_of(child_of(properties, "outlineLvl"), "val", 9);
      style.heading = outline >= 0 && outline < 9 ? outline + 1 : heading_by_name(attribute_of(child_of(node, "name"), "val").as_string());
      const pugi::xml_node number = child_of(properties, "numPr");
      style.list = int_of(child_of(number, "numId"), "val", -1);
      style.list_level = int_of(child_of(number, "ilvl"), "val", 0);
    }
  }
  // The nearest style on the way up that says something; chains may be circular in bad files.
  template <class Wanted>
  const Style* find(std::string id, Wanted wanted) const {
    for (int i = 0; i < 16; ++i) {
      const auto found = styles_.find(id);
      if (found == styles_.end()) return nullptr;
      if (wanted(found->second)) return &found->second;
      id = found->second.based_on;
    }
    return nullptr;
  }

 private:
  std::map<std::string, Style> styles_;
};

class Reader {
 public:
  Reader(Extracted& out, Styles styles, Numbering numbering, Notes notes)
      : out_(out), styles_(std::move(styles)), numbering_(std::move(numbering)), notes_(std::move(notes)) {}

  void body(pugi::xml_node node, int depth) {
    if (depth > kMaxDepth) {
      too_complex_ = true;
      return;
    }
    for (const pugi::xml_node child : node.children()) {
      const std::string_view name = local_name(child);
      if (name == "p") {
        paragraph(child, depth);
      } else if (name == "tbl") {
        table(child, depth);
      } else if (name == "sdt" || name == "sdtContent" || name == "ins" || name == "moveTo" || name == "customXml" || name == "smartTag") {
        body(child, depth + 1);
      } else if (name == "AlternateContent") {
        body(child_of(child, "Choice"), depth + 1);
      }
    }
  }
  bool too_complex() const { return too_complex_; }
  bool styled() const { return styled_; }  // some paragraph is a heading by Word's own means

 private:
  struct Numbered {
    int list = -1;
    int level = 0;
  };

  void run(pugi::xml_node node, int depth, std::string& text) {
    if (is_on(child_of(child_of(node, "rPr"), "vanish"))) return;
    for (const pugi::xml_node child : node.children()) {
      const std::string_view name = local_name(child);
      if (name == "t") {
        text += child.text().as_string();
      } else if (name == "tab" || name == "ptab") {
        text += '\t';
      } else if (name == "br" || name == "cr") {
        text += '\n';
      } else if (name == "noBreakHyphen") {
        text += '-';
      } else if (name == "footnoteReference" || name == "endnoteReference") {
        const auto note = notes_.find(std::string(name.substr(0, name.size() - 9)) + attribute_of(child, "id").as_string());
        if (note != notes_.end()) pending_notes_.push_back(note->second);
      } else if (name == "ruby") {
        inline_text(child_of(child, "rubyBase"), depth + 1, text);
      } else if (name == "drawing" || name == "pict" || name == "AlternateContent" || name == "object") {
        text_boxes(name == "AlternateContent" ? child_of(child, "Choice") : child, depth + 1);
      }
    }
  }

  void inline_text(pugi::xml_node node, int depth, std::string& text) {
    if (depth > kMaxDepth) {
      too_complex_ = true;
      return;
    }
    for (const pugi::xml_node child : node.children()) {
      const std::string_view name = local_name(child);
      if (name == "r") {
        run(child, depth + 1, text);
      } else if (name == "t" && local_name(node) == "r") {
        text += child.text().as_string();  // in Office Math
      } else if (name != "del" && name != "moveFrom" && name != "pPr" && name != "rPr" && name != "AlternateContent") {
        inline_text(child, depth + 1, text);
      }
    }
  }

  // Text boxes are read after the paragraph they hang on.
  void text_boxes(pugi::xml_node node, int depth) {
    if (depth > kMaxDepth) {
      too_complex_ = true;
      return;
    }
    if (local_name(node) == "txbxContent") {
      boxes_.push_back(node);
      return;
    }
    for (const pugi::xml_node child : node.children()) text_boxes(child, depth + 1);
  }

  Numbered numbered(pugi::xml_node properties, const std::string& style) const {
    const pugi::xml_node number = child_of(properties, "numPr");
    const Style* from = styles_.find(style, [](const Style& s) { return s.list >= 0; });
    Numbered out{int_of(child_of(number, "numId"), "val", from != nullptr ? from->list : -1),
                 int_of(child_of(number, "ilvl"), "val", from != nullptr ? from->list_level : 0)};
    if (out.list <= 0) out.list = -1;  // 0 switches the style's number off
    return out;
  }

  int heading_level(pugi::xml_node properties, const std::string& style) const {
    const int outline = int_of(child_of(properties, "outlineLvl"), "val", -1);
    if (outline >= 0) return outline < 9 ? outline + 1 : 0;
    const Style* from = styles_.find(style, [](const Style& s) { return s.heading > 0; });
    return from != nullptr ? from->heading : 0;
  }

  void paragraph(pugi::xml_node node, int depth) {
    const pugi::xml_node properties = child_of(node, "pPr");
    const std::string style = attribute_of(child_of(properties, "pStyle"), "val").as_string();
    std::string text;
    inline_text(node, depth + 1, text);
    const Numbered number = numbered(properties, style);
    if (!trim(text).empty()) {
      std::string mark = number.list >= 0 ? numbering_.next(number.list, number.level) : std::string{};
      if (!mark.empty()) text = mark + "　" + std::string(trim(text));
      emit(text, heading_level(properties, style), number);
    }
    for (std::string& note : std::exchange(pending_notes_, {})) {
      Block& block = out_.blocks.emplace_back();
      block.text = "（注）" + note;
      block.label = labels_.current();
    }
    for (const pugi::xml_node box : std::exchange(boxes_, {})) body(box, depth + 1);
  }

  void emit(const std::string& raw, int heading, const Numbered& number) {
    Block block;
    block.text = trim(raw);
    const Line line = classify_line(block.text);
    block.label = labels_.enter(line);
    if (heading > 0) {
      styled_ = true;
      block.kind = Kind::heading;
      block.level = static_cast<std::uint8_t>(heading);
    } else if (line.mark == Mark::division) {
      block.kind = Kind::heading;
      block.level = line.level;
    } else if (line.mark == Mark::article) {
      block.kind = Kind::clause;
      block.level = line.level;
    } else if (number.list >= 0 || (line.mark != Mark::none && line.mark != Mark::article_title)) {
      block.kind = Kind::list_item;
      block.level = static_cast<std::uint8_t>(std::clamp(number.level + 1, 1, 9));
    }
    // （目的） before 第1条 becomes the article's title once the article comes.
    if (line.mark == Mark::article && !out_.blocks.empty() && waiting_title_) {
      Block& title = out_.blocks.back();
      title.kind = Kind::heading;
      title.level = line.level;
      title.label = block.label;
      block.kind = Kind::paragraph;
    }
    waiting_title_ = line.mark == Mark::article_title && block.kind == Kind::paragraph;
    out_.blocks.push_back(std::move(block));
  }

  void table(pugi::xml_node node, int depth) {
    Grid grid;
    bool header = false;
    std::map<int, std::string> open;  // column -> text of a vertical merge that goes on
    for (const pugi::xml_node row : rows_of(node)) {
      const pugi::xml_node properties = child_of(row, "trPr");
      if (child_of(properties, "del")) continue;
      if (grid.row_count() == 0) header = is_on(child_of(properties, "tblHeader"));
      grid.begin_row();
      int column = std::clamp(int_of(child_of(properties, "gridBefore"), "val", 0), 0, static_cast<int>(kMaxColumns));
      for (int i = 0; i < column; ++i) grid.add_cell({}, 1, 1);
      for (const pugi::xml_node cell : row.children()) {
        if (local_name(cell) != "tc" || column >= static_cast<int>(kMaxColumns)) continue;
        const pugi::xml_node merge = child_of(child_of(cell, "tcPr"), "vMerge");
        const int span = std::clamp(int_of(child_of(child_of(cell, "tcPr"), "gridSpan"), "val", 1), 1, static_cast<int>(kMaxColumns));
        const bool goes_on = merge && std::string_view(attribute_of(merge, "val").as_string("continue")) != "restart";
        std::string text = goes_on ? open[column] : cell_text(cell, depth + 1);
        grid.add_cell(text, span, 1);
        if (merge) {
          open[column] = std::move(text);
        } else {
          open.erase(column);
        }
        column += span;
      }
    }
    if (grid.full()) too_complex_ = true;
    Table table;
    table.rows = grid.take();
    table.header = header ? Header::first_row : Header::guess;
    table.label = labels_.current();
    append_table(table, out_.blocks);
    waiting_title_ = false;
  }

  static std::vector<pugi::xml_node> rows_of(pugi::xml_node table) {
    std::vector<pugi::xml_node> out;
    for (const pugi::xml_node child : table.children()) {
      if (local_name(child) == "tr") out.push_back(child);
      if (local_name(child) == "sdt" || local_name(child) == "ins") {
        const pugi::xml_node inside = local_name(child) == "sdt" ? child_of(child, "sdtContent") : child;
        for (const pugi::xml_node row : inside.children())
          if (local_name(row) == "tr") out.push_back(row);
      }
    }
    return out;
  }

  // All paragraphs of a cell, those of inner tables too.
  std::string cell_text(pugi::xml_node node, int depth) {
    std::string out;
    if (depth > kMaxDepth) {
      too_complex_ = true;
      return out;
    }
    for (const pugi::xml_node child : node.children()) {
      std::string text;
      if (local_name(child) == "p") {
        inline_text(child, depth + 1, text);
        const pugi::xml_node properties = child_of(child, "pPr");
        const Numbered number = numbered(properties, attribute_of(child_of(properties, "pStyle"), "val").as_string());
        if (number.list >= 0 && !trim(text).empty()) text = numbering_.next(number.list, number.level) + text;
      } else if (local_name(child) != "tcPr") {
        text = cell_text(child, depth + 1);
      }
      if (!out.empty() && !text.empty()) out += ' ';
      out += text;
    }
    return out;
  }

  Extracted& out_;
  Styles styles_;
  Numbering numbering_;
  Notes notes_;
  Labels labels_;
  std::vector<std::string> pending_notes_;
  std::vector<pugi::xml_node> boxes_;
  bool waiting_title_ = false;
  bool styled_ = false;
  bool too_complex_ = false;
};

// Text of a note: its runs, without tracked deletions.
void note_text(pugi::xml_node node, int depth, std::string& out) {
  for (const pugi::xml_node child : node.children()) {
    const std::string_view name = local_name(child);
    if (name == "t") out += child.text().as_string();
    if (depth < kMaxDepth && name != "del" && name != "moveFrom") note_text(child, depth + 1, out);
  }
}

void read_notes(pugi::xml_node root, const std::string& kind, Notes& out) {
  for (const pugi::xml_node note : root.children()) {
    if (local_name(note) != kind || attribute_of(note, "type")) continue;  // separators have a type
    std::string text;
    note_text(note, 0, text);
    if (!trim(text).empty()) out[kind + attribute_of(note, "id").as_string()] = squeeze(text);
  }
}

}  // namespace

Result<Extracted> extract_docx(std::string_view bytes) {
  SK_TRY(Package package, Package::open(bytes));
  SK_TRY(const std::string main, package.main_part());
  SK_TRY(const std::vector<Relation> relations, package.relations(main));
  std::map<std::string, std::string> parts;
  for (const Relation& relation : relations) parts.emplace(relation.type, relation.target);
  SK_TRY(const Xml styles, package.take_optional(parts["styles"]));
  SK_TRY(const Xml numbering, package.take_optional(parts["numbering"]));
  Notes notes;
  for (const char* kind : {"footnote", "endnote"}) {
    SK_TRY(const Xml part, package.take_optional(parts[std::string(kind) + "s"]));
    read_notes(part->document_element(), kind, notes);
  }
  Extracted out;
  out.type = Type::docx;
  out.title = package.title();
  SK_TRY(const Xml document, package.take(main));
  const pugi::xml_node body = child_of(document->document_element(), "body");
  if (!body) return fail(Code::invalid_argument, "files.broken", "no body in the document part");
  Reader reader(out, Styles(styles->document_element()), Numbering(numbering->document_element()), std::move(notes));
  reader.body(body, 0);
  if (!reader.styled()) promote_headings(out.blocks);
  if (reader.too_complex()) return fail(Code::too_large, "files.too_complex", "nested too deep or too large a table");
  return out;
}

}  // namespace sekisho::files
