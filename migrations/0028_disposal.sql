-- Payloads of the log that a disposal took away (owner: src/gate/disposal_table.cpp): the object of its leaf, and the numbers that the leaf covers.
-- The leaf's object holds the hash of the numbers: this row proves nothing by itself.
CREATE TABLE log_disposal (
  object {text} PRIMARY KEY,
  numbers {text} NOT NULL,
  at {time} NOT NULL
) {strict};
-- Disposals: asked, permitted, running, done, verified, certified (owner: src/features/disposal/table.cpp).
CREATE TABLE disposal (
  id {id} PRIMARY KEY,
  scope {text} NOT NULL CHECK (scope IN ('documents', 'collection', 'chat', 'person', 'contract')),
  target {text} NOT NULL,
  what {text} NOT NULL,
  items {text} NOT NULL,
  items_hash {text} NOT NULL,
  backups {text} NOT NULL,
  approval_id {text} NOT NULL,
  state {text} NOT NULL CHECK (state IN ('asked', 'permitted', 'running', 'done', 'verified', 'certified')),
  step {int} NOT NULL,
  requested_by {id} NOT NULL,
  requested_at {time} NOT NULL,
  permitted {text} NOT NULL,
  permitted_at {time},
  begun_at {time},
  done_at {time},
  counts {text} NOT NULL,
  remaining {text} NOT NULL,
  rest_at {time},
  verification {text} NOT NULL,
  trouble {text} NOT NULL
) {strict};
CREATE INDEX disposal_open ON disposal (state, rest_at);
CREATE INDEX disposal_requested ON disposal (requested_by, id);
-- What the verification looks for, as keyed hashes, taken before anything is erased and emptied when it has been looked for; the ids whose leaves
-- belong to the disposal; and the numbers of those leaves whose payloads are still to go. The row goes when nothing is left to do.
CREATE TABLE disposal_work (
  disposal_id {id} PRIMARY KEY REFERENCES disposal (id),
  marks {blob} NOT NULL,
  objects {text} NOT NULL,
  numbers {text} NOT NULL
) {strict};
-- Stored originals whose rows are gone and that are taken away after that.
CREATE TABLE disposal_blob (
  disposal_id {id} NOT NULL REFERENCES disposal (id),
  blob_id {text} NOT NULL,
  PRIMARY KEY (disposal_id, blob_id)
) {strict};
CREATE TABLE disposal_certificate (
  disposal_id {id} NOT NULL REFERENCES disposal (id),
  number {int} NOT NULL,
  at {time} NOT NULL,
  certificate {text} NOT NULL,
  signature {text} NOT NULL,
  PRIMARY KEY (disposal_id, number)
) {strict};
CREATE TRIGGER disposal_certificate_no_update BEFORE UPDATE ON disposal_certificate
BEGIN
  SELECT RAISE(ABORT, 'certificates are never changed');
END;
CREATE TRIGGER disposal_certificate_no_delete BEFORE DELETE ON disposal_certificate
BEGIN
  SELECT RAISE(ABORT, 'certificates are never deleted');
END;
