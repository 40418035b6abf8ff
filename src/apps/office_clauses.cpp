// The clauses of a body's policy in force, as the office makes sheets of them.
//
// A sheet is printed, handed round and exported, so it keeps to the rules of the public copy: of a withheld clause its number stays and none of its
// words; what lies below it goes by the number of the one that is withheld; a table's row has no name of its own then.
#include <algorithm>

#include "apps/office.h"
#include "features/standard/meaning.h"
#include "features/standard/public_copy.h"
#include "features/standard/publication_table.h"
#include "features/standard/version_table.h"

namespace sekisho::apps {
namespace {

constexpr const char* kWithheld = "（非公開の条項です。方針の画面で本文を確かめて答えてください。）";
constexpr const char* kNoNumber = "（表の中などの条項）";

bool numbered(clauses::Kind kind) { return kind == clauses::Kind::clause || kind == clauses::Kind::structure; }

std::string words_of(const clauses::Clause& clause) { return clause.title + (clause.title.empty() || clause.text.empty() ? "" : "\n") + clause.text; }

// The number of what the public copy shows in the place of this clause.
std::string shown_number(const standard::Content& content, const std::vector<bool>& hidden, std::size_t at) {
  const auto& all = content.document.clauses;
  while (hidden[at] && all[at].parent != clauses::kNoParent && hidden[static_cast<std::size_t>(all[at].parent)]) at = static_cast<std::size_t>(all[at].parent);
  return !hidden[at] || numbered(all[at].kind) ? all[at].ref : kNoNumber;
}

Status add(sql::Tx& tx, const standard::Pack& pack, const standard::VersionId& version, std::vector<office::ClauseRow>& out) {
  SK_TRY(const auto content, standard::Table::content(tx, version));
  if (!content) return fail(Code::corrupt, "policies.not_found", "the version in force is gone");
  SK_TRY(const auto withheld, standard::Publications::withheld(tx, content->version.document_id));
  std::set<standard::ClauseId> ids;
  for (const auto& [id, why] : withheld) ids.insert(id);
  const auto hidden = standard::hidden_in(*content, ids);
  std::map<standard::ClauseId, std::size_t> places;
  for (std::size_t i = 0; i < content->ids.size(); ++i) places.emplace(content->ids[i], i);
  SK_TRY(const auto meanings, standard::meanings_of(tx, pack, *content));
  for (const standard::Meaning& m : meanings) {
    if (!m.confirmed || m.stale || m.refused) continue;
    const std::size_t at = places.at(m.clause);
    out.push_back({content->version.document_id.str(), version.str(), m.clause.str(), shown_number(*content, hidden, at), hidden[at] ? kWithheld : words_of(content->document.clauses[at]),
                   m.modality, m.kind, standard::actors_of(m.actor)});
  }
  return ok();
}

}  // namespace

office::Clauses policy_clauses(std::shared_ptr<const standard::Pack> pack) {
  return [pack = std::move(pack)](gate::Context& context) -> Result<std::vector<office::ClauseRow>> {
    std::vector<office::ClauseRow> out;
    SK_TRY(auto documents, standard::Table::documents(context.tx));
    std::reverse(documents.begin(), documents.end());
    for (const auto& document : documents) {
      SK_TRY(const auto in_force, standard::Versions::in_force(context.tx, document.id));
      if (in_force) SK_CHECK(add(context.tx, *pack, in_force->version, out));
    }
    return out;
  };
}

}  // namespace sekisho::apps
