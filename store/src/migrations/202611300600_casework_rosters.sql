CREATE TABLE roster (
-- distributed by bureau
  bureau text NOT NULL,
  roster_id {uuid} NOT NULL,
  version {bigint} NOT NULL,
  state text NOT NULL,
  item text NOT NULL,
  edition {int} NOT NULL,
  name_zh text NOT NULL,
  name_en text NOT NULL,
  employer_id {uuid} NOT NULL,
  person_id {uuid} NOT NULL,
  sealed_file_name {bytes} NOT NULL,
  last_row {int} NOT NULL,
  rows_read {int} NOT NULL,
  rows_checked {int} NOT NULL,
  rows_bad {int} NOT NULL,
  rows_good {int} NOT NULL,
  rows_doubtful {int} NOT NULL,
  rows_promised {int} NOT NULL,
  rows_opened {int} NOT NULL,
  rows_granted {int} NOT NULL,
  rows_failed {int} NOT NULL,
  refusal text NOT NULL,
  created_us {bigint} NOT NULL,
  updated_us {bigint} NOT NULL,
  confirmed_us {bigint},
  ended_us {bigint},
  wrapped_key {bytes} NOT NULL,
  PRIMARY KEY (bureau, roster_id)
){strict}
;
CREATE INDEX roster_by_id ON roster (roster_id)
;
CREATE INDEX roster_employer ON roster (employer_id, created_us)
;
CREATE INDEX roster_employer_open ON roster (employer_id) WHERE ended_us IS NULL
;
CREATE TABLE roster_row (
-- distributed by bureau
  bureau text NOT NULL,
  roster_id {uuid} NOT NULL,
  row_no {int} NOT NULL,
  state text NOT NULL,
  case_id {uuid} NOT NULL,
  shown text NOT NULL,
  sealed {bytes} NOT NULL,
  PRIMARY KEY (bureau, roster_id, row_no)
){strict}
;
CREATE INDEX roster_row_state ON roster_row (bureau, roster_id, state, row_no)
;
CREATE TABLE roster_file (
-- distributed by bureau
  bureau text NOT NULL,
  roster_id {uuid} NOT NULL,
  part {int} NOT NULL,
  sealed {bytes} NOT NULL,
  PRIMARY KEY (bureau, roster_id, part)
){strict}
