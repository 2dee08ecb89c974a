//! Examples name people, enterprises, staff, fields, materials and grounds that exist.

use serde_json::Value;

use crate::pack::{
    Example, ExampleAct, Item, Pack, Person, agency::source, fault::Faults, items::path,
    read::Files, source::Source,
};

const OUTCOMES: [&str; 2] = ["granted", "denied"];
const CHANNELS: [&str; 2] = ["online", "window"];
const VERBS: [&str; 17] = [
    "submit",
    "insist",
    "pre_return",
    "pre_pass",
    "accept",
    "correct",
    "supply",
    "review",
    "site_check",
    "confirm_site_check",
    "decide",
    "make",
    "hand_out",
    "withdraw",
    "confirm_notice",
    "answer",
    "serve_paper",
];
/// Who acts besides staff.
const PARTIES: [&str; 2] = ["applicant", "other_party"];
const STATES: [&str; 19] = [
    "DRAFT",
    "SUBMITTED",
    "PRE_RETURNED",
    "PRE_PASSED",
    "RECEIVED",
    "CORRECTING",
    "CORRECTED",
    "ACCEPTED",
    "NOT_ACCEPTED",
    "NOT_REQUIRED",
    "REVIEWING",
    "DECIDING",
    "GRANTED",
    "DENIED",
    "MAKING",
    "READY",
    "DELIVERED",
    "WITHDRAWN",
    "LAPSED",
];

struct Story<'a, 't> {
    pack: &'a Pack,
    item: &'a Item,
    keys: &'a [String],
    source: &'a Source<'t>,
}

pub(super) fn check(
    files: &Files,
    pack: &Pack,
    item: &Item,
    (name, example): (&str, &Example),
    keys: &[String],
    faults: &mut Faults,
) {
    let file = path(item.facts.code.as_str(), &format!("examples/{name}.toml"));
    let Some(source) = source(files, &file, faults) else {
        return;
    };
    let story = Story {
        pack,
        item,
        keys,
        source: &source,
    };
    story.one_of("expect", &example.expect, &OUTCOMES, faults);
    story.one_of("channel", &example.channel, &CHANNELS, faults);
    let told = if name == "denied" {
        "denied"
    } else {
        "granted"
    };
    if example.expect != told {
        story.fault(faults, "expect", format!("this example is `{told}`"));
    }
    if name == "corrected" && example.act.iter().all(|act| act.verb != "correct") {
        story.fault(faults, "act", "nothing is corrected in this example");
    }
    story.applicant(example, faults);
    story.fields("form", example.form.keys(), faults);
    story.materials(
        "materials",
        example.materials.iter().map(String::as_str),
        faults,
    );
    if example.act.is_empty() {
        story.fault(faults, "act", "nothing happens in this example");
    }
    story.other_party(example, faults);
    for (at, act) in example.act.iter().enumerate() {
        story.act(&format!("act/{at}"), act, faults);
    }
}

impl Story<'_, '_> {
    fn fault(&self, faults: &mut Faults, path: &str, message: impl Into<String>) {
        faults.add(self.source.file, self.source.line(path), message);
    }

    fn one_of(&self, path: &str, text: &str, known: &[&str], faults: &mut Faults) {
        if !known.contains(&text) {
            let message = format!("`{text}` is not one of {}", known.join(", "));
            self.fault(faults, path, message);
        }
    }

    fn applicant(&self, example: &Example, faults: &mut Faults) {
        let mut people = self.pack.people.iter();
        let Some(person) = people.find(|person| person.number.reveal() == example.applicant) else {
            return self.fault(faults, "applicant", "nobody in people.tsv has this number");
        };
        let Some(code) = &example.employer else {
            return;
        };
        if person.agent_of.iter().all(|of| of.as_str() != code) {
            self.fault(faults, "employer", "the applicant is not its agent");
        }
    }

    fn other_party(&self, example: &Example, faults: &mut Faults) {
        let acts = example.act.iter().any(|act| act.by == PARTIES[1]);
        let Some(number) = &example.other_party else {
            if acts {
                self.fault(
                    faults,
                    "act",
                    "`other_party` says who acts for the other party",
                );
            }
            return;
        };
        let known = |person: &&Person| person.number.reveal() == number;
        if self.pack.people.iter().find(known).is_none() {
            self.fault(
                faults,
                "other_party",
                "nobody in people.tsv has this number",
            );
        }
    }

    fn fields<'k>(&self, path: &str, keys: impl Iterator<Item = &'k String>, faults: &mut Faults) {
        // A form that does not load is told at its own file.
        for key in keys.filter(|key| !self.keys.is_empty() && !self.keys.contains(key)) {
            let path = format!("{path}/{key}");
            self.fault(faults, &path, format!("the form has no field `{key}`"));
        }
    }

    fn materials<'m>(&self, path: &str, ids: impl Iterator<Item = &'m str>, faults: &mut Faults) {
        for (at, id) in ids.enumerate() {
            if self
                .item
                .facts
                .materials
                .iter()
                .all(|material| material.id != id)
            {
                let path = format!("{path}/{at}");
                self.fault(faults, &path, format!("the item lists no material `{id}`"));
            }
        }
    }

    fn act(&self, path: &str, act: &ExampleAct, faults: &mut Faults) {
        let at = |part: &str| format!("{path}/{part}");
        self.one_of(&at("do"), &act.verb, &VERBS, faults);
        self.one_of(&at("state"), &act.state, &STATES, faults);
        let known = self
            .pack
            .staff
            .iter()
            .any(|member| member.account == act.by);
        if !PARTIES.contains(&act.by.as_str()) && !known {
            self.fault(
                faults,
                &at("by"),
                format!("there is no account `{}`", act.by),
            );
        }
        if let Some(ground) = act.body.get("ground").and_then(Value::as_str)
            && self
                .item
                .facts
                .grounds
                .iter()
                .all(|known| known.id != ground)
        {
            self.fault(
                faults,
                &at("ground"),
                format!("there is no ground `{ground}`"),
            );
        }
        if let Some(form) = act.body.get("form").and_then(Value::as_object) {
            self.fields(&at("form"), form.keys(), faults);
        }
        // What the other party brings is on no list.
        if act.by != PARTIES[1] {
            let supplied = list(act.body.get("materials"));
            self.materials(&at("materials"), supplied.filter_map(Value::as_str), faults);
        }
        for (number, line) in list(act.body.get("lines")).enumerate() {
            let path = at(&format!("lines/{number}"));
            let material = line.get("material").and_then(Value::as_str);
            self.materials(&path, material.into_iter(), faults);
            let field = line
                .get("field")
                .and_then(Value::as_str)
                .map(ToOwned::to_owned);
            self.fields(&path, field.iter(), faults);
        }
    }
}

fn list(value: Option<&Value>) -> impl Iterator<Item = &Value> {
    value.and_then(Value::as_array).into_iter().flatten()
}
