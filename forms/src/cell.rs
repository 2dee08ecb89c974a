//! Fields as columns of a spreadsheet: their headings, and what a cell means.

use kernel::{Code, Lang, codes};
use serde_json::{Number, Value};

use crate::{
    field::{Field, Required, Widget},
    form::Form,
    value::compact,
};

/// What stands in a cell.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Cell<'a> {
    /// Letters.
    Text(&'a str),
    /// A number.
    Number(f64),
    /// A day, `YYYY-MM-DD`.
    Day(&'a str),
    /// Yes or no.
    Flag(bool),
    /// What a program could not work out.
    Unreadable,
}

/// Which cells a column takes.
#[derive(Debug, Clone, PartialEq)]
pub enum Takes {
    /// Letters.
    Text,
    /// A long number that is kept as letters.
    Code,
    /// A number, between these where they are given.
    Number(Option<(f64, f64)>),
    /// A day.
    Day,
    /// A year and a month.
    Month,
    /// One of these words.
    Choice(Vec<String>),
}

/// Floats hold whole numbers up to this one exactly.
const EXACT_MAX: f64 = 9_007_199_254_740_991.0;
/// The words for yes and no.
const YES: [&str; 7] = ["是", "有", "√", "yes", "y", "true", "1"];
const NO: [&str; 6] = ["否", "无", "no", "n", "false", "0"];
/// Fen of one yuan.
const FEN: f64 = 100.0;

impl Form {
    /// Whether a field can be a column: it exists, is not a list, and is not filled in by a register.
    pub fn is_column(&self, key: &str) -> bool {
        self.field(key)
            .is_some_and(|field| field.widget != Widget::List && !field.locked)
    }

    /// Whether a field must be filled in, whatever the others hold.
    pub fn is_always_required(&self, key: &str) -> bool {
        self.field(key)
            .is_some_and(|field| matches!(field.required, Required::Always))
    }

    /// The fields that must be filled in, whatever the others hold and the registers know.
    pub fn always_required(&self) -> impl Iterator<Item = &str> {
        let asked = |field: &&Field| matches!(field.required, Required::Always) && !field.locked;
        self.fields
            .iter()
            .filter(asked)
            .map(|field| field.key.as_str())
    }

    /// The heading of a column: the label of the field, with its unit.
    pub fn heading(&self, key: &str, lang: Lang) -> Option<String> {
        let label = self.label(key, lang)?;
        let unit = match (self.field(key)?.widget, lang) {
            (Widget::Money, Lang::Zh) => Some("元"),
            (Widget::Money, Lang::En) => Some("yuan"),
            _ => self.words_of(key, "unit", lang),
        };
        Some(match (unit, lang) {
            (None, _) => label.to_owned(),
            (Some(unit), Lang::Zh) => format!("{label}（{unit}）"),
            (Some(unit), Lang::En) => format!("{label} ({unit})"),
        })
    }

    /// What stands beside a field to explain it.
    pub fn hint(&self, key: &str, lang: Lang) -> Option<&str> {
        self.words_of(key, "hint", lang)
    }

    /// What is told when a field is empty or wrong, where the form has words of its own for it.
    pub fn wrong(&self, key: &str, lang: Lang) -> Option<&str> {
        self.words_of(key, "error", lang)
    }

    /// Which cells a column takes.
    pub fn takes(&self, key: &str, lang: Lang) -> Takes {
        let Some(field) = self.field(key) else {
            return Takes::Text;
        };
        let bound = |number: &Option<Number>| number.as_ref().and_then(Number::as_f64);
        let bounds = bound(&field.bounds.minimum).zip(bound(&field.bounds.maximum));
        match field.widget {
            Widget::Choice | Widget::Select => {
                let words = self.options(key);
                Takes::Choice(words.map(|(_, words)| in_lang(words, lang)).collect())
            }
            Widget::Checkbox => {
                let words = match lang {
                    Lang::Zh => ["是", "否"],
                    Lang::En => ["yes", "no"],
                };
                Takes::Choice(words.map(str::to_owned).to_vec())
            }
            Widget::Money => Takes::Number(bounds.map(|(min, max)| (min / FEN, max / FEN))),
            Widget::Number => Takes::Number(bounds),
            Widget::Date => Takes::Day,
            Widget::Month => Takes::Month,
            Widget::Phone | Widget::CitizenNo | Widget::CreditCode | Widget::BankAccount => {
                Takes::Code
            }
            Widget::Text | Widget::Textarea | Widget::List => Takes::Text,
        }
    }

    /// The value that a cell means for a field. What is no such value stays as it is and is told by
    /// [`Form::check`](Self::check).
    ///
    /// # Errors
    /// `E1071` for a long number that was kept as a figure, `E1023` for an amount with parts of a fen,
    /// `E1027` for a figure that is no date, `E1032` for what is of another kind.
    pub fn value_of_cell(&self, key: &str, cell: Cell<'_>) -> Result<Value, &'static Code> {
        let field = self.field(key).ok_or(&codes::E1029)?;
        if cell == Cell::Unreadable {
            return Err(&codes::E1032);
        }
        match field.widget {
            Widget::List => Err(&codes::E1032),
            Widget::Text | Widget::Textarea => written(cell),
            Widget::Phone | Widget::CitizenNo | Widget::CreditCode | Widget::BankAccount => {
                number_of_letters(cell)
            }
            Widget::Number => number(cell, field.integer),
            Widget::Money => money(cell),
            Widget::Date => date(cell),
            Widget::Month => month(cell),
            Widget::Choice | Widget::Select => self.choice(key, cell),
            Widget::Checkbox => confirmation(cell),
        }
    }

    fn choice(&self, key: &str, cell: Cell<'_>) -> Result<Value, &'static Code> {
        let Value::String(text) = written(cell)? else {
            return Err(&codes::E1032);
        };
        let wanted = folded(&text);
        let known = self.options(key).find(|(value, words)| {
            let said = [Lang::Zh, Lang::En].map(|lang| folded(&in_lang(words, lang)));
            folded(value) == wanted || said.contains(&wanted)
        });
        Ok(Value::String(
            known.map_or(text, |(value, _)| value.to_owned()),
        ))
    }

    /// The options of a field: value and words.
    fn options(&self, key: &str) -> impl Iterator<Item = (&str, &Value)> {
        let options = self.part_of(key, "options").and_then(Value::as_array);
        options.into_iter().flatten().filter_map(|option| {
            let value = option.get("value")?.as_str()?;
            Some((value, option.get("label")?))
        })
    }

    fn part_of(&self, key: &str, part: &str) -> Option<&Value> {
        self.view().get("fields")?.get(key)?.get(part)
    }

    fn words_of(&self, key: &str, part: &str, lang: Lang) -> Option<&str> {
        let words = self.part_of(key, part)?;
        words.get(name_of(lang))?.as_str()
    }
}

const fn name_of(lang: Lang) -> &'static str {
    match lang {
        Lang::Zh => "zh",
        Lang::En => "en",
    }
}

fn in_lang(words: &Value, lang: Lang) -> String {
    let words = words.get(name_of(lang)).and_then(Value::as_str);
    words.unwrap_or_default().to_owned()
}

/// Words compared as people type them: without spaces, in one width, in small letters.
fn folded(text: &str) -> String {
    compact(text).to_lowercase()
}

/// A figure as letters; none when it has lost digits.
fn figure(number: f64) -> Option<String> {
    let whole = number.fract() == 0.0 && number.abs() <= EXACT_MAX;
    whole.then(|| format!("{number:.0}"))
}

fn written(cell: Cell<'_>) -> Result<Value, &'static Code> {
    Ok(Value::String(match cell {
        Cell::Text(text) | Cell::Day(text) => text.trim().to_owned(),
        Cell::Number(number) => figure(number).unwrap_or_else(|| number.to_string()),
        Cell::Flag(_) | Cell::Unreadable => return Err(&codes::E1032),
    }))
}

fn number_of_letters(cell: Cell<'_>) -> Result<Value, &'static Code> {
    match cell {
        Cell::Text(text) => Ok(Value::String(text.trim().to_owned())),
        Cell::Number(number) => figure(number).map(Value::String).ok_or(&codes::E1071),
        Cell::Day(_) | Cell::Flag(_) | Cell::Unreadable => Err(&codes::E1032),
    }
}

/// A number as people type it: with commas, in full width, with the sign of the currency.
fn typed(text: &str) -> Option<f64> {
    let text = compact(text);
    let text = text.trim_start_matches(['¥', '￥']).trim_end_matches('元');
    let plain: String = text.chars().filter(|letter| *letter != ',').collect();
    let only = |letter: char| letter.is_ascii_digit() || letter == '.';
    let shape = !plain.is_empty() && plain.chars().all(only);
    plain.parse().ok().filter(|_| shape)
}

fn counted(cell: Cell<'_>) -> Result<f64, &'static Code> {
    match cell {
        Cell::Number(number) => Ok(number),
        // The sign is lost when the text is compacted.
        Cell::Text(text) if text.trim_start().starts_with(['-', '－']) => {
            typed(text).map(|number| -number).ok_or(&codes::E1032)
        }
        Cell::Text(text) => typed(text).ok_or(&codes::E1032),
        Cell::Day(_) | Cell::Flag(_) | Cell::Unreadable => Err(&codes::E1032),
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "a whole number within what a float holds exactly"
)]
fn whole(number: f64) -> Option<Value> {
    let exact = number.fract() == 0.0 && number.abs() <= EXACT_MAX;
    exact.then(|| Value::from(number as i64))
}

fn number(cell: Cell<'_>, integer: bool) -> Result<Value, &'static Code> {
    let number = counted(cell)?;
    match whole(number) {
        Some(value) => Ok(value),
        None if integer => Err(&codes::E1032),
        None => Number::from_f64(number)
            .map(Value::Number)
            .ok_or(&codes::E1032),
    }
}

/// Yuan become fen.
fn money(cell: Cell<'_>) -> Result<Value, &'static Code> {
    let fen = counted(cell)? * FEN;
    let rounded = fen.round();
    // What a float adds to a whole number of fen is far below this.
    if (fen - rounded).abs() > 1e-4 {
        return Err(&codes::E1023);
    }
    whole(rounded).ok_or(&codes::E1032)
}

/// The numbers in a text, apart from whatever stands between them.
fn parts(text: &str) -> Vec<String> {
    let text: String = text.chars().map(narrow).collect();
    let parts = text.split(|letter: char| !letter.is_ascii_digit());
    parts
        .filter(|part| !part.is_empty())
        .map(str::to_owned)
        .collect()
}

fn narrow(letter: char) -> char {
    match letter {
        '０'..='９' => char::from_u32(u32::from(letter) - 0xfee0).unwrap_or(letter),
        other => other,
    }
}

/// 2026-03-01, 2026/3/1, 2026.3.1, 2026年3月1日 and 20260301 become the first; anything else stays.
fn date(cell: Cell<'_>) -> Result<Value, &'static Code> {
    let text = match cell {
        Cell::Day(day) => return Ok(Value::String(day.to_owned())),
        Cell::Text(text) => text.trim().to_owned(),
        Cell::Number(number) => figure(number)
            .filter(|text| text.len() == 8)
            .ok_or(&codes::E1027)?,
        Cell::Flag(_) | Cell::Unreadable => return Err(&codes::E1032),
    };
    let parts = parts(&text);
    let joined: Vec<&str> = parts.iter().map(String::as_str).collect();
    let day = match joined.as_slice() {
        [whole] if whole.len() == 8 => dashed(whole.get(..4), whole.get(4..6), whole.get(6..)),
        // A time of the day may follow.
        [year, month, day, ..] if year.len() == 4 => dashed(Some(year), Some(month), Some(day)),
        _ => None,
    };
    Ok(Value::String(day.unwrap_or(text)))
}

fn dashed(year: Option<&str>, month: Option<&str>, day: Option<&str>) -> Option<String> {
    Some(format!("{}-{:0>2}-{:0>2}", year?, month?, day?))
}

/// 2026-03, 2026/3, 2026年3月, 202603 and any day of the month become the first; anything else stays.
fn month(cell: Cell<'_>) -> Result<Value, &'static Code> {
    let text = match cell {
        Cell::Day(day) => return Ok(day.chars().take(7).collect::<String>().into()),
        Cell::Text(text) => text.trim().to_owned(),
        // 2026.1 may be January or October: a figure needs its six digits.
        Cell::Number(number) => figure(number)
            .filter(|text| text.len() == 6)
            .ok_or(&codes::E1027)?,
        Cell::Flag(_) | Cell::Unreadable => return Err(&codes::E1032),
    };
    let parts = parts(&text);
    let joined: Vec<&str> = parts.iter().map(String::as_str).collect();
    let month = match joined.as_slice() {
        [whole] if whole.len() == 6 => whole.get(..4).zip(whole.get(4..)),
        [year, month, ..] if year.len() == 4 => Some((*year, *month)),
        _ => None,
    };
    let month = month.map(|(year, month)| format!("{year}-{month:0>2}"));
    Ok(Value::String(month.unwrap_or(text)))
}

fn confirmation(cell: Cell<'_>) -> Result<Value, &'static Code> {
    let text = match cell {
        Cell::Flag(flag) => return Ok(Value::Bool(flag)),
        Cell::Text(text) => folded(text),
        Cell::Number(number) => figure(number).ok_or(&codes::E1032)?,
        Cell::Day(_) | Cell::Unreadable => return Err(&codes::E1032),
    };
    match text.as_str() {
        word if YES.contains(&word) => Ok(Value::Bool(true)),
        word if NO.contains(&word) => Ok(Value::Bool(false)),
        _ => Err(&codes::E1032),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn form() -> Form {
        let field = |widget: &str| json!({"label": {"zh": "名", "en": "Name"}, "widget": widget});
        let mut sex = field("choice");
        sex["options"] =
            json!([{"value": "f", "label": {"zh": "全日制（八小时）", "en": "Full time"}}]);
        let mut fields = json!({
            "word": field("text"), "number": field("number"), "pay": field("money"),
            "day": field("date"), "month": field("month"), "sex": sex, "yes": field("checkbox"),
            "id": field("citizen_no"),
        });
        fields["number"]["unit"] = json!({"zh": "个", "en": "pieces"});
        let number = |kind: &str| json!({"type": kind, "minimum": 0, "maximum": 1_000_000});
        let text = json!({"type": "string"});
        let document = json!({
            "format": 1,
            "schema": {"type": "object", "properties": {
                "word": text, "number": number("number"), "pay": number("integer"), "day": text,
                "month": text, "sex": text, "yes": {"type": "boolean"}, "id": text,
            }},
            "fields": fields,
            "layout": [{"section": {"zh": "一", "en": "One"},
                "fields": ["word", "number", "pay", "day", "month", "sex", "yes", "id"]}],
        });
        Form::load(&document).unwrap()
    }

    fn told(key: &str, cell: Cell<'_>) -> Value {
        match form().value_of_cell(key, cell) {
            Ok(value) => value,
            Err(code) => json!({ "code": code.id }),
        }
    }

    #[test]
    fn days_and_months_are_read_as_people_write_them() {
        for text in [
            "2026-03-01",
            "2026/3/1",
            "2026.3.1",
            "2026年3月1日",
            "20260301",
            "２０２６/３/１ 00:00",
        ] {
            assert_eq!(told("day", Cell::Text(text)), "2026-03-01", "{text}");
        }
        assert_eq!(told("day", Cell::Number(20_260_301.0)), "2026-03-01");
        assert_eq!(
            told("day", Cell::Number(46_082.0)),
            json!({"code": "E1027"})
        );
        assert_eq!(told("day", Cell::Text("明天")), "明天");
        for text in ["2026-03", "2026/3", "2026年3月", "202603", "2026-03-15"] {
            assert_eq!(told("month", Cell::Text(text)), "2026-03", "{text}");
        }
        assert_eq!(told("month", Cell::Day("2026-03-31")), "2026-03");
        assert_eq!(told("month", Cell::Number(202_603.0)), "2026-03");
        assert_eq!(
            told("month", Cell::Number(2_026.1)),
            json!({"code": "E1027"})
        );
    }

    #[test]
    fn amounts_are_in_yuan_and_kept_in_fen() {
        assert_eq!(told("pay", Cell::Number(6_500.0)), 650_000);
        assert_eq!(told("pay", Cell::Number(0.29)), 29);
        assert_eq!(told("pay", Cell::Text("￥6,500.50元")), 650_050);
        assert_eq!(told("pay", Cell::Number(1.005)), json!({"code": "E1023"}));
        assert_eq!(told("pay", Cell::Text("六千")), json!({"code": "E1032"}));
        assert_eq!(told("pay", Cell::Text("-1")), -100);
        assert_eq!(told("number", Cell::Text("１２.5")), 12.5);
        assert_eq!(told("number", Cell::Number(12.0)), 12);
    }

    #[test]
    fn a_long_number_that_became_a_figure_is_told_and_not_guessed() {
        assert_eq!(
            told("id", Cell::Number(180_102_197_904_120_000.0)),
            json!({"code": "E1071"})
        );
        assert_eq!(
            told("id", Cell::Text("180102197904120020")),
            "180102197904120020"
        );
    }

    #[test]
    fn choices_are_known_by_their_words_in_both_languages() {
        for text in ["f", "全日制(八小时)", " full time "] {
            assert_eq!(told("sex", Cell::Text(text)), "f", "{text}");
        }
        assert_eq!(told("sex", Cell::Text("临时")), "临时");
        assert_eq!(told("yes", Cell::Text("是")), true);
        assert_eq!(told("yes", Cell::Flag(false)), false);
        assert_eq!(told("yes", Cell::Text("也许")), json!({"code": "E1032"}));
    }

    #[test]
    fn headings_say_the_unit() {
        let form = form();
        assert_eq!(form.heading("pay", Lang::Zh).unwrap(), "名（元）");
        assert_eq!(form.heading("number", Lang::En).unwrap(), "Name (pieces)");
        assert_eq!(form.heading("word", Lang::Zh).unwrap(), "名");
        assert_eq!(
            form.takes("pay", Lang::Zh),
            Takes::Number(Some((0.0, 10_000.0)))
        );
    }
}
