//! Facts as people read them, in both languages.

use kernel::{Date, item::Words};
use serde_json::Value;

use super::FactKind;

/// A fact in words. What is not of its kind is shown as it is.
pub(super) fn read(kind: FactKind, value: &Value) -> Words {
    let plain = match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let told = match kind {
        FactKind::Text | FactKind::Number => None,
        FactKind::Months => value
            .as_u64()
            .map(|n| (format!("{n} 个月"), count(n, "month"))),
        FactKind::Age => value.as_u64().map(|n| span(n, "岁")),
        FactKind::Span => value.as_u64().map(|n| span(n, "年")),
        FactKind::Month => day(&format!("{plain}-01")).map(month),
        FactKind::Day => day(&plain).map(|day| {
            let (zh, en) = month(day);
            let n = day.day();
            (format!("{zh} {n} 日"), format!("{n} {en}"))
        }),
    };
    let (zh, en) = told.unwrap_or_else(|| (plain.clone(), plain));
    Words { zh, en }
}

/// Words with their places filled.
pub(super) fn fill<'a>(text: &Words, values: impl Iterator<Item = (&'a str, Words)>) -> Words {
    values.fold(text.clone(), |text, (name, value)| {
        let place = format!("{{{name}}}");
        Words {
            zh: text.zh.replace(&place, &value.zh),
            en: text.en.replace(&place, &value.en),
        }
    })
}

/// The names between braces.
pub(crate) fn places(text: &Words) -> impl Iterator<Item = &str> {
    places_of(&text.zh).chain(places_of(&text.en))
}

fn places_of(text: &str) -> impl Iterator<Item = &str> {
    let parts = text.split('{').skip(1);
    parts.filter_map(|part| part.split_once('}').map(|(name, _)| name))
}

fn day(text: &str) -> Option<Date> {
    text.parse().ok()
}

fn month(day: Date) -> (String, String) {
    let written = |as_said| day.strftime(as_said).to_string();
    (written("%Y 年 %-m 月"), written("%B %Y"))
}

fn span(months: u64, unit: &str) -> (String, String) {
    let (years, rest) = (months / 12, months % 12);
    match (years, rest) {
        (0, rest) => (format!("{rest} 个月"), count(rest, "month")),
        (years, 0) => (format!("{years} {unit}"), count(years, "year")),
        (years, rest) => (
            format!("{years} {unit} {rest} 个月"),
            format!("{} and {}", count(years, "year"), count(rest, "month")),
        ),
    }
}

fn count(n: u64, unit: &str) -> String {
    format!("{n} {unit}{}", if n == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn both(kind: FactKind, value: &Value) -> (String, String) {
        let words = read(kind, value);
        (words.zh, words.en)
    }

    fn pair(zh: &str, en: &str) -> (String, String) {
        (zh.to_owned(), en.to_owned())
    }

    #[test]
    fn facts_read_as_people_say_them() {
        assert_eq!(
            both(FactKind::Month, &json!("2029-09")),
            pair("2029 年 9 月", "September 2029")
        );
        assert_eq!(
            both(FactKind::Day, &json!("2029-12-31")),
            pair("2029 年 12 月 31 日", "31 December 2029")
        );
        assert_eq!(
            both(FactKind::Age, &json!(729)),
            pair("60 岁 9 个月", "60 years and 9 months")
        );
        assert_eq!(both(FactKind::Age, &json!(732)), pair("61 岁", "61 years"));
        assert_eq!(
            both(FactKind::Span, &json!(181)),
            pair("15 年 1 个月", "15 years and 1 month")
        );
        assert_eq!(both(FactKind::Months, &json!(1)), pair("1 个月", "1 month"));
        assert_eq!(both(FactKind::Number, &json!(12)), pair("12", "12"));
    }

    #[test]
    fn what_is_not_of_its_kind_is_shown_as_it_is() {
        assert_eq!(both(FactKind::Month, &json!("soon")), pair("soon", "soon"));
        assert_eq!(both(FactKind::Age, &json!(-1)), pair("-1", "-1"));
    }
}
