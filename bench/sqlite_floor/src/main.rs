//! The floor under SQLite: the least durable work of one case command, by hand, by one writer with
//! prepared statements, `GROUP` commands to a commit.
//!
//! `sqlite_floor FILE FULL|NORMAL|OFF GROUP SECONDS` prints one JSON object.

#![expect(
    clippy::print_stdout,
    reason = "a command line tool speaks by printing"
)]

use std::{fs, time::Instant};

use anyhow::{Context as _, Result, bail};
use rusqlite::{Connection, Statement, params};

const CASES: u64 = 200_000;
const STAFF: u64 = 400;

const SCHEMA: &str = "
 pragma journal_mode=wal;pragma synchronous=off;pragma cache_size=-262144;pragma wal_autocheckpoint=4000;
 create table cases(id integer primary key,item_code text,status text,version int,assignee text,due_at int,updated_at int,data text);
 create table case_event(gid integer primary key,case_id int,seq int,kind text,at int,actor text,payload text,unique(case_id,seq));
 create table task(case_id int,step text,state text,assignee text,created_at int,due_at int,primary key(case_id,step)) without rowid;
 create index task_open on task(assignee,due_at) where state='open';
 create table outbox(id integer primary key,topic text,payload text,created_at int);";

const COMPLETED: &str = r#"{"step":"review","decision":"approve","opinion":"材料齐全，符合规定，同意办理。","fields":{"insured_months":183,"unit":"3301-0042","kind":"flexible"},"client":{"ip":"10.1.2.3","ua":"workbench/1.0","window":"A17"},"trace":"4bf92f3577b34da6a3ce929d0e0e4736"}"#;
const CREATED: &str = r#"{"step":"issue","candidates":["role:issuer","hall:3301"],"sla":{"due_days":2,"clock":"workday"},"reason":"flow.next","vars":{"amount":183000,"grade":"B","ok":true},"client":{"ip":"10.1.2.3","ua":"workbench/1.0"},"trace":"4bf92f3577b34da6a3ce929d0e0e4736"}"#;

fn main() -> Result<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [file, synchronous, group, seconds] = args.as_slice() else {
        bail!("usage: sqlite_floor FILE FULL|NORMAL|OFF GROUP SECONDS");
    };
    if !["FULL", "NORMAL", "OFF"].contains(&synchronous.as_str()) {
        bail!("{synchronous} is not FULL, NORMAL or OFF");
    }
    let group: u32 = group.parse().context("GROUP")?;
    let seconds: f64 = seconds.parse().context("SECONDS")?;
    let mut connection = fill(file)?;
    connection.execute_batch(&format!(
        "pragma wal_checkpoint(truncate);pragma synchronous={synchronous};"
    ))?;
    let before = processor_seconds()?;
    let (commands, elapsed, mut commits) = measure(&mut connection, group, seconds)?;
    let processor = processor_seconds()? - before;
    commits.sort_by(f64::total_cmp);
    let at = |percent: usize| {
        commits
            .get(commits.len() * percent / 100)
            .copied()
            .unwrap_or(0.0)
    };
    let result = serde_json::json!({
        "synchronous": synchronous,
        "group": group,
        "per_second": f64::from(commands) / elapsed,
        "commit_p50_ms": at(50),
        "commit_p99_ms": at(99),
        "cpu_us_per_command": processor / f64::from(commands) * 1e6,
    });
    println!("{result}");
    Ok(())
}

fn fill(file: &str) -> Result<Connection> {
    for end in ["", "-wal", "-shm"] {
        let _ = fs::remove_file(format!("{file}{end}"));
    }
    let mut connection = Connection::open(file)?;
    connection.execute_batch(SCHEMA)?;
    let tx = connection.transaction()?;
    {
        let mut insert = tx.prepare("insert into cases values(?,?,?,0,?,0,0,?)")?;
        for id in 1..=CASES {
            let data = format!(
                r#"{{"applicant":"{:032x}","idno":"{id:018}","phone":"13{id:09}","form":{{"unit":"某某人力资源有限公司","insured_months":{},"kind":"灵活就业","remark":"{}"}}}}"#,
                id * 7919,
                id % STAFF,
                "申请".repeat(20),
            );
            let (item, holder) = (format!("HRSS-{}", id % 150), format!("clerk{}", id % STAFF));
            insert.execute(params![id, item, "accepted", holder, data])?;
        }
    }
    tx.commit()?;
    Ok(connection)
}

