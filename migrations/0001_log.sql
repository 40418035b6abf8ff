-- The tamper-evident log of one body (owner: src/gate/log_table.cpp). Leaves stay for ever; payloads may be deleted by a lawful disposal.
CREATE TABLE log_leaf (
  seq {serial},
  leaf {text} NOT NULL,
  hash {blob} NOT NULL
) {strict};
CREATE TABLE log_payload (
  seq {serial},
  period {text} NOT NULL,
  sealed {blob} NOT NULL
) {strict};
-- Complete tiles only (C2SP tlog-tiles): 256 hashes of the tree's level 8 × level. Partial tiles are derived.
CREATE TABLE log_tile (
  level {int} NOT NULL,
  number {int} NOT NULL,
  hashes {blob} NOT NULL,
  PRIMARY KEY (level, number)
) {strict};
CREATE TABLE log_checkpoint (
  size {serial},
  at {time} NOT NULL,
  note {text} NOT NULL
) {strict};
-- The right edge of the tree after the last commit: derived, checked against the leaves by verification.
CREATE TABLE log_head (
  one {serial},
  size {int} NOT NULL,
  edge {blob} NOT NULL
) {strict};
CREATE TRIGGER log_leaf_no_update BEFORE UPDATE ON log_leaf
BEGIN
  SELECT RAISE(ABORT, 'log rows are never changed');
END;
CREATE TRIGGER log_leaf_no_delete BEFORE DELETE ON log_leaf
BEGIN
  SELECT RAISE(ABORT, 'log rows are never deleted');
END;
CREATE TRIGGER log_payload_no_update BEFORE UPDATE ON log_payload
BEGIN
  SELECT RAISE(ABORT, 'log rows are never changed');
END;
CREATE TRIGGER log_tile_no_update BEFORE UPDATE ON log_tile
BEGIN
  SELECT RAISE(ABORT, 'log rows are never changed');
END;
CREATE TRIGGER log_checkpoint_no_update BEFORE UPDATE ON log_checkpoint
BEGIN
  SELECT RAISE(ABORT, 'log rows are never changed');
END;
CREATE TRIGGER log_checkpoint_no_delete BEFORE DELETE ON log_checkpoint
BEGIN
  SELECT RAISE(ABORT, 'log rows are never deleted');
END;
