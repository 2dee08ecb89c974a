//! What is wrong with a row, in words: the same on the page and in the spreadsheet that is taken along.

use forms::Takes;
use kernel::{
    Lang, Refusal, codes,
    roster::{RosterColumn, RosterFacts},
};
use serde_json::Value;

use super::{Filled, RowFault, views::RowFaultView};
use crate::model::Model;

/// So many choices are read in one line; the template has the others in its list.
const CHOICES_MAX: usize = 12;

/// The faults of a row in words.
pub(super) fn told(
    model: &Model,
    facts: &RosterFacts,
    filled: &Filled,
    lang: Lang,
) -> Vec<RowFaultView> {
    let fault = |fault: &RowFault| {
        let field = fault.field.as_deref();
        let cell = field.and_then(|field| filled.cells.get(field));
        let check = fault.check.as_ref();
        let check = check.and_then(|id| facts.checks.iter().find(|known| known.id == *id));
        let (wrong, mend) = match check {
            Some(check) => (
                check.fault.get(lang).to_owned(),
                check.mend.get(lang).to_owned(),
            ),
            None => by_code(model, facts, fault, lang),
        };
        RowFaultView {
            heading: field.and_then(|field| model.form.heading(field, lang)),
            cell: cell.and_then(Value::as_str).unwrap_or_default().to_owned(),
            code: fault.code.clone(),
            wrong,
            mend,
        }
    };
    filled.faults.iter().map(fault).collect()
}

/// The words of a code. Where the form itself says what belongs into the field, that is how it is
/// mended.
fn by_code(model: &Model, facts: &RosterFacts, fault: &RowFault, lang: Lang) -> (String, String) {
    if fault.code == codes::E1205.id {
        return open_already(lang);
    }
    let known = codes::ALL.iter().find(|code| code.id == fault.code);
    let refusal = Refusal::new(known.copied().unwrap_or(&codes::E1077));
    let filled = |text: String| {
        fault.args.iter().fold(text, |text, (name, value)| {
            text.replace(&format!("{{{name}}}"), value.get(lang))
        })
    };
    let of_form = fault.code.as_str() < codes::E1070.id;
    let field = fault.field.as_deref().filter(|_| of_form);
    let own = field.and_then(|field| model.form.wrong(field, lang));
    let mend = own.map_or_else(|| filled(refusal.advice(lang)), str::to_owned);
    let wanted = field.and_then(|field| wanted(model, fault, field, lang));
    match wanted {
        Some((wrong, Some(mend))) => (wrong, mend),
        Some((wrong, None)) => (wrong, with_example(mend, facts, fault, lang)),
        None => (filled(refusal.title(lang)), mend),
    }
}

/// Said of a row, it is about the person in it and not about who reads it.
fn open_already(lang: Lang) -> (String, String) {
    let (wrong, mend) = match lang {
        Lang::Zh => (
            "这个人的这件事已经在办",
            "不用再报，请删掉这一行。进度在“我的办件”里看。",
        ),
        Lang::En => (
            "A case for this person is open already",
            "Please delete the row. “My cases” shows how far it is.",
        ),
    };
    (wrong.to_owned(), mend.to_owned())
}

/// What belongs into a cell that holds something else, and which choices there are.
fn wanted(
    model: &Model,
    fault: &RowFault,
    field: &str,
    lang: Lang,
) -> Option<(String, Option<String>)> {
    let takes = model.form.takes(field, lang);
    if fault.code == codes::E1024.id
        && let Takes::Choice(words) = takes
    {
        let wrong = match lang {
            Lang::Zh => "这里只能填列出的几种",
            Lang::En => "Only the choices of the list can stand here",
        };
        return Some((wrong.to_owned(), Some(one_of(&words, lang))));
    }
    if fault.code != codes::E1032.id {
        return None;
    }
    let (zh, en) = match takes {
        Takes::Text => ("这里要填文字", "A text belongs here"),
        Takes::Code => ("这里要填号码", "A number kept as text belongs here"),
        Takes::Number(_) => ("这里要填数字", "A number belongs here"),
        Takes::Day => ("这里要填日期", "A date belongs here"),
        Takes::Month => ("这里要填年和月", "Year and month belong here"),
        Takes::Choice(_) => return None,
    };
    let wrong = match lang {
        Lang::Zh => zh,
        Lang::En => en,
    };
    Some((wrong.to_owned(), None))
}

fn one_of(words: &[String], lang: Lang) -> String {
    let (first, rest) = words.split_at(words.len().min(CHOICES_MAX));
    match (lang, rest.is_empty()) {
        (Lang::Zh, true) => format!("填其中一种：{}", first.join("、")),
        (Lang::Zh, false) => format!(
            "填其中一种：{}等，全部的在模板这一列的下拉选项里",
            first.join("、")
        ),
        (Lang::En, true) => format!("One of these: {}", first.join(", ")),
        (Lang::En, false) => format!(
            "One of these: {} and others. The list in this column of the template has them all",
            first.join(", ")
        ),
    }
}

/// The same with the example of the template, where it does not name it itself.
fn with_example(mend: String, facts: &RosterFacts, fault: &RowFault, lang: Lang) -> String {
    let of = |column: &&RosterColumn| Some(&column.field) == fault.field.as_ref();
    let example = facts.columns.iter().find(of).map(|column| &column.example);
    let Some(example) = example.filter(|text| !text.is_empty() && !mend.contains(*text)) else {
        return mend;
    };
    let mend = mend.trim_end_matches(['。', '.']);
    match lang {
        Lang::Zh => format!("{mend}，例如 {example}"),
        Lang::En => format!("{mend}, for example {example}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::model;

    fn words(field: Option<&str>, code: &str) -> (String, String) {
        let model = model("SB-003");
        let fault = RowFault {
            field: field.map(str::to_owned),
            code: code.to_owned(),
            args: Vec::new(),
            check: None,
        };
        let facts = model.edition.facts.roster.as_ref().unwrap();
        by_code(&model, facts, &fault, Lang::Zh)
    }

    #[test]
    fn a_cell_that_is_no_choice_is_told_the_choices() {
        let (wrong, mend) = words(Some("contract_kind"), "E1024");
        assert_eq!(wrong, "这里只能填列出的几种");
        assert!(
            mend.starts_with("填其中一种：固定期限、无固定期限"),
            "{mend}"
        );
        let many: Vec<String> = (0..=CHOICES_MAX).map(|n| n.to_string()).collect();
        assert!(one_of(&many, Lang::Zh).ends_with("、11等，全部的在模板这一列的下拉选项里"));
    }

    #[test]
    fn a_cell_of_another_kind_is_told_what_belongs_there_with_an_example() {
        let (wrong, mend) = words(Some("pay"), "E1032");
        assert_eq!(wrong, "这里要填数字");
        assert!(mend.contains("6500"), "{mend}");
        let (wrong, mend) = words(Some("start_month"), "E1032");
        assert_eq!(wrong, "这里要填年和月");
        assert_eq!(mend.matches("2026-03").count(), 1, "{mend}");
        assert_eq!(words(Some("citizen_no"), "E1032").0, "这里要填号码");
    }

    #[test]
    fn one_open_case_is_about_the_person_in_the_row() {
        assert_eq!(words(None, "E1205").0, "这个人的这件事已经在办");
    }

    #[test]
    fn all_else_is_told_as_everywhere() {
        assert_eq!(words(Some("pay"), "E1030").0, "数值超出范围");
        assert_eq!(words(Some("pay"), "E1024").0, "不在可选范围内");
        assert_eq!(words(None, "E1032").0, "类型不对");
    }
}
