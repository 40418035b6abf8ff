-- Model endpoints (owner: src/features/endpoints/table.cpp). The key is sealed with a key derived from the body's.
CREATE TABLE endpoint (
  id {id} PRIMARY KEY,
  name {text} NOT NULL UNIQUE,
  protocol {text} NOT NULL,
  url {text} NOT NULL,
  model {text} NOT NULL,
  ceiling {int} NOT NULL,
  segments {int} NOT NULL,
  api_key {blob},
  region {text} NOT NULL,
  governing_law {text} NOT NULL,
  approval {text} NOT NULL,
  enabled {bool} NOT NULL,
  created_at {time} NOT NULL,
  updated_at {time} NOT NULL
) {strict};
