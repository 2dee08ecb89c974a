//! The figures of a period: equal to a recount over the events, whatever they are narrowed to, and
//! within the posts of whoever asks.

use serde_json::{Value, json};
use testkit::{MONDAY, on_both};

use crate::common::{City, Happening, happens};

const DAY: i64 = 24 * 60 * 60;
const ITEMS: [&str; 3] = ["JY-009", "SB-084", "XX-001"];
const ORGS: [&str; 4] = [
    "180100/employment",
    "180100/insurance",
    "180100/insurance/pension",
    "180102/employment",
];
/// Channels and halls.
const PLACES: [(&str, &str); 3] = [
    ("online", ""),
    ("window", "180100/hall"),
    ("window", "180102/hall"),
];

/// Numbers that look random and are the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: u64) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        usize::try_from((self.0 >> 33) % bound).unwrap()
    }
}

/// What happened, as the recount sees it.
#[derive(Clone)]
struct Told {
    day: usize,
    kind: &'static str,
    item: &'static str,
    org: &'static str,
    channel: &'static str,
    hall: &'static str,
    on_time: bool,
    within_law: bool,
    one_visit: bool,
}

struct Case {
    number: u128,
    item: &'static str,
    org: &'static str,
    channel: &'static str,
    hall: &'static str,
    received: usize,
}

impl Case {
    fn new(number: u128, dice: &mut Dice, received: usize) -> Self {
        let (item, org) = (ITEMS[dice.below(3)], ORGS[dice.below(4)]);
        let (channel, hall) = PLACES[dice.below(3)];
        Self {
            number,
            item,
            org,
            channel,
            hall,
            received,
        }
    }

    fn happens(&self, kind: &'static str, extra: &Value) -> Happening {
        let mut body = json!({"item": self.item, "channel": self.channel, "hall": self.hall});
        for (key, value) in extra.as_object().unwrap() {
            body[key] = value.clone();
        }
        Happening {
            org: self.org,
            ..happens(self.number, kind, body)
        }
    }

    fn told(&self, day: usize, kind: &'static str) -> Told {
        Told {
            day,
            kind,
            item: self.item,
            org: self.org,
            channel: self.channel,
            hall: self.hall,
            on_time: false,
            within_law: false,
            one_visit: false,
        }
    }
}

/// Two weeks of cases of three items in four organisations of two agencies, on line and in two halls.
async fn two_weeks(city: &City) -> Vec<Told> {
    let mut dice = Dice(7);
    let mut told = Vec::new();
    let mut open: Vec<Case> = Vec::new();
    for day in 0..14 {
        city.clock
            .set(MONDAY.plus_seconds(i64::try_from(day).unwrap() * DAY));
        let mut today = Vec::new();
        for n in 0..5 {
            let case = Case::new(u128::try_from(day * 100 + n + 1).unwrap(), &mut dice, day);
            today.push(case.happens("case.received", &json!({})));
            told.push(case.told(day, "received"));
            let law = json!({"mode": "regular", "promised_on": "2026-03-05", "statutory_on": "2026-03-09"});
            today.push(case.happens("case.accepted", &law));
            told.push(case.told(day, "accepted"));
            open.push(case);
        }
        while open.len() > 6 {
            let case = open.swap_remove(dice.below(7));
            let on_time = dice.below(3) > 0;
            let decided = json!({"on_time": on_time, "working_days": day - case.received, "corrected": false});
            today.push(case.happens("case.granted", &decided));
            let collects = dice.below(2) == 0;
            let method = if collects { "counter" } else { "electronic" };
            today.push(case.happens("case.delivered", &json!({"method": method})));
            let other_day = case.received != day;
            told.push(Told {
                on_time,
                // The limit of the law is the 8th day from the first.
                within_law: day <= 7,
                one_visit: !(case.channel == "window" && collects && other_day),
                ..case.told(day, "decided")
            });
        }
        city.happen_in_agencies(today).await;
    }
    city.count().await;
    told
}

