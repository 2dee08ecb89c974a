//! Lists are whole and in order along every index, and none looks through everything.

use kernel::OrgPath;
use store::copy::Cell;
use testkit::{on_both, plan_of};
use uuid::Uuid;

use super::*;

const BUREAU: &str = "180100";
const ORGS: [&str; 4] = [
    "180100/hall",
    "180100/insurance",
    "180100/insurance/injury",
    "180100/labour",
];
const ITEMS: [&str; 3] = ["SB-084", "JY-009", "LD-001"];
const STATES: [&str; 3] = ["REVIEWING", "CORRECTING", "DELIVERED"];

/// A case of a series: everything about it follows from its number.
#[derive(Clone, Debug)]
struct One {
    n: u64,
}

impl One {
    fn id(&self) -> Uuid {
        // Not in the order of receipt.
        Uuid::from_u128((u128::from(self.n.wrapping_mul(0x9E37_79B9_7F4A_7C15)) << 32) | 7)
    }
    fn org(&self) -> &'static str {
        ORGS[usize::try_from(self.n % 4).unwrap()]
    }
    fn item(&self) -> &'static str {
        ITEMS[usize::try_from(self.n / 4 % 3).unwrap()]
    }
    /// The hall to which somebody came; none for those on line.
    fn hall(&self) -> Option<&'static str> {
        self.n.is_multiple_of(3).then_some(ORGS[0])
    }
    fn state(&self) -> &'static str {
        STATES[usize::try_from(self.n / 2 % 3).unwrap()]
    }
    fn enterprise(&self) -> bool {
        self.n.is_multiple_of(5)
    }
    /// Several are received at once.
    fn received(&self) -> i64 {
        i64::try_from(self.n / 3).unwrap() * 1_000_000
    }
    fn due(&self) -> Option<String> {
        match self.state() {
            "DELIVERED" => None,
            "CORRECTING" => Some(NO_LIMIT.to_owned()),
            _ => Some(format!("2026-03-{:02}", self.n % 28 + 1)),
        }
    }
    fn decided(&self) -> Option<String> {
        (self.state() == "DELIVERED").then(|| format!("2026-02-{:02}", self.n % 28 + 1))
    }
    fn delivered(&self) -> Option<String> {
        (self.state() == "DELIVERED").then(|| format!("2026-03-{:02}", self.n % 28 + 1))
    }
    fn one_visit(&self) -> Option<bool> {
        self.delivered().map(|_| !self.n.is_multiple_of(5))
    }
}

async fn filled(store: &Store, cases: u64) {
    let shape = store.shape("case_file", &[]).await.unwrap();
    let hands = store.shape("case_hand", &[]).await.unwrap();
    let text = |text: &str| Cell::Text(text.to_owned());
    let day = |day: Option<String>| day.map_or(Cell::Null, Cell::Text);
    let row = |one: &One| {
        let mut row = vec![Cell::Null; shape.width()];
        for (column, cell) in [
            ("bureau", text(BUREAU)),
            ("case_id", Cell::Id(one.id())),
            ("version", Cell::Int(1)),
            ("state", text(one.state())),
            ("number", text(&format!("180100X{}", one.n))),
            ("item", text(one.item())),
            ("edition", Cell::Int(1)),
            ("name_zh", text("事项")),
            ("name_en", text("Item")),
            ("person_id", Cell::Id(Uuid::from_u128(1))),
            (
                "employer_id",
                if one.enterprise() {
                    Cell::Id(Uuid::from_u128(2))
                } else {
                    Cell::Null
                },
            ),
            ("applicant_masked", text("王*")),
            ("number_tail", text("0020")),
            ("org", text(one.org())),
            ("channel", text("online")),
            ("hall", one.hall().map_or(Cell::Null, text)),
            ("received_us", Cell::Int(one.received())),
            ("provisional", Cell::Int(0)),
            ("decided_on", day(one.decided())),
            ("delivered_on", day(one.delivered())),
            (
                "one_visit",
                one.one_visit()
                    .map_or(Cell::Null, |has| Cell::Int(i64::from(has))),
            ),
            ("due_on", day(one.due())),
            ("updated_us", Cell::Int(one.received())),
            ("wrapped_key", Cell::Bytes(vec![1])),
            ("sealed_query_code", Cell::Bytes(vec![1])),
            ("body", text("{}")),
        ] {
            row[shape.at(column).unwrap()] = cell;
        }
        row
    };
    let hand = |one: &One| {
        let mut row = vec![Cell::Null; hands.width()];
        for (column, cell) in [
            ("bureau", text(BUREAU)),
            ("staff_id", Cell::Id(me())),
            ("case_id", Cell::Id(one.id())),
            ("at_us", Cell::Int(one.received())),
        ] {
            row[hands.at(column).unwrap()] = cell;
        }
        row
    };
    let all: Vec<One> = (0..cases).map(|n| One { n }).collect();
    let handled = all.iter().filter(|one| one.n % 2 == 0).map(hand).collect();
    let files = all.iter().map(row).collect();
    store
        .copy_in(vec![(&shape, files), (&hands, handled)])
        .await
        .unwrap();
}

