-- Figures by item, agency, organisation, channel and hall, made anew from the log: their reader has a place
-- of its own and begins at the first event. insight_daily, insight_open and insight_late belong to
-- programs from before this step, which may still run; a later release drops them.
ALTER TABLE insight_cursor ADD COLUMN at_us {bigint} NOT NULL DEFAULT 0
;
CREATE TABLE insight_count (
-- distributed by bureau
  bureau text NOT NULL,
  grain text NOT NULL,
  span text NOT NULL,
  org text NOT NULL,
  item text NOT NULL,
  channel text NOT NULL,
  hall text NOT NULL,
  received {bigint} NOT NULL,
  accepted {bigint} NOT NULL,
  closed {bigint} NOT NULL,
  delivered {bigint} NOT NULL,
  granted {bigint} NOT NULL,
  denied {bigint} NOT NULL,
  on_time {bigint} NOT NULL,
  limited {bigint} NOT NULL,
  within_law {bigint} NOT NULL,
  one_visit {bigint} NOT NULL,
  instant {bigint} NOT NULL,
  corrected {bigint} NOT NULL,
  working_days_sum {bigint} NOT NULL,
  days_0 {bigint} NOT NULL,
  days_1 {bigint} NOT NULL,
  days_2 {bigint} NOT NULL,
  days_3 {bigint} NOT NULL,
  days_5 {bigint} NOT NULL,
  days_7 {bigint} NOT NULL,
  days_10 {bigint} NOT NULL,
  days_15 {bigint} NOT NULL,
  days_20 {bigint} NOT NULL,
  days_30 {bigint} NOT NULL,
  days_60 {bigint} NOT NULL,
  stars_1 {bigint} NOT NULL,
  stars_2 {bigint} NOT NULL,
  stars_3 {bigint} NOT NULL,
  stars_4 {bigint} NOT NULL,
  stars_5 {bigint} NOT NULL,
  PRIMARY KEY (bureau, grain, span, org, item, channel, hall)
){strict}
;
CREATE INDEX insight_count_span ON insight_count (grain, span)
;
CREATE INDEX insight_count_item ON insight_count (item, grain, span)
;
CREATE TABLE insight_case (
-- distributed by bureau
  bureau text NOT NULL,
  case_id {uuid} NOT NULL,
  org text NOT NULL,
  item text NOT NULL,
  channel text NOT NULL,
  hall text NOT NULL,
  due_on text,
  statutory_on text,
  waiting {bool} NOT NULL,
  decided {bool} NOT NULL,
  visits {bigint} NOT NULL,
  came_on text,
  PRIMARY KEY (bureau, case_id)
){strict}
;
CREATE TABLE insight_due (
-- distributed by bureau
  bureau text NOT NULL,
  item text NOT NULL,
  due_on text NOT NULL,
  org text NOT NULL,
  channel text NOT NULL,
  hall text NOT NULL,
  cases {bigint} NOT NULL,
  PRIMARY KEY (bureau, item, due_on, org, channel, hall)
){strict}
;
CREATE INDEX insight_due_item ON insight_due (item, due_on)
;
CREATE TABLE insight_overrun (
-- distributed by bureau
  bureau text NOT NULL,
  closed_on text NOT NULL,
  due_on text NOT NULL,
  org text NOT NULL,
  item text NOT NULL,
  channel text NOT NULL,
  hall text NOT NULL,
  cases {bigint} NOT NULL,
  PRIMARY KEY (bureau, closed_on, due_on, org, item, channel, hall)
){strict}
;
-- Ratings count for the hall to which somebody came.
ALTER TABLE rating_invitation ADD COLUMN hall text
