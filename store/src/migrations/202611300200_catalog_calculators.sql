ALTER TABLE catalog_edition ADD COLUMN calculators text NOT NULL DEFAULT '{}'
