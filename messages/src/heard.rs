//! What an event says about whom to tell what. Pure.

use ::store::system::SeededEntropy;
use kernel::{
    Date, Event, Timestamp,
    ids::{CaseId, EmployerId, Id as _, MessageId, NoticeId, PersonId, RosterId},
    item::Words,
};
use serde::Deserialize;
use serde_json::Value;
use uuid::Uuid;

use crate::text::{Places, Texts};

/// The payload of the job that an event queues.
#[derive(Debug, Deserialize)]
pub(crate) struct Heard {
    stream: String,
    id: Uuid,
    seq: i64,
    pub kind: String,
    at: Timestamp,
    body: Body,
}

#[derive(Debug, Deserialize)]
struct Body {
    notify: Option<PersonId>,
    #[serde(default)]
    owner: Owner,
    /// The other party of the case, in what is told to it alone.
    other_party: Option<OtherParty>,
    case_id: Option<CaseId>,
    case_no: Option<String>,
    name: Words,
    notice_id: Option<NoticeId>,
    #[serde(default)]
    electronic: bool,
    how: Option<String>,
    method: Option<String>,
    due_on: Option<Date>,
    promised_on: Option<Date>,
    statutory_on: Option<Date>,
    received_at: Option<Timestamp>,
    on: Option<Date>,
    #[serde(default)]
    clocks: Vec<DueClock>,
    clock: Option<String>,
    old: Option<Date>,
    new: Option<DueClock>,
    #[serde(default)]
    shown: bool,
    /// The roster that an event is about.
    roster_id: Option<RosterId>,
    /// People of a roster.
    rows: Option<u32>,
    /// Those of them who could not be submitted.
    failed: Option<u32>,
}

/// Another party of a case than the applicant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum OtherParty {
    Person(PersonId),
    Employer(EmployerId),
}

/// Who is told of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Addressee {
    /// This person.
    Person(PersonId),
    /// The agents of an enterprise; where it has none, whoever came to the window for it.
    Enterprise(EmployerId, Option<PersonId>),
}

/// Whose case it is; only enterprises matter here.
#[derive(Debug, Default, Deserialize)]
struct Owner {
    employer: Option<EmployerId>,
}

#[derive(Debug, Deserialize)]
struct DueClock {
    clock: String,
    due_on: Date,
    #[serde(default)]
    provisional: bool,
}

impl Heard {
    /// What an event says; none when it is not written for citizens.
    fn of(event: &Event) -> Option<Self> {
        Some(Self {
            stream: event.stream.clone(),
            id: event.id,
            seq: event.seq,
            kind: event.kind.clone(),
            at: event.at,
            body: serde_json::from_value(event.body.clone()).ok()?,
        })
    }

    /// Who is to be told: the applicant or, of what is addressed to it, the other party; nobody when the
    /// event is not for citizens. A result that is served electronically is not waiting to be collected,
    /// and a limit that was counted again matters to him only if it is the one he was told and its day
    /// has moved.
    pub(crate) fn addressee(&self) -> Option<Addressee> {
        let matters = match self.kind.as_str() {
            "case.ready" => self.body.how.as_deref() != Some("electronic"),
            "case.clock_recomputed" => {
                self.body.shown && self.body.old != self.body.new.as_ref().map(|new| new.due_on)
            }
            _ => true,
        };
        if !matters {
            return None;
        }
        match self.body.other_party {
            Some(OtherParty::Person(person)) => Some(Addressee::Person(person)),
            Some(OtherParty::Employer(employer)) => Some(Addressee::Enterprise(employer, None)),
            None => {
                let person = self.body.notify?;
                Some(match self.body.owner.employer {
                    Some(employer) => Addressee::Enterprise(employer, Some(person)),
                    None => Addressee::Person(person),
                })
            }
        }
    }

    /// The roster whose results are served by the arrival of this message.
    pub(crate) fn served_roster(&self) -> Option<RosterId> {
        let finished = self.kind == "roster.finished" && self.body.electronic;
        self.body.roster_id.filter(|_| finished)
    }

    /// To which aggregate it happened.
    pub(crate) const fn stream_id(&self) -> Uuid {
        self.id
    }

    /// Whether it is worth a short message, seen by itself: there are words for one, and it is not
    /// the arrival of a result that an earlier message has told of.
    pub(crate) fn has_short_words(&self, texts: &Texts) -> bool {
        let told_before =
            self.kind == "case.delivered" && self.body.method.as_deref() == Some("electronic");
        self.addressee().is_some() && !told_before && texts.has_sms(&self.kind)
    }

