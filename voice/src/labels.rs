//! The five levels and their labels, as the city publishes them (`rating-labels.tsv`).

use axum::extract::State;
use httpkit::{Authorised, Refusals, Reply, Rows};
use kernel::{caller::Anyone, item::Words};
use serde::Serialize;
use utoipa::ToSchema;

use crate::Voice;

/// English names of the levels, best first; the file has the Chinese ones.
const LEVELS_EN: [(i32, &str); 5] = [
    (5, "Very satisfied"),
    (4, "Satisfied"),
    (3, "Basically satisfied"),
    (2, "Dissatisfied"),
    (1, "Very dissatisfied"),
];

/// One label.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct LabelRow {
    /// Its code in the national set.
    #[schema(example = "510")]
    pub code: String,
    /// Its words.
    pub text: Words,
    /// Whether it is one of the three core labels of its level.
    pub core: bool,
}

/// One level with its labels.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Level {
    /// 5 best, 1 worst.
    pub stars: i32,
    /// 1 best, 5 worst (GB/T 39046 A.8).
    pub gbt39046_code: i32,
    /// Its name.
    pub level: Words,
    /// What one may tick.
    pub labels: Vec<LabelRow>,
}

/// All levels, best first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Labels(Vec<Level>);

/// Everything wrong with a file of labels, one line each.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", .0.join("\n"))]
pub struct LabelFaults(pub Vec<String>);

/// The coding of GB/T 39046 A.8, which runs the other way.
pub(crate) const fn gbt39046_code(stars: i32) -> i32 {
    6 - stars
}

impl Labels {
    /// Reads the file: a heading line, then `star level_zh gbt39046_code label_code label_zh label_en
    /// core` separated by tabs.
    ///
    /// # Errors
    /// All faults, each with its line.
    pub fn read(text: &str) -> Result<Self, LabelFaults> {
        let mut levels: Vec<Level> = LEVELS_EN
            .iter()
            .map(|(stars, en)| Level {
                stars: *stars,
                gbt39046_code: gbt39046_code(*stars),
                level: Words {
                    zh: String::new(),
                    en: (*en).to_owned(),
                },
                labels: Vec::new(),
            })
            .collect();
        let mut faults = Vec::new();
        for (at, line) in text.lines().enumerate().skip(1) {
            if !line.trim().is_empty()
                && let Err(fault) = add(&mut levels, line)
            {
                faults.push(format!("line {}: {fault}", at + 1));
            }
        }
        let empty = levels.iter().filter(|level| level.labels.is_empty());
        faults.extend(empty.map(|level| format!("{} stars: no labels", level.stars)));
        if faults.is_empty() {
            Ok(Self(levels))
        } else {
            Err(LabelFaults(faults))
        }
    }

    /// The level of so many stars.
    pub(crate) fn level(&self, stars: i32) -> Option<&Level> {
        self.0.iter().find(|level| level.stars == stars)
    }

    /// The Chinese words of labels; a code that is no longer offered stands for itself.
    pub(crate) fn words(&self, codes: &[String]) -> Vec<String> {
        let word = |code: &String| {
            let mut all = self.0.iter().flat_map(|level| &level.labels);
            all.find(|label| label.code == *code)
                .map_or_else(|| code.clone(), |label| label.text.zh.clone())
        };
        codes.iter().map(word).collect()
    }
}

fn add(levels: &mut [Level], line: &str) -> Result<(), &'static str> {
    let columns: Vec<&str> = line.split('\t').map(str::trim).collect();
    let [stars, level_zh, gbt, code, zh, en, is_core] = columns.as_slice() else {
        return Err("seven columns are needed");
    };
    let stars: i32 = stars.parse().map_err(|_| "star is no number")?;
    let Some(level) = levels.iter_mut().find(|level| level.stars == stars) else {
        return Err("star must be 1 to 5");
    };
    if *gbt != level.gbt39046_code.to_string() {
        return Err("gbt39046_code must be 6 minus star");
    }
    if level.labels.iter().any(|label| label.code == *code) {
        return Err("the label is given twice");
    }
    (*level_zh).clone_into(&mut level.level.zh);
    level.labels.push(LabelRow {
        code: (*code).to_owned(),
        text: Words {
            zh: (*zh).to_owned(),
            en: (*en).to_owned(),
        },
        core: *is_core == "1",
    });
    Ok(())
}

/// The levels and labels of a rating
#[utoipa::path(
    get, path = "/rating-labels", operation_id = "list_rating_labels", tag = "voice",
    responses(
        (status = 200, body = Rows<Level>),
        Refusals,
    )
)]
pub(crate) async fn list_rating_labels(
    State(context): State<Voice>,
    _: Authorised<Anyone>,
) -> Reply<Rows<Level>> {
    Ok(Rows::all(context.labels.0.clone()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "star\tlevel_zh\tgbt39046_code\tlabel_code\tlabel_zh\tlabel_en\tcore\n";

    fn all_levels() -> String {
        let line = |stars: i32| format!("{stars}\t好\t{}\t{stars}10\t快\tfast\t1\n", 6 - stars);
        HEAD.to_owned() + &(1..=5).map(line).collect::<String>()
    }

    #[test]
    fn both_codings_of_a_level_run_in_opposite_directions() {
        let labels = Labels::read(&all_levels()).unwrap();
        let pairs: Vec<(i32, i32)> = labels
            .0
            .iter()
            .map(|l| (l.stars, l.gbt39046_code))
            .collect();
        assert_eq!(pairs, [(5, 1), (4, 2), (3, 3), (2, 4), (1, 5)]);
        assert_eq!(labels.words(&["510".into(), "501".into()]), ["快", "501"]);
    }

    #[test]
    fn every_fault_of_a_file_is_reported_with_its_line() {
        let text = all_levels()
            + "5\t好\t5\t511\t快\tfast\t1\n7\t好\t1\t511\t快\tfast\t1\n5\t好\n5\t好\t1\t510\t快\tfast\t1\n";
        assert_eq!(
            Labels::read(&text).unwrap_err().0,
            [
                "line 7: gbt39046_code must be 6 minus star",
                "line 8: star must be 1 to 5",
                "line 9: seven columns are needed",
                "line 10: the label is given twice"
            ]
        );
        assert_eq!(Labels::read(HEAD).unwrap_err().0.len(), 5);
    }
}
