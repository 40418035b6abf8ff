-- Drafts of one field of a case, made for one person (owner: src/features/office/draft_table.cpp). The text stays until she has taken it over or a month
-- is over; what the case's history says of it is in the history.
CREATE TABLE office_draft (
  id {id} PRIMARY KEY,
  case_id {id} NOT NULL REFERENCES office_case (id),
  field {text} NOT NULL,
  person {text} NOT NULL,
  state {text} NOT NULL CHECK (state IN ('making', 'complete', 'stopped', 'failed')),
  engine {text} NOT NULL,
  model {text} NOT NULL,
  content {text} NOT NULL,
  made_at {time} NOT NULL,
  taken_at {time}
) {strict};
CREATE INDEX office_draft_of ON office_draft (case_id, field, person);
