// The table of clauses out and in. What a file may change: titles, texts and meanings; whatever else it says must stand as it was written, so that a
// file that was mixed up changes nothing. A row carries a mark of what it was written from: a clause that was changed since is not overwritten.
#include <algorithm>
#include <array>
#include <set>

#include "clauses/refs.h"
#include "core/bytes.h"
#include "crypto/hash.h"
#include "features/interchange/operations.h"
#include "features/interchange/policy.h"
#include "features/interchange/table.h"
#include "features/standard/meaning_table.h"
#include "features/standard/versions.h"
#include "files/sheet.h"
#include "text/utf8.h"

namespace sekisho::interchange {

using Line = files::Row;
using files::Sheet;

struct Grid {
  Sheet sheet;
  std::vector<int> rows;  // of the file, for each line of the sheet
};

namespace {

using standard::Content;

constexpr std::size_t kMaxName = 300;
constexpr std::size_t kMaxIn = std::size_t{12} << 20;
constexpr std::size_t kMaxOwnColumns = 30;
constexpr std::size_t kMaxOwnName = 100;
constexpr std::size_t kMaxOwnCell = 4000;
constexpr std::size_t kMaxText = 100'000;
constexpr std::size_t kShownErrors = 200;
constexpr std::size_t kMaxColumns = 64;

// Places of the program's own columns.
struct At {
  enum Place : std::size_t { id, ref, parent, kind, part, printed, label, title, text, modality, actor, object, means, capability, state, mark, count };
};
constexpr std::array<const char*, At::count> kColumns = {"ID", "引用", "親の引用", "種類", "部分", "印刷された番号", "番号", "見出し", "本文", "義務の強さ", "主体", "対象", "実現の種類", "機能", "意味の確認", "照合"};
constexpr std::array kChangeable = {At::title, At::text, At::modality, At::actor, At::object, At::means, At::capability, At::state};
constexpr std::array<const char*, 12> kKindNames = {"表紙", "目次", "改版履歴", "前文", "章節", "条文", "表の行", "表の項目", "附則", "別表", "署名", "以上"};

std::string name_of(const policy::Person& person) { return person.name.empty() ? person.user_id : person.name; }

// A version with everything that its table shows.
struct Known {
  Content content;
  std::vector<std::optional<oscal::Meaning>> meanings;
  std::vector<Column> own;
};

Result<Known> known_of(sql::Tx& tx, const standard::Pack& pack, const standard::VersionId& version) {
  Known out;
  SK_TRY(auto content, standard::Table::content(tx, version));
  if (!content) return fail(Code::not_found, "policies.not_found", "no such version");
  out.content = std::move(*content);
  SK_TRY(out.meanings, meanings_by_clause(tx, pack, out.content));
  SK_TRY(out.own, Table::columns(tx, out.content.version.document_id));
  return out;
}

Line line_of(const Known& known, std::size_t i) {
  const clauses::Clause& c = known.content.document.clauses[i];
  Line out(At::count);
  out[At::id] = known.content.ids[i].str();
  out[At::ref] = c.ref;
  if (c.parent != clauses::kNoParent) out[At::parent] = known.content.document.clauses[static_cast<std::size_t>(c.parent)].ref;
  out[At::kind] = kKindNames[static_cast<std::size_t>(c.kind)];
  out[At::part] = std::to_string(c.part);
  out[At::printed] = c.printed;
  out[At::label] = c.label;
  out[At::title] = c.title;
  out[At::text] = c.text;
  if (const auto& m = known.meanings[i]) {
    out[At::modality] = m->modality;
    out[At::actor] = m->actor;
    out[At::object] = m->object;
    out[At::means] = m->kind;
    out[At::capability] = m->capability;
    out[At::state] = m->state;
  }
  for (std::string& cell : out) cell = files::cell_text(cell);
  std::string all;
  for (const At::Place at : kChangeable) all += std::to_string(out[at].size()) + ":" + out[at];
  out[At::mark] = to_hex(crypto::sha256(all)).substr(0, 16);
  for (const Column& column : known.own) {
    const auto cell = column.cells.find(known.content.ids[i]);
    out.push_back(cell == column.cells.end() ? std::string() : cell->second);
  }
  return out;
}

Result<TableFileOut> table_file(gate::Context& context, const standard::Pack& pack, TableFileIn& in) {
  context.about(in.version.str());
  if (in.format != "xlsx" && in.format != "csv" && in.format != "csv-cp932") return fail(Code::invalid_argument, "policies.table_format", "xlsx, csv or csv-cp932");
  SK_TRY(const Known known, known_of(context.tx, pack, in.version));
  Sheet sheet{Line(kColumns.begin(), kColumns.end())};
  for (const Column& column : known.own) sheet[0].push_back(column.name);
  for (std::size_t i = 0; i < known.content.ids.size(); ++i) {
    sheet.push_back(line_of(known, i));
    for (const std::string& cell : sheet.back())
      if (text::count_code_points(cell) > files::kMaxSheetCell) return fail(Code::too_large, "policies.cell_too_long", known.content.document.clauses[i].ref);
  }
  if (in.format == "xlsx") {
    SK_TRY(const std::string bytes, files::xlsx_of(sheet, "条文"));
    return TableFileOut{"条文.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", to_base64(bytes), {}};
  }
  if (in.format == "csv") return TableFileOut{"条文.csv", "text/csv; charset=utf-8", to_base64(files::csv_of(sheet)), {}};
  SK_TRY(const files::Cp932 written, files::csv_cp932_of(sheet));
  TableFileOut out{"条文.csv", "text/csv; charset=Shift_JIS", to_base64(written.bytes), {}};
  for (const auto& [character, lines] : written.missing) {
    MissingView& view = out.missing.emplace_back(MissingView{character, files::reference_of(character), {}});
    for (const std::size_t line : lines)
      if (view.refs.size() < 5) view.refs.push_back(line == 0 ? "" : sheet[line][At::ref]);
  }
  return out;
}

Status read_grid(gate::Preparation&, TableImportIn& in, files::Extractor* extractor) {
  if (in.name.empty() || in.name.size() > kMaxName) return fail(Code::invalid_argument, "policies.name", "1 to 300 bytes");
  SK_TRY(const std::string bytes, from_base64(in.content.reveal()));
  in.content = Secret();
  if (bytes.size() > files::kMaxSheetBytes) return fail(Code::too_large, "policies.too_large", "over 8 MiB");
  auto out = std::make_shared<Grid>();
  if (in.name.ends_with(".csv") || in.name.ends_with(".CSV")) {
    SK_TRY(files::CsvRead read, files::read_csv(bytes, "", kMaxColumns));
    out->sheet = std::move(read.sheet);
    out->rows = std::move(read.rows);
  } else {
    if (!in.name.ends_with(".xlsx") && !in.name.ends_with(".XLSX")) return fail(Code::unsupported, "policies.table_type", "csv or xlsx");
    if (extractor == nullptr) return fail(Code::unavailable, "policies.no_reader", "no worker in this program");
    files::Options options;
    options.cells = true;
    SK_TRY(const files::Extracted extracted, extractor->extract(in.name, bytes, options));
    for (const files::Block& block : extracted.blocks) {
      out->sheet.push_back(files::read_record(block.text));
      out->rows.push_back(std::atoi(block.label.c_str()));
      if (out->sheet.size() > files::kMaxSheetRows || out->sheet.back().size() > kMaxColumns) return fail(Code::too_large, "files.table_size", "over 20,000 rows or 64 columns");
    }
  }
  for (Line& line : out->sheet)
    for (std::string& cell : line) cell = files::cell_text(cell);
  in.read = std::move(out);
  return ok();
}

// What a file says, against what is stored.
class Planner {
 public:
  Planner(const Known& known, const standard::Pack& pack) : known_(known), pack_(pack) {
    for (std::size_t i = 0; i < known.content.ids.size(); ++i) places_[known.content.ids[i].str()] = i;
  }

