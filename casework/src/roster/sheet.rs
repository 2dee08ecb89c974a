//! From the cells of a spreadsheet to the values of a form. Pure.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use forms::Form;
use kernel::{Date, Lang, error::FieldFault, item::Words, mask, roster::RosterFacts};
use serde_json::{Map, Value};
use spreadsheets::{Cell, Row, column_letters};

use super::{Filled, RowFault};

/// What a list of faulty rows adds to the template; such columns may come back.
pub(super) const ADDED: [(&str, &str); 2] = [
    ("原来的行号", "Row before"),
    ("哪里要改", "What to correct"),
];

/// Which column holds which field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Headings(Vec<Option<String>>);

/// Headings that do not fit the template: those missing, and the letters of columns whose heading is
/// unknown or there twice. A file without headings has people in its first row: their words are not kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct WrongHeadings {
    pub missing: Vec<Words>,
    pub unknown: Vec<String>,
}

/// A text compared as people type it.
fn folded(text: &str) -> String {
    let plain = text.chars().filter(|letter| !letter.is_whitespace());
    let narrow = plain.map(|letter| match letter {
        '（' => '(',
        '）' => ')',
        other => other,
    });
    narrow
        .filter(|letter| !matches!(letter, '*' | '＊'))
        .collect::<String>()
        .to_lowercase()
}

/// The heading of a column in both languages.
pub(super) fn heading(form: &Form, field: &str) -> Words {
    let of = |lang| form.heading(field, lang).unwrap_or_default();
    Words {
        zh: of(Lang::Zh),
        en: of(Lang::En),
    }
}

impl Headings {
    /// Reads the first row.
    pub(super) fn read(form: &Form, facts: &RosterFacts, row: &Row) -> Result<Self, WrongHeadings> {
        let known: BTreeMap<String, &str> = facts
            .columns
            .iter()
            .flat_map(|column| {
                let words = heading(form, &column.field);
                [words.zh, words.en].map(|text| (folded(&text), column.field.as_str()))
            })
            .collect();
        let added: BTreeSet<String> = ADDED
            .iter()
            .flat_map(|(zh, en)| [folded(zh), folded(en)])
            .collect();
        let mut unknown = Vec::new();
        let mut found = BTreeSet::new();
        let mut columns = Vec::new();
        for (at, cell) in (0..).zip(&row.cells) {
            let text = cell.shown();
            let field = known.get(&folded(&text)).copied();
            let is_added = added.contains(&folded(&text)) || cell.is_empty();
            if field.map_or(!is_added, |field| !found.insert(field)) {
                unknown.push(column_letters(at));
            }
            columns.push(field.map(str::to_owned));
        }
        let missing: Vec<Words> = facts
            .columns
            .iter()
            .map(|column| column.field.as_str())
            .filter(|field| form.is_always_required(field) && !found.contains(field))
            .map(|field| heading(form, field))
            .collect();
        if missing.is_empty() && unknown.is_empty() {
            Ok(Self(columns))
        } else {
            Err(WrongHeadings { missing, unknown })
        }
    }
}

/// Reads rows one after the other; it remembers what must not come twice.
pub(super) struct Reader<'m> {
    pub form: &'m Form,
    pub facts: &'m RosterFacts,
    pub headings: Headings,
    /// What registers know that is the same for every row.
    pub known: Map<String, Value>,
    pub today: Date,
    seen: HashMap<(String, String), u32>,
}

impl<'m> Reader<'m> {
    pub(super) fn new(
        (form, facts): (&'m Form, &'m RosterFacts),
        headings: Headings,
        known: Map<String, Value>,
        today: Date,
    ) -> Self {
        Self {
            form,
            facts,
            headings,
            known,
            today,
            seen: HashMap::new(),
        }
    }

