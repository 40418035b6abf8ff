-- The security office: definitions of registers and workflows, and their cases (owner: src/features/office, one table.cpp for each group below).
-- A definition's text is kept as it was put; a case stays with the version that it was opened under. `own`: put by the body, not shipped with the program.
CREATE TABLE office_definition (
  id {id} PRIMARY KEY,
  name {text} NOT NULL,
  number {int} NOT NULL,
  own {bool} NOT NULL,
  source {text} NOT NULL,
  sha256 {text} NOT NULL,
  note {text} NOT NULL,
  put_by {text} NOT NULL,
  put_at {time} NOT NULL,
  withdrawn_at {time},
  UNIQUE (name, number)
) {strict};
-- Steps that one person does not do in one case: who made `other` does not make `transition`. `other` is a transition, or "open".
CREATE TABLE office_apart (
  definition_id {id} NOT NULL REFERENCES office_definition (id),
  transition {text} NOT NULL,
  other {text} NOT NULL,
  PRIMARY KEY (definition_id, transition, other)
) {strict};
CREATE TABLE office_case (
  id {id} PRIMARY KEY,
  definition {text} NOT NULL,
  definition_id {id} NOT NULL REFERENCES office_definition (id),
  number {text} NOT NULL,
  fiscal_year {int} NOT NULL,
  state {text} NOT NULL,
  kind {text} NOT NULL CHECK (kind IN ('open', 'waiting', 'closed')),
  regions {text} NOT NULL,
  fields {text} NOT NULL,
  content_hash {text} NOT NULL,
  revision {int} NOT NULL,
  subject {text} NOT NULL,
  unit_id {text} NOT NULL,
  opener {text} NOT NULL,
  opener_name {text} NOT NULL,
  assigned {text} NOT NULL,
  label {text} NOT NULL,
  f1 {text} NOT NULL,
  f2 {text} NOT NULL,
  f3 {text} NOT NULL,
  f4 {text} NOT NULL,
  opened_at {time} NOT NULL,
  entered_at {time} NOT NULL,
  updated_at {time} NOT NULL,
  due_at {time},
  closed_at {time},
  UNIQUE (definition, number)
) {strict};
CREATE INDEX office_case_all ON office_case (definition, id);
CREATE INDEX office_case_kind ON office_case (definition, kind, id);
CREATE INDEX office_case_state ON office_case (definition, state, id);
CREATE INDEX office_case_unit ON office_case (definition, unit_id, id);
CREATE INDEX office_case_f1 ON office_case (definition, f1, id);
CREATE INDEX office_case_f2 ON office_case (definition, f2, id);
CREATE INDEX office_case_f3 ON office_case (definition, f3, id);
CREATE INDEX office_case_f4 ON office_case (definition, f4, id);
CREATE INDEX office_case_version ON office_case (definition_id);
-- What a search looks through, apart so that it can be read from end to end quickly.
CREATE TABLE office_text (
  case_id {id} PRIMARY KEY REFERENCES office_case (id),
  definition {text} NOT NULL,
  words {text} NOT NULL
) {strict};
CREATE INDEX office_text_all ON office_text (definition, case_id, words);
-- Who reads a case, and who has something to do in it: addresses as in features/office/address.h.
CREATE TABLE office_access (
  address {text} NOT NULL,
  definition {text} NOT NULL,
  case_id {id} NOT NULL REFERENCES office_case (id),
  PRIMARY KEY (address, definition, case_id)
) {strict};
CREATE INDEX office_access_of ON office_access (case_id, address);
CREATE TABLE office_task (
  address {text} NOT NULL,
  case_id {id} NOT NULL REFERENCES office_case (id),
  PRIMARY KEY (address, case_id)
) {strict};
CREATE INDEX office_task_of ON office_task (case_id);
CREATE TABLE office_participant (
  case_id {id} NOT NULL REFERENCES office_case (id),
  account {id} NOT NULL,
  name {text} NOT NULL,
  added_by {text} NOT NULL,
  at {time} NOT NULL,
  PRIMARY KEY (case_id, account)
) {strict};
CREATE TABLE office_number (
  definition {text} NOT NULL,
  fiscal_year {int} NOT NULL,
  last {int} NOT NULL,
  PRIMARY KEY (definition, fiscal_year)
) {strict};
-- A recorded crossing of a separation of duties (止むを得ない場合): without a reason there is none.
CREATE TABLE office_exception (
  id {id} PRIMARY KEY,
  case_id {id} NOT NULL REFERENCES office_case (id),
  transition {text} NOT NULL,
  person {text} NOT NULL,
  name {text} NOT NULL,
  reason {text} NOT NULL CHECK (length(reason) > 0),
  at {time} NOT NULL
) {strict};
CREATE INDEX office_exception_of ON office_exception (case_id, id);
-- What happened to a case, in order. Each entry carries the hash of the one before it.
CREATE TABLE office_event (
  case_id {id} NOT NULL REFERENCES office_case (id),
  n {int} NOT NULL,
  event {text} NOT NULL CHECK (event IN ('open', 'move', 'sign', 'edit', 'comment', 'attach', 'participant', 'link', 'clock', 'effect')),
  definition_id {id} NOT NULL,
  transition {text} NOT NULL,
  region {text} NOT NULL,
  from_state {text} NOT NULL,
  to_state {text} NOT NULL,
  person {text} NOT NULL,
  name {text} NOT NULL,
  note {text} NOT NULL,
  content_hash {text} NOT NULL,
  exception_id {id} REFERENCES office_exception (id),
  at {time} NOT NULL,
  hash {text} NOT NULL,
  PRIMARY KEY (case_id, n)
) {strict};
CREATE INDEX office_event_step ON office_event (case_id, transition, person);
-- Signatures of a joint step on one content: an edit, or another step, begins a new revision.
CREATE TABLE office_signature (
  case_id {id} NOT NULL REFERENCES office_case (id),
  revision {int} NOT NULL,
  transition {text} NOT NULL,
  slot {int} NOT NULL,
  person {text} NOT NULL,
  name {text} NOT NULL,
  several {bool} NOT NULL,
  content_hash {text} NOT NULL,
  exception_id {id} REFERENCES office_exception (id),
  note {text} NOT NULL,
  at {time} NOT NULL,
  PRIMARY KEY (case_id, revision, transition, slot)
) {strict};
CREATE UNIQUE INDEX office_signature_person ON office_signature (case_id, revision, transition, person) WHERE several = 0 AND exception_id IS NULL;
CREATE TABLE office_notice (
  id {id} PRIMARY KEY,
  case_id {id} NOT NULL REFERENCES office_case (id),
  n {int} NOT NULL,
  words {text} NOT NULL,
  clause {text} NOT NULL,
  due_at {time},
  at {time} NOT NULL,
  seen_at {time}
) {strict};
CREATE INDEX office_notice_of ON office_notice (case_id, id);
CREATE TABLE office_notice_to (
  address {text} NOT NULL,
  notice_id {id} NOT NULL REFERENCES office_notice (id),
  PRIMARY KEY (address, notice_id)
) {strict};
CREATE INDEX office_notice_to_of ON office_notice_to (notice_id);
CREATE TABLE office_seen (
  notice_id {id} NOT NULL REFERENCES office_notice (id),
  account {id} NOT NULL,
  name {text} NOT NULL,
  at {time} NOT NULL,
  PRIMARY KEY (notice_id, account)
) {strict};
CREATE TABLE office_attachment (
  id {id} PRIMARY KEY,
  case_id {id} NOT NULL REFERENCES office_case (id),
  field {text} NOT NULL,
  blob {text} NOT NULL,
  name {text} NOT NULL,
  bytes {int} NOT NULL,
  sha256 {text} NOT NULL,
  dated {text} NOT NULL,
  added_by {text} NOT NULL,
  at {time} NOT NULL
) {strict};
CREATE INDEX office_attachment_of ON office_attachment (case_id, id);
CREATE INDEX office_attachment_blob ON office_attachment (blob);
CREATE TABLE office_link (
  case_id {id} NOT NULL REFERENCES office_case (id),
  other_id {id} NOT NULL REFERENCES office_case (id),
  why {text} NOT NULL,
  PRIMARY KEY (case_id, other_id)
) {strict};
-- What the clock does in a case: reminders, overdue notices, steps. Gone when the state is left.
CREATE TABLE office_timer (
  id {id} PRIMARY KEY,
  case_id {id} NOT NULL REFERENCES office_case (id),
  region {text} NOT NULL,
  state {text} NOT NULL,
  what {text} NOT NULL,
  at {time} NOT NULL
) {strict};
CREATE INDEX office_timer_at ON office_timer (at);
CREATE INDEX office_timer_of ON office_timer (case_id, region);
-- Recurring work: one row for each period and each thing it is about.
CREATE TABLE office_duty (
  definition {text} NOT NULL,
  duty {text} NOT NULL,
  period {text} NOT NULL,
  about {text} NOT NULL,
  title {text} NOT NULL,
  fiscal_year {int} NOT NULL,
  opens_on {text} NOT NULL,
  due_on {text} NOT NULL,
  case_id {id} REFERENCES office_case (id),
  PRIMARY KEY (definition, duty, period, about)
) {strict};
CREATE INDEX office_duty_year ON office_duty (fiscal_year, due_on);
CREATE INDEX office_duty_case ON office_duty (case_id);
CREATE TRIGGER office_event_apart BEFORE INSERT ON office_event
WHEN NEW.event IN ('move', 'sign') AND NEW.exception_id IS NULL AND NEW.person <> 'program' AND EXISTS (
  SELECT 1 FROM office_apart a JOIN office_event e ON e.case_id = NEW.case_id AND e.transition = a.other AND e.person = NEW.person
  WHERE a.definition_id = NEW.definition_id AND a.transition = NEW.transition AND e.event IN ('open', 'move', 'sign'))
