//! What the API shows of cases. Personal values are masked here; the one place that shows them in
//! full is [`unmask::unmask_applicant`].

mod acts;
pub mod applicant;
pub mod case_list;
pub mod case_query;
pub mod case_views;
pub mod desk_lists;
pub mod draft;
pub mod export;
pub mod exports;
pub mod notice;
mod other_paper;
pub mod other_party;
pub mod other_side;
pub mod own;
mod paper;
pub mod progress;
pub mod staff;
pub mod tasks;
pub mod timeline;
pub mod unmask;

use kernel::{
    AppError, Date, Lang, Timestamp,
    item::{ItemCode, MaterialSource, Words},
    mask,
};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::{
    apply::{attach::FileView, scan::Scan},
    case::Case,
    clock::ClockKind,
    desk::{Casework, Seen},
    model::{Model, covered},
    perform::FormData,
    state::State,
    store as rows,
};
use kernel::ids::{CaseId, Id as _, MaterialId};

/// A limit as pages show it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ClockView {
    /// Which limit.
    pub kind: ClockKind,
    /// The last day.
    #[schema(value_type = String, format = Date)]
    pub due_on: Date,
    /// Whether the date may move when the holidays of the year are published.
    pub provisional: bool,
    /// When it stopped.
    pub stopped_at: Option<Timestamp>,
    /// Whether it passed.
    pub overdue: bool,
}

/// Where a case stands with a public step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum StepState {
    /// Behind it.
    Done,
    /// In it.
    Now,
    /// Before it.
    Todo,
}

/// One step of the public progress.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct StepView {
    /// 提交 受理 审查 决定 送达
    pub name: Words,
    /// Where the case stands with it.
    pub state: StepState,
    /// When it was done.
    pub at: Option<Timestamp>,
}

/// A material of the closed list with what was supplied.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[expect(clippy::struct_excessive_bools, reason = "a line of the API")]
pub struct MaterialSlot {
    /// Its id in the item.
    pub id: String,
    /// Its name.
    pub name: Words,
    /// Where it comes from.
    pub source: MaterialSource,
    /// Whether it must be there.
    pub required: bool,
    /// Whether it is asked of this applicant.
    pub needed: bool,
    /// What makes it acceptable.
    pub standard: Words,
    /// Whether a promise may stand in for it.
    pub promise_allowed: bool,
    /// Whether a promise stands in for it.
    pub promised: bool,
    /// The law that lets us ask for it.
    pub basis: String,
    /// The register that stands in for it.
    pub covered_by: Option<String>,
    /// Files, in their order.
    pub files: Vec<FileView>,
    /// How many files it may have.
    pub files_max: usize,
    /// Names of files in which a virus was found after they were taken, while it has no other.
    pub infected: Vec<String>,
}

/// A line of a correction notice with the name of what it asks for.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DefectView {
    /// The material, if it asks for one.
    pub material: Option<String>,
    /// The field, if it asks for one.
    pub field: Option<String>,
    /// Its name.
    pub name: Words,
    /// What is wrong.
    pub defect: String,
    /// How to mend it.
    pub how_to_fix: String,
}

/// A row of a list of cases.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CaseRow {
    /// The case.
    pub case_id: CaseId,
    /// 办件编号
    pub case_no: Option<String>,
    /// The item.
    #[schema(value_type = String)]
    pub item: String,
    /// Its name.
    pub name: Words,
    /// Its state.
    pub state: State,
    /// Its state in words.
    pub state_name: Words,
    /// The applicant, masked.
    pub applicant_masked: String,
    /// The day by which there is a result.
    pub expected_on: Option<String>,
    /// Whether that day may move.
    pub provisional: bool,
    /// When something last happened.
    pub updated_at: Timestamp,
    /// Since when the result waits to be handed out.
    pub ready_at: Option<Timestamp>,
    /// Whether the applicant has to do something.
    pub needs_me: bool,
    /// Whether its owner may rate it: it is over, was not withdrawn and has no rating yet. Never true
    /// in lists of staff, who do not learn which cases were rated.
    pub can_rate: bool,
}

