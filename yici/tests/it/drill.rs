//! Every figure leads to a list with exactly as many cases, or ratings, as it says.

use serde_json::Value;

use crate::harness::TestApp;

/// What counts on days of its own.
const HAPPENED: [&str; 5] = ["received", "accepted", "closed", "decided", "delivered"];
/// What a rate counts, and among which.
const MARKS: [(&str, &str); 5] = [
    ("on_time", "decided"),
    ("within_law", "decided"),
    ("one_visit", "delivered"),
    ("instant", "decided"),
    ("corrected", "decided"),
];
/// The ways in which figures are told apart, and what narrows a list to one of them.
const GROUPS: [(&str, &str); 5] = [
    ("by_item", "item"),
    ("by_bureau", ""),
    ("by_org", "org"),
    ("by_channel", "channel"),
    ("by_hall", "hall"),
];

/// The lists that some figures lead to, and how many cases each must hold.
fn lists(figures: &Value, days: (&str, &str)) -> Vec<(String, i64)> {
    let (first, last) = days;
    let between = |happened: &str| format!("{happened}_from={first}&{happened}_to={last}");
    let number = |pointer: &str| figures.pointer(pointer).unwrap().as_i64().unwrap();
    let happened = HAPPENED.map(|what| (between(what), number(&format!("/{what}"))));
    let marks = MARKS.into_iter().flat_map(|(mark, of)| {
        let share = |part: &str| number(&format!("/basis/{mark}/{part}"));
        let marked = |has| format!("{}&{mark}={has}", between(of));
        let with = share("numerator");
        [
            (marked(true), with),
            (marked(false), share("denominator") - with),
        ]
    });
    happened.into_iter().chain(marks).collect()
}

fn orgs(board: &Value) -> String {
    let orgs = board["orgs"].as_array().unwrap().iter();
    let orgs: Vec<&str> = orgs.map(|org| org.as_str().unwrap()).collect();
    orgs.join(",")
}

/// The figures of an agency on some days, all together and group by group, beside their lists. Returns
/// how many cases were compared.
pub(crate) async fn lead_to_their_cases(
    app: &TestApp,
    (leader, bureau): (&str, &str),
    days: (&str, &str),
) -> i64 {
    let who = app.staff(leader).await;
    let (first, last) = days;
    let path = format!("/insight/figures?period=own&from={first}&to={last}&bureau={bureau}");
    let board = app.get(&who, &path).await;
    assert_eq!(board["visible"], true);
    let whole = format!("org={}", orgs(&board));
    let mut wanted: Vec<(String, i64)> = Vec::new();
    let mut add = |place: &str, lists: Vec<(String, i64)>| {
        wanted.extend(
            lists
                .into_iter()
                .map(|(list, n)| (format!("{place}&{list}"), n)),
        );
    };
    let overdue = |figures: &Value| {
        let overdue = figures["overdue"].as_i64().unwrap();
        ("clock=overdue".to_owned(), overdue)
    };
    add(&whole, lists(&board["figures"], days));
    // How many were overdue on a day that is over no list tells.
    if app.now().day().to_string() == last {
        add(&whole, vec![overdue(&board["figures"])]);
    }
    for (by, narrows) in GROUPS {
        for group in board[by].as_array().unwrap() {
            assert_eq!(group["visible"], true, "{by} {group}");
            let key = group["key"].as_str().unwrap();
            let place = match narrows {
                "" => whole.clone(),
                "org" => format!("org={key}"),
                _ => format!("{whole}&{narrows}={key}"),
            };
            add(&place, lists(group, days));
            add(&place, vec![overdue(group)]);
        }
    }
    for (list, cases) in &wanted {
        let counted = app
            .get(&who, &format!("/workbench/cases/count?{list}"))
            .await;
        assert_eq!(counted["cases"].as_i64(), Some(*cases), "{list}");
        assert_eq!(counted["more"], false, "{list}");
    }
    wanted.iter().map(|(_, cases)| cases).sum()
}

/// The ratings of the last months of an agency, and of each item and organisation with enough of them,
/// beside their lists. Returns how many were compared.
pub(crate) async fn lead_to_their_ratings(app: &TestApp, (leader, bureau): (&str, &str)) -> i64 {
    let who = app.staff(leader).await;
    let figures = format!("/insight/figures?period=90&bureau={bureau}");
    let board = app.get(&who, &figures).await;
    let mut narrowed = vec![String::new()];
    for (by, narrows) in [("by_item", "item"), ("by_org", "org")] {
        let groups = board[by].as_array().unwrap().iter();
        narrowed
            .extend(groups.map(|group| format!("{narrows}={}", group["key"].as_str().unwrap())));
    }
    let mut compared = 0;
    for narrowed in narrowed {
        let board = app.get(&who, &format!("{figures}&{narrowed}")).await;
        let ratings = &board["ratings"];
        let (rated, stars) = (ratings["rated"].as_i64().unwrap(), &ratings["stars"]);
        assert_eq!(ratings["visible"], true);
        // Of fewer than ten nothing is told.
        if rated == 0 {
            continue;
        }
        let month = |which: &str| ratings[which].as_str().unwrap()[..7].to_owned();
        let item = narrowed.strip_prefix("item=").unwrap_or_default();
        let item = if item.is_empty() {
            String::new()
        } else {
            format!("&item={item}")
        };
        let list = format!(
            "/workbench/ratings?from={}&to={}&org={}{item}",
            month("from"),
            month("to"),
            orgs(&board)
        );
        let summary = app.get(&who, &list).await["summary"].clone();
        assert_eq!(summary["rated"].as_i64(), Some(rated), "{list}");
        for row in stars.as_array().unwrap() {
            let of = row["stars"].to_string();
            assert_eq!(summary["stars"][&of], row["count"], "{list}: {of}");
        }
        compared += rated;
    }
    compared
}
