//! `make bench`: our commands per second beside the floors, in turns, on both databases.

mod lists;
mod ours;
mod people;
mod processor;
mod questions;
mod results;

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

use self::{ours::Server, processor::Meter, results::Results};
use crate::{
    guard::Guard,
    place,
    postgres::{Cluster, Durability},
    shell, web,
};

const CLIENTS: [u32; 3] = [1, 16, 64];

/// Something that is measured: a name in the results, and how.
struct Lane<'a> {
    name: &'static str,
    /// Runs with so many clients for so many seconds; the work done per second.
    run: Box<dyn Fn(u32, u32) -> Result<f64> + 'a>,
}

/// How long.
struct Span {
    seconds: u32,
    rounds: u32,
    /// Cases among which lists are measured.
    cases: u32,
    /// Lists alone, no lanes.
    only_lists: bool,
}

impl Span {
    fn read(options: &[&str]) -> Result<Self> {
        let mut span = Self {
            seconds: 6,
            rounds: 3,
            cases: 100_000,
            only_lists: false,
        };
        for pair in options.chunks(2) {
            match pair {
                ["--seconds", n] => span.seconds = n.parse()?,
                ["--rounds", n] => span.rounds = n.parse()?,
                ["--cases", n] => span.cases = n.parse()?,
                ["--only", "lists"] => span.only_lists = true,
                _ => bail!("bench [--seconds N] [--rounds N] [--cases N] [--only lists]"),
            }
        }
        Ok(span)
    }
}

/// Runs everything, prints the table, writes `bench/results.json`.
pub(crate) fn bench(options: &[&str]) -> Result<()> {
    let span = Span::read(options)?;
    web::build()?;
    let crates = [
        "--package",
        "yici",
        "--package",
        "load",
        "--package",
        "sqlite_floor",
    ];
    shell::cargo(&[&["build", "--quiet", "--release", "--locked"], &crates[..]].concat())?;
    let folder = Folder::make()?;
    let cluster = Cluster::start(Durability::Full)?;
    fill(&cluster)?;

    let pack = folder.path.join("pack");
    people::pack_with_people(&pack, span.rounds * u32::try_from(CLIENTS.len())?)?;
    let url = cluster.url("yici");
    let servers = [
        Server::first_start(&pack, &folder.path.join("sqlite"), None)?,
        Server::first_start(&pack, &folder.path.join("postgres"), Some(&url))?,
    ];
    let mut results = Results::new(span.seconds, span.rounds);
    if !span.only_lists {
        results.set("cold_start_ms", servers[0].cold_start_ms);
        results.set("idle_memory_mb", servers[0].idle_memory_mb);
        let sqlite_file = folder.path.join("floor.db");
        let lanes = lanes(&cluster, &servers, &sqlite_file);
        in_turns(&lanes, &span, &cluster, &mut results)?;
    }
    // A database is filled while nobody serves it.
    drop(servers);
    let meter = Meter::of_us_and(cluster.process());
    for (name, database) in [("sqlite", None), ("postgres", Some(url.as_str()))] {
        let data = folder.path.join(name);
        let site = lists::Site::new(&pack, &data, database);
        for lists in lists::measure(&site, &meter, span.cases, span.seconds)? {
            results.add_lists(name, lists);
        }
    }
    print!("\n{}", results.table());
    let file = place::root().join("bench/results.json");
    if span.only_lists {
        results.write_lists(&file)
    } else {
        results.write(&file)
    }
}

/// What is measured in turns.
fn lanes<'a>(
    cluster: &'a Cluster,
    [on_sqlite, on_postgres]: &'a [Server; 2],
    sqlite_file: &'a Path,
) -> [Lane<'a>; 9] {
    [
        pgbench(cluster, "postgres_cmd2", "floor", "cmd2.sql"),
        ours("postgres_yici", on_postgres),
        pgbench(cluster, "postgres_cmd1", "floor", "cmd1.sql"),
        pgbench(cluster, "postgres_cmd7", "floor", "cmd7.sql"),
        pgbench(cluster, "postgres_own_cmd2", "own", "own/cmd2.sql"),
        pgbench(cluster, "postgres_own_cmd1", "own", "own/cmd1.sql"),
        pgbench(cluster, "postgres_queue", "floor", "queue/cycle.sql"),
        Lane {
            name: "sqlite_floor",
            run: Box::new(|clients, seconds| sqlite_floor(sqlite_file, clients, seconds)),
        },
        ours("sqlite_yici", on_sqlite),
    ]
}

