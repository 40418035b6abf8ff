-- Consents of those whose category the body asks for one, and questions about a clause (owner: src/features/reading/table.cpp). A consent is of the same row as the
-- acknowledgement, to what had this SHA-256. A question is a case of the security office: here stands what it is about.
ALTER TABLE policy_acknowledgement ADD COLUMN consented_at {time};
ALTER TABLE policy_acknowledgement ADD COLUMN consented_sha256 {text};
CREATE TABLE policy_question (
  case_id {id} PRIMARY KEY,
  account_id {id} NOT NULL REFERENCES account (id),
  document_id {id} NOT NULL REFERENCES policy_document (id),
  version_id {id} NOT NULL REFERENCES policy_version (id),
  clause_id {id},
  asked_at {time} NOT NULL
) {strict};
CREATE INDEX policy_question_asker ON policy_question (account_id, document_id, case_id);
