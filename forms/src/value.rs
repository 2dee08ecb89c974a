//! Single values: tidying what people type, and telling what is wrong with it.

use kernel::{CitizenNo, CreditCode, Date, codes, codes::Code, error::FieldFault};
use serde_json::{Map, Number, Value};

use crate::{
    field::{Field, Widget},
    read::{join, join_index},
};

/// Nothing was filled in: null, blank text, no row.
pub(crate) fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(items) => items.is_empty(),
        _ => false,
    }
}

/// The value as it is kept. Numbers of people, enterprises, phones and accounts lose spaces and
/// full-width digits, which Chinese keyboards give, and the 15 digits of an old card become the 18 of
/// the same number; other texts lose spaces at their ends.
pub(crate) fn tidy(field: &Field, value: &Value) -> Value {
    match value {
        Value::String(text) => Value::String(tidy_text(field.widget, text)),
        Value::Array(rows) if field.widget == Widget::List => {
            let rows = rows.iter().map(|row| tidy_row(field, row));
            Value::Array(rows.filter(|row| !is_blank_row(row)).collect())
        }
        other => other.clone(),
    }
}

fn tidy_text(widget: Widget, text: &str) -> String {
    match widget {
        Widget::Phone | Widget::BankAccount => compact(text),
        Widget::CreditCode => compact(text).to_ascii_uppercase(),
        Widget::CitizenNo => {
            let given = compact(text).to_ascii_uppercase();
            match given.parse::<CitizenNo>() {
                Ok(number) => number.reveal().to_owned(),
                Err(_) => given,
            }
        }
        _ => text.trim().to_owned(),
    }
}

pub(crate) fn compact(text: &str) -> String {
    text.chars()
        .filter(|letter| !letter.is_whitespace())
        .map(|letter| match letter {
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(letter) - 0xfee0).unwrap_or(letter),
            other => other,
        })
        .filter(|letter| *letter != '-')
        .collect()
}

fn tidy_row(list: &Field, row: &Value) -> Value {
    let Some(row) = row.as_object() else {
        return row.clone();
    };
    let mut tidied = Map::new();
    for (key, value) in row {
        let field = list.row.iter().find(|field| field.key == *key);
        let value = field.map_or_else(|| value.clone(), |field| tidy(field, value));
        if field.is_none() || !is_empty(&value) {
            tidied.insert(key.clone(), value);
        }
    }
    Value::Object(tidied)
}

fn is_blank_row(row: &Value) -> bool {
    row.is_null() || row.as_object().is_some_and(Map::is_empty)
}

pub(crate) fn fault(pointer: &str, code: &'static Code) -> FieldFault {
    FieldFault {
        pointer: pointer.to_owned(),
        code,
        args: Vec::new(),
    }
}

/// Faults of type and length, which a draft may not have either. An empty value has none.
pub(crate) fn shape_faults(field: &Field, value: &Value, pointer: &str) -> Vec<FieldFault> {
    if value.is_null() {
        return Vec::new();
    }
    let fits = match field.widget {
        Widget::Checkbox => value.is_boolean(),
        Widget::Money => is_whole(value),
        Widget::Number => value.is_number() && (!field.integer || is_whole(value)),
        Widget::List => value.is_array(),
        _ => value.is_string(),
    };
    match value {
        _ if !fits => vec![fault(pointer, &codes::E1032)],
        Value::String(text) => text_faults(field, text, pointer),
        Value::Array(rows) => rows_faults(field, rows, pointer),
        _ => Vec::new(),
    }
}

fn is_whole(value: &Value) -> bool {
    value.is_i64() || value.is_u64()
}

fn text_faults(field: &Field, text: &str, pointer: &str) -> Vec<FieldFault> {
    let newlines = field.widget == Widget::Textarea;
    let strange =
        |letter: char| letter.is_control() && !(newlines && matches!(letter, '\n' | '\r' | '\t'));
    let max = field.bounds.length_max;
    if count(text.chars()) > max {
        return vec![FieldFault {
            pointer: pointer.to_owned(),
            code: &codes::E1021,
            args: vec![("max", max.to_string())],
        }];
    }
    if text.chars().any(strange) {
        return vec![fault(pointer, &codes::E1023)];
    }
    Vec::new()
}

fn count(items: impl Iterator) -> u64 {
    u64::try_from(items.count()).unwrap_or(u64::MAX)
}

fn rows_faults(list: &Field, rows: &[Value], pointer: &str) -> Vec<FieldFault> {
    if count(rows.iter()) > list.bounds.length_max {
        return vec![out_of_range(
            pointer,
            list.bounds.length_min.to_string(),
            list.bounds.length_max.to_string(),
        )];
    }
    let mut faults = Vec::new();
    for (index, row) in rows.iter().enumerate() {
        let pointer = join_index(pointer, index);
        let Some(row) = row.as_object() else {
            faults.push(fault(&pointer, &codes::E1032));
            continue;
        };
        for (key, value) in row {
            let pointer = join(&pointer, key);
            match list.row.iter().find(|field| field.key == *key) {
                Some(field) => faults.extend(shape_faults(field, value, &pointer)),
                None => faults.push(fault(&pointer, &codes::E1029)),
            }
        }
    }
    faults
}

