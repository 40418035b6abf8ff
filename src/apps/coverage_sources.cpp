// What the program itself shows for controls that it does not enforce: registers and workflows that people keep in it.
//
// A source is one line of kSources: the word that controls.json names it by, and its function. Each gives its newest few.
#include "apps/probes.h"

#include <algorithm>

#include "features/backup/table.h"
#include "features/office/sheets.h"
#include "features/reading/table.h"
#include "features/reviews/table.h"
#include "features/services/table.h"
#include "features/standard/version_table.h"

namespace sekisho::apps {
namespace {

using coverage::Shown;
using Shows = Result<std::vector<Shown>>;

constexpr std::size_t kNewest = 3;
constexpr int kRows = 200;

bool within(Timestamp at, Timestamp from, Timestamp to) { return at >= from && at < to; }

// A kind of request that people may file, and what was decided lately.
Shows from_approvals(gate::Body&, sql::Tx& tx, const std::string& kind, Timestamp from, Timestamp to) {
  std::vector<Shown> out;
  std::int64_t decided = 0;
  SK_TRY(const auto rows, approvals::Table::page(tx, "", kRows));
  for (const auto& request : rows) {
    if (request.content.kind != kind || !request.decided_at || !within(*request.decided_at, from, to)) continue;
    ++decided;
    if (out.size() < kNewest) out.push_back({"申請 " + request.id.str(), *request.decided_at});
  }
  out.insert(out.begin(), Shown{"申請の受付と許可の手続が開いています（最近の裁定 " + std::to_string(decided) + " 件）", std::nullopt});
  return out;
}

// A register of the security office: the cases that came where they are now lately.
Shows from_office(gate::Body&, sql::Tx& tx, const std::string& definition, Timestamp from, Timestamp to) {
  std::vector<Shown> out;
  office::Filter filter;
  filter.definition = definition;
  SK_TRY(const auto ids, office::CaseTable::page(tx, filter, "", kRows));
  std::int64_t moved = 0;
  for (const auto& id : ids) {
    SK_TRY(const auto found, office::CaseTable::for_rules(tx, id));
    if (!found || !within(found->entered_at, from, to)) continue;
    ++moved;
    if (out.size() < kNewest) out.push_back({"管理室の案件 " + found->number, found->entered_at});
  }
  out.insert(out.begin(), Shown{"管理室の手続が開いています（最近進んだもの " + std::to_string(moved) + " 件）", std::nullopt});
  return out;
}

// What departments answered, clause by clause, in a register that has a sheet of them.
Shows from_sheets(gate::Body& body, sql::Tx& tx, const office::Office& office, const std::string& definition, Timestamp from, Timestamp to) {
  SK_TRY(const auto totals, office::sheet_totals(tx, office.definitions(), body.code, definition, from, to));
  std::vector<Shown> out;
  const int answers = totals.good + totals.gaps;
  if (answers > 0)
    out.push_back({"条項ごとの自己点検 " + std::to_string(totals.cases) + " 件。守られている " + std::to_string(totals.good * 100 / answers) + "%、守られていない条項 " +
                       std::to_string(totals.gaps) + " 件", totals.newest});
  return out;
}

Shows from_reviews(gate::Body&, sql::Tx& tx, const std::string&, Timestamp from, Timestamp to) {
  std::vector<Shown> out;
  SK_TRY(const auto rows, reviews::Table::all(tx));
  for (const auto& review : rows)
    if (review.concluded_at && within(*review.concluded_at, from, to) && out.size() < kNewest) out.push_back({"利用の記録の点検 " + review.period, *review.concluded_at});
  return out;
}

Shows from_services(gate::Body&, sql::Tx& tx, const std::string&, Timestamp from, Timestamp to) {
  std::vector<Shown> out;
  SK_TRY(const auto rows, services::Table::all(tx));
  for (const auto& service : rows)
    if (within(service.registered_at, from, to) && out.size() < kNewest) out.push_back({"外部サービスの承認 " + service.name + "（" + service.approval + "）", service.registered_at});
  return out;
}

Shows from_profile(gate::Body&, sql::Tx& tx, const std::string&, Timestamp, Timestamp) {
  SK_TRY(const auto version, bodies::Table::version_in_force(tx));
  if (!version) return std::vector<Shown>{};
  return std::vector<Shown>{{"団体の設定 第" + std::to_string(version->number) + "版が有効です", std::nullopt}};
}

Shows from_policies(gate::Body&, sql::Tx& tx, const std::string&, Timestamp from, Timestamp to) {
  std::vector<Shown> out;
  SK_TRY(const auto rows, standard::Table::versions(tx));
  SK_TRY(const auto states, standard::Versions::all(tx));
  const auto withdrawn = [&](const standard::VersionId& id) { return std::any_of(states.begin(), states.end(), [&](const auto& p) { return p.version == id && p.state == "withdrawn"; }); };
  for (const auto& row : rows)
    if (within(row.version.imported_at, from, to) && out.size() < kNewest && !withdrawn(row.version.id))
      out.push_back({row.version.title + " 第" + std::to_string(row.version.number) + "版", row.version.imported_at});
  return out;
}

Shows from_acknowledgements(gate::Body&, sql::Tx& tx, const std::string&, Timestamp from, Timestamp to) {
  SK_TRY(const auto rows, reading::Table::shown(tx));
  std::vector<Shown> out;
  if (!rows.empty()) {
    SK_TRY(const reading::Table::Counts count, reading::Table::count(tx, from, to));
    out.push_back({"職員に方針 " + std::to_string(rows.size()) + " 件を示し、読んだことの確認を求めています（この間の確認 " + std::to_string(count.acknowledged) + " 件、同意 " +
                       std::to_string(count.consented) + " 件）",
                   std::nullopt});
  }
  return out;
}

Shows from_restore_drills(gate::Body&, sql::Tx& tx, const std::string&, Timestamp from, Timestamp to) {
  std::vector<Shown> out;
  SK_TRY(const auto rows, backup::Table::tests(tx, kRows));
  for (const auto& drill : rows)
    if (drill.good && within(drill.at, from, to) && out.size() < kNewest) out.push_back({"控えから戻す試し " + drill.file, drill.at});
  return out;
}

struct Row {
  std::string_view name;
  Shows (*look)(gate::Body&, sql::Tx&, const std::string&, Timestamp, Timestamp);
};
constexpr Row kSources[] = {
    {"approvals", from_approvals}, {"office", from_office}, {"reviews", from_reviews},     {"services", from_services},
    {"profile", from_profile},     {"policies", from_policies}, {"restore_drills", from_restore_drills},
    {"acknowledgements", from_acknowledgements},
};

}  // namespace

std::vector<coverage::Source> coverage_sources(std::shared_ptr<const office::Office> office) {
  std::vector<coverage::Source> out;
  out.push_back({"sheets", [office](gate::Body& body, sql::Tx& tx, const std::string& definition, Timestamp from, Timestamp to) { return from_sheets(body, tx, *office, definition, from, to); }});
  for (const Row& row : kSources) out.push_back({std::string(row.name), row.look});
  return out;
}

}  // namespace sekisho::apps
