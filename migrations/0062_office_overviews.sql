-- What the overviews of the security office look cases up by (owner: src/features/office/overview_table.cpp).
CREATE INDEX office_case_opened ON office_case (opened_at);
CREATE INDEX office_case_closed ON office_case (closed_at);
CREATE INDEX office_case_at_work ON office_case (unit_id, id) WHERE kind <> 'closed';
