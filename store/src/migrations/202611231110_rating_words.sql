ALTER TABLE rating DROP COLUMN words
;
ALTER TABLE rating ADD COLUMN words_wrapped {bytes}
;
ALTER TABLE rating ADD COLUMN words_sealed {bytes}
