//! A closed case may be rated: the job behind every event that closes one.

use std::pin::Pin;

use ::store::{
    Command, Loads, Work,
    jobs::{Handler, Lease},
    key,
};
use kernel::{
    AppError, DivisionCode, Timestamp,
    ids::{CaseId, EmployerId, Id as _, PersonId, RatingId, RosterId},
    item::Words,
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use crate::{
    Voice,
    store::{day, invitation},
};

/// The kind of job.
pub(crate) const JOB: &str = "voice.invite";

/// The events that close a case (办结, domain §1.2), but for 撤回: who withdrew was not served.
pub const CLOSING: [&str; 5] = [
    "case.granted",
    "case.denied",
    "case.not_accepted",
    "case.not_required",
    "case.lapsed",
];

/// Writes invitations.
pub(crate) struct Invite(pub Voice);

#[derive(Debug, Deserialize)]
struct Payload {
    id: Uuid,
    at: Timestamp,
    body: Body,
}

#[derive(Debug, Deserialize)]
struct Body {
    case_no: Option<String>,
    item: String,
    name: Words,
    org: String,
    channel: String,
    /// The hall to which somebody came.
    hall: Option<String>,
    notify: PersonId,
    owner: Owner,
    /// The roster of which the case is a row.
    roster: Option<RosterId>,
    /// The rule that granted it.
    by_rule: Option<String>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Owner {
    #[serde(skip_serializing_if = "Option::is_none")]
    person: Option<PersonId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    employer: Option<EmployerId>,
}

impl Handler for Invite {
    fn run<'a>(
        &'a self,
        lease: &'a Lease,
        _now: Timestamp,
    ) -> Pin<Box<dyn Future<Output = Result<(), AppError>> + Send + 'a>> {
        Box::pin(async move {
            let payload: Payload = lease.read()?;
            let write = WriteInvitation {
                bureau: lease.bureau,
                case: CaseId::from_uuid(payload.id),
                closed_on: payload.at.day().to_string(),
                body: payload.body,
            };
            self.0.kit.run(self.0.kit.envelope_for(lease), write).await
        })
    }
}

struct WriteInvitation {
    bureau: DivisionCode,
    case: CaseId,
    closed_on: String,
    body: Body,
}

impl WriteInvitation {
    fn day_key(&self) -> ::store::Key {
        let body = &self.body;
        key!(
            self.bureau,
            self.closed_on.clone(),
            body.org.clone(),
            body.item.clone()
        )
    }

    fn row(&self) -> invitation::Model {
        let body = &self.body;
        invitation::Model {
            bureau: self.bureau.to_string(),
            case_id: self.case.uuid(),
            owner_person: body.owner.person.map(PersonId::uuid),
            owner_employer: body.owner.employer.map(EmployerId::uuid),
            item: body.item.clone(),
            name_zh: body.name.zh.clone(),
            name_en: body.name.en.clone(),
            org: body.org.clone(),
            channel: body.channel.clone(),
            hall: body.hall.clone(),
            closed_on: self.closed_on.clone(),
        }
    }
}

impl Command for WriteInvitation {
    type Out = ();
    const NAME: &'static str = "rating.invite";

    fn bureau(&self) -> DivisionCode {
        self.bureau
    }
    fn subject(&self) -> String {
        self.case.to_string()
    }
    fn lane(&self) -> u64 {
        // The counts of a day are shared by all cases of an agency: one lane takes them all.
        u64::from(self.bureau.number())
    }
    fn declare(&self, loads: &mut Loads<'_>) {
        loads.row::<invitation::Model>(key!(self.bureau, self.case.uuid()));
        loads.row::<day::Model>(self.day_key());
    }

    fn decide(&self, work: &mut Work<'_>) -> Result<(), AppError> {
        let key = key!(self.bureau, self.case.uuid());
        if work.get::<invitation::Model>(&key)?.is_some() {
            return Ok(());
        }
        let body = &self.body;
        let mut day = work
            .get::<day::Model>(&self.day_key())?
            .cloned()
            .unwrap_or_else(|| {
                day::Model::empty(self.bureau, &self.closed_on, &body.org, &body.item)
            });
        day.closed += 1;
        work.put(day)?;
        work.put(self.row())?;
        // One message tells of a roster: each of its cases can be rated, and nobody is asked thousands
        // of times.
        if body.roster.is_some() && body.by_rule.is_some() {
            return Ok(());
        }
        let event = json!({
            "case_id": self.case, "case_no": body.case_no, "item": body.item, "name": body.name,
            "org": body.org, "channel": body.channel, "notify": body.notify, "owner": body.owner,
        });
        let id: RatingId = work.id();
        work.emit("invitation", id.uuid(), 1, "rating.invited", event);
        Ok(())
    }
}
