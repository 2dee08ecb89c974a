//! What one event means for the figures. Pure.

use ::store::events;
use kernel::{Date, Timestamp, caller::Actor, item::Words};
use serde::Deserialize;
use serde_json::Value;
use uuid::Uuid;

/// An event as the counters see it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Noted {
    pub bureau: String,
    pub case: Uuid,
    pub day: Date,
    pub org: String,
    pub item: String,
    /// The field of the item, where the catalogue knows it.
    pub domain: Option<String>,
    pub channel: String,
    /// The hall to which somebody came; empty on line.
    pub hall: String,
    pub name: Option<Words>,
    pub what: What,
}

/// What happened, as far as it is counted.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum What {
    /// The case came in; the day by which it must be accepted, and whether somebody came with it.
    Received {
        due_on: Option<Date>,
        at_window: bool,
    },
    /// It was accepted; the promised day, and the last one of the law.
    Accepted {
        due_on: Option<Date>,
        statutory_on: Option<Date>,
    },
    /// It waits for the applicant.
    Waiting,
    /// It goes on; the new day, where one was set, and whether somebody came for that.
    Resumed {
        due_on: Option<Date>,
        at_window: bool,
    },
    /// One of its days was counted anew: the day before, unless it is that of the promise, which
    /// is always the one that presses; and whether it is the day of the law.
    Recounted {
        old: Option<Date>,
        due_on: Date,
        statutory: bool,
    },
    /// It ended without a decision on the matter.
    Closed,
    /// It ended with a decision.
    Decided(Decision),
    /// The result reached the applicant; whether he came for it.
    Delivered { at_window: bool },
    /// Its owner rated the service.
    Rated { stars: i32 },
}

/// What a decision adds to the counters of its day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Decision {
    pub granted: i64,
    pub denied: i64,
    pub on_time: i64,
    pub instant: i64,
    pub corrected: i64,
    pub working_days: i64,
}

#[derive(Debug, Deserialize)]
struct Body {
    org: String,
    item: String,
    channel: String,
    #[serde(default)]
    hall: String,
    name: Option<Words>,
    kind: Option<String>,
    accepted_on: Option<Date>,
    promised_on: Option<Date>,
    statutory_on: Option<Date>,
    #[serde(default)]
    clocks: Vec<DueClock>,
    clock: Option<String>,
    old: Option<Date>,
    new: Option<Value>,
    #[serde(default)]
    on_time: bool,
    #[serde(default)]
    corrected: bool,
    method: Option<String>,
    at_window: Option<bool>,
    on: Option<Date>,
    #[serde(default)]
    working_days: i64,
    stars: Option<i32>,
}

#[derive(Debug, Deserialize)]
struct DueClock {
    clock: String,
    due_on: Date,
}

impl Noted {
    /// Reads an event; none when it counts for nothing.
    ///
    /// # Errors
    /// When an event that counts has another shape.
    pub(crate) fn of(
        event: &events::Model,
        domain_of: impl Fn(&str) -> Option<String>,
    ) -> Result<Option<Self>, serde_json::Error> {
        if !COUNTED.contains(&event.kind.as_str()) {
            return Ok(None);
        }
        let body: Body = serde_json::from_str(&event.body)?;
        let by_staff = matches!(serde_json::from_str(&event.actor), Ok(Actor::Staff(_)));
        let what = body.what(&event.kind, by_staff);
        Ok(what.map(|what| Self {
            bureau: event.bureau.clone(),
            case: event.stream_id,
            day: body.day(&event.kind, Timestamp::from_micros(event.at_us).day()),
            org: body.org,
            domain: domain_of(&body.item),
            item: body.item,
            channel: body.channel,
            hall: body.hall,
            name: body.name,
            what,
        }))
    }

    /// Whether the row of the open case is looked at.
    pub(crate) const fn moves_case(&self) -> bool {
        !matches!(self.what, What::Rated { .. })
    }
}

impl What {
    /// The same with other days.
    pub(crate) fn with_days(self, other: impl Fn(Date) -> Date) -> Self {
        match self {
            Self::Received { due_on, at_window } => Self::Received {
                due_on: due_on.map(other),
                at_window,
            },
            Self::Accepted {
                due_on,
                statutory_on,
            } => Self::Accepted {
                due_on: due_on.map(&other),
                statutory_on: statutory_on.map(&other),
            },
            Self::Resumed { due_on, at_window } => Self::Resumed {
                due_on: due_on.map(other),
                at_window,
            },
            Self::Recounted {
                old,
                due_on,
                statutory,
            } => Self::Recounted {
                old: old.map(&other),
                due_on: other(due_on),
                statutory,
            },
            Self::Waiting
            | Self::Closed
            | Self::Decided(_)
            | Self::Delivered { .. }
            | Self::Rated { .. } => self,
        }
    }
}