BEGIN
  SELECT RAISE(ABORT, 'one person does not do both');
END;
CREATE TRIGGER office_event_no_update BEFORE UPDATE ON office_event
BEGIN
  SELECT RAISE(ABORT, 'the history of a case is never changed');
END;
CREATE TRIGGER office_event_no_delete BEFORE DELETE ON office_event
BEGIN
  SELECT RAISE(ABORT, 'the history of a case is never deleted');
END;
CREATE TRIGGER office_signature_no_update BEFORE UPDATE ON office_signature
BEGIN
  SELECT RAISE(ABORT, 'signatures are never changed');
END;
CREATE TRIGGER office_signature_no_delete BEFORE DELETE ON office_signature
BEGIN
  SELECT RAISE(ABORT, 'signatures are never deleted');
END;
CREATE TRIGGER office_exception_no_update BEFORE UPDATE ON office_exception
BEGIN
  SELECT RAISE(ABORT, 'exceptions are never changed');
END;
CREATE TRIGGER office_exception_no_delete BEFORE DELETE ON office_exception
BEGIN
  SELECT RAISE(ABORT, 'exceptions are never deleted');
END;
CREATE TRIGGER office_case_fixed BEFORE UPDATE OF definition, definition_id, number, opener ON office_case
BEGIN
  SELECT RAISE(ABORT, 'what a case is and who opened it is never changed');
END;
CREATE TRIGGER office_definition_fixed BEFORE UPDATE OF name, number, own, source, sha256 ON office_definition
BEGIN
  SELECT RAISE(ABORT, 'a version of a definition is never changed');
END;
