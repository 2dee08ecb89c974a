//! How two standards of an item differ: two editions, or the same item of two districts (同事同标).

use std::collections::{BTreeMap, BTreeSet};

use kernel::item::{ItemEdition, ItemFacts, KeptCalculator};
use roxmltree::{Document, Node};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::pack::Item;

/// Namespaces that only draw.
const DRAWINGS: [&str; 3] = ["/DI", "/DD/", "/DMNDI/"];

/// One place in which they differ.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Difference {
    /// Where: `limits.promised.n`, `materials[m2].name.zh`, `conditions`, `flow[review]`.
    pub place: String,
    /// What the first says; none where it says nothing.
    pub before: Option<String>,
    /// What the second says; none where it says nothing.
    pub after: Option<String>,
}

/// What is compared.
#[derive(Clone, Copy)]
pub(crate) struct Compared<'a> {
    facts: &'a ItemFacts,
    form: &'a Value,
    rules: &'a str,
    flow: &'a str,
    calculators: &'a BTreeMap<String, KeptCalculator>,
}

impl<'a> From<&'a ItemEdition> for Compared<'a> {
    fn from(one: &'a ItemEdition) -> Self {
        Self {
            facts: &one.facts,
            form: &one.form,
            rules: &one.rules,
            flow: &one.flow,
            calculators: &one.calculators,
        }
    }
}

impl<'a> From<&'a Item> for Compared<'a> {
    fn from(one: &'a Item) -> Self {
        Self {
            facts: &one.facts,
            form: &one.form,
            rules: &one.rules,
            flow: &one.flow,
            calculators: &one.calculators,
        }
    }
}

/// How the second of two items of packs differs from the first, by place.
pub fn differences(before: &Item, after: &Item) -> Vec<Difference> {
    between(before.into(), after.into())
}

/// What is said at each place; where several things stand in a list, each of them.
pub(crate) type Said = BTreeMap<String, Vec<String>>;

pub(crate) fn between(before: Compared<'_>, after: Compared<'_>) -> Vec<Difference> {
    let (before, after) = (said(before), said(after));
    let places: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let mut found = Vec::new();
    for place in places {
        let at = |said: &Said| said.get(place).cloned().unwrap_or_default();
        let (first, second) = (at(&before), at(&after));
        if first == second {
            continue;
        }
        let gone = without(&first, &second);
        let come = without(&second, &first);
        let rows = match (gone.as_slice(), come.as_slice()) {
            ([], []) => vec![(Some(first.join(" → ")), Some(second.join(" → ")))],
            ([gone], [come]) => vec![(Some(gone.clone()), Some(come.clone()))],
            (gone, come) => {
                let gone = gone.iter().map(|text| (Some(text.clone()), None));
                gone.chain(come.iter().map(|text| (None, Some(text.clone()))))
                    .collect()
            }
        };
        found.extend(rows.into_iter().map(|(before, after)| Difference {
            place: place.clone(),
            before,
            after,
        }));
    }
    found
}

/// The texts of a list that another one has not, as often as that.
fn without(list: &[String], other: &[String]) -> Vec<String> {
    let mut other: Vec<&String> = other.iter().collect();
    let mut left = Vec::new();
    for text in list {
        match other.iter().position(|one| *one == text) {
            Some(at) => drop(other.swap_remove(at)),
            None => left.push(text.clone()),
        }
    }
    left
}

/// All that an item says, place by place.
pub(crate) fn said(one: Compared<'_>) -> Said {
    let mut said = Said::new();
    let facts = serde_json::to_value(one.facts).unwrap_or_default();
    tell(&facts, "", &mut said);
    tell(one.form, "form", &mut said);
    tell_xml(one.rules, "rules", true, &mut said);
    tell_xml(one.flow, "flow", false, &mut said);
    for (register, kept) in one.calculators {
        let place = format!("calculators[{register}]");
        tell_xml(&kept.rules, &place, true, &mut said);
        for (lang, name) in [("zh", &kept.name.zh), ("en", &kept.name.en)] {
            said.insert(format!("{place}.name.{lang}"), vec![name.clone()]);
        }
    }
    said
}

fn tell(value: &Value, place: &str, said: &mut Said) {
    match value {
        Value::Null => {}
        Value::Object(map) => {
            for (key, value) in map {
                let below = match place {
                    "" => key.clone(),
                    place => format!("{place}.{key}"),
                };
                tell(value, &below, said);
            }
        }
        Value::Array(list) => {
            for one in list {
                match one.as_object().and_then(name_of) {
                    Some(name) => tell(one, &format!("{place}[{name}]"), said),
                    None => said.entry(place.to_owned()).or_default().push(text(one)),
                }
            }
        }
        leaf => said.entry(place.to_owned()).or_default().push(text(leaf)),
    }
}

/// What tells an element of a list from the others, where it has a name of its own.
fn name_of(map: &Map<String, Value>) -> Option<&str> {
    map.get("id").or_else(|| map.get("key"))?.as_str()
}

