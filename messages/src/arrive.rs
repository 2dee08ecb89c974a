//! A message arrives in the box of a person: the job behind every event citizens hear about.
//!
//! What happens to the case of an enterprise is told to those who may act for it now, whoever
//! applied: an agent who has left hears nothing more, and his box is not the enterprise's.

use std::pin::Pin;

use ::store::{
    Command, Envelope, Loads, NewJob, Work,
    jobs::{Handler, Lease},
    key,
};
use kernel::{
    AppError, DivisionCode, Timestamp,
    error::Broken,
    ids::{CaseId, DispatchId, Id as _, MessageId, NoticeId, PersonId, RosterId},
    ports::{Channel, PersonCard},
};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{
    Messages, dispatch,
    heard::{Addressee, Heard},
    store::{dispatch as dispatch_row, mailbox, message},
};

/// The kind of job.
pub(crate) const JOB: &str = "messages.notify";

/// Agents of one enterprise who are told of an event: more than any personnel department has.
const AGENTS_TOLD_MAX: usize = 50;

/// Puts messages into boxes.
pub(crate) struct Notify(pub Messages);

impl Handler for Notify {
    fn run<'a>(
        &'a self,
        lease: &'a Lease,
        _now: Timestamp,
    ) -> Pin<Box<dyn Future<Output = Result<(), AppError>> + Send + 'a>> {
        Box::pin(async move {
            let heard: Heard = lease.read()?;
            let known = self.0.texts.knows(&heard.kind);
            let Some(addressee) = heard.addressee().filter(|_| known) else {
                return Ok(());
            };
            let (people, serves) = recipients(&self.0, addressee).await?;
            let mut cards = self.0.parties.persons(&people).await?;
            let last = cards.pop_last();
            for card in cards.values() {
                // The lease ends with the last one; what has arrived arrives once.
                let envelope = Envelope {
                    lease: None,
                    ..self.0.kit.envelope_for(lease)
                };
                self.tell(envelope, lease.bureau, &heard, card, serves)
                    .await?;
            }
            if let Some((_, card)) = last {
                let envelope = self.0.kit.envelope_for(lease);
                self.tell(envelope, lease.bureau, &heard, &card, serves)
                    .await?;
            }
            Ok(())
        })
    }
}

impl Notify {
    async fn tell(
        &self,
        envelope: Envelope,
        bureau: DivisionCode,
        heard: &Heard,
        card: &PersonCard,
        serves: bool,
    ) -> Result<(), AppError> {
        let channels = channels_of(&self.0, bureau, heard, card).await?;
        let arrive = Arrive::of(bureau, heard, card, serves, channels)?;
        self.0.kit.run(envelope, arrive).await.map(drop)
    }
}

/// Who is told, and whether the arrival in his box is service on the owner. Where an enterprise
/// has no agent here, whoever came to the window for it is told, and served on paper; another party
/// that has none hears of it on paper alone.
async fn recipients(
    context: &Messages,
    addressee: Addressee,
) -> Result<(Vec<PersonId>, bool), AppError> {
    let (employer, otherwise) = match addressee {
        Addressee::Person(person) => return Ok((vec![person], true)),
        Addressee::Enterprise(employer, otherwise) => (employer, otherwise),
    };
    let mut agents = context.parties.agents(&[employer]).await?;
    Ok(match agents.remove(&employer) {
        Some(agents) => (agents.into_iter().take(AGENTS_TOLD_MAX).collect(), true),
        None => (otherwise.into_iter().collect(), false),
    })
}

/// How the person hears of it outside the product.
async fn channels_of(
    context: &Messages,
    bureau: DivisionCode,
    heard: &Heard,
    card: &PersonCard,
) -> Result<Vec<Channel>, AppError> {
    let mut channels = [Channel::Sms, Channel::Email].to_vec();
    channels.retain(|channel| dispatch::address(card, *channel).is_some());
    if channels.is_empty() || !heard.has_short_words(&context.texts) {
        return Ok(Vec::new());
    }
    let history = context.kit.store.history(bureau, heard.stream_id()).await?;
    if !heard.has_the_last_word(&history, &context.texts) {
        channels.clear();
    }
    Ok(channels)
}

/// How the arrival counts in law.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Service {
    /// The notice is served with this arrival (电子送达, domain §1.9).
    Electronic(NoticeId),
    /// All results of the roster are.
    Roster(RosterId),
    /// The message only tells.
    None,
}

