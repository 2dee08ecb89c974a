//! Messages (消息): what citizens are told, in their message box and over SMS or e-mail.
//!
//! Owns the message box (`person_message`), what was handed to providers (`message_dispatch`) and
//! the texts. It listens to the events citizens hear about; a message is a template and references,
//! written in words only when it is read, in the reader's language.
//!
//! Invariants: one event makes one message, however often its job runs. The arrival of a notice in
//! the box of a person who agreed to electronic service for the case is an event of its own: the date of
//! service. What happens to the case of an enterprise arrives in the boxes of its agents of today, and
//! nowhere else. One act of somebody is one short message, whatever it brought about. Addresses are
//! asked for when a text is sent and never kept. Nothing is called sent that no provider took.
//!
//! Never here: deciding what happens to a case, or keeping a name, a number or an address.

mod arrive;
mod demo;
mod dispatch;
mod heard;
mod list;
mod read;
mod store;
mod text;
mod unconnected;

use std::sync::Arc;

use ::store::jobs::{Handlers, Subscriptions};
use axum::extract::FromRef;
use httpkit::Kit;
use kernel::ports::{Messenger, Parties};
use utoipa_axum::{router::OpenApiRouter, routes};

pub use demo::{DemoMessenger, OutboxQuery, OutboxRow, list_outbox};
pub use list::{ListQuery, MessageRow, Unread, count_unread, list_messages};
pub use read::{ReadOut, read_all_messages, read_message};
pub use text::{TOLD, Template, TextFaults, Texts};
pub use unconnected::NoMessenger;

/// What this context needs. Cheap to clone.
#[derive(Clone)]
pub struct Messages {
    kit: Kit,
    parties: Arc<dyn Parties>,
    messenger: Arc<dyn Messenger>,
    texts: Arc<Texts>,
}

impl Messages {
    /// With the people it may ask for addresses, the provider that sends, and the city's texts.
    pub fn new(
        kit: Kit,
        parties: Arc<dyn Parties>,
        messenger: Arc<dyn Messenger>,
        texts: Texts,
    ) -> Self {
        Self {
            kit,
            parties,
            messenger,
            texts: Arc::new(texts),
        }
    }
}

impl FromRef<Messages> for Kit {
    fn from_ref(context: &Messages) -> Self {
        context.kit.clone()
    }
}

/// Its endpoints, below `/api/v1`.
pub fn routes(context: Messages) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(list::list_messages_page))
        .routes(routes!(list::count_unread_messages))
        .routes(routes!(read::mark_message_read))
        .routes(routes!(read::mark_all_messages_read))
        .routes(routes!(demo::list_demo_outbox))
        .with_state(context)
}

/// What runs later.
pub fn jobs(context: &Messages) -> Handlers {
    let notify: Arc<dyn ::store::jobs::Handler> = Arc::new(arrive::Notify(context.clone()));
    let send: Arc<dyn ::store::jobs::Handler> = Arc::new(dispatch::Send(context.clone()));
    [(arrive::JOB, notify), (dispatch::JOB, send)].into()
}

/// The events citizens hear about.
pub fn subscriptions() -> Subscriptions {
    TOLD.into_iter()
        .fold(Subscriptions::default(), |all, event| match event {
            "case.submitted" | "case.received" => all.on_those(event, arrive::JOB, heard::alone),
            "case.accepted" => all.on_those(event, arrive::JOB, heard::accepted_alone),
            "case.granted" => all.on_those(event, arrive::JOB, heard::granted_alone),
            "case.delivered" => all.on_those(event, arrive::JOB, heard::delivered_alone),
            _ => all.on(event, arrive::JOB),
        })
}
