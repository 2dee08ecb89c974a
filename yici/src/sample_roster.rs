//! A roster of fictional people to try with: a spreadsheet with planted faults, and what the
//! registers of a demo city must know so that all other rows are in order.

use std::collections::BTreeMap;

use forms::Form;
use kernel::{CitizenNo, Date, Entropy, Lang, roster::RosterFacts};
use registers::PersonRecord;
use serde_json::{Value, json};
use spreadsheets::{Column, Holds, Sheet, WriteFault};
use store::system::SeededEntropy;

/// Letters of surnames and given names; nobody is meant.
const SURNAMES: [&str; 20] = [
    "虞", "柏", "水", "窦", "章", "云", "苏", "潘", "葛", "奚", "范", "彭", "郎", "鲁", "韦", "昌",
    "苗", "凤", "花", "方",
];
const GIVEN: [&str; 30] = [
    "安", "柏", "川", "岱", "恩", "帆", "冠", "禾", "景", "珂", "岚", "墨", "宁", "鸥", "朴", "青",
    "若", "松", "棠", "苇", "汐", "岩", "舟", "竹", "晴", "朗", "溪", "曜", "予", "泽",
];
/// Divisions of the demo city.
const DIVISIONS: [&str; 3] = ["180102", "180103", "180121"];
/// Years of birth of people who work, whatever their sex and post.
const BORN: (u64, u64) = (1980, 2004);

/// What can be planted in a row.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Planted {
    NoName,
    WrongNumber,
    Twice,
    FutureMonth,
    OldMonth,
    NoPay,
    PayInWords,
    OtherName,
    Deceased,
    InsuredElsewhere,
    TooYoung,
    OtherContract,
    NoSuchDay,
    ShortMobile,
}

const PLANTED: [Planted; 14] = [
    Planted::NoName,
    Planted::WrongNumber,
    Planted::Twice,
    Planted::FutureMonth,
    Planted::OldMonth,
    Planted::NoPay,
    Planted::PayInWords,
    Planted::OtherName,
    Planted::Deceased,
    Planted::InsuredElsewhere,
    Planted::TooYoung,
    Planted::OtherContract,
    Planted::NoSuchDay,
    Planted::ShortMobile,
];

/// A planted fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The row in the spreadsheet; the heading is 1.
    pub row: u32,
    /// The field that is wrong.
    pub field: &'static str,
    /// The code that tells it.
    pub code: &'static str,
}

/// People to enrol.
pub struct Sample {
    /// What the registers must know.
    pub people: Vec<PersonRecord>,
    /// Values of the rows by field, as they are typed.
    pub rows: Vec<BTreeMap<&'static str, String>>,
    /// The planted faults in the order of rows.
    pub faults: Vec<Fault>,
}

/// Makes `rows` people, some of whom are wrong; the same seed makes the same.
pub fn sample(rows: u32, faults: u32, today: Date, seed: [u8; 32]) -> Sample {
    let mut entropy = SeededEntropy::new(seed);
    let mut made = Sample {
        people: Vec::new(),
        rows: Vec::new(),
        faults: Vec::new(),
    };
    let mut orders = Orders::of(seed);
    for at in 0..rows {
        let (record, mut row) = person(&mut orders, today, &mut entropy);
        let planted = planted_at(at, rows, faults);
        if let Some(planted) = planted {
            plant(planted, at, &mut row, &mut made, today);
        }
        if let Some(record) = record {
            made.people.push(known(record, planted));
        }
        made.rows.push(row);
    }
    made
}

/// Faults stand at even distances, never in the first row: others repeat that one.
fn planted_at(at: u32, rows: u32, faults: u32) -> Option<Planted> {
    let step = rows.checked_div(faults)?.max(2);
    let number = at / step;
    let is_place = at % step == step / 2 && number < faults && at > 0;
    let kind = usize::try_from(number).unwrap_or(0) % PLANTED.len();
    PLANTED.get(kind).copied().filter(|_| is_place)
}

/// Name, number and birth of somebody.
struct Person {
    number: CitizenNo,
    name: String,
    birth: String,
    sex: &'static str,
}