    /// The values of a row with everything that is wrong with its cells.
    pub(super) fn read(&mut self, row: &Row) -> Filled {
        let mut filled = Filled::default();
        for (cell, field) in row.cells.iter().zip(&self.headings.0) {
            let Some(field) = field.as_ref().filter(|_| !cell.is_empty()) else {
                continue;
            };
            filled.cells.insert(field.clone(), cell.shown().into());
            match self.form.value_of_cell(field, cell_of(cell)) {
                Ok(value) => drop(filled.values.insert(field.clone(), value)),
                Err(code) => filled.faults.push(RowFault {
                    field: Some(field.clone()),
                    code: code.id.to_owned(),
                    args: Vec::new(),
                    check: None,
                }),
            }
        }
        let known = Value::Object(self.known.clone());
        let columns: BTreeSet<&str> = self
            .facts
            .columns
            .iter()
            .map(|c| c.field.as_str())
            .collect();
        let found = faults_of(self.form, &filled, &known, self.today);
        // What is no column may still be known by a register of the person.
        let of_column = |fault: &RowFault| {
            let field = fault.field.as_deref();
            field.is_some_and(|field| columns.contains(field))
        };
        filled.faults.extend(found.into_iter().filter(of_column));
        self.expect_new(row.number, &mut filled);
        filled
    }

    /// Tells what an earlier row has already. What is wrong anyhow is not compared.
    fn expect_new(&mut self, number: u32, filled: &mut Filled) {
        for field in &self.facts.unique {
            let value = filled.values.get(field);
            let Some(text) = value.and_then(|value| self.form.text_of(field, value)) else {
                continue;
            };
            if filled
                .faults
                .iter()
                .any(|fault| fault.field.as_ref() == Some(field))
            {
                continue;
            }
            let key = (field.clone(), folded(&text));
            match self.seen.get(&key) {
                None => drop(self.seen.insert(key, number)),
                Some(earlier) => filled.faults.push(RowFault {
                    field: Some(field.clone()),
                    code: kernel::codes::E1076.id.to_owned(),
                    args: vec![("row".to_owned(), Words::same(earlier.to_string()))],
                    check: None,
                }),
            }
        }
    }
}

/// What the form says of a row, apart from cells whose fault is told already.
pub(super) fn faults_of(form: &Form, filled: &Filled, known: &Value, today: Date) -> Vec<RowFault> {
    let values = Value::Object(filled.values.clone());
    let whole = form.normalise(&values, known);
    let told = |field: &Option<String>| {
        let mut faults = filled.faults.iter();
        faults.any(|fault| fault.field == *field)
    };
    form.check(&whole, known, today)
        .iter()
        .map(row_fault)
        .filter(|fault| !told(&fault.field))
        .collect()
}

fn row_fault(fault: &FieldFault) -> RowFault {
    let field = fault.pointer.strip_prefix("/form/");
    let field = field.and_then(|rest| rest.split('/').next());
    RowFault {
        field: field.map(str::to_owned),
        code: fault.code.id.to_owned(),
        args: fault
            .args
            .iter()
            .map(|(name, value)| ((*name).to_owned(), Words::same(value)))
            .collect(),
        check: None,
    }
}

/// The name of a row as lists show it.
pub(super) fn shown(facts: &RosterFacts, filled: &Filled) -> String {
    let name = filled.cells.get(&facts.shown).and_then(Value::as_str);
    let name: String = name.unwrap_or_default().chars().take(20).collect();
    mask::name(name.trim())
}

