//! How FEEL expressions are read and answered.

use crate::{EvalFault, Expression, limits};
use proptest::prelude::*;
use serde_json::{Value, json};

fn eval(text: &str, scope: &Value) -> Value {
    Expression::parse(text).unwrap().eval(scope).unwrap()
}

fn refusal(text: &str) -> String {
    let faults = Expression::parse(text).unwrap_err();
    faults
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join("; ")
}

fn assert_shared<T: Send + Sync + Clone + 'static>(_: &T) {}

#[test]
fn an_expression_is_shared_between_tasks() {
    assert_shared(&Expression::parse("1").unwrap());
}

#[test]
fn values_leave_as_json() {
    let scope = json!({"leave_date": "2026-11-01", "月数": 14, "名单": ["甲", "乙"]});
    for (text, value) in [
        ("1 + 2", json!(3)),
        ("10 / 4", json!(2.5)),
        ("0.1 + 0.2", json!(0.3)),
        ("2 ** 40", json!(1_099_511_627_776_i64)),
        ("\"失业\" + \"登记\"", json!("失业登记")),
        ("date(leave_date)", json!("2026-11-01")),
        ("date(leave_date) + duration(\"P1M\")", json!("2026-12-01")),
        ("date(leave_date).year", json!(2026)),
        ("date(\"2026-12-01\") - date(leave_date)", json!("P30D")),
        (
            "years and months duration(date(\"2026-01-01\"), date(leave_date))",
            json!("P10M"),
        ),
        (
            "date and time(\"2026-11-01T08:30:00\")",
            json!("2026-11-01T08:30:00"),
        ),
        ("if 月数 >= 12 then floor(月数 / 12) else 0", json!(1)),
        ("count(名单)", json!(2)),
        ("名单[1]", json!("甲")),
        ("{月: 月数, 双倍: 月 * 2}", json!({"月": 14, "双倍": 28})),
        ("string length(名单[2]) = 1 and not(月数 = 1)", json!(true)),
        ("for i in 1..3 return i * 月数", json!([14, 28, 42])),
        ("some 人 in 名单 satisfies 人 = \"乙\"", json!(true)),
        ("missing", json!(null)),
    ] {
        assert_eq!(eval(text, &scope), value, "{text}");
    }
}

#[test]
fn conditions_over_chinese_names_read_like_the_regulation() {
    let rule =
        "累计缴费月数 >= 12 and 失业原因 in [\"合同终止\", \"单位裁员\"] and not(已享受待遇)";
    let rule = Expression::parse(rule).unwrap();
    let scope = |months: u32, reason: &str| json!({"累计缴费月数": months, "失业原因": reason, "已享受待遇": false});
    assert_eq!(rule.test(&scope(12, "单位裁员")), Ok(true));
    assert_eq!(rule.test(&scope(11, "单位裁员")), Ok(false));
    assert_eq!(rule.test(&scope(12, "本人辞职")), Ok(false));
    let names: Vec<&str> = rule.variables().collect();
    assert_eq!(names, ["失业原因", "已享受待遇", "累计缴费月数"]);
}

#[test]
fn records_are_filtered_by_the_fields_of_their_items() {
    let scope = json!({"insurance": {"months": [
        {"kind": "失业", "paid": true}, {"kind": "失业", "paid": false}, {"kind": "养老", "paid": true},
    ]}});
    let text = "count(insurance.months[kind = \"失业\" and item.paid])";
    assert_eq!(eval(text, &scope), json!(1));
}

#[test]
fn names_of_several_words_are_declared() {
    let names = ["月 收入", "household size", "rate"];
    let rule = Expression::parse_over("月 收入 / household size < rate", &names).unwrap();
    let scope = json!({"月 收入": 900, "household size": 3, "rate": 301});
    assert_eq!(rule.test(&scope), Ok(true));
}

#[test]
fn a_mistyped_variable_is_told_with_its_place() {
    let faults =
        Expression::parse_over("months > 1\n and leave_dat = 1", &["months", "leave_date"]);
    let fault = &faults.unwrap_err()[0];
    assert_eq!((fault.line, fault.column), (2, 6));
    assert!(fault.message.contains("`leave_dat`"), "{fault}");
}