type Row = BTreeMap<&'static str, String>;

/// The numbers given out among those who were born on one day. 001–099 belong to named people,
/// 100–499 may belong to generated ones; of the others each seed has a share of its own.
struct Orders {
    first: u32,
    last: BTreeMap<String, u32>,
}

impl Orders {
    const SHARES: u32 = 20;
    const SHARE: u32 = 25;

    fn of(seed: [u8; 32]) -> Self {
        let [share, ..] = seed;
        Self {
            first: 500 + u32::from(share) % Self::SHARES * Self::SHARE,
            last: BTreeMap::new(),
        }
    }

    fn give(&mut self, head: &str) -> u32 {
        let first = self.first;
        let last = self.last.entry(head.to_owned());
        let last = last.and_modify(|last| *last += 1);
        *last.or_insert(first)
    }
}

fn person(orders: &mut Orders, today: Date, entropy: &mut dyn Entropy) -> (Option<Person>, Row) {
    let year = BORN.0 + entropy.below(BORN.1 - BORN.0);
    let (month, day) = (1 + entropy.below(12), 1 + entropy.below(28));
    let born = format!("{year:04}{month:02}{day:02}");
    let division = pick(&DIVISIONS, entropy);
    let name = [
        pick(&SURNAMES, entropy),
        pick(&GIVEN, entropy),
        pick(&GIVEN, entropy),
    ]
    .concat();
    let head = format!("{division}{born}");
    let order = orders.give(&head);
    let number = number_of(&format!("{head}{order:03}"));
    let sex = if order.is_multiple_of(2) {
        "女"
    } else {
        "男"
    };
    let row = BTreeMap::from([
        ("name", name.clone()),
        (
            "citizen_no",
            number
                .as_ref()
                .map_or_else(String::new, |number| number.reveal().to_owned()),
        ),
        (
            "employment_date",
            format!("{:04}-{:02}-01", today.year(), today.month()),
        ),
        (
            "start_month",
            format!("{:04}-{:02}", today.year(), today.month()),
        ),
        (
            "contract_kind",
            pick(&["固定期限", "无固定期限"], entropy).to_owned(),
        ),
        ("pay", (4_000 + 100 * entropy.below(80)).to_string()),
        ("mobile", String::new()),
    ]);
    let birth = format!("{year:04}-{month:02}-{day:02}");
    let person = number.map(|number| Person {
        number,
        name,
        birth,
        sex,
    });
    (person, row)
}

fn pick<'a>(words: &[&'a str], entropy: &mut dyn Entropy) -> &'a str {
    let at = entropy.below(u64::try_from(words.len()).unwrap_or(1));
    let word = words.get(usize::try_from(at).unwrap_or(0));
    word.copied().unwrap_or_default()
}

/// The number with its check character.
fn number_of(head: &str) -> Option<CitizenNo> {
    let mut checks = "0123456789X".chars();
    checks.find_map(|check| format!("{head}{check}").parse().ok())
}

/// What the registers know of somebody.
fn known(person: Person, planted: Option<Planted>) -> PersonRecord {
    let name = match planted {
        Some(Planted::OtherName) => "窦明月".to_owned(),
        _ => person.name,
    };
    let birth = match planted {
        Some(Planted::TooYoung) => "2016-05-01".to_owned(),
        _ => person.birth,
    };
    let death = (planted == Some(Planted::Deceased)).then_some("2025-10-01");
    let mut facts = BTreeMap::from([(
        "population".to_owned(),
        json!({
            "name": name, "sex": person.sex, "birth": birth, "death": death,
            "household": "180102", "household_name": name,
        }),
    )]);
    if planted == Some(Planted::InsuredElsewhere) {
        facts.insert(
            "insurance".to_owned(),
            json!({
                "unemployment_months": 20, "pension_months": 20, "last_employer": "某单位",
                "last_employer_code": null, "last_paid_month": "2026-01", "active_employer": "某单位",
                "claimed_months": 0, "monthly_benefit_fen": 183_600, "active": true,
            }),
        );
    }
    PersonRecord {
        number: person.number,
        facts,
    }
}

