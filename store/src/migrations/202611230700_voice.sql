CREATE TABLE rating_invitation (
-- distributed by bureau
  bureau text NOT NULL,
  case_id {uuid} NOT NULL,
  owner_person {uuid},
  owner_employer {uuid},
  item text NOT NULL,
  name_zh text NOT NULL,
  name_en text NOT NULL,
  org text NOT NULL,
  channel text NOT NULL,
  closed_on text NOT NULL,
  PRIMARY KEY (bureau, case_id)
){strict}
;
CREATE INDEX rating_invitation_case ON rating_invitation (case_id)
;
CREATE TABLE rating (
-- distributed by bureau
  bureau text NOT NULL,
  case_id {uuid} NOT NULL,
  part {int} NOT NULL,
  rating_id {uuid} NOT NULL,
  stars {int} NOT NULL,
  labels text NOT NULL,
  words text NOT NULL,
  anonymous {bool} NOT NULL,
  given_on text NOT NULL,
  given_us {bigint} NOT NULL,
  item text NOT NULL,
  name_zh text NOT NULL,
  name_en text NOT NULL,
  org text NOT NULL,
  closed_on text NOT NULL,
  PRIMARY KEY (bureau, case_id, part)
){strict}
;
CREATE INDEX rating_list ON rating (bureau, given_on, rating_id)
;
CREATE TABLE rating_day (
-- distributed by bureau
  bureau text NOT NULL,
  day text NOT NULL,
  org text NOT NULL,
  item text NOT NULL,
  closed {bigint} NOT NULL,
  stars_1 {bigint} NOT NULL,
  stars_2 {bigint} NOT NULL,
  stars_3 {bigint} NOT NULL,
  stars_4 {bigint} NOT NULL,
  stars_5 {bigint} NOT NULL,
  PRIMARY KEY (bureau, day, org, item)
){strict}
