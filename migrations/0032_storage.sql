-- What the body's uploaded originals take, kept beside the rows so that taking in a file need not add up all of them (owner:
-- src/features/library/table.cpp).
CREATE TABLE storage_total (
  id {int} PRIMARY KEY,
  bytes {int} NOT NULL
) {strict};
INSERT INTO storage_total (id, bytes) SELECT 1, COALESCE(SUM(bytes), 0) FROM document;
CREATE TRIGGER storage_total_added AFTER INSERT ON document
BEGIN
  UPDATE storage_total SET bytes = bytes + NEW.bytes WHERE id = 1;
END;
CREATE TRIGGER storage_total_changed AFTER UPDATE OF bytes ON document
BEGIN
  UPDATE storage_total SET bytes = bytes - OLD.bytes + NEW.bytes WHERE id = 1;
END;
CREATE TRIGGER storage_total_removed AFTER DELETE ON document
BEGIN
  UPDATE storage_total SET bytes = bytes - OLD.bytes WHERE id = 1;
END;
