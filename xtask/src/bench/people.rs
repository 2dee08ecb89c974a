//! People for the load: the demo city with more named people, all in the situation of the first one.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, Result};

use crate::{place, shell};

/// The name of all of them; the scenario says it.
const NAME: &str = "陈测试";
/// Tables of a pack that know people; each begins with the citizen number.
const TABLES: [&str; 6] = [
    "people.tsv",
    "registers/population.tsv",
    "registers/insurance.tsv",
    "registers/employment.tsv",
    "registers/benefit.tsv",
    "registers/card.tsv",
];

/// Copies the demo pack to `folder`, with a person for each client of so many runs.
pub(crate) fn pack_with_people(folder: &Path, runs: u32) -> Result<()> {
    let mut copy = Command::new("cp");
    copy.arg("-r")
        .arg(place::root().join("packs/yunchuan"))
        .arg(folder);
    shell::output(copy)?;
    let mut load = Command::new(place::binary("release", "load"));
    load.args(["people", &runs.to_string()]);
    let numbers = shell::output(load)?;
    for table in TABLES {
        let path: PathBuf = folder.join(table);
        let content = fs::read_to_string(&path)?;
        fs::write(&path, longer(&content, &numbers).context(table)?)?;
    }
    Ok(())
}

/// The table with the row of its first person again for each number.
fn longer(table: &str, numbers: &str) -> Option<String> {
    let mut lines = table.lines();
    let columns: Vec<&str> = lines.next()?.split('\t').collect();
    let model: Vec<&str> = lines.next()?.split('\t').collect();
    let birth = |number: &str| {
        Some(format!(
            "{}-{}-{}",
            number.get(6..10)?,
            number.get(10..12)?,
            number.get(12..14)?
        ))
    };
    let mut longer = table.trim_end().to_owned() + "\n";
    for number in numbers.lines() {
        let cells: Option<Vec<String>> = columns
            .iter()
            .zip(&model)
            .map(|(column, cell)| {
                Some(match *column {
                    "citizen_no" => number.to_owned(),
                    "name" | "household_name" => NAME.to_owned(),
                    "birth" => birth(number)?,
                    "sex" => {
                        let male = number.as_bytes().get(16)? % 2 == 1;
                        if male { "男" } else { "女" }.to_owned()
                    }
                    // A mobile number belongs to one person, and an account has one.
                    "mobile" => String::new(),
                    "account" | "electronic_service" => "false".to_owned(),
                    _ => (*cell).to_owned(),
                })
            })
            .collect();
        longer += &(cells?.join("\t") + "\n");
    }
    Some(longer)
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_table_gets_a_row_for_each_number() {
        let table =
            "citizen_no\tname\tsex\tbirth\tmonths\n180102197904120020\t某人\t女\t1979-04-12\t76\n";
        let numbers = "180102196601010010\n180102196601010029\n";
        assert_eq!(
            super::longer(table, numbers).unwrap(),
            format!(
                "{table}180102196601010010\t陈测试\t男\t1966-01-01\t76\n180102196601010029\t陈测试\t女\t1966-01-01\t76\n"
            )
        );
    }
}
