-- Search of cases by any part of their text (owner: src/features/office/text_index_table.cpp). Texts wait (block 0) until there are enough for a block; then
-- the block is written once: for each pair of neighbouring characters, which of its cases have it. A text that changes waits again.
ALTER TABLE office_text ADD COLUMN block {int} NOT NULL DEFAULT 0;
DROP INDEX office_text_all;
CREATE INDEX office_text_waiting ON office_text (definition, case_id) WHERE block = 0;
CREATE TABLE office_text_state (
  definition {text} PRIMARY KEY,
  waiting {int} NOT NULL,
  blocks {int} NOT NULL
) {strict};
-- What is there already waits; each write of a text then makes a block of the oldest.
INSERT INTO office_text_state (definition, waiting, blocks) SELECT definition, COUNT(*), 0 FROM office_text GROUP BY definition;
-- `cases`: the ids of the block, ascending, 26 bytes each; a case's place in it is its number in office_gram.
CREATE TABLE office_text_block (
  definition {text} NOT NULL,
  block {int} NOT NULL,
  oldest {id} NOT NULL,
  newest {id} NOT NULL,
  cases {blob} NOT NULL,
  PRIMARY KEY (definition, block)
) {strict};
CREATE TABLE office_gram (
  definition {text} NOT NULL,
  gram {int} NOT NULL,
  block {int} NOT NULL,
  places {blob} NOT NULL,
  PRIMARY KEY (definition, gram, block)
) {strict};