impl CaseRow {
    pub(crate) fn of(row: &rows::file::Model) -> Self {
        let state = State::from_text(&row.state).unwrap_or(State::Draft);
        Self {
            case_id: CaseId::from_uuid(row.case_id),
            case_no: row.number.clone(),
            item: row.item.clone(),
            name: Words {
                zh: row.name_zh.clone(),
                en: row.name_en.clone(),
            },
            state,
            state_name: state.words(),
            applicant_masked: row.applicant_masked.clone(),
            expected_on: row.expected_on.clone(),
            provisional: row.provisional,
            updated_at: Timestamp::from_micros(row.updated_us),
            ready_at: row.ready_us.map(Timestamp::from_micros),
            needs_me: state.needs_applicant(),
            can_rate: false,
        }
    }
}

pub(crate) fn clocks(case: &Case, now: Timestamp) -> Vec<ClockView> {
    case.clocks
        .iter()
        .map(|clock| ClockView {
            kind: clock.clock,
            due_on: clock.due_on,
            provisional: clock.provisional,
            stopped_at: clock.stopped_at,
            overdue: clock.is_overdue(now),
        })
        .collect()
}

/// The five public steps and where the case stands among them.
pub(crate) fn steps(case: &Case) -> Vec<StepView> {
    let words = |zh: &str, en: &str| Words {
        zh: zh.to_owned(),
        en: en.to_owned(),
    };
    let accepted_at = case.accepted_on.map(|day| {
        case.received_at
            .filter(|at| at.day() == day)
            .unwrap_or_else(|| Timestamp::start_of(day))
    });
    let over = matches!(
        case.state,
        State::NotAccepted | State::NotRequired | State::Withdrawn | State::Lapsed
    );
    let reached = [
        (words("提交", "Submitted"), case.received_at),
        (words("受理", "Accepted"), accepted_at),
        (words("审查", "Reviewed"), case.decided_at),
        (words("决定", "Decided"), case.decided_at),
        (words("送达", "Delivered"), case.delivered_at),
    ];
    let deciding = case.state == State::Deciding || case.decided_at.is_some();
    let mut now_given = over;
    reached
        .into_iter()
        .enumerate()
        .map(|(at, (name, done_at))| {
            let done = done_at.is_some() || (at == 2 && deciding);
            let state = match (done, now_given) {
                (true, _) => StepState::Done,
                (false, false) => {
                    now_given = true;
                    StepState::Now
                }
                (false, true) => StepState::Todo,
            };
            StepView {
                name,
                state,
                at: done_at,
            }
        })
        .collect()
}

/// A file as pages show it.
pub(crate) fn file_view(
    desk: &Casework,
    seen: &Seen,
    file: rows::material::Model,
) -> Result<FileView, AppError> {
    let name = desk.open(&seen.file, &file.sealed_name)?;
    Ok(FileView {
        material_id: MaterialId::from_uuid(file.material_id),
        name: String::from_utf8_lossy(&name).into_owned(),
        bytes: file.size_bytes,
        media_type: file.media_type,
        uploaded_at: Timestamp::from_micros(file.at_us),
        scan: Scan::of(&file.scan)?,
    })
}

/// The materials of a case with their files.
pub(crate) async fn materials(
    desk: &Casework,
    seen: &Seen,
    form: &Value,
    data: &FormData,
) -> Result<Vec<MaterialSlot>, AppError> {
    let views = files_of(desk, seen).await?;
    let source_of = |register: &str| {
        data.sources
            .iter()
            .find(|source| source.get("register").and_then(Value::as_str) == Some(register))
            .and_then(|source| source.get("source").and_then(Value::as_str))
            .map(ToOwned::to_owned)
    };
    let slot = |material: &kernel::item::Material| MaterialSlot {
        id: material.id.clone(),
        name: material.name.clone(),
        source: material.source,
        required: material.required,
        needed: !covered(material, &data.registers) && seen.model.is_needed(material, form),
        standard: material.standard.clone(),
        promise_allowed: material.promise_allowed,
        promised: seen.case.promises.contains(&material.id),
        basis: material.basis.clone(),
        covered_by: Some(material)
            .filter(|material| covered(material, &data.registers))
            .and_then(|material| match &material.register {
                Some(register) => source_of(register),
                None => Some("数据共享".to_owned()),
            }),
        files: of_slot(&views, &material.id, false),
        infected: if views
            .iter()
            .any(|(slot, view)| *slot == material.id && !is_gone(view))
        {
            Vec::new()
        } else {
            of_slot(&views, &material.id, true)
                .into_iter()
                .map(|view| view.name)
                .collect()
        },
        files_max: material.files_max(),
    };
    Ok(seen
        .model
        .edition
        .facts
        .materials
        .iter()
        .map(slot)
        .collect())
}

