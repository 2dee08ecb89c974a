CREATE UNIQUE INDEX staff_person ON staff (bureau, person_id) WHERE person_id IS NOT NULL
;
CREATE INDEX session_started ON session (started_us)
;
UPDATE staff_absence SET reason = 'other'
