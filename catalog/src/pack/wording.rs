//! Rating labels, holiday notices, message templates, and the description of the population.

use calendar::Calendar;
use kernel::item::Words;
use serde::Deserialize;

use crate::calculator::words::places;

use super::{
    RatingLabel, Template, agency::source, fault::Faults, read::Files, source::Source, tsv::lines,
};

const LABELS: &str = "rating-labels.tsv";
const HOLIDAYS: &str = "holidays.tsv";
const POPULATION: &str = "population.toml";
const TEMPLATES: &str = "templates/messages.toml";

/// The kinds of events that citizens hear about.
const TOLD: [&str; 20] = [
    "case.submitted",
    "case.pre_returned",
    "case.received",
    "case.accepted",
    "case.not_accepted",
    "case.not_required",
    "case.correction_noticed",
    "case.clock_recomputed",
    "case.lapsed",
    "case.granted",
    "case.denied",
    "case.ready",
    "case.delivered",
    "case.withdrawn",
    "case.other_party_notified",
    "case.other_party_decided",
    "case.other_party_released",
    "rating.invited",
    "roster.checked",
    "roster.finished",
];
/// The places a template may have.
const PLACES: [&str; 8] = [
    "item", "case_no", "date", "limit", "bureau", "reason", "count", "failed",
];

pub(super) fn rating_labels(files: &Files, faults: &mut Faults) -> Vec<RatingLabel> {
    let columns = [
        "star",
        "level_zh",
        "gbt39046_code",
        "label_code",
        "label_zh",
        "label_en",
        "core",
    ];
    let mut labels: Vec<RatingLabel> = Vec::new();
    for line in lines(files, LABELS, &columns, faults) {
        let stars: u8 = line.value("star", faults).unwrap_or_default();
        if !(1..=5).contains(&stars) {
            line.fault(faults, "`star` is 1 to 5");
        }
        let code = line.filled("label_code", faults).to_owned();
        if labels.iter().any(|label| label.code == code) {
            line.fault(faults, format!("the label {code} stands in the file twice"));
        }
        labels.push(RatingLabel {
            stars,
            level: line.filled("level_zh", faults).to_owned(),
            standard_code: line.filled("gbt39046_code", faults).to_owned(),
            code,
            text: Words {
                zh: line.filled("label_zh", faults).to_owned(),
                en: line.filled("label_en", faults).to_owned(),
            },
            core: line.text("core") == "1",
        });
    }
    for stars in 1..=5 {
        if labels.iter().all(|label| label.stars != stars) {
            faults.add(LABELS, None, format!("there is no label for {stars} stars"));
        }
    }
    labels
}

pub(super) fn holidays(files: &Files, faults: &mut Faults) -> String {
    let Some(text) = files.get(HOLIDAYS) else {
        faults.add(HOLIDAYS, None, "the file is missing");
        return String::new();
    };
    if let Err(found) = Calendar::read(1, text) {
        for fault in found.0 {
            faults.add(HOLIDAYS, fault.line, fault.kind.to_string());
        }
    }
    text.to_owned()
}

pub(super) fn population(files: &Files, faults: &mut Faults) -> String {
    let Some(text) = files.get(POPULATION) else {
        faults.add(POPULATION, None, "the file is missing");
        return String::new();
    };
    Source::parse(POPULATION, text, faults);
    text.to_owned()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TemplatesFile {
    template: Vec<Template>,
}

pub(super) fn templates(files: &Files, faults: &mut Faults) -> Vec<Template> {
    let Some(source) = source(files, TEMPLATES, faults) else {
        return Vec::new();
    };
    let Some(TemplatesFile { template }) = source.read(faults) else {
        return Vec::new();
    };
    for (at, one) in template.iter().enumerate() {
        let line = source.line(&format!("template/{at}/id"));
        if !TOLD.contains(&one.id.as_str()) {
            let message = format!("nobody is told about `{}`", one.id);
            faults.add(TEMPLATES, line, message);
        }
        if template.iter().take(at).any(|other| other.id == one.id) {
            faults.add(TEMPLATES, line, "another template has this id");
        }
        for (part, words) in [
            ("title", &one.title),
            ("body", &one.body),
            ("sms", &one.sms),
        ] {
            for place in places(words) {
                if !PLACES.contains(&place) {
                    let line = source.line(&format!("template/{at}/{part}"));
                    faults.add(TEMPLATES, line, format!("there is no place {{{place}}}"));
                }
            }
        }
    }
    for id in TOLD {
        if template.iter().all(|one| one.id != id) {
            faults.add(TEMPLATES, None, format!("the template `{id}` is missing"));
        }
    }
    template
}
