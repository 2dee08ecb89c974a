//! What staff see of a case: checks with their sources, parties, what may be done now and why not.

use std::collections::BTreeMap;

use axum::extract::State as Context;
use flow::{Stage, Wait};
use httpkit::{Authorised, Params, Refusals, Reply, Versioned};
use kernel::{
    AppError, Caller, Lang, Timestamp,
    caller::{IsStaff, Staff},
    ids::{CaseId, Id as _, StaffId, TaskId},
    item::{RefusalGround, TimeLimits, Words},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::{
    acts::acts,
    applicant::{CaseView, case_view},
    opened_words,
    other_side::{OtherSide, only_to_serve, other_side},
    tasks::{HolderView, stage_words},
};
use crate::{
    change::applicant_kind,
    desk::{Casework, Seen, Sight},
    event::NoticeKind,
    state::State,
    store as rows,
};

/// One point the rules have checked.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct CheckView {
    /// Stable within the item.
    pub id: String,
    /// What was checked.
    pub label: String,
    /// Yes, no, or cannot tell.
    pub ok: Option<bool>,
    /// What was found.
    #[serde(default)]
    pub detail: Option<String>,
    /// The register that said it.
    #[serde(default)]
    pub source: Option<String>,
    /// The article.
    #[serde(default)]
    pub basis: Option<String>,
}

/// What the table of the item said.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RuleView {
    /// Name of the rules.
    pub name: String,
    /// Edition of the item.
    pub edition: i32,
    /// `grant` or `review`.
    pub outcome: String,
    /// The row of the table.
    pub rule: String,
    /// Why, in words.
    pub reason: Option<String>,
}

/// The open task of the case that matters to the caller.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct OpenTaskView {
    /// The task.
    pub task_id: TaskId,
    /// Its stage.
    #[schema(value_type = String)]
    pub stage: Stage,
    /// Its stage in words.
    pub stage_name: Words,
    /// Who holds it.
    pub holder: Option<HolderView>,
    /// Whether the caller does.
    pub mine: bool,
}

/// The model of the flow and where the case stands in it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FlowView {
    /// BPMN 2.0 XML.
    pub xml: String,
    /// Nodes passed.
    pub done: Vec<String>,
    /// Nodes where the case stands.
    pub now: Vec<String>,
}

/// The record of a site check.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SiteCheckView {
    /// Where.
    pub place: String,
    /// When.
    pub at: Option<Timestamp>,
    /// What was found.
    pub facts: String,
    /// Who recorded and confirmed it.
    pub by: Vec<String>,
    /// Whether enough persons have.
    pub confirmed: bool,
}

/// An opinion with the stage it was given at.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct OpinionView {
    /// The stage.
    pub stage_name: Words,
    /// The opinion.
    pub opinion: String,
    /// The article.
    pub basis: String,
}

/// An act that the caller may not do now, and why.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct BlockedAct {
    /// The act.
    pub act: String,
    /// The code of the refusal.
    pub code: String,
    /// In words.
    pub why: Words,
}

/// A case as staff see it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct StaffCase {
    /// What everybody sees.
    #[serde(flatten)]
    pub case: CaseView,
    /// The organisation that handles it.
    pub org: String,
    /// How long each act may take, by the edition of the case.
    pub limits: TimeLimits,
    /// Whether acceptance is told to another party.
    pub tells_other_party: bool,
    /// Risk that counts for separation.
    #[schema(value_type = String)]
    pub risk: kernel::item::Risk,
    /// The open task.
    pub task: Option<OpenTaskView>,
    /// What the rules have checked.
    pub checks: Vec<CheckView>,
    /// What the table said.
    pub rule: Option<RuleView>,
    /// Amounts the rules computed.
    #[schema(value_type = Option<Object>)]
    pub benefit: Option<Value>,
    /// Who accepted.
    pub acceptor: Option<String>,
    /// Who reviewed.
    pub reviewers: Vec<String>,
    /// What the last reviewer proposed.
    pub proposal: Option<String>,
    /// Whether the decider may send it back to review.
    pub may_return: bool,
    /// Who decided.
    pub decider: Option<String>,
    /// Opinions.
    pub opinions: Vec<OpinionView>,
    /// Prepared grounds of refusals.
    pub grounds: Vec<RefusalGround>,
    /// The flow.
    pub flow: FlowView,
    /// The site check.
    pub site_check: Option<SiteCheckView>,
    /// The refusal of acceptance that waits for a second signature.
    pub refusal: Option<RefusalView>,
    /// Why the flow cannot go on, if it cannot.
    pub incident: Option<IncidentView>,
    /// The other party, where the case has one.
    pub other_side: Option<OtherSide>,
    /// What the caller may do now.
    pub next: Vec<String>,
    /// What he may not, and why.
    pub blocked: Vec<BlockedAct>,
    /// Organs for remedies, shown when a denial is written.
    pub review_organ: Words,
    /// The court.
    pub court: Words,
}