#[test]
fn a_condition_without_an_answer_names_what_is_missing() {
    let rule = Expression::parse("月数 > 12 and 年龄 < 60").unwrap();
    let fault = rule.test(&json!({"月数": 13, "年龄": null})).unwrap_err();
    assert_eq!(
        fault,
        EvalFault::Missing {
            expression: "月数 > 12 and 年龄 < 60".to_owned(),
            missing: vec!["年龄".to_owned()],
        }
    );
    // One false term answers a conjunction, whatever the other is.
    assert_eq!(rule.test(&json!({"月数": 3})), Ok(false));
}

#[test]
fn a_condition_that_is_a_number_is_a_fault() {
    let fault = Expression::parse("1 + 1")
        .unwrap()
        .test(&json!({}))
        .unwrap_err();
    assert!(
        matches!(fault, EvalFault::NotBoolean { ref found, .. } if found == "number"),
        "{fault}"
    );
    let fault = Expression::parse("月数 > \"x\"")
        .unwrap()
        .test(&json!({"月数": 1}))
        .unwrap_err();
    assert!(matches!(fault, EvalFault::NotBoolean { .. }), "{fault}");
}

#[test]
fn a_fault_never_repeats_a_value_of_the_scope() {
    let rule = Expression::parse("身份证号 > 5").unwrap();
    let fault = rule
        .test(&json!({"身份证号": "11010519491231002X"}))
        .unwrap_err();
    assert!(!format!("{fault} {fault:?}").contains("1949"));
}

#[test]
fn syntax_faults_have_a_place() {
    for (text, line, column) in [
        ("a = 1 and and b", 1, 11),
        ("a = 1 or\n  (b > 2 and )", 2, 14),
        ("(a = 1", 1, 6),
        ("1 +", 1, 3),
        ("a = 1 ) b", 1, 7),
    ] {
        let fault = &Expression::parse(text).unwrap_err()[0];
        assert_eq!(
            (fault.line, fault.column),
            (line, column),
            "{text}: {fault}"
        );
    }
}

#[test]
fn what_reaches_outside_or_never_ends_is_refused() {
    for text in [
        "function(a) external {java: {class: \"java.lang.Math\", method signature: \"cos(double)\"}}",
        "{f: function(a) external {pmml: {document: \"http://x\", model: \"m\"}}, r: f(1)}.r",
        "{f: function(x) f(x), r: f(1)}.r",
        "now()",
        "date(today())",
        "{f: now, r: f()}.r",
        "for i in 1..1000000000 return i",
        "for i in 1..n return i",
        "for a in 1..100, b in 1..100 return a",
        "for i in 1..100000 return i",
        "for a in l return for b in l return a + b",
        "for i in 1..30 return concatenate(partial, partial)",
        "some x in l satisfies some y in l satisfies some z in l satisfies x = y",
        "launch(1)",
        "a = = b",
    ] {
        assert!(!refusal(text).is_empty(), "{text}");
    }
    assert!(refusal("external").contains("external"));
}

#[test]
fn the_date_of_the_case_is_a_variable() {
    let scope = json!({"today": "2026-03-02", "count": 3});
    assert_eq!(
        eval("date(today) + duration(\"P60D\")", &scope),
        json!("2026-05-01")
    );
    // A variable with the name of a function is a variable where it is not called.
    assert_eq!(eval("count + 1", &scope), json!(4));
    assert!(refusal("count(x) > count").contains("count"));
    // Without a value it is null, not the clock of the machine.
    assert_eq!(eval("today", &json!({})), json!(null));
    assert_eq!(eval("now", &json!({})), json!(null));
}

#[test]
fn size_is_limited() {
    let chain = |terms: usize| vec!["a = 1"; terms].join(" and ");
    assert!(Expression::parse(&chain(100)).is_ok());
    assert!(refusal(&chain(limits::TREE_DEPTH_MAX + 1)).contains("nested"));
    assert!(!refusal(&"(".repeat(5_000)).is_empty());
    assert!(!refusal(&"-".repeat(900)).is_empty());
    assert!(!refusal(&"[".repeat(20)).is_empty());
}

