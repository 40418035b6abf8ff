-- Backups that were made, tests of restoring them, and times without one (owner: src/features/backup/table.cpp). The folder of the backups is what counts:
-- these rows are what the log tells of it.
CREATE TABLE backup_set (
  file {text} PRIMARY KEY,
  at {time} NOT NULL,
  kind {text} NOT NULL,
  place {text} NOT NULL,
  label {text} NOT NULL,
  database_bytes {int} NOT NULL,
  originals {int} NOT NULL,
  original_bytes {int} NOT NULL,
  new_bytes {int} NOT NULL,
  took_ms {int} NOT NULL,
  gone_at {time}
) {strict};
CREATE INDEX backup_set_at ON backup_set (at);
CREATE TABLE restore_test (
  at {time} PRIMARY KEY,
  file {text} NOT NULL,
  good {bool} NOT NULL,
  restore_ms {int} NOT NULL,
  compare_ms {int} NOT NULL,
  bytes {int} NOT NULL,
  report {text} NOT NULL
) {strict};
CREATE TABLE backup_alarm (
  begun_at {time} PRIMARY KEY,
  reason {text} NOT NULL,
  ended_at {time}
) {strict};
