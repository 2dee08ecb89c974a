//! Our attributes on the elements of a model.

use std::num::NonZeroU8;

use kernel::{
    OrgPath,
    caller::{PERMISSIONS, Rule},
};

use crate::{
    definition::{NodeKind, UserTask},
    fault::{Fault, FaultKind},
    stage::Stage,
    xml::{Element, Space},
};

/// Persons who must confirm one task: a panel of experts is the largest group that signs together.
const PEOPLE_MAX: u8 = 15;

/// An element that takes none of our attributes.
pub(super) fn none(element: &Element, faults: &mut Vec<Fault>) {
    Attributes::of(element, faults).finish(|_| Some(()));
}

/// A node that takes none of our attributes.
pub(super) fn plain(
    element: &Element,
    kind: NodeKind,
    faults: &mut Vec<Fault>,
) -> Option<NodeKind> {
    Attributes::of(element, faults).finish(|_| Some(kind))
}

pub(super) fn service_task(element: &Element, faults: &mut Vec<Fault>) -> Option<NodeKind> {
    Attributes::of(element, faults).finish(|own| {
        let service = own.required("service", "[a-z0-9._-]+", word)?;
        Some(NodeKind::ServiceTask { service })
    })
}

pub(super) fn business_rule_task(element: &Element, faults: &mut Vec<Fault>) -> Option<NodeKind> {
    Attributes::of(element, faults).finish(|own| {
        let decision = own.required("decision", "…", text)?;
        Some(NodeKind::BusinessRuleTask { decision })
    })
}

pub(super) fn user_task(element: &Element, faults: &mut Vec<Fault>) -> Option<NodeKind> {
    Attributes::of(element, faults).finish(|own| {
        let stages: Vec<_> = Stage::ALL.iter().map(|stage| stage.as_str()).collect();
        let stage = own.required("stage", &stages.join(" | "), |text| text.parse().ok());
        let permissions: Vec<_> = granted().collect();
        let permission = own.required("permission", &permissions.join(" | "), permission);
        let post = own.optional("post", "[a-z0-9._-]+", word);
        let org = own.optional("org", "employment/office", org);
        let people = own.optional("people", &format!("1–{PEOPLE_MAX}"), people);
        let exclude = own.optional("exclude", "…", |text| {
            Some(text.split_whitespace().map(Into::into).collect())
        });
        Some(NodeKind::UserTask(UserTask {
            stage: stage?,
            permission: permission?,
            post: post?,
            org: org?,
            people: people?.unwrap_or(NonZeroU8::MIN),
            exclude: exclude?.unwrap_or_default(),
        }))
    })
}

fn granted() -> impl Iterator<Item = &'static str> {
    let granted = PERMISSIONS
        .iter()
        .filter(|(_, rule, _)| *rule == Rule::Granted);
    granted.map(|(name, ..)| *name)
}

fn permission(text: &str) -> Option<String> {
    granted().find(|name| *name == text).map(ToOwned::to_owned)
}

fn org(text: &str) -> Option<String> {
    text.parse::<OrgPath>().ok().map(String::from)
}

fn people(text: &str) -> Option<NonZeroU8> {
    text.parse::<NonZeroU8>()
        .ok()
        .filter(|people| people.get() <= PEOPLE_MAX)
}

fn word(text: &str) -> Option<String> {
    let fits = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'.' | b'_' | b'-');
    (!text.is_empty() && text.bytes().all(fits)).then(|| text.to_owned())
}

fn text(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

/// Our attributes of one element; what nobody asked for is a fault.
struct Attributes<'a> {
    element: &'a Element,
    asked: Vec<&'static str>,
    faults: &'a mut Vec<Fault>,
}

impl<'a> Attributes<'a> {
    const fn of(element: &'a Element, faults: &'a mut Vec<Fault>) -> Self {
        Self {
            element,
            asked: Vec::new(),
            faults,
        }
    }

    /// The outer option is none when the value has a fault, the inner when there is no value.
    #[expect(clippy::option_option, reason = "absent is allowed, wrong is not")]
    fn optional<T>(
        &mut self,
        name: &'static str,
        wanted: &str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Option<Option<T>> {
        self.asked.push(name);
        let mut own = self
            .element
            .attributes
            .iter()
            .filter(|found| found.space == Space::Yici);
        let Some(found) = own.find(|found| &*found.name == name) else {
            return Some(None);
        };
        let parsed = parse(found.value.trim());
        if parsed.is_none() {
            let (name, value) = (name.to_owned(), found.value.as_ref().to_owned());
            let wanted = wanted.to_owned();
            self.fault(FaultKind::BadExtension {
                name,
                value,
                wanted,
            });
        }
        parsed.map(Some)
    }

    fn required<T>(
        &mut self,
        name: &'static str,
        wanted: &str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        let found = self.optional(name, wanted, parse)?;
        if found.is_none() {
            let name = name.to_owned();
            self.fault(FaultKind::MissingExtension { name });
        }
        found
    }

    fn finish<T>(mut self, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        let result = read(&mut self);
        let attributes = self.element.attributes.iter();
        let attributes = attributes.map(|attribute| (attribute.space, &attribute.name));
        let inside = self
            .element
            .bpmn()
            .filter(|child| &*child.name == "extensionElements");
        let elements = inside.flat_map(|child| &child.children);
        let elements = elements.map(|element| (element.space, &element.name));
        let unknown: Vec<_> = attributes
            .filter(|(_, name)| !self.asked.contains(&&***name))
            .chain(elements)
            .filter(|(space, _)| *space == Space::Yici)
            .map(|(_, name)| FaultKind::UnknownExtension {
                name: name.as_ref().to_owned(),
            })
            .collect();
        for kind in unknown {
            self.fault(kind);
        }
        result
    }

    fn fault(&mut self, kind: FaultKind) {
        self.faults.push(self.element.fault(kind));
    }
}
