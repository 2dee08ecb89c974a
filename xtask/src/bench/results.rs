//! Medians, ratios, and the file that keeps them.

use std::{collections::BTreeMap, fmt::Write as _, fs, path::Path};

use anyhow::Result;
use serde_json::{Map, Value, json};

use super::{
    lists::{Latency, Lists},
    questions,
};

/// What each database's commands are compared with.
const FLOORS: &[(&str, &str, &str)] = &[
    ("postgres", "postgres_yici", "postgres_cmd2"),
    ("postgres_own_rows", "postgres_yici", "postgres_own_cmd2"),
    ("sqlite", "sqlite_yici", "sqlite_floor"),
];

/// All runs of one lane with one number of clients.
#[derive(Default)]
struct Runs {
    per_second: Vec<f64>,
    foreign: Vec<f64>,
}

/// All that was measured.
pub(crate) struct Results {
    facts: Map<String, Value>,
    runs: BTreeMap<(String, u32), Runs>,
    /// Each with its database.
    lists: Vec<(&'static str, Lists)>,
}

/// Steps of lists that the table shows: the slowest, and the search.
const LISTS_SHOWN: usize = 10;

impl Results {
    pub(crate) fn new(seconds: u32, rounds: u32) -> Self {
        let processors = std::thread::available_parallelism().map_or(0, usize::from);
        let facts = [
            ("seconds", json!(seconds)),
            ("rounds", json!(rounds)),
            ("processors", json!(processors)),
        ];
        let facts = facts
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect();
        Self {
            facts,
            runs: BTreeMap::new(),
            lists: Vec::new(),
        }
    }

    /// How long lists take in a database.
    pub(crate) fn add_lists(&mut self, database: &'static str, lists: Lists) {
        self.lists.push((database, lists));
    }

    /// A fact beside the lanes.
    pub(crate) fn set(&mut self, name: &str, value: f64) {
        self.facts.insert(name.to_owned(), json!(round(value, 1)));
    }

    /// One run of a lane.
    pub(crate) fn add(&mut self, lane: &str, clients: u32, per_second: f64, foreign: f64) {
        let runs = self.runs.entry((lane.to_owned(), clients)).or_default();
        runs.per_second.push(per_second);
        runs.foreign.push(foreign);
    }

    fn rate(&self, lane: &str, clients: u32) -> Option<f64> {
        Some(median(
            &self.runs.get(&(lane.to_owned(), clients))?.per_second,
        ))
    }

    /// Database → clients → our rate over the floor's.
    fn ratios(&self) -> BTreeMap<&'static str, BTreeMap<u32, f64>> {
        let mut ratios: BTreeMap<_, BTreeMap<_, _>> = BTreeMap::new();
        for (database, ours, floor) in FLOORS {
            for (lane, clients) in self.runs.keys().filter(|(lane, _)| lane == ours) {
                if let (Some(rate), Some(floor)) =
                    (self.rate(lane, *clients), self.rate(floor, *clients))
                {
                    ratios
                        .entry(*database)
                        .or_default()
                        .insert(*clients, round(rate / floor, 3));
                }
            }
        }
        ratios
    }

    /// For people.
    pub(crate) fn table(&self) -> String {
        let mut out = format!(
            "{:20} {:>7} {:>9}  {:>19}  foreign CPU\n",
            "lane", "clients", "median/s", "least … most"
        );
        for ((lane, clients), runs) in &self.runs {
            let least = runs
                .per_second
                .iter()
                .copied()
                .fold(f64::INFINITY, f64::min);
            let most = runs.per_second.iter().copied().fold(0.0, f64::max);
            let spread = format!("{least:.0} … {most:.0}");
            let (rate, foreign) = (median(&runs.per_second), median(&runs.foreign) * 100.0);
            let _ = writeln!(
                out,
                "{lane:20} {clients:7} {rate:9.0}  {spread:>19}  {foreign:.0} %"
            );
        }
        for (database, ratios) in self.ratios() {
            for (clients, ratio) in ratios {
                let _ = writeln!(out, "{database}, {clients} clients: {ratio:.2} × its floor");
            }
        }
        for (name, value) in &self.facts {
            let _ = writeln!(out, "{name}: {value}");
        }
        for (database, lists) in &self.lists {
            let _ = writeln!(
                out,
                "{database}, {} cases, {} clients, foreign CPU {:.0} %, the slowest lists:",
                lists.cases,
                lists.clients,
                lists.foreign * 100.0
            );
            let shown =
                |(at, one): &(usize, &Latency)| *at < LISTS_SHOWN || one.step == questions::STEP;
            for (_, one) in lists.steps.iter().enumerate().filter(shown) {
                let _ = writeln!(
                    out,
                    "  {:50} p50 {:6.1} ms  p99 {:6.1} ms",
                    one.step, one.p50, one.p99
                );
            }
        }
        out
    }

