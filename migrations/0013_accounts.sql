-- Validity, provisional passwords, failed logins, open sessions with their place, reviews of unused ids (owner: src/features/accounts/table.cpp).
DELETE FROM session;
ALTER TABLE session ADD COLUMN id {text} NOT NULL DEFAULT '';
ALTER TABLE session ADD COLUMN source {text} NOT NULL DEFAULT '';
ALTER TABLE session ADD COLUMN agent {text} NOT NULL DEFAULT '';
ALTER TABLE session ADD COLUMN previous_logout_at {time};
ALTER TABLE account ADD COLUMN valid_from {time};
ALTER TABLE account ADD COLUMN valid_to {time};
ALTER TABLE account ADD COLUMN provisional_until {time};
ALTER TABLE account ADD COLUMN provisional_used_at {time};
ALTER TABLE account ADD COLUMN password_set_at {time};
ALTER TABLE account ADD COLUMN last_logout_at {time};
ALTER TABLE account ADD COLUMN reviewed_at {time};
ALTER TABLE account DROP COLUMN failures;
ALTER TABLE account DROP COLUMN locked_until;
CREATE INDEX account_valid_to ON account (valid_to);
CREATE TABLE login_guard (
  key_hash {blob} PRIMARY KEY,
  failures {int} NOT NULL,
  last_failure_at {time} NOT NULL
) {strict};
CREATE INDEX login_guard_age ON login_guard (last_failure_at);
CREATE TABLE login_failure (
  id {serial},
  account_id {id} NOT NULL REFERENCES account (id),
  at {time} NOT NULL,
  source {text} NOT NULL
) {strict};
CREATE INDEX login_failure_account ON login_failure (account_id, at);
CREATE TABLE account_review (
  id {id} PRIMARY KEY,
  account_id {id} NOT NULL REFERENCES account (id),
  reviewer_id {text} NOT NULL,
  at {time} NOT NULL,
  decision {text} NOT NULL,
  reason {text} NOT NULL,
  last_used_at {time}
) {strict};
CREATE INDEX account_review_account ON account_review (account_id, id);
