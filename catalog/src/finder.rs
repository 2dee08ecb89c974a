//! What can be found: items, answered questions, life events and halls, in one index.

use std::sync::Arc;

use kernel::{
    Date,
    item::{Faq, ItemCode},
};
use search::{Entry, Hit, Index, SearchFault};

use crate::{
    sheets::{
        ELSEWHERE, Elsewhere, Everyday, HALLS, Hall, LIFE_EVENTS, LifeEvent, OwnPage, PAGES,
        Sheets, WORDS,
    },
    shelf::Shelf,
};

/// Most people come for what was made complete first.
const COMPLETE_WEIGHT: f32 = 1.25;
/// A life event has few words of its own.
const EVENT_WEIGHT: f32 = 1.6;

/// What halls are asked for.
const HALL_WORDS: [&str; 20] = [
    "服务大厅",
    "办事大厅",
    "人社局在哪里",
    "大厅地址",
    "几点上班",
    "几点下班",
    "几点开门",
    "几点关门",
    "周末上班吗",
    "周六上班吗",
    "周六上不上班",
    "周六开门吗",
    "周日上班吗",
    "星期天开门吗",
    "星期六开门吗",
    "大厅电话",
    "人社局电话",
    "人社局电话号码",
    "窗口在哪里",
    "怎么走",
];

/// One thing that can be found.
#[derive(Debug, Clone)]
pub(crate) enum Found {
    Item(ItemCode),
    Answer(ItemCode, Faq),
    LifeEvent(LifeEvent),
    Hall(Hall),
    Elsewhere(Elsewhere),
    Page(OwnPage),
}

/// The index with what its entries stand for.
#[derive(Debug)]
pub(crate) struct Finder {
    /// What it was made from: whoever holds others makes it anew.
    pub(crate) of: (Arc<Shelf>, Arc<Sheets>),
    /// The day for which it was made: on another day other editions may be in force.
    day: Date,
    index: Index,
    found: Vec<Found>,
}

impl Finder {
    /// Makes the index of what is published. Takes a tenth of a second for 240 items.
    pub(crate) fn build(
        shelf: Arc<Shelf>,
        sheets: Arc<Sheets>,
        today: Date,
    ) -> Result<Self, SearchFault> {
        let everyday: Vec<Everyday> = sheets.list(WORDS);
        let mut all: Vec<(Found, Entry)> = Vec::new();
        for (code, shelved) in &shelf.0 {
            let Some(published) = shelved.on(today) else {
                continue;
            };
            let facts = &published.edition.facts;
            let mut entry = Entry {
                names: vec![facts.name.zh.clone()],
                more: vec![facts.summary.zh.clone()],
                english: vec![facts.name.en.clone(), facts.summary.en.clone()],
                words: vec![code.to_string()],
                weight: if facts.general.is_none() {
                    COMPLETE_WEIGHT
                } else {
                    1.0
                },
                ..Entry::default()
            };
            if let Some(words) = everyday.iter().find(|one| one.item == *code) {
                entry.words.extend_from_slice(&words.words);
                entry.asked.extend_from_slice(&words.asked);
                entry.english.extend_from_slice(&words.english);
            }
            all.push((Found::Item(code.clone()), entry));
            for faq in facts.faq.iter().filter(|_| facts.general.is_none()) {
                let found = Found::Answer(code.clone(), faq.clone());
                all.push((found, answer(&facts.name.zh, faq)));
            }
        }
        all.extend(sheets.list(LIFE_EVENTS).into_iter().map(life_event));
        all.extend(sheets.list(HALLS).into_iter().map(hall));
        all.extend(sheets.list(ELSEWHERE).into_iter().map(elsewhere));
        all.extend(sheets.list(PAGES).into_iter().map(page));
        let (found, entries): (Vec<Found>, Vec<Entry>) = all.into_iter().unzip();
        Ok(Self {
            index: Index::build(&entries)?,
            of: (shelf, sheets),
            day: today,
            found,
        })
    }

    /// The life events that lead to an item.
    pub(crate) fn events_of(&self, item: &ItemCode) -> impl Iterator<Item = &LifeEvent> {
        let events = self.found.iter().filter_map(|found| match found {
            Found::LifeEvent(event) => Some(event),
            _ => None,
        });
        events.filter(|event| event.parts.iter().any(|part| part.items.contains(item)))
    }

    /// Whether it speaks of these.
    pub(crate) fn is_of(&self, items: &Arc<Shelf>, sheets: &Arc<Sheets>, today: Date) -> bool {
        self.day == today && Arc::ptr_eq(&self.of.0, items) && Arc::ptr_eq(&self.of.1, sheets)
    }

    /// What fits a question, the best first, each with its score.
    pub(crate) fn find(
        &self,
        question: &str,
        most: usize,
    ) -> Result<Vec<(&Found, f32)>, SearchFault> {
        let hits = self.index.find(question, most)?;
        let found = |hit: Hit| Some((self.found.get(hit.entry)?, hit.fit));
        Ok(hits.into_iter().filter_map(found).collect())
    }
}

fn answer(item: &str, faq: &Faq) -> Entry {
    Entry {
        asked: vec![faq.q.zh.clone(), item.to_owned()],
        more: vec![faq.a.zh.clone()],
        english: vec![faq.q.en.clone()],
        ..Entry::default()
    }
}

fn life_event(event: LifeEvent) -> (Found, Entry) {
    let parts = event.parts.iter();
    let entry = Entry {
        weight: EVENT_WEIGHT,
        names: vec![event.title.zh.clone()],
        words: event.lead.zh.split('、').map(ToOwned::to_owned).collect(),
        more: parts.map(|part| part.title.zh.clone()).collect(),
        english: vec![event.title.en.clone(), event.lead.en.clone()],
        ..Entry::default()
    };
    (Found::LifeEvent(event), entry)
}

fn elsewhere(one: Elsewhere) -> (Found, Entry) {
    let entry = Entry {
        weight: EVENT_WEIGHT,
        names: vec![one.matter.zh.clone()],
        words: one.words.clone(),
        english: vec![one.matter.en.clone()],
        ..Entry::default()
    };
    (Found::Elsewhere(one), entry)
}

fn page(one: OwnPage) -> (Found, Entry) {
    let entry = Entry {
        weight: EVENT_WEIGHT,
        names: vec![one.title.zh.clone()],
        words: one.words.clone(),
        more: vec![one.lead.zh.clone()],
        english: vec![one.title.en.clone(), one.lead.en.clone()],
        ..Entry::default()
    };
    (Found::Page(one), entry)
}

fn hall(hall: Hall) -> (Found, Entry) {
    let entry = Entry {
        names: vec![hall.name.zh.clone()],
        words: HALL_WORDS.map(str::to_owned).to_vec(),
        more: vec![hall.address.zh.clone(), hall.travel.zh.clone()],
        english: vec![hall.name.en.clone(), hall.address.en.clone()],
        ..Entry::default()
    };
    (Found::Hall(hall), entry)
}

#[cfg(test)]
mod tests;
