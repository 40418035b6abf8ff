-- The labels of the body, numbered (owner: src/gate/label_table.cpp).
CREATE TABLE label (
  id {serial},
  text {text} NOT NULL UNIQUE
) {strict};
INSERT INTO label (text)
  SELECT label FROM collection UNION SELECT label FROM document UNION SELECT label FROM chat UNION SELECT label FROM message;
-- Which documents' chunks changed in which revision of the library, by the first chunk's id; 0: any. Old ones are dropped
-- (owner of what follows: src/features/library/table.cpp).
CREATE TABLE library_change (
  revision {int} PRIMARY KEY,
  first_chunk {int} NOT NULL
) {strict};
CREATE INDEX document_chunks ON document (first_chunk);
CREATE INDEX document_class ON document (collection_id, label, bytes);
-- What each answer was made of (owner: src/features/chat/table.cpp): a document that is classified higher later raises what was made of it.
CREATE TABLE message_source (
  message_id {id} NOT NULL REFERENCES message (id),
  document_id {id} NOT NULL,
  PRIMARY KEY (message_id, document_id)
) {strict};
CREATE INDEX message_source_document ON message_source (document_id);
-- Documents whose class nobody knew at the upload wait for the ruling of the manager of their unit.
ALTER TABLE upload ADD COLUMN class_unknown {bool};
ALTER TABLE document ADD COLUMN unruled {bool};
CREATE INDEX document_unruled ON document (collection_id, id) WHERE unruled = 1;
-- What the rest of the product may know of documents: their label now.
CREATE VIEW document_label AS SELECT id, label FROM document;
