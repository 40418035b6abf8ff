-- Versions of the organisation profile, what it says of units, roles and segments, and who is appointed to what
-- (owner: src/features/bodies/table.cpp). Units and roles are never deleted: records name them.
-- A profile of the form before says nothing of permitters, terms and scopes of roles: nothing could be made up for them.
--refuse bodies.old_form: SELECT one FROM body_profile
CREATE TABLE profile_version (
  number {serial},
  state {text} NOT NULL,
  document {text} NOT NULL,
  note {text} NOT NULL,
  drafted_by {text} NOT NULL,
  drafted_at {time} NOT NULL,
  confirmed_by {text},
  confirmed_at {time},
  exception {text},
  started_by {text},
  started_at {time},
  ended_at {time}
) {strict};
ALTER TABLE unit ADD COLUMN kind {text} NOT NULL DEFAULT '';
ALTER TABLE unit ADD COLUMN position {int} NOT NULL DEFAULT 0;
ALTER TABLE unit ADD COLUMN from_at {time};
ALTER TABLE unit ADD COLUMN to_at {time};
ALTER TABLE role ADD COLUMN scope {text} NOT NULL DEFAULT '';
ALTER TABLE role ADD COLUMN superior {text};
ALTER TABLE role ADD COLUMN in_force {bool} NOT NULL DEFAULT 1;
-- What the place of a session decides; the place is the segment's bit in labels.
CREATE TABLE segment_trait (
  place {int} NOT NULL PRIMARY KEY,
  origins {int} NOT NULL,
  export_allowed {bool} NOT NULL,
  factors {int} NOT NULL,
  idle_minutes {int},
  absolute_minutes {int}
) {strict};
-- In force from from_at until before to_at. Without a role it only places a person in a unit.
CREATE TABLE appointment (
  id {id} PRIMARY KEY,
  account_id {id} NOT NULL REFERENCES account (id),
  unit_id {id} NOT NULL REFERENCES unit (id),
  role_code {text} REFERENCES role (code),
  system {text},
  kind {text} NOT NULL,
  from_at {time} NOT NULL,
  to_at {time},
  basis {text} NOT NULL,
  entered_by {text} NOT NULL,
  entered_at {time} NOT NULL
) {strict};
CREATE INDEX appointment_account ON appointment (account_id, from_at);
CREATE INDEX appointment_to ON appointment (to_at);
-- Roles are held by appointments alone.
DROP TABLE account_role;
-- What the personnel office knows of a person besides the account (owner: src/features/accounts/table.cpp).
CREATE TABLE staff (
  account_id {id} PRIMARY KEY REFERENCES account (id),
  number {text} NOT NULL UNIQUE,
  category {text} NOT NULL
) {strict};
