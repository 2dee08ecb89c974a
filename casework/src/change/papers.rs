//! Papers and numbers that a change gives out.

use kernel::{
    AppError, Timestamp,
    ids::{Id as _, NoticeId},
};
use serde_json::Value;
use uuid::Uuid;

use super::{Change, NewNotice, NewText};
use crate::{case::Case, event::NoticeKind};

impl Change<'_> {
    /// Keeps a sealed text.
    pub fn keep_text(&mut self, kind: &'static str, sealed: Option<Vec<u8>>) -> Option<Uuid> {
        sealed.map(|sealed| {
            let id = self.id::<NoticeId>().uuid();
            self.texts.push(NewText { id, kind, sealed });
            id
        })
    }

    /// Writes a paper; those with a series get the next number of the year.
    ///
    /// # Errors
    /// Broken when the series was not declared.
    pub fn issue(
        &mut self,
        kind: NoticeKind,
        facts: Value,
        sealed: Option<Vec<u8>>,
    ) -> Result<NoticeId, AppError> {
        let number = match kind.series_letter() {
            Some(letter) => {
                let year = self.now.day().year();
                let serial = self.numbers.next(&kind.series(year))?;
                let item = &self.model.edition.facts.result.mark;
                Some(format!(
                    "{}{item}{letter}字〔{year}〕第{serial:04}号",
                    self.mark
                ))
            }
            None => None,
        };
        let id = self.id();
        self.notices.push(NewNotice {
            id,
            kind,
            number,
            facts,
            sealed,
        });
        Ok(id)
    }

    /// The number of the case: agency, item, day and serial of that day, without gaps.
    ///
    /// # Errors
    /// Broken when the series was not declared.
    pub fn case_number(&mut self) -> Result<String, AppError> {
        if let Some(number) = &self.case.number {
            return Ok(number.clone());
        }
        let day = self.now.day();
        let serial = self.numbers.next(&case_series(&self.case, self.now))?;
        let item = self.case.opening.item.as_str().replace('-', "");
        Ok(format!(
            "{}{item}{:04}{:02}{:02}{serial:04}",
            self.case.bureau,
            day.year(),
            day.month(),
            day.day()
        ))
    }
}

/// The series of case numbers of one day.
pub fn case_series(case: &Case, now: Timestamp) -> String {
    format!("case/{}/{}", case.opening.item, now.day())
}

impl NoticeKind {
    /// The letter of papers that carry a number of their own series.
    pub const fn series_letter(self) -> Option<&'static str> {
        Some(match self {
            Self::AcceptNotice => "受",
            Self::RefuseAcceptance => "不受",
            Self::NotRequired => "不需",
            Self::CorrectionNotice => "补",
            Self::Grant => "准",
            Self::Deny => "不",
            Self::Lapse => "终",
            Self::DeliveryReceipt | Self::OtherPartyReceipt => "送",
            Self::OtherPartyNotice => "举",
            Self::Receipt | Self::PreReturn | Self::Withdrawal | Self::OtherPartyDecision => {
                return None;
            }
        })
    }

    /// The series of its numbers in a year.
    pub fn series(self, year: i16) -> String {
        format!("doc/{}/{year}", self.series_letter().unwrap_or(""))
    }
}
