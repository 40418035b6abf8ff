-- Columns of an imported ledger that its definition has no field for (owner: src/features/office/kept_table.cpp).
CREATE TABLE office_kept (
  case_id {id} NOT NULL REFERENCES office_case (id),
  name {text} NOT NULL,
  position {int} NOT NULL,
  content {text} NOT NULL,
  PRIMARY KEY (case_id, name)
) {strict};
