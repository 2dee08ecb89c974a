//! The demo city passes; each thing that can be wrong is told with its file and line.

use std::path::Path;

use serde_json::json;

use super::*;

fn yunchuan() -> Files {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../packs/yunchuan");
    Files::read(&folder).unwrap()
}

/// The faults of the demo city after one change of one file, as lines of text.
fn faults_after(file: &str, from: &str, to: &str) -> Vec<String> {
    let mut files = yunchuan();
    // Only the item that is changed is checked: the others cost time and change nothing.
    let item = match file.strip_prefix("kinds/") {
        Some(_) => "items/SB-072".to_owned(),
        None => file.split('/').take(2).collect::<Vec<_>>().join("/"),
    };
    files
        .0
        .retain(|path, _| !path.starts_with("items/") || path.starts_with(&item));
    let text = files.0.get_mut(file).unwrap();
    assert!(text.contains(from), "{file} has no {from}");
    *text = text.replacen(from, to, 1);
    match Pack::check(&files) {
        Ok(_) => Vec::new(),
        Err(faults) => faults.iter().map(ToString::to_string).collect(),
    }
}

/// Exactly one fault, at the line where the change was made, that says this.
fn told(file: &str, from: &str, to: &str, message: &str) {
    let text = yunchuan().0.get(file).unwrap().clone();
    let place = text
        .find(from)
        .unwrap_or_else(|| panic!("{file} has no {from}"));
    let line = text[..place].matches('\n').count() + 1;
    let faults = faults_after(file, from, to);
    let start = format!("{file}:{line}: ");
    let fits = |fault: &String| fault.starts_with(&start) && fault.contains(message);
    assert!(
        faults.iter().any(fits),
        "{start}…{message}… is not in {faults:#?}"
    );
}

#[test]
fn the_demo_city_is_free_of_faults() {
    let pack = match Pack::check(&yunchuan()) {
        Ok(pack) => pack,
        Err(faults) => {
            let faults: Vec<String> = faults.iter().map(ToString::to_string).collect();
            panic!("{}", faults.join("\n"))
        }
    };
    let (general, complete): (Vec<&Item>, Vec<&Item>) = pack
        .items
        .iter()
        .partition(|item| item.facts.general.is_some());
    let codes: Vec<&str> = complete
        .iter()
        .map(|item| item.facts.code.as_str())
        .collect();
    assert_eq!(
        codes,
        [
            "JY-009", "JY-031", "LD-001", "LD-008", "SB-003", "SB-005", "SB-033", "SB-047",
            "SB-062", "SB-063", "SB-084", "SK-001"
        ]
    );
    assert_eq!(complete.len() + general.len(), 237);
    assert_eq!(pack.city.code.to_string(), "180100");
    assert!(complete.iter().all(|item| item.examples.len() == 3));
    // What an item does not say yet is a gap of its own, never one of a complete item.
    let told = |item: &&Item| {
        pack.gaps
            .iter()
            .any(|gap| gap.file.contains(item.facts.code.as_str()))
    };
    assert!(general.iter().all(told) && !complete.iter().any(told));
    let person = &pack.people[0];
    let facts = &pack.person_registers[&person.number];
    assert_eq!(facts["population"]["name"], json!(person.name.reveal()));
    assert!(facts["insurance"]["unemployment_months"].is_u64());
    let employer = &pack.employers[0];
    assert_eq!(
        pack.employer_registers[&employer.code]["licence"],
        json!({ "dispatch": null })
    );
}

