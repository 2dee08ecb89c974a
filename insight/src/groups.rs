//! The same figures by item, agency, organisation, channel, hall. Pure.

use std::collections::BTreeMap;

use kernel::{OrgPath, item::Words};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    OrgNames,
    figures::Figures,
    scope::Sight,
    store::{
        Counters,
        query::{OpenCount, Sums},
    },
};

/// One item, agency, organisation, channel or hall.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Group {
    /// Its code, path or word.
    pub key: String,
    /// Its name.
    pub name: Words,
    /// Whether the caller may look at all the cases that are counted.
    pub visible: bool,
    /// Its figures.
    #[serde(flatten)]
    pub figures: Figures,
}

/// Counters with the open cases and those past their day.
pub(crate) type Sum = (Counters, i64, i64);

/// Of what something is a sum.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place<'a> {
    /// An organisation, or an item.
    pub label: &'a str,
    pub channel: &'a str,
    /// Empty on line.
    pub hall: &'a str,
}

/// Sums of both what was counted and what is open, by a key made of where they belong.
pub(crate) fn gathered(
    sums: &[Sums],
    open: &[OpenCount],
    key: impl Fn(Place<'_>) -> String,
) -> BTreeMap<String, Sum> {
    let mut all: BTreeMap<String, Sum> = BTreeMap::new();
    for sums in sums {
        let sum = all.entry(key(sums.place())).or_default();
        sum.0 = sum.0.plus(sums.counters);
    }
    for count in open {
        let sum = all.entry(key(count.place())).or_default();
        sum.1 += count.open;
        sum.2 += count.overdue;
    }
    all
}

impl Sums {
    fn place(&self) -> Place<'_> {
        Place {
            label: &self.label,
            channel: &self.channel,
            hall: &self.hall,
        }
    }
}

impl OpenCount {
    fn place(&self) -> Place<'_> {
        Place {
            label: &self.label,
            channel: &self.channel,
            hall: &self.hall,
        }
    }
}

/// Each organisation with those below it: whoever narrows figures or lists to it gets these too.
pub(crate) fn with_those_below(orgs: &BTreeMap<String, Sum>) -> BTreeMap<String, Sum> {
    let all = |outer: &String| {
        let inner = orgs.iter().filter(|(org, _)| OrgPath::holds(outer, org));
        inner.fold(Sum::default(), |sum, (_, one)| {
            (sum.0.plus(one.0), sum.1 + one.1, sum.2 + one.2)
        })
    };
    orgs.keys().map(|org| (org.clone(), all(org))).collect()
}

/// Groups, most received first; those that say nothing are left out.
pub(crate) fn groups(
    sums: BTreeMap<String, Sum>,
    name: impl Fn(&str) -> Words,
    visible: impl Fn(&str) -> bool,
) -> Vec<Group> {
    let says = |(counters, open, _): &Sum| *counters != Counters::default() || *open > 0;
    let mut groups: Vec<Group> = sums
        .into_iter()
        .filter(|(_, sum)| says(sum))
        .map(|(key, (counters, open, overdue))| Group {
            name: name(&key),
            visible: visible(&key),
            figures: counters.figures(open, overdue),
            key,
        })
        .collect();
    let order = |group: &Group| (-group.figures.received, -group.figures.open);
    groups.sort_by(|a, b| (order(a), &a.key).cmp(&(order(b), &b.key)));
    groups
}

/// The agency of an organisation: the first part of its path.
pub(crate) fn agency_of(org: &str) -> String {
    org.split('/').next().unwrap_or(org).to_owned()
}

/// The name of an organisation; its path where nobody knows it any more.
pub(crate) fn org_name(names: &OrgNames, org: &str) -> Words {
    names.get(org).cloned().unwrap_or_else(|| same(org))
}

/// A code that stands for its name.
pub(crate) fn same(code: &str) -> Words {
    Words {
        zh: code.to_owned(),
        en: code.to_owned(),
    }
}

/// 网上 or 窗口.
pub(crate) fn channel_name(channel: &str) -> Words {
    let words = |zh: &str, en: &str| Words {
        zh: zh.to_owned(),
        en: en.to_owned(),
    };
    match channel {
        "online" => words("网上", "Online"),
        "window" => words("窗口", "At a window"),
        other => same(other),
    }
}

/// Whether the caller may look at all cases of the organisation at a path.
pub(crate) fn sees(sight: &Sight, org: &str) -> bool {
    org.parse::<OrgPath>().is_ok_and(|org| sight.covers(&org))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_organisation_holds_those_below_it_and_no_neighbour() {
        let sum = |open| (Counters::default(), open, 0);
        let orgs = [
            ("180100/insurance", sum(1)),
            ("180100/insurance-cards", sum(8)),
            ("180100/insurance/injury", sum(2)),
        ];
        let orgs = orgs.map(|(org, sum)| (org.to_owned(), sum));
        let held: Vec<i64> = with_those_below(&orgs.into())
            .values()
            .map(|sum| sum.1)
            .collect();
        assert_eq!(held, [3, 8, 2]);
    }

    #[test]
    fn agencies_are_the_sums_of_their_organisations() {
        let sums = [
            ("180100/employment", 3),
            ("180100/labour", 1),
            ("180102/labour", 2),
        ];
        let sums = sums.map(|(org, received)| Sums {
            label: org.to_owned(),
            channel: String::new(),
            hall: String::new(),
            counters: Counters {
                received,
                ..Counters::default()
            },
        });
        let open = [OpenCount {
            label: "180103/labour".to_owned(),
            channel: String::new(),
            hall: String::new(),
            open: 5,
            overdue: 1,
        }];
        let all = gathered(&sums, &open, |place| agency_of(place.label));
        let found = groups(all, same, |key| key == "180100");
        let told: Vec<(&str, i64, i64, bool)> = found
            .iter()
            .map(|one| {
                (
                    &*one.key,
                    one.figures.received,
                    one.figures.open,
                    one.visible,
                )
            })
            .collect();
        assert_eq!(
            told,
            [
                ("180100", 4, 0, true),
                ("180102", 2, 0, false),
                ("180103", 0, 5, false)
            ]
        );
    }
}
