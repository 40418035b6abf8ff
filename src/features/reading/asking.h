// Questions about a clause (分からない点は管理者に尋ねる), and what a consent leaves in the case of her joining. Both are cases of the security office, whose
// definitions say who answers and who sees them: a question opens one of `consultations`, filled in with what it is about, and she reads state and
// answer beside the clauses; a consent is noted in the open cases of `onboarding` that are about her.
//
// Of what is withheld no word enters a case: a clause is named as it is in the public copy. Where a body's own definition lacks a field, the field is left out.
// Threads: thread-safe. Failures: reading.*, office.*. Source: 10(1)ア(ア), 10(1)イ(イ).
#pragma once
#include "features/reading/operations.h"

namespace sekisho::reading {

struct AskIn {
  standard::DocumentId document;
  standard::VersionId version;  // that she reads
  std::optional<standard::ClauseId> clause;
  std::string question;
};
BOOST_DESCRIBE_STRUCT(AskIn, (), (document, version, clause, question))
struct QuestionView {
  static constexpr const char* kSchemaName = "ReadingQuestion";
  std::string id;  // of the case
  std::string number;
  std::optional<standard::ClauseId> clause;
  std::string ref;      // of the clause; empty: the document as a whole
  std::string version;  // as people call it
  std::string question;
  std::string state;    // in the register's words
  bool open = true;
  std::string answer;
  Timestamp asked_at;
};
BOOST_DESCRIBE_STRUCT(QuestionView, (), (id, number, clause, ref, version, question, state, open, answer, asked_at))
struct QuestionList {
  static constexpr const char* kSchemaName = "ReadingQuestions";
  std::vector<QuestionView> items;  // the newest first
};
BOOST_DESCRIBE_STRUCT(QuestionList, (), (items))

// Notes the caller's consent in every open case of her joining that she may see.
Status record_consent(gate::Context& context, office::Office& office, const Mine& mine, const std::string& sha256);

void register_asking(gate::Registry& registry, std::shared_ptr<const standard::Pack> pack, std::shared_ptr<office::Office> office);

}  // namespace sekisho::reading
