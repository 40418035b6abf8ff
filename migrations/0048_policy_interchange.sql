-- What files of other forms bring with them (owner: src/features/interchange/table.cpp). policy_origin: what the catalog that a version was read from
-- says of itself, so that it is exported as it came. policy_column: columns that people add to the table of clauses; they belong to a document's
-- clause, whatever the version.
CREATE TABLE policy_origin (
  version_id {id} PRIMARY KEY REFERENCES policy_version (id),
  name {text} NOT NULL,
  modified_at {time} NOT NULL,
  file_name {text} NOT NULL,
  sha256 {text} NOT NULL
) {strict};
CREATE TABLE policy_column (
  document_id {id} NOT NULL REFERENCES policy_document (id),
  name {text} NOT NULL,
  position {int} NOT NULL,
  clause_id {id} NOT NULL,
  content {text} NOT NULL,
  PRIMARY KEY (document_id, name, clause_id)
) {strict};
