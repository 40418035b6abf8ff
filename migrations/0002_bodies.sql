-- The organisation as data (owner: src/features/bodies/table.cpp).
CREATE TABLE body_profile (
  one {serial},
  name {text} NOT NULL,
  profile {text} NOT NULL
) {strict};
CREATE TABLE unit (
  id {id} PRIMARY KEY,
  code {text} NOT NULL UNIQUE,
  name {text} NOT NULL,
  parent_id {id} REFERENCES unit (id)
) {strict};
CREATE TABLE role (
  code {text} PRIMARY KEY,
  name {text} NOT NULL,
  powers {text} NOT NULL
) {strict};
