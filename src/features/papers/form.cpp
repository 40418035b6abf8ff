#include "features/papers/form.h"

#include <algorithm>

#include "features/bodies/dates.h"

namespace sekisho::papers {
namespace {

using outside::Cell;
using outside::cell;
using outside::Grid;

constexpr double kName = 28;   // per cent of the width, of names beside values
constexpr double kValue = 72;

Grid named(std::string caption) { return {std::move(caption), {kName, kValue}, {}, {}, true}; }

std::string files_of(const office::CaseView& one, const std::string& field) {
  std::string out;
  for (const office::AttachmentView& a : one.attachments) {
    if (a.field != field) continue;
    out += (out.empty() ? "" : "\n") + a.name;
    if (const auto day = bodies::parse_day(a.dated); day) out += "（証拠の日付 " + to_wareki(*day) + "）";
    out += "\nSHA-256 " + a.sha256;
  }
  return out;
}

std::string value_of(const workflow::Field& field, const office::FieldView& view, const office::CaseView& one) {
  if (field.type == "attachment") return files_of(one, field.key);
  return view.text + (field.type == "number" && !view.text.empty() ? field.unit.value_or("") : "");
}

// A table of its own, under its name: what has rows does not fit beside one.
bool has_rows(const workflow::Field& field) { return field.type == "table" || field.type == "checklist"; }

Grid rows_of(const workflow::Field& field, const office::FieldView& view) {
  Grid out;
  out.caption = field.title;
  if (field.type == "checklist") {
    out.head = {field.title, "確かめた結果", "理由など"};
    out.shares = {56, 18, 26};
  } else {
    for (const workflow::Column& c : *field.columns) {
      out.head.push_back(c.title);
      out.shares.push_back(c.type == "long_text" ? 3 : c.type == "text" || c.type == "reference" ? 2 : c.type == "number" ? 0.8 : 1.2);
    }
  }
  for (const auto& row : view.rows) {
    out.rows.emplace_back();
    for (const std::string& text : row) out.rows.back().push_back(cell(text));
  }
  return out;
}

void add_fields(const workflow::Definition& d, const office::CaseView& one, const workflow::PrintSection& section, int level, outside::Report& out) {
  Grid beside = named(section.title);
  const auto flush = [&] {
    if (!beside.rows.empty()) out.parts.push_back(outside::table(std::move(beside)));
    beside = named(section.title);
  };
  for (const std::string& key : *section.fields) {
    const workflow::Field* const field = d.field(key);
    const auto view = std::find_if(one.fields.begin(), one.fields.end(), [&](const office::FieldView& f) { return f.key == key; });
    if (field == nullptr || view == one.fields.end()) continue;
    if (has_rows(*field) && !view->rows.empty()) {
      flush();
      if (field->type == "table") out.parts.push_back(outside::heading(level, field->title));
      out.parts.push_back(outside::table(rows_of(*field, *view)));
    } else {
      beside.rows.push_back({cell(field->title), cell(value_of(*field, *view, one))});
    }
  }
  flush();
}

std::string event_words(const office::EventView& e) {
  static const std::map<std::string, std::string, std::less<>> kWords = {{"sign", "署名"}, {"edit", "直した"}, {"comment", "書き添え"}, {"attach", "ファイル"}, {"participant", "関係者を加えた"},
                                                                         {"link", "案件をつないだ"}, {"clock", "期限"}, {"effect", "プログラムの動作"}};
  const auto word = kWords.find(e.event);
  std::string out = word == kWords.end() ? e.title : word->second + (e.title.empty() ? "" : "：" + e.title);
  if (!e.region.empty()) out = e.region + "　" + out;
  if (e.event == "move" && !e.to.empty()) out += "（" + e.to + "）";
  return e.unavoidable ? out + "（止むを得ない場合の例外）" : out;
}

void add_history(const office::CaseView& one, const std::string& title, outside::Report& out) {
  Grid grid{title, {24, 36, 16, 24}, {"日時", "したこと", "だれが", "理由など"}, {}, false};
  for (const office::EventView& e : one.history) grid.rows.push_back({cell(moment(e.at)), cell(event_words(e)), cell(e.name), cell(e.event == "attach" ? "" : e.note)});
  out.parts.push_back(outside::table(std::move(grid)));
}

void add_head(const workflow::Definition& d, const office::CaseView& one, int level, outside::Report& out) {
  out.parts.push_back(outside::heading(level, d.print && d.print->title ? *d.print->title : d.title));
  std::vector<outside::Box> seals;
  for (const office::SealView& s : one.seals) {
    outside::Box box{s.title, {}};
    if (!s.name.empty()) box.lines.push_back(s.name);
    if (s.at) box.lines.push_back(to_wareki(jst_date(*s.at)));
    if (s.at && !s.same_content) box.lines.emplace_back("（後に変更あり）");
    seals.push_back(std::move(box));
  }
  if (!seals.empty()) out.parts.push_back(outside::boxes(std::move(seals)));
  Grid grid = named(d.title);
  grid.rows.push_back({cell("番号"), cell(one.number)});
  grid.rows.push_back({cell("件名"), cell(one.subject)});
  grid.rows.push_back({cell("状態"), cell(one.state_title)});
  if (!one.unit.empty()) grid.rows.push_back({cell("部署"), cell(one.unit)});
  grid.rows.push_back({cell("開いた人"), cell(one.opener + "（" + moment(one.opened_at) + "）")});
  for (const office::RegionView& r : one.regions)
    if (r.live || r.kind != "open") grid.rows.push_back({cell(r.title), cell(r.state_title)});
  std::vector<std::string> clauses;  // beside the rest: alone they would stand on a page of their own
  for (const workflow::ClauseRef& c : d.clauses)
    if (!c.source && std::find(clauses.begin(), clauses.end(), c.ref) == clauses.end()) clauses.push_back(c.ref);
  std::string basis;
  for (const std::string& ref : clauses) basis += (basis.empty() ? "" : "、") + ref;
  if (!basis.empty()) grid.rows.push_back({cell("根拠"), cell(basis)});
  out.parts.push_back(outside::table(std::move(grid)));
}

}  // namespace

std::string moment(Timestamp at) { return to_wareki(jst_date(at)) + " " + to_jst_minutes(at).substr(11); }

void add_form(const workflow::Definition& d, const office::CaseView& one, int level, outside::Report& out) {
  add_head(d, one, level, out);
  std::vector<workflow::PrintSection> sections;
  if (d.print) sections = d.print->sections;
  if (sections.empty()) {
    workflow::PrintSection all{"内容", workflow::Keys{}, {}};
    for (const workflow::Field& f : d.fields) all.fields->push_back(f.key);
    sections.push_back(std::move(all));
  }
  for (const workflow::PrintSection& section : sections) {
    outside::Report inside;
    if (section.fields) add_fields(d, one, section, level + 2, inside);
    if (section.history.value_or(false)) add_history(one, section.title, inside);
    if (inside.parts.empty()) continue;
    out.parts.push_back(outside::heading(level + 1, section.title));
    std::move(inside.parts.begin(), inside.parts.end(), std::back_inserter(out.parts));
  }
  if (!one.kept.empty()) {
    Grid grid = named("引き継いだ台帳の列");
    for (const office::KeptView& k : one.kept) grid.rows.push_back({cell(k.name), cell(k.text)});
    out.parts.push_back(outside::heading(level + 1, grid.caption));
    out.parts.push_back(outside::table(std::move(grid)));
  }
}

}  // namespace sekisho::papers
