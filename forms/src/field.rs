//! One field of a form.

use kernel::limits::{LINE_CHARS_MAX, TEXT_CHARS_MAX};
use rules::Expression;
use serde_json::{Map, Number, Value};

use crate::{
    limits::{FIELDS_MAX, OPTIONS_MAX, ROWS_MAX},
    read::{Faults, join, join_index},
    schema::Types,
};

/// How a field is shown and which values it takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Widget {
    Text,
    Textarea,
    Number,
    Money,
    Date,
    Month,
    Choice,
    Select,
    Checkbox,
    Phone,
    CitizenNo,
    CreditCode,
    BankAccount,
    List,
}

const WIDGETS: [(&str, Widget, &[&str]); 14] = [
    ("text", Widget::Text, &["string"]),
    ("textarea", Widget::Textarea, &["string"]),
    ("number", Widget::Number, &["number", "integer"]),
    ("money", Widget::Money, &["integer"]),
    ("date", Widget::Date, &["string"]),
    ("month", Widget::Month, &["string"]),
    ("choice", Widget::Choice, &["string"]),
    ("select", Widget::Select, &["string"]),
    ("checkbox", Widget::Checkbox, &["boolean"]),
    ("phone", Widget::Phone, &["string"]),
    ("citizen_no", Widget::CitizenNo, &["string"]),
    ("credit_code", Widget::CreditCode, &["string"]),
    ("bank_account", Widget::BankAccount, &["string"]),
    ("list", Widget::List, &["array"]),
];

/// When a field must be filled in.
#[derive(Debug, Clone)]
pub(crate) enum Required {
    Never,
    Always,
    When(Expression),
}

/// The bounds of a value, from the schema.
#[derive(Debug, Clone, Default)]
pub(crate) struct Bounds {
    /// Characters of a text, rows of a list.
    pub(crate) length_min: u64,
    pub(crate) length_max: u64,
    pub(crate) minimum: Option<Number>,
    pub(crate) maximum: Option<Number>,
}

#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "flags of the document")]
pub(crate) struct Field {
    pub(crate) key: String,
    pub(crate) label: (String, String),
    pub(crate) widget: Widget,
    pub(crate) options: Vec<String>,
    pub(crate) bounds: Bounds,
    pub(crate) integer: bool,
    pub(crate) sensitive: bool,
    pub(crate) locked: bool,
    /// A day that cannot lie in the future.
    pub(crate) past: bool,
    pub(crate) prefill: Option<Expression>,
    pub(crate) visible: Option<Expression>,
    pub(crate) required: Required,
    /// The fields of a row, for a list.
    pub(crate) row: Vec<Self>,
}

const ROW_KEYS: [&str; 7] = [
    "label", "hint", "unit", "error", "widget", "options", "required",
];
const ALL_KEYS: [&str; 14] = [
    "label",
    "hint",
    "unit",
    "error",
    "widget",
    "options",
    "required",
    "sensitive",
    "prefill",
    "source",
    "locked",
    "past",
    "visible",
    "fields",
];

/// Where a group of fields stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Form,
    Row,
}

/// Reads the fields of a form.
pub(crate) fn read_fields(
    value: Option<&Value>,
    types: &Types<'_>,
    faults: &mut Faults,
) -> Vec<Field> {
    read_group(value, "/fields", Place::Form, types, faults)
}

fn read_group(
    value: Option<&Value>,
    pointer: &str,
    place: Place,
    types: &Types<'_>,
    faults: &mut Faults,
) -> Vec<Field> {
    let Some(group) = value
        .and_then(Value::as_object)
        .filter(|group| !group.is_empty())
    else {
        faults.add(pointer, "an object that is not empty is needed");
        return Vec::new();
    };
    if group.len() > FIELDS_MAX {
        faults.add(pointer, format!("more than {FIELDS_MAX} fields"));
        return Vec::new();
    }
    let keys: Vec<&str> = group.keys().map(String::as_str).collect();
    types.check_fields(&keys, faults);
    group
        .iter()
        .filter_map(|(key, value)| {
            let reader = Reader {
                key,
                keys: &keys,
                pointer: join(pointer, key),
                place,
                types,
            };
            reader.read(value, faults)
        })
        .collect()
}

