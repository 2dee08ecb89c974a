-- Failures are counted from the first of a window, not from the last; rows that say nothing any
-- more are found by it.
ALTER TABLE sign_in_throttle RENAME COLUMN failed_us TO since_us
;
CREATE INDEX sign_in_throttle_since ON sign_in_throttle (since_us)
