//! What a pack says beside its items. Each file may be absent. What it says of an item that the pack
//! does not have is a gap and left out.

use std::collections::{BTreeMap, BTreeSet};

use kernel::item::ItemCode;
use rules::Expression;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{agency::source, fault::Faults, read::Files, source::Source, tsv::lines};
use crate::{
    calculator::CalculatorText,
    sheets::{
        CALCULATORS, ELSEWHERE, Elsewhere, Everyday, HALLS, Hall, LIFE_EVENTS, LifeEvent, OwnPage,
        PAGES, TOPICS, Topic, WORDS,
    },
};

pub(super) const WORDS_FILE: &str = "search/words.tsv";
pub(super) const EVENTS_FILE: &str = "life-events.toml";
pub(super) const TOPICS_FILE: &str = "topics.toml";
pub(super) const HALLS_FILE: &str = "halls.tsv";
pub(super) const ELSEWHERE_FILE: &str = "search/elsewhere.tsv";

pub(super) const PAGES_FILE: &str = "search/pages.tsv";

pub(super) const WORDS_COLUMNS: [&str; 4] = ["item", "words", "asked", "english"];
pub(super) const ELSEWHERE_COLUMNS: [&str; 8] = [
    "matter_zh",
    "matter_en",
    "words",
    "body_zh",
    "body_en",
    "how_zh",
    "how_en",
    "phone",
];
pub(super) const PAGES_COLUMNS: [&str; 6] = [
    "path", "title_zh", "title_en", "lead_zh", "lead_en", "words",
];
pub(super) const HALLS_COLUMNS: [&str; 10] = [
    "id",
    "name_zh",
    "name_en",
    "address_zh",
    "address_en",
    "hours_zh",
    "hours_en",
    "phone",
    "travel_zh",
    "travel_en",
];

/// All sheets by name.
pub(super) fn sheets(
    files: &Files,
    calculators: &[CalculatorText],
    faults: &mut Faults,
) -> BTreeMap<String, Value> {
    let folders = files.0.keys();
    let folders = folders.filter_map(|path| path.strip_prefix("items/")?.split('/').next());
    let items: BTreeSet<ItemCode> = folders.filter_map(|code| code.parse().ok()).collect();
    let pages = pages(files, faults);
    let found = [
        (WORDS, sheet(everyday(files, &items, faults))),
        (
            LIFE_EVENTS,
            sheet(life_events(files, &items, &pages, faults)),
        ),
        (TOPICS, sheet(topics(files, &items, faults))),
        (HALLS, sheet(halls(files, faults))),
        (ELSEWHERE, sheet(elsewhere(files, faults))),
        (PAGES, sheet(pages)),
        (CALCULATORS, sheet(calculators.to_vec())),
    ];
    let there = found.into_iter();
    let there = there.filter_map(|(name, content)| Some((name.to_owned(), content?)));
    there.collect()
}

fn sheet<T: Serialize>(list: Vec<T>) -> Option<Value> {
    (!list.is_empty()).then(|| serde_json::to_value(list).unwrap_or_default())
}

fn everyday(files: &Files, items: &BTreeSet<ItemCode>, faults: &mut Faults) -> Vec<Everyday> {
    if files.get(WORDS_FILE).is_none() {
        return Vec::new();
    }
    let mut all: Vec<Everyday> = Vec::new();
    for line in lines(files, WORDS_FILE, &WORDS_COLUMNS, faults) {
        let Some(item) = line.value::<ItemCode>("item", faults) else {
            continue;
        };
        if !items.contains(&item) {
            faults.gap(WORDS_FILE, line.number, format!("there is no item {item}"));
            continue;
        }
        if all.iter().any(|one| one.item == item) {
            line.fault(faults, format!("{item} stands in the file twice"));
        }
        let parts = |column: &str, between: char| -> Vec<String> {
            let parts = line.text(column).split(between).map(str::trim);
            let filled = parts.filter(|part| !part.is_empty());
            filled.map(ToOwned::to_owned).collect()
        };
        all.push(Everyday {
            words: parts("words", ';'),
            asked: parts("asked", '|'),
            english: parts("english", ';'),
            item,
        });
    }
    all
}

