//! The other party: told with acceptance, heard before the decision, served its own copy of it.

use kernel::{
    AppError, Date, codes,
    ids::NoticeId,
    item::{ApplicantKind, OtherParty as Facts},
};
use serde_json::{Value, json};

use super::{Change, NewNotice};
use crate::{
    case::{Case, Party, answer_clock},
    event::{CaseEvent, NoticeKind},
};

/// How a paper reached the other party.
pub struct Service {
    /// `electronic`, `counter` or `mail`.
    pub how: &'static str,
    /// The day on the return receipt, if it came by mail.
    pub on: Option<Date>,
    /// Whether it agreed to electronic service from now on.
    pub agreed: bool,
    /// Who received it, sealed, where a receipt is kept on paper.
    pub received: Option<Vec<u8>>,
}

impl Change<'_> {
    /// What the item says of the other party of this case.
    pub fn other_party(&self) -> Option<&Facts> {
        let facts = &self.model.edition.facts;
        facts.other_party(applicant_kind(&self.case))
    }

    /// Tells the other party, and asks it to answer.
    ///
    /// # Errors
    /// Broken only.
    pub(super) fn notify_other(&mut self, party: Party) -> Result<(), AppError> {
        let Some(facts) = self.other_party().cloned() else {
            return Ok(());
        };
        let said = json!({ "accepted_on": self.now.day(), "answer": facts.answer });
        let notice_id = self.issue(NoticeKind::OtherPartyNotice, said, None)?;
        self.emit(CaseEvent::OtherPartyNotified { party, notice_id })
    }

    /// Refuses what must not be said before the other party was heard, or let its time pass.
    ///
    /// # Errors
    /// `E1240` while it may still answer.
    pub fn expect_heard(&self) -> Result<(), AppError> {
        if self.case.awaits_answer(self.now) {
            return Err(AppError::refused(&codes::E1240));
        }
        Ok(())
    }

    /// A paper has reached the other party. Its time to answer begins with the service of its notice;
    /// what is served on paper leaves a receipt.
    ///
    /// # Errors
    /// Broken only.
    pub fn serve_other(&mut self, notice_id: NoticeId, service: Service) -> Result<(), AppError> {
        let Service {
            how,
            on,
            agreed,
            received,
        } = service;
        let day = on.unwrap_or_else(|| self.now.day());
        let is_notice = self
            .case
            .other
            .as_ref()
            .is_some_and(|other| other.notice_id == notice_id && other.answer.is_none());
        let period = self.other_party().map(|facts| facts.answer);
        let clock = period
            .filter(|_| is_notice)
            .map(|period| answer_clock(day, period, &self.calendar));
        let receipt = match received {
            Some(words) => {
                let facts = json!({ "delivered_on": day, "how": how, "served": notice_id });
                Some(self.issue(NoticeKind::OtherPartyReceipt, facts, Some(words))?)
            }
            None => None,
        };
        self.emit(CaseEvent::OtherPartyServed {
            notice_id,
            how: how.to_owned(),
            on,
            agreed,
            performer: self.performer.map(|who| who.staff),
            receipt,
            clocks: clock.into_iter().collect(),
        })
    }

    /// Gives the other party its own copy of a decision, under the number of the decision. What is
    /// paid to the applicant is none of its business.
    ///
    /// # Errors
    /// Broken only.
    pub(super) fn copy_decision(
        &mut self,
        kind: NoticeKind,
        facts: &Value,
        words: Option<Vec<u8>>,
    ) -> Result<(), AppError> {
        if self.case.other.is_none() {
            return Ok(());
        }
        let number = self.notices.last().and_then(|paper| paper.number.clone());
        let outcome = if kind == NoticeKind::Deny {
            "denied"
        } else {
            "granted"
        };
        let mut facts = facts.clone();
        if let Some(fields) = facts.as_object_mut() {
            fields.insert("outcome".to_owned(), json!(outcome));
        }
        let id: NoticeId = self.id();
        self.notices.push(NewNotice {
            id,
            kind: NoticeKind::OtherPartyDecision,
            number,
            facts,
            sealed: words.filter(|_| kind == NoticeKind::Deny),
        });
        self.emit(CaseEvent::OtherPartyDecided { notice_id: id })
    }

    /// The case ends without a decision: the other party need not answer any more.
    ///
    /// # Errors
    /// Broken only.
    pub fn release_other(&mut self) -> Result<(), AppError> {
        if self.case.other.is_none() {
            return Ok(());
        }
        self.emit(CaseEvent::OtherPartyReleased)
    }
}

/// Of which kind the applicant is.
pub(crate) const fn applicant_kind(case: &Case) -> ApplicantKind {
    match case.opening.employer {
        Some(_) => ApplicantKind::Enterprise,
        None => ApplicantKind::Person,
    }
}
