ALTER TABLE person_account ADD COLUMN one_time_until_us {bigint}
