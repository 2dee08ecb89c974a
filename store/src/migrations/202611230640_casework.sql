CREATE TABLE case_file (
-- distributed by bureau
  bureau text NOT NULL,
  case_id {uuid} NOT NULL,
  version {bigint} NOT NULL,
  state text NOT NULL,
  number text,
  item text NOT NULL,
  edition {int} NOT NULL,
  name_zh text NOT NULL,
  name_en text NOT NULL,
  person_id {uuid} NOT NULL,
  employer_id {uuid},
  applicant_masked text NOT NULL,
  number_tail text NOT NULL,
  org text NOT NULL,
  channel text NOT NULL,
  received_us {bigint},
  expected_on text,
  provisional {bool} NOT NULL,
  ready_us {bigint},
  closed_us {bigint},
  updated_us {bigint} NOT NULL,
  wrapped_key {bytes} NOT NULL,
  sealed_query_code {bytes} NOT NULL,
  body text NOT NULL,
  PRIMARY KEY (bureau, case_id)
){strict}
;
CREATE INDEX case_file_id ON case_file (case_id)
;
CREATE INDEX case_file_person ON case_file (person_id, updated_us)
;
CREATE INDEX case_file_employer ON case_file (employer_id, updated_us) WHERE employer_id IS NOT NULL
;
CREATE INDEX case_file_number ON case_file (number) WHERE number IS NOT NULL
;
CREATE INDEX case_file_ready ON case_file (bureau, ready_us) WHERE ready_us IS NOT NULL
;
CREATE INDEX case_file_tail ON case_file (bureau, number_tail, updated_us)
;
CREATE INDEX case_file_name ON case_file (bureau, applicant_masked, updated_us)
;
CREATE INDEX case_file_provisional ON case_file (bureau, case_id) WHERE provisional AND closed_us IS NULL
;
CREATE TABLE case_task (
-- distributed by bureau
  bureau text NOT NULL,
  task_id {uuid} NOT NULL,
  case_id {uuid} NOT NULL,
  case_number text NOT NULL,
  item text NOT NULL,
  name_zh text NOT NULL,
  name_en text NOT NULL,
  applicant_masked text NOT NULL,
  number_tail text NOT NULL,
  channel text NOT NULL,
  stage text NOT NULL,
  permission text NOT NULL,
  org text NOT NULL,
  holder {uuid},
  waiting {bool} NOT NULL,
  due_on text NOT NULL,
  provisional {bool} NOT NULL,
  promised_from text,
  received_us {bigint} NOT NULL,
  opened_us {bigint} NOT NULL,
  party {uuid} NOT NULL,
  employer {uuid},
  barred text NOT NULL,
  note text NOT NULL,
  version {bigint} NOT NULL,
  PRIMARY KEY (bureau, task_id)
){strict}
;
CREATE INDEX case_task_inbox ON case_task (bureau, permission, waiting, due_on, task_id)
;
CREATE INDEX case_task_holder ON case_task (bureau, holder, due_on) WHERE holder IS NOT NULL
;
CREATE INDEX case_task_case ON case_task (bureau, case_id)
;
CREATE TABLE case_data (
-- distributed by bureau
  bureau text NOT NULL,
  case_id {uuid} NOT NULL,
  version {bigint} NOT NULL,
  plain text NOT NULL,
  sealed {bytes} NOT NULL,
  at_us {bigint} NOT NULL,
  PRIMARY KEY (bureau, case_id, version)
){strict}
;
CREATE TABLE case_text (
-- distributed by bureau
  bureau text NOT NULL,
  case_id {uuid} NOT NULL,
  text_id {uuid} NOT NULL,
  kind text NOT NULL,
  sealed {bytes} NOT NULL,
  at_us {bigint} NOT NULL,
  PRIMARY KEY (bureau, case_id, text_id)
){strict}
;
CREATE TABLE case_notice (
-- distributed by bureau
  bureau text NOT NULL,
  case_id {uuid} NOT NULL,
  notice_id {uuid} NOT NULL,
  kind text NOT NULL,
  number text,
  facts text NOT NULL,
  sealed {bytes},
  at_us {bigint} NOT NULL,
  PRIMARY KEY (bureau, case_id, notice_id)
){strict}
;
CREATE TABLE case_material (
-- distributed by bureau
  bureau text NOT NULL,
  case_id {uuid} NOT NULL,
  material_id {uuid} NOT NULL,
  slot text NOT NULL,
  sealed_name {bytes} NOT NULL,
  media_type text NOT NULL,
  size_bytes {bigint} NOT NULL,
  digest {bytes} NOT NULL,
  at_us {bigint} NOT NULL,
  PRIMARY KEY (bureau, case_id, material_id)
){strict}
;
CREATE TABLE case_open (
-- distributed by bureau
  bureau text NOT NULL,
  owner_id {uuid} NOT NULL,
  item text NOT NULL,
  case_id {uuid} NOT NULL,
  PRIMARY KEY (bureau, owner_id, item)
){strict}
;
CREATE TABLE case_counter (
-- distributed by bureau
  bureau text NOT NULL,
  series text NOT NULL,
  value {bigint} NOT NULL,
  PRIMARY KEY (bureau, series)
){strict}