struct Arrive {
    bureau: DivisionCode,
    person: PersonId,
    message: MessageId,
    template: String,
    places: String,
    case: Option<CaseId>,
    notice: Option<NoticeId>,
    service: Service,
    channels: Vec<Channel>,
}

/// The references of a message that arrived.
#[derive(Debug, Serialize, Deserialize)]
struct Arrived {
    message_id: MessageId,
}

impl Arrive {
    fn of(
        bureau: DivisionCode,
        heard: &Heard,
        card: &PersonCard,
        serves: bool,
        channels: Vec<Channel>,
    ) -> Result<Self, AppError> {
        Ok(Self {
            bureau,
            person: card.id,
            message: heard.message_id(card.id),
            template: heard.kind.clone(),
            places: serde_json::to_string(&heard.places())
                .map_err(|fault| Broken::caused("places of a message", fault))?,
            case: heard.case_id(),
            notice: heard.notice_id(),
            service: match (heard.notice_id(), heard.served_roster()) {
                (Some(notice), _) if serves && heard.is_served_electronically() => {
                    Service::Electronic(notice)
                }
                (None, Some(roster)) if serves => Service::Roster(roster),
                _ => Service::None,
            },
            channels,
        })
    }

    fn put(&self, work: &mut Work<'_>) -> Result<(), AppError> {
        let mut mailbox = work
            .get::<mailbox::Model>(&key!(self.person.uuid()))?
            .cloned()
            .unwrap_or_else(|| mailbox::Model::empty(self.person));
        mailbox.last_seq += 1;
        mailbox.unread += 1;
        let row = message::Model {
            person_id: self.person.uuid(),
            message_id: self.message.uuid(),
            seq: mailbox.last_seq,
            bureau: self.bureau.to_string(),
            template: self.template.clone(),
            places: self.places.clone(),
            case_id: self.case.map(CaseId::uuid),
            notice_id: self.notice.map(NoticeId::uuid),
            at_us: work.now().as_micros(),
            read_us: None,
        };
        work.put(mailbox)?;
        work.put(row)
    }

    fn tell(&self, work: &mut Work<'_>) {
        let id = self.message.uuid();
        let posted =
            json!({"notify": self.person, "case_id": self.case, "template": self.template});
        work.emit("message", id, 1, "message.posted", posted);
        let (kind, served) = match self.service {
            Service::Electronic(notice) => (
                "message.arrived",
                json!({"case_id": self.case, "notice_id": notice, "how": "electronic"}),
            ),
            Service::Roster(roster) => (
                "message.roster_arrived",
                json!({"roster_id": roster, "how": "electronic"}),
            ),
            Service::None => return,
        };
        work.emit("message", id, 2, kind, served);
    }

    fn send(&self, channel: Channel, work: &mut Work<'_>) -> Result<(), AppError> {
        let id: DispatchId = work.id();
        let row = dispatch_row::Model {
            person_id: self.person.uuid(),
            dispatch_id: id.uuid(),
            message_id: self.message.uuid(),
            channel: dispatch::name_of(channel).to_owned(),
            state: dispatch::WAITING.to_owned(),
            attempts: 0,
            receipt: String::new(),
            queued_us: work.now().as_micros(),
            done_us: None,
        };
        work.put(row)?;
        let payload = json!({"v": 1, "person_id": self.person, "dispatch_id": id});
        work.job(NewJob::now(dispatch::JOB, payload));
        Ok(())
    }
}

impl Command for Arrive {
    type Out = Arrived;
    const NAME: &'static str = "message.arrive";

    fn bureau(&self) -> DivisionCode {
        self.bureau
    }
    fn subject(&self) -> String {
        self.message.to_string()
    }
    fn lane(&self) -> u64 {
        self.person.uuid().as_u64_pair().1
    }
    fn declare(&self, loads: &mut Loads<'_>) {
        loads.row::<mailbox::Model>(key!(self.person.uuid()));
        loads.row::<message::Model>(key!(self.person.uuid(), self.message.uuid()));
    }

    fn decide(&self, work: &mut Work<'_>) -> Result<Arrived, AppError> {
        let key = key!(self.person.uuid(), self.message.uuid());
        if work.get::<message::Model>(&key)?.is_none() {
            self.put(work)?;
            self.tell(work);
            for channel in &self.channels {
                self.send(*channel, work)?;
            }
        }
        Ok(Arrived {
            message_id: self.message,
        })
    }
}
