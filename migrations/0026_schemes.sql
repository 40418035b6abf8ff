-- Changes of the classification scheme (owner: src/features/bodies/scheme_table.cpp): records that are never rewritten, such as the log's, are read by
-- the scheme they were written in. `ranks` is JSON: for each axis, what every old rank may be now.
CREATE TABLE scheme_change (
  version {int} PRIMARY KEY,
  at {time} NOT NULL,
  ranks {text} NOT NULL
) {strict};
-- How labels move while a scheme is taken up; empty otherwise (owner: src/gate/label_table.cpp).
CREATE TABLE label_move (
  before_label {text} NOT NULL,
  waiting {text} NOT NULL,
  after_label {text} NOT NULL,
  least {text},
  PRIMARY KEY (before_label, waiting)
) {strict};
-- The least that the label may be, where the scheme left several classes to choose from: somebody of the unit chooses.
ALTER TABLE document ADD COLUMN choosing {text};
ALTER TABLE collection ADD COLUMN choosing {text};
CREATE INDEX document_choosing ON document (id) WHERE choosing IS NOT NULL;
CREATE INDEX collection_choosing ON collection (id) WHERE choosing IS NOT NULL;
