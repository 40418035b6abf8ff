// A stored version as the exchange formats see it.
#pragma once
#include "features/standard/meaning.h"
#include "oscal/catalog.h"

namespace sekisho::interchange {

// not_found "policies.not_found": no such version.
Result<oscal::Policy> policy_of(sql::Tx& tx, const standard::Pack& pack, const standard::VersionId& version);
// As many as clauses.
Result<std::vector<std::optional<oscal::Meaning>>> meanings_by_clause(sql::Tx& tx, const standard::Pack& pack, const standard::Content& content);
std::string state_of(const standard::Meaning& meaning);

}  // namespace sekisho::interchange
