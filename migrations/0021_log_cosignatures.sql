-- What witnesses signed (owner: src/gate/log_read_table.cpp): the line of a C2SP cosignature under the head of this size. It proves itself; a row
-- that is lost is asked for again.
CREATE TABLE log_cosignature (
  size {int} NOT NULL,
  witness {text} NOT NULL,
  at {time} NOT NULL,
  line {text} NOT NULL,
  PRIMARY KEY (size, witness)
) {strict};
CREATE INDEX log_cosignature_by_witness ON log_cosignature (witness, size);
CREATE TRIGGER log_cosignature_no_update BEFORE UPDATE ON log_cosignature
BEGIN
  SELECT RAISE(ABORT, 'log rows are never changed');
END;
CREATE TRIGGER log_cosignature_no_delete BEFORE DELETE ON log_cosignature
BEGIN
  SELECT RAISE(ABORT, 'log rows are never deleted');
END;