fn plant(planted: Planted, at: u32, row: &mut Row, made: &mut Sample, today: Date) {
    let (field, value, code) = match planted {
        Planted::NoName => ("name", Some(String::new()), "E1020"),
        Planted::WrongNumber => {
            let mut number = row.get("citizen_no").cloned().unwrap_or_default();
            let last = number.pop();
            number.push(if last == Some('1') { '2' } else { '1' });
            ("citizen_no", Some(number), "E1025")
        }
        Planted::Twice => {
            let first = made.rows.first().and_then(|row| row.get("citizen_no"));
            ("citizen_no", first.cloned(), "E1076")
        }
        Planted::FutureMonth => {
            let month = format!("{:04}-01", today.year() + 2);
            ("start_month", Some(month), "E1077")
        }
        Planted::OldMonth => {
            let month = format!("{:04}-01", today.year() - 2);
            ("start_month", Some(month), "E1077")
        }
        Planted::NoPay => ("pay", Some("0".to_owned()), "E1030"),
        Planted::PayInWords => ("pay", Some("六千".to_owned()), "E1032"),
        Planted::OtherName => ("name", None, "E1077"),
        Planted::Deceased | Planted::InsuredElsewhere | Planted::TooYoung => {
            ("citizen_no", None, "E1077")
        }
        Planted::OtherContract => ("contract_kind", Some("口头说好".to_owned()), "E1024"),
        Planted::NoSuchDay => ("employment_date", Some("2026-02-30".to_owned()), "E1027"),
        Planted::ShortMobile => ("mobile", Some("1380000".to_owned()), "E1028"),
    };
    if let Some(value) = value {
        row.insert(field, value);
    }
    made.faults.push(Fault {
        row: at + 2,
        field,
        code,
    });
}

impl Sample {
    /// The spreadsheet, with the headings of the form.
    ///
    /// # Errors
    /// When it has more rows than the format allows.
    pub fn workbook(&self, form: &Form, facts: &RosterFacts) -> Result<Vec<u8>, WriteFault> {
        let column = |field: &str| Column {
            heading: form.heading(field, Lang::Zh).unwrap_or_default(),
            note: String::new(),
            holds: Holds::Text,
            required: form.is_always_required(field),
            width: 20,
        };
        let columns = facts.columns.iter().map(|one| one.field.as_str());
        let rows = self.rows.iter().map(|row| {
            let cell = |field: &str| row.get(field).cloned().unwrap_or_default();
            columns.clone().map(cell).collect()
        });
        spreadsheets::write(&Sheet {
            name: facts.name.zh.clone(),
            columns: columns.clone().map(column).collect(),
            rows: rows.collect(),
            prepared: 0,
            guide_name: String::new(),
            guide: Vec::new(),
        })
    }
}

/// The form and the roster of an item.
pub fn of_item(pack: &catalog::pack::Pack, code: &str) -> Option<(Form, RosterFacts)> {
    let mut items = pack.items.iter();
    let item = items.find(|item| item.facts.code.as_str() == code)?;
    let form: &Value = &item.form;
    Some((Form::load(form).ok()?, item.facts.roster.clone()?))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn as_many_faults_are_planted_as_were_asked_for() {
        let today = "2026-03-02".parse().unwrap();
        for (rows, faults) in [(10_000, 28), (60, 14), (10, 0), (5, 2)] {
            let made = sample(rows, faults, today, [7; 32]);
            assert_eq!(made.rows.len(), usize::try_from(rows).unwrap());
            assert_eq!(made.faults.len(), usize::try_from(faults).unwrap());
            assert!(made.faults.iter().all(|fault| fault.row > 2));
        }
    }

    #[test]
    fn another_seed_makes_other_people() {
        let today = "2026-03-02".parse().unwrap();
        let numbers = |seed: u8| -> BTreeSet<String> {
            let made = sample(10_000, 0, today, [seed; 32]);
            let numbers: BTreeSet<_> = made
                .people
                .iter()
                .map(|one| one.number.reveal().to_owned())
                .collect();
            assert_eq!(numbers.len(), 10_000);
            numbers
        };
        assert!(numbers(1).is_disjoint(&numbers(2)));
    }
}