/// The kinds of events that are counted.
pub(crate) const COUNTED: [&str; 16] = [
    "case.submitted",
    "case.received",
    "case.pre_returned",
    "case.insisted",
    "case.accepted",
    "case.correction_noticed",
    "case.correction_supplied",
    "case.clock_recomputed",
    "case.granted",
    "case.denied",
    "case.not_accepted",
    "case.not_required",
    "case.lapsed",
    "case.withdrawn",
    "case.delivered",
    "rating.given",
];

impl Body {
    /// The day to which an event belongs: the one that it names for the law, else that on which it
    /// happened.
    fn day(&self, kind: &str, happened: Date) -> Date {
        match kind {
            // Silence accepts from the day of complete receipt.
            "case.accepted" => self.accepted_on.unwrap_or(happened),
            // Mail arrives on the day of its return receipt.
            "case.delivered" => self.on.map_or(happened, |on| on.min(happened)),
            _ => happened,
        }
    }

    /// A clerk who hands in for the applicant has him before his window.
    fn what(&self, kind: &str, by_staff: bool) -> Option<What> {
        Some(match kind {
            // On line an application is received when it is submitted; the clerk's word comes later.
            "case.submitted" | "case.received" => What::Received {
                due_on: self.acceptance(),
                at_window: self.channel == "window",
            },
            "case.accepted" => What::Accepted {
                due_on: self.promised_on.or(self.statutory_on),
                statutory_on: self.statutory_on,
            },
            "case.pre_returned" | "case.correction_noticed" => What::Waiting,
            "case.insisted" => What::Resumed {
                due_on: None,
                at_window: false,
            },
            "case.correction_supplied" => What::Resumed {
                due_on: self.acceptance(),
                // Older events do not say it themselves.
                at_window: self.at_window.unwrap_or(by_staff),
            },
            "case.clock_recomputed" => self.recounted()?,
            "case.granted" | "case.denied" => What::Decided(self.decision(kind)),
            "case.delivered" => What::Delivered {
                at_window: self.method.as_deref() == Some("counter"),
            },
            "rating.given" => What::Rated { stars: self.stars? },
            _ => What::Closed,
        })
    }

    fn acceptance(&self) -> Option<Date> {
        let found = self.clocks.iter().find(|due| due.clock == "acceptance");
        found.map(|due| due.due_on)
    }

    /// The new day, a date or a clock that holds one, of a limit on which a case may be late.
    fn recounted(&self) -> Option<What> {
        let clock = self.clock.as_deref()?;
        let old = match clock {
            "promised" => None,
            "acceptance" | "statutory" => Some(self.old?),
            _ => return None,
        };
        let new = self.new.as_ref()?;
        let due_on = new.get("due_on").unwrap_or(new).as_str()?.parse().ok()?;
        Some(What::Recounted {
            old,
            due_on,
            statutory: clock == "statutory",
        })
    }

