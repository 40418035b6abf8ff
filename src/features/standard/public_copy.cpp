#include "features/standard/public_copy.h"

#include <algorithm>

#include "core/markup.h"
#include "core/time.h"
#include "json/json.h"
#include "outside/report.h"
#include "text/lines.h"

namespace sekisho::standard {
namespace {

constexpr const char* kWithheld = "（非公開）";
constexpr int kDeepest = 8;  // of indentation
constexpr int kLastHeading = 6;

bool numbered(clauses::Kind kind) { return kind == clauses::Kind::clause || kind == clauses::Kind::structure; }
const char* word_for(clauses::Kind kind) {
  switch (kind) {
    case clauses::Kind::row: return "（表の行）";
    case clauses::Kind::item: return "（表の中の項目）";
    case clauses::Kind::annex: return "（別表・別紙など）";
    case clauses::Kind::front: return "表紙";
    case clauses::Kind::history: return "改版履歴";
    case clauses::Kind::preamble: return "前文";
    case clauses::Kind::supplement: return "附則";
    case clauses::Kind::signature: return "署名";
    default: return "";
  }
}

// A part without a number shows what the document prints, and not the program's word for it: the cover without the title that stands above it, 附則 and
// 別表 as headings in their own words.
void as_printed(clauses::Kind kind, const std::string& title, PublicClause& c) {
  using clauses::Kind;
  const bool named = kind == Kind::supplement || kind == Kind::annex;
  if (!named && kind != Kind::front && kind != Kind::preamble && kind != Kind::signature && kind != Kind::closing) return;
  c.label.clear();
  std::string text;
  for (const std::string_view line : text::lines_of(c.text)) {
    if (kind == Kind::front && line == title) continue;
    if (named && c.title.empty())
      c.title = line;
    else
      text.append(text.empty() ? "" : "\n").append(line);
  }
  c.text = std::move(text);
}

std::string day_text(const std::string& day) {
  const auto at = json::parse_rfc3339(day + "T00:00:00+09:00");
  return at ? to_wareki(jst_date(*at)) : day;
}

std::string heading_of(const PublicClause& c) { return c.label + (c.label.empty() || c.title.empty() ? "" : "　") + c.title; }
// A clause that is known by its title, or holds others by its number, is a heading.
bool is_heading(const PublicClause& c) { return !c.withheld && !c.title.empty() && c.kind != "row" && c.kind != "item"; }

// The level of each heading: one below the nearest heading above it.
std::vector<int> levels_of(const PublicCopy& copy) {
  std::vector<int> out;
  std::vector<int> open;  // by depth: the level that is open there
  for (const PublicClause& c : copy.clauses) {
    open.resize(static_cast<std::size_t>(c.depth), open.empty() ? 1 : open.back());
    const int above = open.empty() ? 1 : open.back();
    const int own = is_heading(c) ? std::min(above + 1, kLastHeading) : above;
    open.push_back(own);
    out.push_back(is_heading(c) ? own : 0);
  }
  return out;
}

constexpr const char* kStyle =
    "body{font-family:sans-serif;line-height:1.8;color:#1a1a1c;background:#fff;margin:0 auto;max-width:50rem;padding:1rem 1.5rem}"
    "a{color:#0017c1}a:focus-visible{outline:3px solid #b78f00;outline-offset:2px}.skip{position:absolute;left:-999rem}.skip:focus{position:static}"
    "h1{font-size:1.8rem;line-height:1.4}h2{font-size:1.4rem;border-bottom:1px solid #949497}h3{font-size:1.2rem}h4,h5,h6{font-size:1.05rem}"
    "p{margin:.4rem 0;overflow-wrap:anywhere}nav ul{padding-inline-start:1.5rem}.withheld{color:#4d4d4d}";

std::string style_of() {
  std::string out = kStyle;
  for (int depth = 1; depth <= kDeepest; ++depth) out += ".d" + std::to_string(depth) + "{margin-inline-start:" + std::to_string(depth) + "rem}";
  return out + "@media (max-width:30rem){[class^=d]{margin-inline-start:.5rem}}@media print{nav,.skip{display:none}}";
}

void write_body(const PublicCopy& copy, const std::vector<int>& levels, std::string& out) {
  for (std::size_t i = 0; i < copy.clauses.size(); ++i) {
    const PublicClause& c = copy.clauses[i];
    const std::string place = "class=\"d" + std::to_string(std::min(c.depth, kDeepest)) + "\" id=\"c-" + c.id.str() + "\"";
    const std::string inner = "<p class=\"d" + std::to_string(std::min(c.depth, kDeepest)) + "\">";
    if (c.withheld) {
      out += "<p " + place + "><b>" + escape_markup(c.label) + "</b> <span class=\"withheld\">" + kWithheld + "</span></p>\n";
      continue;
    }
    const auto lines = text::lines_of(c.text);
    std::size_t next = 0;
    if (levels[i] > 0) {
      const std::string tag = "h" + std::to_string(levels[i]);
      out += "<" + tag + " " + place + ">" + escape_markup(heading_of(c)) + "</" + tag + ">\n";
    } else {
      const std::string_view first = lines[next++];
      out += "<p " + place + "><b>" + escape_markup(c.label) + "</b>" + (c.title.empty() ? "" : " " + escape_markup(c.title)) + (first.empty() ? "" : " " + escape_markup(first)) + "</p>\n";
    }
    for (; next < lines.size() && !c.text.empty(); ++next) out += inner + escape_markup(lines[next]) + "</p>\n";
  }
}

// The contents: the two upper levels of headings, nested.
void write_contents(const PublicCopy& copy, const std::vector<int>& levels, std::string& out) {
  bool inside = false;
  bool item = false;
  for (std::size_t i = 0; i < copy.clauses.size(); ++i) {
    if (levels[i] != 2 && levels[i] != 3) continue;
    const std::string link = "<a href=\"#c-" + copy.clauses[i].id.str() + "\">" + escape_markup(heading_of(copy.clauses[i])) + "</a>";
    const bool deep = levels[i] == 3 && item;
    if (deep && !inside) out += "<ul>";
    if (!deep && inside) out += "</ul>";
    if (!deep && item) out += "</li>\n";
    inside = deep;
    out += "<li>" + link + (deep ? "</li>" : "");
    item = true;
  }
  if (inside) out += "</ul>";
  if (item) out += "</li>\n";
}

}  // namespace

std::vector<bool> hidden_in(const Content& content, const std::set<ClauseId>& withheld) {
  std::vector<bool> out(content.ids.size(), false);
  for (std::size_t i = 0; i < content.ids.size(); ++i) {
    const int parent = content.document.clauses[i].parent;
    out[i] = withheld.contains(content.ids[i]) || (parent != clauses::kNoParent && out[static_cast<std::size_t>(parent)]);
  }
  return out;
}

PublicCopy public_copy(const Content& content, const std::set<ClauseId>& withheld, std::string effective_on) {
  PublicCopy out{content.version.title, static_cast<int>(content.version.number), std::move(effective_on), {}};
  const auto hidden = hidden_in(content, withheld);
  std::vector<int> depth(content.ids.size(), 0);
  for (std::size_t i = 0; i < content.ids.size(); ++i) {
    const clauses::Clause& c = content.document.clauses[i];
    const bool root = c.parent == clauses::kNoParent;
    const auto parent = static_cast<std::size_t>(root ? 0 : c.parent);
    depth[i] = root ? 0 : depth[parent] + 1;
    if (c.kind == clauses::Kind::contents || (hidden[i] && !root && hidden[parent])) continue;
    PublicClause made{content.ids[i], root ? std::nullopt : std::optional(content.ids[parent]), std::string(kind_name(c.kind)), c.ref, c.label, c.title, c.text, hidden[i], depth[i]};
    if (hidden[i]) {
      made.title.clear();
      made.text.clear();
      if (!numbered(c.kind)) made.ref = made.label = word_for(c.kind);
    } else {
      as_printed(c.kind, out.title, made);
      if (made.label.empty() && made.title.empty() && made.text.empty()) continue;
    }
    out.clauses.push_back(std::move(made));
  }
  return out;
}

std::string public_html(const PublicCopy& copy) {
  const auto levels = levels_of(copy);
  const std::string title = escape_markup(copy.title);
  std::string contents;
  write_contents(copy, levels, contents);
  std::string out = "<!DOCTYPE html>\n<html lang=\"ja\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>" + title +
                    "</title>\n<style>" + style_of() + "</style>\n</head>\n<body>\n<a class=\"skip\" href=\"#text\">本文へ</a>\n<header>\n<h1>" + title + "</h1>\n<p>" +
                    escape_markup(day_text(copy.effective_on)) + "施行</p>\n</header>\n";
  if (!contents.empty()) out += "<nav aria-label=\"目次\">\n<ul>\n" + contents + "</ul>\n</nav>\n";
  out += "<main id=\"text\">\n";
  write_body(copy, levels, out);
  return out + "</main>\n</body>\n</html>\n";
}

std::string public_text(const PublicCopy& copy) {
  std::string out = copy.title + "\n" + day_text(copy.effective_on) + "施行\n";
  for (const PublicClause& c : copy.clauses) {
    out += "\n" + c.label + (c.label.empty() ? "" : "　");
    if (c.withheld) {
      out += std::string(kWithheld) + "\n";
      continue;
    }
    out += c.title + (c.title.empty() ? "" : "\n") + c.text + (c.text.empty() ? "" : "\n");
  }
  return out;
}

Result<std::string> public_pdf(const PublicCopy& copy) {
  constexpr double kStep = 12;  // points of indentation
  outside::Report report;
  report.title = report.foot = copy.title;
  report.parts = {outside::heading(1, copy.title), outside::text(day_text(copy.effective_on) + "施行")};
  const auto levels = levels_of(copy);
  for (std::size_t i = 0; i < copy.clauses.size(); ++i) {
    const PublicClause& c = copy.clauses[i];
    const double indent = kStep * std::min(c.depth, kDeepest);
    if (c.withheld) {
      report.parts.push_back(outside::text(c.label + "　" + kWithheld, indent));
    } else if (levels[i] > 0) {
      report.parts.push_back(outside::heading(levels[i], heading_of(c), indent));
      if (!c.text.empty()) report.parts.push_back(outside::text(c.text, indent));
    } else {
      report.parts.push_back(outside::text(c.label + (c.label.empty() ? "" : "　") + c.title + (c.title.empty() || c.text.empty() ? "" : "　") + c.text, indent));
    }
  }
  return outside::report_pdf(report);
}

}  // namespace sekisho::standard
