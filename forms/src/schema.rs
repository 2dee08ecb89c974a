//! The JSON Schema of a form: what it may say, and what its faults mean to the applicant.

use jsonschema::{
    Draft, PatternOptions, ValidationError, Validator, error::ValidationErrorKind as Kind,
};
use kernel::{codes, codes::Code, error::FieldFault};
use serde_json::{Map, Value};

use crate::read::{Faults, join, join_index};

const TOP_KEYS: [&str; 7] = [
    "$schema",
    "$defs",
    "title",
    "description",
    "type",
    "properties",
    "additionalProperties",
];
const DRAFT: &str = "https://json-schema.org/draft/2020-12/schema";
/// Keywords that lead out of the document, or in circles.
const REFUSED: [&str; 6] = [
    "$id",
    "$anchor",
    "$dynamicRef",
    "$dynamicAnchor",
    "$vocabulary",
    "$recursiveRef",
];
const DEFINITIONS: &str = "#/$defs/";

/// The property schemas of an object, with `$ref` resolved.
pub(crate) struct Types<'s> {
    definitions: Option<&'s Map<String, Value>>,
    properties: &'s Map<String, Value>,
    pointer: String,
}

impl<'s> Types<'s> {
    /// Reads the schema of a form.
    pub(crate) fn read(schema: Option<&'s Value>, faults: &mut Faults) -> Option<Self> {
        let top = faults.object(schema, "/schema", &TOP_KEYS)?;
        if top.get("$schema").is_some_and(|draft| draft != DRAFT) {
            faults.add("/schema/$schema", format!("the draft is {DRAFT}"));
        }
        if top.get("type").is_none_or(|kind| kind != "object") {
            faults.add("/schema/type", "the data of a form is an `object`");
        }
        let definitions = top.get("$defs").and_then(Value::as_object);
        if let Some(definitions) = top.get("$defs") {
            check_references(definitions, "/schema/$defs", true, faults);
        }
        let Some(properties) = top.get("properties").and_then(Value::as_object) else {
            faults.add("/schema/properties", "an object is needed");
            return None;
        };
        for (key, property) in properties {
            check_references(property, &join("/schema/properties", key), false, faults);
        }
        Some(Self {
            definitions,
            properties,
            pointer: "/schema/properties".to_owned(),
        })
    }

    /// The schema of a property.
    pub(crate) fn of(&self, key: &str) -> Option<&'s Map<String, Value>> {
        self.resolve(self.properties.get(key)?)
    }

    /// Where the schema of a property stands.
    pub(crate) fn pointer(&self, key: &str) -> String {
        join(&self.pointer, key)
    }

    /// The properties of the rows of a list.
    pub(crate) fn of_row(&self, key: &str, faults: &mut Faults) -> Option<Self> {
        let items = self
            .of(key)
            .and_then(|list| self.resolve(list.get("items")?));
        let pointer = join(&self.pointer(key), "items");
        let row = items.filter(|items| items.get("type").is_some_and(|kind| kind == "object"));
        let properties = row
            .and_then(|row| row.get("properties"))
            .and_then(Value::as_object);
        let Some(properties) = properties else {
            faults.add(
                &pointer,
                "the rows of a list are of type `object` with `properties`",
            );
            return None;
        };
        if row.is_some_and(|row| row.contains_key("required")) {
            faults.add(&join(&pointer, "required"), "say `required` at the field");
        }
        Some(Self {
            definitions: self.definitions,
            properties,
            pointer: join(&pointer, "properties"),
        })
    }

    /// Every field has a property and every property a field.
    pub(crate) fn check_fields(&self, keys: &[&str], faults: &mut Faults) {
        for key in keys
            .iter()
            .filter(|key| !self.properties.contains_key(**key))
        {
            faults.add(&self.pointer(key), "the field has no schema here");
        }
        for key in self
            .properties
            .keys()
            .filter(|key| !keys.contains(&key.as_str()))
        {
            faults.add(&self.pointer(key), "no field shows this property");
        }
    }

    fn resolve(&self, schema: &'s Value) -> Option<&'s Map<String, Value>> {
        let schema = schema.as_object()?;
        let Some(reference) = schema.get("$ref").and_then(Value::as_str) else {
            return Some(schema);
        };
        let name = reference.strip_prefix(DEFINITIONS)?;
        self.definitions?.get(name)?.as_object()
    }
}

/// References lead to a definition, and from a definition nowhere: so they have an end.
fn check_references(value: &Value, pointer: &str, defining: bool, faults: &mut Faults) {
    match value {
        Value::Object(object) => {
            for (key, part) in object {
                let place = join(pointer, key);
                let local = part.as_str().is_some_and(|to| to.starts_with(DEFINITIONS));
                if key == "$ref" && (defining || !local) {
                    let message = "a reference leads to `#/$defs/<name>`, and never from there";
                    faults.add(&place, message);
                } else if REFUSED.contains(&key.as_str()) {
                    faults.add(&place, "not allowed in a form");
                }
                check_references(part, &place, defining, faults);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                check_references(item, &join_index(pointer, index), defining, faults);
            }
        }
        _ => {}
    }
}

/// Compiles the schema. Patterns run in linear time, and nothing is fetched.
pub(crate) fn compile(schema: &Value, faults: &mut Faults) -> Option<Validator> {
    let built = jsonschema::options()
        .with_draft(Draft::Draft202012)
        .with_pattern_options(PatternOptions::regex())
        .should_validate_formats(true)
        .offline()
        .build(schema);
    match built {
        Ok(validator) => Some(validator),
        Err(error) => {
            let pointer = format!("/schema{}", error.instance_path());
            faults.add(&pointer, error.masked().to_string());
            None
        }
    }
}

/// What a schema fault means to the applicant.
pub(crate) fn field_fault(error: &ValidationError<'_>) -> FieldFault {
    let at = format!("/form{}", error.instance_path());
    let (pointer, code): (String, &'static Code) = match error.kind() {
        Kind::Required { property } => (
            join(&at, property.as_str().unwrap_or_default()),
            &codes::E1020,
        ),
        Kind::AdditionalProperties { unexpected } => (
            unexpected.first().map_or(at.clone(), |key| join(&at, key)),
            &codes::E1029,
        ),
        Kind::Enum { .. } | Kind::Constant { .. } => (at, &codes::E1024),
        Kind::Type { .. } => (at, &codes::E1032),
        _ => (at, &codes::E1023),
    };
    FieldFault {
        pointer,
        code,
        args: Vec::new(),
    }
}
