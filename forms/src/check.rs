//! What is wrong with the data of a form. All faults at once: unknown keys, then the fields in
//! their order, then what only the schema knows.

use kernel::{Date, codes, error::FieldFault};
use serde_json::{Map, Value};

use crate::{
    field::{Field, Required},
    form::Form,
    read::join,
    schema::field_fault,
    value::{fault, filled_faults, is_empty, missing, shape_faults, tidy},
    visible::{Effective, effective, fact},
};

impl Form {
    /// The faults of data that is submitted on a day; none means that it is complete and in order.
    /// `facts` is what [`Form::prefill`] gave, now. Pointers are `/form/<key>`, in lists
    /// `/form/<key>/<row>/<key>`.
    ///
    /// Data that went through [`Form::normalise`] has no fault for invisible or locked fields.
    pub fn check(&self, data: &Value, facts: &Value, today: Date) -> Vec<FieldFault> {
        let Some(given) = data.as_object() else {
            return vec![fault("/form", &codes::E1032)];
        };
        let effective = effective(&self.fields, &self.order, data, facts);
        let mut faults = self.unknown(given);
        let mut sound = Map::new();
        for field in &self.fields {
            let value = given.get(&field.key).filter(|value| !is_empty(value));
            let found = field_faults(field, value, (facts, today), &effective);
            if let Some(value) = value
                && found.is_empty()
                && effective.shows(field)
                && fact(field, facts).is_none()
            {
                sound.insert(field.key.clone(), value.clone());
            }
            faults.extend(found);
        }
        faults.extend(self.schema_faults(&Value::Object(sound)));
        faults
    }

    /// The faults of a draft: unknown keys, wrong types, texts and lists that are too long. A draft
    /// may be incomplete and wrong in any other way.
    pub fn check_draft(&self, data: &Value) -> Vec<FieldFault> {
        let Some(given) = data.as_object() else {
            return vec![fault("/form", &codes::E1032)];
        };
        let mut faults = self.unknown(given);
        for field in &self.fields {
            if let Some(value) = given.get(&field.key) {
                faults.extend(shape_faults(field, value, &join("/form", &field.key)));
            }
        }
        faults
    }

    fn unknown(&self, given: &Map<String, Value>) -> Vec<FieldFault> {
        let unknown = given.keys().filter(|key| self.field(key).is_none());
        unknown
            .map(|key| fault(&join("/form", key), &codes::E1029))
            .collect()
    }

    /// What only the schema knows, one fault for each place.
    fn schema_faults(&self, sound: &Value) -> Vec<FieldFault> {
        let mut faults: Vec<FieldFault> = Vec::new();
        for error in self.validator.iter_errors(sound) {
            let found = field_fault(&error);
            if !faults.iter().any(|fault| fault.pointer == found.pointer) {
                faults.push(found);
            }
        }
        faults
    }
}

fn field_faults(
    field: &Field,
    value: Option<&Value>,
    (facts, today): (&Value, Date),
    effective: &Effective,
) -> Vec<FieldFault> {
    let pointer = join("/form", &field.key);
    let known = fact(field, facts);
    if !effective.shows(field) || known.is_some() {
        let wrong = value.is_some_and(|value| known != Some(&tidy(field, value)));
        let hidden = value.is_some() && !effective.shows(field);
        return if wrong || hidden {
            vec![fault(&pointer, &codes::E1029)]
        } else {
            Vec::new()
        };
    }
    let required = field.is_required(&effective.values);
    let Some(value) = value else {
        return if required {
            vec![missing(field, &pointer)]
        } else {
            Vec::new()
        };
    };
    let mut faults = shape_faults(field, value, &pointer);
    if faults.is_empty() {
        faults = filled_faults(field, value, &pointer, required);
    }
    if faults.is_empty() && field.past && is_after(value, today) {
        faults.push(fault(&pointer, &codes::E1035));
    }
    faults
}

fn is_after(value: &Value, today: Date) -> bool {
    let day = value.as_str().and_then(|text| text.parse::<Date>().ok());
    day.is_some_and(|day| day > today)
}

impl Field {
    /// Whether it is required whatever the others hold.
    pub(crate) const fn always(&self) -> bool {
        matches!(self.required, Required::Always)
    }

    fn is_required(&self, values: &Value) -> bool {
        match &self.required {
            Required::Never => false,
            Required::Always => true,
            Required::When(condition) => condition.test(values) == Ok(true),
        }
    }
}
