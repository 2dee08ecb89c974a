-- The inbox is counted from its index alone.
DROP INDEX case_task_inbox
;
CREATE INDEX case_task_inbox ON case_task (bureau, permission, waiting, due_on, task_id, org, holder)
;
CREATE INDEX case_file_employer_open ON case_file (employer_id, updated_us) WHERE employer_id IS NOT NULL AND closed_us IS NULL
;
CREATE INDEX staff_absence_by_id ON staff_absence (absence_id)
