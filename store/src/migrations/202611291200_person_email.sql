ALTER TABLE person ADD COLUMN email_sealed {bytes}
