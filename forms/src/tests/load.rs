use kernel::Lang;
use rules::Expression;
use serde_json::{Value, json};

use super::{document, form, words};
use crate::Form;

/// The faults of the document after `change`, as `pointer: message`.
fn faults(change: impl FnOnce(&mut Value)) -> Vec<String> {
    let mut document = document();
    change(&mut document);
    let faults = Form::load(&document).unwrap_err();
    faults.iter().map(ToString::to_string).collect()
}

fn assert_shared<T: Send + Sync + 'static>(_: &T) {}

#[test]
fn a_right_document_is_read() {
    let form = form();
    assert_shared(form);
    assert_eq!(form.keys().count(), 13);
    assert_eq!(form.label("reason", Lang::Zh), Some("失业原因"));
    assert_eq!(form.label("none", Lang::Zh), None);
}

#[test]
fn the_view_keeps_everything_but_the_prefill() {
    let form = form();
    let mut expected = document();
    for field in expected["fields"].as_object_mut().unwrap().values_mut() {
        field.as_object_mut().unwrap().shift_remove("prefill");
    }
    assert_eq!(*form.view(), expected);
    assert_eq!(
        form.view()["fields"]["leave_date"]["visible"],
        "reason != null"
    );
}

#[test]
fn all_faults_are_told_at_once() {
    let told = faults(|form| {
        form["format"] = json!(2);
        form["colour"] = json!("red");
        form["fields"]["name"]["label"] = json!({"en": "Name"});
        form["fields"]["reason"]["options"][1]["value"] = json!("ended");
        form["fields"]["leave_date"]["visible"] = json!("reason !== null");
        form["fields"]["leave_date"]["required"] = json!("reason = 原因");
        form["fields"]["wage"]["widget"] = json!("gold");
        form["fields"]["months"]["prefill"] = json!("count(");
        form["fields"]["note"]["locked"] = json!(true);
        form["layout"][0]["fields"][0] = json!("nobody");
    });
    let pointers: Vec<&str> = told
        .iter()
        .filter_map(|fault| fault.split(": ").next())
        .collect();
    assert_eq!(
        pointers,
        [
            "/colour",
            "/format",
            "/fields/name/label/zh",
            "/fields/reason/options/1/value",
            "/fields/leave_date/visible",
            "/fields/leave_date/required",
            "/fields/wage/widget",
            "/fields/months/prefill",
            "/fields/months/locked",
            "/fields/note/locked",
            "/layout/0/fields/0",
            "/fields/name",
        ],
        "{told:#?}"
    );
}

#[test]
fn each_single_mistake_is_told_at_its_place() {
    type Change = fn(&mut Value);
    let cases: [(&str, Change); 21] = [
        ("/schema/properties/name: no field", |form| {
            form["fields"].as_object_mut().unwrap().shift_remove("name");
        }),
        (
            "/schema/properties/extra: the field has no schema",
            |form| {
                form["fields"]["extra"] = json!({"label": words("x"), "widget": "text"});
            },
        ),
        ("/schema/required: unknown key", |form| {
            form["schema"]["required"] = json!(["name"]);
        }),
        ("/schema/properties/note/$ref", |form| {
            form["schema"]["properties"]["note"]["$ref"] = json!("https://example.org/x.json");
        }),
        ("/schema/$defs/number/$ref", |form| {
            form["schema"]["$defs"]["number"]["$ref"] = json!("#/$defs/number");
        }),
        ("/schema/properties/note/$dynamicRef", |form| {
            form["schema"]["properties"]["note"]["$dynamicRef"] = json!("#x");
        }),
        ("/schema/$schema", |form| {
            form["schema"]["$schema"] = json!("http://json-schema.org/draft-07/schema#");
        }),
        ("/schema/properties/note/pattern", |form| {
            form["schema"]["properties"]["note"]["pattern"] = json!("(");
        }),
        ("/schema/properties/note/maxLength: more than", |form| {
            form["schema"]["properties"]["note"]["maxLength"] = json!(100_000);
        }),
        ("/schema/properties/wage: a number needs", |form| {
            form["schema"]["properties"]["wage"] = json!({"type": "integer", "minimum": 0});
        }),
        ("/schema/properties/wage/type", |form| {
            form["schema"]["properties"]["wage"]["type"] = json!("string");
        }),
        ("/schema/properties/jobs/items", |form| {
            form["schema"]["properties"]["jobs"]["items"] = json!({});
        }),
        ("/schema/properties/jobs/items/required", |form| {
            form["schema"]["properties"]["jobs"]["items"]["required"] = json!(["employer"]);
        }),
        ("/fields/jobs/fields/employer/sensitive: unknown", |form| {
            form["fields"]["jobs"]["fields"]["employer"]["sensitive"] = json!(true);
        }),
        ("/fields/jobs/fields/employer/required", |form| {
            form["fields"]["jobs"]["fields"]["employer"]["required"] = json!("true");
        }),
        ("/fields/name/options", |form| {
            form["fields"]["name"]["options"] = json!([]);
        }),
        ("/fields/reason/options", |form| {
            form["fields"]["reason"]["options"] = json!([]);
        }),
        (
            "/fields/note/visible: 1:1: a condition for the browser",
            |form| {
                form["fields"]["note"]["visible"] = json!("string length(name) > 2");
            },
        ),
        (
            "/fields/reason/visible: the field depends on itself",
            |form| {
                form["fields"]["reason"]["visible"] = json!("leave_date = null");
            },
        ),
        (
            "/layout/0/fields/1: `name` stands in the layout twice",
            |form| {
                form["layout"][0]["fields"][1] = json!("name");
            },
        ),
        ("/layout: a list", |form| form["layout"] = json!({})),
    ];
    for (expected, change) in cases {
        let told = faults(change);
        assert!(
            told.iter().any(|fault| fault.starts_with(expected)),
            "{expected}: {told:#?}"
        );
    }
}

#[test]
fn keys_are_plain_words() {
    for key in ["Name", "a b", "", "1a", "姓名", "in", "true"] {
        let told = faults(|form| {
            form["fields"][key] = json!({"label": words("x"), "widget": "text"});
            form["schema"]["properties"][key] = json!({"type": "string"});
            form["layout"][0]["fields"]
                .as_array_mut()
                .unwrap()
                .push(json!(key));
        });
        assert!(
            told.iter().any(|fault| fault.contains("a key is")),
            "{key}: {told:?}"
        );
    }
}

#[test]
fn anything_that_is_no_form_is_a_fault() {
    for value in [
        json!(null),
        json!([]),
        json!({}),
        json!("x"),
        json!({"format": 1}),
    ] {
        assert!(Form::load(&value).is_err());
    }
}

#[test]
fn conditions_have_the_meaning_that_the_browser_gives_them() {
    let cases: Vec<Value> = serde_json::from_str(include_str!("../../conditions.json")).unwrap();
    for case in cases {
        let text = case["feel"].as_str().unwrap();
        let condition = Expression::parse_condition(text, &["a", "b"]).unwrap();
        let result = condition.eval(&case["scope"]).unwrap();
        assert_eq!(result, case["result"], "{case}");
    }
}
