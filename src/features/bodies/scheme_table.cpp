// The rows of scheme changes, and the statements that ranks kept as numbers move by.
#include <array>

#include "features/bodies/scheme.h"

namespace sekisho::bodies {
namespace {

constexpr const char* kPut = "INSERT INTO scheme_change (version, at, ranks) VALUES (:version, :at, :ranks)";
constexpr const char* kAll = "SELECT version, at, ranks FROM scheme_change ORDER BY version";
constexpr int kMostLevels = 8;

struct RanksText {
  std::vector<std::vector<int>> c;
  std::vector<std::vector<int>> i;
  std::vector<std::vector<int>> a;
};
BOOST_DESCRIBE_STRUCT(RanksText, (), (c, i, a))

}  // namespace

Status Schemes::put(sql::Tx& tx, int version, Timestamp now, const policy::SchemeChange& change) {
  SK_CHECK(tx.query(kPut).bind("version", version).bind("at", now).bind("ranks", json::write(RanksText{change.c.to, change.i.to, change.a.to})).run());
  return ok();
}

Result<Schemes> Schemes::read(sql::Tx& tx) {
  SK_TRY(const auto rows, tx.query(kAll).all<int, Timestamp, std::string>());
  Schemes out;
  for (const auto& [version, at, text] : rows) {
    SK_TRY(auto ranks, json::read_text<RanksText>(text));
    out.changes_.push_back({version, at, {{std::move(ranks.c)}, {std::move(ranks.i)}, {std::move(ranks.a)}}});
  }
  return out;
}

Status move_permitted(sql::Tx& tx, const char* statement, const policy::AxisChange& axis) {
  static constexpr std::array<const char*, kMostLevels> kNames = {"r1", "r2", "r3", "r4", "r5", "r6", "r7", "r8"};
  if (axis.to.empty()) return ok();
  auto query = tx.query(statement);
  for (int n = 0; n < kMostLevels; ++n) query.bind(kNames[static_cast<std::size_t>(n)], axis.permits(n + 1));
  SK_CHECK(query.run());
  return ok();
}

}  // namespace sekisho::bodies