  struct Edit {
    std::size_t place;
    Line line;     // as it shall be
    bool words = false;
    bool meaning = false;
  };

  TablePlan plan(const Grid& grid) {
    TablePlan out;
    if (grid.sheet.empty() || !read_header(grid.sheet.front(), out)) return out;
    std::set<std::size_t> seen;
    for (std::size_t i = 1; i < grid.sheet.size(); ++i) {
      ++out.rows;
      row_ = grid.rows[i];
      read_line(grid.sheet[i], seen, out);
    }
    if (out.errors.size() > kShownErrors) out.errors.resize(kShownErrors);
    return out;
  }

  const std::vector<Edit>& edits() const { return edits_; }
  const std::vector<Column>& own() const { return own_; }

 private:
  void wrong(TablePlan& out, const std::string& column, const std::string& why) { out.errors.push_back({row_, column, why}); }

  bool read_header(const Line& header, TablePlan& out) {
    row_ = 1;
    absent_ = header.size();
    at_.assign(At::count, absent_);
    std::set<std::string> names;
    for (std::size_t i = 0; i < header.size(); ++i) {
      const std::string& name = header[i];
      if (name.empty()) continue;
      if (!names.insert(name).second) wrong(out, name, "同じ名前の列が二つあります。");
      const auto it = std::find(kColumns.begin(), kColumns.end(), name);
      if (it != kColumns.end()) {
        at_[static_cast<std::size_t>(it - kColumns.begin())] = i;
        continue;
      }
      if (name.size() > kMaxOwnName) wrong(out, name.substr(0, 60), "列の名前が長すぎます。");
      const auto kept = std::find_if(known_.own.begin(), known_.own.end(), [&](const Column& column) { return column.name == name; });
      own_.push_back({name, kept == known_.own.end() ? std::map<standard::ClauseId, std::string>() : kept->cells});
      own_at_.push_back(i);
      out.own_columns.push_back(name);
    }
    if (own_.size() > kMaxOwnColumns) wrong(out, "", "加えた列が多すぎます（30列まで）。");
    for (const At::Place needed : {At::id, At::mark})
      if (at_[needed] == absent_) wrong(out, kColumns[needed], "この列が要ります。");
    return out.errors.empty();
  }

