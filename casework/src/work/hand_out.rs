//! 出件 (T18, T19): the result is handed out and signed for, or sent by mail.

use axum::extract::State as Context;
use flow::Stage;
use httpkit::{Act as Write, Authorised, Faults, Params, Refusals, Reply, Versioned};
use kernel::{
    AppError, Caller, CitizenNo, Date, Refusal, Timestamp,
    caller::CanDeliver,
    codes,
    ids::{CaseId, NoticeId},
    item::Words,
    limits::LINE_CHARS_MAX,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use crate::{
    apply::open::person_card,
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

impl HandOutMethod {
    /// The word in events and facts.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Counter => "counter",
            Self::Mail => "mail",
        }
    }
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
    /// 法定代表人、主要负责人
    LegalRepresentative,
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
            Self::LegalRepresentative => ("法定代表人", "Legal representative"),
            Self::EnterpriseAgent => ("单位经办人", "Agent of the enterprise"),
            Self::MailRoom => ("单位收发人员", "Mail room of the enterprise"),
        };
        Words {
            zh: zh.to_owned(),
            en: en.to_owned(),
        }
    }

    /// Where a receiver of this name cannot belong to the applicant like this: at his name, or at the
    /// relation. `person` is the name of a natural person who applies; none for an enterprise.
    fn fault(self, person: Option<&str>, receiver: &str) -> Option<&'static str> {
        match (self, person) {
            (Self::Applicant, Some(name)) => {
                (spoken(receiver) != spoken(name)).then_some("/receiver")
            }
            (Self::Agent, _)
            | (Self::Family, Some(_))
            | (Self::LegalRepresentative | Self::EnterpriseAgent | Self::MailRoom, None) => None,
            _ => Some("/relation"),
        }
    }
}

/// A name without what keyboards write differently: spaces, the dot inside some names, width and
/// case of letters.
fn spoken(name: &str) -> String {
    const DOTS: &str = "·•・‧･∙⋅.．";
    /// From a full-width letter to the plain one (Unicode block FF00).
    const WIDTH: u32 = 0xFEE0;
    let narrow = |letter: char| match letter {
        '！'..='～' => {
            let plain = u32::from(letter)
                .checked_sub(WIDTH)
                .and_then(char::from_u32);
            plain.unwrap_or(letter)
        }
        _ => letter,
    };
    let written = |letter: &char| !letter.is_whitespace() && !DOTS.contains(*letter);
    let letters = name.chars().filter(written).map(narrow);
    letters.flat_map(char::to_lowercase).collect()
}

/// Who received it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HandOut {
    /// Name of the receiver.
    pub receiver: String,
    /// How he belongs to the applicant.
    pub relation: Relation,
    /// Over the counter: the citizen number on the card of a receiver who is not the applicant.
    #[serde(default)]
    pub receiver_number: Option<String>,
    /// That an agent has shown the applicant's authorisation in writing, with both cards.
    #[serde(default)]
    pub authorised: bool,
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
    let person = match seen.case.opening.employer {
        None => Some(person_card(desk, seen.case.opening.person).await?.name),
        Some(_) => None,
    };
    let name = person.as_ref().map(|name| name.reveal().as_str());
    let today = desk.now().day();
    let first = seen.case.decided_at.map_or(today, Timestamp::day);
    let Received { on, words } = received(&given, name, first, today)?;
    let act = HandOutResult {
        method: given.method,
        received_on: on,
        words: desk.seal_words(&seen, &words)?,
    };
    desk.perform(caller, asked, &seen, act, None).await
}

/// What stands on a receipt.
pub(crate) struct Received {
    /// The day on the return receipt, by mail.
    pub on: Option<Date>,
    /// Who received it, and how.
    pub words: Value,
}

/// Checks who received a paper. `person` is the name of a natural person whom it is for; none for an
/// enterprise. `first` is the day of the paper.
///
/// # Errors
/// As [`hand_out`].
pub(crate) fn received(
    given: &HandOut,
    person: Option<&str>,
    first: Date,
    today: Date,
) -> Result<Received, AppError> {
    let mut faults = Faults::default();
    let receiver = faults.text("/receiver", &given.receiver, LINE_CHARS_MAX);
    let on = received_on(given, first, today, &mut faults);
    let wrong = given.relation.fault(person, &receiver);
    if let Some(pointer) = wrong.filter(|_| !receiver.is_empty()) {
        faults.add(pointer, &codes::E1034);
    }
    let number = receiver_number(given, &mut faults);
    if given.relation == Relation::Agent && !given.authorised {
        faults.add("/authorised", &codes::E1033);
    }
    faults.done()?;
    if !given.signed {
        return Err(Refusal::new(&codes::E1221).into());
    }
    let words = json!({ "receiver": receiver, "relation": given.relation, "receiver_number": number, "method": given.method });
    Ok(Received { on, words })
}

/// The number of somebody else who signs at the counter: it goes on the receipt.
fn receiver_number(given: &HandOut, faults: &mut Faults) -> Option<String> {
    const POINTER: &str = "/receiver_number";
    let asked = given.relation != Relation::Applicant && given.method == HandOutMethod::Counter;
    match (asked, given.receiver_number.as_deref()) {
        (false, None) => None,
        (false, Some(_)) => {
            faults.add(POINTER, &codes::E1029);
            None
        }
        (true, number) => {
            let number = faults.text(POINTER, number.unwrap_or_default(), LINE_CHARS_MAX);
            if number.is_empty() {
                return None;
            }
            let number: CitizenNo = faults.parse(POINTER, &number, &codes::E1025)?;
            Some(number.reveal().to_owned())
        }
    }
}

/// The day of service by mail: asked for with mail alone, and no day that cannot be it.
fn received_on(given: &HandOut, first: Date, today: Date, faults: &mut Faults) -> Option<Date> {
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
        let how = self.method.as_str();
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_applicant_himself_has_the_name_of_the_application_however_it_is_written() {
        for (name, receiver, fault) in [
            ("王秀兰", "王 秀兰", None),
            ("王秀兰", "王秀", Some("/receiver")),
            ("阿依古丽·买买提", "阿依古丽•买买提", None),
            ("阿依古丽·买买提", "阿依古丽买买提", None),
            ("Maria Li", "ＭＡＲＩＡ ＬＩ", None),
            ("Maria Li", "Mario Li", Some("/receiver")),
        ] {
            let found = Relation::Applicant.fault(Some(name), receiver);
            assert_eq!(found, fault, "{name} {receiver}");
        }
    }

    #[test]
    fn relations_fit_the_kind_of_applicant() {
        use Relation::{Agent, Applicant, EnterpriseAgent, Family, LegalRepresentative, MailRoom};
        let faults = |person| {
            let all = [
                Applicant,
                Agent,
                Family,
                LegalRepresentative,
                EnterpriseAgent,
                MailRoom,
            ];
            all.map(|relation| relation.fault(person, "王秀兰").is_some())
        };
        assert_eq!(
            faults(Some("王秀兰")),
            [false, false, false, true, true, true]
        );
        assert_eq!(faults(None), [true, false, true, false, false, false]);
    }
}
