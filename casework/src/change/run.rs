//! The run of the flow: what it asks for is carried out, its state goes with the last event.

use flow::{Effect, Input, NodeKind, Stage, TokenId};
use kernel::{
    AppError, OrgPath,
    caller::{CanAccept, Permission as _},
    error::Broken,
    ids::TaskId,
};
use serde_json::{Map, Value, json};

use super::{Assessment, Change};
use crate::{
    case::{Channel, Task},
    event::{CaseEvent, OpenedTask},
};

impl Change<'_> {
    /// Starts the run of the flow.
    ///
    /// # Errors
    /// Broken only.
    pub fn start_flow(&mut self) -> Result<(), AppError> {
        let channel = match self.case.opening.channel {
            Channel::Online => "online",
            Channel::Window => "window",
        };
        let mut variables = self.service();
        variables.insert("channel".to_owned(), json!(channel));
        variables.insert(
            "accepted".to_owned(),
            json!(self.case.accepted_on.is_some()),
        );
        let (state, effects) = flow::start(&self.model.flow, variables, self.now);
        self.case.flow = Some(state);
        self.follow(effects)
    }

    /// How the result reaches the applicant: electronically with his consent, unless it is a paper.
    fn service(&self) -> Map<String, Value> {
        let electronic = self.case.electronic && !self.model.edition.facts.result.paper;
        fields(json!({ "electronic": electronic, "paper": !electronic }))
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

    /// Lets the flow try again where it could not go on.
    ///
    /// # Errors
    /// `E1201` where it can.
    pub fn retry(&mut self) -> Result<(), AppError> {
        let Some((token, node)) = self.case.incident().map(|at| (at.id, at.node.clone())) else {
            return self.expect_state(&[]);
        };
        self.emit(CaseEvent::IncidentRetried { node })?;
        // Consent may have been taken back since the flow began.
        let variables = self.service();
        self.feed(Input::Retry { token, variables })
    }

    pub(super) fn feed(&mut self, input: Input) -> Result<(), AppError> {
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
        let stage = opened.stage;
        self.emit(CaseEvent::TaskOpened(Box::new(opened)))?;
        if stage == Stage::HandOut {
            let how = "counter".to_owned();
            self.emit(CaseEvent::Ready { how })?;
        }
        Ok(())
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
            granted,
            other: _,
            subject: _,
        } = assessment;
        self.granted = granted;
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
                // Consent may have been taken back since the flow began.
                let variables = self.service();
                self.feed(Input::Resolve { token, variables })
            }
            // Answered when the notice has arrived: see `jobs.rs`.
            "serve_electronically" => self.emit(CaseEvent::Ready {
                how: "electronic".to_owned(),
            }),
            other => Err(Broken::new(format!("there is no service {other}")).into()),
        }
    }
}

fn fields(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(fields) => fields,
        _ => Map::new(),
    }
}