  std::string cell(const Line& line, std::size_t column) const { return column < line.size() ? line[column] : std::string(); }

  void read_line(const Line& line, std::set<std::size_t>& seen, TablePlan& out) {
    const auto it = places_.find(cell(line, at_[At::id]));
    if (it == places_.end()) return wrong(out, kColumns[At::id], "この版に、このIDの条文はありません。");
    const std::size_t place = it->second;
    if (!seen.insert(place).second) return wrong(out, kColumns[At::id], "同じ条文の行が二つあります。");
    const Line stands = line_of(known_, place);
    Edit edit{place, stands, false, false};
    for (std::size_t column = 0; column < At::count; ++column) {
      if (column == At::mark || at_[column] == absent_) continue;
      const std::string said = cell(line, at_[column]);
      if (said == stands[column]) continue;
      if (std::find(kChangeable.begin(), kChangeable.end(), static_cast<At::Place>(column)) == kChangeable.end()) {
        wrong(out, kColumns[column], "この列は変えられません。");
        continue;
      }
      edit.line[column] = said;
      (column == At::title || column == At::text ? edit.words : edit.meaning) = true;
      out.changes.push_back({row_, stands[At::ref], kColumns[column], stands[column], said});
    }
    const bool changes = edit.words || edit.meaning;
    if (changes && cell(line, at_[At::mark]) != stands[At::mark]) wrong(out, kColumns[At::mark], "書き出した後に、この条文は変わりました。書き出し直してください。");
    if (edit.line[At::title].size() > kMaxText || edit.line[At::text].size() > kMaxText) wrong(out, kColumns[At::text], "文が長すぎます。");
    if (edit.meaning) check_meaning(edit, out);
    if (changes) edits_.push_back(std::move(edit));
    read_own(line, place, out);
  }

  void check_meaning(const Edit& edit, TablePlan& out) {
    const auto& before = known_.meanings[edit.place];
    if (!before) return wrong(out, "", "この条文には、意味を付ける言葉がありません。");
    const std::string& state = edit.line[At::state];
    if (state != "confirmed" && state != "refused" && state != "suggested") return wrong(out, kColumns[At::state], "confirmed、refused、suggested のどれかです。");
    const bool values = std::any_of(kChangeable.begin(), kChangeable.end(), [&](At::Place at) { return at >= At::modality && at < At::state && edit.line[at] != line_of(known_, edit.place)[at]; });
    if (state != "confirmed" && values) return wrong(out, kColumns[At::state], "意味を変えるときは confirmed にしてください。");
    if (state != "confirmed") return;
    if (const Status good = standard::check_meaning(row_of(edit), pack_); !good) wrong(out, "", "意味の値が正しくありません（" + good.error().detail + "）。");
  }

  void read_own(const Line& line, std::size_t place, TablePlan& out) {
    for (std::size_t i = 0; i < own_.size(); ++i) {
      const std::string said = cell(line, own_at_[i]);
      if (said.size() > kMaxOwnCell) wrong(out, own_[i].name, "加えた列の文が長すぎます。");
      if (said.empty()) own_[i].cells.erase(known_.content.ids[place]);
      else own_[i].cells[known_.content.ids[place]] = said;
    }
  }

 public:
  standard::MeaningRow row_of(const Edit& edit) const {
    clauses::Clause words = known_.content.document.clauses[edit.place];
    if (edit.words) {
      words.title = edit.line[At::title];
      words.text = edit.line[At::text];
    }
    const Line& l = edit.line;
    if (l[At::state] == "refused") return {known_.content.ids[edit.place], standard::content_hash(words), "", "", "", "", "", "refused", std::nullopt, std::nullopt};
    return {known_.content.ids[edit.place], standard::content_hash(words), l[At::modality], l[At::actor], l[At::object], l[At::means], l[At::capability], "confirmed", std::nullopt, std::nullopt};
  }

