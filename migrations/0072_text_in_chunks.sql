-- The text of a document stands once: with each chunk what lies between the end of the one before and its own end, and in document_text what
-- lies behind the last. `lead`: code points of chunk.text before the chunk itself. NULL: read before this column; document_text has all of it.
ALTER TABLE chunk ADD COLUMN lead {int};
