CREATE TABLE person (
-- distributed by person_id
  person_id {uuid} NOT NULL PRIMARY KEY,
  name_sealed {bytes} NOT NULL,
  number_sealed {bytes} NOT NULL,
  mobile_sealed {bytes},
  created_us {bigint} NOT NULL,
  version {bigint} NOT NULL
){strict}
;
CREATE TABLE person_key (
-- distributed by person_id
  person_id {uuid} NOT NULL PRIMARY KEY,
  key_id {uuid} NOT NULL,
  wrapped {bytes} NOT NULL
){strict}
;
CREATE TABLE person_lookup (
-- distributed by hash
  hash {bytes} NOT NULL,
  field text NOT NULL,
  key_id {bigint} NOT NULL,
  person_id {uuid} NOT NULL,
  PRIMARY KEY (hash, field, key_id)
){strict}
;
CREATE TABLE person_account (
-- distributed by person_id
  person_id {uuid} NOT NULL PRIMARY KEY,
  password_hash text NOT NULL,
  changed_us {bigint} NOT NULL
){strict}
;
CREATE TABLE person_consent (
-- distributed by person_id
  person_id {uuid} NOT NULL,
  kind text NOT NULL,
  agreed {bool} NOT NULL,
  since_us {bigint} NOT NULL,
  PRIMARY KEY (person_id, kind)
){strict}
;
CREATE TABLE employer (
-- distributed by employer_id
  employer_id {uuid} NOT NULL PRIMARY KEY,
  credit_code text NOT NULL,
  name text NOT NULL,
  agents {bigint} NOT NULL,
  created_us {bigint} NOT NULL,
  version {bigint} NOT NULL
){strict}
;
CREATE TABLE employer_code (
-- distributed by credit_code
  credit_code text NOT NULL PRIMARY KEY,
  employer_id {uuid} NOT NULL
){strict}
;
CREATE TABLE employer_agent (
-- distributed by employer_id
  employer_id {uuid} NOT NULL,
  person_id {uuid} NOT NULL,
  since_us {bigint} NOT NULL,
  PRIMARY KEY (employer_id, person_id)
){strict}
;
CREATE INDEX employer_agent_person ON employer_agent (person_id)
;
CREATE TABLE organisation (
-- reference
  path text NOT NULL PRIMARY KEY,
  name_zh text NOT NULL,
  name_en text NOT NULL
){strict}
;
CREATE TABLE post (
-- reference
  post text NOT NULL PRIMARY KEY,
  place {int} NOT NULL,
  name_zh text NOT NULL,
  name_en text NOT NULL,
  incompatible text NOT NULL
){strict}
;
CREATE TABLE post_permission (
-- reference
  post text NOT NULL,
  permission text NOT NULL,
  PRIMARY KEY (post, permission)
){strict}
;
CREATE TABLE staff (
-- distributed by bureau
  bureau text NOT NULL,
  staff_id {uuid} NOT NULL,
  account text NOT NULL,
  name text NOT NULL,
  org text NOT NULL,
  person_id {uuid},
  active {bool} NOT NULL,
  version {bigint} NOT NULL,
  PRIMARY KEY (bureau, staff_id)
){strict}
;
CREATE INDEX staff_by_id ON staff (staff_id)
;
CREATE INDEX staff_by_account ON staff (bureau, account)
;
CREATE TABLE staff_account (
-- distributed by account
  account text NOT NULL PRIMARY KEY,
  bureau text NOT NULL,
  staff_id {uuid} NOT NULL,
  password_hash text,
  changed_us {bigint} NOT NULL
){strict}
;
CREATE TABLE staff_post (
-- distributed by bureau
  bureau text NOT NULL,
  staff_id {uuid} NOT NULL,
  post text NOT NULL,
  org text NOT NULL,
  PRIMARY KEY (bureau, staff_id, post, org)
){strict}
;
CREATE INDEX staff_post_holders ON staff_post (bureau, post)
;
CREATE TABLE staff_absence (
-- distributed by bureau
  bureau text NOT NULL,
  absence_id {uuid} NOT NULL,
  staff_id {uuid} NOT NULL,
  deputy_id {uuid} NOT NULL,
  from_day text NOT NULL,
  to_day text NOT NULL,
  reason text NOT NULL,
  PRIMARY KEY (bureau, absence_id)
){strict}
;
CREATE INDEX staff_absence_staff ON staff_absence (bureau, staff_id, to_day)
;
CREATE INDEX staff_absence_deputy ON staff_absence (bureau, deputy_id, to_day)
;
CREATE TABLE session (
-- distributed by token_hash
  token_hash {bytes} NOT NULL PRIMARY KEY,
  session_id {uuid} NOT NULL,
  surface text NOT NULL,
  person_id {uuid},
  employer_id {uuid},
  bureau text NOT NULL,
  staff_id {uuid},
  started_us {bigint} NOT NULL,
  seen_us {bigint} NOT NULL,
  version {bigint} NOT NULL
){strict}
;
CREATE INDEX session_by_id ON session (session_id)
;
CREATE INDEX session_person ON session (person_id, started_us) WHERE person_id IS NOT NULL
;
CREATE INDEX session_staff ON session (staff_id, started_us) WHERE staff_id IS NOT NULL
;
CREATE TABLE sign_in_throttle (
-- distributed by subject
  subject {bytes} NOT NULL PRIMARY KEY,
  failures {int} NOT NULL,
  failed_us {bigint} NOT NULL,
  rest_until_us {bigint} NOT NULL
){strict}