struct Reader<'r> {
    key: &'r str,
    keys: &'r [&'r str],
    pointer: String,
    place: Place,
    types: &'r Types<'r>,
}

impl Reader<'_> {
    fn at(&self, part: &str) -> String {
        join(&self.pointer, part)
    }

    fn read(&self, value: &Value, faults: &mut Faults) -> Option<Field> {
        if !is_key(self.key) {
            let message = "a key is [a-z][a-z0-9_]* of at most 64 and no word of FEEL";
            faults.add(&self.pointer, message);
        }
        let known: &[&str] = match self.place {
            Place::Form => &ALL_KEYS,
            Place::Row => &ROW_KEYS,
        };
        let object = faults.object(Some(value), &self.pointer, known)?;
        for words in ["hint", "unit", "error"] {
            faults.optional_words(object.get(words), &self.at(words));
        }
        faults.optional_text(object.get("source"), &self.at("source"));
        let label = faults.words(object.get("label"), &self.at("label"));
        let prefill = self.prefill(object, faults);
        let locked = faults.flag(object.get("locked"), &self.at("locked"));
        if locked && prefill.is_none() {
            faults.add(&self.at("locked"), "a locked field needs `prefill`");
        }
        let (widget, types) = self.widget(object, faults)?;
        let past = faults.flag(object.get("past"), &self.at("past"));
        if past && widget != Widget::Date {
            faults.add(&self.at("past"), "only a `date` has a past");
        }
        Some(Field {
            key: self.key.to_owned(),
            label,
            widget,
            options: self.options(object, widget, faults),
            bounds: self.bounds(widget, faults),
            integer: types == "integer",
            sensitive: faults.flag(object.get("sensitive"), &self.at("sensitive")),
            locked,
            past,
            prefill,
            visible: self.condition(object.get("visible"), "visible", faults),
            required: self.required(object.get("required"), faults),
            row: self.row(object, widget, faults),
        })
    }

    /// The widget, and the type that the schema gives to the field.
    fn widget(&self, object: &Map<String, Value>, faults: &mut Faults) -> Option<(Widget, String)> {
        let pointer = self.at("widget");
        let name = faults.text(object.get("widget"), &pointer)?;
        let Some((_, widget, wanted)) = WIDGETS.iter().find(|(known, ..)| *known == name) else {
            let known: Vec<&str> = WIDGETS.iter().map(|(known, ..)| *known).collect();
            faults.add(
                &pointer,
                format!("unknown widget; known are {}", known.join(", ")),
            );
            return None;
        };
        if *widget == Widget::List && self.place == Place::Row {
            faults.add(&pointer, "a row cannot hold a list");
        }
        let schema = self.types.of(self.key)?;
        let given = schema.get("type").and_then(Value::as_str).unwrap_or("");
        if !wanted.contains(&given) {
            let message = format!("`{name}` needs the type {}", wanted.join(" or "));
            faults.add(&join(&self.types.pointer(self.key), "type"), message);
        }
        Some((*widget, given.to_owned()))
    }

    fn options(
        &self,
        object: &Map<String, Value>,
        widget: Widget,
        faults: &mut Faults,
    ) -> Vec<String> {
        let pointer = self.at("options");
        let value = object.get("options");
        if !matches!(widget, Widget::Choice | Widget::Select) {
            if value.is_some() {
                faults.add(&pointer, "only `choice` and `select` have options");
            }
            return Vec::new();
        }
        let options = faults.array(value, &pointer);
        if options.len() > OPTIONS_MAX {
            faults.add(&pointer, format!("more than {OPTIONS_MAX} options"));
        }
        let mut values: Vec<String> = Vec::new();
        for (index, option) in options.iter().enumerate() {
            let pointer = join_index(&pointer, index);
            let Some(option) = faults.object(Some(option), &pointer, &["value", "label", "hint"])
            else {
                continue;
            };
            faults.words(option.get("label"), &join(&pointer, "label"));
            faults.optional_words(option.get("hint"), &join(&pointer, "hint"));
            let place = join(&pointer, "value");
            match faults.text(option.get("value"), &place) {
                Some(value) if values.iter().any(|other| other == value) => {
                    faults.add(&place, "another option has this value");
                }
                Some(value) => values.push(value.to_owned()),
                None => {}
            }
        }
        values
    }

    fn bounds(&self, widget: Widget, faults: &mut Faults) -> Bounds {
        let Some(schema) = self.types.of(self.key) else {
            return Bounds::default();
        };
        let pointer = self.types.pointer(self.key);
        let count = |name: &str| schema.get(name).and_then(Value::as_u64);
        let number = |name: &str| schema.get(name).and_then(Value::as_number).cloned();
        let characters_max = u64::try_from(TEXT_CHARS_MAX).unwrap_or(u64::MAX);
        let line_max = u64::try_from(LINE_CHARS_MAX).unwrap_or(u64::MAX);
        let (low, high, default, most) = match widget {
            Widget::List => ("minItems", "maxItems", ROWS_MAX, ROWS_MAX),
            Widget::Textarea => ("minLength", "maxLength", characters_max, characters_max),
            _ => ("minLength", "maxLength", line_max, characters_max),
        };
        let bounds = Bounds {
            length_min: count(low).unwrap_or(0),
            length_max: count(high).unwrap_or(default),
            minimum: number("minimum"),
            maximum: number("maximum"),
        };
        if bounds.length_max > most {
            faults.add(&join(&pointer, high), format!("more than {most}"));
        }
        let numeric = matches!(widget, Widget::Number | Widget::Money);
        if numeric && (bounds.minimum.is_none() || bounds.maximum.is_none()) {
            faults.add(&pointer, "a number needs `minimum` and `maximum`");
        }
        bounds
    }

    fn prefill(&self, object: &Map<String, Value>, faults: &mut Faults) -> Option<Expression> {
        let pointer = self.at("prefill");
        let text = faults.optional_text(object.get("prefill"), &pointer)?;
        keep(Expression::parse(text), &pointer, faults)
    }

    fn condition(
        &self,
        value: Option<&Value>,
        part: &str,
        faults: &mut Faults,
    ) -> Option<Expression> {
        let pointer = self.at(part);
        let text = faults.optional_text(value, &pointer)?;
        keep(
            Expression::parse_condition(text, self.keys),
            &pointer,
            faults,
        )
    }

    fn required(&self, value: Option<&Value>, faults: &mut Faults) -> Required {
        match value {
            None | Some(Value::Bool(false)) => Required::Never,
            Some(Value::Bool(true)) => Required::Always,
            Some(_) if self.place == Place::Row => {
                faults.add(&self.at("required"), "in a row it is true or false");
                Required::Never
            }
            Some(_) => self
                .condition(value, "required", faults)
                .map_or(Required::Never, Required::When),
        }
    }

    fn row(&self, object: &Map<String, Value>, widget: Widget, faults: &mut Faults) -> Vec<Field> {
        let pointer = self.at("fields");
        let value = object.get("fields");
        if widget != Widget::List {
            if value.is_some() {
                faults.add(&pointer, "only `list` has fields");
            }
            return Vec::new();
        }
        match self.types.of_row(self.key, faults) {
            Some(types) if self.place == Place::Form => {
                read_group(value, &pointer, Place::Row, &types, faults)
            }
            _ => Vec::new(),
        }
    }
}

fn keep(
    read: Result<Expression, Vec<rules::Fault>>,
    pointer: &str,
    faults: &mut Faults,
) -> Option<Expression> {
    match read {
        Ok(expression) => Some(expression),
        Err(found) => {
            for fault in found {
                faults.add(pointer, fault.to_string());
            }
            None
        }
    }
}

fn is_key(key: &str) -> bool {
    let letters = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    key.len() <= 64
        && key.starts_with(|first: char| first.is_ascii_lowercase())
        && key.bytes().all(letters)
        && Expression::parse_condition(key, &[key])
            .is_ok_and(|condition| condition.variables().eq([key]))
}
