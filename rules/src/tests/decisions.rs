//! How DMN models are read and decided.

use crate::{Decisions, EvalFault, RuleHit};
use proptest::prelude::*;
use serde_json::{Value, json};

const HEAD: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" namespace="https://yunchuan.example/JY-009" name="失业登记" id="m">
"#;

/// A model with the inputs 年龄, 原因, 离职日期 and 已就业 and the given decisions.
fn model(decisions: &str) -> String {
    let inputs: Vec<String> = [("年龄", "number"), ("原因", "string"), ("离职日期", "date"), ("已就业", "boolean")]
        .iter()
        .enumerate()
        .map(|(index, (name, kind))| {
            format!(
                "<inputData id=\"i{index}\" name=\"{name}\"><variable name=\"{name}\" typeRef=\"{kind}\"/></inputData>\n"
            )
        })
        .collect();
    format!("{HEAD}{}{decisions}</definitions>", inputs.concat())
}

fn needs(ids: &[&str]) -> String {
    let needs: Vec<String> = ids
        .iter()
        .map(|id| {
            let kind = if id.starts_with('i') {
                "requiredInput"
            } else {
                "requiredDecision"
            };
            format!("<informationRequirement><{kind} href=\"#{id}\"/></informationRequirement>")
        })
        .collect();
    needs.concat()
}

fn literal(id: &str, name: &str, kind: &str, ids: &[&str], text: &str) -> String {
    format!(
        "<decision id=\"{id}\" name=\"{name}\"><variable name=\"{name}\" typeRef=\"{kind}\"/>{}\
         <literalExpression><text>{text}</text></literalExpression></decision>\n",
        needs(ids)
    )
}

/// A table over 年龄 and 原因 with one output.
fn table(policy: &str, rules: &[(&str, &str, &str)]) -> String {
    let rules: Vec<String> = rules
        .iter()
        .enumerate()
        .map(|(index, (age, reason, output))| {
            format!(
                "<rule id=\"R{}\"><inputEntry><text>{age}</text></inputEntry>\
                 <inputEntry><text>{reason}</text></inputEntry>\
                 <outputEntry><text>{output}</text></outputEntry></rule>\n",
                index + 1
            )
        })
        .collect();
    model(&format!(
        "<decision id=\"d\" name=\"登记决定\"><variable name=\"登记决定\" typeRef=\"string\"/>{}\n\
         <decisionTable hitPolicy=\"{policy}\">\n\
         <input><inputExpression typeRef=\"number\"><text>年龄</text></inputExpression></input>\n\
         <input><inputExpression typeRef=\"string\"><text>原因</text></inputExpression></input>\n\
         <output name=\"登记决定\"/>\n{}</decisionTable></decision>\n",
        needs(&["i0", "i1"]),
        rules.concat()
    ))
}

fn hit(number: usize) -> RuleHit {
    RuleHit {
        number,
        id: Some(format!("R{number}")),
    }
}

fn assert_shared<T: Send + Sync + Clone + 'static>(_: &T) {}

const RULES: [(&str, &str, &str); 3] = [
    ("&lt; 16", "-", "\"转审查\""),
    ("[16..60)", "\"合同终止\",\"单位裁员\"", "\"准予\""),
    (">= 60", "-", "\"转审查\""),
];

#[test]
fn a_table_tells_the_value_and_the_rule() {
    let decisions = Decisions::load(&table("UNIQUE", &RULES)).unwrap();
    assert_shared(&decisions);
    assert_eq!(decisions.id(), "https://yunchuan.example/JY-009#失业登记");
    assert_eq!(decisions.names().collect::<Vec<_>>(), ["登记决定"]);
    assert_eq!(
        decisions.inputs("登记决定").collect::<Vec<_>>(),
        ["年龄", "原因"]
    );
    for (age, reason, value, rules) in [
        (15, "合同终止", json!("转审查"), vec![hit(1)]),
        (16, "单位裁员", json!("准予"), vec![hit(2)]),
        (60, "单位裁员", json!("转审查"), vec![hit(3)]),
        (30, "本人辞职", Value::Null, vec![]),
    ] {
        let outcome = decisions
            .decide("登记决定", &json!({"年龄": age, "原因": reason}))
            .unwrap();
        assert_eq!(
            (outcome.value, outcome.rules),
            (value, rules),
            "{age} {reason}"
        );
    }
}

