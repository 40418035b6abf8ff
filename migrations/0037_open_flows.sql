-- Asked with every question to a model: the records in force of one segment, in their order.
DROP INDEX flow_from;
CREATE INDEX flow_open ON flow (from_segment, id) WHERE ended_at IS NULL;