fn out_of_range(pointer: &str, min: String, max: String) -> FieldFault {
    FieldFault {
        pointer: pointer.to_owned(),
        code: &codes::E1030,
        args: vec![("min", min), ("max", max)],
    }
}

/// Faults of a filled-in value whose shape is right.
pub(crate) fn content_faults(field: &Field, value: &Value, pointer: &str) -> Vec<FieldFault> {
    match value {
        Value::String(text) => text_fault(field, text, pointer).into_iter().collect(),
        Value::Number(number) => number_fault(field, number, pointer).into_iter().collect(),
        Value::Array(rows) => row_contents(field, rows, pointer),
        _ => Vec::new(),
    }
}

fn text_fault(field: &Field, text: &str, pointer: &str) -> Option<FieldFault> {
    let min = field.bounds.length_min;
    if count(text.chars()) < min {
        return Some(FieldFault {
            pointer: pointer.to_owned(),
            code: &codes::E1022,
            args: vec![("min", min.to_string())],
        });
    }
    let (right, code) = match field.widget {
        Widget::Choice | Widget::Select => (
            field.options.iter().any(|value| value == text),
            &codes::E1024,
        ),
        Widget::Date => (is_date(text), &codes::E1027),
        Widget::Month => (is_date(&format!("{text}-01")), &codes::E1027),
        Widget::Phone => (is_mobile(text), &codes::E1028),
        Widget::CitizenNo => (text.parse::<CitizenNo>().is_ok(), &codes::E1025),
        Widget::CreditCode => (text.parse::<CreditCode>().is_ok(), &codes::E1026),
        Widget::BankAccount => (is_bank_account(text), &codes::E1031),
        _ => return None,
    };
    (!right).then(|| fault(pointer, code))
}

fn number_fault(field: &Field, number: &Number, pointer: &str) -> Option<FieldFault> {
    let (minimum, maximum) = (
        field.bounds.minimum.as_ref()?,
        field.bounds.maximum.as_ref()?,
    );
    let inside = !is_less(number, minimum) && !is_less(maximum, number);
    (!inside).then(|| out_of_range(pointer, minimum.to_string(), maximum.to_string()))
}

fn is_less(left: &Number, right: &Number) -> bool {
    match (left.as_i64(), right.as_i64()) {
        (Some(left), Some(right)) => left < right,
        _ => left.as_f64() < right.as_f64(),
    }
}

fn row_contents(list: &Field, rows: &[Value], pointer: &str) -> Vec<FieldFault> {
    let mut faults = Vec::new();
    if count(rows.iter()) < list.bounds.length_min {
        faults.push(out_of_range(
            pointer,
            list.bounds.length_min.to_string(),
            list.bounds.length_max.to_string(),
        ));
    }
    for (index, row) in rows.iter().enumerate() {
        let pointer = join_index(pointer, index);
        for field in &list.row {
            let pointer = join(&pointer, &field.key);
            let value = row.get(&field.key).filter(|value| !is_empty(value));
            match value {
                Some(value) => faults.extend(filled_faults(field, value, &pointer, field.always())),
                None if field.always() => faults.push(missing(field, &pointer)),
                None => {}
            }
        }
    }
    faults
}

/// Faults of a filled-in value, counting a confirmation that was not given.
pub(crate) fn filled_faults(
    field: &Field,
    value: &Value,
    pointer: &str,
    required: bool,
) -> Vec<FieldFault> {
    if required && field.widget == Widget::Checkbox && *value == Value::Bool(false) {
        return vec![missing(field, pointer)];
    }
    content_faults(field, value, pointer)
}

/// The fault of a required field that is empty.
pub(crate) fn missing(field: &Field, pointer: &str) -> FieldFault {
    let confirmation = field.widget == Widget::Checkbox;
    fault(
        pointer,
        if confirmation {
            &codes::E1033
        } else {
            &codes::E1020
        },
    )
}

/// `2026-11-01`, a date that exists.
fn is_date(text: &str) -> bool {
    let shape = text.bytes().enumerate().all(|(index, byte)| match index {
        4 | 7 => byte == b'-',
        _ => byte.is_ascii_digit(),
    });
    text.len() == 10 && shape && text.parse::<Date>().is_ok()
}

fn is_mobile(text: &str) -> bool {
    text.len() == 11
        && text.bytes().all(|byte| byte.is_ascii_digit())
        && text.starts_with('1')
        && text.as_bytes().get(1).is_some_and(|second| *second >= b'3')
}

/// 16 to 19 digits whose last is the check digit of ISO/IEC 7812-1 annex B (GB/T 15120.1).
fn is_bank_account(text: &str) -> bool {
    let digits: Option<Vec<u32>> = text.chars().map(|letter| letter.to_digit(10)).collect();
    let Some(digits) = digits.filter(|digits| (16..=19).contains(&digits.len())) else {
        return false;
    };
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, digit)| match (place % 2, digit * 2) {
            (0, _) => *digit,
            (_, double) if double > 9 => double - 9,
            (_, double) => double,
        })
        .sum();
    sum.is_multiple_of(10)
}
