#include "features/office/ledger.h"

#include <algorithm>

#include "core/bytes.h"
#include "crypto/hash.h"
#include "features/office/ledger_plan.h"

namespace sekisho::office {
namespace {

using gate::Access;
using gate::Context;

constexpr std::size_t kMaxIn = std::size_t{12} << 20;
constexpr std::size_t kMaxName = 300;
constexpr std::size_t kMaxColumns = 256;

bool ends_with(const std::string& name, std::string_view end) {
  return name.size() > end.size() && std::equal(end.begin(), end.end(), name.end() - static_cast<std::ptrdiff_t>(end.size()), [](char a, char b) { return a == (b >= 'A' && b <= 'Z' ? b + 32 : b); });
}

Status read_workbook(const std::string& name, const std::string& bytes, files::Extractor* extractor, ReadLedger& out) {
  if (extractor == nullptr) return fail(Code::unavailable, "office.import_reader", "no worker in this program");
  files::Options options;
  options.cells = true;
  SK_TRY(const files::Extracted extracted, extractor->extract(name, bytes, options));
  for (const files::Block& block : extracted.blocks) {
    out.sheet.push_back(files::read_record(block.text));
    out.rows.push_back(std::atoi(block.label.c_str()));
    if (out.sheet.size() > files::kMaxSheetRows || out.sheet.back().size() > kMaxColumns) return fail(Code::too_large, "office.import_size", "over 20,000 rows or 256 columns");
  }
  return ok();
}

// Reads the file before the transaction: a workbook in its sandbox. The bytes leave the input here; the record keeps their hash.
Status read_ledger(gate::Preparation&, LedgerIn& in, files::Extractor* extractor) {
  if (in.name.empty() || in.name.size() > kMaxName) return fail(Code::invalid_argument, "office.file_name", "1 to 300 bytes");
  SK_TRY(const std::string bytes, from_base64(in.content.reveal()));
  in.content = Secret();
  if (bytes.size() > files::kMaxSheetBytes) return fail(Code::too_large, "office.file_size", "over 8 MiB");
  auto out = std::make_shared<ReadLedger>();
  out->sha256 = to_hex(crypto::sha256(bytes));
  if (ends_with(in.name, ".csv")) {
    SK_TRY(files::CsvRead read, files::read_csv(bytes, in.encoding.value_or(""), kMaxColumns));
    out->sheet = std::move(read.sheet);
    out->rows = std::move(read.rows);
    out->encoding = files::encoding_name(read.encoding);
    out->encoding_certain = read.certain;
  } else {
    if (!ends_with(in.name, ".xlsx")) return fail(Code::unsupported, "office.import_type", "csv or xlsx");
    SK_CHECK(read_workbook(in.name, bytes, extractor, *out));
  }
  for (files::Row& line : out->sheet)
    for (std::string& cell : line) cell = files::cell_text(cell);
  in.read = std::move(out);
  return ok();
}

class LedgerImport {
 public:
  LedgerImport(Office& office, Context& context, const Actor& actor, const LedgerPlanner& planner, const std::string& origin) : office_(office), context_(context), actor_(actor), planner_(planner), origin_(origin) {}

  // Each row in turn. With `good_only`, one that is refused after all is left out; otherwise everything is undone.
  Status run(bool good_only, LedgerOut& out) {
    SK_TRY(const DefinitionId version, office_.definitions().keep(context_, planner_.version()));
    SK_TRY(const Organisation organisation, office_.definitions().organisation(context_.tx, context_.body.code));
    SK_CHECK(context_.tx.savepoint());
    out.done = true;
    for (const RowPlan& plan : planner_.rows()) {
      SK_CHECK(context_.tx.savepoint());
      const Status done = row(plan, version, organisation);
      SK_CHECK(done ? context_.tx.release() : context_.tx.undo());
      if (done) continue;
      if (done.error().code != Code::invalid_argument && done.error().code != Code::conflict && done.error().code != Code::denied && done.error().code != Code::not_found) return done;
      ++out.bad;
      --(plan.existing ? out.changed : out.opened);
      ++out.errors_total;
      out.errors.push_back({plan.row, "", "", words_of(done.error())});
      if (good_only) continue;
      out.done = false;
      break;
    }
    return out.done ? context_.tx.release() : context_.tx.undo();
  }

 private:
  Status row(const RowPlan& plan, const DefinitionId& version, const Organisation& organisation) {
    if (plan.existing) {
      if (!plan.fields.empty()) SK_CHECK(office_.edit(context_, actor_, *plan.existing, plan.hash, plan.fields));
      return KeptTable::put(context_.tx, *plan.existing, plan.kept);
    }
    SK_TRY(const CaseId id, office_.take_over(context_, actor_, {planner_.version().loaded, organisation, version, plan.fields, planner_.state(), origin_ + " の" + std::to_string(plan.row) + "行目"}));
    return KeptTable::put(context_.tx, id, plan.kept);
  }
  static std::string words_of(const Error& e) {
    if (e.key == "office.taken") return "同じ値の案件がすでにあります";
    if (e.key == "office.not_your_field" || e.code == Code::denied) return "この案件のこの欄を直せる人ではありません";
    return "取り込めません（" + e.detail + "）";
  }

  Office& office_;
  Context& context_;
  const Actor& actor_;
  const LedgerPlanner& planner_;
  const std::string origin_;
};

}  // namespace

void register_ledger_operations(gate::Registry& registry, const std::shared_ptr<Office>& office, files::Extractor* extractor) {
  const auto prepare = [extractor](gate::Preparation& preparation, LedgerIn& in) { return read_ledger(preparation, in, extractor); };
  registry.add(gate::Operation<LedgerIn, LedgerOut>{"office.import_preview", "台帳のファイルを読み込むとどうなるかを見る", "office.import", Access::read, kMaxIn, prepare,
                                                    [office](Context& context, LedgerIn& in) -> Result<LedgerOut> {
                                                      SK_TRY(const Actor actor, actor_of(context, office->directory()));
                                                      LedgerOut out;
                                                      LedgerPlanner planner(context, *office, actor);
                                                      SK_CHECK(planner.plan(in, out));
                                                      return out;
                                                    }});
  registry.add(gate::Operation<LedgerIn, LedgerOut>{"office.import", "台帳のファイルを読み込む", "office.import", Access::write, kMaxIn, prepare, [office](Context& context, LedgerIn& in) -> Result<LedgerOut> {
                                                      SK_TRY(const Actor actor, actor_of(context, office->directory()));
                                                      LedgerOut out;
                                                      LedgerPlanner planner(context, *office, actor);
                                                      SK_CHECK(planner.plan(in, out));
                                                      context.about(in.definition);
                                                      context.note("sha256", json::Value(std::string_view(in.read->sha256)));
                                                      if (out.bad > 0 && !in.good_only.value_or(false)) return out;
                                                      SK_CHECK(LedgerImport(*office, context, actor, planner, in.name).run(in.good_only.value_or(false), out));
                                                      context.note("opened", json::Value(out.done ? out.opened : 0));
                                                      context.note("changed", json::Value(out.done ? out.changed : 0));
                                                      return out;
                                                    }});
}

}  // namespace sekisho::office
