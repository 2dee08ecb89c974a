CREATE TABLE catalog_item (
-- reference
  code text NOT NULL PRIMARY KEY,
  edition {int} NOT NULL,
  digest text NOT NULL,
  open {bool} NOT NULL,
  version {bigint} NOT NULL
){strict}
;
CREATE TABLE catalog_edition (
-- reference
  code text NOT NULL,
  edition {int} NOT NULL,
  digest text NOT NULL,
  effective text NOT NULL,
  facts text NOT NULL,
  form text NOT NULL,
  rules text NOT NULL,
  flow text NOT NULL,
  published_us {bigint} NOT NULL,
  PRIMARY KEY (code, edition)
){strict}
;
CREATE TABLE catalog_calendar (
-- reference
  edition {int} NOT NULL PRIMARY KEY,
  digest text NOT NULL,
  holidays text NOT NULL,
  loaded_us {bigint} NOT NULL
){strict}
