// Slides (ECMA-376 PresentationML): in their order, with number, title, text, tables and speaker's notes. Hidden slides are marked.
#include "files/extract.h"
#include "files/grid.h"
#include "files/package.h"
#include "files/table.h"
#include "files/utf8.h"

namespace sekisho::files {
namespace {

std::string placeholder_type(pugi::xml_node shape) {
  const pugi::xml_node own = child_of(shape, "nvSpPr");
  return attribute_of(child_of(child_of(own, "nvPr"), "ph"), "type").as_string();
}

bool is_placeholder(pugi::xml_node shape) { return static_cast<bool>(child_of(child_of(child_of(shape, "nvSpPr"), "nvPr"), "ph")); }

std::string paragraph_text(pugi::xml_node paragraph) {
  std::string out;
  for (const pugi::xml_node child : paragraph.children()) {
    const std::string_view name = local_name(child);
    if (name == "r") out += child_of(child, "t").text().as_string();
    if (name == "br") out += '\n';
  }
  return out;
}

std::string body_text(pugi::xml_node body) {
  std::string out;
  for (const pugi::xml_node child : body.children()) {
    if (local_name(child) != "p") continue;
    const std::string text = paragraph_text(child);
    if (trim(text).empty()) continue;
    if (!out.empty()) out += '\n';
    out += text;
  }
  return out;
}

class Slide {
 public:
  Slide(Extracted& out, std::uint32_t number, bool hidden) : out_(out), number_(number) {
    label_ = "スライド" + std::to_string(number) + (hidden ? "（非表示）" : "");
  }

  Status read(pugi::xml_node slide) {
    const pugi::xml_node tree = child_of(child_of(slide, "cSld"), "spTree");
    std::string title;
    find_title(tree, 0, title);
    const std::string heading = squeeze(title);
    add(Kind::heading, 1, heading.empty() ? label_ : heading);
    shapes(tree, 0);
    if (too_complex_) return fail(Code::too_large, "files.too_complex", "shapes nested too deep or too large a table");
    return ok();
  }

  void notes(pugi::xml_node root) {
    for (const pugi::xml_node shape : child_of(child_of(root, "cSld"), "spTree").children()) {
      if (local_name(shape) != "sp" || placeholder_type(shape) != "body") continue;
      const std::string text = body_text(child_of(shape, "txBody"));
      if (!trim(text).empty()) add(Kind::paragraph, 0, "ノート: " + text);
    }
  }

 private:
  static bool is_title(pugi::xml_node shape) {
    const std::string type = placeholder_type(shape);
    return type == "title" || type == "ctrTitle";
  }

  void find_title(pugi::xml_node tree, int depth, std::string& out) {
    for (const pugi::xml_node child : tree.children()) {
      if (local_name(child) == "sp" && is_title(child) && out.empty()) out = body_text(child_of(child, "txBody"));
      if (local_name(child) == "grpSp" && depth < kMaxDepth) find_title(child, depth + 1, out);
    }
  }

  void shapes(pugi::xml_node tree, int depth) {
    if (depth > kMaxDepth) {
      too_complex_ = true;
      return;
    }
    for (const pugi::xml_node child : tree.children()) {
      const std::string_view name = local_name(child);
      if (name == "sp") {
        shape(child);
      } else if (name == "grpSp") {
        shapes(child, depth + 1);
      } else if (name == "AlternateContent") {
        shapes(child_of(child, "Choice"), depth + 1);
      } else if (name == "graphicFrame") {
        table(child_of(child_of(child_of(child, "graphic"), "graphicData"), "tbl"));
      }
    }
  }

  void shape(pugi::xml_node node) {
    const std::string type = placeholder_type(node);
    if (is_title(node) || type == "sldNum" || type == "dt" || type == "ftr" || type == "hdr") return;
    for (const pugi::xml_node paragraph : child_of(node, "txBody").children()) {
      if (local_name(paragraph) != "p") continue;
      const std::string text = paragraph_text(paragraph);
      if (trim(text).empty()) continue;
      const int level = int_of(child_of(paragraph, "pPr"), "lvl", 0);
      const bool bullet = is_placeholder(node) && type != "subTitle";
      add(bullet ? Kind::list_item : Kind::paragraph, bullet ? std::clamp(level + 1, 1, 9) : 0, std::string(trim(text)));
    }
  }

  // Covered cells are there as empty cells marked hMerge or vMerge; the grid fills them, so they are skipped.
  void table(pugi::xml_node node) {
    if (!node) return;
    Grid grid;
    for (const pugi::xml_node row : node.children()) {
      if (local_name(row) != "tr") continue;
      grid.begin_row();
      for (const pugi::xml_node cell : row.children()) {
        if (local_name(cell) != "tc" || attribute_of(cell, "hMerge").as_bool() || attribute_of(cell, "vMerge").as_bool()) continue;
        grid.add_cell(body_text(child_of(cell, "txBody")), int_of(cell, "gridSpan", 1), int_of(cell, "rowSpan", 1));
      }
    }
    if (grid.full()) too_complex_ = true;
    Table out;
    out.header = attribute_of(child_of(node, "tblPr"), "firstRow").as_bool() && grid.row_count() > 1 ? Header::first_row : Header::guess;
    out.rows = grid.take();
    out.page = number_;
    out.label = label_;
    append_table(out, out_.blocks);
  }

  void add(Kind kind, int level, std::string text) {
    out_.blocks.push_back({kind, static_cast<std::uint8_t>(level), number_, std::move(text), label_, {}});
  }

  Extracted& out_;
  std::uint32_t number_;
  std::string label_;
  bool too_complex_ = false;
};

Status read_slide(Package& package, const std::string& part, Extracted& out) {
  SK_TRY(const Xml xml, package.take(part));
  const pugi::xml_node root = xml->document_element();
  Slide slide(out, ++out.pages, !attribute_of(root, "show").as_bool(true));
  SK_CHECK(slide.read(root));
  SK_TRY(const std::vector<Relation> relations, package.relations(part));
  for (const Relation& relation : relations) {
    if (relation.type != "notesSlide" || !package.has(relation.target)) continue;
    SK_TRY(const Xml notes, package.take(relation.target));
    slide.notes(notes->document_element());
  }
  return ok();
}

}  // namespace

Result<Extracted> extract_pptx(std::string_view bytes) {
  SK_TRY(Package package, Package::open(bytes));
  SK_TRY(const std::string main, package.main_part());
  SK_TRY(const std::vector<Relation> relations, package.relations(main));
  SK_TRY(const Xml presentation, package.take(main));
  Extracted out;
  out.type = Type::pptx;
  out.title = package.title();
  for (const pugi::xml_node node : child_of(presentation->document_element(), "sldIdLst").children()) {
    const std::string_view id = node.attribute("r:id") ? node.attribute("r:id").value() : "";
    for (const Relation& relation : relations)
      if (relation.type == "slide" && relation.id == id) SK_CHECK(read_slide(package, relation.target, out));
  }
  return out;
}

}  // namespace sekisho::files
