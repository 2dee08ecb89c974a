use std::fmt::Write;

use kernel::Lang;

use super::{
    LICENCE, end_event, flow, flow_if, gateway, gateway_or, model, service, start_event, user,
};
use crate::{Definition, FaultKind, NodeKind, Stage, limits};

/// The faults of a model as `line element: words`, one per line.
fn faults(xml: &str) -> String {
    let faults = Definition::read(xml).expect_err("the model has faults");
    faults.iter().fold(String::new(), |mut told, fault| {
        let element = fault.element.as_ref().map_or("-", |id| id.as_str());
        writeln!(
            told,
            "{} {element}: {}",
            fault.line,
            fault.kind.words(Lang::En)
        )
        .unwrap();
        told
    })
}

fn faults_of(elements: &[String]) -> String {
    faults(&model(elements))
}

#[test]
fn a_model_from_a_modeller_is_read_with_everything_that_pages_need() {
    let definition = Definition::read(LICENCE).unwrap();
    assert_eq!(definition.process().as_str(), "Licence");
    assert_eq!(definition.name(), "劳务派遣经营许可");
    assert_eq!(&**definition.xml(), LICENCE);
    let order: Vec<_> = definition
        .nodes()
        .iter()
        .map(|node| node.id.as_str())
        .collect();
    assert_eq!(
        order,
        [
            "Received",
            "Check",
            "Intake",
            "Review",
            "Visit",
            "Site_check",
            "Rules",
            "Complete",
            "Decide",
            "Done"
        ]
    );
    let visit = definition.node("Visit").unwrap();
    let exits: Vec<_> = definition
        .exits(visit)
        .map(|exit| (&*exit.name, exit.default))
        .collect();
    assert_eq!(exits, [("是", false), ("否", true)]);
}

#[test]
fn our_attributes_say_who_does_a_task() {
    let definition = Definition::read(LICENCE).unwrap();
    let user = |id| match &definition.node(id).unwrap().kind {
        NodeKind::UserTask(task) => task.clone(),
        other => panic!("{other:?}"),
    };
    let intake = user("Intake");
    assert_eq!(intake.stage, Stage::Intake);
    assert_eq!(intake.permission, "case.accept");
    assert_eq!(intake.post.as_deref(), Some("acceptor"));
    assert_eq!(intake.org.as_deref(), Some("hall"));
    assert_eq!((intake.people.get(), intake.exclude.len()), (1, 0));
    assert_eq!(user("Site_check").people.get(), 2);
    assert_eq!(user("Decide").exclude, ["Intake".into(), "Review".into()]);
    let kind = |id| definition.node(id).unwrap().kind.clone();
    let service = "register.employer".to_owned();
    assert_eq!(kind("Check"), NodeKind::ServiceTask { service });
    let decision = "许可条件".to_owned();
    assert_eq!(kind("Rules"), NodeKind::BusinessRuleTask { decision });
}

#[test]
fn the_process_is_the_executable_one_or_the_one_asked_for() {
    assert_eq!(
        Definition::read_process(LICENCE, "Licence")
            .unwrap()
            .process()
            .as_str(),
        "Licence"
    );
    let other = Definition::read_process(LICENCE, "Applying").unwrap_err();
    assert!(other.iter().any(|fault| matches!(
        &fault.kind,
        FaultKind::NotExecutable { what } if what == "manualTask"
    )));
    let none = Definition::read_process(LICENCE, "Nothing").unwrap_err();
    assert!(matches!(&none[0].kind, FaultKind::NoSuchProcess { process } if process == "Nothing"));
    let both = faults(&LICENCE.replace("isExecutable=\"false\"", "isExecutable=\"true\""));
    assert_eq!(
        both,
        "2 Definitions_1: the file has several processes, choose one of: Applying, Licence\n"
    );
}

