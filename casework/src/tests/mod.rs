//! A case played through its acts, without a database: the items of the demo city, a calendar, a
//! clock that is moved, and staff of every post.

mod acceptance;
mod corrections;
mod delivery;
mod log;
mod other_party;
mod play;
mod separation;

use std::{
    collections::BTreeMap,
    fs,
    path::PathBuf,
    sync::{Arc, LazyLock},
};

use calendar::Calendar;
use kernel::{
    AppError, Date, Timestamp,
    caller::Grant,
    ids::{CaseId, EmployerId, Id as _, MaterialId, NoticeId, PersonId, StaffId},
    item::{Derived, ItemCode, ItemEdition, ItemFacts, KeptCalculator, Suspension, Words},
    ports::{Answer, Items},
};
use store::system::SeededEntropy;
use uuid::Uuid;

use crate::{
    answer::{evidence::AttachEvidence, say::Say},
    apply::{attach::Attach, submit::SubmitCase, supply::SupplyCorrections},
    case::{Case, Channel, Opening, Party},
    change::{Assessment, Denial, NewNotice},
    command::{Act, Counters, MaterialRow, OnCase, series_of},
    event::{CaseEvent, Recorded, Target},
    model::{Model, Models},
    separation::Performer,
    work::{
        accept::AcceptCase,
        correct::NoticeCorrections,
        decide::{DecideCase, Said},
        hand_out::HandOutMethod,
        review::{Proposal, ReviewCase},
        serve::ServePaper,
    },
};

fn pack(path: &str) -> PathBuf {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../packs/yunchuan");
    PathBuf::from(root).join(path)
}

pub(crate) fn text(path: &str) -> String {
    fs::read_to_string(pack(path)).unwrap()
}

/// The items as they stand in the pack.
struct Pack;

impl Items for Pack {
    fn current(&self, code: &ItemCode) -> Option<Arc<ItemEdition>> {
        self.edition(code, 1)
    }

    fn known(&self, code: &ItemCode) -> Option<Arc<ItemEdition>> {
        self.current(code)
    }
    fn suspension(&self, _: &ItemCode) -> Option<Suspension> {
        None
    }

    fn edition(&self, code: &ItemCode, edition: i32) -> Option<Arc<ItemEdition>> {
        let file = |name: &str| text(&format!("items/{code}/{name}"));
        let facts: ItemFacts = toml::from_str(&file("item.toml")).unwrap();
        let kept = |derived: &Derived| KeptCalculator {
            name: facts.name.clone(),
            rules: text(&format!("calculators/{}/rules.dmn", derived.calculator)),
        };
        let derived = facts.derived.iter();
        let calculators = derived.map(|(name, derived)| (name.clone(), kept(derived)));
        let calculators = calculators.collect();
        Some(Arc::new(ItemEdition {
            facts,
            edition,
            digest: String::new(),
            form: serde_json::from_str(&file("form.json")).unwrap(),
            flow: file("flow.bpmn").into(),
            rules: file("rules.dmn").into(),
            calculators,
        }))
    }

    fn refresh(&self) -> Answer<'_, ()> {
        Box::pin(async { Ok(()) })
    }
}

/// The model of an item.
pub(crate) fn model(code: &str) -> Arc<Model> {
    static COMPILED: LazyLock<Models> = LazyLock::new(Models::default);
    COMPILED.get(&Pack, &code.parse().unwrap(), 1).unwrap()
}

/// The calendar of the pack, with the years that are published.
pub(crate) fn calendar() -> Arc<Calendar> {
    static READ: LazyLock<Arc<Calendar>> =
        LazyLock::new(|| Arc::new(Calendar::read(1, &text("holidays.tsv")).unwrap()));
    Arc::clone(&READ)
}

pub(crate) fn day(text: &str) -> Date {
    text.parse().unwrap()
}

/// Ten in the morning of a day.
pub(crate) fn morning(date: &str) -> Timestamp {
    Timestamp::from_beijing(day(date).at(10, 0, 0, 0))
}

/// A colleague: number and permission decide who he is.
pub(crate) fn staff(number: u128) -> StaffId {
    StaffId::from_uuid(Uuid::from_u128(number))
}

/// The applicant of every case.
pub(crate) fn applicant() -> PersonId {
    PersonId::from_uuid(Uuid::from_u128(7_000))
}

/// Who acts.
#[derive(Clone)]
pub(crate) struct Who {
    pub performer: Performer,
    pub grants: Arc<[Grant]>,
}