fn me() -> Uuid {
    Uuid::from_u128(99)
}

fn listed(orgs: Option<&[&str]>, filter: CaseFilter) -> Listed {
    let orgs = orgs.map(|orgs| orgs.iter().map(|org| org.parse().unwrap()).collect());
    Listed {
        bureau: BUREAU.parse().unwrap(),
        orgs,
        filter,
    }
}

/// Every page of a list, until its end; and how often looking ended before a page was full.
async fn whole(store: &Store, listed: &Listed) -> (Vec<Uuid>, usize) {
    let (mut ids, mut stops) = (Vec::new(), 0);
    let mut page = PageQuery {
        cursor: None,
        limit: Some(30),
    };
    loop {
        let found = page_of(store, listed, &page).await.unwrap();
        ids.extend(found.page.rows.iter().map(|row| row.case_id));
        stops += usize::from(found.looked_to.is_some());
        page.cursor = found.page.next;
        if page.cursor.is_none() {
            return (ids, stops);
        }
    }
}

/// What a list should hold.
fn wanted(cases: u64, listed: &Listed) -> Vec<Uuid> {
    let filter = &listed.filter;
    let holds = |days: &Days, day: Option<String>| {
        let none = days == &Days::default();
        none || day.is_some_and(|day| {
            days.from.as_ref().is_none_or(|from| *from <= day)
                && days.to.as_ref().is_none_or(|to| day <= *to)
        })
    };
    let by_due = filter.hand.is_none() && (filter.urgent_first || filter.due.is_some());
    let mut all: Vec<One> = (0..cases)
        .map(|n| One { n })
        .filter(|one| {
            let org: OrgPath = one.org().parse().unwrap();
            listed
                .orgs
                .as_ref()
                .is_none_or(|orgs| orgs.iter().any(|scope| scope.contains(&org)))
                && (filter.states.is_empty()
                    || filter.states.iter().any(|state| state == one.state()))
                && filter.item.as_ref().is_none_or(|item| item == one.item())
                && filter
                    .enterprise
                    .is_none_or(|wanted| wanted == one.enterprise())
                && filter
                    .hall
                    .as_ref()
                    .is_none_or(|hall| one.hall() == Some(hall.as_str()))
                && filter
                    .received_before_us
                    .is_none_or(|before| one.received() < before)
                && holds(&filter.decided, one.decided())
                && holds(&filter.delivered, one.delivered())
                && filter
                    .marks
                    .one_visit
                    .is_none_or(|has| one.one_visit() == Some(has))
                && filter
                    .due
                    .as_ref()
                    .is_none_or(|days| holds(days, one.due()))
                && (!by_due || one.due().is_some())
                && (filter.hand.is_none() || one.n % 2 == 0)
        })
        .collect();
    if by_due {
        all.sort_by_key(|one| (one.due(), one.id()));
    } else {
        all.sort_by_key(|one| std::cmp::Reverse((one.received(), one.id())));
    }
    all.iter().map(One::id).collect()
}