#[test]
fn only_the_named_variables_of_a_scope_are_read() {
    let deep = (0..100).fold(json!(1), |inner, _| json!([inner]));
    let scope = json!({"a": 1, "deep": deep});
    assert_eq!(eval("a", &scope), json!(1));
    let fault = Expression::parse("deep").unwrap().eval(&scope).unwrap_err();
    assert!(matches!(fault, EvalFault::Scope { ref variable, .. } if variable == "deep"));
}

#[test]
fn a_number_out_of_range_is_a_fault() {
    for text in ["1e6144 * 1e6144", "1e6000"] {
        let fault = Expression::parse(text).unwrap().eval(&json!({}));
        assert!(fault.is_err(), "{text}");
    }
}

#[test]
fn a_range_has_no_json() {
    let fault = Expression::parse("[1..3]")
        .unwrap()
        .eval(&json!({}))
        .unwrap_err();
    assert!(matches!(fault, EvalFault::NotJson { .. }), "{fault}");
    assert_eq!(
        Expression::parse("1").unwrap().eval(&json!([])),
        Err(EvalFault::NoObject)
    );
}

#[test]
fn the_part_for_browsers_is_small() {
    let names = ["reason", "months", "agreed"];
    for text in [
        "reason = \"合同终止\" and (months >= 12 or not(agreed))",
        "reason in [\"a\", \"b\"]",
        "months != -1.5",
        "agreed",
        "reason = null",
    ] {
        assert!(Expression::parse_condition(text, &names).is_ok(), "{text}");
    }
    for text in [
        "months + 1 > 2",
        "months in [1..3]",
        "months between 1 and 3",
        "if agreed then true else false",
        "string length(reason) > 1",
        "some x in reason satisfies x = 1",
        "reason.a = 1",
        "months in (1, 2)",
        "not(agreed, agreed)",
        "\"text\"",
        "unknown = 1",
    ] {
        assert!(Expression::parse_condition(text, &names).is_err(), "{text}");
    }
}

fn feel_piece() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::sample::select(vec![
            "a",
            "月数",
            "1",
            "2.5",
            "\"字\"",
            "and",
            "or",
            "not(",
            "(",
            ")",
            "[",
            "]",
            "{",
            "}",
            ",",
            ":",
            "..",
            ".",
            "+",
            "-",
            "*",
            "/",
            "**",
            "=",
            "!=",
            "<",
            ">=",
            "in",
            "if",
            "then",
            "else",
            "for",
            "return",
            "some",
            "satisfies",
            "every",
            "between",
            "date(",
            "duration(",
            "external",
            "function(",
            "instance of",
            "null",
            "true",
            "item",
            "@\"2026-01-01\"",
            "matches(",
            "substring(",
            "\\u",
            "\"\\ud800\"",
            "//",
            "/*",
            "，",
            "years and months duration(",
        ])
        .prop_map(str::to_owned),
        "\\PC{0,6}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn no_text_hangs_or_panics(pieces in prop::collection::vec(feel_piece(), 0..30)) {
        let text = pieces.join(" ");
        match Expression::parse(&text) {
            Ok(rule) => drop(rule.eval(&json!({"a": 1, "月数": [1, {"a": 2}]}))),
            Err(faults) => {
                prop_assert!(!faults.is_empty());
                prop_assert!(faults.iter().all(|fault| fault.line > 0 && fault.column > 0));
            }
        }
    }

    #[test]
    fn integers_add_up_as_in_rust(a in -1_000_000_000_i64..1_000_000_000, b in -1_000_000_000_i64..1_000_000_000) {
        prop_assert_eq!(eval("a + b", &json!({"a": a, "b": b})), json!(a + b));
        prop_assert_eq!(eval("a < b", &json!({"a": a, "b": b})), json!(a < b));
    }

    #[test]
    fn text_of_a_scope_is_never_read_as_feel(text in "\\PC*") {
        prop_assert_eq!(eval("姓名", &json!({"姓名": text.clone()})), json!(text));
    }
}
