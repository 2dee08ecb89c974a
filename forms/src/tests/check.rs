use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::{document, form, told};
use kernel::Date;

use crate::Form;

fn today() -> Date {
    "2026-11-23".parse().unwrap()
}

fn complete() -> Value {
    json!({
        "name": "张三", "citizen": "11010519491231002X", "reason": "ended", "leave_date": "2026-11-01",
        "until": "2026-10", "wage": 500_000, "phone": "13800138000", "company": "91350100M000100Y43",
        "account": "6222021234567890128", "note": "第一行\n第二行", "agreed": true,
    })
}

fn with(changes: Value) -> Value {
    let mut data = complete();
    if let Value::Object(changes) = changes {
        for (key, value) in changes {
            data[key] = value;
        }
    }
    data
}

/// Codes and pointers of `complete` with `changes`, without facts.
fn check(changes: Value) -> Vec<String> {
    told(&form().check(&with(changes), &json!({}), today()))
}

fn args(changes: Value) -> Vec<(&'static str, String)> {
    form()
        .check(&with(changes), &json!({}), today())
        .remove(0)
        .args
}

#[test]
fn complete_data_has_no_fault() {
    assert_eq!(check(json!({})), Vec::<String>::new());
}

#[test]
fn each_wrong_value_has_its_code() {
    for (changes, fault) in [
        (json!({"name": ""}), "E1020 /form/name"),
        (json!({"name": "  "}), "E1020 /form/name"),
        (json!({"name": null}), "E1020 /form/name"),
        (json!({"name": "张"}), "E1022 /form/name"),
        (json!({"name": "长".repeat(21)}), "E1021 /form/name"),
        (json!({"name": "张\u{0}三"}), "E1023 /form/name"),
        (json!({"name": "张\n三"}), "E1023 /form/name"),
        (json!({"name": 3}), "E1032 /form/name"),
        (json!({"phone": "字".repeat(201)}), "E1021 /form/phone"),
        (json!({"reason": "fired"}), "E1024 /form/reason"),
        (
            json!({"leave_date": "2026-02-29"}),
            "E1027 /form/leave_date",
        ),
        (json!({"leave_date": "20260201"}), "E1027 /form/leave_date"),
        (json!({"until": "2026-13"}), "E1027 /form/until"),
        (json!({"wage": -1}), "E1030 /form/wage"),
        (json!({"wage": 1.5}), "E1032 /form/wage"),
        (json!({"wage": "1"}), "E1032 /form/wage"),
        (json!({"phone": "12345678901"}), "E1028 /form/phone"),
        (json!({"phone": "1380013800"}), "E1028 /form/phone"),
        (
            json!({"citizen": "110105194912310021"}),
            "E1025 /form/citizen",
        ),
        (
            json!({"company": "91350100M000100Y44"}),
            "E1026 /form/company",
        ),
        (
            json!({"account": "6222021234567890123"}),
            "E1031 /form/account",
        ),
        (json!({"note": "有#号"}), "E1023 /form/note"),
        (
            json!({"account": "", "agreed": "yes"}),
            "E1032 /form/agreed",
        ),
        (json!({"a/b~": 1}), "E1029 /form/a~1b~0"),
    ] {
        assert_eq!(
            check(changes.clone()).first().map(String::as_str),
            Some(fault),
            "{changes}"
        );
    }
}

#[test]
fn faults_fill_the_places_of_their_texts() {
    assert_eq!(
        args(json!({"name": "长".repeat(21)})),
        [("max", "20".to_owned())]
    );
    assert_eq!(args(json!({"name": "张"})), [("min", "2".to_owned())]);
    assert_eq!(
        args(json!({"wage": -1})),
        [("min", "0".to_owned()), ("max", "10000000".to_owned())]
    );
}

#[test]
fn all_faults_come_at_once_in_the_order_of_the_fields() {
    let faults = form().check(
        &json!({"wage": -1, "phone": "1", "zzz": 0}),
        &json!({}),
        today(),
    );
    assert_eq!(
        told(&faults),
        [
            "E1029 /form/zzz",
            "E1020 /form/name",
            "E1020 /form/reason",
            "E1030 /form/wage",
            "E1028 /form/phone",
            "E1033 /form/agreed"
        ]
    );
}

#[test]
fn a_confirmation_must_be_given() {
    assert!(check(json!({"agreed": false})).contains(&"E1033 /form/agreed".to_owned()));
}