/// The figures of the answer that the recount knows too.
fn figures(answer: &Value) -> [i64; 7] {
    let basis = &answer["basis"];
    [
        &answer["received"],
        &answer["accepted"],
        &answer["decided"],
        &answer["delivered"],
        &basis["on_time"]["numerator"],
        &basis["within_law"]["numerator"],
        &basis["one_visit"]["numerator"],
    ]
    .map(|value| value.as_i64().unwrap())
}

fn recount<'a>(told: impl Iterator<Item = &'a Told>) -> [i64; 7] {
    let mut sums = [0; 7];
    for one in told {
        match one.kind {
            "received" => sums[0] += 1,
            "accepted" => sums[1] += 1,
            _ => {
                sums[2] += 1;
                sums[3] += 1;
                sums[4] += i64::from(one.on_time);
                sums[5] += i64::from(one.within_law);
                sums[6] += i64::from(one.one_visit);
            }
        }
    }
    sums
}

/// Groups that lie in no other one: an organisation holds those below it.
fn outermost<'a>(answer: &'a Value, by: &str) -> Vec<&'a Value> {
    let groups = answer[by].as_array().unwrap();
    let key = |group: &Value| group["key"].as_str().unwrap().to_owned();
    let lies_in = |one: &Value, outer: &Value| key(one).starts_with(&format!("{}/", key(outer)));
    let all = groups.iter();
    all.filter(|one| !groups.iter().any(|outer| lies_in(one, outer)))
        .collect()
}

fn parts(answer: &Value, by: &str) -> [i64; 7] {
    let mut sums = [0; 7];
    for group in outermost(answer, by) {
        for (sum, part) in sums.iter_mut().zip(figures(group)) {
            *sum += part;
        }
    }
    sums
}

on_both! {
    async fn figures_are_equal_to_a_recount_whatever_they_are_narrowed_to(database) {
        let city = City::open(&database).await;
        let told = two_weeks(&city).await;
        let periods = [("today", 13, 13), ("7", 7, 13), ("30", 0, 13), ("own&from=2026-03-04&to=2026-03-11", 2, 9)];
        for (period, first, last) in periods {
            for item in [None, Some("JY-009"), Some("XX-001")] {
                for org in [None, Some("180100"), Some("180102"), Some("180100/insurance")] {
                    for (channel, hall) in [(None, None), (Some("window"), None), (None, Some(PLACES[2].1))] {
                        let mut path = format!("/insight/figures?period={period}");
                        for (name, value) in [("item", item), ("org", org), ("channel", channel), ("hall", hall)] {
                            path += &value.map(|value| format!("&{name}={value}")).unwrap_or_default();
                        }
                        let answer = city.get(&path, "city").await;
                        let counts = |one: &&Told| {
                            (first..=last).contains(&one.day)
                                && item.is_none_or(|item| one.item == item)
                                && org.is_none_or(|org| one.org == org || one.org.starts_with(&format!("{org}/")))
                                && channel.is_none_or(|channel| one.channel == channel)
                                && hall.is_none_or(|hall| one.hall == hall)
                        };
                        let expected = recount(told.iter().filter(counts));
                        assert_eq!(figures(&answer["figures"]), expected, "{path}");
                        for by in ["by_item", "by_bureau", "by_org", "by_channel"] {
                            assert_eq!(parts(&answer, by), expected, "{by} of {path}");
                        }
                        let came = told.iter().filter(counts).filter(|one| one.channel == "window");
                        assert_eq!(parts(&answer, "by_hall"), recount(came), "{path}");
                        let days = answer["days"].as_array().unwrap();
                        let from = days.len() - (last - first + 1);
                        let of_days: i64 = days[from..].iter().map(|day| day["received"].as_i64().unwrap()).sum();
                        assert_eq!(of_days, expected[0], "{path}");
                        let open = |group: &Value| group["open"].as_i64().unwrap();
                        let open_parts: i64 = outermost(&answer, "by_org").into_iter().map(open).sum();
                        assert_eq!(open_parts, open(&answer["figures"]), "{path}");
                    }
                }
            }
        }
    }
}

