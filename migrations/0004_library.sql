-- Documents and what was made of them (owner: src/features/library/table.cpp). The original lies in the blob store.
CREATE TABLE collection (
  id {id} PRIMARY KEY,
  name {text} NOT NULL,
  description {text} NOT NULL,
  unit_id {id} NOT NULL REFERENCES unit (id),
  readers {text} NOT NULL,
  label {text} NOT NULL,
  created_by {id} NOT NULL,
  created_at {time} NOT NULL
) {strict};
CREATE TABLE upload (
  id {id} PRIMARY KEY,
  collection_id {id} NOT NULL REFERENCES collection (id),
  stopped {bool} NOT NULL,
  created_by {id} NOT NULL,
  created_at {time} NOT NULL
) {strict};
CREATE INDEX upload_collection ON upload (collection_id, id);
CREATE TABLE document (
  id {id} PRIMARY KEY,
  collection_id {id} NOT NULL REFERENCES collection (id),
  upload_id {id} NOT NULL REFERENCES upload (id),
  name {text} NOT NULL,
  sha256 {text} NOT NULL,
  blob_id {text} NOT NULL,
  bytes {int} NOT NULL,
  state {text} NOT NULL,
  reason_key {text},
  type {text} NOT NULL,
  encoding {text},
  encoding_certain {bool} NOT NULL,
  chosen_encoding {text},
  version {int} NOT NULL,
  characters {int} NOT NULL,
  pages {int},
  first_chunk {int},
  last_chunk {int},
  label {text} NOT NULL,
  created_by {id} NOT NULL,
  created_at {time} NOT NULL
) {strict};
CREATE INDEX document_collection ON document (collection_id, id);
CREATE INDEX document_upload ON document (upload_id, name);
CREATE INDEX document_waiting ON document (id) WHERE state IN ('waiting', 'reading');
CREATE TABLE document_text (
  document_id {id} PRIMARY KEY REFERENCES document (id),
  text {text} NOT NULL
) {strict};
CREATE TABLE section (
  document_id {id} NOT NULL REFERENCES document (id),
  n {int} NOT NULL,
  heading {text} NOT NULL,
  level {int} NOT NULL,
  label {text} NOT NULL,
  page {int},
  begins {int} NOT NULL,
  ends {int} NOT NULL,
  PRIMARY KEY (document_id, n)
) {strict};
-- Chunk ids are dense and only grow: the index follows them. The highest ever given is kept here, so that a deleted id never returns.
CREATE TABLE chunk_sequence (
  one {serial},
  last {int} NOT NULL
) {strict};
INSERT INTO chunk_sequence (one, last) VALUES (1, 0);
CREATE TABLE chunk (
  id {serial},
  document_id {id} NOT NULL,
  section {text} NOT NULL,
  context {text} NOT NULL,
  page {int},
  begins {int} NOT NULL,
  ends {int} NOT NULL,
  text {text} NOT NULL
) {strict};
-- Counts every change of what search may show; a cached view of the documents is good for one revision.
CREATE TABLE library_revision (
  one {serial},
  revision {int} NOT NULL
) {strict};
INSERT INTO library_revision (one, revision) VALUES (1, 0);
