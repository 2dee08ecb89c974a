ALTER TABLE case_file ADD COLUMN other_party {uuid}
;
ALTER TABLE case_file ADD COLUMN serve_us {bigint}
;
ALTER TABLE case_file ADD COLUMN serve_org text
;
ALTER TABLE case_task ADD COLUMN other_party {uuid}
;
CREATE INDEX case_file_other_party ON case_file (other_party, updated_us) WHERE other_party IS NOT NULL
;
CREATE INDEX case_file_serve ON case_file (bureau, serve_us) WHERE serve_us IS NOT NULL