/// Each lane once in each round, so that none has the machine to itself.
fn in_turns(
    lanes: &[Lane<'_>],
    span: &Span,
    cluster: &Cluster,
    results: &mut Results,
) -> Result<()> {
    let meter = Meter::of_us_and(cluster.process());
    for clients in CLIENTS {
        for round in 1..=span.rounds {
            for lane in lanes {
                shell::output(sql(cluster, "postgres", &["-c", "checkpoint"]))?;
                let before = meter.read()?;
                let per_second = (lane.run)(clients, span.seconds)
                    .with_context(|| format!("{} with {clients} clients", lane.name))?;
                let foreign = meter.read()?.foreign_share_since(&before);
                println!(
                    "{:20} {clients:3} clients, round {round}: {per_second:8.0} /s",
                    lane.name
                );
                results.add(lane.name, clients, per_second, foreign);
            }
        }
    }
    Ok(())
}

/// A temporary folder for data, on a disk: `/tmp` may be memory.
struct Folder {
    path: PathBuf,
    _guard: Guard,
}

impl Folder {
    fn make() -> Result<Self> {
        let path = PathBuf::from("/var/tmp").join(format!("yici-bench-{}", std::process::id()));
        std::fs::create_dir_all(&path)?;
        let guard = Guard::new(
            "rm -rf \"$1\"",
            &[path.to_str().context("a strange folder name")?],
        )?;
        Ok(Self {
            path,
            _guard: guard,
        })
    }
}

/// Databases: the hand-written floor, the same with our rows, and one for ourselves.
fn fill(cluster: &Cluster) -> Result<()> {
    for database in ["floor", "own", "yici"] {
        shell::output(sql(
            cluster,
            "postgres",
            &["-c", &format!("create database {database}")],
        ))?;
    }
    shell::output(sql(
        cluster,
        "floor",
        &["-f", "schema.sql", "-f", "queue/schema.sql"],
    ))?;
    let mut migrate = Command::new(place::binary("release", "yici"));
    migrate.args(["migrate", "--database", &cluster.url("own")]);
    shell::output(migrate)?;
    shell::output(sql(cluster, "own", &["-f", "own/fill.sql"])).map(drop)
}

fn floors() -> PathBuf {
    place::root().join("bench/floors")
}

fn sql(cluster: &Cluster, database: &str, args: &[&str]) -> Command {
    let mut psql = cluster.client("psql", database);
    psql.current_dir(floors())
        .args(["-X", "-q", "-v", "ON_ERROR_STOP=1"])
        .args(args);
    psql
}

fn pgbench<'a>(
    cluster: &'a Cluster,
    name: &'static str,
    database: &'static str,
    file: &'static str,
) -> Lane<'a> {
    let run = move |clients: u32, seconds: u32| {
        let mut command = cluster.client("pgbench", database);
        command
            .current_dir(floors())
            .args(["-n", "-M", "prepared", "-f", file]);
        command.args([
            "-c",
            &clients.to_string(),
            "-j",
            &clients.min(2).to_string(),
        ]);
        command.args(["-T", &seconds.to_string()]);
        rate_of(&shell::output(command)?)
    };
    Lane {
        name,
        run: Box::new(run),
    }
}

/// `tps = 1234.5 (without initial connection time)`.
fn rate_of(said: &str) -> Result<f64> {
    let rate = said
        .lines()
        .find_map(|line| line.strip_prefix("tps = ")?.split(' ').next()?.parse().ok());
    rate.with_context(|| format!("pgbench says no rate:\n{said}"))
}

/// The raw group commit: as many commands to a commit as there are clients.
fn sqlite_floor(file: &Path, clients: u32, seconds: u32) -> Result<f64> {
    let mut command = Command::new(place::binary("release", "sqlite_floor"));
    command
        .arg(file)
        .args(["FULL", &clients.to_string(), &seconds.to_string()]);
    per_second(&shell::output(command)?)
}

fn ours<'a>(name: &'static str, server: &'a Server) -> Lane<'a> {
    let run = |clients, seconds| {
        let said = server.load(clients, seconds)?;
        per_second(&said)
    };
    Lane {
        name,
        run: Box::new(run),
    }
}

fn per_second(said: &str) -> Result<f64> {
    let result: Value = serde_json::from_str(said).with_context(|| said.to_owned())?;
    if let Some(refused) = result.get("refused").and_then(Value::as_object)
        && !refused.is_empty()
    {
        bail!("requests were refused: {}", Value::Object(refused.clone()));
    }
    result["per_second"]
        .as_f64()
        .with_context(|| said.to_owned())
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_rate_of_pgbench_is_read() {
        let said = "latency average = 1 ms\ntps = 9412.5 (without initial connection time)\n";
        assert!((super::rate_of(said).unwrap() - 9412.5).abs() < 1e-6);
        assert!(super::rate_of("error").is_err());
    }

    #[test]
    fn a_run_with_refused_requests_is_no_result() {
        assert!(super::per_second(r#"{"per_second": 5.0, "refused": {}}"#).is_ok());
        assert!(super::per_second(r#"{"per_second": 5.0, "refused": {"save 409": 2}}"#).is_err());
    }
}