#[test]
fn a_prefix_is_only_a_name_for_a_namespace() {
    let renamed = LICENCE
        .replace("bpmn:", "x:")
        .replace("xmlns:bpmn=", "xmlns:x=");
    let renamed = renamed
        .replace("yici:", "bpmn:")
        .replace("xmlns:yici=", "xmlns:bpmn=");
    let definition = Definition::read(&renamed).unwrap();
    assert_eq!(definition.nodes().len(), 10);
    let foreign = LICENCE.replace("20100524/MODEL", "20100524/OTHER");
    assert_eq!(
        faults(&foreign),
        "2 Definitions_1: the root element is not definitions of BPMN 2.0\n"
    );
}

#[test]
fn all_faults_are_told_at_once_with_element_and_line() {
    let told = faults_of(&[
        start_event("s"),
        start_event("s2"),
        "<userTask id='t' y:stage='nap' y:people='0' y:colour='red'/>".to_owned(),
        "<parallelGateway id='p'/>".to_owned(),
        user("alone"),
        user("stuck"),
        gateway_or("g", "nothing"),
        flow("f1", "s", "t"),
        flow("f2", "t", "g"),
        flow_if("f3", "g", "p", "x >"),
        flow("f4", "g", "stuck"),
        flow("f5", "p", "e"),
        flow("f6", "g", "nowhere"),
        end_event("e"),
        end_event("e"),
        service("c").replace("y:service='c'", ""),
        flow("f7", "s2", "c"),
        flow("f8", "c", "e"),
    ]);
    let expected = [
        "3 s2: there are several start events without trigger, the first is s",
        "4 t: yici:stage is nap, it must be intake | review | second_review | site_check | decide | make | hand_out",
        "4 t: yici:permission is missing",
        "4 t: yici:people is 0, it must be 1–15",
        "4 t: yici:colour is unknown or does not belong here",
        "4 t: the task has no name",
        "5 p: parallelGateway is not executable yet",
        "6 alone: it cannot be reached from the start event",
        "6 alone: no end event can be reached from here",
        "7 stuck: no end event can be reached from here",
        "8 g: default refers to nothing, which does not exist",
        "11 f3: the condition is not a valid expression",
        "12 f4: this exit of exclusive gateway g has no condition and is not the default",
        "14 f6: targetRef refers to nowhere, which does not exist",
        "14 f6: this exit of exclusive gateway g has no condition and is not the default",
        "16 e: the id is used already in line 15",
        "17 c: yici:service is missing",
    ];
    for line in expected {
        assert!(told.contains(line), "{line}\nnot in\n{told}");
    }
    assert_eq!(told.lines().count(), expected.len() + 1, "{told}");
}

#[test]
fn what_is_not_executed_is_named_and_does_not_hide_behind_other_faults() {
    let cases = [
        (
            "<startEvent id='x'><timerEventDefinition/></startEvent>",
            "timerEventDefinition",
        ),
        (
            "<subProcess id='x'><task id='inner'/></subProcess>",
            "subProcess",
        ),
        (
            "<boundaryEvent id='x' attachedToRef='t'><timerEventDefinition/></boundaryEvent>",
            "boundaryEvent",
        ),
        ("<madeUpThing id='x'/>", "madeUpThing"),
    ];
    for (element, what) in cases {
        let told = faults_of(&[
            start_event("s"),
            user("t"),
            end_event("e"),
            flow("f", "s", "t"),
            flow("g", "t", "e"),
            element.to_owned(),
        ]);
        assert_eq!(told, format!("7 x: {what} is not executable yet\n"));
    }
    let inside = [
        (
            "<multiInstanceLoopCharacteristics/>",
            "multiInstanceLoopCharacteristics",
        ),
        ("<ioSpecification/>", "ioSpecification"),
    ];
    for (child, what) in inside {
        let task = user("t").replace("/>", &format!(">{child}</userTask>"));
        let told = faults_of(&[
            start_event("s"),
            task,
            end_event("e"),
            flow("f", "s", "t"),
            flow("g", "t", "e"),
        ]);
        assert_eq!(told, format!("3 t: {what} is not executable yet\n"));
    }
}

