#include "features/services/renewal_table.h"

namespace sekisho::services {
namespace {

constexpr const char* kRenew =
    "UPDATE service SET provider = :provider, name = :name, ceiling = :ceiling, region = :region, governing_law = :law, approved_by = :approved_by, valid_from = :from, "
    "valid_to = :to, ended_by = NULL, ended_at = NULL, end_reason = NULL WHERE id = :id";

}  // namespace

Status renew(sql::Tx& tx, const Service& s) {
  SK_CHECK(tx.query(kRenew).bind("provider", s.provider).bind("name", s.name).bind("ceiling", s.ceiling).bind("region", s.region).bind("law", s.governing_law)
               .bind("approved_by", s.approved_by).bind("from", s.valid_from).bind("to", s.valid_to).bind("id", s.id).run());
  return ok();
}

}  // namespace sekisho::services
