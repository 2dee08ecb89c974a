CREATE TABLE person_message (
-- distributed by person_id
  person_id {uuid} NOT NULL,
  message_id {uuid} NOT NULL,
  seq {bigint} NOT NULL,
  bureau text NOT NULL,
  template text NOT NULL,
  places text NOT NULL,
  case_id {uuid},
  notice_id {uuid},
  at_us {bigint} NOT NULL,
  read_us {bigint},
  PRIMARY KEY (person_id, message_id),
  UNIQUE (person_id, seq)
){strict}
;
CREATE TABLE person_message_box (
-- distributed by person_id
  person_id {uuid} NOT NULL PRIMARY KEY,
  last_seq {bigint} NOT NULL,
  read_seq {bigint} NOT NULL,
  read_us {bigint},
  unread {bigint} NOT NULL
){strict}
;
CREATE TABLE message_dispatch (
-- distributed by person_id
  person_id {uuid} NOT NULL,
  dispatch_id {uuid} NOT NULL,
  message_id {uuid} NOT NULL,
  channel text NOT NULL,
  state text NOT NULL,
  attempts {int} NOT NULL,
  receipt text NOT NULL,
  queued_us {bigint} NOT NULL,
  done_us {bigint},
  PRIMARY KEY (person_id, dispatch_id)
){strict}
;
CREATE TABLE demo_outbox (
-- distributed by dispatch_key
  dispatch_key text NOT NULL PRIMARY KEY,
  channel text NOT NULL,
  to_masked text NOT NULL,
  words text NOT NULL,
  at_us {bigint} NOT NULL
){strict}
;
CREATE INDEX demo_outbox_time ON demo_outbox (at_us, dispatch_key)
