ALTER TABLE case_file ADD COLUMN ready_org text
;
UPDATE case_file SET ready_org = (SELECT MIN(case_task.org) FROM case_task WHERE case_task.bureau = case_file.bureau AND case_task.case_id = case_file.case_id AND case_task.stage = 'hand_out') WHERE ready_us IS NOT NULL
