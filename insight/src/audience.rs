//! Who may hear of an event on a live page, and what he hears: a kind and ids. Pure.

use ::store::events::{self, Position};
use kernel::{
    DivisionCode, OrgPath, Permission as _, Principal,
    caller::{Acting, CanViewCases, Citizen, Staff},
    event::is_internal,
    ids::{CaseId, EmployerId, Id as _, PersonId, TaskId},
};
use serde::{Deserialize, Serialize};

/// What kind of page is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Topic {
    Cases,
    Tasks,
    Messages,
}

impl Topic {
    /// The name of the event in the stream.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Cases => "cases",
            Self::Tasks => "tasks",
            Self::Messages => "messages",
        }
    }
}

/// All a live page is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub(crate) struct Told {
    /// What happened, such as `case.accepted`.
    pub kind: String,
    /// To which case.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub case_id: Option<CaseId>,
    /// To which task.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub task_id: Option<TaskId>,
}

/// An event with those who may hear of it.
#[derive(Debug, Clone)]
pub(crate) struct News {
    pub position: Position,
    pub told: Told,
    stream: Stream,
    bureau: DivisionCode,
    persons: Vec<PersonId>,
    employers: Vec<EmployerId>,
    orgs: Vec<OrgPath>,
    /// The permission a task needs, and where.
    task: Option<(String, OrgPath)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stream {
    Case,
    Message,
}

#[derive(Debug, Deserialize)]
struct Body {
    notify: Option<PersonId>,
    owner: Option<Owner>,
    /// The other party of a case, where it is told too.
    other_party: Option<Owner>,
    org: Option<OrgPath>,
    task_org: Option<OrgPath>,
    permission: Option<String>,
    case_id: Option<CaseId>,
    task_id: Option<TaskId>,
}

#[derive(Debug, Deserialize)]
struct Owner {
    person: Option<PersonId>,
    employer: Option<EmployerId>,
}

/// What happens before anybody has submitted anything.
const DRAFTING: [&str; 6] = [
    "case.drafted",
    "case.data_saved",
    "case.file_attached",
    "case.file_removed",
    "case.files_ordered",
    "case.file_scanned",
];

impl News {
    /// Reads an event; none when no live page is told of it.
    pub(crate) fn of(event: &events::Model) -> Option<Self> {
        let stream = match (event.stream.as_str(), event.kind.as_str()) {
            ("case", _) => Stream::Case,
            ("message", "message.posted") => Stream::Message,
            _ => return None,
        };
        let body: Body = serde_json::from_str(&event.body).ok()?;
        let case_id = match stream {
            Stream::Case => Some(CaseId::from_uuid(event.stream_id)),
            Stream::Message => body.case_id,
        };
        let parties: Vec<Owner> = body.owner.into_iter().chain(body.other_party).collect();
        let people = parties.iter().filter_map(|party| party.person);
        Some(Self {
            position: event.position(),
            told: Told {
                kind: event.kind.clone(),
                case_id,
                task_id: body.task_id,
            },
            stream,
            bureau: event.bureau.parse().ok()?,
            persons: body.notify.into_iter().chain(people).collect(),
            employers: parties.iter().filter_map(|party| party.employer).collect(),
            task: body.permission.zip(body.task_org.clone()),
            orgs: body.org.into_iter().chain(body.task_org).collect(),
        })
    }

    /// Under which topic this caller hears of it; not at all if none.
    pub(crate) fn topic_for(&self, principal: &Principal) -> Option<Topic> {
        match principal {
            Principal::Citizen(citizen) => self.topic_for_citizen(citizen),
            Principal::Staff(staff) => self.topic_for_staff(staff),
            Principal::Stranger | Principal::System(_) => None,
        }
    }

    fn topic_for_citizen(&self, citizen: &Citizen) -> Option<Topic> {
        let acts_for_owner = matches!(
            citizen.acting,
            Acting::Enterprise(employer) if self.employers.contains(&employer)
        );
        let kind = self.told.kind.as_str();
        if !self.persons.contains(&citizen.person) && !acts_for_owner {
            return None;
        }
        match self.stream {
            Stream::Message => Some(Topic::Messages),
            Stream::Case => (!is_internal(kind)).then_some(Topic::Cases),
        }
    }

