-- Emergency stops, once they are over or stand (owner: src/features/stops/table.cpp). What is closed now lies in files beside the database.
CREATE TABLE stop_record (
  id {text} PRIMARY KEY,
  kind {text} NOT NULL,
  target {text} NOT NULL,
  whole_service {bool} NOT NULL,
  basis {text} NOT NULL,
  basis_by {text} NOT NULL,
  reason {text} NOT NULL,
  told {text} NOT NULL,
  incident {text} NOT NULL,
  set_by {text} NOT NULL,
  set_at {time} NOT NULL,
  released_by {text},
  released_at {time},
  release_reason {text}
) {strict};
CREATE INDEX stop_record_set ON stop_record (set_at);
-- A session belongs to the segment it was opened in; one without has ended (owner: src/features/accounts/table.cpp).
ALTER TABLE session ADD COLUMN segment {int};
-- Where a key may be used from: segments as a set, source networks as text. A key without segments works nowhere.
ALTER TABLE api_key ADD COLUMN segments {int};
ALTER TABLE api_key ADD COLUMN sources {text};
-- Approved external services (owner: src/features/services/table.cpp).
CREATE TABLE service (
  id {id} PRIMARY KEY,
  provider {text} NOT NULL,
  name {text} NOT NULL,
  ceiling {int} NOT NULL,
  region {text} NOT NULL,
  governing_law {text} NOT NULL,
  approved_by {text} NOT NULL,
  approval {text} NOT NULL,
  valid_from {time} NOT NULL,
  valid_to {time},
  registered_by {text} NOT NULL,
  registered_at {time} NOT NULL,
  ended_by {text},
  ended_at {time},
  end_reason {text}
) {strict};
CREATE INDEX service_approval ON service (approval);
-- What stood beside an endpoint as text becomes a record of its own.
INSERT INTO service (id, provider, name, ceiling, region, governing_law, approved_by, approval, valid_from, registered_by, registered_at)
  SELECT id, '', name, ceiling, region, governing_law, '', approval, created_at, 'migration', created_at FROM endpoint WHERE approval <> '';
ALTER TABLE endpoint ADD COLUMN service_id {id};
ALTER TABLE endpoint ADD COLUMN home {int};
UPDATE endpoint SET service_id = id WHERE approval <> '';
ALTER TABLE endpoint DROP COLUMN approval;
-- Permitted flows: no record, no flow (owner: src/features/flows/table.cpp). Exactly one of the two destinations is set.
CREATE TABLE flow (
  id {id} PRIMARY KEY,
  from_segment {text} NOT NULL,
  to_segment {text} NOT NULL,
  to_endpoint {text} NOT NULL,
  purpose {text} NOT NULL,
  content {text} NOT NULL,
  route {text} NOT NULL,
  permitted_by {text} NOT NULL,
  valid_from {time} NOT NULL,
  valid_to {time},
  opened_by {text} NOT NULL,
  opened_at {time} NOT NULL,
  ended_by {text},
  ended_at {time},
  end_reason {text}
) {strict};
CREATE INDEX flow_from ON flow (from_segment);
