//! Marks messages as read, one or all. Marking twice changes nothing.

use ::store::{Command, Envelope, Loads, Work, key};
use axum::{Json, extract::State};
use httpkit::{Act, Authorised, Params, Refusals, Reply};
use kernel::{
    AppError, Caller, DivisionCode,
    caller::CanApply,
    error::Broken,
    ids::{Id as _, MessageId, PersonId},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    Messages, list,
    store::{self, mailbox, message},
};

/// The body of acts that say everything in their address.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Nothing {}

/// How many messages are unread afterwards.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReadOut {
    /// Unread messages.
    pub unread: i64,
}

enum Which {
    One(MessageId),
    All,
}

struct Read {
    bureau: DivisionCode,
    person: PersonId,
    which: Which,
}

impl Command for Read {
    type Out = ReadOut;
    const NAME: &'static str = "message.read";

    fn bureau(&self) -> DivisionCode {
        self.bureau
    }
    fn subject(&self) -> String {
        match self.which {
            Which::One(message) => message.to_string(),
            Which::All => self.person.to_string(),
        }
    }
    fn lane(&self) -> u64 {
        self.person.uuid().as_u64_pair().1
    }
    fn declare(&self, loads: &mut Loads<'_>) {
        loads.row::<mailbox::Model>(key!(self.person.uuid()));
        if let Which::One(message) = self.which {
            loads.row::<message::Model>(key!(self.person.uuid(), message.uuid()));
        }
    }

    fn decide(&self, work: &mut Work<'_>) -> Result<ReadOut, AppError> {
        let mut mailbox = work
            .get::<mailbox::Model>(&key!(self.person.uuid()))?
            .cloned()
            .unwrap_or_else(|| mailbox::Model::empty(self.person));
        let now = work.now().as_micros();
        match self.which {
            Which::One(id) => {
                let key = key!(self.person.uuid(), id.uuid());
                let mut row = work.require::<message::Model>(&key)?.clone();
                if mailbox.read_at(&row).is_none() {
                    row.read_us = Some(now);
                    mailbox.unread -= 1;
                    work.put(row)?;
                }
            }
            Which::All if mailbox.unread > 0 => {
                mailbox.read_seq = mailbox.last_seq;
                mailbox.read_us = Some(now);
                mailbox.unread = 0;
            }
            Which::All => {}
        }
        let unread = mailbox.unread;
        if mailbox.last_seq > 0 {
            work.put(mailbox)?;
        }
        Ok(ReadOut { unread })
    }
}

/// Marks one message of the caller as read.
pub async fn read_message(
    context: &Messages,
    caller: &Caller<CanApply>,
    envelope: Envelope,
    message: MessageId,
) -> Result<ReadOut, AppError> {
    let person = caller.citizen()?.person;
    let row = store::find_message(&context.kit.store, person, message).await?;
    let bureau = row
        .ok_or_else(|| AppError::refused(&kernel::codes::E1012))?
        .bureau
        .parse()
        .map_err(|fault| Broken::caused(format!("bureau of {message}"), fault))?;
    let which = Which::One(message);
    let read = Read {
        bureau,
        person,
        which,
    };
    context.kit.run(envelope, read).await
}

/// Marks all messages of the caller as read.
pub async fn read_all_messages(
    context: &Messages,
    caller: &Caller<CanApply>,
    envelope: Envelope,
) -> Result<ReadOut, AppError> {
    let person = caller.citizen()?.person;
    let newest = store::messages_of(&context.kit.store, person, None, 1).await?;
    let Some(newest) = newest.first() else {
        let unread = list::count_unread(context, caller).await?.count;
        return Ok(ReadOut { unread });
    };
    let bureau = newest
        .bureau
        .parse()
        .map_err(|fault| Broken::caused("bureau of a message", fault))?;
    let which = Which::All;
    let read = Read {
        bureau,
        person,
        which,
    };
    context.kit.run(envelope, read).await
}

/// Mark a message as read
#[utoipa::path(
    post, path = "/messages/{message_id}/read", operation_id = "read_message", tag = "messages",
    params(
        ("message_id" = MessageId, Path, description = "The message"),
        ("Idempotency-Key" = String, Header, description = "8 to 64 letters, digits, - or _"),
    ),
    request_body = Nothing,
    responses(
        (status = 200, body = ReadOut),
        Refusals,
    )
)]
pub(crate) async fn mark_message_read(
    State(context): State<Messages>,
    Authorised(caller): Authorised<CanApply>,
    Params(message): Params<MessageId>,
    act: Act<Nothing>,
) -> Reply<Json<ReadOut>> {
    let envelope = context.kit.envelope(&caller, &act.repetition);
    Ok(Json(
        read_message(&context, &caller, envelope, message).await?,
    ))
}

/// Mark all my messages as read
#[utoipa::path(
    post, path = "/messages/read-all", operation_id = "read_all_messages", tag = "messages",
    params(("Idempotency-Key" = String, Header, description = "8 to 64 letters, digits, - or _")),
    request_body = Nothing,
    responses(
        (status = 200, body = ReadOut),
        Refusals,
    )
)]
pub(crate) async fn mark_all_messages_read(
    State(context): State<Messages>,
    Authorised(caller): Authorised<CanApply>,
    act: Act<Nothing>,
) -> Reply<Json<ReadOut>> {
    let envelope = context.kit.envelope(&caller, &act.repetition);
    Ok(Json(read_all_messages(&context, &caller, envelope).await?))
}