    fn topic_for_staff(&self, staff: &Staff) -> Option<Topic> {
        let kind = self.told.kind.as_str();
        let sees = |org| staff.may(CanViewCases::NAME, org);
        let works = |(permission, org): &(String, OrgPath)| staff.may(permission, org);
        let concerned = self.orgs.iter().any(sees) || self.task.as_ref().is_some_and(works);
        let within = self.bureau == staff.bureau && concerned;
        if self.stream != Stream::Case || !within || DRAFTING.contains(&kind) {
            return None;
        }
        Some(if kind.starts_with("case.task_") {
            Topic::Tasks
        } else {
            Topic::Cases
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::ids::StaffId;
    use serde_json::{Value, json};
    use testkit::{citizen, id, staff};

    fn news(kind: &str) -> News {
        let body = json!({"notify": id::<PersonId>(1), "owner": {"employer": id::<EmployerId>(5), "agent": id::<PersonId>(1)},
            "org": "180100/insurance", "name": {"zh": "失业登记"}, "task_id": id::<TaskId>(3)});
        let stream = kind.split('.').next().unwrap().to_owned();
        let event = events::Model {
            bureau: "180100".to_owned(),
            stream_id: uuid::Uuid::from_u128(7),
            seq: 1,
            stream,
            kind: kind.to_owned(),
            at_us: 0,
            actor: String::new(),
            body: body.to_string(),
            xid: 4,
            gid: 9,
        };
        News::of(&event).unwrap()
    }

    fn clerk(org: &str) -> Principal {
        staff(id::<StaffId>(1), org, &["case.view"])
    }

    #[test]
    fn a_citizen_hears_of_his_cases_and_not_of_what_colleagues_do() {
        let owner = citizen(id(1));
        assert_eq!(news("case.accepted").topic_for(&owner), Some(Topic::Cases));
        assert_eq!(
            news("message.posted").topic_for(&owner),
            Some(Topic::Messages)
        );
        for kind in [
            "case.task_opened",
            "case.checked",
            "case.returned_to_review",
        ] {
            assert_eq!(news(kind).topic_for(&owner), None, "{kind}");
        }
        let other = citizen(id(2));
        for kind in ["case.accepted", "message.posted"] {
            assert_eq!(news(kind).topic_for(&other), None, "{kind}");
        }
    }

    #[test]
    fn who_acts_for_the_enterprise_hears_of_its_cases() {
        let Principal::Citizen(colleague) = citizen(id(2)) else {
            unreachable!()
        };
        let acting = |n| {
            Principal::Citizen(Citizen {
                acting: Acting::Enterprise(id::<EmployerId>(n)),
                ..colleague.clone()
            })
        };
        assert_eq!(
            news("case.accepted").topic_for(&acting(5)),
            Some(Topic::Cases)
        );
        assert_eq!(news("case.accepted").topic_for(&acting(6)), None);
    }

    #[test]
    fn the_other_party_hears_of_what_concerns_it_and_of_nothing_else() {
        let told = |kind: &str, other: Value| {
            let body = json!({"notify": id::<PersonId>(1), "owner": {"person": id::<PersonId>(1)},
                "other_party": other, "org": "180100/insurance"});
            let event = events::Model {
                bureau: "180100".to_owned(),
                stream_id: uuid::Uuid::from_u128(7),
                seq: 1,
                stream: "case".to_owned(),
                kind: kind.to_owned(),
                at_us: 0,
                actor: String::new(),
                body: body.to_string(),
                xid: 4,
                gid: 9,
            };
            News::of(&event).unwrap()
        };
        let person = json!({"person": id::<PersonId>(2)});
        let notified = told("case.other_party_notified", person);
        assert_eq!(notified.topic_for(&citizen(id(2))), Some(Topic::Cases));
        assert_eq!(notified.topic_for(&citizen(id(1))), Some(Topic::Cases));
        let accepted = told("case.accepted", Value::Null);
        assert_eq!(accepted.topic_for(&citizen(id(2))), None);
    }

    #[test]
    fn staff_hear_of_cases_and_tasks_in_their_organisations_only() {
        assert_eq!(
            news("case.accepted").topic_for(&clerk("180100")),
            Some(Topic::Cases)
        );
        assert_eq!(
            news("case.task_opened").topic_for(&clerk("180100/insurance")),
            Some(Topic::Tasks)
        );
        for (kind, org) in [
            ("case.accepted", "180100/labour"),
            ("case.accepted", "180102"),
            ("case.drafted", "180100"),
            ("message.posted", "180100"),
        ] {
            assert_eq!(news(kind).topic_for(&clerk(org)), None, "{kind} {org}");
        }
        let opened = News {
            task: Some((
                "case.deliver".to_owned(),
                "180100/delivery".parse().unwrap(),
            )),
            ..news("case.task_opened")
        };
        let desk = staff(id::<StaffId>(1), "180100/delivery", &["case.deliver"]);
        assert_eq!(opened.topic_for(&desk), Some(Topic::Tasks));
        let visitor = staff(id::<StaffId>(1), "180100", &["staff.manage"]);
        assert_eq!(news("case.accepted").topic_for(&visitor), None);
    }

    #[test]
    fn nothing_but_the_kind_and_ids_is_told() {
        let told = serde_json::to_value(news("case.task_opened").told).unwrap();
        let fields: Vec<&String> = told.as_object().unwrap().keys().collect();
        assert_eq!(fields, ["kind", "case_id", "task_id"]);
    }
}
