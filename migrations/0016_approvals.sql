-- Requests for permission and what became of them (owner: src/features/approvals/table.cpp). `content` is the canonical JSON that the hash covers.
CREATE TABLE approval (
  id {id} PRIMARY KEY,
  kind {text} NOT NULL,
  state {text} NOT NULL CHECK (state IN ('draft', 'submitted', 'returned', 'granted', 'in_force', 'refused', 'finished', 'expired', 'revoked', 'withdrawn')),
  revision {int} NOT NULL,
  requester_account {id} NOT NULL,
  requester_person {text} NOT NULL,
  requester_name {text} NOT NULL,
  unit_id {id} NOT NULL,
  subject {text} NOT NULL,
  content {text} NOT NULL,
  content_hash {text} NOT NULL,
  applied {bool} NOT NULL,
  due_at {time},
  submitted_at {time},
  decided_at {time},
  created_at {time} NOT NULL,
  UNIQUE (id, requester_person)
) {strict};
CREATE INDEX approval_mine ON approval (requester_person, id);
CREATE INDEX approval_state ON approval (state, id);
CREATE INDEX approval_subject ON approval (kind, subject, state);
CREATE INDEX approval_due ON approval (due_at) WHERE due_at IS NOT NULL;
-- A recorded exception to the separation of duties (止むを得ない場合): without a reason there is none.
CREATE TABLE approval_exception (
  id {id} PRIMARY KEY,
  approval_id {id} NOT NULL REFERENCES approval (id),
  revision {int} NOT NULL,
  person {text} NOT NULL,
  name {text} NOT NULL,
  reason {text} NOT NULL CHECK (length(reason) > 0),
  at {time} NOT NULL
) {strict};
CREATE INDEX approval_exception_of ON approval_exception (approval_id, id);
-- Each person stands on one side of a request: the key holds one row, so who asks cannot rule. Crossing over needs a recorded exception.
CREATE TABLE approval_party (
  approval_id {id} NOT NULL REFERENCES approval (id),
  person {text} NOT NULL,
  side {text} NOT NULL CHECK (side IN ('asks', 'rules', 'excepted')),
  exception_id {id} REFERENCES approval_exception (id),
  PRIMARY KEY (approval_id, person),
  UNIQUE (approval_id, person, side),
  CHECK ((side = 'excepted') = (exception_id IS NOT NULL))
) {strict};
CREATE TABLE approval_ruling (
  id {id} PRIMARY KEY,
  approval_id {id} NOT NULL,
  revision {int} NOT NULL,
  content_hash {text} NOT NULL,
  slot {int} NOT NULL,
  ruling {text} NOT NULL CHECK (ruling IN ('grant', 'refuse', 'give_back', 'revoke')),
  person {text} NOT NULL,
  account_id {id} NOT NULL,
  name {text} NOT NULL,
  on_behalf {text} NOT NULL,
  side {text} NOT NULL CHECK (side IN ('rules', 'excepted')),
  requester_person {text} NOT NULL,
  several {bool} NOT NULL,
  exception_id {id} REFERENCES approval_exception (id),
  note {text} NOT NULL,
  at {time} NOT NULL,
  FOREIGN KEY (approval_id, person, side) REFERENCES approval_party (approval_id, person, side),
  FOREIGN KEY (approval_id, requester_person) REFERENCES approval (id, requester_person),
  CHECK (person <> requester_person OR side = 'excepted'),
  CHECK (side = 'rules' OR exception_id IS NOT NULL)
) {strict};
-- One signature a place, and one place a person, unless the kind lets one sign several or an exception is recorded.
CREATE UNIQUE INDEX approval_ruling_slot ON approval_ruling (approval_id, revision, slot) WHERE ruling = 'grant';
CREATE UNIQUE INDEX approval_ruling_person ON approval_ruling (approval_id, revision, person) WHERE ruling = 'grant' AND exception_id IS NULL AND several = 0;
CREATE TABLE approval_event (
  approval_id {id} NOT NULL REFERENCES approval (id),
  n {int} NOT NULL,
  revision {int} NOT NULL,
  event {text} NOT NULL,
  name {text} NOT NULL,
  note {text} NOT NULL,
  at {time} NOT NULL,
  PRIMARY KEY (approval_id, n)
) {strict};
-- Who must be told: one account, or whoever holds a power (in a unit). Seen is kept for each reader.
CREATE TABLE approval_notice (
  id {id} PRIMARY KEY,
  approval_id {id} NOT NULL REFERENCES approval (id),
  event {text} NOT NULL,
  account_id {text} NOT NULL,
  power {text} NOT NULL,
  unit_id {text} NOT NULL,
  at {time} NOT NULL
) {strict};
CREATE INDEX approval_notice_of ON approval_notice (approval_id, id);
CREATE TABLE approval_seen (
  notice_id {id} NOT NULL REFERENCES approval_notice (id),
  account_id {id} NOT NULL,
  name {text} NOT NULL,
  at {time} NOT NULL,
  PRIMARY KEY (notice_id, account_id)
) {strict};
CREATE TRIGGER approval_party_no_update BEFORE UPDATE ON approval_party WHEN NOT (OLD.side = 'asks' AND NEW.side = 'excepted' AND OLD.person = NEW.person AND OLD.approval_id = NEW.approval_id)
BEGIN
  SELECT RAISE(ABORT, 'a party changes sides by an exception only');
END;
CREATE TRIGGER approval_party_no_delete BEFORE DELETE ON approval_party
BEGIN
  SELECT RAISE(ABORT, 'parties are never deleted');
END;
CREATE TRIGGER approval_ruling_no_update BEFORE UPDATE ON approval_ruling
BEGIN
  SELECT RAISE(ABORT, 'rulings are never changed');
END;
CREATE TRIGGER approval_ruling_no_delete BEFORE DELETE ON approval_ruling
BEGIN
  SELECT RAISE(ABORT, 'rulings are never deleted');
END;
CREATE TRIGGER approval_exception_no_update BEFORE UPDATE ON approval_exception
BEGIN
  SELECT RAISE(ABORT, 'exceptions are never changed');
END;
CREATE TRIGGER approval_exception_no_delete BEFORE DELETE ON approval_exception
BEGIN
  SELECT RAISE(ABORT, 'exceptions are never deleted');
END;
CREATE TRIGGER approval_requester_no_update BEFORE UPDATE OF requester_account, requester_person, kind ON approval
BEGIN
  SELECT RAISE(ABORT, 'who asked and for what is never changed');
END;