on_both! {
    async fn a_period_stands_beside_the_one_before_and_tells_what_is_overdue(database) {
        let city = City::open(&database).await;
        let told = two_weeks(&city).await;
        let answer = city.get("/insight/figures?period=7", "city").await;
        assert_eq!((&answer["before_from"], &answer["before_to"]), (&json!("2026-03-02"), &json!("2026-03-08")));
        let before = recount(told.iter().filter(|one| one.day < 7));
        assert_eq!(figures(&answer["before"]), before);
        // All six that are open are past their promised day.
        assert_eq!((&answer["figures"]["open"], &answer["figures"]["overdue"]), (&json!(6), &json!(6)));
        let days = answer["days"].as_array().unwrap();
        assert_eq!((days.len(), &days[3]["overdue"]), (14, &json!(0)));
        assert_eq!(answer["counted_to"], json!(null));
        let week = city.get("/insight/figures?period=today", "city").await;
        assert_eq!(week["before_from"], "2026-03-08");
    }
}

on_both! {
    async fn figures_stay_within_the_posts_of_the_caller(database) {
        let city = City::open(&database).await;
        for (n, org) in [(1, "180100/employment"), (2, "180100/insurance/unemployment"), (3, "180100/insurance-cards"), (4, "180102/employment")] {
            city.happen(Happening { org, ..happens(n, "case.received", json!({})) }).await;
        }
        city.count().await;
        for (token, received, whole, visible) in [("city", 4, true, false), ("insurance", 1, false, true), ("district", 1, false, true), ("blind", 1, false, false)] {
            let answer = city.get("/insight/figures", token).await;
            assert_eq!((&answer["figures"]["received"], &answer["figures"]["open"]), (&json!(received), &json!(received)), "{token}");
            assert_eq!((&answer["whole_city"], &answer["visible"]), (&json!(whole), &json!(visible)), "{token}");
            assert_eq!(answer["by_org"].as_array().unwrap().len(), received, "{token}");
        }
        // In his own agency he may look at the cases, in the district at the figures only.
        let whole = city.get("/insight/figures", "city").await;
        let bureaus: Vec<(&Value, &Value)> = whole["by_bureau"].as_array().unwrap().iter().map(|one| (&one["key"], &one["visible"])).collect();
        assert_eq!(bureaus, [(&json!("180100"), &json!(true)), (&json!("180102"), &json!(false))]);
        let own = city.get("/insight/figures?bureau=180100", "city").await;
        assert_eq!((&own["figures"]["received"], &own["visible"]), (&json!(3), &json!(true)));
        for (path, token) in [("bureau=180100", "district"), ("org=180100/employment", "insurance"), ("bureau=no%20place", "city"), ("bureau=180102&org=180100/employment", "city")] {
            assert_eq!(city.get(&format!("/insight/figures?{path}"), token).await["code"], "E1922", "{path} {token}");
        }
        for path in ["/insight/figures", "/insight/choices", "/insight/definitions"] {
            for token in ["clerk", "ada"] {
                assert_eq!(city.get(path, token).await["code"], "E1102", "{path} {token}");
            }
            assert_eq!(city.get(path, "nobody").await["code"], "E1101", "{path}");
        }
    }
}

on_both! {
    async fn what_nobody_knows_is_refused_and_what_is_empty_is_told(database) {
        let city = City::open(&database).await;
        let empty = city.get("/insight/figures?item=SB-084", "city").await;
        assert_eq!((figures(&empty["figures"]), &empty["figures"]["on_time_rate"]), ([0; 7], &json!(null)));
        assert_eq!((&empty["by_item"], empty["days"].as_array().unwrap().len()), (&json!([]), 30));
        for (query, code) in [
            ("item=SB-999", "E1920"), ("item=nonsense", "E1920"), ("domain=nothing", "E1920"),
            ("period=own&from=2026-03-02", "E1921"), ("period=own&from=2026-03-02&to=2026-03-01", "E1921"),
            ("period=own&from=2026-03-02&to=2026-03-03", "E1921"), ("period=own&from=2024-03-02&to=2026-03-01", "E1921"),
            ("period=12", "E1014"), ("channel=kiosk", "E1014"), ("hall=no%20place", "E1014"), ("period=own&from=yesterday", "E1014"),
        ] {
            assert_eq!(city.get(&format!("/insight/figures?{query}"), "city").await["code"], code, "{query}");
        }
        let body = city.get("/insight/definitions", "city").await;
        assert_eq!(body[0]["figure"], "received");
    }
}