/// A colleague with these permissions in the whole agency.
pub(crate) fn colleague(number: u128, permissions: &[&str]) -> Who {
    let grant = |permission: &&str| Grant {
        permission: (*permission).to_owned(),
        org: "180100".parse().unwrap(),
        post: "post".to_owned(),
        deputy_for: None,
    };
    Who {
        performer: Performer {
            staff: staff(number),
            person: None,
            agent: false,
        },
        grants: permissions.iter().map(grant).collect(),
    }
}

pub(crate) fn clerk() -> Who {
    colleague(1, &["case.accept"])
}

pub(crate) fn reviewer() -> Who {
    colleague(2, &["case.review"])
}

pub(crate) fn decider() -> Who {
    colleague(4, &["case.decide"])
}

pub(crate) fn supervisor() -> Who {
    colleague(6, &["case.supervise"])
}

pub(crate) fn desk() -> Who {
    colleague(5, &["case.deliver"])
}

/// A case under way, with its log.
pub(crate) struct Play {
    pub model: Arc<Model>,
    pub calendar: Arc<Calendar>,
    pub now: Timestamp,
    pub case: Case,
    /// As it stands in the log: bodies with their times.
    pub log: Vec<(serde_json::Value, Timestamp)>,
    /// Every paper that was issued.
    pub papers: Vec<NewNotice>,
    /// What the rules would say: `grant` or `review`.
    pub outcome: &'static str,
    /// The other party that acceptance finds.
    pub other: Option<Party>,
    numbers: BTreeMap<String, i64>,
    entropy: SeededEntropy,
}

impl Play {
    /// A draft of an item, opened in the morning of a day.
    pub(crate) fn open(code: &str, channel: Channel, date: &str) -> Self {
        let (model, now) = (model(code), morning(date));
        let facts = &model.edition.facts;
        let opening = Opening {
            item: facts.code.clone(),
            edition: 1,
            name: facts.name.clone(),
            kind: facts.kind,
            org: format!("180100/{}", facts.handled_by).parse().unwrap(),
            channel,
            hall: (channel == Channel::Window).then(|| "180100/hall".parse().unwrap()),
            person: applicant(),
            employer: None,
            opened_by: None,
            roster: None,
        };
        let bureau = "180100".parse().unwrap();
        let id = CaseId::from_uuid(Uuid::from_u128(42));
        let case = Case::open(id, bureau, opening.clone(), now);
        let first = Recorded {
            event: CaseEvent::Drafted(Box::new(opening)),
            by: None,
            flow: None,
        };
        Self {
            log: vec![(first.body(&case), now)],
            model,
            calendar: calendar(),
            now,
            case,
            papers: Vec::new(),
            outcome: "review",
            other: None,
            numbers: BTreeMap::new(),
            entropy: SeededEntropy::new([9; 32]),
        }
    }

    /// One act; what it refuses leaves no trace. Returns the kinds of the events.
    pub(crate) fn act<A: Act>(
        &mut self,
        act: A,
        who: Option<&Who>,
    ) -> Result<Vec<&'static str>, AppError> {
        let series = series_of::<A>(&self.case, &self.model.edition.facts, self.now);
        let command = OnCase {
            bureau: self.case.bureau,
            case: self.case.id,
            version: None,
            performer: who.map(|who| who.performer),
            grants: who.map(|who| Arc::clone(&who.grants)),
            model: Arc::clone(&self.model),
            calendar: Arc::clone(&self.calendar),
            mark: "云人社".to_owned(),
            now: self.now,
            assessment: Some(Assessment {
                subject: None,
                outcome: self.outcome.to_owned(),
                rule: "R1".to_owned(),
                digest: "d".to_owned(),
                sealed: vec![1],
                granted: Some(vec![2]),
                other: self.other,
            }),
            owner: Uuid::from_u128(1),
            series: series.clone(),
            act,
        };
        let last = |series: String| {
            let value = self.numbers.get(&series).copied().unwrap_or(0);
            (series, value)
        };
        let mut numbers = Counters(series.into_iter().map(last).collect());
        let done = command.act_on(&self.case, &mut self.entropy, &mut numbers)?;
        self.numbers.extend(numbers.0);
        let kinds = done.events.iter().map(|(_, r)| r.event.kind()).collect();
        for (_, recorded) in &done.events {
            let body = recorded.body(&done.case);
            assert_eq!(body["event"], recorded.event.kind());
            self.log.push((body, self.now));
        }
        self.papers.extend(done.notices);
        self.case = done.case;
        Ok(kinds)
    }

    /// The code with which an act is refused.
    pub(crate) fn refused<A: Act>(&mut self, act: A, who: Option<&Who>) -> &'static str {
        match self.act(act, who) {
            Err(AppError::Refused(refusal)) => refusal.code().id,
            Err(AppError::Broken(broken)) => panic!("{broken}"),
            Ok(events) => panic!("not refused: {events:?}"),
        }
    }

    /// Moves to the morning of a day.
    pub(crate) fn on(&mut self, date: &str) {
        self.now = morning(date);
    }

    /// The state as the log alone makes it.
    pub(crate) fn replayed(&self) -> Case {
        let events = self
            .log
            .iter()
            .map(|(body, at)| (Recorded::from_body(body).unwrap(), *at));
        Case::replay(self.case.id, self.case.bureau, events)
            .unwrap()
            .unwrap()
    }
}

