// A register as a file: what a list shows, with every field that the caller may see and the columns that came with imported ledgers.
#include <algorithm>

#include "core/bytes.h"
#include "crypto/hash.h"
#include "features/office/kept_table.h"
#include "features/office/views.h"
#include "files/sheet.h"
#include "text/utf8.h"

namespace sekisho::office {
namespace {

constexpr int kStep = 500;
constexpr std::size_t kShownMissing = 30;

// What stands in one column: a field, an axis of a class, or the program's own.
struct Column {
  std::string key;
  std::string axis;
  std::string title;
};

std::vector<Column> columns_of(const workflow::Definition& d) {
  std::vector<Column> out{{"number", "", "番号"}};
  std::set<std::string> named;
  if (d.exchange)
    for (const workflow::ExchangeColumn& c : d.exchange->columns) {
      if (c.field == "number") continue;
      out.push_back({c.field, c.axis.value_or(""), c.headers.front()});
      named.insert(c.field);
    }
  if (!named.contains("state")) out.push_back({"state", "", "状態"});
  for (const workflow::Field& f : d.fields)
    if (!named.contains(f.key)) out.push_back({f.key, "", f.title});
  for (const auto& [key, title] : {std::pair("opened", "開いた日"), std::pair("closed", "終わった日")})
    if (!named.contains(key)) out.push_back({key, "", title});
  return out;
}

json::Value part_of(const json::Object& fields, const Column& column) {
  json::Object part;
  const auto it = fields.find(column.key);
  if (it != fields.end() && it->value().is_object())
    if (const auto rank = it->value().get_object().find(column.axis); rank != it->value().get_object().end()) part[column.axis] = rank->value();
  return part;
}

}  // namespace

Result<std::string> Views::exported(const File& file, const std::string& key, const std::string& axis) {
  if (axis.empty()) return cell(file, key);
  workflow::Field shape;
  shape.type = "class";
  if (const workflow::Field* const field = file.d().field(key)) {
    SK_TRY(const bool visible, office_.may_see(context_, file, actor_, *field));
    if (!visible) return std::string();
  }
  return words_.of(shape, part_of(file.c.fields, {key, axis, ""}));
}

// What may be carried out from here; the answer is as sensitive as all of it.
Status Views::each_exported(const Filter& filter, const std::function<Status(const File&)>& take) {
  std::string after;
  policy::Label whole{1, 1, 1, {}, 0, {}, policy::Trust::person, policy::State::known};
  for (bool more = true; more;) {
    SK_TRY(const auto ids, candidates(filter, after, kStep));
    more = static_cast<int>(ids.size()) == kStep;
    for (const CaseId& id : ids) {
      after = id.str();
      SK_TRY(const auto file, office_.readable(context_, actor_, id));
      if (!file) continue;
      if (const auto allowed = policy::decide_export(context_.permit().matrix(), context_.permit().person(), {"office", {}}, file->c.label); !allowed.allow) continue;
      whole = policy::join(whole, file->c.label);
      SK_CHECK(take(*file));
    }
  }
  context_.label(whole);
  return ok();
}

static Status add_line(files::Sheet& sheet, files::Row line) {
  if (sheet.size() >= files::kMaxSheetRows) return fail(Code::too_large, "office.export_size", "over 20,000 rows");
  sheet.push_back(std::move(line));
  return ok();
}

Result<files::Sheet> Views::sheet(const workflow::Definition& d, const Filter& filter) {
  const std::vector<Column> columns = columns_of(d);
  files::Sheet out(1);
  for (const Column& c : columns) out[0].push_back(c.title);
  std::map<std::string, std::size_t> kept_at;  // name -> column
  SK_CHECK(each_exported(filter, [&](const File& file) -> Status {
    files::Row line;
    for (const Column& c : columns) {
      SK_TRY(const std::string text, exported(file, c.key, c.axis));
      line.push_back(files::cell_text(text));
    }
    SK_TRY(const auto kept, KeptTable::of(context_.tx, file.c.id));
    for (const Kept& k : kept) {
      const auto at = kept_at.emplace(k.name, out[0].size()).first->second;
      if (at == out[0].size()) out[0].push_back(k.name);
      line.resize(std::max(line.size(), at + 1));
      line[at] = k.content;
    }
    return add_line(out, std::move(line));
  }));
  for (files::Row& line : out) line.resize(out[0].size());
  return out;
}

// A line for each row of a table, with every column of it. A case of an older version has its own columns: what the newest has not is left out.
Result<files::Sheet> Views::rows_of_table(const workflow::Field& table, const Filter& filter) {
  files::Sheet out(1);
  for (const char* title : {"番号", "部署", "年度", "状態"}) out[0].emplace_back(title);
  for (const workflow::Column& c : *table.columns) out[0].push_back(c.title);
  SK_CHECK(each_exported(filter, [&](const File& file) -> Status {
    const workflow::Field* const own = file.d().field(table.key);
    const auto value = file.c.fields.find(table.key);
    if (own == nullptr || own->type != "table" || value == file.c.fields.end()) return ok();
    SK_TRY(const bool visible, office_.may_see(context_, file, actor_, *own));
    if (!visible) return ok();
    SK_TRY(const ItemView view, item(file));
    SK_TRY(const auto rows, words_.cells(*own, value->value()));
    for (const std::vector<std::string>& row : rows) {
      files::Row line{file.c.number, view.unit, fiscal_year_label(file.c.fiscal_year), view.state_title};
      for (const workflow::Column& c : *table.columns) {
        const auto at = std::find_if(own->columns->begin(), own->columns->end(), [&](const workflow::Column& one) { return one.key == c.key; });
        line.push_back(at == own->columns->end() ? "" : files::cell_text(row[static_cast<std::size_t>(at - own->columns->begin())]));
      }
      SK_CHECK(add_line(out, std::move(line)));
    }
    return ok();
  }));
  return out;
}

Result<LedgerFileOut> Views::ledger(const ExportIn& in) {
  const std::string format = in.format.value_or("csv");
  if (format != "csv" && format != "csv-cp932" && format != "xlsx") return fail(Code::invalid_argument, "office.export_format", "csv, csv-cp932 or xlsx");
  SK_TRY(const ReadVersion one, office_.definitions().in_force(context_.tx, context_.body.code, in.definition));
  if (!one.loaded->definition) return fail(Code::conflict, "office.definition_broken", in.definition);
  const workflow::Definition& d = *one.loaded->definition;
  SK_TRY(const Filter filter, filter_of({in.definition, in.kind, in.state, in.unit, in.field, in.value, in.words, std::nullopt, std::nullopt}, one));
  const workflow::Field* const table = in.table ? d.field(*in.table) : nullptr;
  if (in.table && (table == nullptr || table->type != "table")) return fail(Code::invalid_argument, "office.field", in.table->substr(0, 60) + ": no table");
  SK_TRY(files::Sheet sheet, table == nullptr ? this->sheet(d, filter) : rows_of_table(*table, filter));
  LedgerFileOut out;
  out.name = in.definition + (table == nullptr ? "" : "-" + table->key) + (format == "xlsx" ? ".xlsx" : ".csv");
  out.rows = static_cast<int>(sheet.size()) - 1;
  std::string bytes;
  if (format == "xlsx") {
    for (const files::Row& line : sheet)
      for (const std::string& cell : line)
        if (text::count_code_points(cell) > files::kMaxSheetCell) return fail(Code::too_large, "office.export_cell", line.front());
    SK_TRY(bytes, files::xlsx_of(sheet, "台帳"));
  } else if (format == "csv") {
    bytes = files::csv_of(sheet);
  } else {
    SK_TRY(files::Cp932 written, files::csv_cp932_of(sheet));
    bytes = std::move(written.bytes);
    for (const auto& [character, lines] : written.missing)
      if (out.missing.size() < kShownMissing) out.missing.push_back(character);
  }
  out.sha256 = to_hex(crypto::sha256(bytes));
  out.content = to_base64(bytes);
  return out;
}

}  // namespace sekisho::office
