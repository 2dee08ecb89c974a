//! The decision and its delivery.

use flow::Input;
use kernel::{AppError, Date, Refusal, codes, ids::NoticeId};
use serde_json::{Map, json};

use super::Change;
use crate::{
    case::Task,
    clock::ClockKind,
    event::{CaseEvent, Decision, NoticeKind},
};

/// What is decided, and by whom.
pub enum Verdict<'a> {
    /// The published rule with this name grants.
    ByRule(String),
    /// A person grants.
    Grant {
        /// His task.
        task: &'a Task,
        /// His opinion, sealed.
        opinion: Option<Vec<u8>>,
        /// What is granted, as it was assessed, sealed.
        granted: Option<Vec<u8>>,
    },
    /// A person denies: never without words.
    Deny {
        /// His task.
        task: &'a Task,
        /// His opinion, sealed.
        opinion: Option<Vec<u8>>,
        /// Why.
        denial: Denial,
    },
}

/// Why something is denied.
#[derive(Clone, Debug)]
pub struct Denial {
    /// The prepared ground of the item, if one is used.
    pub ground: Option<String>,
    /// Reason, article and where to go instead, sealed.
    pub words: Vec<u8>,
}

impl Change<'_> {
    pub(super) fn grant_by_rule(&mut self) -> Result<(), AppError> {
        let rule = match &self.case.assessed {
            Some((outcome, rule)) if outcome == "grant" => rule.clone(),
            _ => return Err(Refusal::new(&codes::E1224).into()),
        };
        let by_rule = format!(
            "{} {} v{}",
            self.model.rules.id(),
            rule,
            self.model.edition.edition
        );
        self.decide(Verdict::ByRule(by_rule))
    }

    /// Writes the decision and its notice.
    ///
    /// # Errors
    /// Broken only.
    pub fn decide(&mut self, verdict: Verdict<'_>) -> Result<(), AppError> {
        let (kind, task, by_rule, opinion, ground, words) = match verdict {
            Verdict::ByRule(rule) => {
                let granted = self.granted.take();
                (NoticeKind::Grant, None, Some(rule), None, None, granted)
            }
            Verdict::Grant {
                task,
                opinion,
                granted,
            } => (NoticeKind::Grant, Some(task), None, opinion, None, granted),
            Verdict::Deny {
                task,
                opinion,
                denial: Denial { ground, words },
            } => {
                let words = Some(words);
                (NoticeKind::Deny, Some(task), None, opinion, ground, words)
            }
        };
        let facts = json!({
            "decided_on": self.now.day(), "ground": ground, "by_rule": by_rule,
            "valid_months": self.model.edition.facts.result.valid_months,
        });
        let notice_id = self.issue(kind, facts.clone(), words.clone())?;
        let text_id = self.keep_text("opinion", opinion);
        let received = self.case.received_at.unwrap_or(self.now).day();
        let expected = self.case.expected();
        let delivery = self.model.edition.facts.limits.delivery;
        let decision = Box::new(Decision {
            task_id: task.map(|task| task.opened.task_id),
            decider: task.and(self.performer).map(|who| who.staff),
            by_rule,
            ground,
            notice_id,
            text_id,
            on_time: expected.is_none_or(|clock| !clock.is_overdue(self.now)),
            working_days: self.calendar.working_days(received, self.now.day()),
            corrected: !self.case.corrections.is_empty(),
            visits: self.case.visits,
            clocks: vec![self.clock(ClockKind::Delivery, delivery)],
        });
        self.emit(match kind {
            NoticeKind::Deny => CaseEvent::Denied(decision),
            _ => CaseEvent::Granted(decision),
        })?;
        self.copy_decision(kind, &facts, words)
    }

    /// The result has reached the applicant: ends delivery and the flow.
    ///
    /// # Errors
    /// Broken only.
    pub fn deliver(
        &mut self,
        method: &str,
        notice_id: Option<NoticeId>,
        on: Option<Date>,
    ) -> Result<(), AppError> {
        let waiting = self
            .case
            .flow
            .as_ref()
            .and_then(|flow| flow.tokens().first().cloned());
        self.emit(CaseEvent::Delivered {
            method: method.to_owned(),
            notice_id,
            on,
        })?;
        match waiting {
            Some(token) if token.wait == flow::Wait::Task => self.complete(token.id, json!({})),
            Some(token) if token.wait == flow::Wait::Service => self.feed(Input::Resolve {
                token: token.id,
                variables: Map::new(),
            }),
            _ => Ok(()),
        }
    }
}
