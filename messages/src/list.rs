//! The message box of the caller.

use ::store::page::{Page, PageQuery};
use axum::{Json, extract::State};
use httpkit::{Authorised, Filter, Refusals, Reply, Rows};
use kernel::{
    AppError, Caller, Lang, Timestamp,
    caller::CanApply,
    error::Broken,
    ids::{CaseId, Id as _, MessageId, NoticeId, PersonId, RosterId},
    ports::{Answer, Mailboxes},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    Messages,
    store::{self, mailbox, message},
    text::{Part, Places, TO_OTHER_PARTY},
};

/// Which page of the box.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct ListQuery {
    /// Where to go on, as the previous page said.
    pub cursor: Option<String>,
    /// Rows wanted.
    pub limit: Option<u32>,
}

/// One message in the reader's language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct MessageRow {
    /// Its id.
    pub message_id: MessageId,
    /// One line.
    pub title: String,
    /// The text.
    pub body: String,
    /// When it arrived.
    pub at: Timestamp,
    /// When it was read.
    pub read_at: Option<Timestamp>,
    /// The case it is about.
    pub case_id: Option<CaseId>,
    /// The notice it brings.
    pub notice_id: Option<NoticeId>,
    /// Whether the reader is the other party of the case, not its applicant.
    pub other_party: bool,
    /// The roster it is about.
    pub roster_id: Option<RosterId>,
}

/// How many messages are unread.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct Unread {
    /// Unread messages.
    pub count: i64,
}

/// The messages of the caller, newest first.
pub async fn list_messages(
    context: &Messages,
    caller: &Caller<CanApply>,
    query: ListQuery,
) -> Result<Page<MessageRow>, AppError> {
    let person = caller.citizen()?.person;
    let query = PageQuery {
        cursor: query.cursor,
        limit: query.limit,
    };
    let (store, wanted) = (&context.kit.store, query.rows());
    let mailbox = store::mailbox_of(store, person).await?;
    let rows = store::messages_of(store, person, query.position()?, wanted + 1).await?;
    let page = Page::cut(rows, wanted, |row| row.seq);
    let lang = caller.request().lang;
    let rows: Result<Vec<MessageRow>, AppError> = page
        .rows
        .iter()
        .map(|row| show(context, &mailbox, row, lang))
        .collect();
    Ok(Page {
        rows: rows?,
        next: page.next,
    })
}

/// How many messages of the caller are unread: one row, nothing is counted.
pub async fn count_unread(
    context: &Messages,
    caller: &Caller<CanApply>,
) -> Result<Unread, AppError> {
    let count = context.unread(caller.citizen()?.person).await?;
    Ok(Unread { count })
}

impl Mailboxes for Messages {
    fn unread(&self, person: PersonId) -> Answer<'_, i64> {
        Box::pin(async move {
            let mailbox = store::mailbox_of(&self.kit.store, person).await?;
            Ok(mailbox.unread)
        })
    }
}

fn show(
    context: &Messages,
    mailbox: &mailbox::Model,
    row: &message::Model,
    lang: Lang,
) -> Result<MessageRow, AppError> {
    let message_id = MessageId::from_uuid(row.message_id);
    let places: Places = serde_json::from_str(&row.places)
        .map_err(|fault| Broken::caused(format!("places of {message_id}"), fault))?;
    let bureau = row
        .bureau
        .parse()
        .map_err(|fault| Broken::caused(format!("bureau of {message_id}"), fault))?;
    let say = |part| {
        context
            .texts
            .render(&row.template, part, bureau, &places, lang)
    };
    Ok(MessageRow {
        message_id,
        title: say(Part::Title),
        body: say(Part::Body),
        at: Timestamp::from_micros(row.at_us),
        read_at: mailbox.read_at(row),
        case_id: row.case_id.map(CaseId::from_uuid),
        notice_id: row.notice_id.map(NoticeId::from_uuid),
        other_party: row.template.starts_with(TO_OTHER_PARTY),
        roster_id: places.roster,
    })
}

/// My messages
#[utoipa::path(
    get, path = "/messages", operation_id = "list_messages", tag = "messages",
    params(
        ("cursor" = Option<String>, Query, description = "Where to go on, as the previous page said"),
        ("limit" = Option<u32>, Query, description = "Rows wanted"),
    ),
    responses(
        (status = 200, body = Rows<MessageRow>),
        Refusals,
    )
)]
pub(crate) async fn list_messages_page(
    State(context): State<Messages>,
    Authorised(caller): Authorised<CanApply>,
    Filter(query): Filter<ListQuery>,
) -> Reply<Rows<MessageRow>> {
    Ok(list_messages(&context, &caller, query).await?.into())
}

/// How many of my messages are unread
#[utoipa::path(
    get, path = "/messages/unread", operation_id = "count_unread_messages", tag = "messages",
    responses(
        (status = 200, body = Unread),
        Refusals,
    )
)]
pub(crate) async fn count_unread_messages(
    State(context): State<Messages>,
    Authorised(caller): Authorised<CanApply>,
) -> Reply<Json<Unread>> {
    Ok(Json(count_unread(&context, &caller).await?))
}
