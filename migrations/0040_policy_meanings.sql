-- What a clause asks for, as a person confirmed it (owner: src/features/standard/meaning_table.cpp). It belongs to a clause of a document, whatever
-- the version; content_hash says which words were confirmed, so that edited words ask again. A clause without a row has the meaning that the rules
-- suggest. State refused: a person says that the clause asks for nothing that the program should know.
CREATE TABLE policy_meaning (
  document_id {id} NOT NULL REFERENCES policy_document (id),
  clause_id {id} NOT NULL,
  content_hash {text} NOT NULL,
  modality {text} NOT NULL,
  actor {text} NOT NULL,
  object {text} NOT NULL,
  kind {text} NOT NULL,
  capability {text} NOT NULL,
  state {text} NOT NULL CHECK (state IN ('suggested', 'confirmed', 'refused')),
  decided_by {text},
  decided_at {time},
  PRIMARY KEY (document_id, clause_id)
) {strict};
