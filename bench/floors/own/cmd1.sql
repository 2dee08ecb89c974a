\set id random(1, 200000)
\set w random(1, 400)
SELECT own_cmd(:id,'clerk'||:w,:client_id);
