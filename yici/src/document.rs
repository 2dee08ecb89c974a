//! The API document as it is published: what the derived one leaves out, and schemas that can be
//! satisfied.

use serde_json::{Map, Value, json};

/// How requests say which key, version and place in a list they mean: header or query parameter,
/// and what its text may be.
const TEXTS: [(&str, &str, u32); 3] = [
    ("Idempotency-Key", "^[A-Za-z0-9_-]{8,64}$", 64),
    ("If-Match", "^\"[0-9]{1,18}\"$", 20),
    ("cursor", "^[0-9a-f]*$", 2_000),
];

/// Completes a derived document.
pub(crate) fn complete(mut document: Value) -> Value {
    if let Some(schemas) = document
        .pointer_mut("/components/schemas")
        .and_then(Value::as_object_mut)
    {
        merge(schemas);
    }
    document["components"]["securitySchemes"] = json!({
        "citizen": { "type": "apiKey", "in": "cookie", "name": "yici_session" },
        "staff": { "type": "apiKey", "in": "cookie", "name": "yici_staff" },
    });
    document["security"] = json!([{ "citizen": [] }, { "staff": [] }, {}]);
    document["components"]["parameters"] = json!({ "surface": {
        "name": "X-Yici-Surface",
        "in": "header",
        "required": false,
        "description": "Which cookie counts where a browser has both.",
        "schema": { "type": "string", "enum": ["portal", "workbench"], "default": "portal" },
    } });
    let paths = document.get_mut("paths").and_then(Value::as_object_mut);
    for operations in paths.into_iter().flat_map(Map::values_mut) {
        let operations = operations.as_object_mut();
        for operation in operations.into_iter().flat_map(Map::values_mut) {
            describe(operation);
        }
    }
    document
}

fn describe(operation: &mut Value) {
    let Some(operation) = operation.as_object_mut() else {
        return;
    };
    let parameters = operation.entry("parameters").or_insert_with(|| json!([]));
    let Some(parameters) = parameters.as_array_mut() else {
        return;
    };
    for parameter in parameters.iter_mut() {
        let known = TEXTS
            .iter()
            .find(|(name, _, _)| parameter.get("name").and_then(Value::as_str) == Some(*name));
        if let Some((_, pattern, longest)) = known {
            let schema = &mut parameter["schema"];
            schema["pattern"] = json!(pattern);
            schema["maxLength"] = json!(longest);
        }
    }
    parameters.push(json!({ "$ref": "#/components/parameters/surface" }));
}

/// Makes one object of each `allOf` of objects: an object that allows no further properties can be
/// part of no other.
fn merge(schemas: &mut Map<String, Value>) {
    let flat = schemas.clone();
    for schema in schemas.values_mut() {
        if let Some(whole) = merged(schema, &flat) {
            *schema = whole;
        }
    }
}

fn merged(schema: &Value, all: &Map<String, Value>) -> Option<Value> {
    let parts = schema.get("allOf")?.as_array()?;
    let mut whole = Map::from_iter([("type".to_owned(), json!("object"))]);
    let (mut properties, mut required) = (Map::new(), Vec::new());
    for part in parts {
        let part = match part.get("$ref").and_then(Value::as_str) {
            Some(reference) => all.get(reference.rsplit('/').next()?)?,
            None => part,
        };
        let nested = merged(part, all);
        let part = nested.as_ref().unwrap_or(part);
        properties.extend(part.get("properties")?.as_object()?.clone());
        required.extend(
            part.get("required")
                .and_then(Value::as_array)
                .cloned()
                .unwrap_or_default(),
        );
        if let Some(closed) = part.get("additionalProperties") {
            whole.insert("additionalProperties".to_owned(), closed.clone());
        }
    }
    whole.insert("properties".to_owned(), properties.into());
    whole.insert("required".to_owned(), required.into());
    if let Some(description) = schema.get("description") {
        whole.insert("description".to_owned(), description.clone());
    }
    Some(whole.into())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::complete;

    #[test]
    fn parts_become_one_object_that_can_be_satisfied() {
        let document = complete(json!({ "paths": {}, "components": { "schemas": {
            "Words": { "type": "object", "properties": { "reason": {} }, "required": ["reason"], "additionalProperties": false },
            "Decide": { "description": "d", "allOf": [
                { "$ref": "#/components/schemas/Words" },
                { "type": "object", "properties": { "outcome": {} }, "required": ["outcome"] },
            ] },
        } } }));
        assert_eq!(
            document["components"]["schemas"]["Decide"],
            json!({
                "type": "object", "description": "d", "additionalProperties": false,
                "properties": { "reason": {}, "outcome": {} }, "required": ["reason", "outcome"],
            })
        );
    }

    #[test]
    fn every_operation_says_what_its_headers_may_hold() {
        let document = complete(
            json!({ "components": { "schemas": {} }, "paths": { "/cases": { "post": {
            "parameters": [{ "name": "Idempotency-Key", "in": "header", "schema": { "type": "string" } }],
        }, "get": {} } } }),
        );
        let post = &document["paths"]["/cases"]["post"]["parameters"];
        assert_eq!(post[0]["schema"]["maxLength"], 64);
        assert_eq!(post[1]["$ref"], "#/components/parameters/surface");
        let get = &document["paths"]["/cases"]["get"]["parameters"];
        assert_eq!(get.as_array().unwrap().len(), 1);
    }
}
