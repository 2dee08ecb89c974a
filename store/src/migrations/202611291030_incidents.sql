ALTER TABLE case_file ADD COLUMN stuck_us {bigint}
;
CREATE INDEX case_file_stuck ON case_file (bureau, updated_us) WHERE stuck_us IS NOT NULL
