-- What the rest of the product may know of people and of stored documents (of the accounts' and the library's tables).
CREATE VIEW person_unit AS SELECT id, login, name, unit_id FROM account;
CREATE VIEW stored_document AS
  SELECT c.unit_id AS unit_id, d.bytes AS bytes FROM document d JOIN collection c ON c.id = d.collection_id;
-- The ledger of model uses (owner: src/features/metering/table.cpp). Append only: each use has a row when it begins (step 0, what was
-- reserved) and one when it is settled (step 1, what is counted). Every row carries the totals of its month after it, as a bank book does.
CREATE TABLE usage_event (
  seq {serial},
  id {id} NOT NULL,
  step {int} NOT NULL,
  at {time} NOT NULL,
  recorded_at {time} NOT NULL,
  month {text} NOT NULL,
  purpose {text} NOT NULL,
  outcome {text} NOT NULL,
  person_id {text} NOT NULL,
  unit_id {text} NOT NULL,
  endpoint_id {text} NOT NULL,
  endpoint {text} NOT NULL,
  characters_in {int} NOT NULL,
  characters_out {int} NOT NULL,
  characters_context {int} NOT NULL,
  counted {int} NOT NULL,
  moved {int} NOT NULL,
  body_total {int} NOT NULL,
  unit_total {int} NOT NULL,
  person_total {int} NOT NULL,
  body_limit {int} NOT NULL,
  UNIQUE (id, step)
) {strict};
CREATE INDEX usage_event_month ON usage_event (month);
CREATE INDEX usage_event_unit ON usage_event (month, unit_id);
CREATE INDEX usage_event_person ON usage_event (month, person_id);
CREATE TRIGGER usage_event_no_update BEFORE UPDATE ON usage_event
BEGIN
  SELECT RAISE(ABORT, 'usage rows are never changed');
END;
CREATE TRIGGER usage_event_no_delete BEFORE DELETE ON usage_event
BEGIN
  SELECT RAISE(ABORT, 'usage rows are never deleted');
END;
-- Characters a month; the body has its default where it has no row.
CREATE TABLE usage_budget (
  scope {text} NOT NULL,
  target {text} NOT NULL,
  monthly {int} NOT NULL,
  set_by {text} NOT NULL,
  set_at {time} NOT NULL,
  PRIMARY KEY (scope, target)
) {strict};
-- In which department a person was when she asked, by the answer or stream.
CREATE VIEW asked_in AS SELECT id, unit_id FROM usage_event WHERE step = 0;
