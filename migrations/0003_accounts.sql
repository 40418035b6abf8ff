-- People, their sessions and keys (owner: src/features/accounts/table.cpp). Tokens and keys are stored as SHA-256 only.
CREATE TABLE account (
  id {id} PRIMARY KEY,
  login {text} NOT NULL UNIQUE,
  name {text} NOT NULL,
  unit_id {id} NOT NULL REFERENCES unit (id),
  clearance {int} NOT NULL,
  enabled {bool} NOT NULL,
  password {text} NOT NULL,
  must_change {bool} NOT NULL,
  failures {int} NOT NULL,
  locked_until {time} NOT NULL,
  last_login_at {time},
  created_at {time} NOT NULL
) {strict};
CREATE TABLE account_role (
  account_id {id} NOT NULL REFERENCES account (id),
  role_code {text} NOT NULL REFERENCES role (code),
  PRIMARY KEY (account_id, role_code)
) {strict};
CREATE TABLE session (
  token_hash {blob} PRIMARY KEY,
  account_id {id} NOT NULL REFERENCES account (id),
  csrf {text} NOT NULL,
  created_at {time} NOT NULL,
  seen_at {time} NOT NULL,
  previous_login_at {time}
) {strict};
CREATE INDEX session_account ON session (account_id);
CREATE TABLE api_key (
  id {id} PRIMARY KEY,
  account_id {id} NOT NULL REFERENCES account (id),
  name {text} NOT NULL,
  prefix {text} NOT NULL,
  key_hash {blob} NOT NULL UNIQUE,
  created_at {time} NOT NULL,
  last_used_at {time},
  revoked_at {time}
) {strict};
