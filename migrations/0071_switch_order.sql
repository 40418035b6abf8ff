-- Who is behind a key or a session asks for the standing switches of a person with every act (src/features/switches/table.cpp): the index gives them
-- in their order, where sorting them took a temporary table each time.
DROP INDEX switch_standing_person;
DROP INDEX switch_standing_unit;
DROP INDEX switch_standing_case;
CREATE INDEX switch_standing_person ON switch_standing (person, ended_at, id);
CREATE INDEX switch_standing_unit ON switch_standing (unit_id, ended_at, id);
CREATE INDEX switch_standing_case ON switch_standing (case_id, ended_at, id);