/// The statements of one command.
struct Command<'c> {
    read: Statement<'c>,
    event: Statement<'c>,
    case: Statement<'c>,
    task: Statement<'c>,
    outbox: Statement<'c>,
}

impl<'c> Command<'c> {
    fn prepare(on: &'c Connection) -> Result<Self> {
        Ok(Self {
            read: on.prepare("select version,status,data from cases where id=?")?,
            event: on.prepare(
                "insert into case_event(case_id,seq,kind,at,actor,payload) values(?,?,?,?,?,?)",
            )?,
            case: on
                .prepare("update cases set version=?,status='in_review',updated_at=? where id=?")?,
            task: on.prepare(
                "insert into task values(?,?,'open',?,?,?) on conflict(case_id,step) \
                 do update set state='done',assignee=excluded.assignee,due_at=excluded.due_at",
            )?,
            outbox: on.prepare(
                "insert into outbox(topic,payload,created_at) values('case.changed',?,?)",
            )?,
        })
    }

    fn run(&mut self, id: u64, clerk: &str, now: u32) -> Result<()> {
        let read = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(2)?));
        let (version, _data): (i64, String) = self.read.query_row([id], read)?;
        self.event.execute(params![
            id,
            version + 1,
            "task.completed",
            now,
            clerk,
            COMPLETED
        ])?;
        self.event.execute(params![
            id,
            version + 2,
            "task.created",
            now,
            clerk,
            CREATED
        ])?;
        self.case.execute(params![version + 2, now, id])?;
        let step = format!("s{}", version / 2 % 6);
        self.task.execute(params![id, step, clerk, now, now + 2])?;
        let payload = format!(
            r#"{{"case":{id},"v":{},"kind":"task.completed"}}"#,
            version + 2
        );
        self.outbox.execute(params![payload, now])?;
        Ok(())
    }
}

/// Commands done, seconds taken, and the milliseconds of each transaction.
fn measure(connection: &mut Connection, group: u32, seconds: f64) -> Result<(u32, f64, Vec<f64>)> {
    let mut command = Command::prepare(connection)?;
    let mut begin = connection.prepare("begin immediate")?;
    let mut commit = connection.prepare("commit")?;
    let mut random = 88_172_645_463_325_252_u64;
    let (mut done, mut commits) = (0, Vec::new());
    let start = now();
    while start.elapsed().as_secs_f64() < seconds {
        let from = now();
        begin.execute([])?;
        for _ in 0..group {
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            command.run(
                random % CASES + 1,
                &format!("clerk{}", random % STAFF),
                done,
            )?;
            done += 1;
        }
        commit.execute([])?;
        commits.push(from.elapsed().as_secs_f64() * 1e3);
    }
    Ok((done, start.elapsed().as_secs_f64(), commits))
}

/// Processor time of this process, user and system, from the fields 14 and 15 of its `stat`.
fn processor_seconds() -> Result<f64> {
    const TICKS_PER_SECOND: f64 = 100.0;
    let stat = fs::read_to_string("/proc/self/stat")?;
    // The second field, the name, may hold spaces; it ends with the last bracket.
    let fields = stat.rsplit_once(')').context("/proc/self/stat")?.1;
    let ticks = fields
        .split_whitespace()
        .skip(11)
        .take(2)
        .map(str::parse::<u32>);
    let ticks = ticks.sum::<Result<u32, _>>()?;
    Ok(f64::from(ticks) / TICKS_PER_SECOND)
}

#[expect(clippy::disallowed_methods, reason = "a benchmark measures real time")]
fn now() -> Instant {
    Instant::now()
}