    /// Whether the short message is this one's. One act of somebody is one short message to each who is
    /// told: of all that happened to a case at one moment, the last that is worth one speaks for the
    /// others.
    pub(crate) fn has_the_last_word(&self, history: &[Event], texts: &Texts) -> bool {
        let mut later = history
            .iter()
            .filter(|event| event.seq > self.seq && event.at == self.at)
            .filter_map(Self::of);
        let speaks_for_it =
            |heard: Self| heard.addressee() == self.addressee() && heard.has_short_words(texts);
        self.has_short_words(texts) && !later.any(speaks_for_it)
    }

    /// The case it is about.
    pub(crate) fn case_id(&self) -> Option<CaseId> {
        if self.stream == "case" {
            Some(CaseId::from_uuid(self.id))
        } else {
            self.body.case_id
        }
    }

    /// The notice that the message brings.
    pub(crate) const fn notice_id(&self) -> Option<NoticeId> {
        self.body.notice_id
    }

    /// Whether its papers are served by their arrival in the message box: the applicant agreed for
    /// this case, and has taken nothing back.
    pub(crate) const fn is_served_electronically(&self) -> bool {
        self.body.electronic
    }

    /// The values for the places of the template.
    pub(crate) fn places(&self) -> Places {
        Places {
            item: self.body.name.clone(),
            case_no: self.body.case_no.clone(),
            date: self.date(),
            provisional: self.due_clock().is_some_and(|due| due.provisional),
            limit: self.body.clock.clone(),
            count: self.body.rows,
            failed: self.body.failed,
            roster: self.body.roster_id,
        }
    }

    /// The id of the message: the same each time for one event and one person.
    pub(crate) fn message_id(&self, to: PersonId) -> MessageId {
        let source = format!(
            "{} {} {} {} {to}",
            self.stream, self.id, self.seq, self.kind
        );
        let mut entropy = SeededEntropy::new(seal::sm3(source.as_bytes()));
        MessageId::new(self.at, &mut entropy)
    }

    fn date(&self) -> Option<Date> {
        let body = &self.body;
        let due_on = || self.due_clock().map(|due| due.due_on);
        match self.kind.as_str() {
            "case.submitted" => body.due_on.or_else(due_on),
            "case.accepted" => body.promised_on.or(body.statutory_on),
            "case.correction_noticed" => body.due_on,
            "case.clock_recomputed" => due_on(),
            "case.delivered" => Some(body.on.unwrap_or_else(|| self.at.day())),
            "case.received" => Some(body.received_at.unwrap_or(self.at).day()),
            _ => Some(self.at.day()),
        }
    }

    /// The clock whose day the message names.
    fn due_clock(&self) -> Option<&DueClock> {
        let started = |kinds: &[&str]| {
            let clocks = &self.body.clocks;
            let found = |kind: &&str| clocks.iter().find(|due| due.clock == *kind);
            kinds.iter().find_map(found)
        };
        match self.kind.as_str() {
            "case.submitted" => started(&["pre_review", "acceptance"]),
            "case.accepted" => started(&["promised", "statutory"]),
            "case.correction_noticed" => started(&["correction"]),
            "case.clock_recomputed" => self.body.new.as_ref(),
            _ => None,
        }
    }
}

/// Whether a case came alone: of a row of a roster one message about the roster tells that it was taken
/// in, and what rules did with it. Whatever a person does to it is told like that of any other.
pub(crate) fn alone(body: &Value) -> bool {
    body.get("roster").is_none()
}

/// Whether its acceptance is told by itself.
pub(crate) fn accepted_alone(body: &Value) -> bool {
    alone(body) || body.get("mode").and_then(Value::as_str) != Some("automatic")
}

/// Whether its grant is told by itself.
pub(crate) fn granted_alone(body: &Value) -> bool {
    alone(body) || body.get("by_rule").is_none_or(Value::is_null)
}

