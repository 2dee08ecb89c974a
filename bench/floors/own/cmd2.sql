\set id random(1, 200000)
\set w random(1, 400)
BEGIN;
SELECT f.version AS v, f.case_id AS c, t.task_id AS t, f.body AS b FROM case_file f JOIN case_task t ON t.bureau=f.bureau AND t.task_id=('00000000-0000-7000-a000-'||lpad(to_hex(:id::bigint),12,'0'))::uuid WHERE f.bureau='180102' AND f.case_id=('00000000-0000-7000-8000-'||lpad(to_hex(:id::bigint),12,'0'))::uuid FOR UPDATE \gset
\startpipeline
INSERT INTO event(bureau,stream_id,seq,stream,kind,at_us,actor,body) VALUES ('180102',:c::uuid,:v::bigint*2+1,'case','case.step_done',1772413200000000,'clerk'||:w,'{"case_no":"1801020000000001","item":"SB-084","edition":1,"name":{"zh":"失业保险金申领","en":"Unemployment benefit"},"kind":"promised","org":"180102/insurance/unemployment","channel":"online","state":"DECIDING","notify":"person_01","owner":{"person":"person_01"},"stage":"review","proposal":"grant"}'),('180102',:c::uuid,:v::bigint*2+2,'case','case.task_opened',1772413200000000,'clerk'||:w,'{"case_no":"1801020000000001","item":"SB-084","edition":1,"name":{"zh":"失业保险金申领","en":"Unemployment benefit"},"kind":"promised","org":"180102/insurance/unemployment","channel":"online","state":"DECIDING","notify":"person_01","owner":{"person":"person_01"},"task_id":"task_01","stage":"decide","post":"decider"}');
UPDATE case_file SET version=:v::bigint+1,state='DECIDING',updated_us=updated_us+1,body=:b WHERE bureau='180102' AND case_id=:c::uuid;
UPDATE case_task SET version=version+1,stage='decide',holder=null WHERE bureau='180102' AND task_id=:t::uuid;
INSERT INTO job(bureau,job_id,kind,payload,state,due_us,attempts,fence,queued_us,last_error) VALUES('180102',gen_random_uuid(),'insight.case','{"v":1,"stream":"case","id":"case_01","seq":1,"kind":"case.step_done","at":"2026-03-02T01:00:00Z","body":{"item":"SB-084","state":"DECIDING"}}','waiting',1772413200000000,0,0,1772413200000000,'');
INSERT INTO audit_entry(lane,seq,at_us,bureau,actor,action,subject,outcome,request_id,station,hash) VALUES(:client_id::bigint,nextval('own_audit'),1772413200000000,'180102','clerk'||:w,'case.review',:c,'done',gen_random_uuid(),'',decode(repeat('5a',32),'hex'));
INSERT INTO idempotency(request_hash,body_digest,answer,at_us) VALUES(sha256(gen_random_uuid()::text::bytea),decode(repeat('5a',32),'hex'),'{"case_id":"case_01","version":2}',1772413200000000);
COMMIT;
\endpipeline
