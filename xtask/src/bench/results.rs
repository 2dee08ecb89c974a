//! Medians, ratios, and the file that keeps them.

use std::{collections::BTreeMap, fmt::Write as _, fs, path::Path};

use anyhow::Result;
use serde_json::{Map, Value, json};

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
}

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
        }
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
        out
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
        fs::write(file, serde_json::to_string_pretty(&all)? + "\n")?;
        Ok(())
    }
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
    use super::{Results, median};

    #[test]
    fn the_median_is_the_middle() {
        assert!((median(&[9.0, 1.0, 2.0]) - 2.0).abs() < 1e-9);
        assert!((median(&[4.0, 1.0, 2.0, 9.0]) - 3.0).abs() < 1e-9);
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
