//! 出件 (T18, T19): the result is handed out and signed for, or sent by mail.

use axum::extract::State as Context;
use flow::Stage;
use httpkit::{Act as Write, Authorised, Faults, Params, Refusals, Reply, Versioned};
use kernel::{
    AppError, Caller, Date, Refusal, Timestamp,
    caller::CanDeliver,
    codes,
    ids::{CaseId, NoticeId},
    item::Words,
    limits::LINE_CHARS_MAX,
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use crate::{
    apply::open::{Applicant, applicant_of},
    case::Case,
    change::Change,
    command::{Act, Acted},
    desk::Casework,
    event::{CaseEvent, NoticeKind},
    perform::Asked,
    state::State,
};

/// How a result is handed out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum HandOutMethod {
    /// Over the counter.
    Counter,
    /// By mail; the date is that of the return receipt.
    Mail,
}

/// How who receives a result belongs to the applicant (domain §1.9: whoever may sign for personal
/// service).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Relation {
    /// 本人: his name is that of the application.
    Applicant,
    /// 代理人
    Agent,
    /// 同住成年家属
    Family,
    /// 单位经办人
    EnterpriseAgent,
    /// 单位收发人员
    MailRoom,
}

impl Relation {
    /// In words.
    pub(crate) fn words(self) -> Words {
        let (zh, en) = match self {
            Self::Applicant => ("本人", "Applicant"),
            Self::Agent => ("代理人", "Agent"),
            Self::Family => ("同住成年家属", "Adult family member of the household"),
            Self::EnterpriseAgent => ("单位经办人", "Agent of the enterprise"),
            Self::MailRoom => ("单位收发人员", "Mail room of the enterprise"),
        };
        Words {
            zh: zh.to_owned(),
            en: en.to_owned(),
        }
    }

    /// Whether a receiver of this name can belong to the applicant like this.
    fn fits(self, applicant: &Applicant, receiver: &str) -> bool {
        match (self, &applicant.employer) {
            (Self::Agent, _) | (Self::Family, None) => true,
            (Self::EnterpriseAgent | Self::MailRoom, employer) => employer.is_some(),
            (Self::Applicant, None) => spoken(receiver) == spoken(applicant.person.name.reveal()),
            (Self::Applicant | Self::Family, Some(_)) => false,
        }
    }
}

/// A name without what keyboards write differently: spaces, and the dot inside some names.
fn spoken(name: &str) -> String {
    let written = |letter: &char| !letter.is_whitespace() && !"·•・‧.．".contains(*letter);
    name.chars().filter(written).collect()
}

/// Who received it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HandOut {
    /// Name of the receiver.
    pub receiver: String,
    /// How he belongs to the applicant.
    pub relation: Relation,
    /// How.
    pub method: HandOutMethod,
    /// By mail: the day on the return receipt, which is the day of service.
    #[serde(default)]
    #[schema(format = Date)]
    pub received_on: Option<String>,
    /// That the receiver has signed the delivery receipt.
    pub signed: bool,
}

/// Hands out a result.
#[utoipa::path(post, path = "/cases/{case_id}/hand-out", tag = "work", request_body = HandOut,
    params(("case_id" = CaseId, Path), ("Idempotency-Key" = String, Header), ("If-Match" = String, Header)),
    responses((status = 200, body = Acted), Refusals))]
pub(crate) async fn hand_out_result(
    Context(desk): Context<Casework>,
    Authorised(caller): Authorised<CanDeliver>,
    Params(id): Params<CaseId>,
    write: Write<HandOut>,
) -> Reply<Versioned<Acted>> {
    let asked = Asked::over_http(&write)?;
    let done = hand_out(&desk, &caller, id, &asked, write.body);
    Ok(desk.once(&caller, &asked, done).await?.tagged())
}

/// Hands out a result.
///
/// # Errors
/// `E1221` when it is not signed for, `E1002` with `E1034` for a receiver who cannot be who he is
/// said to be, `E1201` when nothing waits to be handed out.
pub async fn hand_out(
    desk: &Casework,
    caller: &Caller<CanDeliver>,
    id: CaseId,
    asked: &Asked,
    given: HandOut,
) -> Result<Acted, AppError> {
    let seen = desk.see(caller, id).await?;
    let mut faults = Faults::default();
    let receiver = faults.text("/receiver", &given.receiver, LINE_CHARS_MAX);
    let received_on = received_on(&given, &seen.case, desk.now().day(), &mut faults);
    let applicant = applicant_of(desk, &seen.case).await?;
    if !receiver.is_empty() && !given.relation.fits(&applicant, &receiver) {
        let asked = match given.relation {
            Relation::Applicant if applicant.employer.is_none() => "/receiver",
            _ => "/relation",
        };
        faults.add(asked, &codes::E1034);
    }
    faults.done()?;
    if !given.signed {
        return Err(Refusal::new(&codes::E1221).into());
    }
    let words = json!({ "receiver": receiver, "relation": given.relation, "method": given.method });
    let act = HandOutResult {
        method: given.method,
        received_on,
        words: desk.seal_words(&seen, &words)?,
    };
    desk.perform(caller, asked, &seen, act, None).await
}

/// The day of service by mail: asked for with mail alone, and no day that cannot be it.
fn received_on(given: &HandOut, case: &Case, today: Date, faults: &mut Faults) -> Option<Date> {
    const POINTER: &str = "/received_on";
    match (given.method, given.received_on.as_deref()) {
        (HandOutMethod::Counter, None) => None,
        (HandOutMethod::Counter, Some(_)) => {
            faults.add(POINTER, &codes::E1029);
            None
        }
        (HandOutMethod::Mail, given) => {
            let given = faults.text(POINTER, given.unwrap_or_default(), LINE_CHARS_MAX);
            if given.is_empty() {
                return None;
            }
            let day: Date = faults.parse(POINTER, &given, &codes::E1027)?;
            let first = case.decided_at.map_or(today, Timestamp::day);
            if day < first || day > today {
                faults.between(POINTER, first, today);
            }
            Some(day)
        }
    }
}

pub(crate) struct HandOutResult {
    pub method: HandOutMethod,
    pub received_on: Option<Date>,
    pub words: Option<Vec<u8>>,
}

impl Act for HandOutResult {
    const NAME: &'static str = "case.hand_out";
    const NOTICES: &'static [NoticeKind] = &[NoticeKind::DeliveryReceipt];

    fn decide(&self, change: &mut Change<'_>) -> Result<(), AppError> {
        change.expect_state(&[State::Ready, State::Denied, State::Granted])?;
        change.held_task(Stage::HandOut)?;
        let how = match self.method {
            HandOutMethod::Counter => "counter",
            HandOutMethod::Mail => "mail",
        };
        // What arrived electronically before was served then.
        let served = |id: &NoticeId| {
            let mut served = change.case.notices.iter().filter(|n| n.served.is_some());
            served.any(|notice| notice.notice_id == *id)
        };
        if let Some(notice_id) = change.case.result_notice().filter(|id| !served(id)) {
            change.emit(CaseEvent::NoticeServed {
                notice_id,
                how: how.to_owned(),
                on: self.received_on,
            })?;
        }
        let delivered_on = self.received_on.unwrap_or_else(|| change.now.day());
        let facts = json!({ "delivered_on": delivered_on, "how": how });
        let receipt = change.issue(NoticeKind::DeliveryReceipt, facts, self.words.clone())?;
        change.deliver(how, Some(receipt), self.received_on)
    }
}
