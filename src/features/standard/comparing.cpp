#include "features/standard/comparing.h"

#include <algorithm>
#include <map>

#include "clauses/regions.h"
#include "core/markup.h"

namespace sekisho::standard {
namespace {

// The clauses of the wanted parts, and where they stood.
struct Chosen {
  std::vector<clauses::Comparable> items;
  std::vector<std::size_t> places;
};

Chosen choose(const Content& content, const std::optional<std::vector<int>>& parts) {
  Chosen out;
  std::vector<int> moved(content.document.clauses.size(), clauses::kNoParent);
  for (std::size_t i = 0; i < content.document.clauses.size(); ++i) {
    const clauses::Clause& c = content.document.clauses[i];
    if (parts && std::find(parts->begin(), parts->end(), static_cast<int>(c.part)) == parts->end()) continue;
    const int parent = c.parent == clauses::kNoParent ? clauses::kNoParent : moved[static_cast<std::size_t>(c.parent)];
    moved[i] = static_cast<int>(out.items.size());
    out.items.push_back({parent, c.kind, c.label, c.title, c.text});
    out.places.push_back(i);
  }
  return out;
}

// Versions of one document share their clauses' ids; of different documents, likeness decides.
clauses::Alignment pairs(const Content& before, const Chosen& a, const Content& after, const Chosen& b) {
  if (before.version.document_id != after.version.document_id) return clauses::align(a.items, b.items);
  std::map<ClauseId, int> there;
  for (std::size_t j = 0; j < b.places.size(); ++j) there.emplace(after.ids[b.places[j]], static_cast<int>(j));
  clauses::Alignment out{std::vector<int>(a.items.size(), clauses::kNoPartner), std::vector<int>(b.items.size(), clauses::kNoPartner)};
  for (std::size_t i = 0; i < a.places.size(); ++i)
    if (const auto it = there.find(before.ids[a.places[i]]); it != there.end()) {
      out.to_new[i] = it->second;
      out.to_old[static_cast<std::size_t>(it->second)] = static_cast<int>(i);
    }
  return out;
}

std::vector<PieceView> pieces(const std::vector<clauses::Piece>& from) {
  std::vector<PieceView> out;
  for (const clauses::Piece& piece : from) out.push_back({piece.text, piece.changed});
  return out;
}

std::optional<SideView> side(const clauses::Cell& cell, const Content& content, const Chosen& chosen) {
  if (cell.clause == clauses::kNoPartner) return std::nullopt;
  const std::size_t place = chosen.places[static_cast<std::size_t>(cell.clause)];
  const clauses::Clause& c = content.document.clauses[place];
  return SideView{c.ref, content.ids[place], c.label, pieces(cell.title), pieces(cell.text)};
}

std::string version_title(const Content& content, const std::optional<std::vector<int>>& parts) {
  return title_of(content, parts) + "（第" + std::to_string(content.version.number) + "版）";
}

constexpr const char* kBreak = "<br>";

std::string marked(const std::vector<PieceView>& from, const char* element) {
  std::string out;
  for (const PieceView& piece : from) {
    const std::string text = escape_markup(piece.text, kBreak);
    out += piece.changed ? std::string("<") + element + ">" + text + "</" + element + ">" : text;
  }
  return out;
}

std::string cell_html(const std::optional<SideView>& side, const char* element, const char* nothing) {
  if (!side) return std::string("<td class=\"none\">") + nothing + "</td>";
  std::string out = "<td><b>" + escape_markup(side->ref, kBreak) + "</b>";
  if (!side->title.empty()) out += " " + marked(side->title, element);
  if (!side->text.empty()) out += "<p>" + marked(side->text, element) + "</p>";
  return out + "</td>";
}

}  // namespace

std::string title_of(const Content& content, const std::optional<std::vector<int>>& parts) {
  std::map<std::uint32_t, std::string> titles;  // of each part its name, as its cover gives it
  std::size_t all = 0;
  for (const clauses::Clause& c : content.document.clauses) {
    all = std::max<std::size_t>(all, c.part);
    if (parts && std::find(parts->begin(), parts->end(), static_cast<int>(c.part)) == parts->end()) continue;
    if (c.kind == clauses::Kind::front) titles.try_emplace(c.part, clauses::title_on_cover(c.text));
  }
  if (!parts || titles.empty() || parts->size() >= all) return content.version.title;
  std::string out;
  for (const auto& [part, title] : titles) out += (out.empty() ? "" : "・") + title;
  return out;
}

std::string remarks_of(const RowView& row) {
  if (!row.before) return "新設";
  if (!row.after) return "削除";
  std::string out;
  const auto add = [&](const char* word) { out += (out.empty() ? "" : "、") + std::string(word); };
  if (row.changed) add("改正");
  if (row.renumbered) add("番号の変更");
  if (row.moved) add("移動");
  return out;
}

ComparisonView comparison_of(const Content& before, const Content& after, const std::optional<std::vector<int>>& before_parts, const std::optional<std::vector<int>>& after_parts, bool whole) {
  const Chosen a = choose(before, before_parts);
  const Chosen b = choose(after, after_parts);
  ComparisonView out;
  out.before_title = version_title(before, before_parts);
  out.after_title = version_title(after, after_parts);
  for (const clauses::ComparedRow& row : clauses::compare(a.items, b.items, pairs(before, a, after, b))) {
    out.counts.same += row.same() ? 1 : 0;
    out.counts.changed += row.changed ? 1 : 0;
    out.counts.added += row.added() ? 1 : 0;
    out.counts.dropped += row.dropped() ? 1 : 0;
    out.counts.renumbered += row.renumbered ? 1 : 0;
    out.counts.moved += row.moved ? 1 : 0;
    if (!whole && row.same()) continue;
    out.rows.push_back({side(row.before, before, a), side(row.after, after, b), row.changed, row.renumbered, row.moved});
  }
  return out;
}

std::string comparison_html(const ComparisonView& view, bool vertical) {
  std::string out =
      "<!DOCTYPE html>\n<html lang=\"ja\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width\">\n<title>新旧対照表</title>\n<style>\n"
      "body{font-family:serif;margin:2rem;color:#000;background:#fff;line-height:1.7}table{border-collapse:collapse}th,td{border:1px solid #333;padding:.4rem .6rem;vertical-align:top;text-align:start}"
      "p{margin:.2rem 0 0}ins,del{text-decoration:underline;text-underline-offset:.2em}.none{color:#555}\n";
  out += vertical ? "html{writing-mode:vertical-rl}body{inline-size:calc(100vh - 4rem)}table{inline-size:100%}th.side{inline-size:44%}\n" : "table{inline-size:100%}th.side{inline-size:46%}\n";
  out += "@media print{thead{display:table-header-group}tr{break-inside:avoid}}\n</style>\n</head>\n<body>\n<h1>新旧対照表</h1>\n<table>\n<caption>下線の部分は改正部分</caption>\n<thead><tr>";
  out += "<th scope=\"col\" class=\"side\">改正後<br>" + escape_markup(view.after_title, kBreak) + "</th><th scope=\"col\" class=\"side\">改正前<br>" + escape_markup(view.before_title, kBreak) + "</th><th scope=\"col\">備考</th></tr></thead>\n<tbody>\n";
  for (const RowView& row : view.rows)
    out += "<tr>" + cell_html(row.after, "ins", "（削る）") + cell_html(row.before, "del", "（新設）") + "<td>" + remarks_of(row) + "</td></tr>\n";
  return out + "</tbody>\n</table>\n</body>\n</html>\n";
}

}  // namespace sekisho::standard
