CREATE TABLE register_key (
-- reference
  slot {int} NOT NULL PRIMARY KEY,
  key_id {uuid} NOT NULL,
  wrapped {bytes} NOT NULL
){strict}
;
CREATE TABLE register_person (
-- distributed by number_hash
  number_hash {bytes} NOT NULL PRIMARY KEY,
  hash_key {int} NOT NULL,
  ordinal {bigint} NOT NULL,
  situation text NOT NULL,
  loaded_hash {bytes} NOT NULL,
  sealed {bytes} NOT NULL,
  version {bigint} NOT NULL
){strict}
;
CREATE INDEX register_person_situation ON register_person (situation, ordinal)
;
CREATE TABLE register_enterprise (
-- distributed by code
  code text NOT NULL PRIMARY KEY,
  ordinal {bigint} NOT NULL,
  situation text NOT NULL,
  loaded_digest text NOT NULL,
  facts text NOT NULL,
  version {bigint} NOT NULL
){strict}
;
CREATE INDEX register_enterprise_situation ON register_enterprise (situation, ordinal)