/// Where the flow of a case cannot go on, and why.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct IncidentView {
    /// The step.
    pub step: String,
    /// Since when.
    pub since: Timestamp,
    /// Why, for whoever looks after the model of the item.
    pub reason: String,
}

/// A refusal of acceptance that waits for a second signature.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RefusalView {
    /// Which paper it becomes.
    pub kind: NoticeKind,
    /// The reason in plain words.
    pub reason: String,
    /// The article.
    pub basis: String,
    /// Where to go instead.
    pub instead: String,
    /// Who wrote it.
    pub by: String,
}

/// A case as staff see it.
#[utoipa::path(get, path = "/workbench/cases/{case_id}", tag = "work",
    params(("case_id" = CaseId, Path)),
    responses((status = 200, body = StaffCase), Refusals))]
pub(crate) async fn find_case_at_work(
    Context(desk): Context<Casework>,
    Authorised(caller): Authorised<IsStaff>,
    Params(id): Params<CaseId>,
) -> Reply<Versioned<StaffCase>> {
    let seen = desk.see(&caller, id).await?;
    let view = staff_case(&desk, caller.staff()?, &seen).await?;
    let view = match seen.sight {
        Sight::Whole => view,
        Sight::Result => only_the_result(view),
    };
    Ok(Versioned(view.case.version, view))
}

/// What is handed out, and to whom: nothing of what the applicant gave, or of how it was weighed.
fn only_the_result(view: StaffCase) -> StaffCase {
    let mut case = view.case;
    case.notices.retain(|paper| paper.kind.is_of_delivery());
    StaffCase {
        case: CaseView {
            timeline: Vec::new(),
            query_code: None,
            form: Value::Null,
            data: serde_json::Map::new(),
            materials: Vec::new(),
            ..case
        },
        checks: Vec::new(),
        rule: None,
        benefit: None,
        acceptor: None,
        reviewers: Vec::new(),
        proposal: None,
        may_return: false,
        decider: None,
        opinions: Vec::new(),
        site_check: None,
        refusal: None,
        other_side: view.other_side.map(only_to_serve),
        ..view
    }
}

/// The state of a case as this caller may see it.
///
/// # Errors
/// `E1012` when it is none of his business.
pub async fn state_of<P>(
    desk: &Casework,
    caller: &Caller<P>,
    id: CaseId,
) -> Result<State, AppError> {
    Ok(desk.see(caller, id).await?.case.state)
}

async fn staff_case(desk: &Casework, staff: &Staff, seen: &Seen) -> Result<StaffCase, AppError> {
    let names = names(desk, seen).await?;
    let name = |id: StaffId| names.get(&id).cloned().unwrap_or_default();
    let case = &seen.case;
    let view = case_view(desk, seen, Some(&names)).await?;
    let assessed = assessed(desk, seen).await?;
    let (next, blocked) = acts(staff, seen, desk.now());
    let facts = &seen.model.edition.facts;
    Ok(StaffCase {
        org: case.opening.org.to_string(),
        limits: facts.limits.clone(),
        tells_other_party: facts.other_party(applicant_kind(case)).is_some(),
        risk: facts.counted_risk(),
        task: case.tasks.first().map(|task| OpenTaskView {
            task_id: task.opened.task_id,
            stage: task.opened.stage,
            stage_name: stage_words(task.opened.stage.as_str()),
            holder: task.holder.map(|staff_id| HolderView {
                staff_id,
                name: name(staff_id),
            }),
            mine: task.holder == Some(staff.staff),
        }),
        rule: rule_view(seen, &assessed),
        checks: assessed
            .get("checks")
            .cloned()
            .and_then(|checks| serde_json::from_value(checks).ok())
            .unwrap_or_default(),
        benefit: assessed
            .get("benefit")
            .cloned()
            .filter(|benefit| !benefit.is_null()),
        acceptor: case.acceptor.map(name),
        reviewers: case.reviewers.iter().copied().map(name).collect(),
        proposal: case.proposal.clone(),
        may_return: case.may_return(),
        decider: case
            .decision
            .as_ref()
            .and_then(|decision| decision.decider)
            .map(name),
        opinions: opinions(desk, seen).await?,
        grounds: facts.grounds.clone(),
        flow: flow_view(seen),
        site_check: site_check(desk, seen, &name).await?,
        refusal: refusal(desk, seen, &name).await?,
        incident: incident(seen),
        other_side: other_side(desk, seen).await?,
        next,
        blocked,
        review_organ: facts.review_organ.clone(),
        court: facts.court.clone(),
        case: view,
    })
}

/// What the table of the item said.
fn rule_view(seen: &Seen, assessed: &Value) -> Option<RuleView> {
    let (outcome, rule) = seen.case.assessed.as_ref()?;
    let reason = assessed.pointer("/outcome/reason").and_then(Value::as_str);
    Some(RuleView {
        name: seen.model.rules.id(),
        edition: seen.model.edition.edition,
        outcome: outcome.clone(),
        rule: rule.clone(),
        reason: reason.map(ToOwned::to_owned),
    })
}