// The road of an ordinary case, step by step.
impl Play {
    pub(crate) fn submit(&mut self) {
        let act = SubmitCase {
            electronic: true,
            promises: Vec::new(),
            packed: None,
            now: self.now,
        };
        self.act(act, None).unwrap();
    }

    pub(crate) fn attach(&mut self, slot: &str, number: u128) -> MaterialId {
        let act = file(self, slot, number);
        let id = act.material_id;
        self.act(act, None).unwrap();
        id
    }

    pub(crate) fn accept(&mut self) {
        let missing = Vec::new();
        self.act(AcceptCase { missing }, Some(&clerk())).unwrap();
    }

    pub(crate) fn review(&mut self) {
        self.act(review(), Some(&reviewer())).unwrap();
    }

    pub(crate) fn decide(&mut self, verdict: Said) {
        self.act(decision(verdict), Some(&decider())).unwrap();
    }

    /// Asks for one material.
    pub(crate) fn correct(&mut self, slot: &str) {
        self.act(notice(slot), Some(&clerk())).unwrap();
    }
}

pub(crate) fn review() -> ReviewCase {
    ReviewCase {
        proposal: Proposal::Grant,
        words: Some(vec![1]),
    }
}

pub(crate) fn decision(verdict: Said) -> DecideCase {
    DecideCase {
        verdict,
        opinion: Some(vec![1]),
    }
}

pub(crate) fn denial() -> Denial {
    Denial {
        ground: None,
        words: vec![1],
    }
}

pub(crate) fn notice(slot: &str) -> NoticeCorrections {
    NoticeCorrections {
        targets: vec![Target::Material(slot.to_owned())],
        words: vec![1],
    }
}

pub(crate) fn supply(play: &Play) -> SupplyCorrections {
    SupplyCorrections {
        packed: None,
        note: Some(vec![1]),
        now: play.now,
    }
}

/// A name in both languages.
pub(crate) fn words(zh: &str, en: &str) -> Words {
    Words {
        zh: zh.to_owned(),
        en: en.to_owned(),
    }
}

/// The enterprise that is the other party.
pub(crate) fn other_party() -> Party {
    Party::Employer(EmployerId::from_uuid(Uuid::from_u128(8_000)))
}

/// An answer of the other party.
pub(crate) fn say(agrees: bool) -> Say {
    Say {
        agrees,
        electronic: agrees,
        words: Some(vec![1]),
    }
}

/// A paper is handed to the other party.
pub(crate) fn served(notice_id: NoticeId) -> ServePaper {
    ServePaper {
        notice_id,
        method: HandOutMethod::Counter,
        on: None,
        words: vec![1],
    }
}

/// A file of the other party.
pub(crate) fn evidence(play: &Play, number: u128) -> AttachEvidence {
    let Attach {
        material_id, row, ..
    } = file(play, "evidence", number);
    AttachEvidence { material_id, row }
}

/// A file for a material.
pub(crate) fn file(play: &Play, slot: &str, number: u128) -> Attach {
    let material_id = MaterialId::from_uuid(Uuid::from_u128(number));
    Attach {
        material_id,
        slot: slot.to_owned(),
        row: MaterialRow {
            bureau: play.case.bureau.to_string(),
            case_id: play.case.id.uuid(),
            material_id: material_id.uuid(),
            slot: slot.to_owned(),
            sealed_name: Vec::new(),
            media_type: "image/png".to_owned(),
            size_bytes: 1,
            digest: Vec::new(),
            at_us: 0,
            parts: None,
            scan: "not_scanned".to_owned(),
        },
        arrived: None,
    }
}