    fn decision(&self, kind: &str) -> Decision {
        Decision {
            granted: i64::from(kind == "case.granted"),
            denied: i64::from(kind == "case.denied"),
            on_time: i64::from(self.on_time),
            instant: i64::from(self.kind.as_deref() == Some("instant")),
            corrected: i64::from(self.corrected),
            working_days: self.working_days,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn event(kind: &str, extra: &Value) -> events::Model {
        let mut body = json!({"org": "180100/employment", "item": "JY-009", "channel": "online",
            "kind": "instant", "name": {"zh": "失业登记"}});
        for (key, value) in extra.as_object().unwrap() {
            body[key] = value.clone();
        }
        events::Model {
            bureau: "180100".to_owned(),
            stream_id: Uuid::from_u128(7),
            seq: 1,
            stream: "case".to_owned(),
            kind: kind.to_owned(),
            at_us: testkit::MONDAY.as_micros(),
            actor: String::new(),
            body: body.to_string(),
            xid: 0,
            gid: 1,
        }
    }

    fn noted(event: &events::Model) -> Result<Option<Noted>, serde_json::Error> {
        Noted::of(event, |_| None)
    }

    fn what(kind: &str, extra: &Value) -> Option<What> {
        noted(&event(kind, extra)).unwrap().map(|noted| noted.what)
    }

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn a_decision_is_counted_with_all_its_facts() {
        let facts = json!({"on_time": true, "working_days": 3, "corrected": true});
        let decided = What::Decided(Decision {
            granted: 0,
            denied: 1,
            on_time: 1,
            instant: 1,
            corrected: 1,
            working_days: 3,
        });
        assert_eq!(what("case.denied", &facts), Some(decided));
    }

    #[test]
    fn who_comes_to_a_window_is_told_from_who_does_not() {
        let received = |channel: &str| what("case.received", &json!({"channel": channel}));
        let came = |channel: &str| matches!(received(channel), Some(What::Received { at_window, .. }) if at_window);
        assert!(came("window") && !came("online"));
        let mut supplied = event("case.correction_supplied", &json!({}));
        for (actor, came) in [
            (testkit::citizen(testkit::id(1)).actor(), false),
            (testkit::staff(testkit::id(1), "180100", &[]).actor(), true),
        ] {
            supplied.actor = serde_json::to_string(&actor).unwrap();
            let noted = noted(&supplied).unwrap().unwrap();
            let due_on = None;
            assert_eq!(
                noted.what,
                What::Resumed {
                    due_on,
                    at_window: came
                }
            );
        }
    }

    #[test]
    fn a_case_waits_for_its_applicant_until_he_submits_again_or_insists() {
        assert_eq!(what("case.pre_returned", &json!({})), Some(What::Waiting));
        let resumed = What::Resumed {
            due_on: None,
            at_window: false,
        };
        assert_eq!(what("case.insisted", &json!({})), Some(resumed.clone()));
        let said = json!({"at_window": false});
        assert_eq!(what("case.correction_supplied", &said), Some(resumed));
    }

    #[test]
    fn each_limit_on_which_a_case_may_be_late_is_recounted() {
        let due_on = day("2026-03-05");
        let moved = |clock: &str, new: Value| {
            let body = json!({"clock": clock, "old": "2026-03-04", "new": new});
            what("case.clock_recomputed", &body)
        };
        let recounted = |old, statutory| {
            Some(What::Recounted {
                old,
                due_on,
                statutory,
            })
        };
        let promised = recounted(None, false);
        assert_eq!(moved("promised", json!({"due_on": "2026-03-05"})), promised);
        assert_eq!(moved("promised", json!("2026-03-05")), promised);
        let old = Some(day("2026-03-04"));
        for clock in ["acceptance", "statutory"] {
            let other = moved(clock, json!({"due_on": "2026-03-05"}));
            assert_eq!(other, recounted(old, clock == "statutory"));
        }
        for clock in ["correction", "delivery", "pre_review"] {
            assert_eq!(moved(clock, json!({"due_on": "2026-03-05"})), None);
        }
    }

    #[test]
    fn an_event_counts_on_its_day_in_beijing() {
        let mut late = event("case.received", &json!({}));
        late.at_us = "2026-03-02T16:00:00Z"
            .parse::<Timestamp>()
            .unwrap()
            .as_micros();
        assert_eq!(noted(&late).unwrap().unwrap().day, day("2026-03-03"));
    }

    #[test]
    fn acceptance_and_delivery_count_on_the_day_that_they_name() {
        let on = |kind: &str, extra: &Value| noted(&event(kind, extra)).unwrap().unwrap().day;
        let (today, before) = (testkit::MONDAY.day(), day("2026-02-20"));
        let silent = json!({"mode": "deemed", "accepted_on": before});
        assert_eq!(on("case.accepted", &silent), before);
        let mailed = json!({"method": "mail", "on": before});
        assert_eq!(on("case.delivered", &mailed), before);
        for kind in ["case.accepted", "case.delivered"] {
            assert_eq!(on(kind, &json!({})), today, "{kind}");
        }
        assert_eq!(on("case.granted", &silent), today);
    }

    #[test]
    fn events_that_count_for_nothing_need_no_known_shape() {
        let mut other = event("case.task_opened", &json!({}));
        other.body = "[]".to_owned();
        assert_eq!(noted(&other).unwrap(), None);
        other.kind = "case.received".to_owned();
        assert!(noted(&other).is_err());
    }
}
