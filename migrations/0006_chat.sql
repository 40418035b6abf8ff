-- Conversations (owner: src/features/chat/table.cpp). Messages form a tree by parent_id; head_id is the leaf last shown.
CREATE TABLE chat (
  id {id} PRIMARY KEY,
  owner_id {id} NOT NULL REFERENCES account (id),
  title {text} NOT NULL,
  collections {text} NOT NULL,
  endpoint_id {id},
  head_id {id},
  label {text} NOT NULL,
  created_at {time} NOT NULL,
  updated_at {time} NOT NULL
) {strict};
CREATE INDEX chat_owner ON chat (owner_id, updated_at, id);
CREATE TABLE message (
  id {id} PRIMARY KEY,
  chat_id {id} NOT NULL REFERENCES chat (id),
  parent_id {id},
  role {text} NOT NULL,
  text {text} NOT NULL,
  state {text} NOT NULL,
  engine {text} NOT NULL,
  model {text},
  error_key {text},
  citations {text} NOT NULL,
  sentences {text} NOT NULL,
  label {text} NOT NULL,
  characters_in {int} NOT NULL,
  characters_out {int} NOT NULL,
  characters_context {int} NOT NULL,
  stream_id {id},
  created_at {time} NOT NULL
) {strict};
CREATE INDEX message_chat ON message (chat_id, id);
CREATE INDEX message_streaming ON message (state) WHERE state = 'streaming';
