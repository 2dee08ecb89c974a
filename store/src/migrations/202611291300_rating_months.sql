-- A list of ratings tells months apart, never days: on a quiet day the day gives the rater away.
ALTER TABLE rating RENAME COLUMN given_on TO given_in
;
UPDATE rating SET given_in = substr(given_in, 1, 7)
;
ALTER TABLE rating DROP COLUMN closed_on
