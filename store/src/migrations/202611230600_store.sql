CREATE TABLE event (
-- distributed by bureau
  gid {event_gid},
  xid {event_xid},
  bureau text NOT NULL,
  stream_id {uuid} NOT NULL,
  seq {bigint} NOT NULL,
  stream text NOT NULL,
  kind text NOT NULL,
  at_us {bigint} NOT NULL,
  actor text NOT NULL,
  body text NOT NULL,
  {event_key} (bureau, stream_id, seq)
){strict}
;
CREATE INDEX event_reading ON event (xid, gid)
;
CREATE TABLE job (
-- distributed by bureau
  bureau text NOT NULL,
  job_id {uuid} NOT NULL,
  kind text NOT NULL,
  payload text NOT NULL,
  state text NOT NULL,
  due_us {bigint},
  attempts {int} NOT NULL,
  fence {bigint} NOT NULL,
  queued_us {bigint} NOT NULL,
  last_error text NOT NULL,
  PRIMARY KEY (bureau, job_id)
){strict}
;
CREATE INDEX job_due ON job (kind, due_us, job_id) WHERE due_us IS NOT NULL
;
CREATE INDEX job_dead ON job (bureau, queued_us) WHERE state = 'dead'
;
CREATE TABLE idempotency (
-- distributed by request_hash
  request_hash {bytes} NOT NULL PRIMARY KEY,
  body_digest {bytes} NOT NULL,
  answer text NOT NULL,
  at_us {bigint} NOT NULL
){strict}
;
CREATE INDEX idempotency_age ON idempotency (at_us)
;
CREATE TABLE audit_entry (
-- distributed by lane
  lane {bigint} NOT NULL,
  seq {bigint} NOT NULL,
  at_us {bigint} NOT NULL,
  bureau text NOT NULL,
  actor text NOT NULL,
  action text NOT NULL,
  subject text NOT NULL,
  outcome text NOT NULL,
  request_id {uuid} NOT NULL,
  station text NOT NULL,
  hash {bytes} NOT NULL,
  PRIMARY KEY (lane, seq)
){strict}
;
CREATE INDEX audit_entry_subject ON audit_entry (bureau, subject, at_us)
;
CREATE INDEX audit_entry_time ON audit_entry (bureau, at_us)
;
CREATE TABLE node_slot (
-- reference
  slot {bigint} NOT NULL PRIMARY KEY,
  holder {uuid} NOT NULL,
  until_us {bigint} NOT NULL
){strict}
;
CREATE TABLE installation (
-- reference
  one {int} NOT NULL PRIMARY KEY CHECK (one = 1),
  installation_id {uuid} NOT NULL,
  purpose text NOT NULL,
  keys text NOT NULL,
  since_us {bigint} NOT NULL
){strict}