fn cell_of(cell: &Cell) -> forms::Cell<'_> {
    match cell {
        Cell::Empty => forms::Cell::Text(""),
        Cell::Text(text) => forms::Cell::Text(text),
        Cell::Number(number) => forms::Cell::Number(*number),
        Cell::Day(day) => forms::Cell::Day(day),
        Cell::Flag(flag) => forms::Cell::Flag(*flag),
        Cell::Unreadable => forms::Cell::Unreadable,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn form() -> Form {
        let field = |zh: &str, widget: &str, required: bool| json!({"label": {"zh": zh, "en": widget}, "widget": widget, "required": required});
        let text = json!({"type": "string"});
        Form::load(&json!({
            "format": 1,
            "schema": {"type": "object", "properties": {
                "name": text, "number": text, "pay": {"type": "integer", "minimum": 1, "maximum": 900_000},
                "note": text,
            }},
            "fields": {
                "name": field("姓名", "text", true), "number": field("身份证号", "citizen_no", true),
                "pay": field("月工资", "money", true), "note": field("备注", "textarea", false),
            },
            "layout": [{"section": {"zh": "一", "en": "One"}, "fields": ["name", "number", "pay", "note"]}],
        }))
        .unwrap()
    }

    fn facts() -> RosterFacts {
        serde_json::from_value(json!({
            "name": {"zh": "名册", "en": "Roster"}, "rows": 10, "shown": "name", "unique": ["number"],
            "columns": [{"field": "name"}, {"field": "number"}, {"field": "pay"}, {"field": "note"}],
        }))
        .unwrap()
    }

    fn row(number: u32, cells: &[&str]) -> Row {
        let cell = |text: &&str| match *text {
            "" => Cell::Empty,
            text => Cell::Text(text.to_owned()),
        };
        Row {
            number,
            cells: cells.iter().map(cell).collect(),
        }
    }

    const HEADINGS: [&str; 3] = ["身份证号 *", "姓名", "月工资(元)"];

    fn codes(filled: &Filled) -> Vec<(String, &str)> {
        let fault = |fault: &RowFault| {
            let code = kernel::codes::ALL.iter().find(|code| code.id == fault.code);
            (fault.field.clone().unwrap_or_default(), code.unwrap().id)
        };
        filled.faults.iter().map(fault).collect()
    }

    #[test]
    fn headings_stand_in_any_order_and_differ_in_nothing_that_matters() {
        let (form, facts) = (form(), facts());
        let read = |cells: &[&str]| Headings::read(&form, &facts, &row(1, cells));
        assert!(read(&HEADINGS).is_ok());
        assert!(
            read(&[
                "哪里要改",
                "text",
                "citizen_no",
                "money (yuan)",
                "原来的行号",
                ""
            ])
            .is_ok()
        );
        let wrong = read(&["姓名", "工号", "姓名"]).unwrap_err();
        assert_eq!(wrong.unknown, ["B", "C"]);
        let missing: Vec<&str> = wrong
            .missing
            .iter()
            .map(|words| words.zh.as_str())
            .collect();
        assert_eq!(missing, ["身份证号", "月工资（元）"]);
    }

    #[test]
    fn every_fault_of_a_row_is_told_once_and_the_later_of_two_equals_is_told() {
        let (form, facts) = (form(), facts());
        let headings = Headings::read(&form, &facts, &row(1, &HEADINGS)).unwrap();
        let today = "2026-03-02".parse().unwrap();
        let mut reader = Reader::new((&form, &facts), headings, Map::new(), today);
        let mut read = |number, cells: &[&str]| reader.read(&row(number, cells));
        let good = read(2, &["180102197904120020", "王秀兰", "6,500"]);
        assert_eq!(codes(&good), []);
        assert_eq!(good.values["pay"], 650_000);
        assert_eq!(shown(&facts, &good), "王*兰");
        let twice = read(3, &["180102 1979 0412 0020", "王秀", "1"]);
        assert_eq!(codes(&twice), [("number".to_owned(), "E1076")]);
        let old = read(6, &["180102790412002", "王秀兰", "1"]);
        assert_eq!(codes(&old), [("number".to_owned(), "E1076")]);
        assert_eq!(twice.faults[0].args[0].1, Words::same("2"));
        let wrong = read(4, &["180102197904120021", "", "六千"]);
        let told = [("pay", "E1032"), ("name", "E1020"), ("number", "E1025")];
        assert_eq!(
            codes(&wrong),
            told.map(|(field, code)| (field.to_owned(), code))
        );
        let beyond = read(5, &["180103198508230050", "陈志强", "0"]);
        assert_eq!(codes(&beyond), [("pay".to_owned(), "E1030")]);
    }
}
