-- Where each edition stands: draft, reviewed, published from a day on, suspended, retired. What is published now stays so.
CREATE TABLE catalog_standing (
-- reference
  code text NOT NULL,
  edition {int} NOT NULL,
  state text NOT NULL,
  effective text,
  until_day text,
  reason text NOT NULL,
  moved_by text NOT NULL,
  PRIMARY KEY (code, edition)
){strict}
;
CREATE TABLE catalog_act (
-- reference
  code text NOT NULL,
  edition {int} NOT NULL,
  seq {bigint} NOT NULL,
  act text NOT NULL,
  by_name text NOT NULL,
  day text,
  reason text NOT NULL,
  at_us {bigint} NOT NULL,
  PRIMARY KEY (code, edition, seq)
){strict}
;
INSERT INTO catalog_standing (code, edition, state, effective, reason, moved_by)
  SELECT e.code, e.edition, CASE WHEN i.open THEN 'published' ELSE 'retired' END, e.effective, '', '{"kind":"system","id":"pack"}'
  FROM catalog_edition e JOIN catalog_item i ON i.code = e.code
;
INSERT INTO catalog_act (code, edition, seq, act, by_name, day, reason, at_us)
  SELECT code, edition, 1, 'publish', '', effective, '', published_us FROM catalog_edition
;
ALTER TABLE catalog_edition DROP COLUMN effective
;
ALTER TABLE catalog_edition DROP COLUMN published_us
;
ALTER TABLE catalog_item DROP COLUMN open