#[test]
fn a_field_is_required_only_while_its_condition_holds() {
    let form = form();
    let data = |reason: &str| json!({"name": "张三", "reason": reason, "agreed": true});
    assert_eq!(
        told(&form.check(&data("ended"), &json!({}), today())),
        ["E1020 /form/leave_date"]
    );
    assert_eq!(
        told(&form.check(&data("quit"), &json!({}), today())),
        Vec::<String>::new()
    );
}

#[test]
fn invisible_fields_are_dropped_also_those_that_hang_on_them() {
    let form = form();
    let data = with(json!({"reason": ""}));
    let faults = form.check(&data, &json!({}), today());
    assert_eq!(
        told(&faults),
        [
            "E1020 /form/reason",
            "E1029 /form/leave_date",
            "E1029 /form/account"
        ]
    );
    let kept = form.normalise(&data, &json!({}));
    for key in ["reason", "leave_date", "account"] {
        assert_eq!(kept.get(key), None, "{key}");
    }
    assert_eq!(
        told(&form.check(&kept, &json!({}), today())),
        ["E1020 /form/reason"]
    );
}

#[test]
fn rows_are_checked_with_their_place() {
    let form = form();
    let facts = json!({"months": 3});
    let check = |jobs: Value| told(&form.check(&with(json!({"jobs": jobs})), &facts, today()));
    assert_eq!(
        check(json!([{"employer": "云川机械", "since": "2020-01-01"}])),
        Vec::<String>::new()
    );
    assert_eq!(
        check(json!([{"employer": "好"}, {"since": "2020-02-30", "x": 1}])),
        ["E1029 /form/jobs/1/x"]
    );
    assert_eq!(
        check(json!([{"employer": "好"}, {"since": "2020-02-30"}])),
        ["E1020 /form/jobs/1/employer", "E1027 /form/jobs/1/since"]
    );
    assert_eq!(
        check(json!([1, {"employer": "字".repeat(11)}])),
        ["E1032 /form/jobs/0", "E1021 /form/jobs/1/employer"]
    );
    assert_eq!(check(json!([{}, {}, {}, {}])), ["E1030 /form/jobs"]);
    // Without insured months the list is not asked for.
    assert_eq!(
        told(&form.check(&with(json!({"jobs": [{}]})), &json!({}), today())),
        ["E1029 /form/jobs"]
    );
}

#[test]
fn registers_fill_what_they_know() {
    let registers = json!({
        "population": {"name": " 张三 "},
        "insurance": {"months": [{"paid": true}, {"paid": false}, {"paid": true}]},
    });
    let facts = form().prefill(&registers);
    assert_eq!(Value::Object(facts), json!({"name": "张三", "months": 2}));
    // A register that knows nothing, or something that does not fit, gives no value.
    let facts = form().prefill(&json!({"population": {"name": 7}}));
    assert_eq!(facts.get("name"), None);
    assert_eq!(form().prefill(&json!(null)), Map::new());
}

#[test]
fn a_known_fact_locks_its_field() {
    let form = form();
    let facts = json!({"name": "张三"});
    assert_eq!(
        told(&form.check(&complete(), &facts, today())),
        Vec::<String>::new()
    );
    let other = with(json!({"name": "李四"}));
    assert_eq!(
        told(&form.check(&other, &facts, today())),
        ["E1029 /form/name"]
    );
    assert_eq!(form.normalise(&other, &facts)["name"], "张三");
    // While the register knows nothing, the field is asked like any other.
    assert_eq!(
        told(&form.check(&other, &json!({}), today())),
        Vec::<String>::new()
    );
}

#[test]
fn a_draft_may_be_incomplete_but_not_shapeless() {
    let form = form();
    let draft =
        json!({"name": "", "phone": "13", "leave_date": "2026", "jobs": [{}], "agreed": null});
    assert_eq!(told(&form.check_draft(&draft)), Vec::<String>::new());
    let wrong = json!({"name": 1, "note": "字".repeat(51), "jobs": [{"x": 1}], "y": 1});
    assert_eq!(
        told(&form.check_draft(&wrong)),
        [
            "E1029 /form/y",
            "E1032 /form/name",
            "E1021 /form/note",
            "E1029 /form/jobs/0/x"
        ]
    );
    assert_eq!(told(&form.check_draft(&json!([]))), ["E1032 /form"]);
}

#[test]
fn people_type_numbers_with_spaces_and_full_width_digits() {
    let typed = with(json!({
        "phone": " 138-0013 8000 ", "citizen": "１１０１０５194912310 02x", "company": "91350100m000100y43",
        "account": "6222 0212 3456 7890 128", "name": " 张三\t",
    }));
    let mut expected = complete();
    assert_eq!(form().normalise(&typed, &json!({})), expected.take());
}

