-- Time-boxed elevations and deputies for privileged rights (owner: src/features/privileges/table.cpp). Sessions as SHA-256 only. Rows are never
-- deleted: who audits reads them later.
CREATE TABLE elevation (
  id {id} PRIMARY KEY,
  session_hash {text} NOT NULL,
  account_id {id} NOT NULL REFERENCES account (id),
  name {text} NOT NULL,
  reason {text} NOT NULL CHECK (length(reason) > 0),
  minutes {int} NOT NULL,
  from_at {time} NOT NULL,
  to_at {time} NOT NULL,
  CHECK (to_at >= from_at)
) {strict};
CREATE INDEX elevation_session ON elevation (session_hash, to_at);
CREATE INDEX elevation_account ON elevation (account_id, to_at);
-- One row per recognition by the approval that it names.
CREATE TABLE privilege_deputy (
  approval_id {id} PRIMARY KEY,
  deputy_account {id} NOT NULL REFERENCES account (id),
  principal_account {id} NOT NULL REFERENCES account (id),
  from_at {time} NOT NULL,
  to_at {time} NOT NULL,
  CHECK (deputy_account <> principal_account)
) {strict};
CREATE INDEX privilege_deputy_of ON privilege_deputy (deputy_account, to_at);