#[test]
fn a_split_without_gateway_and_a_condition_on_it_are_not_executed() {
    let told = faults_of(&[
        start_event("s"),
        user("t"),
        end_event("e"),
        flow("f", "s", "t"),
        flow("g", "t", "e"),
        flow_if("h", "t", "e", "true"),
    ]);
    assert_eq!(
        told,
        "3 t: 2 × sequenceFlow is not executable yet\n7 h: conditionExpression is not executable yet\n"
    );
}

#[test]
fn conditions_of_a_gateway_that_is_not_executed_are_read_all_the_same() {
    let told = faults_of(&[
        start_event("s"),
        "<inclusiveGateway id='i'/>".to_owned(),
        end_event("e"),
        flow("f", "s", "i"),
        flow_if("g", "i", "e", "x > 1"),
        flow_if("h", "i", "e", "x >"),
    ]);
    assert!(
        told.starts_with("3 i: inclusiveGateway is not executable yet\n7 h: the condition is not")
    );
    assert_eq!(told.lines().count(), 2, "{told}");
}

#[test]
fn a_condition_in_another_language_is_not_executed() {
    let foreign = LICENCE.replace(
        "\"bpmn:tFormalExpression\"",
        "\"bpmn:tFormalExpression\" language=\"http://www.w3.org/1999/XPath\"",
    );
    assert_eq!(faults(&foreign).lines().count(), 2);
    let feel = LICENCE.replace(
        "\"bpmn:tFormalExpression\"",
        "\"bpmn:tFormalExpression\" language=\"https://www.omg.org/spec/DMN/20191111/FEEL/\"",
    );
    assert!(Definition::read(&feel).is_ok());
}

#[test]
fn a_loop_needs_a_node_that_waits() {
    let elements = |middle: String| {
        [
            start_event("s"),
            gateway("a"),
            middle,
            gateway_or("c", "out"),
            end_event("e"),
            flow("f", "s", "a"),
            flow("g", "a", "b"),
            flow("h", "b", "c"),
            flow_if("again", "c", "a", "x = 1"),
            flow("out", "c", "e"),
        ]
    };
    assert_eq!(
        faults_of(&elements(gateway("b"))),
        "3 a: this loop passes no node that waits: a, b, c\n"
    );
    assert!(Definition::read(&model(&elements(user("b")))).is_ok());
    assert!(Definition::read(&model(&elements(service("b")))).is_ok());
}

#[test]
fn start_and_end_stand_at_the_ends() {
    let told = faults_of(&[
        start_event("s"),
        user("t"),
        end_event("e"),
        flow("f", "s", "t"),
        flow("g", "t", "e"),
        flow("h", "e", "s"),
    ]);
    assert_eq!(
        told,
        "2 s: flow h enters a start event\n4 e: flow h leaves an end event\n"
    );
    assert_eq!(faults_of(&[]), "1 P: there is no start event\n");
    assert!(faults_of(&[start_event("s")]).contains("2 s: no end event can be reached"));
}

#[test]
fn who_is_excluded_must_have_been_there_before() {
    let told = faults_of(&[
        start_event("s"),
        user("t").replace("/>", " y:exclude='t later s nobody'/>"),
        user("later").replace("/>", " y:exclude='t'/>"),
        end_event("e"),
        flow("f", "s", "t"),
        flow("g", "t", "later"),
        flow("h", "later", "e"),
    ]);
    let named: Vec<_> = ["t", "later", "s", "nobody"]
        .map(|id| format!("3 t: yici:exclude names {id}, which is not an earlier user task\n"))
        .into();
    assert_eq!(told, named.concat());
}

