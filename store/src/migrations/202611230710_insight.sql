CREATE TABLE insight_cursor (
-- reference
  reader text NOT NULL PRIMARY KEY,
  xid {bigint} NOT NULL,
  gid {bigint} NOT NULL
){strict}
;
CREATE TABLE insight_item (
-- distributed by bureau
  bureau text NOT NULL,
  item text NOT NULL,
  name_zh text NOT NULL,
  name_en text NOT NULL,
  PRIMARY KEY (bureau, item)
){strict}
;
CREATE TABLE insight_daily (
-- distributed by bureau
  bureau text NOT NULL,
  day text NOT NULL,
  org text NOT NULL,
  item text NOT NULL,
  channel text NOT NULL,
  received {bigint} NOT NULL,
  accepted {bigint} NOT NULL,
  closed {bigint} NOT NULL,
  delivered {bigint} NOT NULL,
  granted {bigint} NOT NULL,
  denied {bigint} NOT NULL,
  on_time {bigint} NOT NULL,
  one_visit {bigint} NOT NULL,
  instant {bigint} NOT NULL,
  corrected {bigint} NOT NULL,
  working_days_sum {bigint} NOT NULL,
  stars_1 {bigint} NOT NULL,
  stars_2 {bigint} NOT NULL,
  stars_3 {bigint} NOT NULL,
  stars_4 {bigint} NOT NULL,
  stars_5 {bigint} NOT NULL,
  PRIMARY KEY (bureau, day, org, item, channel)
){strict}
;
CREATE INDEX insight_daily_day ON insight_daily (day)
;
CREATE TABLE insight_open (
-- distributed by bureau
  bureau text NOT NULL,
  case_id {uuid} NOT NULL,
  org text NOT NULL,
  item text NOT NULL,
  channel text NOT NULL,
  due_on text,
  waiting {bool} NOT NULL,
  PRIMARY KEY (bureau, case_id)
){strict}
;
CREATE INDEX insight_open_due ON insight_open (bureau, due_on, org)
;
CREATE TABLE insight_late (
-- distributed by bureau
  bureau text NOT NULL,
  case_id {uuid} NOT NULL,
  org text NOT NULL,
  item text NOT NULL,
  due_on text NOT NULL,
  closed_on text NOT NULL,
  PRIMARY KEY (bureau, case_id)
){strict}
;
CREATE INDEX insight_late_closed ON insight_late (bureau, closed_on)
