//! Which fields are shown, and what the conditions of a form see.

use std::collections::BTreeSet;

use rules::Expression;
use serde_json::{Map, Value};

use crate::{
    field::{Field, Required},
    form::Form,
    read::{Faults, join},
    value::{is_empty, tidy},
};

/// The order in which visibility is decided: a field after those that its condition names. A circle
/// is a fault.
pub(crate) fn order(fields: &[Field], faults: &mut Faults) -> Vec<usize> {
    let mut order: Vec<usize> = Vec::new();
    loop {
        let ready: Vec<usize> = (0..fields.len())
            .filter(|index| !order.contains(index))
            .filter(|index| {
                fields
                    .get(*index)
                    .is_some_and(|field| is_ready(field, fields, &order))
            })
            .collect();
        if ready.is_empty() {
            break;
        }
        order.extend(ready);
    }
    for (index, field) in fields.iter().enumerate() {
        if !order.contains(&index) {
            let pointer = join(&join("/fields", &field.key), "visible");
            faults.add(&pointer, "the field depends on itself");
        }
    }
    order
}

fn is_ready(field: &Field, fields: &[Field], order: &[usize]) -> bool {
    field.visible.as_ref().is_none_or(|condition| {
        condition.variables().all(|name| {
            let position = fields.iter().position(|other| other.key == name);
            position.is_none_or(|position| order.contains(&position))
        })
    })
}

impl Form {
    /// These fields and those that appear, or must be filled in, because of them.
    pub fn with_dependents<'k>(&self, keys: impl Iterator<Item = &'k str>) -> BTreeSet<String> {
        let mut found: BTreeSet<String> = keys.map(ToOwned::to_owned).collect();
        loop {
            let known = found.len();
            let follows = self.fields.iter().filter(|field| depends(field, &found));
            let keys: Vec<String> = follows.map(|field| field.key.clone()).collect();
            found.extend(keys);
            if found.len() == known {
                return found;
            }
        }
    }
}

/// Whether a condition of the field names one of these.
fn depends(field: &Field, on: &BTreeSet<String>) -> bool {
    let required = match &field.required {
        Required::When(condition) => Some(condition),
        Required::Never | Required::Always => None,
    };
    let conditions = field.visible.iter().chain(required);
    let mut names = conditions.flat_map(Expression::variables);
    names.any(|name| on.contains(name))
}

/// What is asked, and the values that count: of visible fields, tidy, not empty; a locked field has
/// the fact of the register.
pub(crate) struct Effective {
    pub(crate) visible: BTreeSet<String>,
    pub(crate) values: Value,
}

impl Effective {
    pub(crate) fn shows(&self, field: &Field) -> bool {
        self.visible.contains(&field.key)
    }
}

/// The fact that locks a field.
pub(crate) fn fact<'f>(field: &Field, facts: &'f Value) -> Option<&'f Value> {
    let fact = facts.get(&field.key).filter(|fact| !is_empty(fact));
    fact.filter(|_| field.locked)
}

/// Decides visibility in `order`.
pub(crate) fn effective(
    fields: &[Field],
    order: &[usize],
    data: &Value,
    facts: &Value,
) -> Effective {
    let mut visible = BTreeSet::new();
    let mut values = Value::Object(Map::new());
    for field in order.iter().filter_map(|index| fields.get(*index)) {
        let shown = field
            .visible
            .as_ref()
            .is_none_or(|condition| condition.test(&values) == Ok(true));
        if !shown {
            continue;
        }
        visible.insert(field.key.clone());
        let given = || data.get(&field.key).map(|value| tidy(field, value));
        let value = fact(field, facts).cloned().or_else(given);
        if let (Some(value), Some(values)) = (value, values.as_object_mut())
            && !is_empty(&value)
        {
            values.insert(field.key.clone(), value);
        }
    }
    Effective { visible, values }
}
