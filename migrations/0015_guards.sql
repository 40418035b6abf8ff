-- What may reach a model (owner: src/features/guards/table.cpp). The body's own rules stand before those of packs/policy/guards.json.
CREATE TABLE guard_rule (
  position {int} PRIMARY KEY,
  rule {text} NOT NULL
) {strict};
-- normal: the word as it is compared (NFKC, width, case); word: as it was written.
CREATE TABLE ng_word (
  normal {id} PRIMARY KEY,
  word {text} NOT NULL,
  note {text} NOT NULL,
  created_at {time} NOT NULL
) {strict};
-- Changes whenever a rule or a word changes, so that a guard kept in memory is known to be old.
CREATE TABLE guard_state (
  id {int} PRIMARY KEY CHECK (id = 1),
  revision {id} NOT NULL,
  updated_at {time} NOT NULL
) {strict};
-- What the guard did for an answer: kinds, what happened, counts; never a value (owner: src/features/chat/table.cpp).
ALTER TABLE message ADD COLUMN guard {text} NOT NULL DEFAULT '[]';
