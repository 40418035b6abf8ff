-- Policy documents, their versions and clause trees (owner: src/features/standard/table.cpp). A clause keeps its id through the versions of its
-- document; `position` orders a version's clauses, parents first, and `parent` is a position of the same version.
CREATE TABLE policy_document (
  id {id} PRIMARY KEY,
  title {text} NOT NULL,
  created_by {text} NOT NULL,
  created_at {time} NOT NULL
) {strict};
CREATE TABLE policy_version (
  id {id} PRIMARY KEY,
  document_id {id} NOT NULL REFERENCES policy_document (id),
  number {int} NOT NULL,
  title {text} NOT NULL,
  file_name {text} NOT NULL,
  sha256 {text} NOT NULL,
  source {text} NOT NULL,
  attributed_millionths {int} NOT NULL,
  imported_by {text} NOT NULL,
  imported_at {time} NOT NULL,
  UNIQUE (document_id, number)
) {strict};
CREATE TABLE policy_clause (
  version_id {id} NOT NULL REFERENCES policy_version (id),
  position {int} NOT NULL,
  id {id} NOT NULL,
  parent {int} NOT NULL,
  kind {text} NOT NULL,
  part {int} NOT NULL,
  line {int} NOT NULL,
  page {int} NOT NULL,
  ref {text} NOT NULL,
  printed {text} NOT NULL,
  label {text} NOT NULL,
  title {text} NOT NULL,
  content {text} NOT NULL,
  spans {text} NOT NULL,
  edited_by {text},
  edited_at {time},
  PRIMARY KEY (version_id, position),
  UNIQUE (version_id, id)
) {strict};
CREATE TABLE policy_repair (
  version_id {id} NOT NULL REFERENCES policy_version (id),
  position {int} NOT NULL,
  line {int} NOT NULL,
  kind {text} NOT NULL,
  was {text} NOT NULL,
  becomes {text} NOT NULL,
  clause {int} NOT NULL,
  state {text} NOT NULL CHECK (state IN ('open', 'confirmed', 'rejected')),
  decided_by {text},
  decided_at {time},
  PRIMARY KEY (version_id, position)
) {strict};
