-- The list of cases: the hall to which somebody came, days by which it is narrowed, what figures count of a case once it is decided or
-- delivered, and the day that presses while it is open. A case that waits for its applicant, or has no
-- limit, sorts after every limit.
ALTER TABLE case_file ADD COLUMN hall text
;
ALTER TABLE case_file ADD COLUMN accepted_on text
;
ALTER TABLE case_file ADD COLUMN decided_on text
;
ALTER TABLE case_file ADD COLUMN closed_on text
;
ALTER TABLE case_file ADD COLUMN delivered_on text
;
ALTER TABLE case_file ADD COLUMN on_time {bool}
;
ALTER TABLE case_file ADD COLUMN within_law {bool}
;
ALTER TABLE case_file ADD COLUMN one_visit {bool}
;
ALTER TABLE case_file ADD COLUMN instant {bool}
;
ALTER TABLE case_file ADD COLUMN corrected {bool}
;
ALTER TABLE case_file ADD COLUMN due_on text
;
UPDATE case_file SET due_on = CASE WHEN state IN ('PRE_RETURNED', 'CORRECTING') OR expected_on IS NULL THEN '9999-12-31' ELSE expected_on END WHERE received_us IS NOT NULL AND closed_us IS NULL
;
CREATE INDEX case_file_newest ON case_file (bureau, received_us, case_id, org, state, item, channel, hall, employer_id, accepted_on, decided_on, closed_on, delivered_on, on_time, within_law, one_visit, instant, corrected) WHERE received_us IS NOT NULL
;
CREATE INDEX case_file_of_org ON case_file (bureau, org, received_us, case_id, state, item, channel, hall, employer_id, accepted_on, decided_on, closed_on, delivered_on, on_time, within_law, one_visit, instant, corrected) WHERE received_us IS NOT NULL
;
CREATE INDEX case_file_of_item ON case_file (bureau, item, received_us, case_id, org, state, channel, hall, employer_id, accepted_on, decided_on, closed_on, delivered_on, on_time, within_law, one_visit, instant, corrected) WHERE received_us IS NOT NULL
;
CREATE INDEX case_file_due ON case_file (bureau, due_on, case_id, org, state, item, channel, hall, employer_id, received_us, accepted_on, decided_on, closed_on, delivered_on, on_time, within_law, one_visit, instant, corrected) WHERE due_on IS NOT NULL
;
CREATE TABLE case_hand (
-- distributed by bureau
  bureau text NOT NULL,
  staff_id {uuid} NOT NULL,
  case_id {uuid} NOT NULL,
  at_us {bigint} NOT NULL,
  PRIMARY KEY (bureau, staff_id, case_id)
){strict}
;
CREATE INDEX case_hand_newest ON case_hand (bureau, staff_id, at_us, case_id)
;
CREATE TABLE case_views (
-- distributed by bureau
  bureau text NOT NULL,
  staff_id {uuid} NOT NULL,
  version {bigint} NOT NULL,
  views text NOT NULL,
  PRIMARY KEY (bureau, staff_id)
){strict}
;
CREATE TABLE case_export (
-- distributed by bureau
  bureau text NOT NULL,
  export_id {uuid} NOT NULL,
  staff_id {uuid} NOT NULL,
  filter text NOT NULL,
  outcome text NOT NULL,
  row_count {bigint} NOT NULL,
  at_us {bigint} NOT NULL,
  ended_us {bigint},
  PRIMARY KEY (bureau, export_id)
){strict}
;
CREATE INDEX case_export_newest ON case_export (bureau, at_us, export_id)
;
-- Who searches within his organisations: those of others are passed over in the index.
DROP INDEX case_file_name
;
CREATE INDEX case_file_name ON case_file (bureau, applicant_masked, updated_us, case_id, org, number)
;
-- Where a masked name is frequent, those of a section are few.
CREATE INDEX case_file_name_org ON case_file (bureau, applicant_masked, org)
;
DROP INDEX case_file_tail
;
CREATE INDEX case_file_tail ON case_file (bureau, number_tail, updated_us, case_id, org, number)
;
-- Open cases are counted from the index alone, in its order.
DROP INDEX insight_open_due
;
CREATE INDEX insight_open_due ON insight_open (bureau, org, due_on, waiting, case_id)
;
-- Ratings of few stars are found without looking at the many of five.
CREATE INDEX rating_stars ON rating (bureau, stars, given_in, rating_id)
