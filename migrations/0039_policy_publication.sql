-- What of a policy document the public may read (owner: src/features/standard/publication_table.cpp). Without a row nothing; `held`: a new version came
-- into force by import while clauses were withheld, and nobody has looked since. `placed_id` is the document of the library that holds the public text.
CREATE TABLE policy_publication (
  document_id {id} PRIMARY KEY REFERENCES policy_document (id),
  held {bool} NOT NULL,
  collection_id {id},
  placed_id {id},
  account_id {id} NOT NULL,
  published_by {text} NOT NULL,
  published_at {time} NOT NULL
) {strict};
-- Clauses that are not public, whatever the version; with each goes what stands below it.
CREATE TABLE policy_withheld (
  document_id {id} NOT NULL REFERENCES policy_document (id),
  clause_id {id} NOT NULL,
  reason {text} NOT NULL,
  withheld_by {text} NOT NULL,
  withheld_at {time} NOT NULL,
  PRIMARY KEY (document_id, clause_id)
) {strict};
