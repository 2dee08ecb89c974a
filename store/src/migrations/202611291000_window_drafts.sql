ALTER TABLE case_file ADD COLUMN opened_by {uuid}
;
CREATE INDEX case_file_opened ON case_file (bureau, opened_by, updated_us) WHERE opened_by IS NOT NULL
