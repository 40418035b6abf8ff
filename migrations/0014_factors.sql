-- Second factors of people (owner: src/features/factors/table.cpp). Secrets of one-time codes are sealed, recovery codes are hashes, security
-- keys are public keys. A row that is stopped stays: it says that the person has enrolled and cannot enrol again by password alone.
CREATE TABLE factor (
  id {id} PRIMARY KEY,
  account_id {id} NOT NULL REFERENCES account (id),
  kind {text} NOT NULL,
  name {text} NOT NULL,
  state {text} NOT NULL,
  secret {blob} NOT NULL,
  credential {text} UNIQUE,
  algorithm {int} NOT NULL,
  host {text} NOT NULL,
  counter {int} NOT NULL,
  created_at {time} NOT NULL,
  last_used_at {time}
) {strict};
CREATE INDEX factor_of ON factor (account_id);
CREATE TABLE factor_recovery (
  account_id {id} NOT NULL REFERENCES account (id),
  code_hash {blob} NOT NULL,
  PRIMARY KEY (account_id, code_hash)
) {strict};
-- What a session was asked to sign: one per session and purpose, taken away when it is answered.
CREATE TABLE factor_challenge (
  token_hash {blob} NOT NULL,
  purpose {text} NOT NULL,
  challenge {text} NOT NULL,
  name {text} NOT NULL,
  expires_at {time} NOT NULL,
  PRIMARY KEY (token_hash, purpose)
) {strict};
-- Sessions in which the second factor was given.
CREATE TABLE factor_proof (
  token_hash {blob} PRIMARY KEY,
  account_id {id} NOT NULL REFERENCES account (id),
  factor_id {id},
  kind {text} NOT NULL,
  given_at {time} NOT NULL
) {strict};
CREATE INDEX factor_proof_of ON factor_proof (account_id);
-- Failed attempts, and whether the person must enrol before anything else.
CREATE TABLE factor_account (
  account_id {id} PRIMARY KEY REFERENCES account (id),
  must_enrol {bool} NOT NULL,
  failures {int} NOT NULL,
  locked_until {time} NOT NULL
) {strict};
-- The body's directory and the people whose passwords it checks (owner: src/features/directories/table.cpp).
CREATE TABLE directory (
  one {serial},
  record {text} NOT NULL
) {strict};
CREATE TABLE directory_account (
  account_id {id} PRIMARY KEY REFERENCES account (id)
) {strict};
