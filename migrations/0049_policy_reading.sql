-- Policy documents that the staff are asked to read, and who has read which version (owner: src/features/reading/table.cpp). `looked_id` is the version in
-- force when a person last looked at what the staff are shown: one that does not descend from it by edits is not shown while clauses are withheld.
CREATE TABLE policy_reading (
  document_id {id} PRIMARY KEY REFERENCES policy_document (id),
  looked_id {id} NOT NULL REFERENCES policy_version (id),
  shown_by {text} NOT NULL,
  shown_at {time} NOT NULL
) {strict};
-- Whether the AI waits for the acknowledgement, and how long; one row or none.
CREATE TABLE policy_reading_rule (
  place {int} PRIMARY KEY CHECK (place = 1),
  before_ai {bool} NOT NULL,
  grace_days {int} NOT NULL,
  set_by {text} NOT NULL,
  set_at {time} NOT NULL
) {strict};
-- One row for each person, version and `audience` (the sorted codes of whom the person was then: roles, @staff); acknowledged with the SHA-256 of what was shown.
CREATE TABLE policy_acknowledgement (
  id {id} PRIMARY KEY,
  account_id {id} NOT NULL REFERENCES account (id),
  document_id {id} NOT NULL REFERENCES policy_document (id),
  version_id {id} NOT NULL REFERENCES policy_version (id),
  audience {text} NOT NULL,
  clauses {int} NOT NULL,
  shown_sha256 {text} NOT NULL,
  opened_at {time} NOT NULL,
  acknowledged_at {time},
  UNIQUE (account_id, version_id, audience)
) {strict};
CREATE INDEX policy_acknowledgement_version ON policy_acknowledgement (version_id, account_id);
