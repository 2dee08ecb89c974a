//! The provider of the demo city: sends nothing, shows in a list what it would have sent.

use ::store::{
    Command, Envelope, Loads, Work, key,
    page::{Page, PageQuery},
};
use axum::extract::State;
use httpkit::{Authorised, Filter, Kit, Refusals, Reply, Rows};
use kernel::{
    AppError, Caller, DivisionCode, Principal, Timestamp,
    caller::SignedIn,
    codes,
    ids::{Id as _, RequestId},
    mask,
    ports::{Answer, Channel, Dispatch, Messenger},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    Messages, dispatch,
    store::{self, outbox},
};

/// Writes every text into the demo outbox, with the address masked.
#[derive(Clone)]
pub struct DemoMessenger {
    kit: Kit,
    bureau: DivisionCode,
}

impl DemoMessenger {
    /// For the agency whose demo city it is.
    pub const fn new(kit: Kit, bureau: DivisionCode) -> Self {
        Self { kit, bureau }
    }
}

impl Messenger for DemoMessenger {
    fn send<'a>(&'a self, dispatch: &'a Dispatch, now: Timestamp) -> Answer<'a, String> {
        let to = dispatch.to.reveal();
        let to_masked = match dispatch.channel {
            Channel::Sms => mask::mobile(to),
            Channel::Email => mask::email(to),
        };
        let take = Take {
            bureau: self.bureau,
            row: outbox::Model {
                dispatch_key: dispatch.key.clone(),
                channel: dispatch::name_of(dispatch.channel).to_owned(),
                to_masked,
                words: match &dispatch.subject {
                    Some(subject) => format!("{subject}\n{}", dispatch.text),
                    None => dispatch.text.clone(),
                },
                at_us: now.as_micros(),
            },
        };
        let envelope = Envelope {
            actor: Principal::System("demo_messenger").actor(),
            request: RequestId::from_uuid(uuid::Uuid::nil()),
            station: None,
            now,
            seed: (self.kit.seeds)(),
            idempotency: None,
            lease: None,
        };
        Box::pin(self.kit.run(envelope, take))
    }
}

/// The provider takes a text; the same key only once.
struct Take {
    bureau: DivisionCode,
    row: outbox::Model,
}

impl Command for Take {
    type Out = String;
    const NAME: &'static str = "demo.send";

    fn bureau(&self) -> DivisionCode {
        self.bureau
    }
    fn subject(&self) -> String {
        self.row.dispatch_key.clone()
    }
    fn lane(&self) -> u64 {
        0
    }
    fn declare(&self, loads: &mut Loads<'_>) {
        loads.row::<outbox::Model>(key!(self.row.dispatch_key.clone()));
    }

    fn decide(&self, work: &mut Work<'_>) -> Result<String, AppError> {
        let key = key!(self.row.dispatch_key.clone());
        if work.get::<outbox::Model>(&key)?.is_none() {
            work.put(self.row.clone())?;
        }
        Ok(format!("demo-{}", self.row.dispatch_key))
    }
}

/// Which page of the outbox.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct OutboxQuery {
    /// Where to go on, as the previous page said.
    pub cursor: Option<String>,
    /// Rows wanted.
    pub limit: Option<u32>,
}

/// One text that would have been sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct OutboxRow {
    /// `sms` or `email`.
    pub channel: String,
    /// The address, masked.
    pub to_masked: String,
    /// The words.
    pub text: String,
    /// When.
    pub at: Timestamp,
    /// What became of it: always `sent`.
    pub state: String,
}

/// What the demo provider would have sent, newest first; `E1012` outside demo databases.
pub async fn list_outbox(
    context: &Messages,
    _caller: &Caller<SignedIn>,
    query: OutboxQuery,
) -> Result<Page<OutboxRow>, AppError> {
    if !context.kit.demo {
        return Err(AppError::refused(&codes::E1012));
    }
    let query = PageQuery {
        cursor: query.cursor,
        limit: query.limit,
    };
    let wanted = query.rows();
    let rows = store::outbox_before(&context.kit.store, query.position()?, wanted + 1).await?;
    let page = Page::cut(rows, wanted, |row| (row.at_us, row.dispatch_key.clone()));
    Ok(page.map(|row| OutboxRow {
        channel: row.channel,
        to_masked: row.to_masked,
        text: row.words,
        at: Timestamp::from_micros(row.at_us),
        state: "sent".to_owned(),
    }))
}

/// What the demo city would have sent
#[utoipa::path(
    get, path = "/demo/outbox", operation_id = "list_demo_outbox", tag = "messages",
    params(
        ("cursor" = Option<String>, Query, description = "Where to go on, as the previous page said"),
        ("limit" = Option<u32>, Query, description = "Rows wanted"),
    ),
    responses(
        (status = 200, body = Rows<OutboxRow>),
        Refusals,
    )
)]
pub(crate) async fn list_demo_outbox(
    State(context): State<Messages>,
    Authorised(caller): Authorised<SignedIn>,
    Filter(query): Filter<OutboxQuery>,
) -> Reply<Rows<OutboxRow>> {
    Ok(list_outbox(&context, &caller, query).await?.into())
}
