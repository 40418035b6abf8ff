-- Switches that cases of the security office turn: what is on, for whom, on which case's word (owner: src/features/switches/table.cpp).
-- A row is on from `since` until `until`, unless it was ended before. Ended rows stay: they say what was on when.
CREATE TABLE switch_standing (
  id {id} PRIMARY KEY,
  case_id {id} NOT NULL,
  number {text} NOT NULL,
  name {text} NOT NULL,
  person {text} NOT NULL,
  person_name {text} NOT NULL,
  unit_id {text} NOT NULL,
  value {text} NOT NULL,
  arguments {text} NOT NULL,
  clause {text} NOT NULL,
  since {time} NOT NULL,
  until {time},
  set_by {text} NOT NULL,
  set_at {time} NOT NULL,
  ended_by {text},
  ended_at {time}
) {strict};
CREATE INDEX switch_standing_person ON switch_standing (person, ended_at);
CREATE INDEX switch_standing_unit ON switch_standing (unit_id, ended_at);
CREATE INDEX switch_standing_case ON switch_standing (case_id, ended_at);
-- What the body wants switched: one row.
CREATE TABLE switch_wish (
  id {int} PRIMARY KEY CHECK (id = 1),
  document {text} NOT NULL,
  set_by {text} NOT NULL,
  set_at {time} NOT NULL
) {strict};
