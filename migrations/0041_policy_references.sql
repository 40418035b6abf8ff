-- Which clause of a body's policy speaks of which topic of the national guideline, as a person decided (owner:
-- src/features/standard/reference_table.cpp). A pair without a row is as the rules suggest.
CREATE TABLE policy_reference (
  document_id {id} NOT NULL REFERENCES policy_document (id),
  clause_id {id} NOT NULL,
  item {text} NOT NULL,
  state {text} NOT NULL CHECK (state IN ('confirmed', 'refused')),
  decided_by {text} NOT NULL,
  decided_at {time} NOT NULL,
  PRIMARY KEY (document_id, clause_id, item)
) {strict};
