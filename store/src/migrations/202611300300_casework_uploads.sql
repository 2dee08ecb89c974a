-- Files on their way in parts; what became of them when they were scanned for viruses.
CREATE TABLE case_upload (
-- distributed by bureau
  bureau text NOT NULL,
  case_id {uuid} NOT NULL,
  upload_id {uuid} NOT NULL,
  slot text NOT NULL,
  sealed {bytes} NOT NULL,
  size_bytes {bigint} NOT NULL,
  received_bytes {bigint} NOT NULL,
  parts text NOT NULL,
  changed_us {bigint} NOT NULL,
  PRIMARY KEY (bureau, case_id, upload_id)
){strict}
;
ALTER TABLE case_material ADD COLUMN parts text
;
ALTER TABLE case_material ADD COLUMN scan text NOT NULL DEFAULT 'not_scanned'