on_both! {
    async fn a_field_is_all_its_items_and_choices_name_what_was_counted(database) {
        let city = City::open(&database).await;
        for (n, item) in [(1, "JY-009"), (2, "SB-084"), (3, "XX-001")] {
            city.happen(happens(n, "case.received", json!({"item": item}))).await;
        }
        city.count().await;
        let insurance = city.get(&format!("/insight/figures?domain={}", "%E7%A4%BE%E4%BF%9D"), "city").await;
        assert_eq!(insurance["figures"]["received"], 1);
        assert_eq!((&insurance["by_item"][0]["key"], &insurance["by_item"][0]["name"]["zh"]), (&json!("SB-084"), &json!("失业保险金申领")));
        let neither = city.get("/insight/figures?domain=%E7%A4%BE%E4%BF%9D&item=JY-009", "city").await;
        assert_eq!(neither["code"], "E1920");
        let choices = city.get("/insight/choices", "city").await;
        let items: Vec<(&Value, &Value)> = choices["items"].as_array().unwrap().iter().map(|one| (&one["item"], &one["domain"])).collect();
        // Who is not in the catalogue any more has the name of its events.
        assert_eq!(items, [(&json!("JY-009"), &json!("就业")), (&json!("SB-084"), &json!("社保")), (&json!("XX-001"), &json!(null))]);
        assert_eq!(choices["bureaus"].as_array().unwrap().len(), 2);
        let own = city.get("/insight/choices", "insurance").await;
        assert_eq!((own["bureaus"].as_array().unwrap().len(), &own["orgs"][0]["org"]), (1, &json!("180100/insurance")));
        assert_eq!(own["orgs"].as_array().unwrap().len(), 1);
    }
}

on_both! {
    async fn ratings_are_told_for_whole_months_or_not_at_all(database) {
        let city = City::open(&database).await;
        let rate = async |stars: i32, times: u128, from: u128| {
            for n in 0..times {
                city.happen(happens(from + n, "rating.given", json!({"stars": stars, "labels": []}))).await;
            }
            city.count().await;
        };
        let told = async |query: &str| {
            let answer = city.get(&format!("/insight/figures?{query}"), "city").await;
            let ratings = &answer["ratings"];
            (ratings["rated"].clone(), ratings["rating_mean"].clone(), ratings["stars"][0]["count"].clone(), ratings["to"].clone())
        };
        rate(5, 9, 100).await;
        rate(1, 1, 200).await;
        // The month is not over, whatever days are asked for.
        let february = json!("2026-02-28");
        for query in ["period=today", "period=90", "period=own&from=2026-03-02&to=2026-03-02"] {
            assert_eq!(told(query).await, (json!(0), json!(null), json!(0), february.clone()), "{query}");
        }
        city.clock.set(MONDAY.plus_seconds(31 * DAY));
        let march = (json!(10), json!(4.6), json!(9), json!("2026-03-31"));
        assert_eq!(told("period=today").await, march);
        // One day of it is all of it: no day leads to a rater.
        assert_eq!(told("period=own&from=2026-03-05&to=2026-03-05").await, march);
        // Nine in one organisation are too few.
        assert_eq!(told("period=30&channel=window").await.0, json!(0));
        let public = city.get("/insight/public", "nobody").await;
        assert_eq!(public["rating_mean"], json!(null));
    }
}
