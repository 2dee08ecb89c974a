//! Hands a text to the provider: the address is asked for now and kept nowhere.

use std::pin::Pin;

use ::store::{
    Command, Envelope, Loads, Work,
    jobs::{Handler, Lease},
    key,
};
use kernel::{
    AppError, DivisionCode, Lang, Private, Timestamp, codes,
    error::Broken,
    ids::{DispatchId, Id as _, MessageId, PersonId},
    limits,
    ports::{Channel, Dispatch, PersonCard},
};
use serde::Deserialize;

use crate::{
    Messages,
    store::{self, dispatch},
    text::{Part, Places},
};

/// The kind of job.
pub(crate) const JOB: &str = "messages.send";

/// Not handed over yet.
pub(crate) const WAITING: &str = "waiting";
/// Handed over.
const SENT: &str = "sent";
/// The person has no address of this kind any more.
const UNREACHABLE: &str = "unreachable";
/// No provider is connected: not tried again, so that nobody gets old news when there is one.
const NOT_SENT: &str = "not_sent";
/// Given up after [`limits::JOB_ATTEMPTS_MAX`] attempts; a person can send it again.
const FAILED: &str = "failed";

/// The name of a channel as it is stored.
pub(crate) const fn name_of(channel: Channel) -> &'static str {
    match channel {
        Channel::Sms => "sms",
        Channel::Email => "email",
    }
}

/// The channel of a stored name.
fn channel_of(name: &str) -> Channel {
    if name == name_of(Channel::Email) {
        Channel::Email
    } else {
        Channel::Sms
    }
}

/// Where a person is reached by a channel, if he is.
pub(crate) const fn address(card: &PersonCard, channel: Channel) -> Option<&Private<String>> {
    match channel {
        Channel::Sms => card.mobile.as_ref(),
        Channel::Email => card.email.as_ref(),
    }
}

/// Sends what waits.
pub(crate) struct Send(pub Messages);

#[derive(Debug, Deserialize)]
struct Payload {
    person_id: PersonId,
    dispatch_id: DispatchId,
}

impl Handler for Send {
    fn run<'a>(
        &'a self,
        lease: &'a Lease,
        now: Timestamp,
    ) -> Pin<Box<dyn Future<Output = Result<(), AppError>> + std::marker::Send + 'a>> {
        Box::pin(self.send(lease, now))
    }
}

impl Send {
    async fn send(&self, lease: &Lease, now: Timestamp) -> Result<(), AppError> {
        let payload: Payload = lease.read()?;
        let kit = &self.0.kit;
        let row = store::find_dispatch(&kit.store, payload.person_id, payload.dispatch_id).await?;
        let Some(row) = row.filter(|row| row.state == WAITING || row.state == FAILED) else {
            return Ok(());
        };
        let settle = |state, receipt| Settle {
            bureau: lease.bureau,
            person: payload.person_id,
            dispatch: payload.dispatch_id,
            state,
            receipt,
        };
        let cards = self.0.parties.persons(&[payload.person_id]).await?;
        let card = cards.get(&payload.person_id);
        let channel = channel_of(&row.channel);
        let Some(to) = card.and_then(|card| address(card, channel)).cloned() else {
            let unreachable = settle(UNREACHABLE, String::new());
            return kit.run(kit.envelope_for(lease), unreachable).await;
        };
        let dispatch = self.write(&payload, &row, to).await?;
        match self.0.messenger.send(&dispatch, now).await {
            Ok(receipt) => {
                kit.run(kit.envelope_for(lease), settle(SENT, receipt))
                    .await
            }
            Err(error) if error.code() == codes::E1301.id => {
                kit.run(kit.envelope_for(lease), settle(NOT_SENT, String::new()))
                    .await
            }
            Err(error) => {
                let dead = lease.attempts >= limits::JOB_ATTEMPTS_MAX;
                let state = if dead { FAILED } else { WAITING };
                // The job is put back by the queue, so this note does not end it.
                let note = Envelope {
                    lease: None,
                    ..kit.envelope_for(lease)
                };
                kit.run(note, settle(state, String::new())).await?;
                Err(error)
            }
        }
    }

    async fn write(
        &self,
        payload: &Payload,
        row: &dispatch::Model,
        to: Private<String>,
    ) -> Result<Dispatch, AppError> {
        let id = MessageId::from_uuid(row.message_id);
        let message = store::find_message(&self.0.kit.store, payload.person_id, id)
            .await?
            .ok_or_else(|| Broken::new(format!("{id} is gone, its dispatch is not")))?;
        let places: Places = serde_json::from_str(&message.places)
            .map_err(|fault| Broken::caused(format!("places of {id}"), fault))?;
        let bureau = message
            .bureau
            .parse()
            .map_err(|fault| Broken::caused(format!("bureau of {id}"), fault))?;
        let say = |part| {
            let texts = &self.0.texts;
            texts.render(&message.template, part, bureau, &places, Lang::Zh)
        };
        let channel = channel_of(&row.channel);
        let (subject, text) = match channel {
            Channel::Sms => (None, say(Part::Sms)),
            Channel::Email => (Some(say(Part::Title)), say(Part::Body)),
        };
        Ok(Dispatch {
            channel,
            to,
            subject,
            text,
            key: payload.dispatch_id.to_string(),
        })
    }
}

/// Notes what became of an attempt.
struct Settle {
    bureau: DivisionCode,
    person: PersonId,
    dispatch: DispatchId,
    state: &'static str,
    receipt: String,
}

impl Command for Settle {
    type Out = ();
    const NAME: &'static str = "message.send";

    fn bureau(&self) -> DivisionCode {
        self.bureau
    }
    fn subject(&self) -> String {
        self.dispatch.to_string()
    }
    fn lane(&self) -> u64 {
        self.person.uuid().as_u64_pair().1
    }
    fn declare(&self, loads: &mut Loads<'_>) {
        loads.row::<dispatch::Model>(key!(self.person.uuid(), self.dispatch.uuid()));
    }

    fn decide(&self, work: &mut Work<'_>) -> Result<(), AppError> {
        let key = key!(self.person.uuid(), self.dispatch.uuid());
        let mut row = work.require::<dispatch::Model>(&key)?.clone();
        row.attempts += 1;
        self.state.clone_into(&mut row.state);
        row.receipt.clone_from(&self.receipt);
        row.done_us = (self.state != WAITING).then(|| work.now().as_micros());
        work.put(row)
    }
}
