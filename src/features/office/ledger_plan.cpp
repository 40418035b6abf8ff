#include "features/office/ledger_plan.h"

#include <algorithm>

#include "text/normalise.h"
#include "text/shorten.h"
#include "text/utf8.h"

namespace sekisho::office {
namespace {

constexpr std::size_t kShownErrors = 500;
constexpr std::size_t kMaxHeader = 200;   // bytes
constexpr const char* kElsewhere = "（元の台帳）";  // a column that is kept beside one of ours with the same name
constexpr std::size_t kMaxValue = 120;    // bytes of a cell as an error shows it
constexpr std::size_t kHeaderRows = 12;   // looked at for the columns' names
constexpr std::size_t kSamples = 3;

std::string same(std::string_view text) {
  std::string out = text::normalise(text);
  out.erase(std::remove_if(out.begin(), out.end(), [](char c) { return c == ' ' || c == '\n' || c == '\t'; }), out.end());
  return out;
}

bool blank(const std::string& text) { return text.find_first_not_of(" \t\r\n") == std::string::npos; }

// What exports write of a case besides its fields: the program's own.
const std::set<std::string>& own_columns() {
  static const std::set<std::string> all = {same("状態"), same("開いた日"), same("更新した日"), same("期限"), same("終わった日")};
  return all;
}

}  // namespace

void LedgerPlanner::wrong(LedgerOut& out, int row, const std::string& column, const std::string& value, std::string text) const {
  ++out.errors_total;
  if (out.errors.size() < kShownErrors) out.errors.push_back({row, column, text::shortened(value, kMaxValue), std::move(text)});
}

Status LedgerPlanner::look_up(const LedgerIn& in, LedgerOut& out) {
  SK_TRY(version_, office_.definitions().in_force(context_.tx, context_.body.code, in.definition));
  if (!version_.loaded->definition) return fail(Code::conflict, "office.definition_broken", in.definition);
  SK_TRY(organisation_, office_.definitions().organisation(context_.tx, context_.body.code));
  Case shape;
  shape.unit = actor_.units.empty() ? "" : actor_.units.front();
  const std::vector<Event> none;
  Addressing addressing(context_.tx, d(), *organisation_, shape, none);
  SK_TRY(const Addresses openers, addressing.of(d().open.by));
  if (!meet(openers, actor_.addresses)) return refused(d().open.clauses, Code::denied, "office.not_opener", in.definition);
  for (const workflow::Field& f : d().fields) {
    if (!FromText::takes(f)) continue;
    bool may = true;
    if (f.edit) {
      SK_TRY(const Addresses who, addressing.of(*f.edit));
      may = meet(who, actor_.addresses);
    }
    if (may) writable_.push_back(f.key);
  }
  const bool takes_over = context_.permit().person().powers.contains("policies.manage");
  if (takes_over && d().exchange && d().exchange->state) state_ = *d().exchange->state;
  const workflow::State* const begins = d().state(state_.empty() ? d().first_state() : state_);
  out.state = begins == nullptr ? "" : begins->title;
  return targets(out);
}

Status LedgerPlanner::targets(LedgerOut& out) {
  static const std::pair<const char*, const char*> kAxes[] = {{"c", "機密性"}, {"i", "完全性"}, {"a", "可用性"}};
  for (const std::string& key : writable_) {
    const workflow::Field& f = *d().field(key);
    out.targets.push_back({f.key, f.title});
    if (f.type == "class")
      for (const auto& [axis, title] : kAxes) out.targets.push_back({f.key + ":" + axis, f.title + "（" + title + "）"});
    if (f.type == "text") out.keys.push_back({f.key, f.title});
  }
  out.targets.push_back({kNumber, "番号（すでにある案件）"});
  out.targets.push_back({kKeep, "この見出しのまま残す"});
  out.targets.push_back({kLeave, "読み込まない"});
  out.keys.push_back({kNumber, "番号"});
  out.keys.push_back({kNoKey, "なし（どの行も新しく開く）"});
  return ok();
}

// "" for a header that says nothing to the definition; kLeave: exports write such a column, and nobody, or not this person, reads it in.
std::string LedgerPlanner::known_header(const std::string& header) const {
  const std::string h = same(header);
  if (h.empty()) return "";
  const auto reads = [&](const std::string& key) { return std::find(writable_.begin(), writable_.end(), key) != writable_.end(); };
  if (d().exchange)
    for (const workflow::ExchangeColumn& c : d().exchange->columns)
      for (const std::string& one : c.headers)
        if (same(one) == h) {
          if (c.field == "number") return kNumber;
          return !reads(c.field) ? kLeave : c.axis ? c.field + ":" + *c.axis : c.field;
        }
  for (const workflow::Field& f : d().fields)
    if (same(f.title) == h) return reads(f.key) ? f.key : kLeave;
  if (h == same("番号")) return kNumber;
  return own_columns().contains(h) ? kLeave : "";
}

// Many ledgers number their rows by themselves: it is a file of these cases when its first number is one of theirs, and was not read in from elsewhere.
Result<bool> LedgerPlanner::of_these_cases(const ReadLedger& ledger, std::size_t header) const {
  for (std::size_t i = 0; i < ledger.sheet[header].size(); ++i)
    if (known_header(ledger.sheet[header][i]) == kNumber)
      for (std::size_t row = header + 1; row < ledger.sheet.size(); ++row)
        if (const std::string text = cell(ledger.sheet[row], i); !blank(text)) {
          SK_TRY(const auto known, CaseTable::by_number(context_.tx, version_.version.name, text));
          SK_TRY(const bool read_in, KeptTable::holds(context_.tx, version_.version.name, ledger.sheet[header][i] + kElsewhere, text));
          return known.has_value() && !read_in;
        }
  return false;
}

// The line, of the first few, with most headers that are known; with none, the first.
int LedgerPlanner::header_of(const ReadLedger& ledger) const {
  std::size_t best = 0;
  int most = 0;
  for (std::size_t i = 0; i < std::min(kHeaderRows, ledger.sheet.size()); ++i) {
    const int known = static_cast<int>(std::count_if(ledger.sheet[i].begin(), ledger.sheet[i].end(), [&](const std::string& c) { return !known_header(c).empty(); }));
    if (known > most) {
      most = known;
      best = i;
    }
  }
  return static_cast<int>(best);
}

Result<Target> LedgerPlanner::target(const std::string& to) const {
  if (to == kNumber) return Target{nullptr, "", Target::Kind::number};
  if (to == kKeep) return Target{nullptr, "", Target::Kind::keep};
  if (to == kLeave) return Target{nullptr, "", Target::Kind::leave};
  const std::string key = to.substr(0, to.find(':'));
  const std::string axis = to.find(':') == std::string::npos ? "" : to.substr(to.find(':') + 1);
  const workflow::Field* const field = d().field(key);
  const bool good_axis = axis.empty() || (field != nullptr && field->type == "class" && (axis == "c" || axis == "i" || axis == "a"));
  if (field == nullptr || !good_axis || std::find(writable_.begin(), writable_.end(), key) == writable_.end()) return fail(Code::invalid_argument, "office.import_column", to.substr(0, 80));
  return Target{field, axis, Target::Kind::field};
}

Status LedgerPlanner::columns(const LedgerIn& in, std::size_t header, LedgerOut& out) {
  const ReadLedger& ledger = *in.read;
  std::size_t width = 0;
  for (const files::Row& line : ledger.sheet) width = std::max(width, line.size());
  SK_TRY(const bool ours, of_these_cases(ledger, header));
  std::set<std::string> taken, names;
  for (std::size_t i = 0; i < width; ++i) {
    LedgerColumn column;
    column.column = static_cast<int>(i + 1);
    column.header = text::shortened(cell(ledger.sheet[header], i), kMaxHeader);
    for (std::size_t row = header + 1; row < ledger.sheet.size() && column.samples.size() < kSamples; ++row)
      if (const std::string text = cell(ledger.sheet[row], i); !blank(text)) column.samples.push_back(text::shortened(text, kMaxValue));
    if (blank(column.header)) column.header = column.samples.empty() ? "" : "列" + std::to_string(i + 1);
    const std::string known = column.header.empty() ? kLeave : known_header(column.header);
    // What exports write and nobody reads is in these cases already; out of another ledger nothing is lost.
    column.to = known.empty() || (!ours && !column.header.empty() && (known == kNumber || known == kLeave)) ? kKeep : known;
    if (in.columns)
      for (const ColumnTo& one : *in.columns)
        if (one.column == column.column) column.to = one.to;
    if (column.to != kKeep && column.to != kLeave && !taken.insert(column.to).second) {
      if (in.columns) return fail(Code::invalid_argument, "office.import_twice", column.to.substr(0, 80));
      column.to = kKeep;
    }
    // A name that exports give to a column of their own, or that stands twice, is not kept as it is.
    if (column.to == kKeep && !known.empty()) column.header += kElsewhere;
    const std::string name = column.header;
    for (int n = 2; !name.empty() && !names.insert(column.header).second; ++n) column.header = name + "（" + std::to_string(n) + "）";
    SK_TRY(Target t, target(column.to));
    targets_.push_back(std::move(t));
    headers_.push_back(column.header);
    out.columns.push_back(std::move(column));
  }
  return ok();
}

Status LedgerPlanner::choose_key(const LedgerIn& in, LedgerOut& out) {
  const auto mapped = [&](const std::string& to) { return std::any_of(out.columns.begin(), out.columns.end(), [&](const LedgerColumn& c) { return c.to == to; }); };
  key_ = in.key.value_or("");
  if (key_.empty()) {
    const std::string match = d().exchange ? d().exchange->match.value_or("") : "";
    if (!match.empty() && mapped(match == "number" ? kNumber : match)) key_ = match == "number" ? kNumber : match;
    else if (mapped(kNumber)) key_ = kNumber;
    else
      for (const TargetView& k : out.keys)
        if (key_.empty() && mapped(k.to)) key_ = k.to;
    if (key_.empty()) key_ = kNoKey;
  }
  if (std::none_of(out.keys.begin(), out.keys.end(), [&](const TargetView& k) { return k.to == key_; })) return fail(Code::invalid_argument, "office.import_key", key_.substr(0, 80));
  if (key_ != kNoKey && !mapped(key_)) return fail(Code::invalid_argument, "office.import_key", key_ + ": no column");
  out.key = key_;
  return ok();
}

Result<std::optional<File>> LedgerPlanner::matched(const std::string& key, bool& several) {
  if (!by_key_) {
    // Once for all rows: what the person may read, by the text in the key field.
    by_key_.emplace();
    Filter filter;
    filter.definition = version_.version.name;
    std::string before;
    for (;;) {
      SK_TRY(const auto ids, CaseTable::page(context_.tx, filter, before, 2000));
      for (const CaseId& id : ids) {
        before = id.str();
        SK_TRY(const auto c, CaseTable::for_rules(context_.tx, id));
        if (!c) continue;
        const auto value = c->fields.find(key_);
        if (value != c->fields.end() && value->value().is_string()) (*by_key_)[same(std::string_view(value->value().get_string()))].push_back(id);
      }
      if (ids.size() < 2000) break;
    }
  }
  std::optional<File> out;
  const auto found = by_key_->find(same(key));
  if (found == by_key_->end()) return out;
  for (const CaseId& id : found->second) {
    SK_TRY(auto file, office_.readable(context_, actor_, id));
    if (!file) continue;
    several = several || out.has_value();
    out = std::move(file);
  }
  return out;
}

// Which case the row belongs to. false: it cannot be told, and that was said.
Result<bool> LedgerPlanner::place(const files::Row& line, RowPlan& plan, LedgerOut& out) {
  const auto text_of = [&](const std::function<bool(const Target&)>& is) {
    for (std::size_t i = 0; i < targets_.size(); ++i)
      if (is(targets_[i])) return std::pair(cell(line, i), headers_[i]);
    return std::pair(std::string(), std::string());
  };
  std::optional<File> file;
  const auto [number, number_header] = text_of([](const Target& t) { return t.kind == Target::Kind::number; });
  if (!blank(number)) {
    SK_TRY(const auto id, CaseTable::by_number(context_.tx, version_.version.name, number));
    if (id) {
      SK_TRY(file, office_.readable(context_, actor_, *id));
    }
    if (!file) wrong(out, plan.row, number_header, number, "この番号の案件はありません。空にすると新しく開きます");
    if (!file) return false;
    if (!seen_.insert("#" + number).second) {
      wrong(out, plan.row, number_header, number, "同じ番号の行が前にあります");
      return false;
    }
  } else if (key_ != kNoKey && key_ != kNumber) {
    const auto [key, header] = text_of([&](const Target& t) { return t.kind == Target::Kind::field && t.field->key == key_; });
    if (blank(key)) {
      wrong(out, plan.row, header, key, "行を見分ける欄が空です");
      return false;
    }
    if (!seen_.insert(same(key)).second) {
      wrong(out, plan.row, header, key, "同じ内容の行が前にあります");
      return false;
    }
    bool several = false;
    SK_TRY(file, matched(key, several));
    if (several) wrong(out, plan.row, header, key, "同じ内容の案件がいくつもあります。番号の列で見分けてください");
    if (several) return false;
  }
  if (!file) return true;
  plan.existing = file->c.id;
  plan.hash = file->c.hash;
  std::size_t errors = 0;
  SK_CHECK(read_cells(line, &*file, plan, errors, out));
  return errors == 0;
}

Status LedgerPlanner::read_cells(const files::Row& line, const File* existing, RowPlan& plan, std::size_t& errors, LedgerOut& out) {
  const workflow::Lookups look = office_.lookups(context_, *organisation_);
  std::vector<Kept> before;
  if (existing != nullptr) {
    SK_TRY(before, KeptTable::of(context_.tx, existing->c.id));
  }
  for (std::size_t i = 0; i < targets_.size(); ++i) {
    const Target& t = targets_[i];
    const std::string text = cell(line, i);
    if (t.kind == Target::Kind::keep && !headers_[i].empty() && !blank(text)) {
      if (text::count_code_points(text) > files::kMaxSheetCell) {
        ++errors;
        wrong(out, plan.row, headers_[i], text, "長すぎます（32,767文字まで）");
      } else if (std::find(before.begin(), before.end(), Kept{headers_[i], text}) == before.end()) {
        plan.kept.push_back({headers_[i], text});
      }
    }
    if (t.kind != Target::Kind::field || blank(text)) continue;
    const json::Value* old = nullptr;
    if (existing != nullptr)
      if (const auto it = existing->c.fields.find(t.field->key); it != existing->c.fields.end()) old = &it->value();
    if (old != nullptr && t.axis.empty()) {
      // What an export wrote is the same, even where a person or a department cannot be told from its words any more.
      SK_TRY(const std::string words, words_.of(*t.field, *old));
      if (same(words) == same(text)) continue;
    }
    auto value = from_text_.value(*t.field, t.axis, text);
    if (value && !t.axis.empty()) {
      // Axes are put together: what stood there, what an earlier column said, this one.
      json::Object whole;
      if (old != nullptr && old->is_object()) whole = old->get_object();
      if (const auto earlier = plan.fields.find(t.field->key); earlier != plan.fields.end()) whole = earlier->value().get_object();
      for (const auto& axis : value->get_object()) whole[axis.key()] = axis.value();
      value = json::Value(std::move(whole));
    }
    if (value) value = workflow::value_of(*t.field, *value, look);
    if (!value) {
      if (value.error().code != Code::invalid_argument) return fail(value.error());
      ++errors;
      wrong(out, plan.row, headers_[i], text, value.error().key == "office.cell" ? value.error().detail : "この欄に入れられる値ではありません（長さや範囲）");
      continue;
    }
    if (old == nullptr || *old != *value) plan.fields[t.field->key] = std::move(*value);
    else plan.fields.erase(t.field->key);
  }
  return ok();
}

// Everything that an opening needs is there.
Status LedgerPlanner::check_new(RowPlan& plan, std::size_t& errors, LedgerOut& out) {
  File file;
  file.loaded = version_.loaded;
  file.organisation = organisation_;
  file.c.definition = version_.version.name;
  file.c.state = d().first_state();
  file.c.fields = plan.fields;
  SK_TRY(const auto missing, workflow::missing(office_.facts_of(context_, file), ""));
  for (const std::string& key : missing) {
    ++errors;
    wrong(out, plan.row, d().field(key)->title, "", "新しく開くには、この欄が要ります");
  }
  return ok();
}

Status LedgerPlanner::read_row(const files::Row& line, int row, LedgerOut& out) {
  if (std::all_of(line.begin(), line.end(), [](const std::string& c) { return blank(c); })) return ok();
  ++out.rows;
  RowPlan plan;
  plan.row = row;
  std::size_t errors = 0;
  SK_TRY(const bool placed, place(line, plan, out));
  if (placed && !plan.existing) {
    SK_CHECK(read_cells(line, nullptr, plan, errors, out));
    SK_CHECK(check_new(plan, errors, out));
  }
  if (!placed || errors > 0) {
    ++out.bad;
    return ok();
  }
  if (!plan.existing) ++out.opened;
  else if (plan.fields.empty() && plan.kept.empty()) ++out.same;
  else ++out.changed;
  if (!plan.existing || !plan.fields.empty() || !plan.kept.empty()) rows_.push_back(std::move(plan));
  return ok();
}

Status LedgerPlanner::plan(const LedgerIn& in, LedgerOut& out) {
  if (!in.read) return fail(Code::internal, "internal", "prepared nothing");
  const ReadLedger& ledger = *in.read;
  out.encoding = ledger.encoding;
  out.encoding_certain = ledger.encoding_certain;
  SK_CHECK(look_up(in, out));
  if (ledger.sheet.empty()) return fail(Code::invalid_argument, "office.import_empty", "no row");
  std::size_t header = static_cast<std::size_t>(header_of(ledger));
  if (in.header) {
    const auto at = std::find(ledger.rows.begin(), ledger.rows.end(), *in.header);
    if (at == ledger.rows.end()) return fail(Code::invalid_argument, "office.import_header", std::to_string(*in.header));
    header = static_cast<std::size_t>(at - ledger.rows.begin());
  }
  out.header = ledger.rows[header];
  SK_CHECK(columns(in, header, out));
  SK_CHECK(choose_key(in, out));
  for (std::size_t i = header + 1; i < ledger.sheet.size(); ++i) SK_CHECK(read_row(ledger.sheet[i], ledger.rows[i], out));
  return ok();
}

}  // namespace sekisho::office
