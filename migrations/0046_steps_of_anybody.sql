-- A step that anybody may make opens no more than that step (owner: src/features/office): what older cases opened to everybody because of it is narrowed.
-- Of these registers nothing is for everybody but such steps.
UPDATE office_access SET address = 'step:anyone'
WHERE address = 'anyone'
  AND definition IN ('asset-inventory', 'cables-and-power', 'contact-nets', 'self-inspections', 'systems-inspections', 'terminal-checks', 'training-sessions');
