ALTER TABLE case_file ADD COLUMN calendar {int}
;
UPDATE case_file SET calendar = 0 WHERE state NOT IN ('DRAFT', 'NOT_ACCEPTED', 'NOT_REQUIRED', 'DELIVERED', 'WITHDRAWN', 'LAPSED')
;
DROP INDEX case_file_provisional
;
CREATE INDEX case_file_clocks ON case_file (bureau, case_id) WHERE calendar IS NOT NULL