 private:
  const Known& known_;
  const standard::Pack& pack_;
  std::map<std::string, std::size_t> places_;
  std::vector<std::size_t> at_;      // of each of ours in the file
  std::size_t absent_ = 0;           // where the file has no such column: it stays as it is
  std::vector<Column> own_;
  std::vector<std::size_t> own_at_;
  std::vector<Edit> edits_;
  int row_ = 1;
};

Result<TablePlan> preview_table(gate::Context& context, const standard::Pack& pack, TableImportIn& in) {
  context.about(in.version.str());
  if (!in.read) return fail(Code::internal, "policies.unread", "prepared nothing");
  SK_TRY(const Known known, known_of(context.tx, pack, in.version));
  return Planner(known, pack).plan(*in.read);
}

Status write_words(gate::Context& context, Known& known, const Planner& planner, const standard::Edited& edited) {
  auto& document = known.content.document;
  std::set<std::size_t> touched;
  std::vector<std::string> before;
  for (const clauses::Clause& c : document.clauses) before.push_back(c.ref);
  for (const Planner::Edit& edit : planner.edits()) {
    if (!edit.words) continue;
    const Line stands = line_of(known, edit.place);
    clauses::Clause& clause = document.clauses[edit.place];
    if (edit.line[At::title] != stands[At::title]) clause.title = edit.line[At::title];
    if (edit.line[At::text] != stands[At::text]) clause.text = edit.line[At::text];
    known.content.edited[edit.place] = edited;
    touched.insert(edit.place);
  }
  clauses::give_refs(document);
  for (std::size_t i = 0; i < before.size(); ++i)
    if (touched.contains(i) || document.clauses[i].ref != before[i]) SK_CHECK(standard::Table::update_clause(context.tx, known.content.version.id, i, document.clauses[i], known.content.edited[i]));
  return ok();
}

Result<TablePlan> import_table(gate::Context& context, const standard::Pack& pack, TableImportIn& in) {
  context.about(in.version.str());
  if (!in.read) return fail(Code::internal, "policies.unread", "prepared nothing");
  SK_TRY(Known known, known_of(context.tx, pack, in.version));
  const Known stood = known;
  Planner planner(stood, pack);
  TablePlan plan = planner.plan(*in.read);
  if (!plan.errors.empty()) return fail(Code::invalid_argument, "policies.table_refused", std::to_string(plan.errors.front().row) + ": " + plan.errors.front().text);
  // Meanings and added columns belong to the document; the words are the version's, and those of a version in force stand.
  if (std::any_of(planner.edits().begin(), planner.edits().end(), [](const Planner::Edit& edit) { return edit.words; })) SK_CHECK(standard::begin_edit(context, in.version));
  const standard::Edited by{name_of(context.permit().person()), context.now};
  SK_CHECK(write_words(context, known, planner, by));
  for (const Planner::Edit& edit : planner.edits()) {
    if (!edit.meaning) continue;
    if (edit.line[At::state] == "suggested") {
      SK_CHECK(standard::MeaningTable::remove(context.tx, known.content.version.document_id, known.content.ids[edit.place]));
      continue;
    }
    standard::MeaningRow row = planner.row_of(edit);
    row.decided_by = by.by;
    row.decided_at = by.at;
    SK_CHECK(standard::MeaningTable::put(context.tx, known.content.version.document_id, row));
  }
  for (std::size_t i = 0; i < planner.own().size(); ++i) SK_CHECK(Table::put(context.tx, known.content.version.document_id, static_cast<int>(i), planner.own()[i]));
  plan.done = true;
  context.note("changes", json::Value(static_cast<std::int64_t>(plan.changes.size())));
  return plan;
}

}  // namespace

void register_table_operations(gate::Registry& registry, files::Extractor* extractor, std::shared_ptr<const standard::Pack> pack) {
  using gate::Access;
  const auto prepare = [extractor](gate::Preparation& p, TableImportIn& in) { return read_grid(p, in, extractor); };
  registry.add(gate::Operation<TableFileIn, TableFileOut>{"policies.table_file", "条文の表をExcelかCSVにする", "policies.read", Access::read, 1024, gate::no_preparation<TableFileIn>(),
                                                          [pack](gate::Context& context, TableFileIn& in) { return table_file(context, *pack, in); }});
  registry.add(gate::Operation<TableImportIn, TablePlan>{"policies.table_preview", "条文の表を取り込むと何が変わるかを見る", "policies.manage", Access::read, kMaxIn, prepare,
                                                         [pack](gate::Context& context, TableImportIn& in) { return preview_table(context, *pack, in); }});
  registry.add(gate::Operation<TableImportIn, TablePlan>{"policies.table_import", "条文の表の見出し、本文、意味を取り込む", "policies.manage", Access::write, kMaxIn, prepare,
                                                         [pack](gate::Context& context, TableImportIn& in) { return import_table(context, *pack, in); }});
}

}  // namespace sekisho::interchange