    /// By database, number of cases and of clients, among those of a file from before.
    fn lists_beside(&self, before: &Value) -> Value {
        let mut all = before["lists"].as_object().cloned().unwrap_or_default();
        for (database, lists) in &self.lists {
            let steps = lists.steps.iter();
            let steps = steps.map(|one| {
                let numbers = json!({ "p50_ms": one.p50, "p99_ms": one.p99 });
                (one.step.clone(), numbers)
            });
            let steps: Map<String, Value> = steps.collect();
            let of = all.entry(*database).or_insert_with(|| json!({}));
            of[lists.cases.to_string()][lists.clients.to_string()] =
                json!({ "foreign_cpu": round(lists.foreign, 3), "steps": steps });
        }
        all.into()
    }

    /// Lists alone: what the file says of lanes, and of other numbers of cases, stays.
    pub(crate) fn write_lists(&self, file: &Path) -> Result<()> {
        let mut all = earlier(file);
        all["lists"] = self.lists_beside(&all);
        fs::write(file, serde_json::to_string_pretty(&all)? + "\n")?;
        Ok(())
    }

    /// For machines.
    pub(crate) fn write(&self, file: &Path) -> Result<()> {
        let lanes: Vec<Value> = self
            .runs
            .iter()
            .map(|((lane, clients), runs)| {
                json!({
                    "lane": lane,
                    "clients": clients,
                    "per_second": round(median(&runs.per_second), 1),
                    "all": runs.per_second.iter().map(|rate| round(*rate, 1)).collect::<Vec<_>>(),
                    "foreign_cpu": round(median(&runs.foreign), 3),
                })
            })
            .collect();
        let mut all = self.facts.clone();
        all.insert("floor_ratio".into(), serde_json::to_value(self.ratios())?);
        all.insert("lanes".into(), lanes.into());
        all.insert("lists".into(), self.lists_beside(&earlier(file)));
        fs::write(file, serde_json::to_string_pretty(&all)? + "\n")?;
        Ok(())
    }
}

/// What a file says by now.
fn earlier(file: &Path) -> Value {
    let said = fs::read_to_string(file).ok();
    let said = said.and_then(|said| serde_json::from_str(&said).ok());
    said.unwrap_or_else(|| json!({}))
}

fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    match (
        sorted.get(sorted.len().saturating_sub(1) / 2),
        sorted.get(sorted.len() / 2),
    ) {
        (Some(low), Some(high)) => f64::midpoint(*low, *high),
        _ => 0.0,
    }
}

fn round(value: f64, digits: i32) -> f64 {
    let scale = 10_f64.powi(digits);
    (value * scale).round() / scale
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Lists, Results, median};

    #[test]
    fn the_median_is_the_middle() {
        assert!((median(&[9.0, 1.0, 2.0]) - 2.0).abs() < 1e-9);
        assert!((median(&[4.0, 1.0, 2.0, 9.0]) - 3.0).abs() < 1e-9);
    }

    #[test]
    fn lists_of_another_number_of_cases_stay() {
        let mut results = Results::new(1, 1);
        let lists = Lists {
            cases: 1_000,
            clients: 8,
            foreign: 0.1,
            steps: Vec::new(),
        };
        results.add_lists("sqlite", lists);
        let before = json!({ "lists": { "sqlite": { "100": {} } } });
        let lists = results.lists_beside(&before);
        let numbers: Vec<&String> = lists["sqlite"].as_object().unwrap().keys().collect();
        assert_eq!(numbers, ["100", "1000"]);
        assert!(lists["sqlite"]["1000"]["8"].is_object());
    }

    #[test]
    fn ratios_compare_medians_with_the_floor_of_the_same_clients() {
        let mut results = Results::new(1, 3);
        for rate in [900.0, 1000.0, 5000.0] {
            results.add("postgres_yici", 16, rate, 0.1);
        }
        results.add("postgres_cmd2", 16, 2000.0, 0.0);
        results.add("postgres_cmd2", 1, 10.0, 0.0);
        assert_eq!(results.ratios()["postgres"], [(16, 0.5)].into());
        assert!(
            results
                .table()
                .contains("postgres, 16 clients: 0.50 × its floor"),
            "{}",
            results.table()
        );
    }
}