async fn names(desk: &Casework, seen: &Seen) -> Result<BTreeMap<StaffId, String>, AppError> {
    let events = desk
        .kit
        .store
        .history(seen.case.bureau, seen.case.id.uuid())
        .await?;
    let mut ids: Vec<StaffId> = events
        .iter()
        .filter_map(|event| match event.actor {
            kernel::caller::Actor::Staff(id) => Some(id),
            _ => None,
        })
        .chain(seen.case.tasks.iter().filter_map(|task| task.holder))
        .collect();
    ids.sort_unstable();
    ids.dedup();
    let cards = desk.parts.parties.staff(seen.case.bureau, &ids).await?;
    Ok(cards
        .into_iter()
        .map(|(id, card)| (id, card.name))
        .collect())
}

/// What the rules said, from the sealed row; before they were asked, from the form as it stands.
async fn assessed(desk: &Casework, seen: &Seen) -> Result<Value, AppError> {
    let kept = desk.assessed(seen).await?;
    if !kept.is_null() {
        return Ok(kept);
    }
    if seen.case.state == State::Draft {
        return Ok(Value::Null);
    }
    let data = desk.form_of(seen).await?;
    let assessment = desk.assess(seen, &data)?;
    opened_words(desk, seen, &assessment.sealed)
}

/// One of the words that were sealed together; empty where it was left out.
fn said_of(said: &Value, key: &str) -> String {
    let word = said.get(key).and_then(Value::as_str);
    word.unwrap_or_default().to_owned()
}

async fn opinions(desk: &Casework, seen: &Seen) -> Result<Vec<OpinionView>, AppError> {
    let mut views = Vec::new();
    for (stage, id) in &seen.case.opinions {
        let Some(row) = rows::text_of(&desk.kit.store, &seen.file, *id).await? else {
            continue;
        };
        let said = opened_words(desk, seen, &row.sealed)?;
        let text = |key| said_of(&said, key);
        views.push(OpinionView {
            stage_name: stage_words(stage.as_str()),
            opinion: text("opinion"),
            basis: text("basis"),
        });
    }
    Ok(views)
}

async fn site_check(
    desk: &Casework,
    seen: &Seen,
    name: &(dyn Fn(StaffId) -> String + Sync),
) -> Result<Option<SiteCheckView>, AppError> {
    let Some((id, by)) = &seen.case.site_check else {
        return Ok(None);
    };
    let Some(row) = rows::text_of(&desk.kit.store, &seen.file, *id).await? else {
        return Ok(None);
    };
    let said = opened_words(desk, seen, &row.sealed)?;
    let text = |key| said_of(&said, key);
    Ok(Some(SiteCheckView {
        place: text("place"),
        at: text("at").parse().ok(),
        facts: text("facts"),
        by: by.iter().copied().map(name).collect(),
        confirmed: seen.case.task_at(Stage::SiteCheck).is_none(),
    }))
}

async fn refusal(
    desk: &Casework,
    seen: &Seen,
    name: &(dyn Fn(StaffId) -> String + Sync),
) -> Result<Option<RefusalView>, AppError> {
    let Some(waiting) = &seen.case.refusal else {
        return Ok(None);
    };
    let Some(id) = waiting.text_id else {
        return Ok(None);
    };
    let Some(row) = rows::text_of(&desk.kit.store, &seen.file, id).await? else {
        return Ok(None);
    };
    let said = opened_words(desk, seen, &row.sealed)?;
    let text = |key| said_of(&said, key);
    Ok(Some(RefusalView {
        kind: waiting.kind,
        reason: text("reason"),
        basis: text("basis"),
        instead: text("instead"),
        by: name(waiting.by),
    }))
}

fn incident(seen: &Seen) -> Option<IncidentView> {
    let token = seen.case.incident()?;
    let Wait::Incident(reason) = &token.wait else {
        return None;
    };
    let node = seen.model.flow.node(token.node.as_str());
    let name = node
        .map(|node| node.name.clone())
        .filter(|name| !name.is_empty());
    Some(IncidentView {
        step: name.unwrap_or_else(|| token.node.to_string()),
        since: token.since,
        reason: reason.words(Lang::Zh),
    })
}

fn flow_view(seen: &Seen) -> FlowView {
    let now: Vec<String> = seen.case.flow.as_ref().map_or_else(Vec::new, |flow| {
        flow.tokens()
            .iter()
            .map(|token| token.node.to_string())
            .collect()
    });
    let done = seen.case.flow.as_ref().map_or_else(Vec::new, |flow| {
        seen.model
            .flow
            .path(flow)
            .iter()
            .map(|node| node.id.to_string())
            .collect()
    });
    let done = done
        .into_iter()
        .filter(|node: &String| !now.contains(node))
        .collect();
    FlowView {
        xml: seen.model.flow.xml().to_string(),
        done,
        now,
    }
}
