-- How long what is kept, and what must not be erased (owner: src/features/retention/table.cpp). A kind without a row is kept until one is set.
CREATE TABLE retention_rule (
  kind {text} PRIMARY KEY,
  months {int} NOT NULL,
  set_by {text} NOT NULL,
  set_at {time} NOT NULL
) {strict};
CREATE TABLE retention_hold (
  id {id} PRIMARY KEY,
  kind {text} NOT NULL,
  from_month {text} NOT NULL,
  to_month {text} NOT NULL,
  incident {text} NOT NULL,
  reason {text} NOT NULL,
  set_by {text} NOT NULL,
  set_at {time} NOT NULL,
  released_by {text},
  released_at {time},
  release_reason {text}
) {strict};
CREATE INDEX retention_hold_open ON retention_hold (kind) WHERE released_at IS NULL;
