//! How long lists take among many cases: what pages ask for, under the rights of those who ask.

use std::{path::Path, process::Command};

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

use super::{
    ours::{NEXT_START, Server},
    processor::Meter,
    questions,
};
use crate::{place, shell};

/// What is asked; a list more is measured by a step more. The questions of the pack come beside it.
const LISTS: &str = "bench/scenarios/lists.json";
/// Clerks who ask at once: one, for how long a list takes; and eight who never pause, for how long it
/// takes where they want more than the machine has.
const CLIENTS: [u32; 2] = [1, 8];
/// Times as long as a lane: a scenario has many steps, and a hundredth of each is looked for.
const LONGER: u32 = 5;

/// A demo whose database is filled.
pub(crate) struct Site<'a> {
    pack: &'a Path,
    data: &'a Path,
    database: Option<&'a str>,
}

impl<'a> Site<'a> {
    pub(crate) const fn new(pack: &'a Path, data: &'a Path, database: Option<&'a str>) -> Self {
        Self {
            pack,
            data,
            database,
        }
    }
}

/// Latencies of one step in milliseconds.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Latency {
    pub(crate) step: String,
    pub(crate) p50: f64,
    pub(crate) p99: f64,
}

/// Lists among so many cases.
#[derive(Debug)]
pub(crate) struct Lists {
    pub(crate) cases: u32,
    /// Who ask at once.
    pub(crate) clients: u32,
    /// The share of the machine that others took meanwhile.
    pub(crate) foreign: f64,
    /// The slowest first.
    pub(crate) steps: Vec<Latency>,
}

/// Fills the database and measures every list.
pub(crate) fn measure(
    site: &Site<'_>,
    meter: &Meter,
    cases: u32,
    seconds: u32,
) -> Result<Vec<Lists>> {
    let mut fill = Command::new(place::binary("release", "yici"));
    fill.current_dir(place::root())
        .args(["fill", "--cases", &cases.to_string(), "--pack"])
        .arg(site.pack)
        .arg("--data")
        .arg(site.data);
    if let Some(url) = site.database {
        fill.args(["--database", url]);
    }
    shell::output(fill)?;
    let server = Server::start(site.pack, site.data, site.database, NEXT_START)?;
    let questions = site.data.join("questions.json");
    questions::scenario(site.pack, &questions)?;
    let scenarios = [LISTS, questions.to_str().context("a path in UTF-8")?];
    let asked = |clients| asked(&server, meter, scenarios, (cases, clients), seconds);
    CLIENTS.into_iter().map(asked).collect()
}

fn asked(
    server: &Server,
    meter: &Meter,
    scenarios: [&str; 2],
    (cases, clients): (u32, u32),
    seconds: u32,
) -> Result<Lists> {
    let mut steps = Vec::new();
    let mut foreign: f64 = 0.0;
    for scenario in scenarios {
        // The first answers come from a disk; what is measured is a day at work.
        server.run(scenario, clients, seconds)?;
        let before = meter.read()?;
        steps.extend(read(&server.run(scenario, clients, LONGER * seconds)?)?);
        foreign = foreign.max(meter.read()?.foreign_share_since(&before));
    }
    steps.sort_by(|one, other| other.p99.total_cmp(&one.p99));
    Ok(Lists {
        cases,
        clients,
        foreign,
        steps,
    })
}

fn read(said: &str) -> Result<Vec<Latency>> {
    let report: Value = serde_json::from_str(said).with_context(|| said.to_owned())?;
    let refused = report["refused"].as_object().context("refused")?;
    if !refused.is_empty() {
        bail!("requests were refused: {refused:?}");
    }
    let steps = report["steps"].as_object().context("steps")?;
    steps
        .iter()
        .map(|(step, numbers)| {
            let number = |name: &str| numbers[name].as_f64().with_context(|| name.to_owned());
            Ok(Latency {
                step: step.clone(),
                p50: number("p50_ms")?,
                p99: number("p99_ms")?,
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_latencies_of_each_step_are_read_and_a_refused_request_is_no_result() {
        let report = r#"{"refused": {}, "steps": {"inbox": {"p50_ms": 1.5, "p99_ms": 9.0}}}"#;
        let steps = super::read(report).unwrap();
        assert_eq!((steps.len(), steps[0].step.as_str()), (1, "inbox"));
        assert!((steps[0].p99 - 9.0).abs() < 1e-9);
        assert!(super::read(r#"{"refused": {"inbox 400": 1}, "steps": {}}"#).is_err());
    }
}
