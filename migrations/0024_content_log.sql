-- Keys of the log's payloads, one for each month and kind, sealed under the body's key (owner: src/gate/payload_table.cpp). Deleting a key
-- makes what it sealed unreadable for ever; what was erased stays known, so that a missing payload is told from a stolen one.
CREATE TABLE log_key (
  period {text} PRIMARY KEY,
  sealed {blob} NOT NULL,
  first_seq {int} NOT NULL
) {strict};
CREATE TABLE log_erasure (
  period {text} PRIMARY KEY,
  erased_at {time} NOT NULL,
  payloads {int} NOT NULL,
  first_seq {int} NOT NULL,
  end_seq {int} NOT NULL,
  swept_to {int} NOT NULL
) {strict};
-- Questions and answers among the leaves (canonical JSON: "act" is the first member), found without reading the others.
CREATE INDEX log_leaf_question ON log_leaf (seq) WHERE substr(leaf, 1, 18) IN ('{"act":"chats.ask"', '{"act":"completion');
CREATE INDEX log_leaf_answer ON log_leaf (seq) WHERE substr(leaf, 1, 20) = '{"act":"chats.close"';
