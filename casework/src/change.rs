//! One change of a case: acts add events, the flow runs on, and the case follows. Pure: the
//! executor gives time and random values, and writes what comes out.

use std::sync::Arc;

use calendar::Calendar;
use flow::{Effect, Input, NodeKind, Stage, TokenId};
use kernel::{
    AppError, Entropy, OrgPath, Refusal, Timestamp,
    caller::{CanAccept, Grant, Permission as _},
    codes,
    error::Broken,
    ids::{Id, NoticeId, TaskId},
    item::{CaseKind, Period},
};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::{
    case::{Case, Channel, Task},
    clock::{ClockKind, DueClock},
    event::{AcceptMode, CaseEvent, Decision, NoticeKind, OpenedTask, Recorded},
    model::Model,
    separation::{self, Performer},
    state::State,
};

/// What the rules of the item said, prepared before the command.
#[derive(Clone, Debug, PartialEq)]
pub struct Assessment {
    /// `grant` or `review`.
    pub outcome: String,
    /// The row of the table.
    pub rule: String,
    /// SM3 of answers and checks.
    pub digest: String,
    /// Answers and checks, sealed under the case's key.
    pub sealed: Vec<u8>,
}

/// A paper to write.
#[derive(Clone, Debug, PartialEq)]
pub struct NewNotice {
    /// Its id.
    pub id: NoticeId,
    /// What it is.
    pub kind: NoticeKind,
    /// 文号, for those that have one.
    pub number: Option<String>,
    /// What stands in it: references, dates and prepared words, no personal values.
    pub facts: Value,
    /// Words a person wrote, sealed.
    pub sealed: Option<Vec<u8>>,
}

/// A sealed text to keep.
#[derive(Clone, Debug, PartialEq)]
pub struct NewText {
    /// Its id.
    pub id: Uuid,
    /// What it is, such as `opinion` or `checks`.
    pub kind: &'static str,
    /// The text, sealed under the case's key.
    pub sealed: Vec<u8>,
}

/// Gives the next gap-free number of a series.
pub trait Numbers {
    /// The next number of `series`; the series must have been declared.
    ///
    /// # Errors
    /// Broken when it was not declared.
    fn next(&mut self, series: &str) -> Result<i64, AppError>;
}

/// One change at work.
pub struct Change<'a> {
    /// The case as it is by now.
    pub case: Case,
    /// Its item.
    pub model: Arc<Model>,
    /// The calendar in force.
    pub calendar: Arc<Calendar>,
    /// The time of the request.
    pub now: Timestamp,
    /// Random values.
    pub entropy: &'a mut dyn Entropy,
    /// Numbers of cases and papers.
    pub numbers: &'a mut dyn Numbers,
    /// Who acts, if staff.
    pub performer: Option<Performer>,
    /// What he may do, and where.
    pub grants: Option<Arc<[Grant]>>,
    /// What the rules said, if they were asked.
    pub assessment: Option<Assessment>,
    /// The abbreviation of the agency in document numbers.
    pub mark: &'a str,
    /// What happened so far.
    pub events: Vec<(i64, Recorded)>,
    /// Papers to write.
    pub notices: Vec<NewNotice>,
    /// Texts to keep.
    pub texts: Vec<NewText>,
}

