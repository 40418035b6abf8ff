-- What one person registered or changed waits for another's check, where the body asks for two (11(1)エ(ウ)). `waits_for` is the request for it;
-- until it is granted the record has no effect. Whoever changed does not check: the rows say so themselves.
ALTER TABLE service ADD COLUMN waits_for {text};
ALTER TABLE service ADD COLUMN changed_person {text};
ALTER TABLE service ADD COLUMN checked_person {text} CHECK (checked_person IS NULL OR checked_person <> changed_person);
ALTER TABLE flow ADD COLUMN waits_for {text};
ALTER TABLE flow ADD COLUMN changed_person {text};
ALTER TABLE flow ADD COLUMN checked_person {text} CHECK (checked_person IS NULL OR checked_person <> changed_person);
ALTER TABLE endpoint ADD COLUMN waits_for {text};
ALTER TABLE endpoint ADD COLUMN changed_person {text};
ALTER TABLE endpoint ADD COLUMN checked_person {text} CHECK (checked_person IS NULL OR checked_person <> changed_person);
-- A request for permission is made of what was typed in a segment: its text is shown where what comes from there may be read (a set, as in labels).
ALTER TABLE approval ADD COLUMN segments {int} NOT NULL DEFAULT 0;
