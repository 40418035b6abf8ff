-- The way of each version of a policy document: draft, opinions, committee, decided, in force, superseded or withdrawn, and what people say to a
-- draft (owner: src/features/standard/version_table.cpp). One version of a document is in force at a time. `request_id` is the request by which the
-- version was put before the committee, `tree_hash` what it was bound to; the counts compare with the version that was in force before.
CREATE TABLE policy_state (
  version_id {id} PRIMARY KEY REFERENCES policy_version (id),
  document_id {id} NOT NULL REFERENCES policy_document (id),
  state {text} NOT NULL CHECK (state IN ('draft', 'opinions', 'committee', 'decided', 'in_force', 'superseded', 'withdrawn')),
  base_id {id},
  reason {text} NOT NULL,
  request_id {text},
  tree_hash {text},
  effective_on {text},
  effective_at {time},
  decided_by {text},
  decided_at {time},
  decision {text} NOT NULL,
  ended_at {time},
  added {int} NOT NULL,
  dropped {int} NOT NULL,
  changed {int} NOT NULL,
  renumbered {int} NOT NULL,
  moved {int} NOT NULL
) {strict};
CREATE UNIQUE INDEX policy_state_in_force ON policy_state (document_id) WHERE state = 'in_force';
CREATE INDEX policy_state_due ON policy_state (effective_at) WHERE state = 'decided';
INSERT INTO policy_state (version_id, document_id, state, reason, decision, added, dropped, changed, renumbered, moved)
  SELECT id, document_id, 'draft', '', '', 0, 0, 0, 0, 0 FROM policy_version;
CREATE TABLE policy_opinion (
  id {id} PRIMARY KEY,
  version_id {id} NOT NULL REFERENCES policy_version (id),
  clause_id {id},
  ref {text} NOT NULL,
  content {text} NOT NULL,
  given_by {text} NOT NULL,
  given_at {time} NOT NULL,
  state {text} NOT NULL CHECK (state IN ('open', 'adopted', 'not_adopted')),
  answer {text} NOT NULL,
  answered_by {text},
  answered_at {time}
) {strict};
CREATE INDEX policy_opinion_version ON policy_opinion (version_id, id);