/// A value in one line; of words in both languages, both.
fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Object(map) => {
            let words = (map.get("zh"), map.get("en"));
            if let (Some(Value::String(zh)), Some(Value::String(en))) = words {
                return [zh.as_str(), en]
                    .into_iter()
                    .filter(|text| !text.is_empty())
                    .collect::<Vec<_>>()
                    .join(" / ");
            }
            let parts = map.values().filter(|value| !value.is_null());
            parts.map(text).collect::<Vec<_>>().join("; ")
        }
        Value::Array(list) => list.iter().map(text).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}

/// Every element that has an id, with what it says itself.
/// `has_order` tells whether the order of the elements means something, as that of rules does.
fn tell_xml(xml: &str, place: &str, has_order: bool, said: &mut Said) {
    let Ok(document) = Document::parse(xml) else {
        // Checked when it was loaded; what cannot be read is compared as it stands.
        said.insert(place.to_owned(), vec![xml.to_owned()]);
        return;
    };
    let named = document.descendants().filter(|node| !is_drawing(*node));
    for (node, id) in named.filter_map(|node| Some((node, node.attribute("id")?))) {
        let place = format!("{place}[{id}]");
        said.entry(place)
            .or_default()
            .push(element(node, has_order));
    }
}

fn is_drawing(node: Node<'_, '_>) -> bool {
    let space = node.tag_name().namespace().unwrap_or_default();
    DRAWINGS.iter().any(|drawing| space.contains(drawing))
}

/// An element in one line: its attributes, its text, and the elements below that have no id; where the
/// order counts, the ids of the others.
fn element(node: Node<'_, '_>, has_order: bool) -> String {
    let mut parts = vec![node.tag_name().name().to_owned()];
    let attributes = node.attributes().filter(|one| one.name() != "id");
    parts.extend(attributes.map(|one| format!("{}={}", one.name(), one.value())));
    for below in node.children() {
        if let Some(text) = below.text().filter(|_| below.is_text()).map(str::trim) {
            parts.extend((!text.is_empty()).then(|| text.to_owned()));
        } else if below.is_element() && !is_drawing(below) {
            match below.attribute("id") {
                None => parts.push(format!("({})", element(below, has_order))),
                Some(id) if has_order => parts.push(format!("#{id}")),
                Some(_) => {}
            }
        }
    }
    parts.join(" ")
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::pack::{Files, Pack};

    fn item() -> Item {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../packs/yunchuan");
        let mut files = Files::read(&folder).unwrap_or_default();
        testkit::only_items(&mut files.0, &["LD-001"]);
        let pack = Pack::check(&files).ok();
        pack.and_then(|pack| pack.items.into_iter().next())
            .unwrap_or_else(|| unreachable!("the demo city has the item"))
    }

    fn row(place: &str, before: &str, after: &str) -> Difference {
        let said = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        Difference {
            place: place.to_owned(),
            before: said(before),
            after: said(after),
        }
    }

    #[test]
    fn an_item_does_not_differ_from_itself() {
        assert!(differences(&item(), &item()).is_empty());
    }

    #[test]
    fn each_difference_is_told_at_its_place() {
        let (before, mut after) = (item(), item());
        let material = after.facts.materials[0].id.clone();
        let name = std::mem::replace(&mut after.facts.materials[0].name.zh, "别的名称".into());
        let first = after.facts.conditions.remove(0);
        after.facts.visits = 2;
        let visits = before.facts.visits.to_string();
        let found = differences(&before, &after);
        let gone = format!("{} / {}", first.zh, first.en);
        assert!(found.contains(&row("visits", &visits, "2")), "{found:?}");
        assert!(found.contains(&row("conditions", &gone, "")));
        let place = format!("materials[{material}].name.zh");
        assert!(found.contains(&row(&place, &name, "别的名称")));
        assert_eq!(found.len(), 3);
    }

    #[test]
    fn another_order_is_a_difference() {
        let (before, mut after) = (item(), item());
        after.facts.registers.reverse();
        let found = differences(&before, &after);
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found[0].place, "registers");
    }

    #[test]
    fn flows_differ_by_their_elements_and_not_by_their_drawings() {
        let (before, mut after) = (item(), item());
        after.flow = after
            .flow
            .replace("yici:post=\"reviewer\"", "yici:post=\"decider\"")
            .into();
        after.flow = after
            .flow
            .replace("<dc:Bounds x=\"", "<dc:Bounds x=\"1")
            .into();
        let found = differences(&before, &after);
        let places: Vec<&str> = found.iter().map(|one| one.place.as_str()).collect();
        assert!(!places.is_empty());
        assert!(
            found.iter().all(|one| one.place.starts_with("flow[")
                && one
                    .after
                    .as_ref()
                    .is_some_and(|text| text.contains("post=decider"))),
            "{found:?}"
        );
    }

    #[test]
    fn rules_in_another_order_decide_otherwise() {
        let rule = |id: &str| format!("<rule id=\"{id}\"><outputEntry id=\"{id}o\"/></rule>");
        let table = |rules: [&str; 2]| {
            let rules = rules.map(rule).concat();
            format!("<decisionTable id=\"t\" hitPolicy=\"FIRST\">{rules}</decisionTable>")
        };
        let (mut before, mut after) = (item(), item());
        before.rules = table(["r1", "r2"]).into();
        after.rules = table(["r2", "r1"]).into();
        let found = differences(&before, &after);
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found[0].place, "rules[t]");
    }
}