/// The files of a case with their materials, in their order; last those that are gone for a virus.
async fn files_of(desk: &Casework, seen: &Seen) -> Result<Vec<(String, FileView)>, AppError> {
    let files = rows::materials_of(&desk.kit.store, &seen.file).await?;
    let mut views = Vec::with_capacity(files.len());
    for file in files {
        views.push((file.slot.clone(), file_view(desk, seen, file)?));
    }
    let place = |view: &FileView| {
        let mut files = seen.case.files.iter();
        files.position(|file| file.material_id == view.material_id)
    };
    views.sort_by_key(|(_, view)| place(view).unwrap_or(usize::MAX));
    Ok(views)
}

fn is_gone(view: &FileView) -> bool {
    view.scan == Scan::Infected
}

fn of_slot(views: &[(String, FileView)], slot: &str, gone: bool) -> Vec<FileView> {
    let own = views
        .iter()
        .filter(|(id, view)| id == slot && is_gone(view) == gone);
    own.map(|(_, view)| view.clone()).collect()
}

/// Sensitive fields as lists and pages show them.
pub(crate) fn masked(model: &Model, form: &Map<String, Value>) -> Map<String, Value> {
    let view = model.form.view();
    let widget = |key: &str| {
        view.pointer(&format!("/fields/{key}/widget"))
            .and_then(Value::as_str)
            .unwrap_or("text")
    };
    let (plain, secret) = model.form.split(form);
    let hidden = secret.into_iter().map(|(key, value)| {
        let shown = match &value {
            Value::String(text) => Value::String(hidden_text(&key, widget(&key), text)),
            Value::Null => Value::Null,
            _ => Value::String("***".to_owned()),
        };
        (key, shown)
    });
    model.form.join(plain, hidden.collect())
}

/// A sensitive text as it is shown; a field called `name` or `…_name` holds the name of a person.
fn hidden_text(key: &str, widget: &str, text: &str) -> String {
    match widget {
        "citizen_no" => mask::citizen_no(text),
        "phone" => mask::mobile(text),
        "bank_account" => mask::bank_account(text),
        _ if key == "name" || key.ends_with("_name") => mask::name(text),
        _ => "***".to_owned(),
    }
}

/// The name of a material or field, for correction lines.
pub(crate) fn name_of(model: &Model, material: Option<&str>, field: Option<&str>) -> Words {
    if let Some(found) = material.and_then(|id| model.material(id)) {
        return found.name.clone();
    }
    let label = |lang| {
        field
            .and_then(|key| model.form.label(key, lang))
            .unwrap_or("")
            .to_owned()
    };
    Words {
        zh: label(Lang::Zh),
        en: label(Lang::En),
    }
}

/// The lines of a sealed correction notice or pre-return.
pub(crate) fn defects(model: &Model, words: &Value) -> Vec<DefectView> {
    let lines = words.get("lines").cloned().unwrap_or(Value::Null);
    let lines: Vec<crate::work::DefectLine> = serde_json::from_value(lines).unwrap_or_default();
    lines
        .into_iter()
        .map(|line| DefectView {
            name: name_of(model, line.material.as_deref(), line.field.as_deref()),
            material: line.material,
            field: line.field,
            defect: line.defect,
            how_to_fix: line.how_to_fix,
        })
        .collect()
}

/// A sealed text as JSON.
pub(crate) fn opened_words(desk: &Casework, seen: &Seen, sealed: &[u8]) -> Result<Value, AppError> {
    let plain = desk.open(&seen.file, sealed)?;
    serde_json::from_slice(&plain)
        .map_err(|fault| kernel::error::Broken::caused("a sealed text", fault).into())
}

/// The item of a case, for views.
pub(crate) fn item_of(case: &Case) -> ItemCode {
    case.opening.item.clone()
}

#[cfg(test)]
mod tests {
    use super::hidden_text;

    #[test]
    fn sensitive_texts_are_masked_by_what_they_hold() {
        for (key, widget, text, shown) in [
            ("name", "text", "王秀兰", "王*兰"),
            ("deceased_name", "text", "孙德全", "孙*全"),
            ("mobile", "phone", "13800000001", "138****0001"),
            ("address", "text", "铸锻路22号", "***"),
        ] {
            assert_eq!(hidden_text(key, widget, text), shown);
        }
    }
}
