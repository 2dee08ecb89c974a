CREATE TABLE catalog_sheet (
-- reference
  name text NOT NULL PRIMARY KEY,
  digest text NOT NULL,
  content text NOT NULL,
  open {bool} NOT NULL,
  loaded_us {bigint} NOT NULL,
  version {bigint} NOT NULL
){strict}
