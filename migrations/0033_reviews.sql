-- The periodic review of what was asked, and what its reviewer concluded (owner: src/features/reviews/table.cpp). People stand in `result` by the
-- pseudonyms of the log.
CREATE TABLE review (
  period {text} PRIMARY KEY,
  months {int} NOT NULL,
  made_at {time} NOT NULL,
  due_at {time} NOT NULL,
  result {text} NOT NULL,
  concluded_by {text},
  concluded_at {time},
  conclusion {text}
) {strict};