/// Leaves out the items that the pack does not have.
fn known(
    listed: &mut Vec<ItemCode>,
    items: &BTreeSet<ItemCode>,
    place: (&Source<'_>, String),
    faults: &mut Faults,
) {
    let (source, path) = place;
    for (at, item) in listed.iter().enumerate() {
        if !items.contains(item) {
            let line = source.line(&format!("{path}/{at}"));
            faults.gap(source.file, line, format!("there is no item {item}"));
        }
    }
    listed.retain(|item| items.contains(item));
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EventsFile {
    life_event: Vec<LifeEvent>,
}

fn life_events(
    files: &Files,
    items: &BTreeSet<ItemCode>,
    pages: &[OwnPage],
    faults: &mut Faults,
) -> Vec<LifeEvent> {
    if files.get(EVENTS_FILE).is_none() {
        return Vec::new();
    }
    let Some(source) = source(files, EVENTS_FILE, faults) else {
        return Vec::new();
    };
    source.check_words(faults);
    let Some(EventsFile { mut life_event }) = source.read(faults) else {
        return Vec::new();
    };
    let mut ids = BTreeSet::new();
    for (at, event) in life_event.iter_mut().enumerate() {
        let path = format!("life_event/{at}");
        if !ids.insert(event.id.clone()) {
            let line = source.line(&format!("{path}/id"));
            faults.add(EVENTS_FILE, line, "another life event has this id");
        }
        conditions(event, (&source, &path), faults);
        links(event, pages, (&source, &path), faults);
        let mut at = 0..;
        event.parts.retain_mut(|part| {
            let at = at.next().unwrap_or_default();
            let place = (&source, format!("{path}/parts/{at}/items"));
            let says_so_itself = part.items.is_empty();
            known(&mut part.items, items, place, faults);
            says_so_itself || !part.items.is_empty()
        });
    }
    life_event.retain(|event| !event.parts.is_empty());
    life_event
}

/// Links lead to pages that the search knows too, so that none leads nowhere.
fn links(event: &LifeEvent, pages: &[OwnPage], place: (&Source<'_>, &str), faults: &mut Faults) {
    let (source, path) = place;
    for (part, one) in event.parts.iter().enumerate() {
        for (at, link) in one.links.iter().enumerate() {
            if !pages.iter().any(|page| page.path == link.path) {
                let line = source.line(&format!("{path}/parts/{part}/links/{at}/path"));
                let message = format!("{PAGES_FILE} has no page {}", link.path);
                faults.add(source.file, line, message);
            }
        }
    }
}

/// Conditions read the answers of earlier questions, and nothing else.
fn conditions(event: &LifeEvent, place: (&Source<'_>, &str), faults: &mut Faults) {
    let (source, path) = place;
    let mut check = |when: &Option<String>, names: &[&str], path: String| {
        let Some(Err(found)) = when
            .as_ref()
            .map(|when| Expression::parse_over(when, names))
        else {
            return;
        };
        for fault in found {
            let message = format!("`when`: {}", fault.message);
            faults.add(source.file, source.line(&path), message);
        }
    };
    let mut names: Vec<&str> = Vec::new();
    for (at, question) in event.questions.iter().enumerate() {
        check(
            &question.when,
            &names,
            format!("{path}/questions/{at}/when"),
        );
        names.push(&question.id);
    }
    for (at, part) in event.parts.iter().enumerate() {
        check(&part.when, &names, format!("{path}/parts/{at}/when"));
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TopicsFile {
    topic: Vec<Topic>,
}

fn topics(files: &Files, items: &BTreeSet<ItemCode>, faults: &mut Faults) -> Vec<Topic> {
    if files.get(TOPICS_FILE).is_none() {
        return Vec::new();
    }
    let Some(source) = source(files, TOPICS_FILE, faults) else {
        return Vec::new();
    };
    source.check_words(faults);
    let Some(TopicsFile { mut topic }) = source.read(faults) else {
        return Vec::new();
    };
    let mut sorted: BTreeSet<ItemCode> = BTreeSet::new();
    for (at, one) in topic.iter_mut().enumerate() {
        for (place, item) in one.items.iter().enumerate() {
            if !sorted.insert(item.clone()) {
                let line = source.line(&format!("topic/{at}/items/{place}"));
                faults.add(TOPICS_FILE, line, format!("{item} has a topic already"));
            }
        }
        let place = (&source, format!("topic/{at}/items"));
        known(&mut one.items, items, place, faults);
    }
    for item in items.difference(&sorted) {
        faults.gap(TOPICS_FILE, 1, format!("{item} has no topic"));
    }
    topic.retain(|one| !one.items.is_empty());
    topic
}

fn elsewhere(files: &Files, faults: &mut Faults) -> Vec<Elsewhere> {
    if files.get(ELSEWHERE_FILE).is_none() {
        return Vec::new();
    }
    let mut all = Vec::new();
    for line in lines(files, ELSEWHERE_FILE, &ELSEWHERE_COLUMNS, faults) {
        let mut both = |name: &str| line.words(name, faults);
        all.push(Elsewhere {
            matter: both("matter"),
            body: both("body"),
            how: both("how"),
            words: line.list("words").map(ToOwned::to_owned).collect(),
            phone: line.filled("phone", faults).to_owned(),
        });
    }
    all
}

fn pages(files: &Files, faults: &mut Faults) -> Vec<OwnPage> {
    if files.get(PAGES_FILE).is_none() {
        return Vec::new();
    }
    let mut all: Vec<OwnPage> = Vec::new();
    for line in lines(files, PAGES_FILE, &PAGES_COLUMNS, faults) {
        let path = line.filled("path", faults).to_owned();
        // A path on the portal: search leads nowhere else.
        if !path.starts_with('/') || path.starts_with("//") {
            line.fault(faults, format!("{path} is no path on the portal"));
        }
        if all.iter().any(|page| page.path == path) {
            line.fault(faults, format!("{path} stands in the file twice"));
        }
        let mut both = |name: &str| line.words(name, faults);
        all.push(OwnPage {
            title: both("title"),
            lead: both("lead"),
            words: line.list("words").map(ToOwned::to_owned).collect(),
            path,
        });
    }
    all
}

fn halls(files: &Files, faults: &mut Faults) -> Vec<Hall> {
    if files.get(HALLS_FILE).is_none() {
        return Vec::new();
    }
    let mut halls: Vec<Hall> = Vec::new();
    for line in lines(files, HALLS_FILE, &HALLS_COLUMNS, faults) {
        let id = line.filled("id", faults).to_owned();
        if halls.iter().any(|hall| hall.id == id) {
            line.fault(faults, format!("{id} stands in the file twice"));
        }
        let mut both = |name: &str| line.words(name, faults);
        halls.push(Hall {
            name: both("name"),
            address: both("address"),
            hours: both("hours"),
            travel: both("travel"),
            phone: line.filled("phone", faults).to_owned(),
            id,
        });
    }
    halls
}
