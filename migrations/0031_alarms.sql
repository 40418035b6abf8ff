-- Notices that the program opened about itself, and what became of them (owner: src/features/alarms/table.cpp). What could not be recorded
-- yet lies in files beside the database.
CREATE TABLE alarm (
  id {id} PRIMARY KEY,
  kind {text} NOT NULL,
  detail {text} NOT NULL,
  opened_at {time} NOT NULL,
  times {int} NOT NULL,
  recorded_at {time} NOT NULL,
  confirmed_by {text},
  confirmed_at {time},
  finding {text}
) {strict};
CREATE INDEX alarm_standing ON alarm (opened_at) WHERE confirmed_at IS NULL;