#[test]
fn sensitive_values_are_kept_apart() {
    let form = form();
    let data = complete().as_object().unwrap().clone();
    let (plain, sensitive) = form.split(&data);
    assert_eq!(sensitive.keys().collect::<Vec<_>>(), ["citizen", "account"]);
    assert!(!plain.contains_key("citizen"));
    let joined = form.join(plain, sensitive);
    assert_eq!(
        joined.keys().collect::<Vec<_>>(),
        data.keys().collect::<Vec<_>>()
    );
    assert_eq!(joined, data);
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "\\PC{0,12}".prop_map(Value::from),
        prop::sample::select(vec![
            "ended",
            "quit",
            "2026-11-01",
            "2026-10",
            " 13800138000",
            "张三",
            "\u{0}"
        ])
        .prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::vec(("[a-z]{1,8}", inner.clone()), 0..5)
                .prop_map(|entries| Value::Object(entries.into_iter().collect())),
            prop::collection::vec(
                (prop::sample::select(vec!["employer", "since", "x"]), inner),
                0..3
            )
            .prop_map(|entries| entries
                .into_iter()
                .map(|(key, value)| (key.to_owned(), value))
                .collect()),
        ]
    })
}

/// Data whose keys are mostly those of the form.
fn any_data() -> impl Strategy<Value = Value> {
    let keys: Vec<String> = document()["fields"]
        .as_object()
        .unwrap()
        .keys()
        .cloned()
        .collect();
    let key = prop_oneof![9 => prop::sample::select(keys), 1 => "[a-z]{1,4}"];
    let entries = prop::collection::vec((key, any_json()), 0..14);
    prop_oneof![
        9 => entries.prop_map(|entries| Value::Object(entries.into_iter().collect())),
        1 => any_json(),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn normalising_twice_changes_nothing(data in any_data(), facts in any_data()) {
        let form = form();
        let once = form.normalise(&data, &facts);
        prop_assert_eq!(form.normalise(&once, &facts), once);
    }

    #[test]
    fn checks_answer_any_json(data in any_data(), facts in any_json()) {
        let form = form();
        let faults = form.check(&data, &facts, today());
        prop_assert!(faults.iter().all(|fault| fault.pointer.starts_with("/form")));
        drop(form.check_draft(&data));
        drop(form.prefill(&data));
    }

    #[test]
    fn normalised_data_has_no_hidden_or_locked_fault(data in any_data()) {
        let form = form();
        let facts = json!({"name": "张三", "months": 2});
        let kept = form.normalise(&data, &facts);
        let foreign = form.check(&kept, &facts, today());
        let known = |pointer: &str| form.keys().any(|key| pointer == format!("/form/{key}"));
        prop_assert!(!foreign.iter().any(|fault| fault.code.id == "E1029" && known(&fault.pointer)));
    }

    #[test]
    fn what_is_parted_can_be_joined(data in any_data()) {
        let form = form();
        if let Some(data) = data.as_object() {
            let (plain, sensitive) = form.split(data);
            prop_assert_eq!(&form.join(plain, sensitive), data);
        }
    }

    #[test]
    fn any_document_is_read_or_refused(at in any_json()) {
        for place in ["schema", "fields", "layout", "format"] {
            let mut document = document();
            document[place] = at.clone();
            prop_assert!(Form::load(&document).is_err() || document == super::document());
        }
    }
}

#[test]
fn what_follows_from_a_field_is_what_its_conditions_name() {
    let form = form();
    let with = |keys: &[&str]| -> Vec<String> {
        form.with_dependents(keys.iter().copied())
            .into_iter()
            .collect()
    };
    assert_eq!(with(&["reason"]), ["account", "leave_date", "reason"]);
    assert_eq!(with(&["wage"]), ["wage"]);
    assert_eq!(with(&[]), Vec::<String>::new());
}

#[test]
fn a_day_that_must_have_come_is_today_at_the_latest() {
    let mut document = document();
    document["fields"]["leave_date"]["past"] = json!(true);
    let form = Form::load(&document).unwrap();
    for (day, faults) in [
        ("2026-11-22", vec![]),
        ("2026-11-23", vec![]),
        ("2026-11-24", vec!["E1035 /form/leave_date"]),
        ("2026-11-31", vec!["E1027 /form/leave_date"]),
    ] {
        let found = form.check(&with(json!({ "leave_date": day })), &json!({}), today());
        assert_eq!(told(&found), faults, "{day}");
    }
    document["fields"]["wage"]["past"] = json!(true);
    assert!(Form::load(&document).is_err());
}