#[test]
fn two_rules_of_a_unique_table_cannot_both_match() {
    let mut rules = RULES.to_vec();
    rules.push(("-", "\"单位裁员\"", "\"转审查\""));
    let input = json!({"年龄": 30, "原因": "单位裁员"});
    let unique = Decisions::load(&table("UNIQUE", &rules)).unwrap();
    assert_eq!(
        unique.decide("登记决定", &input),
        Err(EvalFault::Ambiguous {
            decision: "登记决定".to_owned(),
            rules: vec![2, 4]
        })
    );
    let first = Decisions::load(&table("FIRST", &rules)).unwrap();
    assert_eq!(first.decide("登记决定", &input).unwrap().rules, [hit(2)]);
    let all = Decisions::load(&table("RULE ORDER", &rules))
        .unwrap()
        .decide("登记决定", &input)
        .unwrap();
    assert_eq!(all.rules, [hit(2), hit(4)]);
}

#[test]
fn decisions_build_on_decisions() {
    let span = "years and months duration(离职日期, date(\\\"2026-11-01\\\"))".replace('\\', "");
    let xml = model(
        &[
            literal("d1", "间隔", "yearMonthDuration", &["i2"], &span),
            literal(
                "d2",
                "可以登记",
                "boolean",
                &["d1", "i3"],
                "间隔 &lt; duration(\"P12M\") and not(已就业)",
            ),
        ]
        .concat(),
    )
    .replace("yearMonthDuration", "years and months duration");
    let decisions = Decisions::load(&xml).unwrap();
    let decide = |date: &str, employed: bool| {
        decisions
            .decide("可以登记", &json!({"离职日期": date, "已就业": employed}))
            .unwrap()
            .value
    };
    assert_eq!(
        decisions.inputs("可以登记").collect::<Vec<_>>(),
        ["离职日期", "已就业"]
    );
    assert_eq!(decide("2026-01-01", false), json!(true));
    assert_eq!(decide("2025-01-01", false), json!(false));
    assert_eq!(decide("2026-01-01", true), json!(false));
    let span = decisions
        .decide("间隔", &json!({"离职日期": "2026-01-01"}))
        .unwrap();
    assert_eq!((span.value, span.rules), (json!("P10M"), vec![]));
}

#[test]
fn an_input_of_the_wrong_type_is_a_fault_and_an_absent_one_is_null() {
    let decisions = Decisions::load(&table("UNIQUE", &RULES)).unwrap();
    let fault = decisions
        .decide("登记决定", &json!({"年龄": "三十"}))
        .unwrap_err();
    assert!(matches!(fault, EvalFault::Scope { ref variable, .. } if variable == "年龄"));
    assert_eq!(
        decisions.decide("登记决定", &json!({})).unwrap().value,
        json!(null)
    );
    assert_eq!(
        decisions.decide("别的", &json!({})),
        Err(EvalFault::UnknownDecision("别的".to_owned()))
    );
    assert_eq!(
        decisions.decide("登记决定", &json!(1)),
        Err(EvalFault::NoObject)
    );
}

#[test]
fn an_unknown_value_meets_only_cells_that_exclude_others() {
    let rules = [
        ("-", "\"甲\"", "\"一\""),
        ("-", "not(\"甲\")", "\"二\""),
        ("&gt; 1", "-", "\"三\""),
    ];
    let decisions = Decisions::load(&table("RULE ORDER", &rules)).unwrap();
    let outcome = decisions.decide("登记决定", &json!({})).unwrap();
    assert_eq!(outcome.rules, [hit(2)]);
}

