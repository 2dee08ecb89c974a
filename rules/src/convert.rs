//! Between JSON and FEEL values.

use dsntk_feel::{FeelNumber, Name, context::FeelContext, values::Value};
use serde_json::{Map, Number, Value as Json};

use crate::limits::{LIST_ITEMS_MAX, SCOPE_DEPTH_MAX};

/// A FEEL value, or the reason why there is none.
pub(crate) fn to_feel(json: &Json) -> Result<Value, &'static str> {
    nested_to_feel(json, 0)
}

fn nested_to_feel(json: &Json, depth: usize) -> Result<Value, &'static str> {
    if depth > SCOPE_DEPTH_MAX {
        return Err("it is nested too deeply");
    }
    Ok(match json {
        Json::Null => Value::Null(None),
        Json::Bool(flag) => Value::Boolean(*flag),
        Json::Number(number) => Value::Number(number_to_feel(number)?),
        Json::String(text) => Value::String(text.clone()),
        Json::Array(items) if items.len() > LIST_ITEMS_MAX => {
            return Err("the list has too many items");
        }
        Json::Array(items) => Value::List(
            items
                .iter()
                .map(|item| nested_to_feel(item, depth + 1))
                .collect::<Result<_, _>>()?,
        ),
        Json::Object(entries) => {
            let mut context = FeelContext::new();
            for (key, value) in entries {
                context.set_entry(&Name::from(key), nested_to_feel(value, depth + 1)?);
            }
            Value::Context(context)
        }
    })
}

fn number_to_feel(number: &Number) -> Result<FeelNumber, &'static str> {
    if let Some(whole) = number.as_i64() {
        return Ok(whole.into());
    }
    number
        .to_string()
        .parse()
        .map_err(|_| "the number is out of range")
}

/// The JSON of a FEEL value, or the type that has none.
pub(crate) fn to_json(value: Value) -> Result<Json, String> {
    Ok(match value {
        Value::Null(_) => Json::Null,
        Value::Boolean(flag) => Json::Bool(flag),
        Value::Number(number) => {
            number_to_json(number).ok_or_else(|| "number out of range".to_owned())?
        }
        Value::String(text) => Json::String(text),
        Value::Date(date) => Json::String(date.to_string()),
        Value::Time(time) => Json::String(time.to_string()),
        Value::DateTime(at) => Json::String(at.to_string()),
        Value::DaysAndTimeDuration(span) => Json::String(span.to_string()),
        Value::YearsAndMonthsDuration(span) => Json::String(span.to_string()),
        Value::List(items) | Value::ExpressionList(items) => {
            Json::Array(items.into_iter().map(to_json).collect::<Result<_, _>>()?)
        }
        Value::Context(context) => Json::Object(context_to_json(&context)?),
        other => return Err(other.type_of().to_string()),
    })
}

fn context_to_json(context: &FeelContext) -> Result<Map<String, Json>, String> {
    context
        .iter()
        .map(|(name, value)| Ok((name.to_string(), to_json(value.clone())?)))
        .collect()
}

fn number_to_json(number: FeelNumber) -> Option<Json> {
    if number.is_integer()
        && let Ok(whole) = number.trunc().to_string().parse::<i64>()
    {
        return Some(Json::from(whole));
    }
    let text = number.to_string();
    Number::from_f64(text.parse().ok()?).map(Json::Number)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn json_survives_the_way_there_and_back() {
        for value in [
            json!(null),
            json!(true),
            json!(0),
            json!(-1),
            json!(9_007_199_254_740_993_i64),
            json!(0.1),
            json!(1e-7),
            json!("张三"),
            json!([1, [2, {"一": {"二": []}}]]),
        ] {
            assert_eq!(to_json(to_feel(&value).unwrap()).unwrap(), value);
        }
    }

    #[test]
    fn whole_numbers_are_integers() {
        assert_eq!(to_json(to_feel(&json!(12.0)).unwrap()).unwrap(), json!(12));
    }

    #[test]
    fn long_lists_and_deep_values_are_refused() {
        assert!(to_feel(&json!(vec![0; LIST_ITEMS_MAX + 1])).is_err());
        let deep = (0..=SCOPE_DEPTH_MAX).fold(json!(1), |inner, _| json!([inner]));
        assert!(to_feel(&deep).is_err());
    }
}
