// Reading the policy (要確認): which clauses are addressed to whom, and whether she has acknowledged the version in force.
//
// A manager shows a document to the staff; then everybody of the body is asked to read the clauses that name her: as one of the staff, as a
// contractor's, by a role she holds (features/standard/meaning.h: what a person confirmed, else what the rules suggest). She reads what stands in
// the public copy, without what is withheld; whoever may read policies reads the whole. A new version in force asks anew, and so does a role that
// she took on later where the version addresses it. What she confirms is the version and the SHA-256 of what she was shown. Whose category the profile
// marks (consent_asked) is asked for her consent to the same, 同意書: of each version anew, in the acknowledgement's own row.
//
// may_ask() is the gate of the AI where the body's rule says so: beyond the grace, who has not acknowledged is refused.
// Threads: every function may be called from any thread; pure but for the transaction. Source: 10(1)ア(ア), 10(1)イ(イ), 10(1)ウ.
#pragma once
#include <memory>
#include <set>

#include "features/reading/table.h"
#include "features/standard/meaning.h"
#include "features/standard/public_copy.h"
#include "features/standard/version_table.h"
#include "gate/operation.h"

namespace sekisho::reading {

// Whom a policy may mean by a person.
struct Audience {
  std::set<std::string> codes;  // "@staff" or "@contractor"; roles held today
  std::string category;         // of the staff list; empty: none
  bool consent_asked = false;   // of her category
  std::optional<Timestamp> since;  // of the first appointment that is in force
  std::string text() const;     // codes, sorted, separated by ","
};
Result<Audience> audience_of(sql::Tx& tx, const bodies::ProfileFile& profile, const bodies::PersonId& person, Timestamp now);
// The same from appointments and a category that were read already.
Audience audience_of(const bodies::ProfileFile& profile, const std::vector<bodies::Appointment>& appointments, const std::string& category, Timestamp now);

// A document as the staff are shown it.
struct Asked {
  Shown shown;
  standard::Progress progress;             // of the version in force
  standard::Content content;
  std::set<standard::ClauseId> withheld;
  std::map<standard::ClauseId, standard::Meaning> meanings;
  std::set<std::string> actors;            // whom a clause that is not withheld addresses
  Timestamp since;                         // in force and shown
};
// nullopt: no version is in force, or one that nobody has looked at while clauses are withheld.
Result<std::optional<Asked>> asked(sql::Tx& tx, const standard::Pack& pack, const Shown& shown);
bool addresses(const Asked& asked, const Audience& audience);

// One clause as she reads it.
struct ReadingClause {
  static constexpr const char* kSchemaName = "ReadingClause";
  standard::ClauseId id;
  std::string ref;
  std::string label;
  std::string title;
  std::string text;
  std::string modality;    // must, must_not, should, may; empty: not addressed to her, but what stands around it
  bool addressed = false;
  bool withheld = false;
  int depth = 0;
};
BOOST_DESCRIBE_STRUCT(ReadingClause, (), (id, ref, label, title, text, modality, addressed, withheld, depth))
struct Page {
  std::vector<ReadingClause> clauses;  // with the headings and openings above each
  int addressed = 0;
  std::string sha256;  // of document, version, day and clauses
};
// `whole`: she may read what is withheld.
Page page_of(const Asked& asked, const Audience& audience, bool whole);

// unread, opened, acknowledged; extended: acknowledged before she took on a role that the version addresses.
struct Standing {
  std::string state = "unread";
  std::optional<Timestamp> opened_at;
  std::optional<Timestamp> acknowledged_at;
  std::string sha256;
  std::optional<Timestamp> consented_at;  // to what addresses her now
};
// `rows`: hers, of the version.
Standing standing_of(const Asked& asked, const Audience& audience, const std::vector<Acknowledgement>& rows);
// When the AI closes for her; nullopt: the body does not ask for it.
std::optional<Timestamp> closes_at(const std::optional<Rule>& rule, const Asked& asked, const Audience& audience);

// Whether the AI is closed for the permit's person: the grace is over, and a document that addresses her is not acknowledged. The program itself and
// the operator of the machine are not asked. Quick for whoever has acknowledged.
Result<bool> closed(gate::Context& context, const standard::Pack& pack);
// denied "reading.unread": closed.
Status may_ask(gate::Context& context, const standard::Pack& pack);

}  // namespace sekisho::reading
