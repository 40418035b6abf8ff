-- Evidence that people record for controls which the program does not enforce, how the state of each control went, and the gaps that are tasks
-- (owner: src/features/coverage/table.cpp). Controls themselves are data (packs/standard/controls.json); `log_from` is where in the log the
-- record of the act is looked for.
CREATE TABLE coverage_evidence (
  id {id} PRIMARY KEY,
  control {text} NOT NULL,
  what {text} NOT NULL,
  dated_at {time} NOT NULL,
  expires_at {time},
  sha256 {text} NOT NULL,
  link {text} NOT NULL,
  recorded_by {text} NOT NULL,
  recorded_at {time} NOT NULL,
  log_from {int} NOT NULL,
  withdrawn_by {text},
  withdrawn_at {time},
  withdraw_reason {text}
) {strict};
CREATE INDEX coverage_evidence_of ON coverage_evidence (control, dated_at);
CREATE TABLE coverage_state (
  control {text} NOT NULL,
  at {time} NOT NULL,
  state {text} NOT NULL CHECK (state IN ('not_applicable', 'green', 'amber', 'red')),
  reason {text} NOT NULL,
  PRIMARY KEY (control, at)
) {strict};
CREATE TABLE coverage_gap (
  id {id} PRIMARY KEY,
  control {text} NOT NULL,
  state {text} NOT NULL CHECK (state IN ('amber', 'red')),
  reason {text} NOT NULL,
  responsible {text} NOT NULL,
  opened_at {time} NOT NULL,
  closed_at {time},
  closed_by {text},
  close_reason {text}
) {strict};
CREATE UNIQUE INDEX coverage_gap_open ON coverage_gap (control) WHERE closed_at IS NULL;
