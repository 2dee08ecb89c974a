//! The data of a form as it is kept.

use serde_json::{Map, Value};

use crate::{form::Form, visible::effective};

impl Form {
    /// The data as it is kept: values tidied, empty ones and those of invisible fields dropped,
    /// locked fields given the fact of the register. `facts` is what [`Form::prefill`] gave. Keys
    /// that the form does not know stay, so that [`Form::check`] can name them; what is not an
    /// object stays as it is. Doing it twice changes nothing.
    pub fn normalise(&self, data: &Value, facts: &Value) -> Value {
        let Some(given) = data.as_object() else {
            return data.clone();
        };
        let effective = effective(&self.fields, &self.order, data, facts);
        let mut kept = Map::new();
        for field in &self.fields {
            if let Some(value) = effective.values.get(&field.key) {
                kept.insert(field.key.clone(), value.clone());
            }
        }
        for (key, value) in given {
            if self.field(key).is_none() {
                kept.insert(key.clone(), value.clone());
            }
        }
        Value::Object(kept)
    }
}
