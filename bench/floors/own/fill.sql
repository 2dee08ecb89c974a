-- 200,000 cases in the tables that `yici migrate` made, and `cmd1` as a stored function.
create sequence own_audit;
insert into case_file(bureau,case_id,version,state,number,item,edition,name_zh,name_en,person_id,employer_id,applicant_masked,number_tail,org,channel,received_us,expected_on,provisional,ready_us,closed_us,updated_us,wrapped_key,sealed_query_code,body)
select '180102',('00000000-0000-7000-8000-'||lpad(to_hex(g),12,'0'))::uuid,0,'REVIEWING','180102'||lpad(g::text,10,'0'),'SB-084',1,'失业保险金申领','Unemployment benefit',
 ('00000000-0000-7000-9000-'||lpad(to_hex(g),12,'0'))::uuid,null,'某*','002X','180102/insurance/unemployment','online',1772413200000000,'2026-03-03',false,null,null,1772413200000000,
 decode(repeat('5a',60),'hex'),decode(repeat('5a',36),'hex'),jsonb_build_object('flow',jsonb_build_object('format',1,'tokens',jsonb_build_array('review')),'clocks',repeat('x',300),'steps',repeat('y',500))::text
from generate_series(1,200000) g;
insert into case_task(bureau,task_id,case_id,case_number,item,name_zh,name_en,applicant_masked,number_tail,channel,stage,permission,org,holder,waiting,due_on,provisional,promised_from,received_us,opened_us,party,barred,note,version)
select bureau,('00000000-0000-7000-a000-'||lpad(to_hex(g),12,'0'))::uuid,('00000000-0000-7000-8000-'||lpad(to_hex(g),12,'0'))::uuid,number,item,name_zh,name_en,applicant_masked,number_tail,channel,'review','case.review',org,null,false,'2026-03-03',false,null,received_us,received_us,person_id,'[]','',0
from generate_series(1,200000) g join case_file on case_id=('00000000-0000-7000-8000-'||lpad(to_hex(g),12,'0'))::uuid;
vacuum analyze case_file;
vacuum analyze case_task;
create or replace function own_cmd(p_id bigint,p_actor text,p_lane bigint) returns bigint language plpgsql as $$
declare v bigint; b text; c uuid := ('00000000-0000-7000-8000-'||lpad(to_hex(p_id),12,'0'))::uuid; t uuid := ('00000000-0000-7000-a000-'||lpad(to_hex(p_id),12,'0'))::uuid;
begin
 select version,body into v,b from case_file where bureau='180102' and case_id=c for update;
 perform 1 from case_task where bureau='180102' and task_id=t for update;
 insert into event(bureau,stream_id,seq,stream,kind,at_us,actor,body) values
 ('180102',c,v*2+1,'case','case.step_done',1772413200000000,p_actor,'{"case_no":"1801020000000001","item":"SB-084","edition":1,"name":{"zh":"失业保险金申领","en":"Unemployment benefit"},"kind":"promised","org":"180102/insurance/unemployment","channel":"online","state":"DECIDING","notify":"person_01","owner":{"person":"person_01"},"stage":"review","proposal":"grant"}'),
 ('180102',c,v*2+2,'case','case.task_opened',1772413200000000,p_actor,'{"case_no":"1801020000000001","item":"SB-084","edition":1,"name":{"zh":"失业保险金申领","en":"Unemployment benefit"},"kind":"promised","org":"180102/insurance/unemployment","channel":"online","state":"DECIDING","notify":"person_01","owner":{"person":"person_01"},"task_id":"task_01","stage":"decide","post":"decider"}');
 update case_file set version=v+1,state='DECIDING',updated_us=updated_us+1,body=b where bureau='180102' and case_id=c;
 update case_task set version=version+1,stage='decide',holder=null where bureau='180102' and task_id=t;
 insert into job(bureau,job_id,kind,payload,state,due_us,attempts,fence,queued_us,last_error) values('180102',gen_random_uuid(),'insight.case','{"v":1,"stream":"case","id":"case_01","seq":1,"kind":"case.step_done","at":"2026-03-02T01:00:00Z","body":{"item":"SB-084","state":"DECIDING"}}','waiting',1772413200000000,0,0,1772413200000000,'');
 insert into audit_entry(lane,seq,at_us,bureau,actor,action,subject,outcome,request_id,station,hash) values(p_lane,nextval('own_audit'),1772413200000000,'180102',p_actor,'case.review',c::text,'done',gen_random_uuid(),'',decode(repeat('5a',32),'hex'));
 insert into idempotency(request_hash,body_digest,answer,at_us) values(sha256(gen_random_uuid()::text::bytea),decode(repeat('5a',32),'hex'),'{"case_id":"case_01","version":2}',1772413200000000);
 return v+1;
end $$;