#[test]
fn every_fault_of_a_file_is_told_with_its_line() {
    let mut rules = RULES.to_vec();
    rules[0].0 = "&lt; and 16";
    rules[2].2 = "年岁";
    let faults = Decisions::load(&table("UNIQUE", &rules)).unwrap_err();
    let lines: Vec<usize> = faults.iter().map(|fault| fault.line).collect();
    assert_eq!(lines, [12, 14], "{faults:?}");
    assert!(faults[1].message.contains("`年岁`"), "{faults:?}");
}

#[test]
fn what_reaches_outside_or_never_ends_is_refused() {
    let external = "<businessKnowledgeModel id=\"b\" name=\"b\"><variable name=\"b\"/>\
        <encapsulatedLogic kind=\"Java\"><literalExpression><text>1</text></literalExpression></encapsulatedLogic>\
        </businessKnowledgeModel>";
    for (xml, word) in [
        (model(external), "external"),
        (model(&literal("d", "d", "number", &[], "now()")), "clock"),
        (
            model(&literal(
                "d",
                "d",
                "Any",
                &[],
                "function(x) external {java: 1}",
            )),
            "external",
        ),
        (
            model(&literal("d", "d", "number", &["d"], "1")),
            "needs itself",
        ),
        (
            model(
                &[
                    literal("d1", "一", "number", &["d2"], "二"),
                    literal("d2", "二", "number", &["d1"], "一"),
                ]
                .concat(),
            ),
            "needs itself",
        ),
        (
            model(&literal("d", "d", "number", &["d9"], "1")),
            "does not exist",
        ),
        (
            model("<import name=\"x\" namespace=\"http://x\" importType=\"y\"/>"),
            "alone",
        ),
        (model(""), "no decision"),
        (
            model(&literal("d", "sum", "number", &[], "1")),
            "function of FEEL",
        ),
        ("<definitions".to_owned(), "XML"),
        (
            "<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>".to_owned(),
            "XML",
        ),
        (" ".repeat(2_000_000), "longer"),
        (
            model(&format!("{}{}", "<a>".repeat(90), "</a>".repeat(90))),
            "nested",
        ),
    ] {
        let faults = Decisions::load(&xml).unwrap_err();
        assert!(
            faults.iter().any(|fault| fault.message.contains(word)),
            "{word}: {faults:?}"
        );
    }
}

#[test]
fn many_needs_of_one_decision_are_bounded() {
    let mut decisions = literal("d0", "级0", "number", &[], "1");
    for level in 1..12 {
        let before = format!("d{}", level - 1);
        decisions.push_str(&literal(
            &format!("d{level}"),
            &format!("级{level}"),
            "number",
            &[&before, &before],
            "1",
        ));
    }
    assert!(Decisions::load(&model(&decisions)).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn a_table_agrees_with_its_meaning(age in 0_i64..100, reason in prop::sample::select(vec!["合同终止", "单位裁员", "本人辞职"])) {
        let decisions = Decisions::load(&table("UNIQUE", &RULES)).unwrap();
        let outcome = decisions.decide("登记决定", &json!({"年龄": age, "原因": reason})).unwrap();
        let expected = match (age, reason) {
            (16..60, "本人辞职") => Value::Null,
            (16..60, _) => json!("准予"),
            _ => json!("转审查"),
        };
        prop_assert_eq!(outcome.rules.len(), usize::from(!expected.is_null()));
        prop_assert_eq!(outcome.value, expected);
    }

    #[test]
    fn a_damaged_file_is_refused_or_read_but_never_fatal(at in 0_usize..1_500, piece in "[<>&\"#/a0 ]{0,4}") {
        let mut xml: Vec<char> = table("UNIQUE", &RULES).chars().collect();
        let at = at.min(xml.len());
        let end = (at + 3).min(xml.len());
        xml.splice(at..end, piece.chars());
        let xml: String = xml.into_iter().collect();
        if let Err(faults) = Decisions::load(&xml) {
            prop_assert!(!faults.is_empty());
        }
    }
}