#[test]
fn our_attributes_do_not_hide_where_nobody_reads_them() {
    let told = faults_of(&[
        start_event("s").replace("/>", " y:stage='intake'/>"),
        user("t").replace(
            "/>",
            " y:service='x'><extensionElements><y:form/></extensionElements></userTask>",
        ),
        end_event("e"),
        flow("f", "s", "t").replace("/>", " y:people='2'/>"),
        flow("g", "t", "e"),
    ]);
    let unknown = "is unknown or does not belong here";
    assert_eq!(
        told,
        format!(
            "2 s: yici:stage {unknown}\n3 t: yici:service {unknown}\n3 t: yici:form {unknown}\n5 f: yici:people {unknown}\n"
        )
    );
    let values = user("t")
        .replace("case.review", "case.rob")
        .replace("/>", " y:org='Big Hall' y:post='审查'/>");
    let told = faults_of(&[
        start_event("s"),
        values,
        end_event("e"),
        flow("f", "s", "t"),
        flow("g", "t", "e"),
    ]);
    assert_eq!(told.lines().count(), 3, "{told}");
}

#[test]
fn bad_files_are_refused_with_one_clear_fault() {
    let one = |xml: &str| {
        let mut faults = Definition::read(xml).unwrap_err();
        assert_eq!(faults.len(), 1);
        (faults[0].line, faults.remove(0).kind)
    };
    let large = format!("<a>{}</a>", " ".repeat(limits::XML_BYTES_MAX));
    assert!(matches!(one(&large), (1, FaultKind::TooLarge { .. })));
    assert!(matches!(
        one(&"<a>\n".repeat(65)),
        (65, FaultKind::TooDeep { .. })
    ));
    let many = format!("<a>{}</a>", "<b/>".repeat(limits::XML_ELEMENTS_MAX));
    assert!(matches!(one(&many), (1, FaultKind::TooManyElements { .. })));
    let names = 0..=limits::XML_ATTRIBUTES_MAX;
    let wide = names.fold(String::new(), |wide, n| format!("{wide} a{n}=''"));
    assert!(matches!(
        one(&format!("<a{wide}/>")),
        (1, FaultKind::TooManyAttributes { .. })
    ));
    let laughs = "<!DOCTYPE a [<!ENTITY b \"ha\"><!ENTITY c \"&b;&b;\">]>\n<a>&c;</a>";
    assert_eq!(one(laughs), (1, FaultKind::Doctype));
    assert_eq!(one("<a/>"), (1, FaultKind::NotBpmn));
    for broken in [
        "",
        "text",
        "<a>",
        "<a></b>",
        "</a>",
        "<a/><b/>",
        "<a/>text",
        "<a>&c;</a>",
        "<p:a/>",
        "<a p:b=''/>",
        "<a b='' b=''/>",
        "<a b=c/>",
        "<a b='&c;'/>",
        "<a",
        "<a>&#0;</a>",
    ] {
        assert!(
            matches!(one(broken), (1, FaultKind::NotXml { .. })),
            "{broken}"
        );
    }
    let crowd: Vec<_> = (0..=limits::NODES_MAX)
        .map(|n| gateway(&format!("g{n}")))
        .collect();
    assert!(matches!(
        one(&model(&crowd)),
        (1, FaultKind::TooManyNodes { .. })
    ));
}

#[test]
fn faults_have_words_in_both_languages() {
    let fault = FaultKind::NotExecutable {
        what: "callActivity".to_owned(),
    };
    assert_eq!(fault.words(Lang::Zh), "callActivity 暂不能执行");
    assert_eq!(fault.words(Lang::En), "callActivity is not executable yet");
}

#[test]
fn a_definition_is_shared_between_threads() {
    fn shared<T: Send + Sync>() {}
    shared::<Definition>();
}

#[test]
fn what_is_missing_at_the_end_is_told_at_the_last_line() {
    for (xml, line) in [("<a>\n<b>\n", 2), ("<a>\n<b>", 2), ("<a>\n\n", 2)] {
        let faults = Definition::read(xml).unwrap_err();
        assert_eq!(faults[0].line, line, "{xml:?}");
    }
}