#[test]
fn a_general_item_takes_what_its_kind_says() {
    let files = yunchuan();
    let pack = Pack::check(&files).unwrap();
    let item = |code: &str| {
        let mut items = pack.items.iter();
        items.find(|item| item.facts.code.as_str() == code).unwrap()
    };
    let device = item("SB-072");
    assert_eq!(device.facts.general.as_deref(), Some("twice_reviewed"));
    assert_eq!(device.facts.steps.len(), 6);
    assert_eq!(device.facts.limits.acceptance.n, 5);
    assert_eq!(device.facts.limits.statutory.unwrap().n, 20);
    // Places in shared words are filled with the item's own.
    assert_eq!(
        device.facts.grounds[1].reason.zh,
        "不符合“辅助器具配置（更换）费用申报”的办理条件"
    );
    assert_eq!(device.facts.grounds[0].basis, device.facts.basis.join("；"));
    // The flow is the kind's, with the organisation that handles the item.
    assert!(device.flow.contains(r#"yici:stage="second_review" yici:permission="case.review" yici:post="reviewer" yici:org="insurance/injury""#));
    assert!(item("LD-002").flow.contains(r#"yici:stage="make""#));
    assert_eq!(device.form, item("SK-010").form);
    assert!(!pack.items.iter().any(|item| item.flow.contains('{')));
}

#[test]
fn faults_of_kinds_and_of_facts_are_told() {
    told(
        "items/SK-010/item.toml",
        "general = \"instant\"",
        "general = \"at_once\"",
        "no kind `at_once`",
    );
    told(
        "items/SB-062/item.toml",
        "depth = 3",
        "depth = 4",
        "needs no visit",
    );
    told("items/SB-062/item.toml", "depth = 3", "depth = 5", "1 to 4");
    told(
        "items/SB-062/item.toml",
        "bundles = [8]",
        "bundles = [11]",
        "1 to 10",
    );
    told(
        "items/SB-062/item.toml",
        "n = 21, unit = \"cd\"",
        "n = 61, unit = \"cd\"",
        "after the statutory limit",
    );
    told(
        "items/SK-010/item.toml",
        "handled_by = \"cards\"",
        "handled_by = \"card\"",
        "no organisation",
    );
    let unwritten = faults_after("kinds/general.toml", "phone = \"12333\"", "");
    assert!(
        unwritten
            .iter()
            .any(|fault| fault.contains("missing field `phone`")),
        "{unwritten:#?}"
    );
}

#[test]
fn a_life_event_leads_to_pages_that_there_are() {
    told(
        "life-events.toml",
        "path = \"/calculators/retirement\"",
        "path = \"/calculators/pension\"",
        "search/pages.tsv has no page /calculators/pension",
    );
}

#[test]
fn another_party_is_found_by_the_form_and_shown_what_is_its_business() {
    let of = |from: &str, to: &str, message: &str| {
        told("items/SB-062/item.toml", from, to, message);
    };
    let numbers = "number_fields = [\"employer_code\"]";
    of(
        numbers,
        "number_fields = [\"employer_name\"]",
        "credit_code",
    );
    of(numbers, "number_fields = []", "a number is needed");
    let names = "\"relative_name\", \"worker_name\"]";
    of(names, "\"relative_name\", \"worker\"]", "no field `worker`");
    let shown = "shows = [\"applied_by\", ";
    of(
        shown,
        "shows = [\"contact_mobile\", ",
        "nobody else's business",
    );
    of(shown, "shows = [\"bank\", ", "no field `bank`");
    of(
        "answer = { n = 10",
        "answer = { n = 30",
        "before the result is due",
    );
    of(
        "registers = [\"enterprise\"]",
        "registers = [\"firm\"]",
        "no register",
    );
}

#[test]
fn all_faults_are_told_at_once_in_the_order_of_files() {
    let mut files = yunchuan();
    files.0.remove("staff.tsv");
    files.0.remove("items/SB-084/flow.bpmn");
    files
        .0
        .insert("posts.toml".to_owned(), "post = [".to_owned());
    let faults = Pack::check(&files).err().unwrap();
    let found: Vec<&str> = faults.iter().map(|fault| fault.file.as_str()).collect();
    for file in ["staff.tsv", "items/SB-084/flow.bpmn", "posts.toml"] {
        assert!(found.contains(&file), "{found:?}");
    }
    assert!(found.is_sorted());
}

#[test]
fn a_calculator_gives_what_its_vectors_say() {
    let (folder, words) = (
        "calculators/retirement",
        "calculators/retirement/calculator.toml",
    );
    let (vectors, rules) = (
        format!("{folder}/vectors.tsv"),
        format!("{folder}/rules.dmn"),
    );
    told(
        &vectors,
        "M60\t1\t721\t2025-05",
        "M60\t2\t721\t2025-05",
        "`delay_months` is 1, not 2",
    );
    told(&vectors, "1965-05-01", "1965-05-41", "/form/birth");
    told(
        &vectors,
        "legal_day",
        "last_day",
        "neither a field nor a fact",
    );
    // Rules that count wrongly are told at each vector that shows it.
    let wrong = faults_after(&rules, "<text>4</text>", "<text>5</text>");
    let shown = |fault: &&String| fault.starts_with(&vectors) && fault.contains("delay_months");
    assert!(wrong.iter().filter(shown).count() > 3, "{wrong:#?}");
    told(
        words,
        "fact = \"legal_day\"",
        "fact = \"lawful_day\"",
        "no fact `lawful_day`",
    );
    told(
        words,
        "early_months_most > 0",
        "early_months_least > 0",
        "no fact `early_months_least`",
    );
    told(
        words,
        "delay_months = 0",
        "delay_months =",
        "something is missing",
    );
    told(
        words,
        "您 {legal_month}可以",
        "您 {year}可以",
        "no line shows the fact `year`",
    );
    told(
        words,
        "id = \"retirement\"",
        "id = \"pension\"",
        "folder is called retirement",
    );
    let missing = faults_after(&rules, "name=\"result\"", "name=\"found\"");
    assert!(
        missing
            .iter()
            .any(|fault| fault.contains("no decision `result`")),
        "{missing:#?}"
    );
}

#[test]
fn a_derived_register_fits_its_calculator_and_the_registers_before_it() {
    let file = "items/SB-033/item.toml";
    told(
        file,
        "calculator = \"retirement\"",
        "calculator = \"retired\"",
        "no calculator `retired`",
    );
    told(
        file,
        "birth = \"population.birth\"",
        "born = \"population.birth\"",
        "no field `born`",
    );
    told(
        file,
        "birth = \"population.birth\"",
        "birth = \"people.birth\"",
        "people",
    );
    told(
        file,
        "[derived.retirement.inputs]",
        "[derived.insurance.inputs]",
        "calculator",
    );
    let early = faults_after(
        file,
        "[\"population\", \"pension\", \"benefit\", \"card\", \"retirement\"]",
        "[\"population\", \"retirement\", \"pension\", \"benefit\", \"card\"]",
    );
    assert!(
        early.iter().any(|fault| fault.contains("pension")),
        "{early:#?}"
    );
    let unlisted = faults_after(file, ", \"retirement\"]", "]");
    assert!(
        unlisted
            .iter()
            .any(|fault| fault.contains("`registers` does not list `retirement`")),
        "{unlisted:#?}"
    );
}

#[test]
fn people_and_posts_must_exist_and_fit() {
    told(
        "posts.toml",
        "\"job.manage\"",
        "\"job.mange\"",
        "permission `job.mange`",
    );
    told(
        "posts.toml",
        "\"staff.manage\"",
        "\"public\"",
        "no post can carry",
    );
    told(
        "staff.tsv",
        "reviewer;reviewer@180102/insurance",
        "reviewer;decider",
        "one person",
    );
    told(
        "staff.tsv",
        "180100/delivery\tdelivery",
        "180100/delivry\tdelivery",
        "no organisation",
    );
    told(
        "staff.tsv",
        "180102198603270564",
        "180102198603270565",
        "citizen_no",
    );
    told(
        "people.tsv",
        "180103198508230050\t陈志强",
        "180103198508230050\t陈自强",
        "population",
    );
    told("people.tsv", "13800000002", "13800000001", "mobile");
    told(
        "employers.tsv",
        "91180102MA0000111A",
        "91180102MA0000111B",
        "code",
    );
    told(
        "employers.tsv",
        "\t180102198706160341\t",
        "\t\t",
        "`agents`",
    );
    told(
        "organisations.tsv",
        "180100/labour",
        "180109/labour",
        "not a division",
    );
    told(
        "registers/insurance.tsv",
        "\t76\t",
        "\tmany\t",
        "unemployment_months",
    );
}

#[test]
fn the_rules_for_guides_are_kept() {
    let item = "items/SB-084/item.toml";
    told(
        item,
        "promised = { n = 1, unit",
        "promised = { n = 11, unit",
        "promise may end after",
    );
    told(
        item,
        "promised = { n = 1, unit = \"wd\" }",
        "promised = { n = 1, unit = \"mon\" }",
        "promise",
    );
    told(
        item,
        "complaint_phone = \"12345\"",
        "complaint_phone = \"12333\"",
        "different telephones",
    );
    told(
        item,
        "register = \"population\"",
        "register = \"police\"",
        "police",
    );
    told(
        item,
        "失业登记凭证\", en",
        "其他材料\", en",
        "leaves the list open",
    );
    told(
        item,
        "basis = \"社会保险法第四十五条\"",
        "files_max = 0\nbasis = \"社会保险法第四十五条\"",
        "1 to 20 files",
    );
    told(
        item,
        "basis = \"社会保险法第四十五条\"",
        "basis = \"本局规定\"",
        "article",
    );
    told(
        item,
        "en = \"Unemployment benefit claim\"",
        "en = \"\"",
        "`en` is missing",
    );
    told(
        item,
        "handled_by = \"insurance/unemployment\"",
        "handled_by = \"nowhere\"",
        "180100/nowhere",
    );
    let licence = "items/LD-001/item.toml";
    let promise = faults_after(
        "items/JY-009/item.toml",
        "statutory_basis",
        "promised = { n = 1, unit = \"wd\" }\nstatutory_basis",
    );
    assert!(
        promise[0].contains("instant item promises no time"),
        "{promise:?}"
    );
    told(
        licence,
        "register = \"enterprise\"",
        "register = \"card\"",
        "does not ask the register",
    );
    told(
        "items/JY-009/item.toml",
        "'leaving_reason != ",
        "'leaving_reson != ",
        "needed_when",
    );
}

#[test]
fn a_promise_in_another_unit_is_compared_on_the_calendar() {
    // One working day lasts nine calendar days where a week of holidays lies in between; thirty
    // calendar days are always longer, and nine are never longer than ten working days.
    let item = "items/SB-084/item.toml";
    let files = |n: u32| {
        faults_after(
            item,
            "statutory = { n = 10, unit = \"wd\" }\n",
            &format!("statutory = {{ n = {n}, unit = \"cd\" }}\n"),
        )
    };
    assert!(files(30).is_empty());
    let short = faults_after(
        item,
        "promised = { n = 1, unit = \"wd\" }",
        "promised = { n = 9, unit = \"cd\" }",
    );
    assert!(short.is_empty(), "{short:?}");
    let long = faults_after(
        item,
        "promised = { n = 1, unit = \"wd\" }",
        "promised = { n = 1, unit = \"mon\" }",
    );
    assert!(long[0].contains("promise may end after"), "{long:?}");
}

#[test]
fn forms_rules_flows_and_examples_are_cross_checked() {
    told(
        "items/JY-009/flow.bpmn",
        "<bpmn:userTask id=\"review\"",
        "<bpmn:userTask yici:x=\"1\" id=\"review\"",
        "yici:x",
    );
    told(
        "items/SB-084/flow.bpmn",
        "yici:decision=\"outcome\"",
        "yici:decision=\"other\"",
        "no decision `other`",
    );
    told(
        "items/LD-001/flow.bpmn",
        "yici:service=\"issue_result\"",
        "yici:service=\"mail\"",
        "no service `mail`",
    );
    told(
        "items/LD-001/flow.bpmn",
        "yici:post=\"reviewer\"",
        "yici:post=\"intake\"",
        "has no permission",
    );
    told(
        "items/LD-001/flow.bpmn",
        "yici:people=\"2\"",
        "yici:people=\"9\"",
        "fewer than 9",
    );
    told(
        "items/LD-001/flow.bpmn",
        "yici:org=\"labour\"",
        "yici:org=\"labor\"",
        "180100/labor",
    );
    told(
        "items/JY-009/form.json",
        "\"population.name\"",
        "\"population.name +\"",
        "prefill",
    );
    let rules = faults_after(
        "items/JY-009/rules.dmn",
        "name=\"outcome\"",
        "name=\"result\"",
    );
    assert!(
        rules
            .iter()
            .any(|fault| fault.contains("decision `outcome`")),
        "{rules:?}"
    );
    let story = "items/LD-001/examples/granted.toml";
    told(story, "by = \"sunyan\"", "by = \"sunyang\"", "no account");
    told(story, "state = \"MAKING\"", "state = \"MADE\"", "MADE");
    told(story, "\"m6\"", "\"m9\"", "no material `m9`");
    told(
        story,
        "premises_area",
        "premises_size",
        "no field `premises_size`",
    );
    told(
        story,
        "expect = \"granted\"",
        "expect = \"denied\"",
        "`granted`",
    );
    told(
        story,
        "employer = \"91180102MA0000162J\"",
        "employer = \"91180103MA0000170U\"",
        "not its agent",
    );
    told(
        story,
        "applicant = \"180102198706160341\"",
        "applicant = \"180102198706160342\"",
        "nobody in people.tsv",
    );
    told(
        "templates/messages.toml",
        "编号 {case_no}",
        "编号 {number}",
        "no place {number}",
    );
    told("rating-labels.tsv", "\t511\t", "\t510\t", "twice");
    told(
        "holidays.tsv",
        "2020-01-01\toff",
        "2020-01-01\tfree",
        "off or work",
    );
}

#[test]
fn a_folder_that_is_not_there_is_a_fault() {
    let faults = Files::read(Path::new("/nonexistent/pack")).unwrap_err();
    assert_eq!(faults.len(), 1);
    assert!(faults[0].message.contains("cannot be read"));
}