/// Whether its delivery is told by itself.
pub(crate) fn delivered_alone(body: &Value) -> bool {
    alone(body) || body.get("method").and_then(Value::as_str) != Some("electronic")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn heard(kind: &str, extra: &Value) -> Heard {
        let mut body = json!({"notify": testkit::id::<PersonId>(1), "name": {"zh": "失业登记"}});
        for (key, value) in extra.as_object().unwrap() {
            body[key] = value.clone();
        }
        let payload = json!({"v": 1, "stream": "case", "id": Uuid::from_u128(7), "seq": 3,
            "kind": kind, "at": testkit::MONDAY, "body": body});
        serde_json::from_value(payload).unwrap()
    }

    fn date(kind: &str, extra: &Value) -> Option<String> {
        heard(kind, extra).date().map(|date| date.to_string())
    }

    #[test]
    fn the_date_is_the_one_that_matters_to_the_citizen() {
        let clocks = json!({"clocks": [{"clock": "statutory", "due_on": "2026-04-01"},
            {"clock": "acceptance", "due_on": "2026-03-09"}]});
        assert_eq!(date("case.submitted", &clocks).unwrap(), "2026-03-09");
        let accepted = json!({"promised_on": "2026-03-03", "statutory_on": "2026-03-30"});
        assert_eq!(date("case.accepted", &accepted).unwrap(), "2026-03-03");
        assert_eq!(date("case.accepted", &json!({})), None);
        let received = json!({"received_at": "2026-02-28T16:00:00Z"});
        assert_eq!(date("case.received", &received).unwrap(), "2026-03-01");
        assert_eq!(date("case.granted", &json!({})).unwrap(), "2026-03-02");
        let mailed = json!({"method": "mail", "on": "2026-02-27"});
        assert_eq!(date("case.delivered", &mailed).unwrap(), "2026-02-27");
        assert_eq!(date("case.delivered", &json!({})).unwrap(), "2026-03-02");
    }

    #[test]
    fn a_day_that_may_still_move_is_known_as_such() {
        let clocks = |provisional: bool| {
            json!({"due_on": "2027-01-18", "clocks": [
                {"clock": "correction", "due_on": "2027-01-18", "provisional": provisional}]})
        };
        let places = |provisional| heard("case.correction_noticed", &clocks(provisional)).places();
        assert!(places(true).provisional && !places(false).provisional);
    }

    #[test]
    fn a_limit_counted_again_is_told_when_the_applicant_goes_by_it_and_its_day_has_moved() {
        let recounted = |shown: bool, on: &str| {
            let new = json!({"clock": "correction", "due_on": on, "provisional": false});
            let body =
                json!({"clock": "correction", "old": "2027-01-18", "new": new, "shown": shown});
            heard("case.clock_recomputed", &body)
        };
        let told = recounted(true, "2027-01-19");
        assert!(told.addressee().is_some());
        assert_eq!(told.date().unwrap().to_string(), "2027-01-19");
        assert_eq!(told.places().limit.as_deref(), Some("correction"));
        assert_eq!(recounted(true, "2027-01-18").addressee(), None);
        assert_eq!(recounted(false, "2027-01-19").addressee(), None);
    }

    #[test]
    fn nobody_is_asked_to_collect_what_arrives_electronically() {
        assert!(
            heard("case.ready", &json!({"how": "counter"}))
                .addressee()
                .is_some()
        );
        assert_eq!(
            heard("case.ready", &json!({"how": "electronic"})).addressee(),
            None
        );
    }

    #[test]
    fn what_is_addressed_to_the_other_party_is_told_to_it_and_not_to_the_applicant() {
        let told =
            |other: Value| heard("case.other_party_notified", &json!({"other_party": other}));
        let (person, firm) = (testkit::id::<PersonId>(3), testkit::id::<EmployerId>(4));
        let to = |other| told(other).addressee().unwrap();
        assert_eq!(to(json!({"person": person})), Addressee::Person(person));
        assert_eq!(
            to(json!({"employer": firm})),
            Addressee::Enterprise(firm, None)
        );
        let applicant = heard("case.accepted", &json!({})).addressee().unwrap();
        assert_eq!(applicant, Addressee::Person(testkit::id(1)));
    }

    #[test]
    fn a_roster_is_told_once_and_what_people_do_to_its_cases_each_time() {
        let roster = testkit::id::<RosterId>(5);
        let of_row = |mut body: Value| {
            body["roster"] = json!(roster);
            body
        };
        assert!(alone(&json!({})) && !alone(&of_row(json!({}))));
        assert!(!accepted_alone(&of_row(json!({"mode": "automatic"}))));
        assert!(accepted_alone(&of_row(json!({"mode": "regular"}))));
        assert!(!granted_alone(&of_row(json!({"by_rule": "R1"}))));
        assert!(granted_alone(&of_row(json!({"by_rule": null}))));
        assert!(!delivered_alone(&of_row(json!({"method": "electronic"}))));
        assert!(delivered_alone(&of_row(json!({"method": "counter"}))));
        assert!(granted_alone(&json!({"by_rule": "R1"})));
        let finished = json!({"roster_id": roster, "electronic": true, "rows": 9972});
        let whole = heard("roster.finished", &finished);
        assert!(whole.addressee().is_some());
        assert_eq!(whole.served_roster(), Some(roster));
        assert_eq!(whole.places().count, Some(9972));
        assert_eq!(heard("roster.checked", &finished).served_roster(), None);
    }

    #[test]
    fn one_event_has_one_message_id_for_each_person() {
        let id = |kind, n| heard(kind, &json!({})).message_id(testkit::id(n));
        assert_eq!(id("case.granted", 1), id("case.granted", 1));
        assert_ne!(id("case.granted", 1), id("case.received", 1));
        assert_ne!(id("case.granted", 1), id("case.granted", 2));
    }
}
