-- Mail that says how many notices wait, and nothing else (owner: src/features/office/mail_table.cpp).
-- An address that somebody's notices go to. `receives` is false where she turned it off.
CREATE TABLE mail_box (
  account {id} PRIMARY KEY,
  address {text} NOT NULL,
  receives {bool} NOT NULL,
  own {bool} NOT NULL,
  set_by {text} NOT NULL,
  set_at {time} NOT NULL
) {strict};
-- One row once the body has decided: may people turn off what an administrator has put down for them?
CREATE TABLE mail_rule (
  id {int} PRIMARY KEY CHECK (id = 1),
  opt_out {bool} NOT NULL
) {strict};
-- Notices that nobody has made letters of yet: written with the notice, in its transaction.
CREATE TABLE mail_queue (
  notice {id} PRIMARY KEY
) {strict};
CREATE TABLE mail_letter (
  id {id} PRIMARY KEY,
  account {id} NOT NULL,
  address {text} NOT NULL,
  notices {int} NOT NULL,
  state {text} NOT NULL CHECK (state IN ('waiting', 'sent', 'failed')),
  tries {int} NOT NULL,
  error {text} NOT NULL,
  made_at {time} NOT NULL,
  next_at {time} NOT NULL,
  sent_at {time}
) {strict};
CREATE INDEX mail_letter_waiting ON mail_letter (state, next_at);
CREATE INDEX mail_letter_of ON mail_letter (account, state);
