#include "features/office/sheets.h"

#include <algorithm>
#include <cmath>

#include "features/office/views.h"
#include "text/shorten.h"

namespace sekisho::office {
namespace {

using gate::Context;
using workflow::contains;
using workflow::Field;
using workflow::text_in;

constexpr std::size_t kMostRows = 500;         // of a table (workflow)
constexpr std::size_t kMostWords = 240'000;    // bytes of all clauses of one sheet: a case holds 400,000
constexpr std::size_t kMostClause = 1'500;     // bytes of one
constexpr int kPage = 200;
constexpr int kMostCases = 5'000;              // of one year
constexpr std::size_t kMostGaps = 2'000;

const json::Array* rows_of(const json::Object& fields, const std::string& key) {
  const auto it = fields.find(key);
  return it == fields.end() || !it->value().is_array() ? nullptr : &it->value().get_array();
}

const workflow::Column& column_of(const Field& field, const std::string& key) {
  return *std::find_if(field.columns->begin(), field.columns->end(), [&](const workflow::Column& c) { return c.key == key; });
}

std::string title_of(const Field& field, const std::string& answer) {
  for (const workflow::Choice& c : *column_of(field, field.rows->answer).choices)
    if (c.key == answer) return c.title;
  return "";
}

std::string actor_code(const std::string& actor, const workflow::Organisation& organisation) {
  if (actor == "staff" || actor == "body") return "@" + actor;
  const auto post = organisation.posts.find(actor);
  return post == organisation.posts.end() ? "" : post->second;
}

// Of the same system, contractor, …: the references of the two agree.
bool same_matter(const workflow::Definition& d, const json::Object& a, const json::Object& b) {
  return std::all_of(d.fields.begin(), d.fields.end(), [&](const Field& f) {
    if (f.type != "reference") return true;
    const json::Value *const left = a.if_contains(f.key), *const right = b.if_contains(f.key);
    return left == nullptr || right == nullptr ? left == right : *left == *right;
  });
}

const Field* sheet_of(const workflow::Definition& d) {
  const auto it = std::find_if(d.fields.begin(), d.fields.end(), [](const Field& f) { return f.rows.has_value(); });
  return it == d.fields.end() ? nullptr : &*it;
}

// The clauses that the definition asks for, in the order of the policy, what it puts first before the others.
std::vector<ClauseRow> chosen(std::vector<ClauseRow> all, const workflow::RowsFrom& from, const workflow::Organisation& organisation) {
  std::set<std::string> actors;
  for (const std::string& a : from.actors) actors.insert(actor_code(a, organisation));
  std::erase_if(all, [&](const ClauseRow& c) {
    return !contains(from.modality, c.modality) || !contains(from.kinds, c.kind) || std::none_of(c.actors.begin(), c.actors.end(), [&](const std::string& a) { return actors.contains(a); });
  });
  const workflow::Keys first = from.first.value_or(workflow::Keys{});
  std::stable_partition(all.begin(), all.end(), [&](const ClauseRow& c) { return contains(first, c.kind) || contains(first, c.modality); });
  if (all.size() > kMostRows) all.resize(kMostRows);
  return all;
}

// One year's sheets, put together.
class Together {
 public:
  Together(Views& views, const Field& newest) : views_(views), field_(newest), whole_(newest) {}

  Status add(const File& file) {
    // An older case is answered by its own version's words; the columns are found there.
    const Field* const field = sheet_of(file.d());
    const json::Array* const rows = field == nullptr ? nullptr : rows_of(file.c.fields, field->key);
    if (rows == nullptr) return ok();
    SK_TRY(const ItemView item, views_.item(file));
    AnswerTally unit(field_);
    for (const json::Value& row : *rows) {
      const std::string answer = text_in(row, field->rows->answer), id = text_in(row, workflow::given_column(*field, "clause")->key);
      unit.add(answer);
      whole_.add(answer);
      auto [place, fresh] = clauses_.try_emplace(id, Clause{{}, AnswerTally(field_)});
      if (fresh) {
        order_.push_back(id);
        const workflow::Column* const version = workflow::given_column(*field, "version");
        place->second.view = {id, version == nullptr ? "" : text_in(row, version->key), text_in(row, workflow::given_column(*field, "label")->key), text_in(row, workflow::given_column(*field, "text")->key), {}, {}};
      }
      place->second.tally.add(answer);
      if (contains(field->rows->gaps, answer) && out_.gaps.size() < kMostGaps)
        out_.gaps.push_back({file.c.id, file.c.number, item.unit, id, text_in(row, workflow::given_column(*field, "label")->key), title_of(*field, answer),
                             text_in(row, field->rows->say.value_or("")), text_in(row, field->rows->evidence.value_or(""))});
    }
    out_.units.push_back({file.c.id, file.c.number, item.unit, item.state_title, unit.counts(), unit.rate()});
    return ok();
  }