fn every_list() -> Vec<Listed> {
    let all = CaseFilter::default;
    let states = |states: &[&str]| states.iter().map(|state| (*state).to_owned()).collect();
    let days = |from: &str, to: &str| Days {
        from: Some(from.to_owned()),
        to: Some(to.to_owned()),
    };
    let mut lists = Vec::new();
    for orgs in [
        None,
        Some(&["180100/insurance"][..]),
        Some(&["180100/hall", "180100/labour"][..]),
        Some(&[][..]),
    ] {
        for filter in [
            all(),
            CaseFilter {
                item: Some("JY-009".to_owned()),
                ..all()
            },
            CaseFilter {
                states: states(&["CORRECTING", "DELIVERED"]),
                ..all()
            },
            CaseFilter {
                enterprise: Some(true),
                received_before_us: Some(40_000_000),
                ..all()
            },
            CaseFilter {
                decided: days("2026-02-03", "2026-02-12"),
                ..all()
            },
            CaseFilter {
                hall: Some(ORGS[0].parse().unwrap()),
                ..all()
            },
            CaseFilter {
                delivered: days("2026-03-03", "2026-03-19"),
                marks: Marks {
                    one_visit: Some(false),
                    ..Marks::default()
                },
                ..all()
            },
            CaseFilter {
                urgent_first: true,
                ..all()
            },
            CaseFilter {
                due: Some(days("2026-03-03", "2026-03-09")),
                enterprise: Some(false),
                ..all()
            },
            CaseFilter {
                hand: Some(me()),
                ..all()
            },
            CaseFilter {
                hand: Some(me()),
                states: states(&["REVIEWING"]),
                ..all()
            },
        ] {
            lists.push(listed(orgs, filter));
        }
    }
    lists
}

on_both! {
    async fn every_list_holds_its_cases_once_and_in_order(database) {
        let store = database.open().await;
        filled(&store, 400).await;
        for list in every_list() {
            let wanted = wanted(400, &list);
            assert_eq!(whole(&store, &list).await, (wanted.clone(), 0), "{list:?}");
            let counted = count(&store, &list).await.unwrap();
            assert_eq!(counted, CaseCount { cases: wanted.len() as u64, more: false }, "{list:?}");
            if list.filter.hand.is_none() {
                let most = wanted.len() as u64;
                assert!(!is_longer(&store, &list, most).await.unwrap(), "{list:?}");
                assert!(most == 0 || is_longer(&store, &list, most - 1).await.unwrap(), "{list:?}");
            }
        }
    }
}

on_both! {
    async fn a_page_looks_through_so_many_entries_and_says_how_far_it_came(database) {
        let store = database.open().await;
        let cases = 2 * LIST_SCAN_MAX + 2_000;
        filled(&store, cases).await;
        // The oldest of all.
        let first = CaseFilter {
            decided: Days { from: Some("2026-01-01".to_owned()), to: Some("2026-01-31".to_owned()) },
            ..CaseFilter::default()
        };
        let nothing = listed(None, first);
        let page = page_of(&store, &nothing, &PageQuery::default()).await.unwrap();
        assert!(page.page.rows.is_empty() && page.page.next.is_some());
        assert!(matches!(page.looked_to, Some(Sort::At(at)) if at > 0));
        let (found, stops) = whole(&store, &nothing).await;
        assert_eq!((found.len(), stops), (0, 2));
        assert_eq!(count(&store, &nothing).await.unwrap(), CaseCount { cases: 0, more: true });
        let all = listed(None, CaseFilter::default());
        assert_eq!(count(&store, &all).await.unwrap(), CaseCount { cases: VIEW_COUNT_MAX, more: true });
        let (found, stops) = whole(&store, &all).await;
        assert_eq!((found.len() as u64, stops), (cases, 0), "what is not narrowed is never cut");
    }
}

on_both! {
    async fn every_stream_is_an_index_in_its_order(database) {
        let store = database.open().await;
        let scope = Some(&["180100/insurance"][..]);
        let filter = CaseFilter {
            states: vec!["REVIEWING".to_owned()],
            enterprise: Some(false),
            item: Some("JY-009".to_owned()),
            received_before_us: Some(7),
            ..CaseFilter::default()
        };
        let list = listed(scope, filter);
        for (stream, index) in [
            (Stream::Agency, "case_file_newest (bureau=? AND received_us>? AND received_us<?)"),
            (Stream::Org("180100/hall".to_owned()), "case_file_of_org (bureau=? AND org=? AND received_us>? AND received_us<?)"),
            (Stream::Item("SB-084".to_owned()), "case_file_of_item (bureau=? AND item=? AND received_us>? AND received_us<?)"),
            (Stream::Due, "case_file_due (bureau=? AND due_on>?)"),
        ] {
            let select = list.select(&stream, None, None).limit(31);
            if let Some(plan) = plan_of(&store, &select).await {
                assert!(plan.contains(index), "{stream:?}: {plan}");
                assert!(!plan.contains("ORDER BY"), "{stream:?}: {plan}");
            }
            let along = ordered(list.along(&stream, None), &stream).select_only().column(file::Column::CaseId);
            if let Some(plan) = plan_of(&store, &along).await {
                assert!(plan.contains("COVERING INDEX"), "{stream:?}: {plan}");
            }
        }
    }
}