impl Change<'_> {
    /// Adds an event, and takes it in.
    ///
    /// # Errors
    /// Broken when it does not fit: acts check before they emit.
    pub fn emit(&mut self, event: CaseEvent) -> Result<(), AppError> {
        self.record(Recorded { event, flow: None })
    }

    fn record(&mut self, recorded: Recorded) -> Result<(), AppError> {
        self.case
            .apply(&recorded, self.now)
            .map_err(|fault| Broken::caused("an act emitted an event that does not fit", fault))?;
        self.events.push((self.case.version, recorded));
        Ok(())
    }

    /// Refuses unless the case is in one of these states.
    ///
    /// # Errors
    /// `E1201` with the state in words.
    pub fn expect_state(&self, allowed: &[State]) -> Result<(), AppError> {
        if allowed.contains(&self.case.state) {
            return Ok(());
        }
        Err(Refusal::new(&codes::E1201)
            .with("state", self.case.state.words().zh)
            .into())
    }

    /// The open task of a stage, in the hands of the performer. A task that nobody holds is claimed
    /// with the act.
    ///
    /// # Errors
    /// `E1201` without such a task, `E1102` outside his organisations, `E1210` when a colleague
    /// holds it, or what separation says.
    pub fn held_task(&mut self, stage: Stage) -> Result<Task, AppError> {
        let task =
            self.case.task_at(stage).cloned().ok_or_else(|| {
                Refusal::new(&codes::E1201).with("state", self.case.state.words().zh)
            })?;
        self.claimable(&task)?;
        let who = self.acting()?;
        if task.holder.is_none() {
            let task_id = task.opened.task_id;
            self.emit(CaseEvent::TaskClaimed {
                task_id,
                holder: who.staff,
            })?;
        }
        Ok(task)
    }

    /// Refuses unless the performer may do this task and nobody else holds it.
    ///
    /// # Errors
    /// `E1102`, `E1210`, or what separation says.
    pub fn claimable(&self, task: &Task) -> Result<(), AppError> {
        let who = self.acting()?;
        let granted = self.grants.as_ref().is_some_and(|grants| {
            grants.iter().any(|grant| {
                grant.permission == task.opened.permission
                    && grant.org.contains(&task.opened.task_org)
            })
        });
        if !granted {
            return Err(AppError::refused(&codes::E1102));
        }
        separation::check(
            &self.case,
            self.model.edition.facts.counted_risk(),
            task,
            who,
        )?;
        if task.holder.is_some_and(|holder| holder != who.staff) {
            return Err(Refusal::new(&codes::E1210).with("holder", "同事").into());
        }
        Ok(())
    }

    /// The staff member who acts.
    ///
    /// # Errors
    /// `E1102` when it is no staff member.
    pub fn acting(&self) -> Result<Performer, AppError> {
        self.performer
            .ok_or_else(|| AppError::refused(&codes::E1102))
    }

    /// A new id.
    pub fn id<I: Id>(&mut self) -> I {
        I::new(self.now, self.entropy)
    }

    /// A clock from today.
    pub fn clock(&self, kind: ClockKind, period: Period) -> DueClock {
        DueClock::start(kind, self.now.day(), period, &self.calendar)
    }

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
    pub fn case_number(&mut self) -> Result<(String, String), AppError> {
        if let (Some(number), Some(code)) = (&self.case.number, &self.case.query_code) {
            return Ok((number.clone(), code.clone()));
        }
        let day = self.now.day();
        let serial = self.numbers.next(&case_series(&self.case, self.now))?;
        let item = self.case.opening.item.as_str().replace('-', "");
        let number = format!(
            "{}{item}{:04}{:02}{:02}{serial:04}",
            self.case.bureau,
            day.year(),
            day.month(),
            day.day()
        );
        Ok((number, query_code(self.entropy)))
    }

    /// The clocks that receipt starts.
    pub fn receipt_clocks(&self) -> Vec<DueClock> {
        let limits = &self.model.edition.facts.limits;
        vec![self.clock(ClockKind::Acceptance, limits.acceptance)]
    }

    /// Accepts: clocks, notice, flow. `on` is the legal day of acceptance.
    ///
    /// # Errors
    /// Broken only.
    pub fn accept(&mut self, mode: AcceptMode) -> Result<(), AppError> {
        let facts = self.model.edition.facts.clone();
        let today = self.now.day();
        let received = self.case.received_at.map_or(today, Timestamp::day);
        let complete = self.case.complete_at.map_or(today, Timestamp::day);
        let accepted_on = if mode == AcceptMode::Deemed {
            received
        } else {
            today
        };
        let statutory_from = match (facts.limits.start, mode) {
            (_, AcceptMode::Deemed) => received,
            (kernel::item::ClockStart::Received, _) => complete,
            (kernel::item::ClockStart::Accepted, _) => accepted_on,
        };
        let start = |kind, from, period| DueClock::start(kind, from, period, &self.calendar);
        let promised = facts
            .limits
            .promised
            .map(|p| start(ClockKind::Promised, accepted_on, p));
        let statutory = facts
            .limits
            .statutory
            .map(|p| start(ClockKind::Statutory, statutory_from, p));
        let promised_on = promised.as_ref().map(|clock| clock.due_on);
        let statutory_on = statutory.as_ref().map(|clock| clock.due_on);
        // 即办件 needs no paper of acceptance.
        let notice_id = if facts.kind == CaseKind::Instant {
            None
        } else {
            let facts = json!({
                "mode": mode, "accepted_on": accepted_on, "promised_on": promised_on,
                "statutory_on": statutory_on, "basis": facts.limits.statutory_basis,
            });
            Some(self.issue(NoticeKind::AcceptNotice, facts, None)?)
        };
        let token = self
            .case
            .task_at(Stage::Intake)
            .and_then(|task| task.opened.token);
        let acceptor = match mode {
            AcceptMode::Regular => self.performer.map(|who| who.staff),
            AcceptMode::Deemed | AcceptMode::Automatic => None,
        };
        self.emit(CaseEvent::Accepted {
            mode,
            acceptor,
            accepted_on,
            promised_on,
            statutory_on,
            clocks: promised.into_iter().chain(statutory).collect(),
            notice_id,
        })?;
        match token {
            Some(token) => self.complete(token, json!({ "accepted": true })),
            None => self.start_flow(),
        }
    }

    /// Starts the run of the flow.
    ///
    /// # Errors
    /// Broken only.
    pub fn start_flow(&mut self) -> Result<(), AppError> {
        let channel = match self.case.opening.channel {
            Channel::Online => "online",
            Channel::Window => "window",
        };
        let electronic = self.case.electronic && !self.model.edition.facts.result.paper;
        let variables = json!({
            "channel": channel,
            "electronic": electronic,
            "paper": !electronic,
            "accepted": self.case.accepted_on.is_some(),
        });
        let (state, effects) = flow::start(&self.model.flow, fields(variables), self.now);
        self.case.flow = Some(state);
        self.follow(effects)
    }

    /// Completes the user task a token waits for.
    ///
    /// # Errors
    /// Broken when the flow does not take it.
    pub fn complete(&mut self, token: TokenId, variables: Value) -> Result<(), AppError> {
        self.feed(Input::Complete {
            token,
            variables: fields(variables),
        })
    }

    /// Goes on in the flow after a task is done.
    ///
    /// # Errors
    /// Broken when the flow does not take it.
    pub fn finish(&mut self, task: &Task, variables: Value) -> Result<(), AppError> {
        match task.opened.token {
            Some(token) => self.complete(token, variables),
            None => Ok(()),
        }
    }

    fn feed(&mut self, input: Input) -> Result<(), AppError> {
        let state = self
            .case
            .flow
            .clone()
            .ok_or_else(|| Broken::new("the case has no flow"))?;
        let (state, effects) = flow::step(&self.model.flow, &state, input, self.now)
            .map_err(|fault| Broken::caused("the flow does not take this", fault))?;
        self.case.flow = Some(state);
        self.follow(effects)
    }

    /// Carries out what the flow asks for, and hands the flow's state to the last event.
    fn follow(&mut self, effects: Vec<Effect>) -> Result<(), AppError> {
        for effect in effects {
            match effect {
                Effect::OpenTask { token, node } => self.open_task(Some(token), node.as_str())?,
                Effect::Decide { token, .. } => self.answer_rules(token)?,
                Effect::Call { token, node } => self.call_service(token, node.as_str())?,
                Effect::Incident { node, reason, .. } => {
                    let reason = reason.words(kernel::Lang::Zh);
                    self.emit(CaseEvent::Incident { node, reason })?;
                }
                Effect::Entered { .. } | Effect::Left { .. } | Effect::Ended => {}
            }
        }
        if let Some((_, last)) = self.events.last_mut() {
            last.flow.clone_from(&self.case.flow);
        }
        Ok(())
    }

    /// Opens the task of a user node, or the intake of an instant item that cannot be accepted yet.
    ///
    /// # Errors
    /// Broken when the node is not a user task.
    pub fn open_task(&mut self, token: Option<TokenId>, node: &str) -> Result<(), AppError> {
        let found = self
            .model
            .flow
            .node(node)
            .map(|node| (node.id.clone(), node.kind.clone()));
        let Some((node, NodeKind::UserTask(task))) = found else {
            return Err(Broken::new(format!("{node} is not a user task")).into());
        };
        let opened = OpenedTask {
            task_id: self.id::<TaskId>(),
            token,
            node,
            stage: task.stage,
            permission: task.permission.clone(),
            post: task.post.clone().unwrap_or_default(),
            task_org: self.place(task.org.as_deref(), task.stage)?,
            people: task.people.get(),
            exclude: task.exclude,
        };
        self.emit(CaseEvent::TaskOpened(Box::new(opened)))
    }

    /// Opens the intake of an instant item whose papers are incomplete.
    ///
    /// # Errors
    /// Broken only.
    pub fn open_intake_without_flow(&mut self) -> Result<(), AppError> {
        let opened = OpenedTask {
            task_id: self.id::<TaskId>(),
            token: None,
            node: "intake".into(),
            stage: Stage::Intake,
            permission: CanAccept::NAME.to_owned(),
            post: "intake".to_owned(),
            task_org: self.place(None, Stage::Intake)?,
            people: 1,
            exclude: Vec::new(),
        };
        self.emit(CaseEvent::TaskOpened(Box::new(opened)))
    }

    fn place(&self, org: Option<&str>, stage: Stage) -> Result<OrgPath, AppError> {
        let below = org.unwrap_or(match stage {
            Stage::Intake => "hall",
            Stage::Make | Stage::HandOut => "delivery",
            _ => &self.model.edition.facts.handled_by,
        });
        let path = format!("{}/{below}", self.case.bureau);
        path.parse()
            .map_err(|fault| Broken::caused(format!("place of a task: {path}"), fault).into())
    }

    fn answer_rules(&mut self, token: TokenId) -> Result<(), AppError> {
        let Some(assessment) = self.assessment.take() else {
            return Err(Broken::new("the rules were not asked before the flow needed them").into());
        };
        let Assessment {
            outcome,
            rule,
            digest,
            sealed,
        } = assessment;
        let text_id = self
            .keep_text("checks", Some(sealed))
            .ok_or_else(|| Broken::new("the checks were not kept"))?;
        self.emit(CaseEvent::Checked {
            text_id,
            digest,
            outcome: outcome.clone(),
            rule,
        })?;
        self.feed(Input::Resolve {
            token,
            variables: fields(json!({ "outcome": outcome })),
        })
    }

    fn call_service(&mut self, token: TokenId, node: &str) -> Result<(), AppError> {
        let service = match self.model.flow.node(node).map(|node| &node.kind) {
            Some(NodeKind::ServiceTask { service }) => service.clone(),
            _ => return Err(Broken::new(format!("{node} is not a service task")).into()),
        };
        match service.as_str() {
            "issue_result" => {
                if self.case.decision.is_none() {
                    self.grant_by_rule()?;
                }
                self.feed(Input::Resolve {
                    token,
                    variables: Map::new(),
                })
            }
            // Answered when the notice has arrived: see `serve.rs`.
            "serve_electronically" => self.emit(CaseEvent::Ready {
                how: "electronic".to_owned(),
            }),
            other => Err(Broken::new(format!("there is no service {other}")).into()),
        }
    }

    fn grant_by_rule(&mut self) -> Result<(), AppError> {
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
        self.decide(true, None, Some(by_rule), None, None, None)
    }

    /// Writes the decision and its notice.
    ///
    /// # Errors
    /// Broken only.
    pub fn decide(
        &mut self,
        granted: bool,
        task: Option<&Task>,
        by_rule: Option<String>,
        ground: Option<String>,
        opinion: Option<Vec<u8>>,
        wording: Option<Vec<u8>>,
    ) -> Result<(), AppError> {
        let kind = if granted {
            NoticeKind::Grant
        } else {
            NoticeKind::Deny
        };
        let facts = json!({
            "decided_on": self.now.day(), "ground": ground, "by_rule": by_rule,
            "valid_months": self.model.edition.facts.result.valid_months,
        });
        let notice_id = self.issue(kind, facts, wording)?;
        let text_id = self.keep_text("opinion", opinion);
        let received = self.case.received_at.unwrap_or(self.now).day();
        let decision = Box::new(Decision {
            task_id: task.map(|task| task.opened.task_id),
            decider: task.and(self.performer).map(|who| who.staff),
            by_rule,
            ground,
            notice_id,
            text_id,
            on_time: self
                .case
                .expected()
                .is_none_or(|clock| !clock.is_overdue(self.now)),
            working_days: self.calendar.working_days(received, self.now.day()),
            corrected: !self.case.corrections.is_empty(),
            visits: self.case.visits,
            clocks: vec![self.clock(
                ClockKind::Delivery,
                self.model.edition.facts.limits.delivery,
            )],
        });
        self.emit(if granted {
            CaseEvent::Granted(decision)
        } else {
            CaseEvent::Denied(decision)
        })
    }

    /// The result has reached the applicant: ends delivery and the flow.
    ///
    /// # Errors
    /// Broken only.
    pub fn deliver(
        &mut self,
        method: &str,
        notice_id: Option<NoticeId>,
        text_id: Option<Uuid>,
    ) -> Result<(), AppError> {
        let waiting = self
            .case
            .flow
            .as_ref()
            .and_then(|flow| flow.tokens().first().cloned());
        self.emit(CaseEvent::Delivered {
            method: method.to_owned(),
            notice_id,
            text_id,
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
            Self::DeliveryReceipt => "送",
            Self::Receipt | Self::PreReturn | Self::Withdrawal | Self::CheckRecord => return None,
        })
    }

    /// The series of its numbers in a year.
    pub fn series(self, year: i16) -> String {
        format!("doc/{}/{year}", self.series_letter().unwrap_or(""))
    }
}

fn fields(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(fields) => fields,
        _ => Map::new(),
    }
}

/// Eight letters and digits that nobody confuses when they are read aloud.
fn query_code(entropy: &mut dyn Entropy) -> String {
    const ALPHABET: &[u8; 30] = b"23456789ABCDEFGHJKLMNPQRSTUVWX";
    (0..8)
        .map(|_| {
            let at = usize::try_from(entropy.below(30)).unwrap_or(0);
            char::from(ALPHABET.get(at).copied().unwrap_or(b'2'))
        })
        .collect()
}