  SheetOut done() {
    for (const std::string& id : order_) {
      Clause& one = clauses_.at(id);
      one.view.counts = one.tally.counts();
      one.view.rate = one.tally.rate();
      out_.clauses.push_back(std::move(one.view));
    }
    std::stable_sort(out_.clauses.begin(), out_.clauses.end(), [](const SheetClause& a, const SheetClause& b) { return a.rate.value_or(2) < b.rate.value_or(2); });
    out_.rate = whole_.rate();
    return std::move(out_);
  }
  SheetOut out_;

 private:
  struct Clause {
    SheetClause view;
    AnswerTally tally;
  };
  Views& views_;
  const Field& field_;
  AnswerTally whole_;
  std::map<std::string, Clause> clauses_;
  std::vector<std::string> order_;
};

Result<SheetOut> sheet(const Office& office, Context& context, const SheetIn& in) {
  SK_TRY(const Actor actor, actor_of(context, office.directory()));
  SK_TRY(const ReadVersion version, office.definitions().in_force(context.tx, context.body.code, in.definition));
  if (!version.loaded->definition) return fail(Code::conflict, "office.definition_broken", in.definition);
  const workflow::Definition& d = *version.loaded->definition;
  const Field* const field = sheet_of(d);
  if (field == nullptr) return fail(Code::not_found, "office.no_sheet", "the definition has no table made of clauses");
  SK_TRY(const Organisation here, office.definitions().organisation(context.tx, context.body.code));
  const int year = in.fiscal_year.value_or(fiscal_year(jst_date(context.now), here->fiscal_year_start));
  if (year < 1900 || year > 9000) return fail(Code::invalid_argument, "office.year", std::to_string(year));
  Views views(office, context, actor);
  Together all(views, *field);
  all.out_.definition = in.definition;
  all.out_.title = d.title;
  all.out_.field = field->title;
  all.out_.table = field->key;
  all.out_.fiscal_year = year;
  all.out_.label = fiscal_year_label(year);
  Filter filter;
  filter.definition = in.definition;
  int looked = 0;
  std::string before;
  for (bool further = true; further;) {
    SK_TRY(const auto ids, CaseTable::page(context.tx, filter, before, kPage));
    further = static_cast<int>(ids.size()) == kPage;
    for (const CaseId& id : ids) {
      before = id.str();
      SK_TRY(const auto file, office.readable(context, actor, id));
      if (!file || file->only_step || file->c.fiscal_year > year) continue;
      if (file->c.fiscal_year < year) {
        further = false;  // they come newest first
        break;
      }
      const Field* const its = sheet_of(file->d());
      SK_TRY(const bool visible, its == nullptr ? Result<bool>(false) : office.may_see(context, *file, actor, *its));
      if (!visible) continue;
      if (++looked > kMostCases) {
        all.out_.more = true;
        return all.done();
      }
      SK_CHECK(all.add(*file));
    }
  }
  return all.done();
}

}  // namespace

void AnswerTally::add(const std::string& answer) {
  ++counts_[answer];
  if (contains(field_->rows->good, answer)) ++good_;
  if (contains(field_->rows->gaps, answer)) ++gaps_;
}

std::vector<AnswerCount> AnswerTally::counts() const {
  const auto count = [&](const std::string& key) {
    const auto it = counts_.find(key);
    return it == counts_.end() ? 0 : it->second;
  };
  std::vector<AnswerCount> out;
  for (const workflow::Choice& c : *column_of(*field_, field_->rows->answer).choices) out.push_back({c.key, c.title, count(c.key)});
  if (count("") > 0) out.push_back({"", "未回答", count("")});
  return out;
}

std::optional<double> AnswerTally::rate() const { return good_ + gaps_ == 0 ? std::nullopt : std::optional(std::round(1000.0 * good_ / (good_ + gaps_)) / 1000.0); }

// What the same department answered the year before: clause -> the answer's title. The case is as sensitive as that one.
Result<std::map<std::string, std::string>> Office::answers_before(gate::Context& context, File& file, const Field& field) const {
  std::map<std::string, std::string> out;
  const int year = fiscal_year(jst_date(context.now), file.organisation->fiscal_year_start);
  Filter filter;
  filter.definition = file.c.definition;
  filter.unit = file.c.unit;
  SK_TRY(const auto ids, CaseTable::page(context.tx, filter, "", kPage));
  for (const CaseId& id : ids) {
    SK_TRY(const auto found, CaseTable::for_rules(context.tx, id));
    if (!found || found->fiscal_year >= year || found->id == file.c.id || (found->label.segments & ~file.c.label.segments) != 0) continue;
    const json::Array* const rows = rows_of(found->fields, field.key);
    if (rows == nullptr || found->unit != file.c.unit || !same_matter(file.d(), found->fields, file.c.fields)) continue;
    for (const json::Value& row : *rows)
      if (const std::string title = title_of(field, text_in(row, field.rows->answer)); !title.empty()) out[text_in(row, workflow::given_column(field, "clause")->key)] = title;
    if (out.empty()) continue;  // that one was never answered
    file.c.label.c = std::max(file.c.label.c, found->label.c);
    break;
  }
  return out;
}

Status Office::fill_rows(gate::Context& context, File& file, const Field& field) const {
  if (!clauses_) return ok();
  SK_TRY(auto all, clauses_(context));
  const auto clauses = chosen(std::move(all), *field.rows, *file.organisation);
  SK_TRY(const auto before, answers_before(context, file, field));
  const std::size_t most = std::min(kMostClause, clauses.empty() ? kMostClause : kMostWords / clauses.size());
  json::Array rows;
  for (const ClauseRow& c : clauses) {
    json::Object row;
    const auto last = before.find(c.clause);
    const auto put = [&](const char* what, const std::string& text) {
      const workflow::Column* const column = workflow::given_column(field, what);
      if (column != nullptr && !text.empty()) row[column->key] = text;
    };
    put("document", c.document);
    put("version", c.version);
    put("clause", c.clause);
    put("label", c.label);
    put("text", text::shortened(c.text, most));
    put("before", last == before.end() ? "" : last->second);
    rows.push_back(std::move(row));
  }
  const json::Array* const stood = rows_of(file.c.fields, field.key);
  const json::Value old = stood == nullptr ? json::Value(nullptr) : json::Value(*stood);
  if (rows.empty()) file.c.fields.erase(field.key);
  else file.c.fields[field.key] = workflow::renewed(field, &old, json::Value(std::move(rows)));
  return ok();
}

Result<SheetTotals> sheet_totals(sql::Tx& tx, const Definitions& definitions, const std::string& body, const std::string& definition, Timestamp from, Timestamp to) {
  SheetTotals out;
  const auto version = definitions.in_force(tx, body, definition);
  if (!version && (version.error().code == Code::not_found || version.error().key == "bodies.not_set_up")) return out;
  if (!version) return Unexpected(version.error());
  const Field* const field = version->loaded->definition ? sheet_of(*version->loaded->definition) : nullptr;
  if (field == nullptr) return out;
  const std::string& first = version->loaded->definition->first_state();
  Filter filter;
  filter.definition = definition;
  std::string before;
  for (int looked = 0; looked < kMostCases; looked += kPage) {
    SK_TRY(const auto ids, CaseTable::page(tx, filter, before, kPage));
    for (const CaseId& id : ids) {
      before = id.str();
      SK_TRY(const auto found, CaseTable::for_rules(tx, id));
      const json::Array* const rows = found ? rows_of(found->fields, field->key) : nullptr;
      if (rows == nullptr || found->state == first || found->entered_at < from || found->entered_at >= to) continue;
      AnswerTally tally(*field);
      for (const json::Value& row : *rows) tally.add(text_in(row, field->rows->answer));
      if (tally.good() + tally.gaps() == 0) continue;
      ++out.cases;
      out.good += tally.good();
      out.gaps += tally.gaps();
      if (!out.newest || *out.newest < found->entered_at) out.newest = found->entered_at;
    }
    if (static_cast<int>(ids.size()) < kPage) break;
  }
  return out;
}

void register_sheets(gate::Registry& registry, const std::shared_ptr<Office>& office) {
  registry.add(gate::Operation<SheetIn, SheetOut>{"office.sheet", "条項ごとの点検のまとめ", "office.read", gate::Access::read, 4096, gate::no_preparation<SheetIn>(),
                                                  [office](Context& context, SheetIn& in) { return sheet(*office, context, in); }});
}

}  // namespace sekisho::office
