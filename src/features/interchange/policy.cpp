#include "features/interchange/policy.h"

#include <algorithm>

#include "features/interchange/table.h"

namespace sekisho::interchange {

std::string state_of(const standard::Meaning& m) {
  if (m.stale) return "stale";
  return m.refused ? "refused" : m.confirmed ? "confirmed" : "suggested";
}

Result<std::vector<std::optional<oscal::Meaning>>> meanings_by_clause(sql::Tx& tx, const standard::Pack& pack, const standard::Content& content) {
  SK_TRY(const auto meanings, standard::meanings_of(tx, pack, content));
  std::vector<std::optional<oscal::Meaning>> out(content.ids.size());
  std::size_t at = 0;
  for (const standard::Meaning& m : meanings) {
    while (content.ids[at] != m.clause) ++at;
    out[at] = oscal::Meaning{m.modality, m.actor, m.object, m.kind, m.capability, state_of(m)};
  }
  return out;
}

Result<oscal::Policy> policy_of(sql::Tx& tx, const standard::Pack& pack, const standard::VersionId& version) {
  SK_TRY(auto content, standard::Table::content(tx, version));
  if (!content) return fail(Code::not_found, "policies.not_found", "no such version");
  SK_TRY(const std::string source, standard::Table::source(tx, version));
  SK_TRY(const auto origin, Table::origin(tx, version));
  SK_TRY(const bodies::ProfileFile profile, standard::profile_in_force(tx));
  oscal::Policy out;
  SK_TRY(out.meanings, meanings_by_clause(tx, pack, *content));
  out.modified = origin ? origin->modified_at : content->version.imported_at;
  for (std::size_t i = 0; i < content->ids.size(); ++i) {
    out.ids.push_back(content->ids[i].str());
    std::string raw;
    for (const clauses::Span& span : content->document.clauses[i].spans)
      if (span.begin <= span.end && span.end <= source.size()) raw += (raw.empty() ? "" : "\n") + source.substr(span.begin, span.end - span.begin);
    out.raws.push_back(std::move(raw));
    if (content->edited[i]) out.modified = std::max(out.modified, content->edited[i]->at);
  }
  out.version = origin ? origin->name : std::to_string(content->version.number);
  out.file_name = origin ? origin->file_name : content->version.file_name;
  out.sha256 = origin ? origin->sha256 : content->version.sha256;
  out.body = profile.name;
  for (const bodies::Role& role : profile.roles) out.roles.push_back({role.code, role.name});
  out.document = std::move(content->document);
  return out;
}

}  // namespace sekisho::interchange
